//! Payouts: everything that is due to an account goes to its bank card.
//!
//! The account's job reads what is due. If something blocks the payout, for example a missing card,
//! a waiting payout stores the reason. Otherwise the job queues one payout after the other, each
//! with at most [`LINES_MAX`] praises, until everything is claimed or the provider sends no more to
//! this card today. Nothing is planned for a later day: what is left stays due.
//!
//! A queued payout is dropped instead of sent if its card, its account or one of its articles no
//! longer allows it. A sent payout fails only if the provider reports that it failed. After it has
//! arrived, the writer's bank can still send it back.

mod facts;
mod plan;
mod queue;
mod results;
pub mod transfer;
mod transfer_row;
mod waiting;
pub mod write_off;

pub use facts::LINES_MAX;
pub use results::reverse;

use crate::context::Context;
use crate::database::{Database, DatabaseError};
use crate::failure::Failure;
use crate::provider::PaymentProvider;
use crate::queue::jobs::Next;
use crate::retry::{Round, retry};

/// Runs [`JobKind::PayOut`](crate::queue::jobs::JobKind::PayOut): queues a payout of what is due to
/// an account, or stores why it has to wait. While anything is due, the job is due again at the
/// latest when the next day begins. Idempotent, also with two runs at the same time.
pub async fn run<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    account_id: &str,
) -> Result<Next, Failure> {
    retry(format_args!("what is due to {account_id}"), async || {
        let Some(facts) = facts::find(ctx, account_id).await? else {
            return Ok(Round::Done(Next::Done));
        };
        let today = ctx.now.day(facts.currency);
        let outcome = if facts.due == 0 {
            waiting::end_waiting(ctx, &facts).await.map_err(Failure::from)
        } else {
            match facts.card(ctx.now) {
                Err(reason) => {
                    waiting::store_reason(ctx, &facts, reason, today).await.map_err(Failure::from)
                }
                Ok(card) => queue::queue(ctx, &facts, &card, today).await,
            }
        };
        match outcome {
            Err(Failure::Database(DatabaseError::Rule(_))) => Ok(Round::Again),
            other => other.map(Round::Done),
        }
    })
    .await
}
