//! One transfer of a payout on its way. Our number of it is the part's id; it is sent with the same
//! bytes every time, and asked about while the outcome is unknown.

use shared::calendar::Moment;
use shared::machine::PartState;

use super::results;
use super::transfer_row::{self, TransferRow};
use crate::context::Context;
use crate::database::Database;
use crate::failure::Failure;
use crate::provider::{PaymentProvider, PayoutReport, ProviderError};
use crate::queue::jobs::Next;
use crate::retry::{Round, retry};

/// Seconds until a transfer on its way is asked about again.
const POLL_S: i64 = 60;
/// The same while its receiver has to confirm it.
const CONFIRM_POLL_S: i64 = 600;

/// Moves a transfer on, from its day on: sends it, asks about it, writes down how it ended. Running
/// it twice, or two at once, changes nothing more, and the provider is never given a second number.
pub async fn run<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part_id: &str,
) -> Result<Next, Failure> {
    // Two messages at once, or a message and the job, may move the same transfer.
    retry(format_args!("transfer {part_id}"), async || move_on(ctx, part_id).await.map(Round::Done))
        .await
}

async fn move_on<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part_id: &str,
) -> Result<Next, Failure> {
    let Some(mut part) = transfer_row::find(ctx, part_id).await? else { return Ok(Next::Done) };
    if matches!(part.state, PartState::Succeeded | PartState::Failed) {
        return Ok(Next::Done);
    }
    let today = ctx.now.day(part.currency);
    if today.to_string() < part.send_day {
        return Ok(Next::At(today.plus(1).starts_at(part.currency)));
    }
    let Some(body) = part.body.take() else {
        results::succeeded(ctx, &part).await?;
        return Ok(Next::Done);
    };
    let report = if part.state == PartState::Queued {
        // Written down before the provider hears of it: whatever is still queued, it does not know.
        results::step(ctx, &part, PartState::Sent).await?;
        part.state = PartState::Sent;
        send(ctx, &part, &body).await
    } else {
        match ctx.provider.query_payout(part_id, ctx.now).await {
            Err(ProviderError::NotFound) => send(ctx, &part, &body).await,
            other => other,
        }
    };
    match report {
        Ok(PayoutReport::Succeeded) => results::succeeded(ctx, &part).await?,
        Ok(PayoutReport::Failed { reason }) => results::failed(ctx, &part, &reason).await?,
        Ok(PayoutReport::AwaitingConfirmation) => {
            if part.state == PartState::Sent {
                results::step(ctx, &part, PartState::AwaitingConfirmation).await?;
            }
            return Ok(Next::At(ctx.now.plus_seconds(CONFIRM_POLL_S)));
        }
        Ok(PayoutReport::Processing) => return Ok(soon(ctx.now)),
        Err(error) => {
            crate::log::warn(&format!("payout.open part={part_id} cause={error:?}"));
            return Ok(soon(ctx.now));
        }
    }
    Ok(Next::Done)
}

const fn soon(now: Moment) -> Next {
    Next::At(now.plus_seconds(POLL_S))
}

/// Sends the bytes. A provider that says no and, asked, does not have the number will never send
/// it: that is a definite end. Whatever else it says about the number is what counts.
async fn send<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
    body: &str,
) -> Result<PayoutReport, ProviderError> {
    match ctx.provider.pay_out(body, ctx.now).await {
        Err(ProviderError::Refused(cause)) => {
            crate::log::error(&format!("payout.refused part={} cause={cause}", part.part_id));
            match ctx.provider.query_payout(&part.part_id, ctx.now).await {
                Err(ProviderError::NotFound) => {
                    Ok(PayoutReport::Failed { reason: "refused".to_owned() })
                }
                other => other,
            }
        }
        other => other,
    }
}
