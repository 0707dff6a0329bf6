//! The self-check recomputes every balance, counter and invariant from the rows that it depends on,
//! and returns every violation. A healthy database has none.
//!
//! [`self_check`] runs every check over everything, for the sandbox and the tests. In production,
//! [`crate::people::operator::nightly_check`] runs the same statements range by range.

mod articles;
mod bills;
mod check;
mod counters;
mod deadlines;
mod disputes;
mod freezes;
mod history;
mod ledger;
mod payments;
mod payouts;
mod receiving;
mod wall;

use serde::{Deserialize, Serialize};
use shared::calendar::Moment;

use crate::database::{Database, DatabaseError, Results, Rows, Statement, Value};
use check::Check;

/// Minutes after its end at which an attempt counts as stuck.
const GRACE_MINUTES: i64 = 15;

/// A violation of an invariant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The name of the check that found it.
    pub check: String,
    /// The id of the row that is wrong.
    pub subject: String,
    /// What was found and what was expected.
    pub detail: String,
    /// The official account that it concerns, if any.
    pub account_id: Option<String>,
}

/// The key of a row, of up to three columns; the others are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// The first column.
    pub one: String,
    /// The second column.
    pub two: String,
    /// The third column.
    pub three: String,
}

impl Key {
    /// Returns a key that is after every key: ids and names are ASCII.
    pub fn last() -> Key {
        Key { one: char::MAX.to_string(), ..Key::default() }
    }

    fn values(&self) -> [Value; 3] {
        [&self.one, &self.two, &self.three].map(Value::from)
    }
}

/// Every check, in the order they run.
fn checks() -> impl Iterator<Item = &'static Check> {
    [
        ledger::CHECKS,
        payments::CHECKS,
        payouts::CHECKS,
        disputes::CHECKS,
        counters::CHECKS,
        receiving::CHECKS,
        wall::CHECKS,
        history::CHECKS,
        deadlines::CHECKS,
        bills::CHECKS,
        articles::CHECKS,
        freezes::CHECKS,
    ]
    .into_iter()
    .flatten()
}

/// The names of all checks, in the order they run.
pub fn names() -> impl Iterator<Item = &'static str> {
    checks().map(|check| check.name)
}

/// Returns the statements that find where a check's range ends if it begins after this key. See
/// [`range_end`].
pub fn steps(check: &str, after: &Key, rows: i64) -> Vec<Statement> {
    let steps = find(check).map_or(&[][..], |check| check.steps);
    let [one, two, three] = after.values();
    let params = [one, two, three, (rows - 1).max(0).into()];
    steps.iter().map(|sql| statement(sql, &params)).collect()
}

/// Returns where a range ends, from the results of its [`steps`]: the nearest end, or [`Key::last`]
/// if no step has found one.
pub fn range_end(results: impl Iterator<Item = Rows>) -> Result<Key, DatabaseError> {
    let mut end = Key::last();
    for rows in results {
        if let Some(key) = rows.first::<Key>()? {
            end = end.min(key);
        }
    }
    Ok(end)
}

/// Returns the statement that checks one range; `None` if this release does not have the check.
pub fn range(check: &str, after: &Key, up_to: &Key, now: Moment) -> Option<Statement> {
    Some(check_range(find(check)?, after, up_to, now))
}

/// Reads what the statement of [`range`] has found.
pub fn violations(check: &str, rows: Rows) -> Result<Vec<Violation>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        subject: String,
        detail: String,
        account_id: Option<String>,
    }
    let violation = |row: Row| Violation {
        check: check.to_owned(),
        subject: row.subject,
        detail: row.detail,
        account_id: row.account_id,
    };
    Ok(rows.decode::<Row>()?.into_iter().map(violation).collect())
}

/// Runs every check over everything.
pub async fn self_check<D: Database>(db: &D, now: Moment) -> Result<Vec<Violation>, DatabaseError> {
    let (first, last) = (Key::default(), Key::last());
    let statements = checks().map(|check| check_range(check, &first, &last, now));
    let mut results = Results::from(db.batch(statements.collect()).await?);
    let mut found = Vec::new();
    for name in names() {
        found.extend(violations(name, results.take())?);
    }
    Ok(found)
}

fn find(name: &str) -> Option<&'static Check> {
    checks().find(|check| check.name == name)
}

fn check_range(check: &Check, after: &Key, up_to: &Key, now: Moment) -> Statement {
    let mut params = vec![Value::from(now.plus_minutes(-GRACE_MINUTES))];
    params.extend(after.values());
    params.extend(up_to.values());
    statement(check.sql, &params)
}

/// A statement with only the parameters that it reads: a database refuses additional ones.
fn statement(sql: &'static str, params: &[Value]) -> Statement {
    let is_read = |number: &usize| sql.contains(&format!("?{number}"));
    let count = (1..=params.len()).rev().find(is_read).unwrap_or(0);
    Statement::new(sql, params.iter().take(count).cloned().collect::<Vec<_>>())
}
