//! Runs due jobs: leases each one, dispatches it to its use case and stores the outcome.
//!
//! A job can run twice, or twice at the same time, so every use case that a job calls is
//! idempotent. The job rows are in [`crate::queue::jobs`].

use serde::Deserialize;
use shared::calendar::Moment;
use shared::limits::{DONE_JOB_DAYS, KEY_DAYS};

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value, to_json};
use crate::entropy::Entropy;
use crate::failure::Failure;
use crate::limits::{attempts, reader_limits};
use crate::payments::praise::order;
use crate::payments::{dispute, freeze, payout, reconcile, refund, settle, webhook};
use crate::people::operator::{nightly_check, tasks};
use crate::provider::PaymentProvider;
use crate::queue::jobs::{JobKind, Next};

/// The maximum number of jobs in one run. The rest waits for the next minute or queue message.
const JOBS_PER_RUN: usize = 200;
/// Milliseconds after which a run starts no further job.
const RUN_MS: i64 = 20_000;
/// Database statements after which a run starts no further job. D1 allows 1,000 queries in one
/// invocation and does not document whether the statements of a batch count singly. A job sends at
/// most 250, so a run stays below the limit either way.
pub const STATEMENTS_PER_RUN: u64 = 700;
/// Seconds that a leased job is hidden from other runs. Doubled with each failure, up to 64 times.
const LEASE_S: i64 = 30;
/// An operator gets a task when a job has failed this many times in a row.
pub const FAILURES_ALARM: i64 = 10;
/// Days until an operator's task about a failing job is overdue.
const TASK_DAYS: i64 = 1;
/// The kind of the operator's tasks about failing jobs. Their subject is the job's kind and subject:
/// `settle:acc_…`.
const TASK: &str = "job_failed";
/// The maximum number of rows that one statement of a clean-up deletes.
pub const CLEANUP_CHUNK: i64 = 1000;
/// The maximum number of statements with which a clean-up deletes one kind of row.
pub const CLEANUP_ROUNDS: usize = 20;

/// A job that is due.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Job {
    kind: String,
    subject_id: String,
    due_at: i64,
    attempts: i64,
}

impl Job {
    /// Returns its kind and subject as one text.
    fn name(&self) -> String {
        format!("{}:{}", self.kind, self.subject_id)
    }
}

/// Runs due jobs and returns how many it tried. Each round takes the oldest due job of every kind,
/// so a kind with very many jobs does not block the others. A job that fails is retried later and
/// does not block the others either.
///
/// Each job reads the time from `clock`. The run ends when nothing is due any more, or when its time
/// or its budget of statements is used up; the rest waits for the next run. It fails only if the due
/// jobs cannot be read.
pub async fn run_due<D: Database, P: PaymentProvider>(
    db: &D,
    provider: &P,
    entropy: &dyn Entropy,
    clock: &dyn Fn() -> Moment,
) -> Result<usize, DatabaseError> {
    let (began, sent_before) = (clock(), db.statements_sent());
    let is_over = |tried: usize| {
        tried == JOBS_PER_RUN
            || clock().ms() - began.ms() >= RUN_MS
            || db.statements_sent() - sent_before >= STATEMENTS_PER_RUN
    };
    let mut tried = 0;
    let mut not_leased = Vec::new();
    'run: loop {
        let jobs = due_jobs(db, clock(), &not_leased).await?;
        if jobs.is_empty() {
            break;
        }
        for job in &jobs {
            if is_over(tried) {
                break 'run;
            }
            tried += 1;
            let ctx = Context { db, provider, now: clock(), entropy };
            if let Err(cause) = run(&ctx, job).await {
                log(job, &cause.into());
                not_leased.push(job.name());
            }
        }
    }
    if tried > 0
        && let Err(cause) = db.batch(vec![close_recovered(clock())]).await
    {
        crate::log::warn(&format!("tasks.not_closed cause={cause}"));
    }
    Ok(tried)
}

/// Reads the oldest due job of each kind, except those in `not_leased`. The query names its index
/// because the planner, which has no statistics, would otherwise scan every finished job.
async fn due_jobs<D: Database>(
    db: &D,
    now: Moment,
    not_leased: &[String],
) -> Result<Vec<Job>, DatabaseError> {
    let statement = Statement::new(
        "WITH RECURSIVE kinds (kind) AS (
           SELECT (SELECT min(kind) FROM job INDEXED BY job_due_by_kind WHERE done_at IS NULL)
           UNION ALL
           SELECT (SELECT min(kind) FROM job INDEXED BY job_due_by_kind
                   WHERE done_at IS NULL AND kind > kinds.kind)
           FROM kinds WHERE kinds.kind IS NOT NULL)
         SELECT job.kind, job.subject_id, job.due_at, job.attempts
         FROM kinds JOIN job ON job.kind = kinds.kind AND job.subject_id = (
           SELECT subject_id FROM job AS one INDEXED BY job_due_by_kind
           WHERE one.kind = kinds.kind AND one.done_at IS NULL AND one.due_at <= ?1
             AND one.kind || ':' || one.subject_id NOT IN (SELECT value FROM json_each(?2))
           ORDER BY one.due_at, one.subject_id LIMIT 1)
         ORDER BY job.due_at, job.kind",
        [Value::from(now), to_json(not_leased)?.into()],
    );
    Results::from(db.batch(vec![statement]).await?).take().decode()
}

