//! A database with at least two rows in every table, written with all guards active, under names
//! that tests can use: the people `ana` and `gus` (a guest) read what `wen` writes.

use std::collections::BTreeSet;
use std::fmt::Debug;

use edge::database::DatabaseError;
use edge::database::sqlite::Sqlite;

use crate::support::faulty_database::FaultyDatabase;
use crate::support::guard_removal::DatabaseDump;
use crate::support::world::own_database;

/// All rows, in the order that the guards require.
const PRODUCT: &str = include_str!("product.sql");

/// The same for the provider's database.
const SANDBOX: &str = include_str!("sandbox.sql");

/// Both databases without triggers, with a row in every table and every reference.
pub fn bare_databases() -> [FilledDatabase; 2] {
    [FilledDatabase::product(), FilledDatabase::sandbox()].map(FilledDatabase::bare)
}

/// The outcome: `stored`, or the error with white space collapsed.
pub fn outcome_text(outcome: Result<(), DatabaseError>) -> String {
    match outcome {
        Ok(()) => "stored".to_owned(),
        Err(error) => collapse_white_space(&error.to_string()),
    }
}

/// Asserts that two lists are the same, and reports what is in only one of them.
pub fn assert_same<T: Ord + Debug>(tried: &BTreeSet<T>, written: &BTreeSet<T>) {
    let missing: Vec<_> = written.difference(tried).collect();
    let surplus: Vec<_> = tried.difference(written).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "not tested: {missing:#?}, tested but not in the schema: {surplus:#?}"
    );
}

/// Collapses white space.
fn collapse_white_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether this rule refused it.
pub fn refused(outcome: Result<(), DatabaseError>, rule: &str) -> bool {
    outcome == Err(DatabaseError::Rule(rule.to_owned()))
}

/// A filled database to violate guards on.
pub struct FilledDatabase {
    db: FaultyDatabase,
}

impl FilledDatabase {
    /// The product's database, filled, with all its guards.
    pub fn product() -> FilledDatabase {
        FilledDatabase::filled("migrations", PRODUCT)
    }

    /// The provider's database, filled, with all its guards.
    pub fn sandbox() -> FilledDatabase {
        FilledDatabase::filled("migrations-sandbox", SANDBOX)
    }

    fn filled(folder: &str, rows: &str) -> FilledDatabase {
        let db = FaultyDatabase::new(own_database(folder));
        db.raw(rows).unwrap();
        FilledDatabase { db }
    }

    /// Its schema and rows, to be loaded without one of the guards.
    pub fn dump(&self) -> DatabaseDump {
        DatabaseDump::of(&self.db)
    }

    /// Loads a dump without one guard.
    pub fn without(whole: &DatabaseDump, guard: &str) -> FilledDatabase {
        FilledDatabase {
            db: FaultyDatabase::new(Sqlite::with_migrations(&[&whole.without(guard)]).unwrap()),
        }
    }

    /// Removes the triggers. Every table has a row and every reference is set.
    pub fn bare(self) -> FilledDatabase {
        let is_product = self.tables().iter().any(|table| table == "must");
        if is_product {
            self.execute("INSERT INTO global_stop VALUES (1, 0, 'exercise')");
        }
        let bare = self.without_triggers();
        if is_product {
            bare.execute("UPDATE refund SET praise_id = 'prs-snow', replaces_id = 'ref-1'");
            bare.execute("INSERT INTO must VALUES (1, 2, 'kept only without its trigger')");
        }
        bare
    }

    /// Removes all triggers, so that they do not refuse before the constraints do.
    pub fn without_triggers(self) -> FilledDatabase {
        for (trigger, _) in self.triggers() {
            self.db.raw(&format!("DROP TRIGGER {trigger}")).unwrap();
        }
        self
    }

    /// Tries SQL and rolls back.
    pub fn attempt(&self, sql: &str) -> Result<(), DatabaseError> {
        self.db.raw("SAVEPOINT attempt").unwrap();
        let outcome = self.db.raw(sql);
        self.db.raw("ROLLBACK TO attempt; RELEASE attempt").unwrap();
        outcome
    }

    /// The rows of a query.
    pub fn query(&self, sql: &str) -> Vec<serde_json::Value> {
        self.db.query(sql)
    }

    /// Runs SQL and commits.
    pub fn execute(&self, sql: &str) {
        self.db.raw(sql).unwrap_or_else(|error| panic!("{error} in {sql}"));
    }

    /// The texts in one column of a query.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.query(sql);
        let first = |row: &serde_json::Value| {
            row.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned()
        };
        rows.iter().map(first).collect()
    }

    /// The names of our tables.
    pub fn tables(&self) -> Vec<String> {
        self.texts(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
             ORDER BY name",
        )
    }

    /// The name and text of every trigger.
    pub fn triggers(&self) -> Vec<(String, String)> {
        let rows =
            self.query("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name");
        let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap().to_owned();
        rows.iter().map(|row| (text(row, "name"), text(row, "sql"))).collect()
    }

    /// The SQL text of a table.
    pub fn text_of(&self, table: &str) -> String {
        self.texts(&format!("SELECT sql FROM sqlite_master WHERE name = '{table}'")).remove(0)
    }

    /// Conditions for all rows of a table together, and for each row alone.
    pub fn one_by_one(&self, table: &str) -> Vec<String> {
        let key = self.texts(&format!(
            "SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk"
        ));
        let list = key.join(", ");
        let count = self.query(&format!("SELECT count(*) AS rows FROM {table}"));
        let one = |row: u64| {
            format!(
                " WHERE ({list}) = (SELECT {list} FROM {table} ORDER BY {list} LIMIT 1 OFFSET {row})"
            )
        };
        let count = count[0]["rows"].as_u64().unwrap();
        std::iter::once(String::new()).chain((0..count).map(one)).collect()
    }

    /// The name and type of each column of a table.
    pub fn columns(&self, table: &str) -> Vec<(String, String)> {
        let rows = self.query(&format!("SELECT name, type FROM pragma_table_info('{table}')"));
        let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap().to_owned();
        rows.iter().map(|row| (text(row, "name"), text(row, "type"))).collect()
    }
}
