//! Sends refunds, queries them and books their outcomes. A refund that the provider closes is
//! replaced by a new one; a refund that it cannot deliver opens a task for an operator.

use shared::calendar::Moment;
use shared::machine::{DisputeState, RefundState};
use shared::problem::Problem;

use super::queue::{RefundOrder, insert, new_refund};
use super::row::{self, RefundRow};
use crate::context::Context;
use crate::database::{Database, DatabaseError, Statement, Value, from_json};
use crate::failure::Failure;
use crate::payments::ledger::{self, Account};
use crate::people::operator::tasks;
use crate::provider::{PaymentProvider, ProviderError, RefundReport, RefundRequest};
use crate::queue::jobs::{self, JobKind};
use crate::queue::outbox::{self, Operation};

/// Seconds until the first poll of a refund on its way.
pub(super) const POLL_S: i64 = 60;
/// The maximum seconds between two polls of a refund on its way.
const POLL_MAX_S: i64 = 3_600;
/// Seconds between two polls of an abnormal refund.
const ABNORMAL_POLL_S: i64 = 86_400;
/// Seconds until the first replacement of a closed refund is sent. Doubled with each further one,
/// so that a provider that closes them all is not hammered.
const REPLACE_S: i64 = 3_600;
/// The maximum seconds until a replacement is sent.
const REPLACE_MAX_S: i64 = 86_400;
/// Seconds until a refund that waits for the reader's bank is checked again. The bank's decision
/// wakes it earlier.
const BANK_POLL_S: i64 = 86_400;
/// Closed refunds of one payment from which on an operator gets a task.
const CLOSED_ALARM: i64 = 3;
/// Days until an operator's task is overdue.
const TASK_DAYS: i64 = 7;
/// The kind of the operator's tasks about refunds.
const TASK: &str = "refund_abnormal";

/// Runs [`JobKind::SendRefund`]: sends a queued refund. A refund is not sent while the reader's
/// bank disputes the payment, and never after the bank has given the money back.
pub async fn send<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
) -> Result<(), Failure> {
    let Some(refund) = row::find(ctx, refund_id).await? else { return Ok(()) };
    if refund.state != RefundState::Queued {
        let done = jobs::done(JobKind::SendRefund, refund_id, ctx.now);
        return Ok(ctx.db.batch(vec![done]).await.map(drop)?);
    }
    let report = send_or_query(ctx, refund_id, &refund).await;
    book_report(ctx, refund_id, &refund, report).await
}

/// Runs [`JobKind::PollRefund`]: queries a refund on its way. A refund that the provider does not
/// have is sent again under the same number.
pub async fn poll<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
) -> Result<(), Failure> {
    let Some(refund) = row::find(ctx, refund_id).await? else { return Ok(()) };
    let report = match refund.state {
        // The provider has sent a message about it before its first answer was booked.
        RefundState::Queued => send_or_query(ctx, refund_id, &refund).await,
        RefundState::Sent | RefundState::Abnormal => {
            let report = ctx.provider.query_refund(refund_id, ctx.now).await;
            send_if_missing(ctx, &refund, report).await
        }
        RefundState::Succeeded => {
            let done = jobs::done(JobKind::PollRefund, refund_id, ctx.now);
            return Ok(ctx.db.batch(vec![done]).await.map(drop)?);
        }
        RefundState::Closed => return recheck_closed(ctx, refund_id).await,
    };
    book_report(ctx, refund_id, &refund, report).await
}

/// Queries a closed refund once more. If the provider has delivered it after all, the reader may
/// have the money twice: nothing is booked, and an operator gets a task. Fails with
/// [`Problem::Unavailable`] if the provider does not answer; the job, or the message, repeats it.
async fn recheck_closed<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
) -> Result<(), Failure> {
    let report = ctx.provider.query_refund(refund_id, ctx.now).await;
    // A refused query reveals nothing about the refund.
    if let Err(ProviderError::Unknown(_) | ProviderError::Refused(_)) = report {
        return Err(Problem::Unavailable.into());
    }
    let mut statements = vec![jobs::done(JobKind::PollRefund, refund_id, ctx.now)];
    if report == Ok(RefundReport::Succeeded) {
        let detail = "the provider has delivered a refund that is closed here";
        crate::log::error(&format!("refund.contradicted refund={refund_id} how={detail}"));
        let deadline = ctx.now.plus_days(TASK_DAYS);
        statements.push(tasks::open("contradicted", refund_id, detail, ctx.now, deadline));
    }
    Ok(ctx.db.batch(statements).await.map(drop)?)
}

/// Returns the state of a refund. Refused: a refund that does not exist.
pub async fn state<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
) -> Result<RefundState, Failure> {
    Ok(row::find(ctx, refund_id).await?.ok_or(Problem::NotFound)?.state)
}

