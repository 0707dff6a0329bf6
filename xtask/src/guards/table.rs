//! The table of the guards, in Markdown.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{Guard, Missed};

/// How much of a violation is shown.
const SHOWN: usize = 120;

/// A row for each guard.
pub fn rows(guards: &[Guard], missed: &[Missed], behaviour: bool) -> String {
    let mut text = String::from("| guard | refuses | without it | fails without it |");
    let mut line = String::from("\n| --- | --- | --- | --- |");
    if behaviour {
        text.push_str(" first test of behaviour that fails |");
        line.push_str(" --- |");
    }
    text.push_str(&line);
    text.push('\n');
    for (guard, missed) in guards.iter().zip(missed) {
        let refuses =
            if guard.sql.is_empty() { "– (keeps something)" } else { &last(&guard.sql) };
        let without = match guard.without.as_str() {
            "reported" => format!("the self-check: {}", guard.says),
            "stored" => "stored".to_owned(),
            other => format!("refused otherwise: {other}"),
        };
        let by_violation = missed.by_violation.as_deref().unwrap_or("NO TEST");
        let mut cells = vec![guard.guard.as_str(), refuses, &without, by_violation];
        if behaviour {
            cells.push(missed.by_behaviour.as_deref().unwrap_or("– (only its violation)"));
        }
        let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

/// The counts.
pub fn summary(guards: &[Guard], missed: &[Missed], behaviour: bool) -> String {
    let kinds = [
        ("rule", "rules of triggers"),
        ("keeper", "triggers that keep something"),
        ("check", "CHECKs"),
        ("unique", "UNIQUEs"),
        ("index", "unique indexes"),
        ("key", "keys"),
        ("reference", "references"),
    ];
    let mut text = String::new();
    for (kind, name) in kinds {
        let of_kind = guards.iter().zip(missed).filter(|(guard, _)| kind_of(guard) == kind);
        let of_kind: Vec<&Missed> = of_kind.map(|(_, missed)| missed).collect();
        let by_behaviour = of_kind.iter().filter(|missed| missed.by_behaviour.is_some()).count();
        let _ = write!(text, "{:4} {name}", of_kind.len());
        if kind == "rule" {
            let triggers: BTreeSet<_> = guards.iter().filter_map(trigger_of).collect();
            let _ = write!(text, " ({} triggers)", triggers.len());
        }
        if behaviour {
            let _ = write!(text, ", {by_behaviour} of them missed by a test of behaviour");
        }
        text.push('\n');
    }
    let otherwise =
        guards.iter().filter(|guard| !["stored", "reported"].contains(&&*guard.without));
    let nobody = missed.iter().filter(|missed| missed.by_violation.is_none()).count();
    let by_behaviour = missed.iter().filter(|missed| missed.by_behaviour.is_some()).count();
    let _ = write!(
        text,
        "{} guards: {} are missed by the test that violates them",
        guards.len(),
        guards.len() - nobody
    );
    if behaviour {
        let _ = write!(text, ", {by_behaviour} by a test of behaviour as well");
    }
    let _ = write!(
        text,
        ", {nobody} by no test; the violations of {} something else refuses, too",
        otherwise.count()
    );
    text
}

/// The statement that is refused, which is the last, as far as it is shown.
fn last(sql: &str) -> String {
    let statement = sql.trim().trim_end_matches(';').rsplit(";\n").next().unwrap_or_default();
    let words = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("`{}…`", &words[..end]),
        None => format!("`{words}`"),
    }
}

/// The trigger that raises a rule.
fn trigger_of(guard: &Guard) -> Option<&str> {
    guard.guard.strip_prefix("rule ")?.split(' ').next()
}

fn kind_of(guard: &Guard) -> &str {
    guard.guard.split(' ').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, sql: &str, without: &str) -> Guard {
        let [guard, sql, without] = [name, sql, without].map(str::to_owned);
        Guard { guard, sql, without, says: "it is not so".into(), test: "t".into() }
    }

    #[test]
    fn shows_what_is_refused_and_who_misses_it() {
        let guards = [
            one("rule a b", "INSERT 1;\nUPDATE a\n  SET b = b || 1;\n", "stored"),
            one("keeper a", "", "reported"),
        ];
        let found = |test: &str| Missed { by_violation: Some(test.into()), by_behaviour: None };
        let missed = [found("x::y"), Missed::default()];
        let text = rows(&guards, &missed, true);
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| rule a b | `UPDATE a SET b = b \\|\\| 1` | stored | x::y | – (only its violation) |",
                "| keeper a | – (keeps something) | the self-check: it is not so | NO TEST \
                 | – (only its violation) |",
            ]
        );
        let counts = summary(&guards, &missed, false);
        assert!(counts.contains("   1 rules of triggers (1 triggers)\n"), "{counts}");
        assert!(counts.contains("2 guards: 1 are missed"), "{counts}");
        assert!(counts.contains(", 1 by no test"), "{counts}");
    }
}
