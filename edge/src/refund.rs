//! Giving money back: the whole amount, by the way it came. A refund's id is the number the
//! provider gets; while the outcome is unknown the same number is sent and asked about.

use serde::{Deserialize, Serialize};
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
    /// The praise it became, if it became one; it is `returning` by the time the refund is queued.
    pub praise_id: Option<&'a str>,
    /// Our number of the order that was paid.
    pub order_number: &'a str,
    /// The provider's number of the payment.
    pub transaction_id: &'a str,
    /// All of it.
    pub amount: Money,
    /// Why, for the record.
    pub reason: &'a str,
}

/// A refund as its statements read it.
#[derive(Serialize)]
struct Queued<'a> {
    id: String,
    payment_id: &'a str,
    praise_id: Option<&'a str>,
    amount: Money,
    reason: &'a str,
    body: String,
}

/// The statements that decide a refund; the batch that needs it carries them.
pub fn queue<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order: &Order<'_>,
) -> Result<Vec<Statement>, DatabaseError> {
    queue_all(ctx, std::slice::from_ref(order))
}

/// The statements that decide refunds, as many as one batch moves; that batch carries them. The
/// praises among them have to be `returning` before these statements.
pub fn queue_all<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    orders: &[Order<'_>],
) -> Result<Vec<Statement>, DatabaseError> {
    let unreadable = |error| DatabaseError::Other(format!("refund request: {error}"));
    let mut refunds = Vec::with_capacity(orders.len());
    for order in orders {
        let id = ctx.id(Kind::Refund);
        let request = RefundRequest {
            number: id.clone(),
            order_number: order.order_number.to_owned(),
            transaction_id: order.transaction_id.to_owned(),
            amount: order.amount,
        };
        refunds.push(Queued {
            id,
            payment_id: order.payment_id,
            praise_id: order.praise_id,
            amount: order.amount,
            reason: order.reason,
            body: serde_json::to_string(&request).map_err(unreadable)?,
        });
    }
    let json = serde_json::to_string(&refunds).map_err(unreadable)?;
    Ok(vec![
        Statement::new(
            "INSERT INTO refund (id, payment_id, praise_id, amount_minor, currency, created_at,
                                 state, state_at, state_reason)
             SELECT value ->> 'id', value ->> 'payment_id', value ->> 'praise_id',
                    value ->> '$.amount.minor', value ->> '$.amount.currency', ?2, 'queued', ?2,
                    value ->> 'reason'
             FROM json_each(?1)",
            [Value::from(&json), ctx.now.into()],
        ),
        Statement::new(
            "INSERT INTO outbox (operation, number, provider, body, created_at)
             SELECT 'refund', value ->> 'id', ?2, value ->> 'body', ?3 FROM json_each(?1)",
            [Value::from(&json), ctx.provider.name().into(), ctx.now.into()],
        ),
        Statement::new(
            "INSERT INTO job (kind, subject_id, due_at)
             SELECT 'send_refund', value ->> 'id', ?2 FROM json_each(?1)",
            [Value::from(&json), ctx.now.into()],
        ),
    ])
}

#[derive(Deserialize)]
struct Standing {
    state: RefundState,
    praise_id: Option<String>,
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
    if let Some(praise_id) = &standing.praise_id {
        statements.push(Statement::new(
            "UPDATE praise SET state = 'returned', state_at = ?2, state_reason = NULL
             WHERE id = ?1 AND state = 'returning'",
            [Value::from(praise_id), ctx.now.into()],
        ));
        statements.push(Statement::must_change(1, "praise_state"));
    }
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
        "SELECT refund.state, refund.praise_id, outbox.body, refund.amount_minor, refund.currency
         FROM refund JOIN outbox ON outbox.operation = 'refund' AND outbox.number = refund.id
         WHERE refund.id = ?1",
        [Value::from(refund_id)],
    );
    Results::from(ctx.db.batch(vec![statement]).await?).take().first()
}
