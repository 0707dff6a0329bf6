//! Removes each guard: its violation is then stored, which proves that this guard refused it and
//! nothing else would.
//!
//! If `PRAISE_GUARDS_TO` names a folder, the tests write the result for each guard there.

use std::collections::BTreeSet;

use serde_json::json;

use super::fixture::{FilledDatabase, assert_same, bare_databases, outcome_text};
use super::registry::{Violation, registry};
use crate::support::guard_removal::is_in_sandbox;

/// Guards whose violation something else refuses as well, with that refusal.
const SECOND_REFUSALS: &[(&str, &str)] = &[
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
fn remove_each(kinds: &[&str]) {
    let whole = [FilledDatabase::product(), FilledDatabase::sandbox()]
        .map(|database| (database.dump(), database));
    let bare = bare_databases().map(|database| (database.dump(), database));
    let mut lines = Vec::new();
    let mut second = BTreeSet::new();
    for (guard, violations) in registry() {
        let kind = guard.split(' ').next().unwrap();
        if !kinds.contains(&kind) || violations[0].sql.is_empty() {
            continue;
        }
        let place = usize::from(is_in_sandbox(&guard));
        let (whole, with) = if violations[0].is_bare { &bare[place] } else { &whole[place] };
        let without = FilledDatabase::without(whole, &guard);
        let refused = violations
            .iter()
            .filter(|violation| outcome_text(with.attempt(&violation.sql)) == violation.refusal)
            .map(|violation| (violation, outcome_text(without.attempt(&violation.sql))));
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
        assert_ne!(outcome, violation.refusal, "{guard} is not what refused {}", violation.sql);
        if outcome != STORED {
            second.insert((guard.clone(), outcome.clone()));
        }
        lines.push(json!({
            "guard": guard, "sql": violation.sql, "says": violation.refusal, "without": outcome,
            "test": format!("guards::{}", violation.test),
        }));
    }
    let known = |(guard, _): &&(&str, &str)| kinds.contains(&guard.split(' ').next().unwrap());
    let known = SECOND_REFUSALS.iter().filter(known);
    let known = known.map(|(guard, says)| ((*guard).to_owned(), (*says).to_owned())).collect();
    assert_same(&second, &known);
    write_results(kinds[0], &lines);
}

/// Keepers are removed in the module `keepers`.
fn write_keepers() {
    let kept = registry().into_iter().filter(|(_, violations)| violations[0].sql.is_empty());
    let line = |(guard, violations): (String, Vec<Violation>)| {
        let Violation { refusal: says, test, .. } = &violations[0];
        let test = format!("guards::{test}");
        json!({ "guard": guard, "sql": "", "says": says, "without": "reported", "test": test })
    };
    write_results("kept", &kept.map(line).collect::<Vec<_>>());
}

fn write_results(name: &str, lines: &[serde_json::Value]) {
    if let Some(folder) = std::env::var_os("PRAISE_GUARDS_TO") {
        let file = std::path::Path::new(&folder).join(format!("{name}.json"));
        std::fs::write(file, serde_json::to_string(lines).unwrap()).unwrap();
    }
}

#[test]
fn without_a_trigger_its_violation_is_stored() {
    remove_each(&["rule", "keeper"]);
    write_keepers();
}

#[test]
fn without_a_check_its_violation_is_stored() {
    remove_each(&["check"]);
}

#[test]
fn without_a_key_or_a_unique_index_a_second_row_is_stored() {
    remove_each(&["key", "unique", "index"]);
}

#[test]
fn without_a_reference_a_dangling_row_is_stored() {
    remove_each(&["reference"]);
}