/// Sends a refund. If the payment has a dispute, queries first, because the refund may have been
/// sent before the dispute.
async fn send_or_query<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
    refund: &RefundRow,
) -> Result<RefundReport, ProviderError> {
    if refund.dispute.is_none() {
        return ctx.provider.refund(&refund.body, ctx.now).await;
    }
    let report = ctx.provider.query_refund(refund_id, ctx.now).await;
    send_if_missing(ctx, refund, report).await
}

/// Completes the answer to a query: if the provider does not have the refund, sends it now and
/// returns that answer. A refund of a disputed payment is not sent: the result is then
/// [`ProviderError::NotFound`] while the dispute is open, and [`RefundReport::Closed`] if the bank
/// has given the money back.
pub(super) async fn send_if_missing<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund: &RefundRow,
    report: Result<RefundReport, ProviderError>,
) -> Result<RefundReport, ProviderError> {
    match report {
        Err(ProviderError::NotFound) => match refund.dispute {
            Some(DisputeState::Lost) => Ok(RefundReport::Closed),
            Some(_) => Err(ProviderError::NotFound),
            None => ctx.provider.refund(&refund.body, ctx.now).await,
        },
        // A refused query reveals nothing about the refund.
        Err(ProviderError::Refused(text)) => Err(ProviderError::Unknown(text)),
        other => other,
    }
}

/// Books the provider's answer in one batch.
pub(super) async fn book_report<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
    refund: &RefundRow,
    report: Result<RefundReport, ProviderError>,
) -> Result<(), Failure> {
    if refund.dispute == Some(DisputeState::Open) && matches!(report, Err(ProviderError::NotFound))
    {
        return Ok(ctx.db.batch(vec![postpone(refund_id, ctx.now)]).await.map(drop)?);
    }
    let mut statements = match report {
        Ok(RefundReport::Succeeded) => succeeded(ctx, refund_id, refund)?,
        Ok(RefundReport::Closed) if refund.dispute == Some(DisputeState::Lost) => {
            close_not_needed(ctx, refund_id, refund)?
        }
        Ok(RefundReport::Closed) => replace(ctx, refund_id, refund)?,
        Ok(RefundReport::Abnormal) => abnormal(ctx, refund_id, refund, "cannot be delivered"),
        Ok(RefundReport::Processing) | Err(ProviderError::Unknown(_)) => {
            on_its_way(ctx, refund_id, refund)
        }
        Err(ProviderError::Refused(text)) => abnormal(ctx, refund_id, refund, &text),
        Err(ProviderError::NotFound) => abnormal(ctx, refund_id, refund, "no such payment"),
    };
    statements.push(jobs::done(JobKind::SendRefund, refund_id, ctx.now));
    match ctx.db.batch(statements).await {
        // Another run has just booked it.
        Err(DatabaseError::Guard(_)) => Ok(()),
        // The bank has just given the money back: the retry reads the dispute.
        Err(error) if error.rule() == Some("dispute_lost") => Err(Problem::Unavailable.into()),
        other => Ok(other.map(drop)?),
    }
}

fn succeeded<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
    refund: &RefundRow,
) -> Result<Vec<Statement>, DatabaseError> {
    let mut statements = step(refund_id, refund, RefundState::Succeeded, None, ctx.now);
    statements.extend(ledger::transfer(
        &format!("refund.succeeded:{refund_id}"),
        ctx.now,
        Account::Returning(ctx.provider.name()),
        Account::ProviderUnsettled(ctx.provider.name()),
        refund.amount(),
    )?);
    if let Some(praise_id) = &refund.praise_id {
        statements.push(Statement::new(
            "UPDATE praise SET state = 'returned', state_at = ?2
             WHERE id = ?1 AND state = 'returning'",
            [Value::from(praise_id), ctx.now.into()],
        ));
        statements.push(Statement::must_change(1, "praise_state"));
    }
    statements.extend(finish(refund_id, "succeeded", ctx.now));
    Ok(statements)
}

/// Closes a refund that definitely did not succeed and queues a replacement under a new number.
fn replace<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
    refund: &RefundRow,
) -> Result<Vec<Statement>, DatabaseError> {
    let request: RefundRequest = from_json(&refund.body)?;
    let closed = refund.closed + 1;
    let order = RefundOrder {
        payment_id: &refund.payment_id,
        praise_id: refund.praise_id.as_deref(),
        order_number: &request.order_number,
        transaction_id: &request.transaction_id,
        amount: refund.amount(),
        reason: "replaced",
    };
    let replacement = new_refund(ctx, &order, Some(refund_id))?;
    let wait_s = (REPLACE_S << (closed - 1).clamp(0, 8)).min(REPLACE_MAX_S);
    let mut statements = step(refund_id, refund, RefundState::Closed, None, ctx.now);
    statements.extend(finish(refund_id, "closed", ctx.now));
    if closed >= CLOSED_ALARM {
        let detail = format!("the provider has closed {closed} refunds of this payment");
        statements.push(task(&replacement.id, &detail, ctx.now));
    }
    statements.extend(insert(ctx, &[replacement], ctx.now.plus_seconds(wait_s))?);
    Ok(statements)
}

