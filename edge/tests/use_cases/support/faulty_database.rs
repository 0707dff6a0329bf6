//! The database of the tests: SQLite behind the same interface as D1, with injected faults.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::Write;
use std::sync::{Mutex, OnceLock};

use edge::database::sqlite::Sqlite;
use edge::database::{Database, DatabaseError, Rows, Statement};

use super::executor::yield_once;
use super::rng::Rng;

/// A fault at a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The batch is not applied, and the caller is told that the outcome is unknown.
    LostBefore,
    /// The batch is applied, and the caller is told that the outcome is unknown.
    LostAfter,
    /// The request dies before the batch.
    DieBefore,
    /// The request dies after the batch.
    DieAfter,
    /// This batch and all later ones of the request fail without being applied.
    Down,
}

impl Fault {
    /// Every kind of fault.
    pub const ALL: [Fault; 5] =
        [Fault::LostBefore, Fault::LostAfter, Fault::DieBefore, Fault::DieAfter, Fault::Down];
}

/// Which batches fail.
enum Plan {
    /// None.
    Never,
    /// The batch with this number, counted from zero.
    Once(usize, Fault),
    /// This percentage of the batches, with a random kind of fault.
    Random(u64, Rng),
}

/// SQLite with injected faults.
pub struct FaultyDatabase {
    inner: Sqlite,
    plan: RefCell<Plan>,
    batches: Cell<usize>,
    down: Cell<bool>,
    yields: Cell<bool>,
}

impl FaultyDatabase {
    /// A database without faults.
    pub fn new(inner: Sqlite) -> FaultyDatabase {
        FaultyDatabase {
            inner,
            plan: RefCell::new(Plan::Never),
            batches: Cell::new(0),
            down: Cell::new(false),
            yields: Cell::new(false),
        }
    }

    /// Makes one batch fail: 0 is the next one, 1 the one after it.
    pub fn fail_once(&self, ahead: usize, fault: Fault) {
        self.plan.replace(Plan::Once(self.batches.get() + ahead, fault));
    }

    /// From now on this percentage of the batches fails.
    pub fn fail_randomly(&self, percent: u64, seed: u64) {
        self.plan.replace(Plan::Random(percent, Rng::new(seed)));
    }

    /// Stops the faults. Returns whether a planned fault had not happened yet.
    pub fn stop_failing(&self) -> bool {
        self.down.set(false);
        !matches!(self.plan.replace(Plan::Never), Plan::Never)
    }

    /// Begins another request: a database that was down for the last one is up again.
    pub fn next_request(&self) {
        self.down.set(false);
    }

    /// Sets whether each batch first lets other requests run.
    pub fn yield_before_batches(&self, yields: bool) {
        self.yields.set(yields);
    }

    /// The number of batches requested so far, which is the number of round trips.
    pub fn batches(&self) -> usize {
        self.batches.get()
    }

    /// The connection, for rows that are written in bulk.
    pub fn connection(&self) -> std::cell::Ref<'_, rusqlite::Connection> {
        self.inner.connection()
    }

    /// Runs SQL without faults.
    pub fn raw(&self, sql: &str) -> Result<(), DatabaseError> {
        record_refusal(self.inner.execute_raw(sql))
    }

    /// The rows of a query, without faults.
    pub fn query(&self, sql: &str) -> Vec<serde_json::Value> {
        let rows = self.inner.query_raw(String::leak(sql.to_owned()));
        rows.unwrap_or_else(|error| panic!("{error} in {sql}")).decode().unwrap()
    }

    fn fault(&self) -> Option<Fault> {
        let number = self.batches.replace(self.batches.get() + 1);
        let mut plan = self.plan.borrow_mut();
        match &mut *plan {
            Plan::Never => None,
            Plan::Once(at, fault) if *at == number => {
                let fault = *fault;
                *plan = Plan::Never;
                Some(fault)
            }
            Plan::Once(..) => None,
            Plan::Random(percent, rng) => {
                (rng.next() % 100 < *percent).then(|| Fault::ALL[rng.below(Fault::ALL.len())])
            }
        }
    }
}

impl Database for FaultyDatabase {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
        if self.yields.get() {
            yield_once().await;
        }
        let fault = self.fault();
        if self.down.get() {
            return Err(lost());
        }
        match fault {
            None => record_refusal(self.inner.batch(statements).await),
            Some(Fault::LostBefore) => Err(lost()),
            Some(Fault::LostAfter) => {
                record_refusal(self.inner.batch(statements).await).and(Err(lost()))
            }
            Some(Fault::DieBefore) => std::future::pending().await,
            Some(Fault::DieAfter) => {
                let _ = record_refusal(self.inner.batch(statements).await);
                std::future::pending().await
            }
            Some(Fault::Down) => {
                self.down.set(true);
                Err(lost())
            }
        }
    }

    fn statements_sent(&self) -> u64 {
        self.inner.statements_sent()
    }
}

/// Writes a refusal to the file that `PRAISE_REFUSALS_TO` names, if it is set.
fn record_refusal<T>(outcome: Result<T, DatabaseError>) -> Result<T, DatabaseError> {
    static FILE: OnceLock<Option<Mutex<File>>> = OnceLock::new();
    let file = FILE.get_or_init(|| {
        let path = std::env::var_os("PRAISE_REFUSALS_TO")?;
        Some(Mutex::new(File::create(path).unwrap()))
    });
    if let (Err(error), Some(file)) = (&outcome, file) {
        let text = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(file.lock().unwrap(), "{text}").unwrap();
    }
    outcome
}

fn lost() -> DatabaseError {
    DatabaseError::Unknown("D1_ERROR: Network connection lost.".into())
}
