//! The SQLite implementation for native tests. It is as strict as D1, so that a statement that passes
//! here passes there: numbers bind as doubles, a statement takes at most 100 parameters, a compound
//! SELECT at most five terms.

mod pool;
mod query_plan;
mod query_plan_exceptions;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};

use super::{Database, DatabaseError, Rows, Statement, Value};
use pool::{Image, Lease};

/// A SQLite database, in memory unless it was opened from a file.
pub struct Sqlite {
    connection: RefCell<Lease>,
    /// The database as it was after its migrations; `None` for a file.
    image: Option<Image>,
    sent: Cell<u64>,
    checks_plans: Cell<bool>,
}

impl Sqlite {
    /// A fresh database with these migrations applied in order.
    pub fn with_migrations(migrations: &[&str]) -> Result<Sqlite, DatabaseError> {
        let image = migrated(&migrations.join("\n"))?;
        let connection = configured(opened(&image)?)?;
        Ok(Sqlite::on(Lease::owned(connection), Some(image)))
    }

    /// Like [`Sqlite::with_migrations`], on a pooled connection. Its statements stay prepared, and
    /// preparing them takes most of a short test. Writes are rolled back when the database is dropped.
    pub fn pooled(migrations: &[&str]) -> Result<Sqlite, DatabaseError> {
        let image = migrated(&migrations.join("\n"))?;
        let connection = idle_or_new(&image)?;
        let lease = Lease::pooled(Arc::clone(&image), connection).map_err(error)?;
        Ok(Sqlite::on(lease, Some(image)))
    }

    /// Opens a database file and applies these migrations in order. For benchmarks with more rows than
    /// fit into memory.
    pub fn open(path: &Path, migrations: &[&str]) -> Result<Sqlite, DatabaseError> {
        let connection = Connection::open(path).map_err(error)?;
        connection.execute_batch("PRAGMA foreign_keys = ON").map_err(error)?;
        connection.execute_batch(&migrations.join("\n")).map_err(error)?;
        Ok(Sqlite::on(Lease::owned(configured(connection)?), None))
    }

    fn on(lease: Lease, image: Option<Image>) -> Sqlite {
        Sqlite {
            connection: RefCell::new(lease),
            image,
            sent: Cell::new(0),
            checks_plans: Cell::new(true),
        }
    }

    /// Turns off the query plan check, for a test that has removed an index or a trigger from the
    /// schema.
    pub fn without_plan_checks(self) -> Sqlite {
        self.checks_plans.set(false);
        self
    }

    /// The connection, for tests that watch every row that is written.
    pub fn connection(&self) -> std::cell::Ref<'_, Connection> {
        std::cell::Ref::map(self.connection.borrow(), |lease| &**lease)
    }

    /// Runs a test's SQL unchanged, for violations that no statement of the product causes.
    pub fn execute_raw(&self, sql: &str) -> Result<(), DatabaseError> {
        // Leaves the pool: some pragmas have no effect in a transaction, others outlast a rollback,
        // and after the rollback of a schema change SQLite prepares every statement again.
        if ["PRAGMA ", "CREATE ", "DROP "].iter().any(|word| sql.contains(word)) {
            self.connection.borrow_mut().commit_and_detach().map_err(error)?;
        }
        self.connection.borrow().execute_batch(sql).map_err(error)
    }

    /// Returns the lines of a statement's query plan whose cost grows with the tables.
    pub fn plan_faults(&self, sql: &str) -> Result<Vec<String>, DatabaseError> {
        self.connection.borrow_mut().commit_and_detach().map_err(error)?;
        query_plan::faults(&self.connection.borrow(), sql).map_err(error)
    }

    /// Returns the tables, indexes and statements that the query plan check allows, with the reasons.
    pub fn plan_exceptions() -> impl Iterator<Item = (&'static str, &'static str)> {
        query_plan_exceptions::all()
    }

    /// Runs a test's own query without the query plan check and returns its rows.
    pub fn query_raw(&self, sql: &'static str) -> Result<Rows, DatabaseError> {
        run(&self.connection.borrow(), &Statement::new(sql, []))
    }
}

/// Applies migrations, once per process and set of migrations, because tests create thousands of
/// databases.
fn migrated(text: &str) -> Result<Image, DatabaseError> {
    static IMAGES: Mutex<BTreeMap<String, Image>> = Mutex::new(BTreeMap::new());
    let mut images = IMAGES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(image) = images.get(text) {
        return Ok(Arc::clone(image));
    }
    let mut connection = Connection::open_in_memory().map_err(error)?;
    connection.execute_batch("PRAGMA foreign_keys = ON").map_err(error)?;
    connection.execute_batch(text).map_err(error)?;
    let image = Arc::new(connection.serialize("main").map_err(error)?.to_vec());
    images.insert(text.to_owned(), Arc::clone(&image));
    Ok(image)
}

