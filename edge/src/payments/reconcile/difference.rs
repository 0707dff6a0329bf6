//! Differences between a provider's bills and our movements. Each opens a task for an operator.
//! Until it is explained, the payouts of the account concerned wait; other accounts are not
//! affected.

use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::id;
use shared::money::Currency;

use super::bill::Kind;
use super::bill_day::{BillDay, CHUNK};
use super::recover::refers_to_ours;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::provider::PaymentProvider;

/// Days until an operator's task to explain a difference is overdue.
const TASK_DAYS: i64 = 3;

/// How the bill and our movement differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// We have a movement that is on no bill.
    OnlyOurs,
    /// A bill has a row that we have no movement for.
    OnlyTheirs,
    /// Both have it, with different amounts.
    AmountDiffers,
    /// The bills have one more row than there are movements.
    Duplicate,
}

/// A difference that was found.
#[derive(Debug, Deserialize)]
struct Difference {
    /// The bill and line of the row; `None` if only we have it.
    day: Option<String>,
    line: Option<i64>,
    kind: Kind,
    number: String,
    differs: DifferenceKind,
    ours_minor: Option<i64>,
    theirs_minor: Option<i64>,
    account_id: Option<String>,
}

/// Opens all differences that waiting for the next bill cannot resolve. Returns `false` if
/// `batches_left` is used up before all are opened.
pub(super) async fn open_all<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    bill_day: BillDay,
    batches_left: &mut usize,
) -> Result<bool, DatabaseError> {
    loop {
        let provider = ctx.provider.name();
        let reads = vec![
            select_bill_rows(provider, bill_day.currency),
            select_movements(provider, bill_day),
        ];
        let mut results = Results::from(ctx.db.batch(reads).await?);
        let mut found: Vec<Difference> = results.take().decode()?;
        if found.is_empty() {
            found = results.take().decode()?;
        }
        if found.is_empty() {
            return Ok(true);
        }
        if *batches_left == 0 {
            return Ok(false);
        }
        *batches_left -= 1;
        match ctx.db.batch(statements(ctx, bill_day.currency, &found)).await {
            // Another run has opened some of them.
            Err(DatabaseError::Guard(_)) => {}
            Err(DatabaseError::Rule(rule)) if rule == "exists" => {}
            other => {
                other?;
                for one in &found {
                    crate::log::error(&format!(
                        "bill.difference bill={bill_day} differs={:?} kind={} number={}",
                        one.differs,
                        one.kind.as_str(),
                        one.number
                    ));
                }
            }
        }
    }
}

/// Selects the bill rows that cannot be matched: of an unknown kind, with another amount, duplicate,
/// or without a movement although the next day's bill is stored or reported missing. A row that
/// refers to something of ours is not selected before the provider was queried about it: the run of
/// another day can get here before that query.
fn select_bill_rows(provider: &str, currency: Currency) -> Statement {
    Statement::new(
        concat!(
            "SELECT r.day, r.line, r.kind, r.number, r.amount_minor AS theirs_minor,
                  CASE WHEN twin.line IS NOT NULL OR m.matched_at IS NOT NULL THEN 'duplicate'
                       WHEN m.number IS NOT NULL THEN 'amount_differs'
                       ELSE 'only_theirs' END AS differs,
                  coalesce(m.amount_minor, twin.amount_minor) AS ours_minor,
                  coalesce(m.account_id, CASE r.kind
                    WHEN 'payment' THEN (
                      SELECT intent.account_id FROM provider_order AS o
                      JOIN intent ON intent.id = o.intent_id WHERE o.id = r.reference)
                    WHEN 'refund' THEN (
                      SELECT intent.account_id FROM refund
                      JOIN payment ON payment.id = refund.payment_id
                      JOIN intent ON intent.id = payment.intent_id WHERE refund.id = r.number)
                    WHEN 'payout' THEN (
                      SELECT payout.account_id FROM payout_part AS part
                      JOIN payout ON payout.id = part.payout_id WHERE part.id = r.number)
                    WHEN 'payout_returned' THEN (
                      SELECT payout.account_id FROM payout_part AS part
                      JOIN payout ON payout.id = part.payout_id WHERE part.id = r.number)
                    WHEN 'other' THEN NULL
                    ELSE (
                      SELECT intent.account_id FROM payment
                      JOIN intent ON intent.id = payment.intent_id
                      WHERE payment.provider = r.provider
                        AND payment.transaction_id = r.reference)
                    END) AS account_id
           FROM bill_row AS r
           LEFT JOIN movement AS m ON m.provider = r.provider AND m.kind = r.kind
             AND m.number = r.number AND m.currency = r.currency
           -- The first unmatched row of the same number, if it is an earlier one.
           LEFT JOIN bill_row AS twin ON m.number IS NULL AND r.kind <> 'other'
             AND twin.provider = r.provider AND twin.kind = r.kind AND twin.number = r.number
             AND twin.state IN ('open', 'difference') AND twin.currency = r.currency
             AND (twin.day, twin.line) = (
               SELECT first.day, first.line FROM bill_row AS first
               WHERE first.provider = r.provider AND first.kind = r.kind
                 AND first.number = r.number AND first.currency = r.currency
                 AND first.state IN ('open', 'difference') AND (first.day, first.line) < (r.day, r.line)
               ORDER BY first.day, first.line LIMIT 1)
           WHERE r.provider = ?1 AND r.currency = ?2 AND r.state = 'open'
             AND (r.kind = 'other'
               OR m.matched_at IS NOT NULL OR m.amount_minor <> r.amount_minor
               OR (m.number IS NULL AND (r.queried_at IS NOT NULL OR NOT ",
            refers_to_ours!(),
            ") AND (
                 EXISTS (SELECT 1 FROM bill WHERE bill.provider = r.provider
                           AND bill.currency = r.currency AND bill.day = date(r.day, '+1 day'))
                 OR EXISTS (SELECT 1 FROM operator_task
                            WHERE kind = 'bill_missing' AND closed_at IS NULL
                              AND subject_id = ?2 || ':' || date(r.day, '+1 day')))))
           ORDER BY r.day, r.line LIMIT CAST(?3 AS INTEGER)"
        ),
        [Value::from(provider), currency.into(), (CHUNK as i64).into()],
    )
}

