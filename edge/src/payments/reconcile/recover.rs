//! Recovers payments, refunds, transfers and disputes that are on a bill but not in the database,
//! because a message was lost or the bill is wrong. The provider is queried about each of them, and
//! only its answer is booked, never the bill row. A row remembers when it was queried, so that the
//! next run continues behind it.

use serde::Deserialize;

use super::bill::Kind;
use super::bill_day::BillDay;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::payments::dispute;
use crate::payments::payout::transfer;
use crate::payments::praise::book::{self, Source};
use crate::payments::refund;
use crate::provider::{OrderReport, PaymentProvider, ProviderError};

/// The maximum number of rows that one statement reads.
const ROWS: i64 = 20;
/// Statements after which a run queries no further row. A row takes about twenty.
const STATEMENTS_PER_RUN: u64 = 80;

/// A condition: the row `r` refers to an order, refund, transfer or payment of ours about which the
/// provider can be queried.
macro_rules! refers_to_ours {
    () => {
        "CASE r.kind
           WHEN 'payment' THEN EXISTS (
             SELECT 1 FROM provider_order AS o
             WHERE o.id = r.reference AND o.provider = r.provider)
           WHEN 'refund' THEN EXISTS (
             SELECT 1 FROM refund WHERE id = r.number AND state IN ('queued', 'sent'))
           WHEN 'payout' THEN EXISTS (
             SELECT 1 FROM payout_part
             WHERE id = r.number
               AND state IN ('queued', 'sent', 'awaiting_confirmation', 'failed'))
           WHEN 'payout_returned' THEN EXISTS (
             SELECT 1 FROM payout_part WHERE id = r.number AND state <> 'sent_back')
           ELSE EXISTS (
             SELECT 1 FROM payment AS p
             WHERE p.provider = r.provider AND p.transaction_id = r.reference) END"
    };
}
pub(super) use refers_to_ours;

/// How far [`recover_missing`] has come.
pub(super) enum Progress {
    /// The provider was queried about every row.
    Finished,
    /// The statements of this run are used up.
    More,
    /// The provider did not answer.
    Unanswered,
}

/// A bill row without a movement that refers to an order, refund, transfer or payment of ours.
#[derive(Debug, Deserialize)]
struct UnmatchedRow {
    day: String,
    line: i64,
    kind: Kind,
    number: String,
    reference: String,
}

/// Queries the provider about every open row without a movement, once after the day's bill was
/// stored. If the provider does not answer, the caller retries before it opens differences.
pub(super) async fn recover_missing<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    bill_day: BillDay,
) -> Result<Progress, Failure> {
    let sent_before = ctx.db.statements_sent();
    loop {
        let rows = unqueried(ctx, bill_day).await?;
        if rows.is_empty() {
            return Ok(Progress::Finished);
        }
        for row in &rows {
            if ctx.db.statements_sent() - sent_before >= STATEMENTS_PER_RUN {
                return Ok(Progress::More);
            }
            match query(ctx, row).await {
                Ok(true) => {}
                Ok(false) => {
                    crate::log::warn(&format!("bill.unanswered number={}", row.number));
                    return Ok(Progress::Unanswered);
                }
                Err(
                    cause @ (Failure::Database(DatabaseError::Unknown(_)) | Failure::Refused(_)),
                ) => {
                    return Err(cause);
                }
                // It must not hold up the other rows. It becomes a difference, with its task.
                Err(cause) => crate::log::error(&format!(
                    "bill.not_booked number={} cause={cause:?}",
                    row.number
                )),
            }
            // After a crash before this, the provider is queried again, which books nothing twice.
            ctx.db.batch(vec![mark_queried(ctx, bill_day, row)]).await?;
        }
    }
}

/// Queries the provider about one row and books the answer. Returns whether the provider answered.
async fn query<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    row: &UnmatchedRow,
) -> Result<bool, Failure> {
    match row.kind {
        Kind::Payment => match ctx.provider.query_order(&row.reference, ctx.now).await {
            Ok(OrderReport::Paid(paid)) => {
                book::book(ctx, &row.reference, &paid, Source::Query).await?;
            }
            Err(ProviderError::Unknown(_)) => return Ok(false),
            Ok(_) | Err(ProviderError::NotFound | ProviderError::Refused(_)) => {}
        },
        Kind::Refund => refund::poll(ctx, &row.number).await?,
        // The product has no query for an unknown kind.
        Kind::Other => {}
        Kind::Payout | Kind::PayoutReturned => transfer::run(ctx, &row.number).await.map(drop)?,
        Kind::Dispute | Kind::DisputeWon => {
            match ctx.provider.query_dispute(&row.number, ctx.now).await {
                Ok(report) => match dispute::book_report(ctx, &report, None).await {
                    // It cannot be booked yet; an operator has a task about it.
                    Err(Failure::Refused(_)) => {}
                    other => drop(other?),
                },
                Err(ProviderError::Unknown(_)) => return Ok(false),
                Err(ProviderError::NotFound | ProviderError::Refused(_)) => {}
            }
        }
    }
    Ok(true)
}

/// Marks a row as queried now.
fn mark_queried<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    bill_day: BillDay,
    row: &UnmatchedRow,
) -> Statement {
    Statement::new(
        "UPDATE bill_row SET queried_at = ?5
         WHERE provider = ?1 AND currency = ?2 AND day = ?3 AND line = ?4 AND state = 'open'",
        [
            Value::from(ctx.provider.name()),
            bill_day.currency.into(),
            (&row.day).into(),
            row.line.into(),
            ctx.now.into(),
        ],
    )
}

/// Reads a chunk of the open rows without a movement that refer to an order, refund, transfer or
/// payment of ours and have not been queried since the day's bill was stored.
async fn unqueried<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    bill_day: BillDay,
) -> Result<Vec<UnmatchedRow>, DatabaseError> {
    let statement = Statement::new(
        concat!(
            "SELECT r.day, r.line, r.kind, r.number, r.reference FROM bill_row AS r
             WHERE r.provider = ?1 AND r.currency = ?2 AND r.state = 'open' AND r.kind <> 'other'
               AND (r.queried_at IS NULL OR r.queried_at < (
                 SELECT fetched_at FROM bill WHERE provider = ?1 AND currency = ?2 AND day = ?3))
               AND NOT EXISTS (SELECT 1 FROM movement AS m WHERE m.provider = r.provider
                 AND m.kind = r.kind AND m.number = r.number AND m.currency = r.currency)
               AND ",
            refers_to_ours!(),
            " ORDER BY r.day, r.line LIMIT CAST(?4 AS INTEGER)"
        ),
        [
            Value::from(ctx.provider.name()),
            bill_day.currency.into(),
            bill_day.day.into(),
            ROWS.into(),
        ],
    );
    Results::from(ctx.db.batch(vec![statement]).await?).take().decode()
}
