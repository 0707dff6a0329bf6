//! Reads a refund.

use serde::Deserialize;
use shared::machine::{DisputeState, RefundState};
use shared::money::{Currency, Money};

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::provider::PaymentProvider;

/// A refund, with what its next state depends on.
#[derive(Deserialize)]
pub(super) struct RefundRow {
    pub(super) state: RefundState,
    pub(super) payment_id: String,
    pub(super) praise_id: Option<String>,
    pub(super) amount_minor: i64,
    pub(super) currency: Currency,
    pub(super) created_at: i64,
    pub(super) state_reason: Option<String>,
    /// How many other refunds of the same payment are closed.
    pub(super) closed: i64,
    /// The state of a dispute of the same payment, open or lost; `None` without one.
    pub(super) dispute: Option<DisputeState>,
    /// The stored call to the provider.
    pub(super) body: String,
}

impl RefundRow {
    pub(super) fn amount(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }
}

/// Finds a refund by its id.
pub(super) async fn find<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
) -> Result<Option<RefundRow>, DatabaseError> {
    let statement = Statement::new(
        "SELECT refund.state, refund.payment_id, refund.praise_id, refund.amount_minor,
                refund.currency, refund.created_at, refund.state_reason, outbox.body,
                (SELECT count(*) FROM refund AS other
                 WHERE other.payment_id = refund.payment_id AND other.state = 'closed'
                   AND other.id <> refund.id) AS closed,
                (SELECT dispute.state FROM dispute
                 WHERE dispute.payment_id = refund.payment_id AND dispute.state <> 'won') AS dispute
         FROM refund JOIN outbox ON outbox.operation = 'refund' AND outbox.number = refund.id
         WHERE refund.id = ?1",
        [Value::from(refund_id)],
    );
    Results::from(ctx.db.batch(vec![statement]).await?).take().first()
}
