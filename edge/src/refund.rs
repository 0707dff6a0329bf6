//! Giving money back: the whole amount, by the way it came. A refund's id is the number the
//! provider gets; while the outcome is unknown the same number is sent and asked about.

mod by_hand;
mod outcome;

use serde::Serialize;
use shared::calendar::Moment;
use shared::id::Kind;
use shared::money::Money;

pub use by_hand::{close_abnormal, retry_abnormal};
pub use outcome::{poll, send, state};

use crate::context::Context;
use crate::database::{Database, DatabaseError, Statement, Value};
use crate::provider::{PaymentProvider, RefundRequest};

/// What is to be given back.
pub struct Order<'a> {
    /// Our payment.
    pub payment_id: &'a str,
    /// The praise it became, if it became one; it is `returning` by the time the refund is queued.
    pub praise_id: Option<&'a str>,
    /// Our number of the order that was paid.
    pub order_number: &'a str,
    /// The provider's number of the payment.
    pub transaction_id: &'a str,
    /// All of it.
    pub amount: Money,
    /// Why, for the record.
    pub reason: &'a str,
}

/// A refund as its statements read it.
#[derive(Serialize)]
struct Queued<'a> {
    id: String,
    payment_id: &'a str,
    praise_id: Option<&'a str>,
    replaces_id: Option<&'a str>,
    amount: Money,
    reason: &'a str,
    body: String,
}

/// The statements that decide a refund; the batch that needs it carries them.
pub fn queue<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order: &Order<'_>,
) -> Result<Vec<Statement>, DatabaseError> {
    queue_all(ctx, std::slice::from_ref(order))
}

/// The statements that decide refunds, as many as one batch moves; that batch carries them. The
/// praises among them have to be `returning` before these statements.
pub fn queue_all<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    orders: &[Order<'_>],
) -> Result<Vec<Statement>, DatabaseError> {
    let mut refunds = Vec::with_capacity(orders.len());
    for order in orders {
        refunds.push(queued(ctx, order, None)?);
    }
    insert(ctx, &refunds, ctx.now)
}

/// Has the open refund of a payment looked at now, if it has one: the reader's bank has decided.
pub fn wake(payment_id: &str, now: Moment) -> Statement {
    Statement::new(
        "UPDATE job SET due_at = min(due_at, CAST(?2 AS INTEGER)), attempts = 0
         WHERE kind IN ('send_refund', 'poll_refund') AND done_at IS NULL AND subject_id IN (
           SELECT id FROM refund
           WHERE payment_id = ?1 AND state IN ('queued', 'sent', 'abnormal'))",
        [Value::from(payment_id), now.into()],
    )
}

/// A refund under a fresh number. `replaces_id` names the one it takes the place of.
fn queued<'a, D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order: &Order<'a>,
    replaces_id: Option<&'a str>,
) -> Result<Queued<'a>, DatabaseError> {
    let id = ctx.id(Kind::Refund);
    let request = RefundRequest {
        number: id.clone(),
        order_number: order.order_number.to_owned(),
        transaction_id: order.transaction_id.to_owned(),
        amount: order.amount,
    };
    Ok(Queued {
        id,
        payment_id: order.payment_id,
        praise_id: order.praise_id,
        replaces_id,
        amount: order.amount,
        reason: order.reason,
        body: serde_json::to_string(&request).map_err(unreadable)?,
    })
}

/// The statements that write refunds down, with the calls that will carry them out at `send_at`.
fn insert<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refunds: &[Queued<'_>],
    send_at: Moment,
) -> Result<Vec<Statement>, DatabaseError> {
    let json = serde_json::to_string(refunds).map_err(unreadable)?;
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
        Statement::new(
            "INSERT INTO outbox (operation, number, provider, body, created_at)
             SELECT 'refund', value ->> 'id', ?2, value ->> 'body', ?3 FROM json_each(?1)",
            [Value::from(&json), ctx.provider.name().into(), ctx.now.into()],
        ),
        Statement::new(
            "INSERT INTO job (kind, subject_id, due_at)
             SELECT 'send_refund', value ->> 'id', ?2 FROM json_each(?1)",
            [Value::from(&json), send_at.into()],
        ),
    ])
}

fn unreadable(error: serde_json::Error) -> DatabaseError {
    DatabaseError::Other(format!("refund request: {error}"))
}
