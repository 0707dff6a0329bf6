//! Every rule that a trigger raises, violated; and each trigger taken away, so that it is known
//! that it was this one that refused.

use std::collections::{BTreeMap, BTreeSet};

use edge::database::DatabaseError;
use shared::machine::{MACHINES, Machine};
use shared::money::Currency;

use super::fixture::Record;
use crate::world::people::Stage;

/// Trigger, the rule it raises, and SQL that it refuses; the last statement is the one refused.
fn violations() -> Vec<(String, String, String)> {
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

/// Trigger, rule, the table it keeps, the row to try on, and the columns that may change.
const FIXED: &[(&str, &str, &str, &str, &[&str])] = &[
    (
        "official_account_fixed",
        "account_fixed",
        "official_account",
        "id = 'acc'",
        &[
            "handle",
            "name",
            "bio",
            "kind",
            "status",
            "praise_on",
            "presets",
            "ask",
            "thanks",
            "created_at",
        ],
    ),
    (
        "article_fixed",
        "article_fixed",
        "article",
        "id = 'art'",
        &[
            "slug",
            "title",
            "author",
            "lang",
            "summary",
            "praise_on",
            "status",
            "published_at",
            "updated_at",
        ],
    ),
    (
        "intent_fixed",
        "intent_fixed",
        "intent",
        "id = 'int-paid'",
        &["expires_at", "cancel_asked_at", "refusal", "state", "state_at", "state_reason"],
    ),
    (
        "provider_order_fixed",
        "order_fixed",
        "provider_order",
        "id = 'ord-open'",
        &["pay_url", "expires_at", "state", "state_at", "state_reason"],
    ),
    ("payment_fixed", "payment_fixed", "payment", "id = 'pay-snow'", &[]),
    ("payment_fixed", "payment_fixed", "payment", "id = 'pay-odd'", &["intent_id", "fate"]),
    (
        "praise_fixed",
        "praise_fixed",
        "praise",
        "id = 'prs-snow'",
        &["visibility", "state", "state_at", "state_reason"],
    ),
    (
        "refund_fixed",
        "refund_fixed",
        "refund",
        "id = 'ref-1'",
        &["state", "state_at", "state_reason"],
    ),
    ("suspense_case_fixed", "append_only", "suspense_case", "id = 'sus-1'", &["closed_at"]),
    (
        "provider_event_fixed",
        "append_only",
        "provider_event",
        "event_id = 'evt-2'",
        &["processed_at", "outcome"],
    ),
    ("outbox_fixed", "append_only", "outbox", "number = 'ord-open'", &["created_at", "done_at"]),
];

/// Machine, the row to try on, a birth with a state to fill in, and what else an UPDATE has to set.
const STEPS: &[(&str, &str, &str, &str)] = &[
    (
        "intent",
        "int-open",
        "INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1,
         '1970-01-01', 10, 99, iif('{}' = 'returned', 'x', NULL), '{}', 10, NULL)",
        ", refusal = iif('{}' = 'returned', 'x', NULL)",
    ),
    (
        "provider_order",
        "ord-open",
        "INSERT INTO provider_order VALUES ('n', 'int-paid', 'sandbox', 1000, 'CNY', '/pay', 10, 99,
         '{}', 10, NULL)",
        "",
    ),
    (
        "praise",
        "prs-snow",
        "INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
         'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, '{}', 20, NULL)",
        "",
    ),
    (
        "refund",
        "ref-1",
        "INSERT INTO refund VALUES ('n', 'pay-free', NULL, NULL, 1000, 'CNY', 20, '{}', 20, NULL)",
        "",
    ),
];

/// A deed in a world.
type Deed = fn(&Stage);

/// Triggers that keep something: without them, a deed makes the self-check report this.
const KEEPERS: &[(&str, Deed, &str)] = &[
    ("intent_born", praise, CHAIN),
    ("intent_stepped", praise, LAST_EVENT),
    ("provider_order_born", praise, CHAIN),
    ("provider_order_stepped", praise, LAST_EVENT),
    ("praise_born", praise, LAST_EVENT),
    ("praise_stepped", freeze, LAST_EVENT),
    ("refund_born", give_back_whole, CHAIN),
    ("refund_stepped", give_back_whole, LAST_EVENT),
    ("ledger_entry_balance", praise, "each balance is the sum of its entries"),
    ("wall_praise_born", praise, "the wall's rows are what stands"),
    ("wall_praise_changed", hide, "the wall's rows are what stands"),
    ("wall_person_new", praise, "the wall's counts are its rows"),
    ("wall_person_changed", hide, "the wall's counts are its rows"),
];

const CHAIN: &str = "each event goes on where the one before ended";
const LAST_EVENT: &str = "the last event of everything with a state says that state";

fn praise(stage: &Stage) {
    stage.world.praised(&stage.reader, &stage.article, 1000);
}

fn freeze(stage: &Stage) {
    praise(stage);
    stage.world.raw("UPDATE praise SET state = 'frozen'");
}

