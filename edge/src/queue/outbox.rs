//! The outbox: calls to the provider, stored in the batch that decides them and sent afterwards.
//!
//! The stored bytes are sent unchanged until the provider has answered, so a call that is repeated
//! after a crash is the same call.

use shared::calendar::Moment;

use crate::database::{Statement, Value};

/// Which call to the provider a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Create an order that a reader pays. The row's number is the order's id.
    CreateOrder,
    /// Send a payment back. The row's number is the refund's id.
    Refund,
    /// Pay a writer. The row's number is the transfer's id.
    PayOut,
}

impl Operation {
    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Operation::CreateOrder => "create_order",
            Operation::Refund => "refund",
            Operation::PayOut => "pay_out",
        }
    }
}

impl From<Operation> for Value {
    fn from(operation: Operation) -> Value {
        operation.as_str().into()
    }
}

/// Stores one call: the number that it is sent under and the exact bytes.
pub fn store(
    operation: Operation,
    number: &str,
    provider: &str,
    body: &str,
    now: Moment,
) -> Statement {
    Statement::new(
        "INSERT INTO outbox (operation, number, provider, body, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        [Value::from(operation), number.into(), provider.into(), body.into(), now.into()],
    )
}

/// Stores one call per object of a JSON list; each has the fields `id` and `body`. An object whose
/// `body` is null needs no call and is skipped.
pub fn store_all(operation: Operation, list: &str, provider: &str, now: Moment) -> Statement {
    Statement::new(
        "INSERT INTO outbox (operation, number, provider, body, created_at)
         SELECT ?2, value ->> 'id', ?3, value ->> 'body', ?4 FROM json_each(?1)
         WHERE value ->> 'body' IS NOT NULL",
        [Value::from(list), operation.into(), provider.into(), now.into()],
    )
}

/// Marks a call as answered, or as no longer needed. Idempotent.
pub fn done(operation: Operation, number: &str, now: Moment) -> Statement {
    Statement::new(
        "UPDATE outbox SET done_at = ?3
         WHERE operation = ?1 AND number = ?2 AND done_at IS NULL",
        [Value::from(operation), number.into(), now.into()],
    )
}
