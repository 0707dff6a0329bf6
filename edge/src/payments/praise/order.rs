//! The order at the provider: created with the call in the outbox, then polled until it is final.

use serde::Deserialize;
use shared::calendar::Moment;
use shared::limits::{ORDER_QUERY_SECONDS, ORDER_RETRY_S, next_order_poll_s};
use shared::machine::{IntentState, OrderState};
use shared::problem::Problem;

use super::book::{self, Source};
use super::end;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Rows, Statement, Value};
use crate::failure::Failure;
use crate::provider::{OrderReport, PaymentProvider, ProviderError};
use crate::queue::jobs::{self, JobKind};
use crate::queue::outbox::{self, Operation};

/// An order, with the fields that its next step needs.
#[derive(Deserialize)]
struct OrderRow {
    id: String,
    state: OrderState,
    created_at: i64,
    expires_at: i64,
    /// Whether the reader has asked to cancel (0 or 1).
    cancel_asked: i64,
    /// The stored call that creates it.
    body: String,
}

/// Creates the order at the provider and stores where to pay. If the outcome is unknown, nothing
/// changes, and a job sends the same bytes again. `read` runs in the batch that stores the answer,
/// which saves a round trip; its rows are returned.
pub async fn send<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
    body: &str,
    read: Statement,
) -> Result<Rows, Failure> {
    match ctx.provider.create_order(body, ctx.now).await {
        Ok(open) => {
            let mut statements = vec![
                Statement::new(
                    "UPDATE provider_order SET state = 'open', pay_url = ?2, state_at = ?3
                     WHERE id = ?1 AND state = 'created'",
                    [Value::from(order_id), open.pay_url.into(), ctx.now.into()],
                ),
                outbox::done(Operation::CreateOrder, order_id, ctx.now),
                jobs::done(JobKind::CreateOrder, order_id, ctx.now),
            ];
            statements.push(read);
            return Ok(ctx.db.batch(statements).await?.pop().unwrap_or_default());
        }
        Err(ProviderError::Refused(reason)) => refused(ctx, order_id, &reason).await?,
        Err(error @ (ProviderError::Unknown(_) | ProviderError::NotFound)) => {
            crate::log::warn(&format!("order.unanswered order={order_id} cause={error:?}"));
        }
    }
    Ok(ctx.db.batch(vec![read]).await?.pop().unwrap_or_default())
}

/// Handles a refused call. It may repeat a call that was accepted, so the provider is queried: an
/// order that it does not have ends; otherwise its report is booked.
async fn refused<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
    reason: &str,
) -> Result<(), Failure> {
    crate::log::warn(&format!("order.refused order={order_id} cause={reason}"));
    match ctx.provider.query_order(order_id, ctx.now).await {
        Ok(report) => book_report(ctx, order_id, report, IntentState::Expired).await,
        Err(ProviderError::NotFound) => end::end_unsent(ctx, order_id, reason).await,
        Err(_) => Ok(()),
    }
}

/// Sends an intent's order again if the provider has not answered yet. `read` is as in [`send`].
pub async fn send_again<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    intent_id: &str,
    read: Statement,
) -> Result<Rows, Failure> {
    let unsent = Statement::new(
        "SELECT o.id, o.state, o.created_at, o.expires_at, outbox.body,
                intent.cancel_asked_at IS NOT NULL AS cancel_asked
         FROM provider_order AS o INDEXED BY provider_order_by_intent
         JOIN intent ON intent.id = o.intent_id
         JOIN outbox ON outbox.operation = 'create_order' AND outbox.number = o.id
         WHERE o.intent_id = ?1 AND o.state = 'created'",
        [Value::from(intent_id)],
    );
    let mut results = Results::from(ctx.db.batch(vec![unsent, read.clone()]).await?);
    match results.take().first::<OrderRow>()? {
        Some(order) => send(ctx, &order.id, &order.body, read).await,
        None => Ok(results.take()),
    }
}

