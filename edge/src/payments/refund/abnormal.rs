//! An operator's actions on a refund that the provider could not deliver: retry it, or close it if
//! the reader's bank has given the money back.

use serde::Deserialize;
use serde_json::json;
use shared::machine::{DisputeState, RefundState};
use shared::problem::Problem;
use shared::text;

use super::outcome::{self, POLL_S};
use super::row;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::people::operator::{self, tasks};
use crate::provider::{PaymentProvider, ProviderError, RefundReport};
use crate::queue::jobs::{self, JobKind};

/// The audit log's name for closing a refund.
const CLOSE_ACTION: &str = "refund.close";

/// Asks the provider, on behalf of an operator, to retry a refund that it could not deliver. Does
/// nothing if the refund has succeeded. Fails with [`Problem::Unavailable`] if the provider does
/// not answer; the operator can safely try again.
///
/// Refused: a refund that does not exist or is not abnormal; a payment that the reader's bank
/// disputes or has given back.
pub async fn retry_abnormal<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    refund_id: &str,
) -> Result<(), Failure> {
    let refund = row::find(ctx, refund_id).await?.ok_or(Problem::NotFound)?;
    match refund.state {
        RefundState::Abnormal if refund.dispute.is_none() => {}
        RefundState::Succeeded => return Ok(()),
        _ => return Err(Problem::WrongState.into()),
    }
    // The audit entry is stored before the call, so that its effects have an author.
    let detail = json!({ "reason": refund.state_reason });
    let statements = vec![
        guard_abnormal(refund_id),
        Statement::must_change(1, "refund_state"),
        operator::audit(operator_id, "refund.retry", refund_id, &detail, ctx.now),
        jobs::wake(JobKind::PollRefund, refund_id, ctx.now.plus_seconds(POLL_S)),
    ];
    match ctx.db.batch(statements).await {
        // The refund is no longer abnormal, so there is nothing to retry.
        Err(DatabaseError::Guard(_)) => return Ok(()),
        other => other?,
    };
    let report = ctx.provider.retry_refund(refund_id, ctx.now).await;
    let report = outcome::send_if_missing(ctx, &refund, report).await;
    let unanswered = matches!(report, Err(ProviderError::Unknown(_)));
    outcome::book_report(ctx, refund_id, &refund, report).await?;
    // It is unknown whether the provider retries, so the operator has to try again.
    if unanswered { Err(Problem::Unavailable.into()) } else { Ok(()) }
}

/// Closes a refund that the provider could not deliver, because the reader's bank has given the
/// money back. The operator has made sure at the provider that the refund is never delivered. The
/// provider is queried first; if the refund has succeeded or is closed there, that is booked
/// instead. Idempotent.
///
/// Refused: a refund that does not exist, is not abnormal or is on its way again; a payment that no
/// bank has given back; a reason that is empty or too long. Fails with [`Problem::Unavailable`] if
/// the provider does not answer.
pub async fn close_abnormal<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    refund_id: &str,
    reason: &str,
) -> Result<(), Failure> {
    let reason = text::clean(reason, tasks::REASON_MAX)
        .map_err(|error| Problem::Text { field: "reason", error })?;
    let refund = row::find(ctx, refund_id).await?.ok_or(Problem::NotFound)?;
    match refund.state {
        RefundState::Abnormal if refund.dispute == Some(DisputeState::Lost) => {}
        RefundState::Closed
            if closing_reason(ctx, refund_id).await?.as_deref() == Some(&reason) =>
        {
            return Ok(());
        }
        _ => return Err(Problem::WrongState.into()),
    }
    let report = ctx.provider.query_refund(refund_id, ctx.now).await;
    match outcome::send_if_missing(ctx, &refund, report).await {
        Ok(RefundReport::Abnormal) => {}
        Ok(report @ (RefundReport::Succeeded | RefundReport::Closed)) => {
            return outcome::book_report(ctx, refund_id, &refund, Ok(report)).await;
        }
        // It is on its way again and may still arrive.
        Ok(RefundReport::Processing) => return Err(Problem::WrongState.into()),
        Err(_) => return Err(Problem::Unavailable.into()),
    }
    let detail = json!({ "reason": reason });
    let mut statements = outcome::close_not_needed(ctx, refund_id, &refund)?;
    statements.push(operator::audit(operator_id, CLOSE_ACTION, refund_id, &detail, ctx.now));
    match ctx.db.batch(statements).await {
        // The refund has changed since it was read.
        Err(DatabaseError::Guard(_)) => Err(Problem::Unavailable.into()),
        other => Ok(other.map(drop)?),
    }
}

/// Returns the reason that an operator gave for closing a refund.
async fn closing_reason<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
) -> Result<Option<String>, DatabaseError> {
    #[derive(Deserialize)]
    struct Closing {
        reason: String,
    }
    let statement = Statement::new(
        "SELECT detail ->> 'reason' AS reason FROM operator_audit
         WHERE action = ?1 AND subject = ?2 ORDER BY id DESC LIMIT 1",
        [Value::from(CLOSE_ACTION), refund_id.into()],
    );
    let closing: Option<Closing> =
        Results::from(ctx.db.batch(vec![statement]).await?).take().first()?;
    Ok(closing.map(|closing| closing.reason))
}

/// Changes one row, without effect, if a refund is still abnormal and its payment has no dispute
/// that is open or lost.
fn guard_abnormal(refund_id: &str) -> Statement {
    Statement::new(
        "UPDATE refund SET state = state WHERE id = ?1 AND state = 'abnormal' AND NOT EXISTS (
           SELECT 1 FROM dispute
           WHERE dispute.payment_id = refund.payment_id AND dispute.state <> 'won')",
        [Value::from(refund_id)],
    )
}
