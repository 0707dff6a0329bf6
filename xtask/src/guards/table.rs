//! The table of guards, in Markdown.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::guard::{Failing, Guard};

/// How many characters of a statement are shown.
const SHOWN: usize = 120;

/// Writes a row for each guard.
pub fn rows(guards: &[Guard], failing: &[Failing], behaviour: bool) -> String {
    let mut text = String::from("| guard | refuses | without it | fails without it |");
    let mut line = String::from("\n| --- | --- | --- | --- |");
    if behaviour {
        text.push_str(" first test of behaviour that fails |");
        line.push_str(" --- |");
    }
    text.push_str(&line);
    text.push('\n');
    for (guard, failing) in guards.iter().zip(failing) {
        let refuses =
            if guard.sql.is_empty() { "– (a trigger that writes)" } else { &last(&guard.sql) };
        let without = match guard.without.as_str() {
            "reported" => format!("the self-check: {}", guard.message),
            "stored" => "stored".to_owned(),
            other => format!("refused by another guard: {other}"),
        };
        let violation = failing.violation.as_deref().unwrap_or("NO TEST");
        let mut cells = vec![guard.name.as_str(), refuses, &without, violation];
        if behaviour {
            cells.push(failing.behaviour.as_deref().unwrap_or("– (only its violation)"));
        }
        let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

/// Counts the guards of each kind, and the tests that fail without them.
pub fn summary(guards: &[Guard], failing: &[Failing], behaviour: bool) -> String {
    let kinds = [
        ("rule", "rules of triggers"),
        ("keeper", "triggers that write something"),
        ("check", "CHECKs"),
        ("unique", "UNIQUEs"),
        ("index", "unique indexes"),
        ("key", "keys"),
        ("reference", "references"),
    ];
    let mut text = String::new();
    for (kind, name) in kinds {
        let of_kind = guards.iter().zip(failing).filter(|(guard, _)| guard.kind() == kind);
        let of_kind: Vec<&Failing> = of_kind.map(|(_, failing)| failing).collect();
        let with_behaviour = of_kind.iter().filter(|failing| failing.behaviour.is_some()).count();
        let _ = write!(text, "{:4} {name}", of_kind.len());
        if kind == "rule" {
            let triggers: BTreeSet<_> = guards.iter().filter_map(trigger_of).collect();
            let _ = write!(text, " ({} triggers)", triggers.len());
        }
        if behaviour {
            let _ = write!(text, "; without {with_behaviour} of them a test of behaviour fails");
        }
        text.push('\n');
    }
    let second =
        guards.iter().filter(|guard| !["stored", "reported"].contains(&&*guard.without)).count();
    let untested = failing.iter().filter(|failing| failing.violation.is_none()).count();
    let with_behaviour = failing.iter().filter(|failing| failing.behaviour.is_some()).count();
    let _ = write!(
        text,
        "{} guards: without {} of them the test that violates them fails",
        guards.len(),
        guards.len() - untested
    );
    if behaviour {
        let _ = write!(text, ", and without {with_behaviour} a test of behaviour as well");
    }
    let _ = write!(
        text,
        "; without {untested} no test fails; of {second}, another guard refuses the violation too"
    );
    text
}

/// Returns the statement that is refused, which is the last, shortened.
fn last(sql: &str) -> String {
    let statement = sql.trim().trim_end_matches(';').rsplit(";\n").next().unwrap_or_default();
    let words = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("`{}…`", &words[..end]),
        None => format!("`{words}`"),
    }
}

/// Returns the trigger that raises a rule.
fn trigger_of(guard: &Guard) -> Option<&str> {
    guard.name.strip_prefix("rule ")?.split(' ').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(name: &str, sql: &str, without: &str) -> Guard {
        let [name, sql, without] = [name, sql, without].map(str::to_owned);
        Guard { name, sql, without, message: "it is not so".into(), test: "t".into() }
    }

    #[test]
    fn shows_what_is_refused_and_which_test_fails() {
        let guards = [
            guard("rule a b", "INSERT 1;\nUPDATE a\n  SET b = b || 1;\n", "stored"),
            guard("keeper a", "", "reported"),
        ];
        let found = |test: &str| Failing { violation: Some(test.into()), behaviour: None };
        let failing = [found("x::y"), Failing::default()];
        let text = rows(&guards, &failing, true);
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| rule a b | `UPDATE a SET b = b \\|\\| 1` | stored | x::y | – (only its violation) |",
                "| keeper a | – (a trigger that writes) | the self-check: it is not so | NO TEST \
                 | – (only its violation) |",
            ]
        );
        let counts = summary(&guards, &failing, false);
        assert!(counts.contains("   1 rules of triggers (1 triggers)\n"), "{counts}");
        assert!(counts.contains("2 guards: without 1 of them"), "{counts}");
        assert!(counts.contains("; without 1 no test fails"), "{counts}");
    }
}