/// Runs [`JobKind::CreateOrder`]: repeats a call that has not been answered.
pub async fn resume<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
) -> Result<(), Failure> {
    let order = find(ctx, order_id).await?;
    match order {
        Some(order) if order.state == OrderState::Created => {
            let retry = jobs::reschedule(
                JobKind::CreateOrder,
                order_id,
                ctx.now.plus_seconds(ORDER_RETRY_S),
            );
            Ok(send(ctx, order_id, &order.body, retry).await.map(drop)?)
        }
        _ => {
            let done = vec![
                outbox::done(Operation::CreateOrder, order_id, ctx.now),
                jobs::done(JobKind::CreateOrder, order_id, ctx.now),
            ];
            Ok(ctx.db.batch(done).await.map(drop)?)
        }
    }
}

/// Runs [`JobKind::PollOrder`]: queries an order; when it has expired, closes it (query, close,
/// query). Only the provider's answer ends an attempt.
pub async fn poll<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
) -> Result<(), Failure> {
    let order = find(ctx, order_id).await?;
    let order = match order {
        Some(order) if matches!(order.state, OrderState::Created | OrderState::Open) => order,
        Some(order) if order.state == OrderState::Closed => {
            return query_closed(ctx, order_id).await;
        }
        _ => return finish_polling(ctx, order_id).await,
    };
    // Also repeats a cancellation that the provider did not answer.
    let over = ctx.now.ms() >= order.expires_at || order.cancel_asked == 1;
    let report = if over {
        close(ctx, order_id).await
    } else {
        ctx.provider.query_order(order_id, ctx.now).await
    };
    match report {
        Ok(report) if is_final(&report) => {
            book_report(ctx, order_id, report, IntentState::Expired).await
        }
        // The provider does not have it and refuses to create an expired order.
        Err(ProviderError::NotFound) if over => end::end_never_created(ctx, order_id).await,
        _ => {
            let created_at = Moment::from_ms(order.created_at);
            let age_s = (ctx.now.ms() - order.created_at).div_euclid(1000);
            let next = created_at.plus_seconds(next_order_poll_s(age_s));
            let end = Moment::from_ms(order.expires_at);
            let next = if ctx.now < end { next.min(end) } else { next };
            Ok(ctx
                .db
                .batch(vec![jobs::reschedule(JobKind::PollOrder, order_id, next)])
                .await
                .map(drop)?)
        }
    }
}

/// Polls an order once more that has ended because the provider did not have it. If the provider
/// has it after all, it is closed there; if it is paid, the payment is booked.
async fn query_closed<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
) -> Result<(), Failure> {
    match close(ctx, order_id).await {
        Ok(OrderReport::Paid(paid)) => {
            book::book(ctx, order_id, &paid, Source::Query).await?;
            finish_polling(ctx, order_id).await
        }
        Ok(OrderReport::Declined | OrderReport::Closed) | Err(ProviderError::NotFound) => {
            finish_polling(ctx, order_id).await
        }
        // No final answer: the job runs again after its lease.
        Ok(OrderReport::Waiting) | Err(ProviderError::Unknown(_) | ProviderError::Refused(_)) => {
            Ok(())
        }
    }
}

/// Marks the polling job of an order as done.
async fn finish_polling<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
) -> Result<(), Failure> {
    let done = jobs::done(JobKind::PollOrder, order_id, ctx.now);
    Ok(ctx.db.batch(vec![done]).await.map(drop)?)
}