/// Opens a copy of a migrated database.
fn opened(image: &Image) -> Result<Connection, DatabaseError> {
    let mut connection = Connection::open_in_memory().map_err(error)?;
    // Not `:memory:`, which lives in the page cache only: SQLite searches all of it at each commit
    // that has rebalanced a tree, so commits would get slower as the database grows.
    connection
        .deserialize_read_exact("main", image.as_slice(), image.len(), false)
        .map_err(error)?;
    Ok(connection)
}

fn idle_or_new(image: &Image) -> Result<Connection, DatabaseError> {
    pool::take(image).map_or_else(|| configured(opened(image)?), Ok)
}

fn configured(connection: Connection) -> Result<Connection, DatabaseError> {
    connection
        .execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA locking_mode = EXCLUSIVE;
             PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000",
        )
        .map_err(error)?;
    connection.set_prepared_statement_cache_capacity(1024);
    // Plan each statement once and not again for its parameters, which halves the time of tests.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(error)?;
    connection.set_limit(Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 100).map_err(error)?;
    connection.set_limit(Limit::SQLITE_LIMIT_COMPOUND_SELECT, 5).map_err(error)?;
    connection.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000).map_err(error)?;
    // A plan includes the triggers that the statement fires.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRIGGER_EQP, true).map_err(error)?;
    Ok(connection)
}

/// Checks the plan of a statement of the product.
fn check_plan(database: &Sqlite, sql: &'static str) -> Result<(), DatabaseError> {
    if !database.checks_plans.get() || !query_plan::mark_seen(sql) {
        return Ok(());
    }
    let Some(image) = &database.image else {
        query_plan::check(&database.connection.borrow(), sql);
        return Ok(());
    };
    // On another connection: the check toggles `foreign_keys`, which has no effect inside the open
    // transaction of a pooled database.
    let connection = idle_or_new(image)?;
    query_plan::check(&connection, sql);
    pool::put_back(Arc::clone(image), connection);
    Ok(())
}

impl Database for Sqlite {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
        self.sent.set(self.sent.get() + statements.len() as u64);
        statements.iter().try_for_each(|statement| check_plan(self, statement.sql))?;
        let connection = self.connection.borrow();
        // A single read needs no transaction.
        if let [statement] = statements.as_slice()
            && statement.sql.starts_with("SELECT")
        {
            return run(&connection, statement).map(|rows| vec![rows]);
        }
        // Unlike BEGIN, a savepoint also works inside the open transaction of a pooled database.
        let control = |sql: &str| connection.prepare_cached(sql)?.execute([]).map(drop);
        control("SAVEPOINT batch").map_err(error)?;
        let rows = statements.iter().map(|statement| run(&connection, statement));
        let outcome = rows
            .collect::<Result<Vec<_>, _>>()
            .and_then(|rows| control("RELEASE batch").map(|()| rows).map_err(error));
        if outcome.is_err() {
            control("ROLLBACK TO batch").and_then(|()| control("RELEASE batch")).map_err(error)?;
        }
        outcome
    }

    fn statements_sent(&self) -> u64 {
        self.sent.get()
    }
}

fn run(connection: &Connection, statement: &Statement) -> Result<Rows, DatabaseError> {
    let mut prepared = connection.prepare_cached(statement.sql).map_err(error)?;
    let names: Vec<String> = prepared.column_names().map(str::to_owned).collect();
    let mut found = prepared
        .query(rusqlite::params_from_iter(statement.params.iter()))
        .map_err(|cause| DatabaseError::from_text(&format!("{cause} in {}", statement.sql)))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next().map_err(error)? {
        let mut fields = serde_json::Map::new();
        for (i, name) in names.iter().enumerate() {
            fields.insert(name.clone(), json(row.get_ref(i).map_err(error)?)?);
        }
        rows.push(serde_json::Value::Object(fields));
    }
    Ok(Rows(rows))
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Value::Null => ToSqlOutput::Owned(rusqlite::types::Value::Null),
            Value::Integer(integer) => {
                let double = Value::as_double(*integer).map_err(|cause| {
                    rusqlite::Error::ToSqlConversionFailure(cause.to_string().into())
                })?;
                ToSqlOutput::Owned(double.into())
            }
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

/// A column as JavaScript would return it: a number without a fraction is an integer.
fn json(value: ValueRef<'_>) -> Result<serde_json::Value, DatabaseError> {
    Ok(match value {
        ValueRef::Null => serde_json::Value::Null,
        ValueRef::Integer(integer) => integer.into(),
        ValueRef::Real(double) if double.fract() == 0.0 => (double as i64).into(),
        ValueRef::Real(double) => double.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
        ValueRef::Blob(_) => return Err(DatabaseError::Malformed("a row holds a blob".into())),
    })
}

fn error(cause: rusqlite::Error) -> DatabaseError {
    DatabaseError::from_text(&cause.to_string())
}
