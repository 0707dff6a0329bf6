//! The database interface: all reads and writes go through [`Database::batch`].
//!
//! There are two implementations with the same migrations and statements: D1 in the Worker, SQLite in
//! native tests. Use cases know only this interface.

pub mod d1;
#[cfg(not(target_arch = "wasm32"))]
pub mod sqlite;

use std::any::type_name;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::calendar::{Day, Moment};
use shared::money::{Currency, MINOR_MAX};

/// A database that runs batches of statements.
#[allow(async_fn_in_trait, reason = "one thread: neither a Worker nor a test sends futures on")]
pub trait Database {
    /// Runs all statements in order as one transaction and returns the rows of each. If any of them
    /// fails, nothing is stored. After [`DatabaseError::Unknown`], either all of it or none of it is.
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError>;

    /// Returns how many statements have been sent since this database was opened, each statement of
    /// a batch included. A Worker may send a limited number in one invocation.
    fn statements_sent(&self) -> u64;
}

impl<D: Database> Database for &D {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
        (**self).batch(statements).await
    }

    fn statements_sent(&self) -> u64 {
        (**self).statements_sent()
    }
}

/// One statement with its parameters, bound to `?1`, `?2`, … in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The SQL. Bound integers arrive as REAL: cast them before arithmetic or concatenation.
    pub sql: &'static str,
    /// At most 100 parameters. Lists are one JSON parameter, read with `json_each`.
    pub params: Vec<Value>,
}

impl Statement {
    /// Creates a statement with its parameters.
    pub fn new(sql: &'static str, params: impl Into<Vec<Value>>) -> Statement {
        Statement { sql, params: params.into() }
    }

    /// A guard: fails the batch with [`DatabaseError::Guard`] of this name unless the statement before
    /// it changed exactly `expected` rows.
    pub fn must_change(expected: i64, guard: &'static str) -> Statement {
        Statement::new(
            "INSERT INTO must (got, expected, guard) VALUES (changes(), ?1, ?2)",
            [Value::from(expected), guard.into()],
        )
    }
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// NULL.
    Null,
    /// An integer within ±(2^53 − 1), which both databases carry exactly.
    Integer(i64),
    /// Text.
    Text(String),
}

impl Value {
    /// The integer as the double that D1 binds. Fails if a double cannot hold it exactly.
    pub(crate) fn as_double(integer: i64) -> Result<f64, DatabaseError> {
        if integer.abs() > MINOR_MAX {
            return Err(DatabaseError::Malformed(format!("{integer} does not fit a bound number")));
        }
        Ok(integer as f64)
    }
}