/// Leases and runs a job. Its own failures are logged, and so is a failure to store its outcome; the
/// lease then decides when it is due again.
///
/// # Errors
///
/// If it could not be leased: it has not run, and the lease may be stored or not.
async fn run<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    job: &Job,
) -> Result<(), DatabaseError> {
    // The lease is stored before the job runs. After a crash the job becomes due again, and a job
    // that always fails is retried less and less often.
    let backoff_s = LEASE_S << job.attempts.min(6);
    let lease = ctx.now.plus_seconds(backoff_s);
    if !take_lease(ctx, job, lease).await? {
        // Another run has leased it.
        return Ok(());
    }
    let stored = match dispatch(ctx, job).await {
        Ok(Next::Handled) => Ok(()),
        Ok(next) => store_outcome(ctx, job, lease, next).await,
        Err(failure) => {
            log(job, &failure);
            raise_alarm(ctx, job).await
        }
    };
    if let Err(cause) = stored {
        log(job, &cause.into());
    }
    Ok(())
}

/// Leases a job and counts the attempt. Returns `false` if it is not due any more. If the attempts
/// before this one have all failed, which includes those whose Worker died, an operator gets a task.
async fn take_lease<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    job: &Job,
    lease: Moment,
) -> Result<bool, DatabaseError> {
    let mut statements = vec![
        Statement::new(
            "UPDATE job SET due_at = ?3, attempts = attempts + 1
             WHERE kind = ?1 AND subject_id = ?2 AND done_at IS NULL AND due_at = ?4",
            [Value::from(&job.kind), (&job.subject_id).into(), lease.into(), job.due_at.into()],
        ),
        Statement::must_change(1, "job_due"),
    ];
    if job.attempts >= FAILURES_ALARM {
        statements.push(task(job, job.attempts, ctx.now));
    }
    match ctx.db.batch(statements).await {
        Ok(_) => Ok(true),
        Err(DatabaseError::Guard(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Opens a task for an operator if this was a job's tenth failure in a row, or a later one.
async fn raise_alarm<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    job: &Job,
) -> Result<(), DatabaseError> {
    let failures = job.attempts + 1;
    if failures < FAILURES_ALARM {
        return Ok(());
    }
    let statements = vec![
        // Another run of this job may have succeeded since.
        Statement::new(
            "INSERT INTO must (got, expected, guard)
             SELECT count(*), 1, 'job_failing' FROM job
             WHERE kind = ?1 AND subject_id = ?2 AND done_at IS NULL AND attempts >= ?3",
            [Value::from(&job.kind), (&job.subject_id).into(), failures.into()],
        ),
        task(job, failures, ctx.now),
    ];
    match ctx.db.batch(statements).await {
        Err(DatabaseError::Guard(_)) => Ok(()),
        other => other.map(drop),
    }
}

fn task(job: &Job, failures: i64, now: Moment) -> Statement {
    let detail = format!("the job has failed {failures} times in a row; the log has the causes");
    tasks::open(TASK, &job.name(), &detail, now, now.plus_days(TASK_DAYS))
}

/// Closes the tasks of jobs that have succeeded since: they are done, or their attempts are reset.
fn close_recovered(now: Moment) -> Statement {
    Statement::new(
        "UPDATE operator_task SET closed_at = ?2, outcome = 'recovered'
         WHERE kind = ?1 AND closed_at IS NULL AND NOT EXISTS (
           SELECT 1 FROM job
           WHERE job.kind = substr(operator_task.subject_id, 1,
                                   instr(operator_task.subject_id, ':') - 1)
             AND job.subject_id = substr(operator_task.subject_id,
                                         instr(operator_task.subject_id, ':') + 1)
             AND job.done_at IS NULL AND job.attempts > 0)",
        [Value::from(TASK), now.into()],
    )
}

/// Calls the use case of a job.
async fn dispatch<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    job: &Job,
) -> Result<Next, Failure> {
    let subject = job.subject_id.as_str();
    // A job of another release may still be in the table.
    let Some(kind) = JobKind::from_name(&job.kind) else {
        return Err(Failure::Internal(format!("unknown job kind {}", job.kind)));
    };
    match kind {
        JobKind::CreateOrder => order::resume(ctx, subject).await.map(|()| Next::Handled),
        JobKind::PollOrder => order::poll(ctx, subject).await.map(|()| Next::Handled),
        JobKind::SendRefund => refund::send(ctx, subject).await.map(|()| Next::Handled),
        JobKind::PollRefund => refund::poll(ctx, subject).await.map(|()| Next::Handled),
        JobKind::PollDispute => dispute::poll(ctx, subject).await,
        JobKind::ProcessEvent => webhook::resume(ctx, subject).await.map(|()| Next::Handled),
        JobKind::Settle => settle::run(ctx, subject).await,
        JobKind::PayOut => payout::run(ctx, subject).await,
        JobKind::MovePayout => payout::transfer::run(ctx, subject).await,
        JobKind::Reconcile => reconcile::run(ctx, subject).await,
        JobKind::RaiseLimit => reader_limits::raise(ctx.db, ctx.now, subject).await,
        JobKind::Freeze => freeze::run(ctx, subject).await,
        JobKind::SelfCheck => nightly_check::run(ctx, nightly_check::ROWS_PER_RANGE).await,
    }
}

/// Stores when a job is due next, or that it is done. Changes nothing if the job was woken while it
/// ran.
async fn store_outcome<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    job: &Job,
    lease: Moment,
    next: Next,
) -> Result<(), DatabaseError> {
    let (due_at, done_at) = match next {
        Next::At(moment) => (moment, None),
        Next::Done | Next::Handled => (lease, Some(ctx.now)),
    };
    let statement = Statement::new(
        "UPDATE job SET due_at = ?4, done_at = ?5, attempts = 0
         WHERE kind = ?1 AND subject_id = ?2 AND done_at IS NULL AND due_at = ?3
           AND attempts = ?6",
        [
            Value::from(&job.kind),
            (&job.subject_id).into(),
            lease.into(),
            due_at.into(),
            done_at.into(),
            // A job that was woken for a moment after its lease keeps its `due_at`, but its
            // attempts were reset.
            (job.attempts + 1).into(),
        ],
    );
    ctx.db.batch(vec![statement]).await.map(drop)
}

fn log(job: &Job, failure: &Failure) {
    crate::log::warn(&format!(
        "job.failed kind={} subject={} attempts={} cause={failure:?}",
        job.kind, job.subject_id, job.attempts
    ));
}

/// Deletes expired rows: idempotency keys after [`KEY_DAYS`] days, ended sessions and rate-limit
/// windows, and finished jobs after [`DONE_JOB_DAYS`] days. A deleted job that is woken later is
/// inserted again.
///
/// Each statement deletes at most [`CLEANUP_CHUNK`] rows and is repeated while it deletes that many,
/// at most [`CLEANUP_ROUNDS`] times. The rest waits for the next clean-up. If one kind of row cannot
/// be deleted, the others still are.
pub async fn delete_expired<D: Database>(db: &D, now: Moment) -> Result<(), DatabaseError> {
    let chunk = Value::from(CLEANUP_CHUNK);
    let kinds = [
        Statement::new(
            "DELETE FROM idempotency WHERE (person_id, key) IN (
               SELECT person_id, key FROM idempotency
               WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)",
            [Value::from(now.plus_days(-KEY_DAYS)), chunk.clone()],
        ),
        Statement::new(
            "DELETE FROM session WHERE token_hash IN (
               SELECT token_hash FROM session
               WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
            [Value::from(now), chunk],
        ),
        attempts::delete_expired(now, CLEANUP_CHUNK)?,
        delete_done_jobs(now),
    ];
    let mut outcome = Ok(());
    for delete in kinds {
        outcome = outcome.and(delete_in_chunks(db, delete).await);
    }
    outcome
}

