//! Reconciliation: compares what we booked with the provider's own bill of each day.
//!
//! Every day of a currency has a job, such as `CNY:2026-11-22`, which is due when the provider has
//! the bill ready: at 02:00 UTC of the next day, which is 10:00 in Shanghai. The first movement
//! schedules the first day's job. Each day's job schedules the next one before it does anything
//! else, so that no day is left out and no day waits for another. Days without movements of ours
//! are checked as well, because the provider's bill may have some.
//!
//! A bill is stored completely or not at all. A bill that is unavailable or cannot be parsed is
//! requested again at growing intervals. When it is 24 hours late, an operator gets a task.
//!
//! The rows of a bill are matched with our movements by number. What cannot be matched in time is a
//! difference. Two operators explain it by choosing a posting (`explanation.rs`). A job that is
//! interrupted continues where it stopped.

pub mod bill;
mod bill_day;
pub mod difference;
pub mod explanation;
pub mod funds;
mod matching;
mod recover;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::people::operator::tasks;
use crate::provider::{DailyBill, PaymentProvider, ProviderError};
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
/// Minutes until the provider is queried again about a row, if it did not answer.
const UNANSWERED_MINUTES: i64 = 10;
/// The shortest and the longest time, in minutes, until a missing bill is requested again. Between
/// these bounds, the time is half of the bill's delay.
const REFETCH_MINUTES: (i64, i64) = (10, 24 * 60);
/// Minutes after which a missing bill is an operator's task.
const MISSING_MINUTES: i64 = 24 * 60;
/// Days until the operator's task about a missing bill is overdue.
const TASK_DAYS: i64 = 3;
/// The kind of the operator's task about a missing bill.
const MISSING_TASK: &str = "bill_missing";

/// Runs [`JobKind::Reconcile`] for one day: stores its bill, matches it and opens the differences.
pub async fn run<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    job_subject: &str,
) -> Result<Next, Failure> {
    let Some(bill_day) = BillDay::parse(job_subject) else {
        return Err(Failure::Internal(format!("malformed job subject {job_subject}")));
    };
    let mut batches_left = CHUNKS_PER_RUN;
    if !begin(ctx, bill_day).await? {
        let Some(cause) = fetch(ctx, bill_day).await? else {
            // Storing a long bill uses up the statements of one job: the next run matches it.
            return Ok(Next::At(ctx.now));
        };
        let refetch_at = missing(ctx, bill_day, &cause).await?;
        // Once the bill is reported missing, rows and movements that waited for it are differences.
        if ctx.now >= missing_since(bill_day)
            && !difference::open_all(ctx, bill_day, &mut batches_left).await?
        {
            return Ok(Next::At(ctx.now));
        }
        return Ok(Next::At(refetch_at));
    }
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

/// Schedules the next day's job before anything else can fail. Returns whether this day's bill is
/// stored.
async fn begin<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    bill_day: BillDay,
) -> Result<bool, DatabaseError> {
    let next = BillDay { day: bill_day.day.plus(1), ..bill_day };
    let statements = vec![
        // The next day's job may exist already: a late movement can add a day before the first one.
        Statement::new(
            "INSERT INTO job (kind, subject_id, due_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (kind, subject_id) DO NOTHING",
            [Value::from(JobKind::Reconcile), next.to_string().into(), next.ready_at().into()],
        ),
        Statement::new(
            "SELECT day FROM bill WHERE provider = ?1 AND currency = ?2 AND day = ?3",
            [Value::from(ctx.provider.name()), bill_day.currency.into(), bill_day.day.into()],
        ),
    ];
    let mut results = Results::from(ctx.db.batch(statements).await?);
    results.take();
    Ok(results.take().any())
}

/// Fetches and stores a day's bill. Returns `None` if it is stored, otherwise why it is missing.
async fn fetch<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    bill_day: BillDay,
) -> Result<Option<String>, DatabaseError> {
    let file = match ctx.provider.bill(bill_day.currency, bill_day.day, ctx.now).await {
        Ok(DailyBill::File(file)) => file,
        Ok(DailyBill::NoTransactions) => {
            store(ctx, bill_day, &[], "").await?;
            return Ok(None);
        }
        Err(ProviderError::NotFound) => return Ok(Some("not ready".to_owned())),
        Err(ProviderError::Unknown(cause)) => return Ok(Some(format!("no answer: {cause}"))),
        Err(ProviderError::Refused(cause)) => return Ok(Some(format!("not given: {cause}"))),
    };
    match bill::read(&file, bill_day.currency) {
        Ok(rows) => {
            store(ctx, bill_day, &rows, &file.sha256).await?;
            Ok(None)
        }
        Err(error) => Ok(Some(format!("not readable: {error}"))),
    }
}

/// Returns from when on a bill that is not there is an operator's task.
const fn missing_since(bill_day: BillDay) -> Moment {
    bill_day.ready_at().plus_minutes(MISSING_MINUTES)
}

/// Logs why a bill is missing, opens the operator's task if it is 24 hours late, and returns when
/// the bill is requested again.
async fn missing<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    bill_day: BillDay,
    cause: &str,
) -> Result<Moment, DatabaseError> {
    let (shortest, longest) = REFETCH_MINUTES;
    let late_minutes = (ctx.now.ms() - bill_day.ready_at().ms()) / 60_000;
    let refetch_at = ctx.now.plus_minutes((late_minutes / 2).clamp(shortest, longest));
    if ctx.now < missing_since(bill_day) {
        crate::log::warn(&format!("bill.late bill={bill_day} cause={cause}"));
        return Ok(refetch_at.min(missing_since(bill_day)));
    }
    crate::log::error(&format!("bill.missing bill={bill_day} cause={cause}"));
    let detail = format!("the bill of {} in {} is {cause}", bill_day.day, bill_day.currency);
    let deadline = ctx.now.plus_days(TASK_DAYS);
    let subject = bill_day.to_string();
    ctx.db.batch(vec![tasks::open(MISSING_TASK, &subject, &detail, ctx.now, deadline)]).await?;
    Ok(refetch_at)
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
            serde_json::json!([
                row.line,
                row.at.ms(),
                row.kind,
                row.provider_kind,
                row.number,
                row.reference,
                row.amount_minor,
                row.fee_minor
            ])
        };
        let json = serde_json::Value::Array(chunk.iter().map(values).collect()).to_string();
        statements.push(Statement::new(
            "INSERT INTO bill_row (provider, currency, day, line, at, kind, provider_kind, number,
                                   reference, amount_minor, fee_minor, state)
             SELECT ?1, ?2, ?3, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4,
                    value ->> 5, value ->> 6, value ->> 7, 'open'
             FROM json_each(?4)",
            [Value::from(provider), currency.into(), day.into(), json.into()],
        ));
    }
    statements.push(tasks::close(MISSING_TASK, &bill_day.to_string(), "arrived", ctx.now));
    match ctx.db.batch(statements).await {
        // Another run has just stored it.
        Err(DatabaseError::Rule(rule)) if rule == "exists" => Ok(()),
        other => other.map(drop),
    }
}

/// Marks the day's bill as processed.
async fn finish<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    bill_day: BillDay,
) -> Result<(), DatabaseError> {
    let statement = Statement::new(
        "UPDATE bill SET worked_at = ?4
         WHERE provider = ?1 AND currency = ?2 AND day = ?3 AND worked_at IS NULL",
        [
            Value::from(ctx.provider.name()),
            bill_day.currency.into(),
            bill_day.day.into(),
            ctx.now.into(),
        ],
    );
    ctx.db.batch(vec![statement]).await.map(drop)
}
