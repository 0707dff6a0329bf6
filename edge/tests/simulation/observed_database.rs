//! The databases of the simulation: SQLite that reports every row it writes, batch by batch, and
//! fails or dies according to the request's fault plan.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use edge::database::sqlite::Sqlite;
use edge::database::{Database, DatabaseError, Rows, Statement};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use shared::calendar::Moment;

use super::fault_plan::{BatchFault, FaultPlan};
use super::sabotage::Sabotage;

/// One of the two databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The product's.
    Product,
    /// The provider's, which is the truth about money.
    Provider,
}

/// A column of a written row.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// NULL.
    Null,
    /// An integer.
    Integer(i64),
    /// A text.
    Text(String),
}

/// A written row: its table, then its columns in the order of the observation.
pub type WrittenRow = Vec<Field>;

/// The rows that one batch has written.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The database.
    pub side: Side,
    /// The moment at which the request ran; `None` if no request wrote it.
    pub at: Option<Moment>,
    /// The rows, in the order of writing.
    pub rows: Vec<WrittenRow>,
}

/// Everything that was committed since it was last read, in both databases, in order.
pub type Journal = Rc<RefCell<Vec<Commit>>>;

/// A database that keeps a journal.
pub struct ObservedDatabase {
    sqlite: Sqlite,
    side: Side,
    written: Arc<Mutex<Vec<WrittenRow>>>,
    journal: Journal,
    sabotage: Option<&'static Sabotage>,
}

impl ObservedDatabase {
    /// Observes the tables listed in `tables`: table, verb, and the columns to report.
    pub fn new(
        migrations: &str,
        side: Side,
        tables: &[(&str, &str, &str)],
        journal: &Journal,
        sabotage: Option<&'static Sabotage>,
    ) -> ObservedDatabase {
        let sqlite = Sqlite::with_migrations(&[migrations]).expect("the migrations apply");
        let written: Arc<Mutex<Vec<WrittenRow>>> = Arc::default();
        let into = Arc::clone(&written);
        let connection = sqlite.connection();
        connection
            .create_scalar_function("report_row", -1, FunctionFlags::SQLITE_UTF8, move |context| {
                let row = (0..context.len()).map(|i| field(context.get_raw(i))).collect();
                into.lock().map_err(|_| rusqlite::Error::InvalidQuery)?.push(row);
                Ok(0)
            })
            .expect("a function");
        for (table, verb, columns) in tables {
            let row = if *verb == "DELETE" { "OLD" } else { "NEW" };
            let columns: Vec<String> =
                columns.split_whitespace().map(|column| format!("{row}.{column}")).collect();
            connection
                .execute_batch(&format!(
                    "CREATE TEMP TRIGGER observe_{table}_{verb} AFTER {verb} ON main.{table} BEGIN
                       SELECT report_row('{table}', {}); END",
                    columns.join(", ")
                ))
                .expect("an observing trigger");
        }
        let missing = sabotage.filter(|_| side == Side::Product).map_or(&[][..], Sabotage::missing);
        for trigger in missing {
            connection.execute_batch(&format!("DROP TRIGGER {trigger}")).expect("a trigger");
        }
        if let Some(sabotage) = sabotage.filter(|_| side == Side::Product) {
            connection.execute_batch(sabotage.schema()).expect("the schema");
        }
        drop(connection);
        let sabotage = sabotage.filter(|_| side == Side::Product);
        ObservedDatabase { sqlite, side, written, journal: Rc::clone(journal), sabotage }
    }

    /// Runs SQL without faults; what it writes is reported like a batch.
    pub fn raw(&self, sql: &str) -> Result<(), DatabaseError> {
        let outcome = self.sqlite.execute_raw(sql);
        self.report(outcome.is_ok(), None);
        outcome
    }

    /// The first column of each row of a query, as text and without faults.
    pub fn column(&self, sql: &str) -> Vec<String> {
        let connection = self.sqlite.connection();
        let mut statement = connection.prepare_cached(sql).expect("a query");
        let rows = statement.query_map([], |row| match row.get_ref(0)? {
            ValueRef::Integer(integer) => Ok(integer.to_string()),
            other => Ok(other.as_str().unwrap_or_default().to_owned()),
        });
        rows.expect("rows").map(|row| row.expect("a row")).collect()
    }

    async fn carry_out(
        &self,
        statements: Vec<Statement>,
        at: Option<Moment>,
    ) -> Result<Vec<Rows>, DatabaseError> {
        let statements = match self.sabotage {
            Some(sabotage) => sabotage.apply(statements),
            None => statements,
        };
        let outcome = self.sqlite.batch(statements).await;
        self.report(outcome.is_ok(), at);
        outcome
    }

    fn report(&self, committed: bool, at: Option<Moment>) {
        let rows = std::mem::take(&mut *self.written.lock().expect("one thread"));
        if committed && !rows.is_empty() {
            self.journal.borrow_mut().push(Commit { side: self.side, at, rows });
        }
    }
}

fn field(value: ValueRef<'_>) -> Field {
    match value {
        ValueRef::Integer(integer) => Field::Integer(integer),
        ValueRef::Real(double) => Field::Integer(double as i64),
        ValueRef::Text(text) => Field::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Null | ValueRef::Blob(_) => Field::Null,
    }
}

/// The database of one request.
pub struct RequestDatabase<'a> {
    /// The observed database.
    pub observed: &'a ObservedDatabase,
    /// The request's faults.
    pub plan: &'a FaultPlan,
}

impl Database for RequestDatabase<'_> {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
        let lost = || DatabaseError::Unknown("D1_ERROR: Network connection lost.".into());
        self.plan.yield_once().await;
        if self.observed.side == Side::Product {
            self.plan.count_statements(statements.len());
        }
        let carry_out = self.observed.carry_out(statements, self.plan.now());
        match self.plan.batch(self.observed.side) {
            BatchFault::None => carry_out.await,
            BatchFault::Before => Err(lost()),
            BatchFault::After => carry_out.await.and(Err(lost())),
            BatchFault::DieBefore => std::future::pending().await,
            BatchFault::DieAfter => {
                let _ = carry_out.await;
                std::future::pending().await
            }
        }
    }

    fn statements_sent(&self) -> u64 {
        let ignored = self.observed.sabotage.is_some_and(Sabotage::ignores_the_budget);
        if ignored { 0 } else { self.plan.statements_sent() }
    }
}
