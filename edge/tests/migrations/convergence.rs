//! A migration that was interrupted can be applied again from its start, with the same result.

use rusqlite::Connection;

use super::script::statements;
use super::{Migrations, PRODUCT, SANDBOX};

/// An empty database.
pub fn empty() -> Connection {
    let db = Connection::open_in_memory().expect("SQLite opens");
    db.execute_batch("PRAGMA foreign_keys = ON").expect("references are checked");
    db
}

/// Applies SQL. Panics with the name of the file if it fails.
pub fn apply(db: &Connection, name: &str, sql: &str) {
    db.execute_batch(sql).unwrap_or_else(|error| panic!("{name}: {error} in {sql}"));
}

/// The schema and all rows, as text.
fn content(db: &Connection) -> Vec<String> {
    let read = |sql: &str| -> Vec<String> {
        let mut query = db.prepare(sql).expect("a query");
        let rows = query.query_map([], |row| row.get::<_, String>(0)).expect("rows");
        rows.map(|row| row.expect("a row")).collect()
    };
    let mut all = read("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master");
    for table in read("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name") {
        let columns =
            read(&format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')"));
        let list = columns.join(" || ',' || ");
        all.extend(read(&format!("SELECT '{table} ' || {list} FROM \"{table}\" ORDER BY 1")));
    }
    all
}

fn converges(migrations: &Migrations) {
    let files = migrations.files();
    let once = empty();
    files.iter().for_each(|(name, text)| apply(&once, name, text));

    let again = empty();
    for (name, text) in &files {
        for statement in statements(text) {
            let sql = &text[statement.span()];
            apply(&again, name, sql);
            apply(&again, name, sql);
        }
        apply(&again, name, text);
    }
    assert_eq!(content(&again), content(&once), "edge/{}", migrations.folder);
}

#[test]
fn the_product_is_the_same_after_each_statement_was_applied_again() {
    converges(&PRODUCT);
}

#[test]
fn the_sandbox_is_the_same_after_each_statement_was_applied_again() {
    converges(&SANDBOX);
}
