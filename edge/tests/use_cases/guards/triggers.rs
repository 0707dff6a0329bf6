//! Every rule that a trigger raises, violated; and each trigger taken away, so that it is known
//! that it was this one that refused.

use std::collections::{BTreeMap, BTreeSet};

use edge::database::DatabaseError;
use shared::machine::{MACHINES, Machine};
use shared::money::Currency;

use super::fixture::{Record, assert_same};
use crate::world::people::{Account, Stage};

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
        &["visibility", "state", "state_at", "state_reason", "matured"],
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
    (
        "person_fixed",
        "append_only",
        "person",
        "id = 'ana'",
        &["kind", "name", "lang", "human_id", "linked_at"],
    ),
    ("invitation_fixed", "append_only", "invitation", "id = 'inv-used'", &["revoked_at"]),
    (
        "invitation_fixed",
        "append_only",
        "invitation",
        "id = 'inv-open'",
        &["used_by", "used_at", "revoked_at"],
    ),
    ("bank_card_fixed", "card_fixed", "bank_card", "id = 'card-acc'", &["removed_at"]),
    (
        "operator_action_fixed",
        "append_only",
        "operator_action",
        "id = 'act-hail'",
        &["approved_by", "approved_at", "withdrawn_at"],
    ),
    (
        "operator_task_fixed",
        "append_only",
        "operator_task",
        "subject_id = 'sus-1'",
        &["closed_at", "outcome"],
    ),
    (
        "freeze_fixed",
        "append_only",
        "freeze",
        "id = 'fre-hail'",
        &["appeal", "appealed_at", "decide_until", "state", "state_at", "state_reason"],
    ),
    (
        "payout_fixed",
        "payout_fixed",
        "payout",
        "id = 'pot-acc'",
        &["state", "state_at", "state_reason"],
    ),
    (
        "payout_fixed",
        "payout_fixed",
        "payout",
        "id = 'pot-usd'",
        &["gross_minor", "debt_minor", "card_id", "state", "state_at", "state_reason"],
    ),
    (
        "payout_part_fixed",
        "payout_fixed",
        "payout_part",
        "id = 'prt-1'",
        &["state", "state_at", "state_reason"],
    ),
    ("payout_line_fixed", "payout_fixed", "payout_line", "praise_id = 'prs-out'", &["released_at"]),
    (
        "dispute_fixed",
        "dispute_fixed",
        "dispute",
        "id = 'dsp-back'",
        &["aside", "ended_at", "state", "state_at", "state_reason"],
    ),
    ("movement_fixed", "append_only", "movement", "number = 'tx-1'", &[]),
    ("movement_fixed", "append_only", "movement", "number = 'tx-3'", &["matched_at"]),
    ("movement_fixed", "append_only", "movement", "number = 'tx-5'", &["account_id", "matched_at"]),
    ("bill_row_fixed", "append_only", "bill_row", "line = 1", &[]),
    ("bill_row_fixed", "append_only", "bill_row", "line = 3", &["state"]),
    (
        "bill_difference_fixed",
        "append_only",
        "bill_difference",
        "id = 'dif-1'",
        &["closed_at", "explanation"],
    ),
];

