//! Removes each guard: its violation is then stored, which proves that this guard refused it and
//! nothing else would.
//!
//! If `PRAISE_GUARDS_TO` names a folder, the tests write the result for each guard there.

use std::collections::BTreeSet;

use serde_json::json;

use super::fixture::{Record, assert_same, records, said};
use super::registry::{Violation, registry};
use crate::world::without::is_of_sandbox;

/// Guards whose violation something else refuses as well, with that refusal.
const SECOND: &[(&str, &str)] = &[
    ("check intent currency IN ('CNY', 'USD')", "CHECK constraint failed: intent_amount_bounds"),
    ("check praise currency IN ('CNY', 'USD')", "CHECK constraint failed: praise_amount_bounds"),
    (
        "check payout gross_minor >= 0",
        "CHECK constraint failed: debt_minor BETWEEN 0 AND gross_minor",
    ),
    (
        "check wall_count persons >= 0",
        "CHECK constraint failed: persons_public BETWEEN 0 AND persons",
    ),
    (
        "check wall_person standing >= 0",
        "CHECK constraint failed: standing_public BETWEEN 0 AND standing",
    ),
];

/// The outcome when the violation is not refused.
const STORED: &str = "stored";

/// Removes each guard of these kinds in turn.
fn each(kinds: &[&str]) {
    let whole = [Record::product(), Record::sandbox()].map(|record| (record.whole(), record));
    let bare = records().map(|record| (record.whole(), record));
    let mut lines = Vec::new();
    let mut second = BTreeSet::new();
    for (guard, violations) in registry() {
        let kind = guard.split(' ').next().unwrap();
        if !kinds.contains(&kind) || violations[0].sql.is_empty() {
            continue;
        }
        let place = usize::from(is_of_sandbox(&guard));
        let (whole, with) = if violations[0].is_bare { &bare[place] } else { &whole[place] };
        let without = Record::without(whole, &guard);
        let refused = violations
            .iter()
            .filter(|violation| said(with.attempt(&violation.sql)) == violation.says)
            .map(|violation| (violation, said(without.attempt(&violation.sql))));
        let mut first: Option<(&Violation, String)> = None;
        for (violation, outcome) in refused {
            let is_stored = outcome == STORED;
            if is_stored || first.is_none() {
                first = Some((violation, outcome));
            }
            if is_stored {
                break;
            }
        }
        let (violation, outcome) = first.unwrap_or_else(|| panic!("{guard} refuses nothing"));
        assert_ne!(outcome, violation.says, "{guard} is not what refused {}", violation.sql);
        if outcome != STORED {
            second.insert((guard.clone(), outcome.clone()));
        }
        lines.push(json!({
            "guard": guard, "sql": violation.sql, "says": violation.says, "without": outcome,
            "test": format!("guards::{}", violation.test),
        }));
    }
    let known = |(guard, _): &&(&str, &str)| kinds.contains(&guard.split(' ').next().unwrap());
    let known = SECOND.iter().filter(known);
    let known = known.map(|(guard, says)| ((*guard).to_owned(), (*says).to_owned())).collect();
    assert_same(&second, &known);
    write_down(kinds[0], &lines);
}

/// Keepers are removed in the module `keepers`.
fn keepers() {
    let kept = registry().into_iter().filter(|(_, violations)| violations[0].sql.is_empty());
    let line = |(guard, violations): (String, Vec<Violation>)| {
        let Violation { says, test, .. } = &violations[0];
        let test = format!("guards::{test}");
        json!({ "guard": guard, "sql": "", "says": says, "without": "reported", "test": test })
    };
    write_down("kept", &kept.map(line).collect::<Vec<_>>());
}

fn write_down(name: &str, lines: &[serde_json::Value]) {
    if let Some(folder) = std::env::var_os("PRAISE_GUARDS_TO") {
        let file = std::path::Path::new(&folder).join(format!("{name}.json"));
        std::fs::write(file, serde_json::to_string(lines).unwrap()).unwrap();
    }
}

#[test]
fn without_a_trigger_its_violation_is_stored() {
    each(&["rule", "keeper"]);
    keepers();
}

#[test]
fn without_a_check_its_violation_is_stored() {
    each(&["check"]);
}

#[test]
fn without_a_key_or_a_unique_index_a_second_row_is_stored() {
    each(&["key", "unique", "index"]);
}

#[test]
fn without_a_reference_a_dangling_row_is_stored() {
    each(&["reference"]);
}
