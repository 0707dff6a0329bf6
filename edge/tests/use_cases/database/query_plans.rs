//! Every statement that a test sends is checked when it is first sent (`edge/src/database/sqlite`).
//! Here the check itself is tested.

use edge::database::sqlite::Sqlite;
use edge::database::{Database, Statement};

use crate::support::executor::run_to_end;
use crate::support::world::own_database;

/// Statements that get slower as a table grows, each with the beginning of the plan's line that shows
/// it.
const SLOW: &[(&str, &str)] = &[
    ("SELECT amount_minor FROM praise WHERE note = ?1", "SCAN praise"),
    ("SELECT one.note FROM praise AS one WHERE one.note = ?1", "SCAN one"),
    ("SELECT count(*) FROM praise", "SCAN praise USING COVERING INDEX"),
    ("SELECT 1 FROM (SELECT DISTINCT note FROM intent) AS notes", "SCAN intent"),
    ("UPDATE intent SET note = NULL WHERE amount_minor = ?1", "SCAN intent"),
    ("DELETE FROM job WHERE attempts = ?1", "SCAN job"),
    ("SELECT person_id FROM human WHERE human_id = ?1", "SCAN person"),
    (
        "SELECT note FROM praise WHERE person_id = ?1 ORDER BY amount_minor",
        "USE TEMP B-TREE FOR ORDER BY",
    ),
    (
        "SELECT count(*) FROM praise WHERE person_id = ?1 GROUP BY article_id",
        "USE TEMP B-TREE FOR GROUP BY",
    ),
    ("SELECT 1 FROM json_each(?1) AS one JOIN praise ON praise.note = one.value", "SCAN praise"),
];

/// Statements that do not get slower.
const FAST: &[&str] = &[
    "SELECT note FROM praise WHERE id = ?1 ORDER BY amount_minor",
    "SELECT note FROM praise WHERE person_id = ?1 ORDER BY booked_at DESC, id DESC LIMIT 20",
    "SELECT 1 FROM praise JOIN json_each(?1) AS one ON praise.id = one.value ORDER BY one.key",
    "SELECT sum(used) FROM take_back_month
     WHERE person_id IN (SELECT same_id FROM human_person WHERE person_id = ?1)",
    "SELECT version FROM policy ORDER BY praise_cap_minor",
    "SELECT id FROM provider_order WHERE intent_id = ?1 ORDER BY created_at DESC",
    // The plan shows a scan of each table that references persons, but an INSERT does not run it.
    "INSERT INTO person (id, kind, created_at) VALUES (?1, 'member', ?2)",
];

#[test]
fn a_statement_that_gets_slower_is_noticed() {
    let database = own_database("migrations");
    for (sql, line) in SLOW {
        let faults = database.plan_faults(sql).unwrap();
        assert!(faults.iter().any(|fault| fault.starts_with(line)), "{sql}: {faults:?}");
    }
}

#[test]
fn a_statement_that_finds_its_rows_by_index_is_accepted() {
    let database = own_database("migrations");
    for sql in FAST {
        assert_eq!(database.plan_faults(sql).unwrap(), Vec::<String>::new(), "{sql}");
    }
}

#[test]
fn a_trigger_that_gets_slower_is_noticed_at_the_statement_that_fires_it() {
    let database = own_database("migrations");
    let insert = "INSERT INTO global_stop (id, since, reason) VALUES (1, ?1, ?2)";
    assert_eq!(database.plan_faults(insert).unwrap(), Vec::<String>::new());
    database
        .execute_raw(
            "CREATE TRIGGER slow BEFORE INSERT ON global_stop
             BEGIN SELECT RAISE(ABORT, 'rule:slow') FROM dispute WHERE dispute.aside = 1; END",
        )
        .unwrap();
    assert_eq!(database.plan_faults(insert).unwrap(), ["SCAN dispute"]);
}

#[test]
fn sending_a_statement_that_gets_slower_panics() {
    let sent = std::panic::catch_unwind(|| {
        let statement = Statement::new("SELECT id FROM intent WHERE refusal = 'a rule'", []);
        run_to_end(own_database("migrations").batch(vec![statement])).is_some()
    });
    let message = *sent.unwrap_err().downcast::<String>().unwrap();
    assert!(message.starts_with("this statement gets slower as the product is used:"), "{message}");
    assert!(message.contains("SCAN intent") && message.contains("What to do:"), "{message}");
}

#[test]
fn each_exception_exists_and_has_a_reason() {
    let database = own_database("migrations");
    let objects = database.query_raw("SELECT name FROM sqlite_master").unwrap();
    #[derive(serde::Deserialize)]
    struct Object {
        name: String,
    }
    let objects: Vec<Object> = objects.decode().unwrap();
    for (name, reason) in Sqlite::plan_exceptions() {
        assert!(reason.split(' ').count() >= 2, "{name} is excused without a reason");
        let is_statement = name.contains(' ') || name == "json_each";
        assert!(
            is_statement || objects.iter().any(|object| object.name == name),
            "{name} is excused and does not exist",
        );
    }
}
