//! Browsers' reports about violations of the security policy.

use edge::browser_reports;

use super::{feed, text};

const REPORTS: &str = r#"[{"type":"csp-violation","age":1,"url":"https://x/","user_agent":"y",
    "body":{"effectiveDirective":"img-src","blockedURL":"inline"}},{"type":"deprecation","body":{}}]"#;
const OLD: &str = r#"{"csp-report":{"violated-directive":"script-src-elem","referrer":""}}"#;

#[test]
fn browser_reports() {
    feed("browser_report", |rng| {
        let sent = match rng.below(4) {
            0 => text::one(rng, &[REPORTS, OLD]).to_owned(),
            1 => text::mutated(rng, REPORTS),
            2 => text::mutated(rng, OLD),
            _ => text::noise(rng, 80),
        };
        let counts = browser_reports::parse(sent.as_bytes());
        // Nothing of the text is kept: a directive is one of ours.
        let known =
            |name: &&str| *name == "other" || name.ends_with("-src") || name.contains("-src-");
        assert!(counts.keys().all(known), "{counts:?} of {sent:?}");
        assert!(counts.values().all(|count| (1..=20).contains(count)), "{counts:?}");
        !counts.is_empty()
    });
}
