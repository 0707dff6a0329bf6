//! Matches rows of bills with our movements. A match confirms that the money is at the provider.

use std::collections::HashSet;

use serde::Deserialize;
use shared::calendar::Moment;
use shared::money::{Currency, Money};

use super::bill::Kind;
use super::bill_day::CHUNK;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::payments::ledger::{self, Account, Posting};
use crate::provider::PaymentProvider;
use crate::queue::jobs;

/// A bill row that agrees with an unmatched movement.
#[derive(Debug, Deserialize)]
struct Pair {
    day: String,
    line: i64,
    kind: Kind,
    number: String,
    amount_minor: i64,
    fee_minor: i64,
}

/// Matches all rows that agree with a movement, on all stored bills: a row may be older than its
/// movement, or on the bill of a neighbouring day. Returns `false` if `batches_left` is used up
/// before everything is matched.
pub(super) async fn match_all<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    currency: Currency,
    batches_left: &mut usize,
) -> Result<bool, DatabaseError> {
    loop {
        let pairs = pairs(ctx, currency).await?;
        if pairs.is_empty() {
            return Ok(true);
        }
        if *batches_left == 0 {
            return Ok(false);
        }
        *batches_left -= 1;
        match ctx.db.batch(statements(ctx, currency, &pairs)?).await {
            // Another run has matched some of them.
            Err(DatabaseError::Guard(_)) => {}
            other => drop(other?),
        }
    }
}

async fn pairs<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    currency: Currency,
) -> Result<Vec<Pair>, DatabaseError> {
    let statement = Statement::new(
        "SELECT r.day, r.line, r.kind, r.number, r.amount_minor, r.fee_minor
         FROM bill_row AS r
         JOIN movement AS m ON m.provider = r.provider AND m.kind = r.kind
           AND m.number = r.number AND m.currency = r.currency
           AND m.amount_minor = r.amount_minor AND m.matched_at IS NULL
         WHERE r.provider = ?1 AND r.currency = ?2 AND r.state IN ('open', 'difference')
         ORDER BY r.day, r.line LIMIT CAST(?3 AS INTEGER)",
        [Value::from(ctx.provider.name()), currency.into(), (CHUNK as i64).into()],
    );
    let mut pairs: Vec<Pair> =
        Results::from(ctx.db.batch(vec![statement]).await?).take().decode()?;
    // If several rows have the same number, the first one matches the movement.
    let mut seen = HashSet::new();
    pairs.retain(|pair| seen.insert((pair.kind, pair.number.clone())));
    Ok(pairs)
}

fn statements<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    currency: Currency,
    pairs: &[Pair],
) -> Result<Vec<Statement>, DatabaseError> {
    let provider = ctx.provider.name();
    let rows = pairs.iter().map(|pair| {
        let Pair { day, line, kind, number, .. } = pair;
        serde_json::json!({ "day": day, "line": line, "kind": kind, "number": number })
    });
    let json = serde_json::Value::Array(rows.collect()).to_string();
    let expected = pairs.len() as i64;
    let mut statements = vec![
        Statement::new(
            "UPDATE movement SET matched_at = ?2
             WHERE provider = ?1 AND matched_at IS NULL AND (kind, number) IN (
               SELECT value ->> 'kind', value ->> 'number' FROM json_each(?3))",
            [Value::from(provider), ctx.now.into(), (&json).into()],
        ),
        Statement::must_change(expected, "movement_unmatched"),
        Statement::new(
            "UPDATE bill_row SET state = 'matched'
             WHERE provider = ?1 AND currency = ?2 AND state IN ('open', 'difference')
               AND (day, line) IN (
                 SELECT value ->> 'day', value ->> 'line' FROM json_each(?3))",
            [Value::from(provider), currency.into(), (&json).into()],
        ),
        Statement::must_change(expected, "bill_row_unmatched"),
    ];
    let postings: Vec<Posting> =
        pairs.iter().map(|pair| posting(provider, currency, pair)).collect();
    statements.extend(ledger::post(&postings, ctx.now)?);
    statements.extend(close_differences(provider, &json, ctx.now));
    Ok(statements)
}

fn posting(provider: &str, currency: Currency, pair: &Pair) -> Posting {
    let settled = Account::ProviderSettled(provider);
    let of = |minor| Money::new(minor, currency);
    Posting::new(format!("bill.matched:{}:{}", pair.kind.as_str(), pair.number))
        .transfer(settled, Account::ProviderUnsettled(provider), of(pair.amount_minor))
        .transfer(Account::ProviderFee(provider), settled, of(pair.fee_minor))
}

/// SQL for the open differences that the matched rows in `?3` close: `only_ours` differences with
/// the number of a row, and `only_theirs` differences of a row itself. A match does not close a
/// difference of the kind `amount_differs` or `duplicate`.
macro_rules! explained {
    () => {
        "provider = ?1 AND closed_at IS NULL AND kind IN ('only_ours', 'only_theirs')
         AND (movement_kind, number) IN (
           SELECT value ->> 'kind', value ->> 'number' FROM json_each(?3))
         AND (kind = 'only_ours' OR (day, line) IN (
           SELECT value ->> 'day', value ->> 'line' FROM json_each(?3)))"
    };
}

/// Returns the statements that close the differences which these matches explain.
fn close_differences(provider: &str, rows: &str, now: Moment) -> [Statement; 3] {
    let values = || [Value::from(provider), now.into(), rows.into()];
    [
        // Wakes the payouts that wait for these differences.
        Statement::new(
            jobs::wake_each!(concat!(
                "SELECT DISTINCT 'pay_out', account_id, CAST(?2 AS INTEGER) FROM bill_difference
                 WHERE account_id IS NOT NULL AND ",
                explained!()
            )),
            values(),
        ),
        Statement::new(
            concat!(
                "UPDATE operator_task SET closed_at = ?2, outcome = 'matched'
                 WHERE kind = 'bill_difference' AND closed_at IS NULL AND subject_id IN (
                   SELECT id FROM bill_difference WHERE ",
                explained!(),
                ")"
            ),
            values(),
        ),
        Statement::new(
            concat!(
                "UPDATE bill_difference SET closed_at = ?2,
                   explanation = 'matched on the bill of ' || (
                     SELECT value ->> 'day' FROM json_each(?3)
                     WHERE value ->> 'kind' = movement_kind AND value ->> 'number' = number)
                 WHERE ",
                explained!()
            ),
            values(),
        ),
    ]
}
