//! Every rule that a trigger raises, violated; and each trigger taken away, so that it is known
//! that it was this one that refused.

use std::collections::{BTreeMap, BTreeSet};

use super::fixed::FIXED;
use super::fixture::{Record, assert_same, refused};
use super::keepers::KEEPERS;
use super::machines::STEPS;
use edge::database::DatabaseError;

/// Trigger, the rule it raises, and SQL that it refuses; the last statement is the one refused.
pub fn violations() -> Vec<(String, String, String)> {
    let mut found: Vec<(String, String, String)> = Vec::new();
    for line in include_str!("violations.sql").lines() {
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
fn every_rule_of_a_trigger_refuses_its_violation_and_nothing_else_does() {
    let record = Record::product();
    let violations = violations();
    assert!(violations.len() > 60, "only {} violations were read", violations.len());
    for (trigger, rule, sql) in violations {
        let outcome = record.attempt(&sql);
        assert!(refused(outcome.clone(), &rule), "{trigger}, {rule}: {outcome:?} from {sql}");
        // The same with the trigger gone.
        let outcome = record.attempt(&format!("DROP TRIGGER {trigger}; {sql}"));
        assert!(!refused(outcome, &rule), "{trigger} is not what refused {sql}");
    }
}

#[test]
fn a_guard_ends_the_batch_under_its_name_and_stores_nothing() {
    let record = Record::product();
    for (got, expected) in [("0", "1"), ("2", "1"), ("NULL", "1"), ("1", "NULL")] {
        let outcome =
            record.attempt(&format!("INSERT INTO must VALUES ({got}, {expected}, 'who')"));
        assert_eq!(outcome, Err(DatabaseError::Guard("who".into())), "{got} {expected}");
    }
    for both in ["1", "0", "NULL"] {
        record.keep(&format!("INSERT INTO must VALUES ({both}, {both}, 'who')"));
        assert!(record.query("SELECT * FROM must").is_empty(), "{both}");
    }
}

#[test]
fn every_trigger_and_every_rule_it_raises_is_violated_here() {
    let record = Record::product();
    let mut tried: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |trigger: &str, rule: &str| {
        tried.entry(trigger.to_owned()).or_default().insert(rule.to_owned());
    };
    violations().iter().for_each(|(trigger, rule, _)| add(trigger, rule));
    FIXED.iter().for_each(|(trigger, rule, ..)| add(trigger, rule));
    for (machine, ..) in STEPS {
        add(&format!("{machine}_step"), "transition");
        let start =
            if *machine == "praise" { "praise_book".into() } else { format!("{machine}_start") };
        add(&start, "transition");
    }
    for (trigger, ..) in KEEPERS {
        tried.entry((*trigger).to_owned()).or_default();
    }
    tried.entry("must_hold".to_owned()).or_default();

    let mut raised: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (trigger, text) in record.triggers() {
        let rules =
            text.split("'rule:").skip(1).map(|rest| rest.split('\'').next().unwrap().to_owned());
        raised.insert(trigger, rules.collect());
    }
    let pairs =
        |rules: BTreeMap<String, BTreeSet<String>>| -> BTreeSet<_> { rules.into_iter().collect() };
    assert_same(&pairs(tried), &pairs(raised));
    assert!(Record::sandbox().triggers().is_empty());
}
