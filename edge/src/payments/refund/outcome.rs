//! What becomes of a refund: sent, asked about, and written down as the provider says. No outcome
//! ends in silence: what the provider closes is replaced, and what it cannot deliver is an
//! operator's task.

use shared::calendar::Moment;
use shared::machine::{DisputeState, RefundState};
use shared::problem::Problem;

use super::queue::{RefundOrder, insert, queued};
use super::row::{self, RefundRow};
use crate::context::Context;
use crate::database::{Database, DatabaseError, Statement, Value, from_json};
use crate::failure::Failure;
use crate::payments::ledger::{self, Account};
use crate::people::operator::tasks;
use crate::provider::{PaymentProvider, ProviderError, RefundReport, RefundRequest};
use crate::queue::jobs::{self, JobKind};
use crate::queue::outbox::{self, Operation};

/// Seconds until a refund on its way is asked about again, at first and at most.
pub(super) const POLL_S: i64 = 60;
const POLL_MAX_S: i64 = 3_600;
/// Seconds until an abnormal refund is asked about again.
const ABNORMAL_POLL_S: i64 = 86_400;
/// Seconds until a closed refund's first replacement is sent, and the most it ever waits: a
/// provider that closes them all is not run at.
const REPLACE_S: i64 = 3_600;
const REPLACE_MAX_S: i64 = 86_400;
/// Seconds until a refund that waits for the reader's bank is looked at again; the bank's decision
/// comes first.
const BANK_POLL_S: i64 = 86_400;
/// Closed refunds of one payment from which on an operator looks at it.
const CLOSED_ALARM: i64 = 3;
/// Days that an operator has.
const TASK_DAYS: i64 = 7;
/// The kind of an operator's task about a refund.
const TASK: &str = "refund_abnormal";

/// The job that sends a queued refund. While the reader's bank looks at the payment it does not
/// leave, and it never does once the bank has given the money back.
pub async fn send<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
) -> Result<(), Failure> {
    let Some(refund) = row::find(ctx, refund_id).await? else { return Ok(()) };
    if refund.state != RefundState::Queued {
        let done = jobs::done(JobKind::SendRefund, refund_id, ctx.now);
        return Ok(ctx.db.batch(vec![done]).await.map(drop)?);
    }
    let report = send_or_ask(ctx, refund_id, &refund).await;
    settle(ctx, refund_id, &refund, report).await
}

/// The job that asks about a refund on its way. One the provider never got is sent again under the
/// same number.
pub async fn poll<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
) -> Result<(), Failure> {
    let Some(refund) = row::find(ctx, refund_id).await? else { return Ok(()) };
    let report = match refund.state {
        // The provider has news of it before its first answer was written down.
        RefundState::Queued => send_or_ask(ctx, refund_id, &refund).await,
        RefundState::Sent | RefundState::Abnormal => {
            let report = ctx.provider.query_refund(refund_id, ctx.now).await;
            or_send(ctx, &refund, report).await
        }
        RefundState::Succeeded => {
            let done = jobs::done(JobKind::PollRefund, refund_id, ctx.now);
            return Ok(ctx.db.batch(vec![done]).await.map(drop)?);
        }
        RefundState::Closed => return look_again(ctx, refund_id).await,
    };
    settle(ctx, refund_id, &refund, report).await
}

/// Asks once more about a refund that has ended without money. Where the provider says that it was
/// delivered all the same, the reader may have it twice: nothing is booked, and an operator looks at
/// it.
async fn look_again<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
) -> Result<(), Failure> {
    let mut statements = vec![jobs::done(JobKind::PollRefund, refund_id, ctx.now)];
    if let Ok(RefundReport::Succeeded) = ctx.provider.query_refund(refund_id, ctx.now).await {
        let detail = "the provider has delivered a refund that stands as closed";
        crate::log::error(&format!("refund.contradicted refund={refund_id} how={detail}"));
        let deadline = ctx.now.plus_days(TASK_DAYS);
        statements.push(tasks::open("contradicted", refund_id, detail, ctx.now, deadline));
    }
    Ok(ctx.db.batch(statements).await.map(drop)?)
}

/// Where a refund stands.
pub async fn state<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
) -> Result<RefundState, Failure> {
    Ok(row::find(ctx, refund_id).await?.ok_or(Problem::NotFound)?.state)
}

/// Sends a refund; where the reader's bank has a say, asks first what was sent before.
async fn send_or_ask<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
    refund: &RefundRow,
) -> Result<RefundReport, ProviderError> {
    if refund.dispute.is_none() {
        return ctx.provider.refund(&refund.body, ctx.now).await;
    }
    let report = ctx.provider.query_refund(refund_id, ctx.now).await;
    or_send(ctx, refund, report).await
}

/// What the provider says, where it has to be told first what it is asked about. What it has never
/// heard of while the reader's bank has a say, it does not hear of: not found where the bank still
/// looks, and closed where the bank has given it back.
pub(super) async fn or_send<D: Database, P: PaymentProvider>(
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
        // A question that is refused says nothing about the refund.
        Err(ProviderError::Refused(text)) => Err(ProviderError::Unknown(text)),
        other => other,
    }
}

