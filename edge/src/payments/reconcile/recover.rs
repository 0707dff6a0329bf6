//! Recovers payments, refunds, transfers and disputes that are on a bill but not in the database,
//! because a message was lost or the bill is wrong. The provider is queried about each of them, and
//! only its answer is booked, never the bill row.

use serde::Deserialize;
use shared::money::Currency;

use super::bill::Kind;
use super::bill_day::CHUNK;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::payments::dispute;
use crate::payments::payout::transfer;
use crate::payments::praise::book::{self, Source};
use crate::payments::refund;
use crate::provider::{OrderReport, PaymentProvider, ProviderError};

/// A bill row without a movement that refers to an order, refund, transfer or payment of ours.
#[derive(Debug, Deserialize)]
struct UnmatchedRow {
    day: String,
    line: i64,
    kind: Kind,
    number: String,
    reference: String,
}

/// Queries the provider about every open row without a movement. Returns `false` if the provider
/// did not answer; the caller then retries before it opens differences.
pub(super) async fn recover_missing<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    currency: Currency,
) -> Result<bool, Failure> {
    let (mut day, mut line) = (String::new(), 0);
    loop {
        let rows = unmatched(ctx, currency, &day, line).await?;
        for row in &rows {
            if !query(ctx, row).await? {
                crate::log::warn(&format!("bill.unanswered number={}", row.number));
                return Ok(false);
            }
        }
        match rows.last() {
            Some(last) => (day, line) = (last.day.clone(), last.line),
            None => return Ok(true),
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

/// Reads the next chunk of open rows without a movement, after the given day and line, that refer
/// to an order, refund, transfer or payment of ours.
async fn unmatched<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    currency: Currency,
    day: &str,
    line: i64,
) -> Result<Vec<UnmatchedRow>, DatabaseError> {
    // `state <> 'matched'` is redundant, but it is the condition of the partial index.
    let statement = Statement::new(
        "SELECT r.day, r.line, r.kind, r.number, r.reference FROM bill_row AS r
         WHERE r.provider = ?1 AND r.currency = ?2 AND r.state <> 'matched' AND r.state = 'open'
           AND (r.day, r.line) > (?3, CAST(?4 AS INTEGER))
           AND NOT EXISTS (SELECT 1 FROM movement AS m WHERE m.provider = r.provider
             AND m.kind = r.kind AND m.number = r.number)
           AND CASE r.kind
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
               WHERE p.provider = r.provider AND p.transaction_id = r.reference) END
         ORDER BY r.day, r.line LIMIT CAST(?5 AS INTEGER)",
        [
            Value::from(ctx.provider.name()),
            currency.into(),
            day.into(),
            line.into(),
            (CHUNK as i64).into(),
        ],
    );
    Results::from(ctx.db.batch(vec![statement]).await?).take().decode()
}
