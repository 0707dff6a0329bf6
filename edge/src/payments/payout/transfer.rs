//! Sends and tracks one transfer of a payout. Its number at the provider is the payout part's id.
//! Every attempt sends the same bytes, and the transfer is polled while its outcome is unknown.

use shared::calendar::Moment;
use shared::machine::PartState;

use super::results::{self, Release};
use super::transfer_row::{self, TransferRow};
use crate::context::Context;
use crate::database::{Database, DatabaseError};
use crate::failure::Failure;
use crate::people::operator::tasks;
use crate::provider::{PaymentProvider, PayoutReport, ProviderError};
use crate::queue::jobs::{self, JobKind, Next};
use crate::retry::{Round, retry};

/// Seconds between two polls of a transfer.
const POLL_S: i64 = 60;
/// Seconds between two polls while the receiver has to confirm the transfer.
const CONFIRM_POLL_S: i64 = 600;
/// Hours without an outcome after which an operator gets a task about a transfer.
const UNKNOWN_HOURS: i64 = 24;
/// Days until the deadline of a task about a transfer.
const TASK_DAYS: i64 = 1;
/// The kind of the task about a transfer that we booked as failed and the provider reports as
/// delivered.
const CONTRADICTED_TASK: &str = "payout_contradicted";

/// Runs [`JobKind::MovePayout`]: sends a transfer, polls it and stores its outcome. Idempotent, also
/// with two runs at the same time; the provider never gets a second number for one transfer.
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
    match part.state {
        PartState::Queued | PartState::Sent | PartState::AwaitingConfirmation => {}
        PartState::Succeeded | PartState::Failed => return recheck(ctx, &part).await,
        PartState::Dropped | PartState::SentBack => return Ok(Next::Done),
    }
    if part.state == PartState::Queued {
        if let Some(reason) = part.drop_reason.take() {
            results::release(ctx, &part, Release::Dropped(&reason)).await?;
            return Ok(Next::Done);
        }
        if part.body.is_none() {
            results::succeeded(ctx, &part).await?;
            return Ok(Next::Done);
        }
        // Stored before the call, so a transfer that is still queued is unknown to the provider.
        results::step(ctx, &part, PartState::Sent).await?;
        part.state = PartState::Sent;
        part.state_at = ctx.now.ms();
    } else {
        match ctx.provider.query_payout(part_id, ctx.now).await {
            Err(ProviderError::NotFound) => {}
            report => return book(ctx, &part, report).await,
        }
    }
    let body = part.body.as_deref().unwrap_or_default();
    let report = send(ctx, &part, body).await;
    book(ctx, &part, report).await
}

/// Books the provider's report about a transfer that has been sent. The transfer fails only if the
/// provider reports that it failed. After any other error the outcome is unknown: the same number
/// is queried and sent again, and after a day an operator gets a task.
async fn book<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
    report: Result<PayoutReport, ProviderError>,
) -> Result<Next, Failure> {
    match report {
        Ok(PayoutReport::Succeeded) => results::succeeded(ctx, part).await?,
        Ok(PayoutReport::SentBack { reason }) => {
            // We missed that it had arrived.
            results::succeeded(ctx, part).await?;
            let arrived = transfer_row::find(ctx, &part.part_id).await?;
            if let Some(arrived) = arrived.filter(|one| one.state == PartState::Succeeded) {
                results::release(ctx, &arrived, Release::SentBack(&reason)).await?;
            }
        }
        Ok(PayoutReport::Failed { reason }) => {
            results::release(ctx, part, Release::Failed(&reason)).await?;
        }
        Ok(PayoutReport::AwaitingConfirmation) => {
            if part.state == PartState::Sent {
                results::step(ctx, part, PartState::AwaitingConfirmation).await?;
            } else {
                raise_alarm_if_late(ctx, part).await?;
            }
            return Ok(Next::At(ctx.now.plus_seconds(CONFIRM_POLL_S)));
        }
        Ok(PayoutReport::Processing) => {
            raise_alarm_if_late(ctx, part).await?;
            return Ok(poll_later(ctx.now));
        }
        Err(error) => {
            crate::log::warn(&format!("payout.open part={} cause={error:?}", part.part_id));
            raise_alarm_if_late(ctx, part).await?;
            return Ok(poll_later(ctx.now));
        }
    }
    Ok(Next::Done)
}

/// Opens a task for an operator if the transfer has been without an outcome for a day.
async fn raise_alarm_if_late<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
) -> Result<(), DatabaseError> {
    if ctx.now.ms() - part.state_at < UNKNOWN_HOURS * 3_600_000 {
        return Ok(());
    }
    let detail = "a transfer to a writer has had no outcome for a day";
    let deadline = ctx.now.plus_days(TASK_DAYS);
    let open = tasks::open(results::UNKNOWN_TASK, &part.part_id, detail, ctx.now, deadline);
    ctx.db.batch(vec![open]).await.map(drop)
}

/// Queries a transfer whose outcome has been booked, because a message or a bill mentions it again.
/// One that had arrived may have been sent back. One that had failed may have arrived after all: then
/// the writer may have the money twice, so an operator gets a task, and no further payout of the
/// account leaves until it is closed.
async fn recheck<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
) -> Result<Next, Failure> {
    if part.body.is_none() {
        return Ok(Next::Done);
    }
    match (part.state, ctx.provider.query_payout(&part.part_id, ctx.now).await) {
        (PartState::Succeeded, Ok(PayoutReport::SentBack { reason })) => {
            results::release(ctx, part, Release::SentBack(&reason)).await?;
        }
        (PartState::Failed, Ok(PayoutReport::Succeeded)) => {
            crate::log::error(&format!("payout.contradicted part={}", part.part_id));
            let detail = "the provider has delivered a transfer that has failed here";
            let deadline = ctx.now.plus_days(TASK_DAYS);
            let open = tasks::open(CONTRADICTED_TASK, &part.part_id, detail, ctx.now, deadline);
            ctx.db.batch(vec![open]).await?;
        }
        (_, Err(ProviderError::Unknown(cause))) => {
            crate::log::warn(&format!("payout.unanswered part={} cause={cause}", part.part_id));
            let later = ctx.now.plus_seconds(POLL_S);
            ctx.db.batch(vec![jobs::wake(JobKind::MovePayout, &part.part_id, later)]).await?;
            return Ok(Next::Handled);
        }
        _ => {}
    }
    Ok(Next::Done)
}

const fn poll_later(now: Moment) -> Next {
    Next::At(now.plus_seconds(POLL_S))
}

/// Sends the stored call. If the provider refuses it, the provider is queried, because an earlier
/// call with the same number may have arrived.
async fn send<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &TransferRow,
    body: &str,
) -> Result<PayoutReport, ProviderError> {
    match ctx.provider.pay_out(body, ctx.now).await {
        Err(ProviderError::Refused(cause)) => {
            crate::log::error(&format!("payout.refused part={} cause={cause}", part.part_id));
            ctx.provider.query_payout(&part.part_id, ctx.now).await
        }
        other => other,
    }
}