/// Closes a refund without a replacement, because the bank has given the money back to the reader.
/// The amount that was set apart for the refund covers the operator's loss from the dispute.
pub(super) fn close_not_needed<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
    refund: &RefundRow,
) -> Result<Vec<Statement>, DatabaseError> {
    let mut statements =
        step(refund_id, refund, RefundState::Closed, Some("dispute_lost"), ctx.now);
    statements.extend(ledger::transfer(
        &format!("refund.not_needed:{refund_id}"),
        ctx.now,
        Account::Returning(ctx.provider.name()),
        Account::OperatorLoss,
        refund.amount(),
    )?);
    if let Some(praise_id) = &refund.praise_id {
        statements.push(Statement::new(
            "UPDATE praise SET state = 'lost', state_at = ?2, state_reason = 'dispute_lost'
             WHERE id = ?1 AND state = 'returning'",
            [Value::from(praise_id), ctx.now.into()],
        ));
        statements.push(Statement::must_change(1, "praise_state"));
    }
    statements.extend(finish(refund_id, "dispute_lost", ctx.now));
    Ok(statements)
}

/// Postpones a refund that has not been sent, unless the bank has just decided.
fn postpone(refund_id: &str, now: Moment) -> Statement {
    Statement::new(
        "UPDATE job SET due_at = ?2, attempts = 0
         WHERE kind IN ('send_refund', 'poll_refund') AND subject_id = ?1 AND done_at IS NULL
           AND EXISTS (SELECT 1 FROM refund JOIN dispute ON dispute.payment_id = refund.payment_id
                       WHERE refund.id = ?1 AND dispute.state = 'open')",
        [Value::from(refund_id), now.plus_seconds(BANK_POLL_S).into()],
    )
}

/// Marks a refund that the provider cannot deliver or refuses: an operator gets a task, and the
/// refund is polled daily.
fn abnormal<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
    refund: &RefundRow,
    reason: &str,
) -> Vec<Statement> {
    let next_poll = ctx.now.plus_seconds(ABNORMAL_POLL_S);
    if refund.state == RefundState::Abnormal {
        return vec![jobs::reschedule(JobKind::PollRefund, refund_id, next_poll)];
    }
    crate::log::error(&format!("refund.abnormal refund={refund_id} cause={reason}"));
    let mut statements = step(refund_id, refund, RefundState::Abnormal, Some(reason), ctx.now);
    statements.push(task(refund_id, reason, ctx.now));
    statements.push(jobs::wake(JobKind::PollRefund, refund_id, next_poll));
    // `wake` keeps an earlier due time from when the refund was on its way; this moves it.
    statements.push(jobs::reschedule(JobKind::PollRefund, refund_id, next_poll));
    statements
}

fn on_its_way<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
    refund: &RefundRow,
) -> Vec<Statement> {
    // The longer it is on its way, the less often it is polled.
    let age_s = (ctx.now.ms() - refund.created_at) / 1000;
    let next_poll = ctx.now.plus_seconds((age_s / 4).clamp(POLL_S, POLL_MAX_S));
    match refund.state {
        RefundState::Queued => {
            let mut statements = step(refund_id, refund, RefundState::Sent, None, ctx.now);
            statements.push(jobs::schedule(JobKind::PollRefund, refund_id, next_poll));
            statements
        }
        _ => vec![jobs::reschedule(JobKind::PollRefund, refund_id, next_poll)],
    }
}

/// Returns the statements that finish the stored call, the polling and the operator's task of a
/// refund.
fn finish(refund_id: &str, outcome: &str, now: Moment) -> [Statement; 3] {
    [
        outbox::done(Operation::Refund, refund_id, now),
        jobs::done(JobKind::PollRefund, refund_id, now),
        tasks::close(TASK, refund_id, outcome, now),
    ]
}

fn task(refund_id: &str, detail: &str, now: Moment) -> Statement {
    tasks::open(TASK, refund_id, detail, now, now.plus_days(TASK_DAYS))
}

fn step(
    refund_id: &str,
    refund: &RefundRow,
    to: RefundState,
    reason: Option<&str>,
    now: Moment,
) -> Vec<Statement> {
    vec![
        Statement::new(
            "UPDATE refund SET state = ?3, state_at = ?4, state_reason = coalesce(?5, state_reason)
             WHERE id = ?1 AND state = ?2",
            [
                Value::from(refund_id),
                refund.state.as_str().into(),
                to.as_str().into(),
                now.into(),
                reason.into(),
            ],
        ),
        Statement::must_change(1, "refund_state"),
    ]
}