/// Writes down what the provider says, in one batch.
pub(super) async fn settle<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
    refund: &RefundRow,
    report: Result<RefundReport, ProviderError>,
) -> Result<(), Failure> {
    if refund.dispute == Some(DisputeState::Open) && matches!(report, Err(ProviderError::NotFound))
    {
        return Ok(ctx.db.batch(vec![wait_for_the_bank(refund_id, ctx.now)]).await.map(drop)?);
    }
    let mut statements = match report {
        Ok(RefundReport::Succeeded) => succeeded(ctx, refund_id, refund)?,
        Ok(RefundReport::Closed) if refund.dispute == Some(DisputeState::Lost) => {
            not_needed(ctx, refund_id, refund)?
        }
        Ok(RefundReport::Closed) => closed(ctx, refund_id, refund)?,
        Ok(RefundReport::Abnormal) => abnormal(ctx, refund_id, refund, "cannot be delivered"),
        Ok(RefundReport::Processing) | Err(ProviderError::Unknown(_)) => {
            on_its_way(ctx, refund_id, refund)
        }
        Err(ProviderError::Refused(text)) => abnormal(ctx, refund_id, refund, &text),
        Err(ProviderError::NotFound) => abnormal(ctx, refund_id, refund, "no such payment"),
    };
    statements.push(jobs::done(JobKind::SendRefund, refund_id, ctx.now));
    match ctx.db.batch(statements).await {
        // Somebody else has just written the same down.
        Err(DatabaseError::Guard(_)) => Ok(()),
        // The bank has just given it back: it is read again.
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
    statements.extend(over(refund_id, "succeeded", ctx.now));
    Ok(statements)
}

/// A definite end without money: another refund takes its place, under a number of its own.
fn closed<D: Database, P: PaymentProvider>(
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
    let replacement = queued(ctx, &order, Some(refund_id))?;
    let wait_s = (REPLACE_S << (closed - 1).clamp(0, 8)).min(REPLACE_MAX_S);
    let mut statements = step(refund_id, refund, RefundState::Closed, None, ctx.now);
    statements.extend(over(refund_id, "closed", ctx.now));
    if closed >= CLOSED_ALARM {
        let detail = format!("the provider has closed {closed} refunds of this payment");
        statements.push(task(&replacement.id, &detail, ctx.now));
    }
    statements.extend(insert(ctx, &[replacement], ctx.now.plus_seconds(wait_s))?);
    Ok(statements)
}

/// A definite end without money, where the reader has it from the bank: nothing takes its place, and
/// what stood for it makes up for what the bank took.
pub(super) fn not_needed<D: Database, P: PaymentProvider>(
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
    statements.extend(over(refund_id, "dispute_lost", ctx.now));
    Ok(statements)
}

/// Puts a refund off that has not left, unless the bank has just decided.
fn wait_for_the_bank(refund_id: &str, now: Moment) -> Statement {
    Statement::new(
        "UPDATE job SET due_at = ?2, attempts = 0
         WHERE kind IN ('send_refund', 'poll_refund') AND subject_id = ?1 AND done_at IS NULL
           AND EXISTS (SELECT 1 FROM refund JOIN dispute ON dispute.payment_id = refund.payment_id
                       WHERE refund.id = ?1 AND dispute.state = 'open')",
        [Value::from(refund_id), now.plus_seconds(BANK_POLL_S).into()],
    )
}

/// The provider cannot deliver it, or does not want to: an operator's task, and asked about daily.
fn abnormal<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
    refund: &RefundRow,
    reason: &str,
) -> Vec<Statement> {
    let again = ctx.now.plus_seconds(ABNORMAL_POLL_S);
    if refund.state == RefundState::Abnormal {
        return vec![jobs::reschedule(JobKind::PollRefund, refund_id, again)];
    }
    crate::log::error(&format!("refund.abnormal refund={refund_id} cause={reason}"));
    let mut statements = step(refund_id, refund, RefundState::Abnormal, Some(reason), ctx.now);
    statements.push(task(refund_id, reason, ctx.now));
    statements.push(jobs::wake(JobKind::PollRefund, refund_id, again));
    // An earlier waking, of a refund that was on its way, would come up sooner for nothing.
    statements.push(jobs::reschedule(JobKind::PollRefund, refund_id, again));
    statements
}

fn on_its_way<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
    refund: &RefundRow,
) -> Vec<Statement> {
    // The longer it is on its way, the less often it is asked about.
    let age_s = (ctx.now.ms() - refund.created_at) / 1000;
    let again = ctx.now.plus_seconds((age_s / 4).clamp(POLL_S, POLL_MAX_S));
    match refund.state {
        RefundState::Queued => {
            let mut statements = step(refund_id, refund, RefundState::Sent, None, ctx.now);
            statements.push(jobs::schedule(JobKind::PollRefund, refund_id, again));
            statements
        }
        _ => vec![jobs::reschedule(JobKind::PollRefund, refund_id, again)],
    }
}

/// What ends with a refund: the call, the questions and the operator's task about it.
fn over(refund_id: &str, outcome: &str, now: Moment) -> [Statement; 3] {
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
