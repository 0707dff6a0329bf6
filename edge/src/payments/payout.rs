//! Payouts: everything due of an account goes to its bank card, once a day. The job of an account
//! looks at what is due; either something has to be put right first, and a payout waits for that,
//! or a payout is queued, in parts that the provider takes in a day.
//!
//! A payout holds at most [`LINES_MAX`] praises, so that the batch that claims them stays small
//! enough; the rest joins the next day's.

mod facts;
mod plan;
mod queue;
mod results;
pub mod transfer;
mod transfer_row;
mod waiting;
pub mod write_off;

pub use facts::LINES_MAX;

use crate::context::Context;
use crate::database::{Database, DatabaseError};
use crate::failure::Failure;
use crate::provider::PaymentProvider;
use crate::queue::jobs::Next;
use crate::retry::{Round, retry};

/// Pays out what is due to an account, or lets it wait and says for what. It comes up again as long
/// as anything is due: at the latest when the next day begins. Running it twice, or two at once,
/// changes nothing more.
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
            waiting::end(ctx, &facts).await.map_err(Failure::from)
        } else {
            match facts.card(ctx.now) {
                Err(reason) => {
                    waiting::wait(ctx, &facts, reason, today).await.map_err(Failure::from)
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
