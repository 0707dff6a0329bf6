//! Refuses a statement that gets slower as the tables grow. SQLite plans each statement when it is
//! first sent, and this module reads the plan: no statement may scan a growing table, build an
//! automatic index, or sort the rows of a growing table.
//!
//! The plan includes the triggers that the statement fires. It is the same for an empty and a full
//! database, because ANALYZE is never run. So any test that sends a statement checks its plan.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "it runs in tests, and stops the test that runs a slow statement"
)]

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

use super::query_plan_exceptions::{EXCEPTIONS, FEW_ROWS_EACH, SMALL_INDEXES, SMALL_TABLES};

/// What the author of a refused statement can do.
const ADVICE: &str = "\
What to do:
- SCAN of a table, AUTOMATIC INDEX: look the rows up by an index. Add it to the migration, or change
  the condition so that it compares the indexed column itself. `LIKE`, functions, `||` and `OR` over
  two columns use no index. INDEXED BY forces a partial index that the planner does not choose.
- SCAN of person: the view `human` computes its column. Write
  `person_id IN (SELECT same_id FROM human_person WHERE person_id = …)`, in triggers, too.
- USE TEMP B-TREE: let an index return the rows in this order: its columns are those that are
  compared with `=`, then those of ORDER BY or GROUP BY, with the same directions. Continue a list
  by keyset, and end it with LIMIT.
- If the rows are few for a reason that the plan does not show, add the table to SMALL_TABLES, the
  index to SMALL_INDEXES or FEW_ROWS_EACH, or the statement to EXCEPTIONS, with the reason, in
  edge/src/database/sqlite/query_plan_exceptions.rs.";

/// Returns true for the first call with this SQL text in this process, and false after that.
pub(super) fn mark_seen(sql: &'static str) -> bool {
    static CHECKED: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    /// Address and length of each text seen before, which are cheaper to compare than the texts.
    static SEEN: Mutex<BTreeSet<(usize, usize)>> = Mutex::new(BTreeSet::new());
    let place = (sql.as_ptr().addr(), sql.len());
    SEEN.lock().unwrap_or_else(PoisonError::into_inner).insert(place)
        && CHECKED.lock().unwrap_or_else(PoisonError::into_inner).insert(sql)
}

/// Panics if the statement gets slower as a table grows.
pub(super) fn check(connection: &Connection, sql: &str) {
    // A statement that does not compile fails with its own error when it runs.
    let Ok(faults) = faults(connection, sql) else { return };
    if !faults.is_empty() {
        let faults = faults.join("\n  ");
        panic!("this statement gets slower as the product is used:\n  {faults}\n{ADVICE}\n{sql}");
    }
}

/// Returns the lines of the plan whose cost grows with a table.
pub(crate) fn faults(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    if is_self_check(connection, sql)? {
        return Ok(Vec::new());
    }
    // Inserting a parent row can only repair a broken foreign key. SQLite scans the child tables only
    // while violations are pending, but the plan always lists these scans. So foreign keys are off
    // while an INSERT is planned.
    connection.pragma_update(None, "foreign_keys", !sql.starts_with("INSERT"))?;
    let plan = plan(connection, sql);
    connection.pragma_update(None, "foreign_keys", true)?;
    let plan = plan?;
    let schema = Schema::read(connection, sql)?;
    let mut faults = Vec::new();
    for (i, line) in plan.iter().enumerate() {
        let is_excused =
            EXCEPTIONS.iter().any(|one| line.detail.starts_with(one.plan) && sql.contains(one.sql));
        if !is_excused && grows(connection, &schema, &plan, i)? {
            faults.push(line.detail.clone());
        }
    }
    Ok(faults)
}

/// Whether the statement belongs to the self-check, which reads whole tables. No other statement
/// begins with these two columns.
fn is_self_check(connection: &Connection, sql: &str) -> rusqlite::Result<bool> {
    Ok(connection.prepare(sql)?.column_names().take(2).eq(["subject", "detail"]))
}

/// A line of a query plan, with the id of its parent line.
struct Line {
    parent: i64,
    detail: String,
}

fn plan(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<Line>> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let lines =
        statement.raw_query().mapped(|row| Ok(Line { parent: row.get(1)?, detail: row.get(3)? }));
    lines.collect()
}

