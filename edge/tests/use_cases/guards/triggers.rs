//! Every rule that a trigger raises, violated. Each trigger is also removed, to prove that it was
//! the one that refused.

use edge::database::DatabaseError;

use super::fixture::{FilledDatabase, refused};

/// SQL that breaks a rule of a trigger, by subject, each under `-- trigger: rule`. The last
/// statement is refused; the ones before it are the preparation.
const VIOLATIONS: &[&str] = &[
    include_str!("violations/once.sql"),
    include_str!("violations/starting.sql"),
    include_str!("violations/limits.sql"),
    include_str!("violations/ledger.sql"),
    include_str!("violations/praises.sql"),
    include_str!("violations/receiving.sql"),
    include_str!("violations/payouts.sql"),
    include_str!("violations/disputes.sql"),
    include_str!("violations/bills.sql"),
    include_str!("violations/operators.sql"),
];

/// Trigger, the rule it raises, and SQL that it refuses.
pub fn violations() -> Vec<(String, String, String)> {
    let mut found: Vec<(String, String, String)> = Vec::new();
    for line in VIOLATIONS.iter().flat_map(|text| text.lines()) {
        let head = line.strip_prefix("-- ").and_then(|head| head.split_once(": "));
        match head {
            Some((trigger, rule)) if !trigger.contains(' ') => {
                found.push((trigger.to_owned(), rule.to_owned(), String::new()));
            }
            _ if line.starts_with("--") => {}
            _ => {
                if let Some((.., sql)) = found.last_mut() {
                    sql.push_str(line);
                    sql.push('\n');
                }
            }
        }
    }
    found
}

#[test]
fn every_trigger_rule_and_nothing_else_refuses_its_violation() {
    let database = FilledDatabase::product();
    let violations = violations();
    assert!(violations.len() > 60, "only {} violations were read", violations.len());
    for (trigger, rule, sql) in violations {
        let outcome = database.attempt(&sql);
        assert!(refused(outcome.clone(), &rule), "{trigger}, {rule}: {outcome:?} from {sql}");
        // The same without the trigger.
        let outcome = database.attempt(&format!("DROP TRIGGER {trigger}; {sql}"));
        assert!(!refused(outcome, &rule), "{trigger} is not what refused {sql}");
    }
}

#[test]
fn a_guard_ends_the_batch_under_its_name_and_stores_nothing() {
    let database = FilledDatabase::product();
    for (got, expected) in [("0", "1"), ("2", "1"), ("NULL", "1"), ("1", "NULL")] {
        let outcome =
            database.attempt(&format!("INSERT INTO must VALUES ({got}, {expected}, 'who')"));
        assert_eq!(outcome, Err(DatabaseError::Guard("who".into())), "{got} {expected}");
    }
    for both in ["1", "0", "NULL"] {
        database.execute(&format!("INSERT INTO must VALUES ({both}, {both}, 'who')"));
        assert!(database.query("SELECT * FROM must").is_empty(), "{both}");
    }
}
