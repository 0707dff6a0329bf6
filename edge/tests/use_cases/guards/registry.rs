//! Every guard by name with SQL that it refuses: the list that `cargo xtask guards` goes through.

use std::collections::BTreeMap;

use shared::machine::MACHINES;

use super::checks::CHECKS;
use super::fixture::{FilledDatabase, assert_same, bare_databases};
use super::immutable_columns::{IMMUTABLE, other_value};
use super::keepers::KEEPERS;
use super::schema_guards::{guards, references, uniques};
use super::state_machines::STEPS;
use super::triggers::violations;

/// A violation of a guard.
pub struct Violation {
    /// SQL that is refused; empty for a keeper.
    pub sql: String,
    /// The message of the refusal; for a keeper, the check of the self-check that fails.
    pub refusal: String,
    /// Whether the triggers have to be removed first.
    pub is_bare: bool,
    /// The test in which it is refused.
    pub test: &'static str,
}

/// Violations of this constraint alone, where the generated violation breaks two.
const NARROW: &[(&str, &str)] = &[
    (
        "index payout_one_waiting",
        "UPDATE payout SET account_id = 'acc', day = '1970-02-01' WHERE id = 'pot-usd'",
    ),
    (
        "check bill_difference kind IN ( 'only_ours', 'only_theirs', 'amount_differs', \
         'duplicate')",
        "UPDATE bill_difference SET kind = 'nonsense', theirs_minor = 5, currency = 'CNY',
           day = '1970-01-01', line = 3
         WHERE id = 'dif-1'",
    ),
    (
        "reference article_version(article_id) article",
        "UPDATE article_version SET article_id = article_id || '?' WHERE article_id = 'dol'",
    ),
    (
        "reference bill_row(provider, currency, day) bill",
        "UPDATE bill_row SET provider = provider || '?' WHERE line = 3",
    ),
    ("index bill_difference_by_row", "UPDATE bill_difference SET line = 4 WHERE id = 'dif-05'"),
];

const RULES: &str = "triggers::every_trigger_rule_and_nothing_else_refuses_its_violation";
const BATCH: &str = "triggers::a_guard_ends_the_batch_under_its_name_and_stores_nothing";
const COLUMNS: &str = "immutable_columns::immutable_columns_cannot_be_changed";
const MACHINE: &str =
    "state_machines::every_machine_allows_only_its_legal_transitions_each_with_an_event";
const KEPT: &str = "keepers::without_a_keeper_the_self_check_reports_a_violation";
const CHECK: &str = "checks::every_check_refuses_its_violation";
const UNIQUE: &str = "keys::every_key_and_unique_index_refuses_a_second_row";
const REFERENCE: &str = "keys::every_reference_refuses_a_missing_row";

/// All guards with their violations.
#[derive(Default)]
struct Registry(BTreeMap<String, Vec<Violation>>);

impl Registry {
    fn add(&mut self, guard: String, sql: String, says: &str, test: &'static str) {
        let is_bare = [CHECK, UNIQUE, REFERENCE].contains(&test);
        let violation = Violation { sql, refusal: says.to_owned(), is_bare, test };
        self.0.entry(guard).or_default().push(violation);
    }

    fn add_rule(&mut self, trigger: &str, rule: &str, sql: String, test: &'static str) {
        self.add(format!("rule {trigger} {rule}"), sql, &format!("rule {rule}"), test);
    }

    fn add_triggers(&mut self) {
        for (trigger, rule, sql) in violations() {
            self.add_rule(&trigger, &rule, sql, RULES);
        }
        let database = FilledDatabase::product();
        for (trigger, rule, table, row, free) in IMMUTABLE {
            let columns = database.columns(table);
            for (column, kind) in columns.iter().filter(|(name, _)| !free.contains(&&**name)) {
                let other = other_value(column, kind);
                let sql = format!("UPDATE {table} SET {column} = {other} WHERE {row}");
                self.add_rule(trigger, rule, sql, COLUMNS);
            }
        }
        for (machine, row, birth) in STEPS {
            let start =
                if *machine == "praise" { "praise_book" } else { &format!("{machine}_start") };
            let known = MACHINES.iter().find(|known| known.name == *machine).unwrap();
            let states = known.steps.iter().map(|(_, to)| *to).chain(["nonsense"]);
            for to in states.filter(|to| !known.allows("", to)) {
                self.add_rule(start, "transition", birth.replace("{}", to), MACHINE);
                let step = format!("UPDATE {machine} SET state = '{to}' WHERE id = '{row}'");
                self.add_rule(&format!("{machine}_step"), "transition", step, MACHINE);
            }
        }
        for (trigger, _, check) in KEEPERS {
            self.add(format!("keeper {trigger}"), String::new(), check, KEPT);
        }
        let must = "INSERT INTO must VALUES (0, 1, 'who')";
        self.add("keeper must_hold".into(), must.into(), "guard who", BATCH);
    }

    fn add_constraints(&mut self, product: &FilledDatabase, sandbox: &FilledDatabase) {
        for (table, check, assignments) in CHECKS {
            let database = if table.starts_with("sandbox_") { sandbox } else { product };
            let says = format!("CHECK constraint failed: {check}");
            for assignment in *assignments {
                for rows in database.one_by_one(table) {
                    let sql = format!("UPDATE {table} SET {assignment}{rows}");
                    self.add(format!("check {table} {check}"), sql, &says, CHECK);
                }
            }
        }
        for database in [product, sandbox] {
            for unique in uniques(database) {
                let [sql, says] = [unique.second_row(), unique.refusal_message()];
                self.add(unique.guard, sql, &says, UNIQUE);
            }
            for reference in references(database) {
                let sql = reference.dangling_update();
                self.add(reference.guard, sql, "FOREIGN KEY constraint failed", REFERENCE);
            }
        }
        for (guard, sql) in NARROW {
            let Violation { refusal: says, test, .. } = &self.0[*guard][0];
            let (says, test) = (says.clone(), *test);
            self.add((*guard).to_owned(), (*sql).to_owned(), &says, test);
        }
    }
}

/// The violations of each guard by name, for all guards that have one.
pub fn registry() -> BTreeMap<String, Vec<Violation>> {
    let mut registry = Registry::default();
    registry.add_triggers();
    let [product, sandbox] = bare_databases();
    registry.add_constraints(&product, &sandbox);
    registry.0
}

#[test]
fn every_guard_of_the_schemas_has_a_violation() {
    assert_same(&registry().into_keys().collect(), &guards());
}