/// Selects the movements that are on no bill, although the bill of their day is stored, and those
/// of the days before and after it are stored or reported missing.
fn select_movements(provider: &str, bill_day: BillDay) -> Statement {
    let BillDay { currency, day } = bill_day;
    Statement::new(
        "SELECT NULL AS day, NULL AS line, kind, number, 'only_ours' AS differs,
                amount_minor AS ours_minor, NULL AS theirs_minor, account_id
         FROM (SELECT *, date(at / 1000 + iif(currency = 'CNY', 28800, 0), 'unixepoch') AS own_day
               FROM movement
               WHERE provider = ?1 AND currency = ?2 AND matched_at IS NULL
                 AND at < CAST(?3 AS INTEGER)) AS m
         WHERE EXISTS (SELECT 1 FROM bill WHERE bill.provider = ?1 AND bill.currency = ?2
                         AND bill.day = m.own_day)
           AND (EXISTS (SELECT 1 FROM bill WHERE bill.provider = ?1 AND bill.currency = ?2
                          AND bill.day = date(m.own_day, '+1 day'))
             OR EXISTS (SELECT 1 FROM operator_task
                        WHERE kind = 'bill_missing' AND closed_at IS NULL
                          AND subject_id = ?2 || ':' || date(m.own_day, '+1 day')))
           AND NOT EXISTS (SELECT 1 FROM job WHERE kind = 'reconcile' AND done_at IS NULL
                             AND subject_id = ?2 || ':' || date(m.own_day, '-1 day')
                             AND NOT EXISTS (
                               SELECT 1 FROM operator_task AS task
                               WHERE task.kind = 'bill_missing' AND task.closed_at IS NULL
                                 AND task.subject_id = job.subject_id))
           AND NOT EXISTS (SELECT 1 FROM bill_row AS r WHERE r.provider = ?1 AND r.kind = m.kind
                             AND r.number = m.number AND r.state IN ('open', 'difference'))
           AND NOT EXISTS (SELECT 1 FROM bill_difference AS d WHERE d.provider = ?1
                             AND d.movement_kind = m.kind AND d.number = m.number
                             AND d.kind = 'only_ours')
         ORDER BY at, kind, number LIMIT CAST(?4 AS INTEGER)",
        [
            Value::from(provider),
            currency.into(),
            day.starts_at(currency).into(),
            (CHUNK as i64).into(),
        ],
    )
}

fn statements<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    currency: Currency,
    found: &[Difference],
) -> Vec<Statement> {
    let new = found.iter().map(|one| {
        json!({
            "id": ctx.id(id::Kind::Difference), "differs": one.differs, "kind": one.kind,
            "number": one.number, "day": one.day, "line": one.line, "ours": one.ours_minor,
            "theirs": one.theirs_minor, "account": one.account_id,
        })
    });
    let new = serde_json::Value::Array(new.collect()).to_string();
    let rows: Vec<_> = found
        .iter()
        .filter(|one| one.line.is_some())
        .map(|one| json!({ "day": one.day, "line": one.line }))
        .collect();
    let expected = rows.len() as i64;
    let rows = serde_json::Value::Array(rows).to_string();
    let provider = ctx.provider.name();
    vec![
        Statement::new(
            "INSERT INTO bill_difference (id, kind, provider, movement_kind, number, currency, day,
                                          line, ours_minor, theirs_minor, account_id, opened_at)
             SELECT value ->> 'id', value ->> 'differs', ?1, value ->> 'kind', value ->> 'number',
                    ?2, value ->> 'day', value ->> 'line', value ->> 'ours', value ->> 'theirs', value ->> 'account', ?3
             FROM json_each(?4)",
            [Value::from(provider), currency.into(), ctx.now.into(), (&new).into()],
        ),
        Statement::new(
            "INSERT INTO operator_task (kind, subject_id, detail, opened_at, deadline)
             SELECT 'bill_difference', value ->> 'id',
                    (value ->> 'differs') || ' ' || (value ->> 'kind') || ' ' || (value ->> 'number'),
                    ?1, ?2
             FROM json_each(?3)",
            [Value::from(ctx.now), ctx.now.plus_days(TASK_DAYS).into(), (&new).into()],
        ),
        Statement::new(
            "UPDATE bill_row SET state = 'difference'
             WHERE provider = ?1 AND currency = ?2 AND state = 'open' AND (day, line) IN (
               SELECT value ->> 'day', value ->> 'line' FROM json_each(?3))",
            [Value::from(provider), currency.into(), rows.into()],
        ),
        Statement::must_change(expected, "bill_row_open"),
    ]
}