/// Machine, the row to try on, and a birth with a state to fill in.
const STEPS: &[(&str, &str, &str)] = &[
    (
        "intent",
        "int-open",
        "INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1,
         '1970-01-01', 10, 99, iif('{}' = 'returned', 'x', NULL), '{}', 10, NULL)",
    ),
    (
        "provider_order",
        "ord-open",
        "INSERT INTO provider_order VALUES ('n', 'int-paid', 'sandbox', 1000, 'CNY', '/pay', 10, 99,
         '{}', 10, NULL)",
    ),
    (
        "praise",
        "prs-snow",
        "INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
         'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, '{}', 20, NULL, 0)",
    ),
    (
        "refund",
        "ref-1",
        "INSERT INTO refund VALUES ('n', 'pay-free', NULL, NULL, 1000, 'CNY', 20, '{}', 20, NULL)",
    ),
    (
        "payout",
        "pot-acc",
        "INSERT INTO payout SELECT 'n', 'acc', 'sandbox', 'CNY', '1970-01-11',
         iif('{}' = 'waiting', 0, 1000), 0, iif('{}' = 'waiting', NULL, 'card-acc'), 864000000,
         '{}', 864000000, 'no_card'",
    ),
    (
        "payout_part",
        "prt-1",
        "INSERT INTO payout_part VALUES ('n', 'pot-acc', 4, 1000, 0, '1970-01-08', '{}', 604800000,
         NULL)",
    ),
    (
        "dispute",
        "dsp-back",
        "INSERT INTO dispute VALUES ('n', 'sandbox', 'bank-9', 'pay-snow', 'prs-snow', 1000, 'CNY',
         40, 0, NULL, '{}', 40, NULL)",
    ),
    (
        "freeze",
        "fre-hail",
        "INSERT INTO freeze VALUES ('n', 'rain', 'selling', 'olga', 20, 99, NULL, NULL, NULL, '{}',
         20, NULL)",
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
    ("payout_born", pay_out, CHAIN),
    ("payout_stepped", pay_out, LAST_EVENT),
    ("payout_part_born", pay_out, CHAIN),
    ("payout_part_stepped", pay_out, LAST_EVENT),
    ("dispute_born", dispute, CHAIN),
    ("dispute_stepped", dispute, LAST_EVENT),
    ("freeze_born", decide, CHAIN),
    ("freeze_stepped", decide, LAST_EVENT),
    ("payment_moves", praise, MOVEMENTS),
    ("refund_moves", give_back_whole, MOVEMENTS),
    ("payout_part_moves", pay_out, MOVEMENTS),
    ("dispute_moves", dispute, MOVEMENTS),
    ("dispute_won_moves", dispute, MOVEMENTS),
    ("ledger_entry_balance", praise, "each balance is the sum of its entries"),
    ("wall_praise_born", praise, "the wall's rows are what stands"),
    ("wall_praise_changed", hide, "the wall's rows are what stands"),
    ("wall_person_new", praise, "the wall's counts are its rows"),
    ("wall_person_changed", hide, "the wall's counts are its rows"),
];

const CHAIN: &str = "each event goes on where the one before ended";
const LAST_EVENT: &str = "the last event of everything with a state says that state";

const MOVEMENTS: &str =
    "every payment, refund, transfer and dispute that moved money is a movement";

fn praise(stage: &Stage) {
    stage.world.praised(&stage.reader, &stage.article, 1000);
}

fn freeze(stage: &Stage) {
    praise(stage);
    stage.world.tampered();
    stage.world.raw("UPDATE article SET status = 'frozen'; UPDATE praise SET state = 'frozen'");
}

/// A payout of nothing that anybody gave, as the rows of one.
fn pay_out(stage: &Stage) {
    stage.world.tampered();
    let Account { id, .. } = &stage.account;
    stage.world.raw(&format!(
        "INSERT INTO payout SELECT 'pot', '{id}', 'sandbox', 'CNY', '2026-11-22', 1000, 0, id,
           attached_at, 'queued', attached_at, NULL FROM bank_card WHERE account_id = '{id}';
         INSERT INTO payout_part VALUES ('prt', 'pot', 1, 1000, 0, '2026-11-22', 'queued', 1, NULL);
         UPDATE payout_part SET state = 'succeeded'; UPDATE payout SET state = 'succeeded'"
    ));
}

