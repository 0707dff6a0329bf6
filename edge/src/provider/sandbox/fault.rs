//! Faults that a test sets: the next calls of one operation fail in a named way.
//!
//! | operation | faults |
//! | --- | --- |
//! | `create_order`, `refund`, `retry_refund`, `pay_out` | `lost` (never arrives), `reply_lost` (carried out, answer lost) |
//! | `create_order`, `pay_out` | `refused` |
//! | `refund`, `retry_refund`, `pay_out` | `slow` (done when asked twice) |
//! | `refund`, `retry_refund` | `closed` (ended without money), `abnormal` (cannot be delivered) |
//! | `pay_out` | `confirm` (its receiver has to), `no_balance` (refused, and not stored) |
//! | `query_order`, `close_order`, `query_refund`, `query_payout`, `query_dispute` | `lost` |
//! | `notify` | `lost`, `doubled` |
//! | `bill` | `lost`, `not_ready`, `wrong_hash`, and for good: `missing_row`, `extra_row`, `amount_off`, `duplicate_row`, `late_row`, `unknown_row`, `late_bill`, `refused_bill`, `unreadable_bill` |

use serde::Deserialize;

use crate::database::{Database, DatabaseError, Results, Statement, Value};

/// The faults that can be set.
pub const KNOWN: &[(&str, &str)] = &[
    ("create_order", "lost"),
    ("create_order", "reply_lost"),
    ("create_order", "refused"),
    ("refund", "lost"),
    ("refund", "reply_lost"),
    ("refund", "slow"),
    ("refund", "closed"),
    ("refund", "abnormal"),
    ("retry_refund", "lost"),
    ("retry_refund", "reply_lost"),
    ("retry_refund", "slow"),
    ("retry_refund", "closed"),
    ("retry_refund", "abnormal"),
    ("query_refund", "lost"),
    ("query_order", "lost"),
    ("close_order", "lost"),
    ("pay_out", "lost"),
    ("pay_out", "reply_lost"),
    ("pay_out", "refused"),
    ("pay_out", "slow"),
    ("pay_out", "confirm"),
    ("pay_out", "no_balance"),
    ("query_payout", "lost"),
    ("query_dispute", "lost"),
    ("notify", "lost"),
    ("notify", "doubled"),
    ("bill", "lost"),
    ("bill", "not_ready"),
    ("bill", "wrong_hash"),
    ("bill", "missing_row"),
    ("bill", "extra_row"),
    ("bill", "amount_off"),
    ("bill", "duplicate_row"),
    ("bill", "late_row"),
    ("bill", "unknown_row"),
    ("bill", "late_bill"),
    ("bill", "refused_bill"),
    ("bill", "unreadable_bill"),
];

/// Sets `fault` for the next `times` calls of `operation`.
pub async fn order<D: Database>(
    db: &D,
    operation: &str,
    fault: &str,
    times: i64,
) -> Result<(), DatabaseError> {
    let statement = Statement::new(
        "INSERT INTO sandbox_fault (operation, fault, remaining) VALUES (?1, ?2, ?3)
         ON CONFLICT (operation, fault) DO UPDATE SET remaining = excluded.remaining",
        [Value::from(operation), fault.into(), times.into()],
    );
    db.batch(vec![statement]).await.map(drop)
}

/// Takes one fault that is set for this operation, if there is one.
pub(super) async fn take<D: Database>(
    db: &D,
    operation: &str,
) -> Result<Option<String>, DatabaseError> {
    #[derive(Deserialize)]
    struct Taken {
        fault: String,
    }
    let statement = Statement::new(
        "UPDATE sandbox_fault SET remaining = remaining - 1
         WHERE operation = ?1 AND fault = (
           SELECT fault FROM sandbox_fault WHERE operation = ?1 AND remaining > 0
           ORDER BY fault LIMIT 1)
         RETURNING fault",
        [Value::from(operation)],
    );
    let taken: Option<Taken> = Results::from(db.batch(vec![statement]).await?).take().first()?;
    Ok(taken.map(|taken| taken.fault))
}
