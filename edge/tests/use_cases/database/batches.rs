//! The database interface: batches are atomic, and SQLite refuses what D1 refuses.

use edge::database::{Database, DatabaseError, Statement, Value};

use crate::support::world::{World, migrations};

/// Two statements of a batch are applied together or not at all.
#[test]
fn a_failed_guard_rolls_back_the_batch() {
    let world = World::new();
    let person = world.person("ana");
    let before = world.dump();
    let outcome = world.run(async |ctx| {
        let rename = Statement::new(
            "UPDATE person SET name = 'Bo' WHERE id = ?1",
            [Value::from(&person.id)],
        );
        ctx.db.batch(vec![rename, Statement::must_change(2, "two_people")]).await
    });
    assert_eq!(outcome, Err(DatabaseError::Guard("two_people".into())));
    assert_eq!(world.dump(), before);
}

#[test]
fn references_are_enforced_and_batches_are_limited_as_on_d1() {
    let world = World::new();
    assert_eq!(world.number("PRAGMA foreign_keys"), 1);
    let run = |sql: &'static str, params: Vec<Value>| {
        world.run(async |ctx| ctx.db.batch(vec![Statement::new(sql, params)]).await.map(drop))
    };
    let list = |n: usize| (0..n).map(|_| Value::from(1)).collect::<Vec<_>>();
    let numbered = |n: usize| {
        let places: Vec<_> = (1..=n).map(|i| format!("?{i}")).collect();
        &*String::leak(format!("SELECT 1 WHERE 1 IN ({})", places.join(",")))
    };
    assert!(run(numbered(100), list(100)).is_ok());
    assert!(run(numbered(101), list(101)).is_err());
    assert!(
        run(
            "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5",
            vec![]
        )
        .is_ok()
    );
    let terms = |n: usize| &*String::leak(vec!["SELECT 1"; n].join(" UNION ALL "));
    assert!(run(terms(5), vec![]).is_ok());
    assert!(run(terms(6), vec![]).is_err());
    // Bound numbers arrive as doubles.
    let rows = world.run(async |ctx| {
        let pasted =
            Statement::new("SELECT 'k:' || ?1 AS pasted, typeof(?1) AS type", [Value::from(3)]);
        let rows = ctx.db.batch(vec![pasted]).await.unwrap().remove(0);
        rows.decode::<serde_json::Value>().unwrap()
    });
    assert_eq!(rows, [serde_json::json!({"pasted": "k:3.0", "type": "real"})]);
    assert!(run("SELECT ?1", vec![Value::from(9_007_199_254_740_991)]).is_ok());
    assert!(run("SELECT ?1", vec![Value::from(9_007_199_254_740_992)]).is_err());
}

#[test]
fn the_schema_defers_no_constraint() {
    // A pooled database never commits its outer transaction, so it would not check one.
    for folder in ["migrations", "migrations-sandbox"] {
        assert!(!migrations(folder).to_uppercase().contains("DEFERR"), "{folder}");
    }
}
