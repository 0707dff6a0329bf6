//! An open difference, with its bill row and our movement.

use serde::Deserialize;
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::database::{Database, Results, Statement, Value};
use crate::failure::Failure;

/// A difference, with the current state of its bill row and our movement.
#[derive(Deserialize)]
pub(super) struct OpenDifference {
    pub(super) provider: String,
    pub(super) kind: String,
    pub(super) movement_kind: String,
    pub(super) number: String,
    pub(super) currency: Currency,
    pub(super) account_id: Option<String>,
    pub(super) closed_at: Option<i64>,
    /// The row of the bill.
    pub(super) day: Option<String>,
    pub(super) line: Option<i64>,
    pub(super) row_minor: Option<i64>,
    pub(super) fee_minor: Option<i64>,
    pub(super) row_at: Option<i64>,
    pub(super) reference: Option<String>,
    /// The amount of our unsettled movement with the same number.
    pub(super) movement_minor: Option<i64>,
}

impl OpenDifference {
    pub(super) async fn read<D: Database>(db: &D, id: &str) -> Result<OpenDifference, Failure> {
        let select = Statement::new(
            "SELECT d.provider, d.kind, d.movement_kind, d.number, d.currency, d.account_id,
                    d.closed_at, d.day, d.line, r.amount_minor AS row_minor, r.fee_minor,
                    r.at AS row_at, r.reference, m.amount_minor AS movement_minor
             FROM bill_difference AS d
             LEFT JOIN bill_row AS r ON r.provider = d.provider AND r.currency = d.currency
               AND r.day = d.day AND r.line = d.line
             LEFT JOIN movement AS m ON m.provider = d.provider AND m.kind = d.movement_kind
               AND m.number = d.number AND m.currency = d.currency AND m.matched_at IS NULL
             WHERE d.id = ?1",
            [Value::from(id)],
        );
        let read = db.batch(vec![select]).await?;
        Ok(Results::from(read).take().first()?.ok_or(Problem::NotFound)?)
    }

    /// The amount that we booked minus the amount on the bill, in minor units.
    pub(super) fn lacking_minor(&self) -> i64 {
        self.movement_minor.unwrap_or(0) - self.row_minor.unwrap_or(0)
    }

    pub(super) fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }
}