/// A dispute of a payment that the writer wins, as the row of one.
fn dispute(stage: &Stage) {
    praise(stage);
    stage.world.tampered();
    stage.world.raw(
        "INSERT INTO dispute SELECT 'dsp', provider, 'bank', payment.id, praise.id,
           payment.amount_minor, payment.currency, 1, 0, NULL, 'open', 1, NULL
         FROM payment JOIN praise ON praise.payment_id = payment.id;
         UPDATE dispute SET state = 'won', ended_at = 2",
    );
}

/// A freeze of the article and its end, as the row of one.
fn decide(stage: &Stage) {
    stage.world.tampered();
    stage.world.raw(&format!(
        "INSERT INTO freeze VALUES ('fre', '{}', 'selling', '{}', 1, 9, NULL, NULL, NULL, 'open', 1,
           NULL);
         UPDATE freeze SET state = 'lifted'",
        stage.article.id, stage.reader.id,
    ));
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

/// The record with one row in any state, and of all guards only those of the machine's steps: what
/// else a step needs is a rule of its own, violated elsewhere.
fn in_state(machine: &Machine, row: &str, state: &str) -> Record {
    let record = Record::product();
    record.keep("PRAGMA ignore_check_constraints = ON; DROP INDEX payout_one_waiting");
    let steps = [format!("{}_step", machine.name), format!("{}_stepped", machine.name)];
    let mut guards = Vec::new();
    for (trigger, text) in record.triggers() {
        record.keep(&format!("DROP TRIGGER {trigger}"));
        if steps.contains(&trigger) {
            guards.push(text);
        }
    }
    assert_eq!(guards.len(), 2, "{steps:?}");
    record.keep(&format!("UPDATE {} SET state = '{state}' WHERE id = '{row}'", machine.name));
    guards.iter().for_each(|text| record.keep(text));
    record
}

#[test]
fn every_machine_takes_its_legal_steps_with_an_event_and_no_other() {
    for machine in &MACHINES {
        let name = machine.name;
        let (_, row, birth) =
            STEPS.iter().find(|(machine, ..)| *machine == name).expect("no row to try on");
        let states: BTreeSet<&str> = machine.steps.iter().map(|(_, to)| *to).collect();
        let record = Record::product();
        let last_event = "SELECT machine || ' ' || from_state || '>' || to_state AS step FROM event
                          ORDER BY id DESC LIMIT 1";
        for to in states.iter().copied().chain(["nonsense", ""]) {
            let sql = birth.replace("{}", to);
            if machine.allows("", to) {
                let record = Record::product();
                if name == "payout" && to == "waiting" {
                    record.keep("UPDATE payout SET state = 'failed' WHERE id = 'pot-acc-later'");
                }
                record.keep(&sql);
                let step = &record.query(last_event)[0]["step"];
                assert_eq!(step, &format!("{name} >{to}"));
            } else {
                let outcome = record.attempt(&sql);
                assert!(refused(outcome.clone(), "transition"), "{name}: >{to}: {outcome:?}");
            }
        }
        for from in &states {
            let record = in_state(machine, row, from);
            for to in states.iter().copied().chain(["nonsense"]).filter(|to| to != from) {
                let sql = format!("UPDATE {name} SET state = '{to}' WHERE id = '{row}'");
                if machine.allows(from, to) {
                    let record = in_state(machine, row, from);
                    record.keep(&sql);
                    let step = &record.query(last_event)[0]["step"];
                    assert_eq!(step, &format!("{name} {from}>{to}"));
                    continue;
                }
                let outcome = record.attempt(&sql);
                assert!(refused(outcome.clone(), "transition"), "{name}: {from}>{to}: {outcome:?}");
                let outcome = record.attempt(&format!("DROP TRIGGER {name}_step; {sql}"));
                assert_eq!(outcome, Ok(()), "{name}_step is not what refused {sql}");
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
    let pairs =
        |rules: BTreeMap<String, BTreeSet<String>>| -> BTreeSet<_> { rules.into_iter().collect() };
    assert_same(&pairs(tried), &pairs(raised));
    assert!(Record::sandbox().triggers().is_empty());
}
