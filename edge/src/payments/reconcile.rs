//! Reconciliation: compares what we booked with the provider's own bill of each day.
//!
//! Every day of a currency has a job, such as `CNY:2026-11-22`, which is due when the provider has
//! the bill ready: at 02:00 UTC of the next day, which is 10:00 in Shanghai. The first movement
//! schedules the first day's job, and each day's job schedules the next, so that no day is left
//! out. Days without movements of ours are checked as well, because the provider's bill may have
//! some.
//!
//! A bill is stored completely or not at all. Its rows are then matched with our movements by
//! number. What cannot be matched in time is a difference, which an operator has to explain. A job
//! that is interrupted continues where it stopped.

pub mod bill;
mod bill_day;
pub mod difference;
pub mod funds;
mod matching;
mod recover;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::provider::{PaymentProvider, ProviderError};
use crate::queue::jobs::{JobKind, Next};
use shared::calendar::Moment;

use self::bill::Row;
pub use self::bill_day::BillDay;
use self::recover::Progress;

/// The maximum number of rows that one statement stores: the longest bill takes about 240.
const ROWS_PER_STATEMENT: usize = 500;
/// The maximum number of batches in one run, each of about eleven statements. If work is left, the
/// job is due again at once.
const CHUNKS_PER_RUN: usize = 8;
/// Minutes until a bill that is not ready, or was refused, is fetched again.
const REFETCH_MINUTES: i64 = 60;
/// Minutes until a provider that did not answer is called again.
const UNANSWERED_MINUTES: i64 = 10;
/// Hours after which a bill that is still missing is logged as an error.
const LATE_HOURS: i64 = 24;

/// Runs [`JobKind::Reconcile`] for one day: stores its bill, matches it and opens the differences.
pub async fn run<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    job_subject: &str,
) -> Result<Next, Failure> {
    let Some(bill_day) = BillDay::parse(job_subject) else {
        return Err(Failure::Internal(format!("malformed job subject {job_subject}")));
    };
    if !is_stored(ctx, bill_day).await? {
        // A long bill takes most of the statements of a run, so the next run compares it.
        return Ok(Next::At(fetch(ctx, bill_day).await?.unwrap_or(ctx.now)));
    }
    let mut batches_left = CHUNKS_PER_RUN;
    if !matching::match_all(ctx, bill_day.currency, &mut batches_left).await? {
        return Ok(Next::At(ctx.now));
    }
    // Querying the provider about rows without a movement can book the movement: match again.
    match recover::recover_missing(ctx, bill_day).await? {
        Progress::Finished => {}
        Progress::More => return Ok(Next::At(ctx.now)),
        Progress::Unanswered => {
            return Ok(Next::At(ctx.now.plus_minutes(UNANSWERED_MINUTES)));
        }
    }
    if !matching::match_all(ctx, bill_day.currency, &mut batches_left).await?
        || !difference::open_all(ctx, bill_day, &mut batches_left).await?
    {
        return Ok(Next::At(ctx.now));
    }
    finish(ctx, bill_day).await?;
    Ok(Next::Done)
}

async fn is_stored<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    bill_day: BillDay,
) -> Result<bool, DatabaseError> {
    let statement = Statement::new(
        "SELECT day FROM bill WHERE provider = ?1 AND currency = ?2 AND day = ?3",
        [Value::from(ctx.provider.name()), bill_day.currency.into(), bill_day.day.into()],
    );
    Ok(Results::from(ctx.db.batch(vec![statement]).await?).take().any())
}

/// Fetches and stores a day's bill. Returns `None` if it is stored, otherwise when to fetch it
/// again.
async fn fetch<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    bill_day: BillDay,
) -> Result<Option<Moment>, DatabaseError> {
    let retry_at = Some(ctx.now.plus_minutes(REFETCH_MINUTES));
    let file = match ctx.provider.bill(bill_day.currency, bill_day.day, ctx.now).await {
        Ok(file) => file,
        Err(ProviderError::NotFound) => {
            if ctx.now >= bill_day.ready_at().plus_minutes(LATE_HOURS * 60) {
                crate::log::error(&format!("bill.missing bill={bill_day}"));
            }
            return Ok(retry_at);
        }
        Err(ProviderError::Unknown(cause)) => {
            crate::log::warn(&format!("bill.unanswered bill={bill_day} cause={cause}"));
            return Ok(Some(ctx.now.plus_minutes(UNANSWERED_MINUTES)));
        }
        Err(ProviderError::Refused(cause)) => {
            crate::log::error(&format!("bill.not_given bill={bill_day} cause={cause}"));
            return Ok(retry_at);
        }
    };
    match bill::read(&file, bill_day.currency) {
        Ok(rows) => {
            store(ctx, bill_day, &rows, &file.sha256).await?;
            Ok(None)
        }
        Err(refused) => {
            crate::log::error(&format!("bill.refused bill={bill_day} cause={refused}"));
            Ok(retry_at)
        }
    }
}

/// Stores a bill with all its rows in one batch, so that it is never partly visible.
async fn store<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    bill_day: BillDay,
    rows: &[Row],
    sha256: &str,
) -> Result<(), DatabaseError> {
    let BillDay { currency, day } = bill_day;
    let provider = ctx.provider.name();
    let mut statements = vec![Statement::new(
        "INSERT INTO bill (provider, currency, day, row_count, sha256, fetched_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [
            Value::from(provider),
            currency.into(),
            day.into(),
            (rows.len() as i64).into(),
            sha256.into(),
            ctx.now.into(),
        ],
    )];
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        let values = |row: &Row| {
            let Row { line, at, kind, number, reference, amount_minor, fee_minor } = row;
            serde_json::json!([line, at.ms(), kind, number, reference, amount_minor, fee_minor])
        };
        let json = serde_json::Value::Array(chunk.iter().map(values).collect()).to_string();
        statements.push(Statement::new(
            "INSERT INTO bill_row (provider, currency, day, line, at, kind, number, reference,
                                   amount_minor, fee_minor, state)
             SELECT ?1, ?2, ?3, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4,
                    value ->> 5, value ->> 6, 'open'
             FROM json_each(?4)",
            [Value::from(provider), currency.into(), day.into(), json.into()],
        ));
    }
    match ctx.db.batch(statements).await {
        // Another run has just stored it.
        Err(DatabaseError::Rule(rule)) if rule == "exists" => Ok(()),
        other => other.map(drop),
    }
}

/// Marks the day's bill as processed and schedules the next day's job.
async fn finish<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    bill_day: BillDay,
) -> Result<(), DatabaseError> {
    let next = BillDay { day: bill_day.day.plus(1), ..bill_day };
    let statements = vec![
        Statement::new(
            "UPDATE bill SET worked_at = ?4
             WHERE provider = ?1 AND currency = ?2 AND day = ?3 AND worked_at IS NULL",
            [
                Value::from(ctx.provider.name()),
                bill_day.currency.into(),
                bill_day.day.into(),
                ctx.now.into(),
            ],
        ),
        // The job may exist, and be done: a day before the first known one can be added later.
        Statement::new(
            "INSERT INTO job (kind, subject_id, due_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (kind, subject_id) DO NOTHING",
            [Value::from(JobKind::Reconcile), next.to_string().into(), next.ready_at().into()],
        ),
    ];
    ctx.db.batch(statements).await.map(drop)
}