impl From<i64> for Value {
    fn from(integer: i64) -> Value {
        Value::Integer(integer)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Value {
        Value::Integer(truth.into())
    }
}

impl From<Moment> for Value {
    fn from(moment: Moment) -> Value {
        Value::Integer(moment.ms())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Value {
        Value::Text(text.clone())
    }
}

impl From<Currency> for Value {
    fn from(currency: Currency) -> Value {
        currency.code().into()
    }
}

impl From<Day> for Value {
    fn from(day: Day) -> Value {
        Value::Text(day.to_string())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

/// The rows that one statement returned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows(pub(crate) Vec<serde_json::Value>);

impl Rows {
    /// Decodes each row into `T`, by column name.
    pub fn decode<T: DeserializeOwned>(self) -> Result<Vec<T>, DatabaseError> {
        let decode = |row| serde_json::from_value(row);
        self.0
            .into_iter()
            .map(decode)
            .collect::<Result<_, _>>()
            .map_err(|error| DatabaseError::Malformed(format!("a row cannot be decoded: {error}")))
    }

    /// Decodes the first row into `T`, if there is one.
    pub fn first<T: DeserializeOwned>(self) -> Result<Option<T>, DatabaseError> {
        Ok(self.decode()?.into_iter().next())
    }

    /// Whether there is any row.
    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }
}

/// The results of a batch, taken one statement after the other.
pub struct Results(std::vec::IntoIter<Rows>);

impl Results {
    /// Takes the rows of the next statement; no rows if there is none.
    pub fn take(&mut self) -> Rows {
        self.0.next().unwrap_or_default()
    }
}

impl From<Vec<Rows>> for Results {
    fn from(rows: Vec<Rows>) -> Results {
        Results(rows.into_iter())
    }
}

/// Why a batch failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseError {
    /// A trigger refused: `RAISE(ABORT, 'rule:<code>')`. Nothing was stored.
    Rule(String),
    /// A guard counted other rows than expected. Nothing was stored.
    Guard(String),
    /// The outcome is unknown: all of the batch is stored, or none of it.
    Unknown(String),
    /// A parameter or a row does not have the shape that this code expects: JSON that cannot be
    /// written or read, or an integer out of range. If it is a parameter, nothing was sent.
    Malformed(String),
    /// Any other error of the engine. Nothing was stored.
    Other(String),
}

impl DatabaseError {
    /// Classifies the engine's error text. Only a lost or reset connection leaves the outcome unknown.
    pub(crate) fn from_text(text: &str) -> DatabaseError {
        if let Some(code) = named(text, "rule:") {
            return DatabaseError::Rule(code);
        }
        if let Some(guard) = named(text, "guard:") {
            return DatabaseError::Guard(guard);
        }
        // The errors that can come after a commit: https://developers.cloudflare.com/d1/observability/debug-d1/
        let unknown = [
            "Network connection lost",
            "to be reset",
            "was reset",
            "reset because",
            "exceeded timeout",
            "transient issue",
            "overloaded",
        ];
        if unknown.iter().any(|part| text.contains(part)) {
            return DatabaseError::Unknown(text.to_owned());
        }
        DatabaseError::Other(text.to_owned())
    }

    /// The code of the rule that refused, if one did.
    pub fn rule(&self) -> Option<&str> {
        match self {
            DatabaseError::Rule(code) => Some(code),
            _ => None,
        }
    }

    /// The name of the guard that failed, if one did.
    pub fn guard(&self) -> Option<&str> {
        match self {
            DatabaseError::Guard(guard) => Some(guard),
            _ => None,
        }
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseError::Rule(code) => write!(f, "rule {code}"),
            DatabaseError::Guard(guard) => write!(f, "guard {guard}"),
            DatabaseError::Unknown(text) => write!(f, "outcome unknown: {text}"),
            DatabaseError::Malformed(text) => write!(f, "malformed: {text}"),
            DatabaseError::Other(text) => f.write_str(text),
        }
    }
}

/// Writes `value` as JSON, for a parameter that `json_each` reads or a body that is stored.
pub fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String, DatabaseError> {
    serde_json::to_string(value)
        .map_err(|error| DatabaseError::Malformed(format!("{}: {error}", type_name::<T>())))
}

/// Reads a value from a column that holds JSON.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, DatabaseError> {
    serde_json::from_str(text)
        .map_err(|error| DatabaseError::Malformed(format!("{}: {error}", type_name::<T>())))
}

/// Ids as one parameter, for `json_each`.
pub fn ids<'a>(ids: impl Iterator<Item = &'a String>) -> Result<Value, DatabaseError> {
    to_json(&ids.collect::<Vec<_>>()).map(Value::from)
}

/// The word after a marker: letters, digits and underscores.
fn named(text: &str, marker: &str) -> Option<String> {
    let (_, rest) = text.split_once(marker)?;
    let is_part = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    Some(rest.chars().take_while(is_part).collect()).filter(|word: &String| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_engines_say() {
        let read = DatabaseError::from_text;
        assert_eq!(
            read("D1_ERROR: rule:reader_day_cap: SQLITE_CONSTRAINT"),
            DatabaseError::Rule("reader_day_cap".into()),
        );
        assert_eq!(read("guard:intent_open"), DatabaseError::Guard("intent_open".into()));
        assert!(matches!(read("D1_ERROR: Network connection lost."), DatabaseError::Unknown(_)));
        assert!(matches!(read("UNIQUE constraint failed: x.y"), DatabaseError::Other(_)));
    }
}
