//! Every guard that the schemas contain, read from the schemas themselves.

use std::collections::BTreeSet;

use super::fixture::FilledDatabase;
use crate::support::schema_sql::checks;

/// A key, a UNIQUE constraint or a unique index.
pub struct Unique {
    /// Its name as a guard.
    pub guard: String,
    /// Its table.
    pub table: String,
    /// The columns that must differ.
    pub columns: Vec<String>,
    /// Whether it is a partial index.
    pub partly: bool,
}

/// A foreign key.
pub struct Reference {
    /// Its name as a guard.
    pub guard: String,
    /// Its table.
    pub table: String,
    /// The referring columns.
    pub columns: Vec<String>,
}

impl Unique {
    /// An UPDATE that makes the last row equal to the first, or all rows equal for a partial index.
    pub fn second_row(&self) -> String {
        let table = &self.table;
        let list = self.columns.join(", ");
        let first = format!("SELECT {list} FROM {table} ORDER BY {list} LIMIT 1");
        let down: Vec<_> = self.columns.iter().map(|column| format!("{column} DESC")).collect();
        let last = format!("SELECT {list} FROM {table} ORDER BY {} LIMIT 1", down.join(", "));
        let rows = if self.partly { String::new() } else { format!(" WHERE ({list}) = ({last})") };
        format!("UPDATE {table} SET ({list}) = ({first}){rows}")
    }

    /// SQLite's message when it refuses.
    pub fn refusal_message(&self) -> String {
        let named = self.columns.iter().map(|column| format!("{}.{column}", self.table));
        format!("UNIQUE constraint failed: {}", named.collect::<Vec<_>>().join(", "))
    }
}

impl Reference {
    /// An UPDATE that refers to a row that does not exist.
    pub fn dangling_update(&self) -> String {
        let column = &self.columns[0];
        let other = if column == "policy_version" {
            "policy_version + 998".to_owned()
        } else {
            format!("{column} || '?'")
        };
        format!("UPDATE {} SET {column} = {other}", self.table)
    }
}

/// Every key, UNIQUE constraint and unique index of a database.
pub fn uniques(database: &FilledDatabase) -> Vec<Unique> {
    let mut found = Vec::new();
    for table in database.tables() {
        for index in database.query(&format!(
            "SELECT name, partial, origin FROM pragma_index_list('{table}') WHERE \"unique\" = 1"
        )) {
            let name = index["name"].as_str().unwrap();
            let columns = database
                .texts(&format!("SELECT name FROM pragma_index_info('{name}') ORDER BY seqno"));
            let list = columns.join(", ");
            let guard = match index["origin"].as_str() {
                Some("pk") => format!("key {table}({list})"),
                Some("u") => format!("unique {table}({list})"),
                _ => format!("index {name}"),
            };
            let table = table.clone();
            found.push(Unique { guard, table, columns, partly: index["partial"] == 1 });
        }
    }
    found
}

/// Every foreign key of a database.
pub fn references(database: &FilledDatabase) -> Vec<Reference> {
    let mut found = Vec::new();
    for table in database.tables() {
        for key in database.query(&format!(
            "SELECT \"table\" AS target, group_concat(\"from\", ', ') AS columns
             FROM (SELECT * FROM pragma_foreign_key_list('{table}') ORDER BY id, seq)
             GROUP BY id"
        )) {
            let [target, list] = ["target", "columns"].map(|name| key[name].as_str().unwrap());
            let columns = list.split(", ").map(str::to_owned).collect();
            let guard = format!("reference {table}({list}) {target}");
            found.push(Reference { guard, table: table.clone(), columns });
        }
    }
    found
}

/// The names of all guards of the schemas; see `support::guard_removal`.
pub fn guards() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for database in [FilledDatabase::product(), FilledDatabase::sandbox()] {
        for (trigger, text) in database.triggers() {
            let rules = text.split("'rule:").skip(1).map(|rest| rest.split('\'').next().unwrap());
            let rules: Vec<_> = rules.map(|rule| format!("rule {trigger} {rule}")).collect();
            if rules.is_empty() {
                found.insert(format!("keeper {trigger}"));
            }
            found.extend(rules);
        }
        for table in database.tables() {
            let names = checks(&database.text_of(&table));
            found.extend(names.into_iter().map(|check| format!("check {table} {check}")));
        }
        found.extend(uniques(&database).into_iter().map(|unique| unique.guard));
        found.extend(references(&database).into_iter().map(|reference| reference.guard));
    }
    found
}