/// Repeats a statement that deletes a chunk of rows while it deletes a whole one.
async fn delete_in_chunks<D: Database>(db: &D, delete: Statement) -> Result<(), DatabaseError> {
    #[derive(Deserialize)]
    struct Deleted {
        rows: i64,
    }
    for _ in 0..CLEANUP_ROUNDS {
        let count = Statement::new("SELECT changes() AS rows", []);
        let mut results = Results::from(db.batch(vec![delete.clone(), count]).await?);
        results.take();
        let deleted: Option<Deleted> = results.take().first()?;
        if deleted.is_none_or(|deleted| deleted.rows < CLEANUP_CHUNK) {
            break;
        }
    }
    Ok(())
}

/// Deletes jobs that were done more than [`DONE_JOB_DAYS`] days ago, the oldest first.
/// Reconciliation jobs stay: they are one row a day, and they show which days have been reconciled.
fn delete_done_jobs(now: Moment) -> Statement {
    Statement::new(
        "DELETE FROM job WHERE done_at IS NOT NULL AND (kind, subject_id) IN (
           SELECT kind, subject_id FROM job
           WHERE done_at < ?1 AND kind <> ?2 ORDER BY done_at LIMIT ?3)",
        [
            Value::from(now.plus_days(-DONE_JOB_DAYS)),
            JobKind::Reconcile.into(),
            CLEANUP_CHUNK.into(),
        ],
    )
}