fn hide(stage: &Stage) {
    praise(stage);
    stage.world.raw("UPDATE praise SET visibility = 'anonymous'");
}

fn give_back_whole(stage: &Stage) {
    let intent_id = stage.world.started(&stage.reader, &stage.article, 1000);
    stage.world.raw("UPDATE article SET status = 'frozen'");
    stage.world.pay(&intent_id);
    stage.world.run_jobs();
}

fn refused(outcome: Result<(), DatabaseError>, rule: &str) -> bool {
    outcome == Err(DatabaseError::Rule(rule.to_owned()))
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
fn what_is_fixed_can_not_be_changed_column_by_column() {
    let record = Record::product();
    for (trigger, rule, table, row, free) in FIXED {
        for (column, kind) in record.columns(table) {
            let other = if kind == "INTEGER" {
                format!("coalesce({column}, 0) + 1")
            } else {
                format!("coalesce({column}, '') || 'x'")
            };
            for conflict in ["", "OR REPLACE", "OR IGNORE"] {
                let sql = format!("UPDATE {conflict} {table} SET {column} = {other} WHERE {row}");
                let outcome = record.attempt(&sql);
                let free = free.contains(&column.as_str());
                assert_eq!(refused(outcome.clone(), rule), !free, "{sql}: {outcome:?}");
                let outcome = record.attempt(&format!("DROP TRIGGER {trigger}; {sql}"));
                assert!(!refused(outcome, rule), "{trigger} is not what refused {sql}");
            }
        }
    }
}

/// The record with one row in any state, put there while nobody looked.
fn in_state(machine: &Machine, row: &str, extra: &str, state: &str) -> Record {
    let record = Record::product();
    let step = format!("{}_step", machine.name);
    let (_, text) = record.triggers().into_iter().find(|(name, _)| *name == step).unwrap();
    record.keep(&format!("DROP TRIGGER {step}"));
    record.keep(&format!(
        "UPDATE {} SET state = '{state}'{} WHERE id = '{row}'",
        machine.name,
        extra.replace("{}", state),
    ));
    record.keep(&text);
    record
}

#[test]
fn every_machine_takes_its_legal_steps_with_an_event_and_no_other() {
    for machine in &MACHINES {
        let (_, row, birth, extra) =
            STEPS.iter().find(|(name, ..)| *name == machine.name).expect("no row to try on");
        let states: BTreeSet<&str> = machine.steps.iter().map(|(_, to)| *to).collect();
        let record = Record::product();
        let last_event = "SELECT machine || ' ' || from_state || '>' || to_state AS step FROM event
                          ORDER BY id DESC LIMIT 1";
        for to in states.iter().copied().chain(["nonsense", ""]) {
            let sql = birth.replace("{}", to);
            if machine.allows("", to) {
                let record = Record::product();
                record.keep(&sql);
                let step = &record.query(last_event)[0]["step"];
                assert_eq!(step, &format!("{} >{to}", machine.name));
            } else {
                let outcome = record.attempt(&sql);
                assert!(
                    refused(outcome.clone(), "transition"),
                    "{}: >{to}: {outcome:?}",
                    machine.name
                );
            }
        }
        for from in &states {
            let record = in_state(machine, row, extra, from);
            for to in states.iter().copied().chain(["nonsense"]).filter(|to| to != from) {
                let name = machine.name;
                let sql = format!(
                    "UPDATE {name} SET state = '{to}'{} WHERE id = '{row}'",
                    extra.replace("{}", to),
                );
                if machine.allows(from, to) {
                    let record = in_state(machine, row, extra, from);
                    record.keep(&sql);
                    let step = &record.query(last_event)[0]["step"];
                    assert_eq!(step, &format!("{name} {from}>{to}"));
                    continue;
                }
                let outcome = record.attempt(&sql);
                assert!(refused(outcome.clone(), "transition"), "{name}: {from}>{to}: {outcome:?}");
                let outcome = record.attempt(&format!("DROP TRIGGER {name}_step; {sql}"));
                assert!(!refused(outcome, "transition"), "{name}_step is not what refused {sql}");
            }
        }
    }
}

#[test]
fn without_a_trigger_that_keeps_something_the_self_check_reports_it() {
    for (trigger, deed, check) in KEEPERS {
        let stage = Stage::new(Currency::Cny);
        deed(&stage);
        let whole = stage.world.violations();
        assert!(whole.iter().all(|violation| violation.check != *check), "{whole:#?}");

        let stage = Stage::new(Currency::Cny);
        stage.world.tampered();
        stage.world.raw(&format!("DROP TRIGGER {trigger}"));
        deed(&stage);
        let broken = stage.world.violations();
        assert!(
            broken.iter().any(|violation| violation.check == *check),
            "without {trigger}: {broken:#?}",
        );
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
    assert_eq!(tried, raised);
    assert!(Record::sandbox().triggers().is_empty());
}
