//! Runs due jobs: leases each one, dispatches it to its use case, and stores what becomes of it.
//!
//! A job can run twice, or two at once: every use case behind it is idempotent. The rows themselves
//! are in [`crate::queue::jobs`].

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

/// Most jobs that one run takes. The rest waits for the next minute or queue message.
const RUN_MAX: usize = 200;
/// Seconds that a leased job stays hidden from other runs. Doubled with each failure.
const LEASE_S: i64 = 30;
/// Most old, finished jobs that one clean-up deletes.
pub const DONE_JOBS_AT_ONCE: i64 = 1000;

/// A job that is due.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Job {
    kind: String,
    subject_id: String,
    due_at: i64,
    attempts: i64,
}

/// Runs what is due and returns how many jobs ran: one of each kind in turn, the oldest of its kind
/// first. A job that fails is tried again later, so that one that keeps failing never holds up the
/// others, and neither does a kind of which there are very many.
pub async fn run_due<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
) -> Result<usize, DatabaseError> {
    let mut ran = 0;
    loop {
        let round = round(ctx.db, ctx.now).await?;
        if round.is_empty() {
            return Ok(ran);
        }
        for job in &round {
            run(ctx, job).await?;
            ran += 1;
            if ran == RUN_MAX {
                return Ok(ran);
            }
        }
    }
}

/// The oldest job of each kind of which one is due. The index is named, because without statistics
/// the planner walks through every job that is done.
async fn round<D: Database>(db: &D, now: Moment) -> Result<Vec<Job>, DatabaseError> {
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
    // Moved before it runs: a crash in the middle leaves it to be found again, and a job that
    // fails for ever does not come up for ever.
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
        // Somebody else has just taken it.
        return Ok(());
    }
    match carry_out(ctx, job).await {
        Ok(Next::Kept) => Ok(()),
        Ok(next) => end(ctx, job, lease, next).await,
        Err(failure) => {
            log(job, &failure);
            Ok(())
        }
    }
}

async fn carry_out<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    job: &Job,
) -> Result<Next, Failure> {
    let subject = job.subject_id.as_str();
    // One that another release knew may still be there; the others go on.
    let Some(kind) = JobKind::from_name(&job.kind) else {
        return Err(Failure::Internal(format!("no job of kind {}", job.kind)));
    };
    match kind {
        JobKind::CreateOrder => order::resume(ctx, subject).await.map(|()| Next::Kept),
        JobKind::PollOrder => order::poll(ctx, subject).await.map(|()| Next::Kept),
        JobKind::SendRefund => refund::send(ctx, subject).await.map(|()| Next::Kept),
        JobKind::PollRefund => refund::poll(ctx, subject).await.map(|()| Next::Kept),
        JobKind::PollDispute => dispute::poll(ctx, subject).await,
        JobKind::ProcessEvent => webhook::resume(ctx, subject).await.map(|()| Next::Kept),
        JobKind::Settle => settle::run(ctx, subject).await,
        JobKind::PayOut => payout::run(ctx, subject).await,
        JobKind::MovePayout => payout::transfer::run(ctx, subject).await,
        JobKind::Reconcile => reconcile::run(ctx, subject).await,
        JobKind::RaiseLimit => reader_limits::raise(ctx.db, ctx.now, subject).await,
        JobKind::Freeze => freeze::run(ctx, subject).await,
    }
}

/// Writes down what becomes of a job, unless somebody has woken it while it ran.
async fn end<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    job: &Job,
    lease: Moment,
    next: Next,
) -> Result<(), DatabaseError> {
    let (due_at, done_at) = match next {
        Next::At(moment) => (moment, None),
        Next::Done | Next::Kept => (lease, Some(ctx.now)),
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
            // Waking for a moment after the lease leaves `due_at` as it is, but starts the count
            // of attempts anew.
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

/// Removes what has served its time: keys after their days, sessions and windows of attempts after
/// their end, and some of the jobs that were done long ago, the oldest first. One that is woken after
/// that is a new one.
pub async fn tidy_up<D: Database>(db: &D, now: Moment) -> Result<(), DatabaseError> {
    let statements = vec![
        Statement::new(
            "DELETE FROM idempotency WHERE created_at < ?1",
            [Value::from(now.plus_days(-KEY_DAYS))],
        ),
        Statement::new("DELETE FROM session WHERE expires_at <= ?1", [Value::from(now)]),
        attempts::tidy_up(now),
        tidy_done(now),
    ];
    db.batch(statements).await.map(drop)
}

/// Removes old jobs that are done, as many as one batch takes lightly. Those of bills stay: a row a
/// day, and they say which days there were.
fn tidy_done(now: Moment) -> Statement {
    Statement::new(
        "DELETE FROM job WHERE done_at IS NOT NULL AND (kind, subject_id) IN (
           SELECT kind, subject_id FROM job
           WHERE done_at < ?1 AND kind <> ?2 ORDER BY done_at LIMIT ?3)",
        [
            Value::from(now.plus_days(-DONE_JOB_DAYS)),
            JobKind::Reconcile.into(),
            DONE_JOBS_AT_ONCE.into(),
        ],
    )
}