fn grows(
    connection: &Connection,
    schema: &Schema,
    plan: &[Line],
    i: usize,
) -> rusqlite::Result<bool> {
    let line = &plan[i];
    if let Some(rest) = line.detail.strip_prefix("SCAN ") {
        let name = rest.split(' ').next().unwrap_or_default();
        // The only virtual table is json_each: the items of one parameter.
        let is_small = rest.contains(" VIRTUAL TABLE ")
            || rest.rsplit_once(" INDEX ").is_some_and(|(_, index)| is_in(SMALL_INDEXES, index));
        return Ok(!is_small && schema.has_many_rows(name));
    }
    if line.detail.starts_with("SEARCH ") {
        return Ok(line.detail.contains(" AUTOMATIC "));
    }
    if line.detail.starts_with("USE TEMP B-TREE") {
        // The earlier lines of the same SELECT are the tables whose rows are sorted.
        let before = plan[..i].iter().rev();
        let before = before.take_while(|other| !other.detail.starts_with("-- TRIGGER"));
        let before = before.filter(|other| other.parent == line.parent);
        for other in before.take_while(|other| !other.detail.starts_with("USE TEMP")) {
            let Some(rest) = other.detail.strip_prefix("SEARCH ") else { continue };
            let name = rest.split(' ').next().unwrap_or_default();
            if schema.has_many_rows(name) && !finds_few_rows(connection, schema, rest)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether a search finds few rows: it compares every column of a key, or uses an index of
/// [`FEW_ROWS_EACH`].
fn finds_few_rows(connection: &Connection, schema: &Schema, rest: &str) -> rusqlite::Result<bool> {
    let Some((how, compared)) = rest.split_once(" (") else { return Ok(false) };
    let compared = compared.matches("=?").count() as i64;
    let key: i64 = if how.contains("PRIMARY KEY") {
        let name = rest.split(' ').next().unwrap_or_default();
        let mut longest = 0;
        for table in schema.tables_called(name) {
            let sql = "SELECT count(*) FROM pragma_table_info(?1) WHERE pk > 0";
            longest = longest.max(connection.query_row(sql, [table], |row| row.get(0))?);
        }
        longest
    } else if let Some((_, index)) = how.rsplit_once(" INDEX ") {
        if is_in(FEW_ROWS_EACH, index) {
            return Ok(true);
        }
        let sql = "SELECT count(*) FROM pragma_index_info(?1), sqlite_master
                   WHERE sqlite_master.name = ?1
                     AND (sql IS NULL OR sql LIKE 'CREATE UNIQUE INDEX%')";
        connection.query_row(sql, [index], |row| row.get(0))?
    } else {
        return Ok(how.contains("ROWID") || how.contains("INTEGER"));
    };
    Ok(key > 0 && compared >= key)
}

fn is_in(list: &[(&str, &str)], name: &str) -> bool {
    list.iter().any(|(one, _)| *one == name)
}

/// Resolves the names in a plan to tables.
struct Schema {
    tables: BTreeSet<String>,
    /// The tokens of the statement, the views and the triggers. Aliases are looked up here.
    words: Vec<String>,
}

impl Schema {
    fn read(connection: &Connection, sql: &str) -> rusqlite::Result<Schema> {
        let column = |sql: &str| -> rusqlite::Result<Vec<String>> {
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_map([], |row| row.get(0))?.collect()
        };
        let tables = column("SELECT name FROM sqlite_master WHERE type = 'table'")?;
        let texts = column("SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'view')")?;
        let texts = texts.iter().map(String::as_str).chain([sql]);
        let words = texts.flat_map(words).collect();
        Ok(Schema { tables: tables.into_iter().collect(), words })
    }

    /// Whether a name in a plan can stand for a table that grows. A subquery cannot, because its own
    /// lines are checked. An unknown name can.
    fn has_many_rows(&self, name: &str) -> bool {
        let is_small =
            |table: &&String| is_in(SMALL_TABLES, table) || table.starts_with("sandbox_");
        let tables = self.tables_called(name);
        if !tables.is_empty() {
            return !tables.iter().all(is_small);
        }
        let names_subquery = |words: &[String]| {
            (words[0] == "AS" && words[1] == name)
                || (words[0] == name && (words[1] == "AS" || words[1] == "("))
        };
        let is_subquery = name.starts_with('(') || name == "CONSTANT";
        !is_subquery && !self.words.windows(2).any(names_subquery)
    }

    /// The tables that a name in a plan can stand for: the table of this name and every table that
    /// has it as an alias. A plan shows only the alias.
    fn tables_called(&self, name: &str) -> Vec<&String> {
        let aliased = self.words.windows(3).filter(|words| words[1] == "AS" && words[2] == name);
        let named = aliased.map(|words| &words[0]).chain(self.tables.get(name));
        named.filter(|table| self.tables.contains(*table)).collect()
    }
}

fn words(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = vec![String::new()];
    let mut was_part = false;
    for c in text.chars() {
        if is_part(c) && was_part {
            if let Some(word) = words.last_mut() {
                word.push(c);
            }
        } else if !c.is_whitespace() {
            words.push(c.to_string());
        }
        was_part = is_part(c);
    }
    words
}
