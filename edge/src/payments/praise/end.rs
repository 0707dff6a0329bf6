//! The end of an attempt without money: declined, cancelled or expired, each by the provider's
//! word. The reader's room comes back in the same batch.

use serde::Deserialize;
use shared::machine::{IntentState, OrderState};

use super::room;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::provider::PaymentProvider;
use crate::queue::jobs::{self, JobKind};
use crate::queue::outbox::{self, Operation};

/// Seconds after which a call that was under way has surely reached the provider, or never will.
const LAST_LOOK_S: i64 = 60;

#[derive(Deserialize)]
struct Owner {
    intent_id: String,
}

/// Ends the attempt of this order as `state` and gives the reader's room back. Ending what has
/// ended changes nothing.
pub async fn end<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
    state: IntentState,
) -> Result<(), Failure> {
    end_from(ctx, order_id, OrderState::Open, state, None).await
}

/// Ends an attempt whose time is over and whose order the provider never got.
pub async fn end_never_created<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
) -> Result<(), Failure> {
    let reason = Some("never_created");
    end_from(ctx, order_id, OrderState::Open, IntentState::Expired, reason).await
}

/// Ends an attempt whose order the provider refused and does not have. One that has become open
/// in the meantime goes on.
pub async fn end_unsent<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
    reason: &str,
) -> Result<(), Failure> {
    end_from(ctx, order_id, OrderState::Created, IntentState::Declined, Some(reason)).await
}

/// `furthest` is the last state of the order from which it may end here. `reason` is given where the
/// provider does not have the order.
async fn end_from<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
    furthest: OrderState,
    state: IntentState,
    reason: Option<&str>,
) -> Result<(), Failure> {
    let intent = Statement::new(
        "SELECT intent_id FROM provider_order WHERE id = ?1",
        [Value::from(order_id)],
    );
    let found: Option<Owner> = Results::from(ctx.db.batch(vec![intent]).await?).take().first()?;
    let Some(Owner { intent_id }) = found else { return Ok(()) };
    let mut statements = vec![
        Statement::new(
            "UPDATE provider_order SET state = 'closed', state_at = ?2, state_reason = ?3
             WHERE id = ?1 AND state IN ('created', ?4)",
            [Value::from(order_id), ctx.now.into(), reason.into(), furthest.as_str().into()],
        ),
        Statement::must_change(1, "order_open"),
        Statement::new(
            // Somebody who cancelled never pays: the provider's own word about the closed order may
            // be faster than the batch that cancels, and late money would become a praise.
            "UPDATE intent SET state_at = ?3, state_reason = ?4,
               state = iif(?2 = 'expired' AND cancel_asked_at IS NOT NULL, 'cancelled', ?2)
             WHERE id = ?1 AND state = 'awaiting_payment'",
            [Value::from(&intent_id), state.as_str().into(), ctx.now.into(), reason.into()],
        ),
        Statement::must_change(1, "intent_open"),
        room::release(&intent_id),
        Statement::must_change(1, "reader_room"),
        outbox::done(Operation::CreateOrder, order_id, ctx.now),
    ];
    statements.push(jobs::done(JobKind::CreateOrder, order_id, ctx.now));
    statements.push(match reason {
        None => jobs::done(JobKind::PollOrder, order_id, ctx.now),
        // The same call of another tap may reach the provider only now, and nobody would ask about
        // that order again: it is looked at once more when its time is over.
        Some(_) => Statement::new(
            "UPDATE job SET attempts = 0, due_at = max(CAST(?2 AS INTEGER), (
               SELECT expires_at FROM provider_order WHERE id = ?1))
             WHERE kind = 'poll_order' AND subject_id = ?1 AND done_at IS NULL",
            [Value::from(order_id), ctx.now.plus_seconds(LAST_LOOK_S).into()],
        ),
    });
    match ctx.db.batch(statements).await {
        // Already ended, or just paid: whoever was first has said it.
        Err(DatabaseError::Guard(guard)) if guard != "reader_room" => Ok(()),
        other => Ok(other.map(drop)?),
    }
}
