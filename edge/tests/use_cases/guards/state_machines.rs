//! Every transition of every state machine, legal or not.

use std::collections::BTreeSet;

use shared::machine::{MACHINES, Machine};

use super::fixture::{FilledDatabase, refused};

/// Machine, the row to update, and an INSERT with a placeholder for the state.
pub const STEPS: &[(&str, &str, &str)] = &[
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
         '{}', 10, NULL, NULL)",
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
         '{}', 864000000, 'no_card', 1",
    ),
    (
        "payout_part",
        "prt-1",
        "INSERT INTO payout_part VALUES ('n', 'pot-empty', 1000, 0, '1970-01-08', '{}', 604800000,
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
        "INSERT INTO freeze VALUES ('n', 'rain', 1, 'selling', 'olga', 20, 99, NULL, NULL, NULL, '{}',
         20, NULL)",
    ),
];

/// A database with one row in any state. Of all guards only those of the machine's transitions are
/// left: what else a transition requires is a rule of its own and has its own violation.
fn in_state(machine: &Machine, row: &str, state: &str) -> FilledDatabase {
    let database = FilledDatabase::product();
    database.execute("PRAGMA ignore_check_constraints = ON; DROP INDEX payout_one_waiting");
    let steps = [format!("{}_step", machine.name), format!("{}_stepped", machine.name)];
    let mut guards = Vec::new();
    for (trigger, text) in database.triggers() {
        database.execute(&format!("DROP TRIGGER {trigger}"));
        if steps.contains(&trigger) {
            guards.push(text);
        }
    }
    assert_eq!(guards.len(), 2, "{steps:?}");
    database.execute(&format!("UPDATE {} SET state = '{state}' WHERE id = '{row}'", machine.name));
    guards.iter().for_each(|text| database.execute(text));
    database
}

#[test]
fn every_machine_allows_only_its_legal_transitions_each_with_an_event() {
    for machine in &MACHINES {
        let name = machine.name;
        let (_, row, birth) =
            STEPS.iter().find(|(machine, ..)| *machine == name).expect("no row to update");
        let states: BTreeSet<&str> = machine.steps.iter().map(|(_, to)| *to).collect();
        let database = FilledDatabase::product();
        let last_event = "SELECT machine || ' ' || from_state || '>' || to_state AS step FROM event
                          ORDER BY id DESC LIMIT 1";
        for to in states.iter().copied().chain(["nonsense", ""]) {
            let sql = birth.replace("{}", to);
            if machine.allows("", to) {
                let database = FilledDatabase::product();
                if name == "payout" && to == "waiting" {
                    database
                        .execute("UPDATE payout SET state = 'dropped' WHERE id = 'pot-acc-later'");
                }
                database.execute(&sql);
                let step = &database.query(last_event)[0]["step"];
                assert_eq!(step, &format!("{name} >{to}"));
            } else {
                let outcome = database.attempt(&sql);
                assert!(refused(outcome.clone(), "transition"), "{name}: >{to}: {outcome:?}");
            }
        }
        for from in &states {
            let database = in_state(machine, row, from);
            for to in states.iter().copied().chain(["nonsense"]).filter(|to| to != from) {
                let sql = format!("UPDATE {name} SET state = '{to}' WHERE id = '{row}'");
                if machine.allows(from, to) {
                    let database = in_state(machine, row, from);
                    database.execute(&sql);
                    let step = &database.query(last_event)[0]["step"];
                    assert_eq!(step, &format!("{name} {from}>{to}"));
                    continue;
                }
                let outcome = database.attempt(&sql);
                assert!(refused(outcome.clone(), "transition"), "{name}: {from}>{to}: {outcome:?}");
                let outcome = database.attempt(&format!("DROP TRIGGER {name}_step; {sql}"));
                assert_eq!(outcome, Ok(()), "{name}_step is not what refused {sql}");
            }
        }
    }
}
