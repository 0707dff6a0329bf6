//! Connections to migrated databases that tests use one after another. Each use is a transaction that
//! is rolled back, so the next one finds the database as its migrations have left it. Deferred
//! constraints would not be checked, because that transaction never commits; the schema has none.

use std::mem;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rusqlite::Connection;

/// The bytes of a migrated database.
pub(super) type Image = Arc<Vec<u8>>;

/// The idle connections, each with the image of its database.
static POOL: Mutex<Vec<(Image, Connection)>> = Mutex::new(Vec::new());

/// Takes a connection to this database from the pool. It is not inside a transaction.
pub(super) fn take(image: &Image) -> Option<Connection> {
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    let found = pool.iter().position(|(other, _)| Arc::ptr_eq(other, image));
    found.map(|index| pool.swap_remove(index).1)
}

/// Puts a connection into the pool. Its database is as its migrations have left it.
pub(super) fn put_back(image: Image, connection: Connection) {
    POOL.lock().unwrap_or_else(PoisonError::into_inner).push((image, connection));
}

/// A connection in use. When dropped, it returns to the pool or is closed.
pub(super) struct Lease {
    connection: Connection,
    /// The image to which a rollback resets it; `None` if it does not return to the pool.
    resets_to: Option<Image>,
}

impl Lease {
    /// A connection that is closed when dropped.
    pub(super) fn owned(connection: Connection) -> Lease {
        Lease { connection, resets_to: None }
    }

    /// A connection to this database that returns to the pool when dropped.
    pub(super) fn pooled(image: Image, connection: Connection) -> rusqlite::Result<Lease> {
        connection.execute_batch("SAVEPOINT whole")?;
        Ok(Lease { connection, resets_to: Some(image) })
    }

    /// Commits and leaves the pool: for settings that have no effect in a transaction, or that the
    /// next test must not find.
    pub(super) fn commit_and_detach(&mut self) -> rusqlite::Result<()> {
        match self.resets_to.take() {
            Some(_) => self.connection.execute_batch("RELEASE whole"),
            None => Ok(()),
        }
    }
}

impl Deref for Lease {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(image) = self.resets_to.take() else { return };
        // After a panic a statement may still be open.
        if thread::panicking() {
            return;
        }
        let reset = self.connection.execute_batch("ROLLBACK TO whole; RELEASE whole");
        if reset.is_ok()
            && self.connection.is_autocommit()
            && let Ok(placeholder) = Connection::open_in_memory()
        {
            put_back(image, mem::replace(&mut self.connection, placeholder));
        }
    }
}
