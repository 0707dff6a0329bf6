//! Reconciliation: what we booked of a provider, against the provider's own bill of each day.
//!
//! Every day of a currency has a job, `CNY:2026-11-22`, that comes up when the provider has its
//! bill ready: at 02:00 UTC of the next day, which is 10:00 in Shanghai. The first day's is written
//! with the first movement, every other's by the day before it, so that no day is left out; also a
//! day on which nothing of ours happened is asked for, because the provider may know of something.
//!
//! A bill is stored whole or not at all. Its rows are then matched with our movements by number;
//! what nobody can match in time is a difference, which an operator has to explain. Running the job
//! again at any point goes on where it stood.

pub mod bill;
pub mod difference;
pub mod funds;
mod matching;
mod recover;
mod subject;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::provider::{PaymentProvider, ProviderError};
use crate::queue::jobs::{JobKind, Next};
use shared::calendar::Moment;

use self::bill::Row;
pub use self::subject::Subject;

/// Rows that one statement stores at most.
const ROWS_STORED: usize = 500;
/// Batches of one run; what is left goes on at once, as another.
const CHUNKS_PER_RUN: usize = 20;
/// Minutes until a bill that is not ready, or was refused, is asked for again.
const AGAIN_MINUTES: i64 = 60;
/// Minutes until a provider that did not answer is asked again.
const UNANSWERED_MINUTES: i64 = 10;
/// Hours after its time from which a missing bill is an alarm.
const LATE_HOURS: i64 = 24;

/// The job of one day: reads its bill once, matches, and puts down what differs.
pub async fn run<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    subject: &str,
) -> Result<Next, Failure> {
    let Some(subject) = Subject::parse(subject) else {
        return Err(Failure::Internal(format!("{subject} is no day of a currency")));
    };
    if !is_stored(ctx, subject).await?
        && let Some(later) = fetch(ctx, subject).await?
    {
        return Ok(Next::At(later));
    }
    let mut left = CHUNKS_PER_RUN;
    if !matching::match_all(ctx, subject.currency, &mut left).await? {
        return Ok(Next::At(ctx.now));
    }
    // What the bill knows and we do not is asked about, and then looked for again.
    if !recover::recover_missing(ctx, subject.currency).await? {
        return Ok(Next::At(ctx.now.plus_minutes(UNANSWERED_MINUTES)));
    }
    if !matching::match_all(ctx, subject.currency, &mut left).await?
        || !difference::put_down(ctx, subject, &mut left).await?
    {
        return Ok(Next::At(ctx.now));
    }
    finish(ctx, subject).await?;
    Ok(Next::Done)
}

async fn is_stored<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    subject: Subject,
) -> Result<bool, DatabaseError> {
    let statement = Statement::new(
        "SELECT day FROM bill WHERE provider = ?1 AND currency = ?2 AND day = ?3",
        [Value::from(ctx.provider.name()), subject.currency.into(), subject.day.into()],
    );
    Ok(Results::from(ctx.db.batch(vec![statement]).await?).take().any())
}

/// Fetches and stores a day's bill; a moment when it has to be asked for again.
async fn fetch<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    subject: Subject,
) -> Result<Option<Moment>, DatabaseError> {
    let again = Some(ctx.now.plus_minutes(AGAIN_MINUTES));
    let file = match ctx.provider.bill(subject.currency, subject.day, ctx.now).await {
        Ok(file) => file,
        Err(ProviderError::NotFound) => {
            if ctx.now >= subject.ready_at().plus_minutes(LATE_HOURS * 60) {
                crate::log::error(&format!("bill.missing bill={subject}"));
            }
            return Ok(again);
        }
        Err(ProviderError::Unknown(cause)) => {
            crate::log::warn(&format!("bill.unanswered bill={subject} cause={cause}"));
            return Ok(Some(ctx.now.plus_minutes(UNANSWERED_MINUTES)));
        }
        Err(ProviderError::Refused(cause)) => {
            crate::log::error(&format!("bill.not_given bill={subject} cause={cause}"));
            return Ok(again);
        }
    };
    match bill::read(&file, subject.currency) {
        Ok(rows) => {
            store(ctx, subject, &rows, &file.sha256).await?;
            Ok(None)
        }
        Err(refused) => {
            crate::log::error(&format!("bill.refused bill={subject} cause={refused}"));
            Ok(again)
        }
    }
}

/// Stores a bill with all its rows in one batch: there is no moment at which half of it is there.
async fn store<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    subject: Subject,
    rows: &[Row],
    sha256: &str,
) -> Result<(), DatabaseError> {
    let Subject { currency, day } = subject;
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
    for chunk in rows.chunks(ROWS_STORED) {
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

/// The day is done, and the next one's turn comes when its bill is ready.
async fn finish<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    subject: Subject,
) -> Result<(), DatabaseError> {
    let next = Subject { day: subject.day.plus(1), ..subject };
    let statements = vec![
        Statement::new(
            "UPDATE bill SET worked_at = ?4
             WHERE provider = ?1 AND currency = ?2 AND day = ?3 AND worked_at IS NULL",
            [
                Value::from(ctx.provider.name()),
                subject.currency.into(),
                subject.day.into(),
                ctx.now.into(),
            ],
        ),
        // It may be there, and done, already: days before the first known one are filled in later.
        Statement::new(
            "INSERT INTO job (kind, subject_id, due_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (kind, subject_id) DO NOTHING",
            [Value::from(JobKind::Reconcile), next.to_string().into(), next.ready_at().into()],
        ),
    ];
    ctx.db.batch(statements).await.map(drop)
}
