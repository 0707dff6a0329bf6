//! Ends attempts without a payment: declined, cancelled or expired, always as the provider reports
//! it. The same batch releases the reader's daily limit.

use serde::Deserialize;
use shared::machine::{IntentState, OrderState};

use super::reader_day;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::provider::PaymentProvider;
use crate::queue::jobs::{self, JobKind};
use crate::queue::outbox::{self, Operation};

/// Seconds after which a call that was under way has reached the provider or never will.
const LAST_POLL_S: i64 = 60;

#[derive(Deserialize)]
struct OrderIntent {
    intent_id: String,
}

/// Ends the attempt of an order with `state` and releases the reader's daily limit. Idempotent.
pub async fn end_attempt<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
    state: IntentState,
) -> Result<(), Failure> {
    end_from(ctx, order_id, OrderState::Open, state, None).await
}

/// Ends an attempt that has expired and whose order the provider does not have.
pub async fn end_never_created<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
) -> Result<(), Failure> {
    let reason = Some("never_created");
    end_from(ctx, order_id, OrderState::Open, IntentState::Expired, reason).await
}

/// Ends an attempt whose order the provider has refused and does not have. Changes nothing if the
/// order has become open meanwhile.
pub async fn end_unsent<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
    reason: &str,
) -> Result<(), Failure> {
    end_from(ctx, order_id, OrderState::Created, IntentState::Declined, Some(reason)).await
}

/// Ends an attempt whose order is in state `created` or `other`. `reason` is given if the provider
/// does not have the order.
async fn end_from<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
    other: OrderState,
    state: IntentState,
    reason: Option<&str>,
) -> Result<(), Failure> {
    let intent = Statement::new(
        "SELECT intent_id FROM provider_order WHERE id = ?1",
        [Value::from(order_id)],
    );
    let found: Option<OrderIntent> =
        Results::from(ctx.db.batch(vec![intent]).await?).take().first()?;
    let Some(OrderIntent { intent_id }) = found else { return Ok(()) };
    let mut statements = vec![
        Statement::new(
            "UPDATE provider_order SET state = 'closed', state_at = ?2, state_reason = ?3
             WHERE id = ?1 AND state IN ('created', ?4)",
            [Value::from(order_id), ctx.now.into(), reason.into(), other.as_str().into()],
        ),
        Statement::must_change(1, "order_open"),
        Statement::new(
            // A reader who has cancelled must not end as expired, or a late payment would become a
            // praise: the provider's message about the closed order can precede our own batch.
            "UPDATE intent SET state_at = ?3, state_reason = ?4,
               state = iif(?2 = 'expired' AND cancel_asked_at IS NOT NULL, 'cancelled', ?2)
             WHERE id = ?1 AND state = 'awaiting_payment'",
            [Value::from(&intent_id), state.as_str().into(), ctx.now.into(), reason.into()],
        ),
        Statement::must_change(1, "intent_open"),
        reader_day::release(&intent_id),
        Statement::must_change(1, "reader_room"),
        outbox::done(Operation::CreateOrder, order_id, ctx.now),
    ];
    statements.push(jobs::done(JobKind::CreateOrder, order_id, ctx.now));
    statements.push(match reason {
        None => jobs::done(JobKind::PollOrder, order_id, ctx.now),
        // A second request with the same call may reach the provider only now. The order is polled
        // once more after it has expired.
        Some(_) => Statement::new(
            "UPDATE job SET attempts = 0, due_at = max(CAST(?2 AS INTEGER), (
               SELECT expires_at FROM provider_order WHERE id = ?1))
             WHERE kind = 'poll_order' AND subject_id = ?1 AND done_at IS NULL",
            [Value::from(order_id), ctx.now.plus_seconds(LAST_POLL_S).into()],
        ),
    });
    match ctx.db.batch(statements).await {
        // The attempt has already ended, or is paid: the first change counts.
        Err(DatabaseError::Guard(guard)) if guard != "reader_room" => Ok(()),
        other => Ok(other.map(drop)?),
    }
}
