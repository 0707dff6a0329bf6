//! Sends and tracks one transfer of a payout. Its number at the provider is the payout part's id.
//! Every attempt sends the same bytes, and the transfer is polled while its outcome is unknown.

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

/// Seconds between two polls of a transfer.
const POLL_S: i64 = 60;
/// Seconds between two polls while the receiver has to confirm the transfer.
const CONFIRM_POLL_S: i64 = 600;

/// Runs [`JobKind::MovePayout`](crate::queue::jobs::JobKind::MovePayout): from the transfer's day
/// on, sends it, polls it and stores its outcome. Idempotent, also with two runs at the same time;
/// the provider never gets a second number for one transfer.
pub async fn run<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part_id: &str,
) -> Result<Next, Failure> {
    // Two messages, or a message and the job, can run this at the same time.
    retry(format_args!("transfer {part_id}"), async || advance(ctx, part_id).await.map(Round::Done))
        .await
}

async fn advance<D: Database, P: PaymentProvider>(
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
        // Stored before the call, so a transfer that is still queued is unknown to the provider.
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
        Ok(PayoutReport::Processing) => return Ok(poll_later(ctx.now)),
        Err(error) => {
            crate::log::warn(&format!("payout.open part={part_id} cause={error:?}"));
            return Ok(poll_later(ctx.now));
        }
    }
    Ok(Next::Done)
}

const fn poll_later(now: Moment) -> Next {
    Next::At(now.plus_seconds(POLL_S))
}

/// Sends the stored call. If the provider refuses it, the provider is queried: a number that it
/// does not have is a definite failure; otherwise its answer about the number is the outcome.
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
