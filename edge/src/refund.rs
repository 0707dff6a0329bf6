//! Giving money back: the whole amount, by the way it came. A refund's id is the number the
//! provider gets; while the outcome is unknown the same number is sent and asked about.

use serde::Deserialize;
use shared::calendar::Moment;
use shared::id::Kind;
use shared::machine::RefundState;
use shared::money::{Currency, Money};

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::jobs;
use crate::ledger::{self, Account};
use crate::provider::{PaymentProvider, ProviderError, RefundReport, RefundRequest};

/// Seconds until a refund on its way is asked about again.
const POLL_S: i64 = 60;

/// What is to be given back.
pub struct Order<'a> {
    /// Our payment.
    pub payment_id: &'a str,
    /// Our number of the order that was paid.
    pub order_number: &'a str,
    /// The provider's number of the payment.
    pub transaction_id: &'a str,
    /// All of it.
    pub amount: Money,
    /// Why, for the record.
    pub reason: &'a str,
}

/// The statements that decide a refund; the batch that needs it carries them.
pub fn queue<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order: &Order<'_>,
) -> Result<[Statement; 3], DatabaseError> {
    let id = ctx.id(Kind::Refund);
    let request = RefundRequest {
        number: id.clone(),
        order_number: order.order_number.to_owned(),
        transaction_id: order.transaction_id.to_owned(),
        amount: order.amount,
    };
    let body = serde_json::to_string(&request)
        .map_err(|error| DatabaseError::Other(format!("refund request: {error}")))?;
    Ok([
        Statement::new(
            "INSERT INTO refund (id, payment_id, amount_minor, currency, created_at, state,
                                 state_at, state_reason)
             VALUES (?1, ?2, ?3, ?4, ?5, 'queued', ?5, ?6)",
            [
                Value::from(&id),
                order.payment_id.into(),
                order.amount.minor.into(),
                order.amount.currency.into(),
                ctx.now.into(),
                order.reason.into(),
            ],
        ),
        Statement::new(
            "INSERT INTO outbox (operation, number, provider, body, created_at)
             VALUES ('refund', ?1, ?2, ?3, ?4)",
            [Value::from(&id), ctx.provider.name().into(), body.into(), ctx.now.into()],
        ),
        jobs::schedule("send_refund", &id, ctx.now),
    ])
}

#[derive(Deserialize)]
struct Standing {
    state: RefundState,
    body: String,
    amount_minor: i64,
    currency: Currency,
}

/// The job that sends a queued refund.
pub async fn send<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
) -> Result<(), Failure> {
    let Some(standing) = standing(ctx, refund_id).await? else { return Ok(()) };
    if standing.state != RefundState::Queued {
        return Ok(ctx
            .db
            .batch(vec![jobs::done("send_refund", refund_id, ctx.now)])
            .await
            .map(drop)?);
    }
    let report = ctx.provider.refund(&standing.body, ctx.now).await;
    settle(ctx, refund_id, &standing, report).await
}

/// The job that asks about a refund on its way. One the provider never got is sent again under the
/// same number.
pub async fn poll<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
) -> Result<(), Failure> {
    let Some(standing) = standing(ctx, refund_id).await? else { return Ok(()) };
    if standing.state != RefundState::Sent {
        return Ok(ctx
            .db
            .batch(vec![jobs::done("poll_refund", refund_id, ctx.now)])
            .await
            .map(drop)?);
    }
    let mut report = ctx.provider.query_refund(refund_id, ctx.now).await;
    if report == Err(ProviderError::NotFound) {
        report = ctx.provider.refund(&standing.body, ctx.now).await;
    }
    settle(ctx, refund_id, &standing, report).await
}

async fn settle<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
    standing: &Standing,
    report: Result<RefundReport, ProviderError>,
) -> Result<(), Failure> {
    let mut statements = match report {
        Ok(RefundReport::Succeeded) => succeeded(ctx, refund_id, standing)?,
        Ok(RefundReport::Abnormal | RefundReport::Closed) => return Ok(()),
        Ok(RefundReport::Processing) | Err(ProviderError::Unknown(_)) => {
            on_its_way(ctx, refund_id, standing)
        }
        // A provider that refuses its own reader's money back is an alarm; the job tries again.
        Err(error) => {
            crate::log::error(&format!("refund.refused refund={refund_id} cause={error:?}"));
            return Ok(());
        }
    };
    statements.push(jobs::done("send_refund", refund_id, ctx.now));
    match ctx.db.batch(statements).await {
        // Somebody else has just written the same down.
        Err(DatabaseError::Guard(_)) => Ok(()),
        other => Ok(other.map(drop)?),
    }
}

fn succeeded<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
    standing: &Standing,
) -> Result<Vec<Statement>, DatabaseError> {
    let mut statements = step(refund_id, standing.state, RefundState::Succeeded, ctx.now);
    statements.extend(ledger::transfer(
        &format!("refund.succeeded:{refund_id}"),
        ctx.now,
        Account::Returning(ctx.provider.name()),
        Account::ProviderUnsettled(ctx.provider.name()),
        Money::new(standing.amount_minor, standing.currency),
    )?);
    statements.push(Statement::new(
        "UPDATE outbox SET done_at = ?2
         WHERE operation = 'refund' AND number = ?1 AND done_at IS NULL",
        [Value::from(refund_id), ctx.now.into()],
    ));
    statements.push(jobs::done("poll_refund", refund_id, ctx.now));
    Ok(statements)
}

fn on_its_way<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
    standing: &Standing,
) -> Vec<Statement> {
    let again = ctx.now.plus_seconds(POLL_S);
    if standing.state == RefundState::Sent {
        return vec![jobs::at("poll_refund", refund_id, again)];
    }
    let mut statements = step(refund_id, standing.state, RefundState::Sent, ctx.now);
    statements.push(jobs::schedule("poll_refund", refund_id, again));
    statements
}

fn step(refund_id: &str, from: RefundState, to: RefundState, now: Moment) -> Vec<Statement> {
    vec![
        Statement::new(
            "UPDATE refund SET state = ?3, state_at = ?4 WHERE id = ?1 AND state = ?2",
            [Value::from(refund_id), from.as_str().into(), to.as_str().into(), now.into()],
        ),
        Statement::must_change(1, "refund_state"),
    ]
}

async fn standing<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    refund_id: &str,
) -> Result<Option<Standing>, DatabaseError> {
    let statement = Statement::new(
        "SELECT refund.state, outbox.body, refund.amount_minor, refund.currency
         FROM refund JOIN outbox ON outbox.operation = 'refund' AND outbox.number = refund.id
         WHERE refund.id = ?1",
        [Value::from(refund_id)],
    );
    Results::from(ctx.db.batch(vec![statement]).await?).take().first()
}