/// Cancels an attempt at its reader's request: query, close, query. If the order turns out to be
/// paid, the payment is booked instead. Fails with `Problem::Unavailable` if the provider gives no
/// final answer, or was asked less than [`ORDER_QUERY_SECONDS`] ago for the same request; the polling
/// job then repeats the cancellation.
pub async fn cancel<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
) -> Result<(), Failure> {
    let statements = vec![
        // The first request is carried out at once, also if the order has just been queried.
        Statement::new(
            "UPDATE provider_order SET queried_at = NULL
             WHERE id = ?1 AND (SELECT cancel_asked_at FROM intent WHERE id = intent_id) IS NULL",
            [Value::from(order_id)],
        ),
        // Stored before the call, so that a crash does not lose the request.
        Statement::new(
            "UPDATE intent SET cancel_asked_at = ?2
             WHERE id = (SELECT intent_id FROM provider_order WHERE id = ?1)
               AND state = 'awaiting_payment' AND cancel_asked_at IS NULL",
            [Value::from(order_id), ctx.now.into()],
        ),
        take_query(order_id, ctx.now),
        Statement::new(
            "SELECT 1 FROM provider_order WHERE id = ?1 AND state IN ('created', 'open')",
            [Value::from(order_id)],
        ),
    ];
    let mut results = ctx.db.batch(statements).await?;
    let open = has_row(results.pop());
    if !has_row(results.pop()) {
        return if open { Err(Problem::Unavailable.into()) } else { Ok(()) };
    }
    match close(ctx, order_id).await {
        Ok(report) if is_final(&report) => {
            book_report(ctx, order_id, report, IntentState::Cancelled).await
        }
        _ => Err(Problem::Unavailable.into()),
    }
}

/// Closes an order at the provider if it can still be paid, and returns its report: query, close,
/// query. The result of the close call is ignored, because the query after it gives the outcome.
async fn close<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
) -> Result<OrderReport, ProviderError> {
    let report = ctx.provider.query_order(order_id, ctx.now).await;
    if !matches!(report, Ok(OrderReport::Waiting)) {
        return report;
    }
    let _ = ctx.provider.close_order(order_id, ctx.now).await;
    ctx.provider.query_order(order_id, ctx.now).await
}

/// Records that a reader causes a query of an open order now. Returns a row unless one was caused
/// within [`ORDER_QUERY_SECONDS`].
fn take_query(order_id: &str, now: Moment) -> Statement {
    Statement::new(
        "UPDATE provider_order SET queried_at = ?2
         WHERE id = ?1 AND state IN ('created', 'open')
           AND coalesce(queried_at <= CAST(?3 AS INTEGER), TRUE)
         RETURNING id",
        [Value::from(order_id), now.into(), now.plus_seconds(-ORDER_QUERY_SECONDS).into()],
    )
}

fn has_row(rows: Option<Rows>) -> bool {
    rows.is_some_and(|rows| !rows.0.is_empty())
}

/// Queries an order, for a reader who has come back from the provider's payment page. Does nothing
/// if a reader has caused a query within [`ORDER_QUERY_SECONDS`].
pub async fn refresh<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
) -> Result<(), Failure> {
    if !has_row(ctx.db.batch(vec![take_query(order_id, ctx.now)]).await?.pop()) {
        return Ok(());
    }
    match ctx.provider.query_order(order_id, ctx.now).await {
        Ok(report) if is_final(&report) => {
            book_report(ctx, order_id, report, IntentState::Expired).await
        }
        _ => Ok(()),
    }
}

fn is_final(report: &OrderReport) -> bool {
    !matches!(report, OrderReport::Waiting)
}

/// Books the provider's report. `closed_as` is the state of the attempt if the order is closed.
async fn book_report<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
    report: OrderReport,
    closed_as: IntentState,
) -> Result<(), Failure> {
    match report {
        OrderReport::Paid(paid) => book::book(ctx, order_id, &paid, Source::Query).await.map(drop),
        OrderReport::Declined => end::end_attempt(ctx, order_id, IntentState::Declined).await,
        OrderReport::Closed => end::end_attempt(ctx, order_id, closed_as).await,
        OrderReport::Waiting => Ok(()),
    }
}

async fn find<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_id: &str,
) -> Result<Option<OrderRow>, DatabaseError> {
    let statement = Statement::new(
        "SELECT o.id, o.state, o.created_at, o.expires_at, outbox.body,
                intent.cancel_asked_at IS NOT NULL AS cancel_asked
         FROM provider_order AS o
         JOIN intent ON intent.id = o.intent_id
         JOIN outbox ON outbox.operation = 'create_order' AND outbox.number = o.id
         WHERE o.id = ?1",
        [Value::from(order_id)],
    );
    Results::from(ctx.db.batch(vec![statement]).await?).take().first()
}
