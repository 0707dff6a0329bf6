//! Runs due jobs: leases each one, dispatches it to its use case and stores the outcome.
//!
//! A job can run twice, or twice at the same time, so every use case that a job calls is
//! idempotent. The job rows are in [`crate::queue::jobs`].

use serde::Deserialize;
use shared::calendar::Moment;
use shared::limits::{DONE_JOB_DAYS, KEY_DAYS};

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::limits::{attempts, reader_limits};
use crate::payments::praise::order;
use crate::payments::{dispute, freeze, payout, reconcile, refund, settle, webhook};
use crate::provider::PaymentProvider;
use crate::queue::jobs::{JobKind, Next};

/// The maximum number of jobs in one run. The rest waits for the next minute or queue message.
const RUN_MAX: usize = 200;
/// Seconds that a leased job is hidden from other runs. Doubled with each failure, up to 64 times.
const LEASE_S: i64 = 30;
/// The maximum number of finished jobs that one clean-up deletes.
pub const DONE_JOBS_PER_CLEANUP: i64 = 1000;

/// A job that is due.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Job {
    kind: String,
    subject_id: String,
    due_at: i64,
    attempts: i64,
}

/// Runs due jobs and returns how many ran. Each round takes the oldest due job of every kind, so a
/// kind with very many jobs does not block the others. A job that fails is retried later and does
/// not block the others either.
pub async fn run_due<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
) -> Result<usize, DatabaseError> {
    let mut ran = 0;
    loop {
        let jobs = due_jobs(ctx.db, ctx.now).await?;
        if jobs.is_empty() {
            return Ok(ran);
        }
        for job in &jobs {
            run(ctx, job).await?;
            ran += 1;
            if ran == RUN_MAX {
                return Ok(ran);
            }
        }
    }
}

/// Reads the oldest due job of each kind. The query names its index because the planner, which has
/// no statistics, would otherwise scan every finished job.
async fn due_jobs<D: Database>(db: &D, now: Moment) -> Result<Vec<Job>, DatabaseError> {
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
           ORDER BY one.due_at, one.subject_id LIMIT 1)
         ORDER BY job.due_at, job.kind",
        [Value::from(now)],
    );
    Results::from(db.batch(vec![statement]).await?).take().decode()
}

async fn run<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    job: &Job,
) -> Result<(), DatabaseError> {
    // The lease is stored before the job runs. After a crash the job becomes due again, and a job
    // that always fails is retried less and less often.
    let backoff_s = LEASE_S << job.attempts.min(6);
    let lease = ctx.now.plus_seconds(backoff_s);
    let take = Statement::new(
        "UPDATE job SET due_at = ?3, attempts = attempts + 1
         WHERE kind = ?1 AND subject_id = ?2 AND done_at IS NULL AND due_at = ?4
         RETURNING kind",
        [Value::from(&job.kind), (&job.subject_id).into(), lease.into(), job.due_at.into()],
    );
    let leased = Results::from(ctx.db.batch(vec![take]).await?).take().any();
    if !leased {
        // Another run has leased it.
        return Ok(());
    }
    match dispatch(ctx, job).await {
        Ok(Next::Handled) => Ok(()),
        Ok(next) => store_outcome(ctx, job, lease, next).await,
        Err(failure) => {
            log(job, &failure);
            Ok(())
        }
    }
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
/// windows, and the oldest finished jobs, at most [`DONE_JOBS_PER_CLEANUP`] of them. A deleted job
/// that is woken later is inserted again.
pub async fn delete_expired<D: Database>(db: &D, now: Moment) -> Result<(), DatabaseError> {
    let statements = vec![
        Statement::new(
            "DELETE FROM idempotency WHERE created_at < ?1",
            [Value::from(now.plus_days(-KEY_DAYS))],
        ),
        Statement::new("DELETE FROM session WHERE expires_at <= ?1", [Value::from(now)]),
        attempts::delete_expired(now),
        delete_done_jobs(now),
    ];
    db.batch(statements).await.map(drop)
}

/// Deletes jobs that were done more than [`DONE_JOB_DAYS`] days ago. Reconciliation jobs stay: they
/// are one row a day, and they show which days have been reconciled.
fn delete_done_jobs(now: Moment) -> Statement {
    Statement::new(
        "DELETE FROM job WHERE done_at IS NOT NULL AND (kind, subject_id) IN (
           SELECT kind, subject_id FROM job
           WHERE done_at < ?1 AND kind <> ?2 ORDER BY done_at LIMIT ?3)",
        [
            Value::from(now.plus_days(-DONE_JOB_DAYS)),
            JobKind::Reconcile.into(),
            DONE_JOBS_PER_CLEANUP.into(),
        ],
    )
}
