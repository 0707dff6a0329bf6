//! What an operator does about a refund that the provider could not deliver: has it tried again, or
//! closes it where the reader has the money from the bank.

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

/// What the audit calls the closing of a refund.
const CLOSE: &str = "refund.close";

/// Has the provider try its own way for a refund that it could not deliver, in the name of an
/// operator. Refused: a refund that is not abnormal, or whose payment the reader's bank looks at or
/// has given back; one that has succeeded is nobody's matter any more, and that is no refusal. Where
/// the provider's answer is lost, asking again is harmless.
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
    // Written down before the provider hears of it, so that whatever follows has its author.
    let detail = json!({ "reason": refund.state_reason });
    let asked = vec![
        still_abnormal(refund_id),
        Statement::must_change(1, "refund_state"),
        operator::audit(operator_id, "refund.retry", refund_id, &detail, ctx.now),
        jobs::wake(JobKind::PollRefund, refund_id, ctx.now.plus_seconds(POLL_S)),
    ];
    match ctx.db.batch(asked).await {
        // It has moved on in the meantime, which is all that was wanted.
        Err(DatabaseError::Guard(_)) => return Ok(()),
        other => other?,
    };
    let report = ctx.provider.retry_refund(refund_id, ctx.now).await;
    let report = outcome::or_send(ctx, &refund, report).await;
    let unheard = matches!(report, Err(ProviderError::Unknown(_)));
    outcome::settle(ctx, refund_id, &refund, report).await?;
    // Whether the provider tries is not known: whoever asked for it has to ask again.
    if unheard { Err(Problem::Unavailable.into()) } else { Ok(()) }
}

/// Closes a refund that the provider could not deliver, in the name of an operator who has made sure
/// there that it is never delivered: the reader's bank has given the money back. The provider is
/// asked first; where it has moved on by itself, that is written down instead. Saying the same twice
/// is saying it once.
///
/// Refused: a refund that is not abnormal or whose payment no bank has given back, a reason that is
/// no text; and unavailable where the provider does not answer.
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
        RefundState::Closed if said(ctx, refund_id).await?.as_deref() == Some(&reason) => {
            return Ok(());
        }
        _ => return Err(Problem::WrongState.into()),
    }
    let report = ctx.provider.query_refund(refund_id, ctx.now).await;
    match outcome::or_send(ctx, &refund, report).await {
        Ok(RefundReport::Abnormal) => {}
        Ok(moved_on @ (RefundReport::Succeeded | RefundReport::Closed)) => {
            return outcome::settle(ctx, refund_id, &refund, Ok(moved_on)).await;
        }
        // It is on its way again: it may yet arrive.
        Ok(RefundReport::Processing) => return Err(Problem::WrongState.into()),
        Err(_) => return Err(Problem::Unavailable.into()),
    }
    let detail = json!({ "reason": reason });
    let mut statements = outcome::not_needed(ctx, refund_id, &refund)?;
    statements.push(operator::audit(operator_id, CLOSE, refund_id, &detail, ctx.now));
    match ctx.db.batch(statements).await {
        // Somebody else has just closed it.
        Err(DatabaseError::Guard(_)) => Err(Problem::Unavailable.into()),
        other => Ok(other.map(drop)?),
    }
}

/// The reason that an operator gave for closing a refund.
async fn said<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
) -> Result<Option<String>, DatabaseError> {
    #[derive(Deserialize)]
    struct Said {
        reason: String,
    }
    let statement = Statement::new(
        "SELECT detail ->> 'reason' AS reason FROM operator_audit
         WHERE action = ?1 AND subject = ?2 ORDER BY id DESC LIMIT 1",
        [Value::from(CLOSE), refund_id.into()],
    );
    let said: Option<Said> = Results::from(ctx.db.batch(vec![statement]).await?).take().first()?;
    Ok(said.map(|said| said.reason))
}

/// Changes one row where a refund is still abnormal, and no bank has taken its payment meanwhile.
fn still_abnormal(refund_id: &str) -> Statement {
    Statement::new(
        "UPDATE refund SET state = state WHERE id = ?1 AND state = 'abnormal' AND NOT EXISTS (
           SELECT 1 FROM dispute
           WHERE dispute.payment_id = refund.payment_id AND dispute.state <> 'won')",
        [Value::from(refund_id)],
    )
}
