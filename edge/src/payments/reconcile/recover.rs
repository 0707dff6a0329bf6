//! What the bill knows and we do not: a message was lost, or the provider is wrong. It is asked
//! about what the row names; only the answer counts, never the row.

use serde::Deserialize;
use shared::money::Currency;

use super::bill::Kind;
use super::subject::CHUNK;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::payments::dispute;
use crate::payments::payout::transfer;
use crate::payments::praise::book::{self, Source};
use crate::payments::refund;
use crate::provider::{OrderReport, PaymentProvider, ProviderError};

/// A row without a movement that is about something of ours.
#[derive(Debug, Deserialize)]
struct Unknown {
    day: String,
    line: i64,
    kind: Kind,
    number: String,
    reference: String,
}

/// Asks the provider about every open row whose movement is missing. Returns whether it answered;
/// what it did not answer is asked again, and is no difference before.
pub(super) async fn recover_missing<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    currency: Currency,
) -> Result<bool, Failure> {
    let (mut day, mut line) = (String::new(), 0);
    loop {
        let rows = unknown(ctx, currency, &day, line).await?;
        for row in &rows {
            if !ask(ctx, row).await? {
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

async fn ask<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    row: &Unknown,
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
        Kind::Payout => transfer::run(ctx, &row.number).await.map(drop)?,
        Kind::Dispute | Kind::DisputeWon => {
            match ctx.provider.query_dispute(&row.number, ctx.now).await {
                Ok(report) => match dispute::book_report(ctx, &report, None).await {
                    // It cannot be booked yet; an operator has been told.
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

/// Open rows after a place without a movement, about an order, refund or transfer of ours, or a
/// payment that we know.
async fn unknown<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    currency: Currency,
    day: &str,
    line: i64,
) -> Result<Vec<Unknown>, DatabaseError> {
    // Also said as "not matched": that is the condition of the index of what is left.
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
               WHERE id = r.number AND state IN ('queued', 'sent', 'awaiting_confirmation'))
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
