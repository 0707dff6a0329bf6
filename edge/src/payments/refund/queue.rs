//! Queueing refunds: their rows, stored calls and jobs, in the same batch as the decision.

use serde::Serialize;
use shared::calendar::Moment;
use shared::id::Kind;
use shared::money::Money;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Statement, Value, to_json};
use crate::provider::{PaymentProvider, RefundRequest};
use crate::queue::outbox::{self, Operation};

/// A payment to be refunded.
pub struct RefundOrder<'a> {
    /// Our payment.
    pub payment_id: &'a str,
    /// The payment's praise, if it has one; it must be `returning` before the refund is inserted.
    pub praise_id: Option<&'a str>,
    /// Our number of the order that was paid.
    pub order_number: &'a str,
    /// The provider's number of the payment.
    pub transaction_id: &'a str,
    /// The whole amount of the payment.
    pub amount: Money,
    /// The reason, as stored in the database.
    pub reason: &'a str,
}

/// A new refund, as the batch's statements read it from JSON.
#[derive(Serialize)]
pub(super) struct NewRefund<'a> {
    pub(super) id: String,
    payment_id: &'a str,
    praise_id: Option<&'a str>,
    replaces_id: Option<&'a str>,
    amount: Money,
    reason: &'a str,
    body: String,
}

/// Returns the statements that queue a refund, for the batch that decides it.
pub fn queue<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order: &RefundOrder<'_>,
) -> Result<Vec<Statement>, DatabaseError> {
    queue_all(ctx, std::slice::from_ref(order))
}

/// Returns the statements that queue refunds, for the batch that decides them. Their praises must
/// be `returning` before these statements.
pub fn queue_all<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    orders: &[RefundOrder<'_>],
) -> Result<Vec<Statement>, DatabaseError> {
    let mut refunds = Vec::with_capacity(orders.len());
    for order in orders {
        refunds.push(new_refund(ctx, order, None)?);
    }
    insert(ctx, &refunds, ctx.now)
}

/// Makes the job of a payment's open refund due now, because the reader's bank has decided.
pub fn wake(payment_id: &str, now: Moment) -> Statement {
    Statement::new(
        "UPDATE job SET due_at = min(due_at, CAST(?2 AS INTEGER)), attempts = 0
         WHERE kind IN ('send_refund', 'poll_refund') AND done_at IS NULL AND subject_id IN (
           SELECT id FROM refund
           WHERE payment_id = ?1 AND state IN ('queued', 'sent', 'abnormal'))",
        [Value::from(payment_id), now.into()],
    )
}

/// Creates a refund with a new id. `replaces_id` is the closed refund that it replaces.
pub(super) fn new_refund<'a, D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order: &RefundOrder<'a>,
    replaces_id: Option<&'a str>,
) -> Result<NewRefund<'a>, DatabaseError> {
    let id = ctx.id(Kind::Refund);
    let request = RefundRequest {
        number: id.clone(),
        order_number: order.order_number.to_owned(),
        transaction_id: order.transaction_id.to_owned(),
        amount: order.amount,
    };
    Ok(NewRefund {
        id,
        payment_id: order.payment_id,
        praise_id: order.praise_id,
        replaces_id,
        amount: order.amount,
        reason: order.reason,
        body: to_json(&request)?,
    })
}

/// Returns the statements that insert refunds, their stored calls, and the jobs that send them at
/// `send_at`.
pub(super) fn insert<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refunds: &[NewRefund<'_>],
    send_at: Moment,
) -> Result<Vec<Statement>, DatabaseError> {
    let json = to_json(refunds)?;
    Ok(vec![
        Statement::new(
            "INSERT INTO refund (id, payment_id, praise_id, replaces_id, amount_minor, currency,
                                 created_at, state, state_at, state_reason)
             SELECT value ->> 'id', value ->> 'payment_id', value ->> 'praise_id',
                    value ->> 'replaces_id', value ->> '$.amount.minor',
                    value ->> '$.amount.currency', ?2, 'queued', ?2, value ->> 'reason'
             FROM json_each(?1)",
            [Value::from(&json), ctx.now.into()],
        ),
        outbox::store_all(Operation::Refund, &json, ctx.provider.name(), ctx.now),
        Statement::new(
            "INSERT INTO job (kind, subject_id, due_at)
             SELECT 'send_refund', value ->> 'id', ?2 FROM json_each(?1)",
            [Value::from(&json), send_at.into()],
        ),
    ])
}
