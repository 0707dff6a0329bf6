//! Browsers' reports about violations of the content security policy. They show an attack, or a fault
//! of our own pages. Anybody can send one, so they are counted by day and directive, and nothing of
//! their text is kept.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::api::operator::BrowserReports;
use shared::calendar::Day;

use crate::database::{Database, DatabaseError, Results, Statement, Value};

/// Reports of one request that are counted.
const REPORTS_MAX: usize = 20;

/// How many rows are listed: a month in which every directive is violated has fewer.
const LIST_MAX: i64 = 500;

/// The directives that are counted by name.
const DIRECTIVES: [&str; 15] = [
    "base-uri",
    "connect-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "img-src",
    "manifest-src",
    "require-trusted-types-for",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
];

/// The directive of everything else that a browser reports.
const OTHER: &str = "other";

/// Reads a body of the type `application/reports+json`, a list, or `application/csp-report`, one
/// object. Returns how often each directive was violated; nothing for another body.
pub fn parse(body: &[u8]) -> BTreeMap<&'static str, i64> {
    #[derive(Deserialize)]
    struct Report {
        #[serde(rename = "type")]
        kind: String,
        body: ReportBody,
    }
    #[derive(Deserialize)]
    struct ReportBody {
        #[serde(rename = "effectiveDirective")]
        directive: Option<String>,
    }
    #[derive(Deserialize)]
    struct OldReport {
        #[serde(rename = "csp-report")]
        report: OldReportBody,
    }
    #[derive(Deserialize)]
    struct OldReportBody {
        #[serde(rename = "effective-directive", alias = "violated-directive")]
        directive: Option<String>,
    }
    let directives: Vec<Option<String>> = if body.trim_ascii_start().starts_with(b"[") {
        let reports: Vec<Report> = serde_json::from_slice(body).unwrap_or_default();
        let violations = reports.into_iter().filter(|report| report.kind == "csp-violation");
        violations.map(|report| report.body.directive).collect()
    } else {
        let old: Option<OldReport> = serde_json::from_slice(body).ok();
        old.map(|old| old.report.directive).into_iter().collect()
    };
    let mut counts = BTreeMap::new();
    for directive in directives.iter().take(REPORTS_MAX) {
        let named = directive.as_deref().unwrap_or_default();
        let known = DIRECTIVES.into_iter().find(|one| *one == named).unwrap_or(OTHER);
        *counts.entry(known).or_default() += 1;
    }
    counts
}

/// Adds to the counts of a day.
pub async fn count<D: Database>(
    db: &D,
    day: Day,
    counts: &BTreeMap<&'static str, i64>,
) -> Result<(), DatabaseError> {
    if counts.is_empty() {
        return Ok(());
    }
    let add = |(directive, reports): (&&'static str, &i64)| {
        Statement::new(
            "INSERT INTO browser_report (day, directive, reports)
             VALUES (?1, ?2, CAST(?3 AS INTEGER))
             ON CONFLICT (day, directive) DO UPDATE SET reports = reports + excluded.reports",
            [Value::from(day.to_string()), (*directive).into(), (*reports).into()],
        )
    };
    db.batch(counts.iter().map(add).collect()).await.map(drop)
}

/// Lists the counts, the newest day first.
pub async fn list<D: Database>(db: &D) -> Result<Vec<BrowserReports>, DatabaseError> {
    let statement = Statement::new(
        "SELECT day, directive, reports FROM browser_report ORDER BY day DESC, directive LIMIT ?1",
        [Value::from(LIST_MAX)],
    );
    Results::from(db.batch(vec![statement]).await?).take().decode()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(body: &str) -> Vec<(&'static str, i64)> {
        parse(body.as_bytes()).into_iter().collect()
    }

    #[test]
    fn reports_of_both_kinds_are_counted_by_directive() {
        let report = |kind: &str, directive: &str| {
            format!(
                r#"{{"type":"{kind}","age":1,"url":"https://x/","user_agent":"y",
                    "body":{{"effectiveDirective":"{directive}","blockedURL":"inline"}}}}"#
            )
        };
        let list = [
            report("csp-violation", "script-src-elem"),
            report("csp-violation", "<script>"),
            report("deprecation", "script-src-elem"),
            report("csp-violation", "script-src-elem"),
        ];
        let list = format!("[{}]", list.join(","));
        assert_eq!(parsed(&list), [("other", 1), ("script-src-elem", 2)]);
        let old = r#"{"csp-report":{"violated-directive":"img-src","document-uri":"https://x/"}}"#;
        assert_eq!(parsed(old), [("img-src", 1)]);
        let many = vec![report("csp-violation", "img-src"); 100].join(",");
        assert_eq!(parsed(&format!("[{many}]")), [("img-src", REPORTS_MAX as i64)]);
        for other in ["", "{}", "[]", "[{}]", "null", r#"{"csp-report":null}"#, "\u{0}"] {
            assert_eq!(parsed(other), [], "{other}");
        }
    }
}
