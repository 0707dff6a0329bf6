//! Removes one of the schema's guards, to find out which tests miss it.
//!
//! A guard has the name that `cargo xtask guards` prints:
//!
//! - `rule praise_book own_article`: a trigger and a rule it raises,
//! - `keeper praise_born`: a trigger that maintains other rows,
//! - `check praise praise_matured`: a CHECK by its name, or by its expression,
//! - `unique praise(intent_id)`, `key praise(id)`: constraints of a table,
//! - `index refund_one_open`: a unique index,
//! - `reference praise(intent_id) intent`: a foreign key.
//!
//! A key is removed together with the references to it, because SQLite accepts references only to a
//! key. The guard `nothing` rewrites the schema and keeps all its guards.

use serde_json::Value;

use super::faulty_database::FaultyDatabase;
use super::schema_sql::{check_spans, collapse_white_space, definitions};

const NOTHING: &str = "nothing";

/// Whether the guard belongs to the schema in this folder.
pub fn applies_to(guard: &str, folder: &str) -> bool {
    guard == NOTHING || is_in_sandbox(guard) == (folder == "migrations-sandbox")
}

/// Whether the guard belongs to the sandbox provider's schema instead of the product's.
pub fn is_in_sandbox(guard: &str) -> bool {
    guard.split(' ').nth(1).is_some_and(|name| name.starts_with("sandbox_"))
}

/// A database as text: its schema and its rows.
pub struct DatabaseDump {
    /// Type, name and text of everything in the schema, tables first.
    objects: Vec<[String; 3]>,
    rows: String,
}

impl DatabaseDump {
    /// Dumps a database.
    pub fn of(db: &FaultyDatabase) -> DatabaseDump {
        let found = db.query(
            "SELECT type, name, sql FROM sqlite_master
             WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
             ORDER BY type <> 'table', type <> 'view', rowid",
        );
        let text = |object: &Value, key: &str| object[key].as_str().unwrap().to_owned();
        let objects: Vec<_> = found
            .iter()
            .map(|object| {
                let [kind, name, sql] = ["type", "name", "sql"].map(|key| text(object, key));
                let sql = if kind == "table" { collapse_white_space(&sql) } else { sql };
                [kind, name, sql]
            })
            .collect();
        let tables = objects.iter().filter(|[kind, ..]| kind == "table");
        let rows = tables.map(|[_, table, _]| rows(db, table)).collect();
        DatabaseDump { objects, rows }
    }

    /// The same without one guard, as SQL for an empty database.
    pub fn without(&self, guard: &str) -> String {
        let mut is_there = false;
        let mut text = |is_table: bool| -> String {
            let objects = self.objects.iter().filter(|[kind, ..]| (kind == "table") == is_table);
            let weak = objects.map(|[kind, name, sql]| {
                let weak = without_guard(kind, name, sql, guard);
                is_there |= weak != *sql;
                weak + ";\n"
            });
            weak.collect()
        };
        let [tables, others] = [text(true), text(false)];
        assert!(is_there || guard == NOTHING, "the schema has no guard {guard}");
        // Rows are inserted in any order and before the triggers exist: they already contain what
        // the triggers wrote.
        let rows = &self.rows;
        format!("BEGIN; PRAGMA defer_foreign_keys = ON;\n{tables}{rows}{others}COMMIT;")
    }
}

/// The rows of a table, as SQL.
fn rows(db: &FaultyDatabase, table: &str) -> String {
    let columns = db.query(&format!("SELECT name FROM pragma_table_info('{table}')"));
    let quoted: Vec<_> = columns
        .iter()
        .map(|column| format!("quote({})", column["name"].as_str().unwrap()))
        .collect();
    let list = quoted.join(" || ', ' || ");
    let stored = db.query(&format!("SELECT {list} AS list FROM {table}"));
    let insert =
        |row: &Value| format!("INSERT INTO {table} VALUES ({});\n", row["list"].as_str().unwrap());
    stored.iter().map(insert).collect()
}

/// One object of the schema, without the guard if it contains it.
fn without_guard(kind: &str, name: &str, sql: &str, guard: &str) -> String {
    let (guard_kind, rest) = guard.split_once(' ').unwrap_or((guard, ""));
    let (subject, detail) = rest.split_once(' ').unwrap_or((rest, ""));
    match (kind, guard_kind) {
        ("trigger", "rule") if subject == name => {
            sql.replace(&format!("RAISE(ABORT, 'rule:{detail}')"), "NULL")
        }
        ("trigger", "keeper") | ("index", "index") if subject == name => String::new(),
        ("table", "check") if subject == name => without_check(sql, detail),
        ("table", "unique" | "key" | "reference") => {
            let (table, columns) = rest.split_once('(').unwrap();
            let (columns, target) = columns.split_once(')').unwrap();
            without_constraint(name, sql, guard_kind, table, columns, target.trim())
        }
        _ => sql.to_owned(),
    }
}

/// A table without one CHECK.
fn without_check(sql: &str, check: &str) -> String {
    let mut text = sql.to_owned();
    for (_, span) in check_spans(sql).into_iter().rev().filter(|(name, _)| name == check) {
        text.replace_range(span, "1");
    }
    text
}

/// A table without one of its keys, UNIQUE constraints or references.
fn without_constraint(
    name: &str,
    sql: &str,
    kind: &str,
    table: &str,
    columns: &str,
    target: &str,
) -> String {
    let (head, all, tail) = definitions(sql);
    let is_keyless = kind == "key" && name == table;
    let loosened = |definition: String| -> Option<String> {
        let refers_to = |target: &str| format!("REFERENCES {target} (");
        let is_column = definition.split(' ').next() == Some(columns);
        match kind {
            "key" if is_keyless && definition == format!("PRIMARY KEY ({columns})") => None,
            "key" if is_keyless && is_column => Some(definition.replace(" PRIMARY KEY", "")),
            "key" if definition.contains(&refers_to(table)) => without_reference(&definition),
            "unique" if name == table && definition == format!("UNIQUE ({columns})") => None,
            "unique" if name == table && is_column => Some(definition.replace(" UNIQUE", "")),
            "reference" if name == table && definition.contains(&refers_to(target)) => {
                let is_it =
                    is_column || definition.starts_with(&format!("FOREIGN KEY ({columns}) "));
                if is_it { without_reference(&definition) } else { Some(definition) }
            }
            _ => Some(definition),
        }
    };
    let left: Vec<_> = all.into_iter().filter_map(loosened).collect();
    let tail = if is_keyless { tail.replace(", WITHOUT ROWID", "") } else { tail.to_owned() };
    format!("{head}{}{tail}", left.join(", "))
}

/// A column without its reference; `None` for a constraint.
fn without_reference(definition: &str) -> Option<String> {
    let (before, after) = definition.split_once(" REFERENCES ")?;
    let column = format!("{before}{}", after.split_once(')')?.1);
    (!definition.starts_with("FOREIGN KEY")).then_some(column)
}
