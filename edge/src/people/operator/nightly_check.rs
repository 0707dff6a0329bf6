//! Checks the books every night with the statements of [`crate::self_check`], one range of rows at a
//! time.
//!
//! `self_check_run` stores which range comes next. A range is checked first; then one batch stores
//! its violations and the start of the next range. After a crash, a range may be checked twice, but
//! none is skipped.
//!
//! A violation is stored in `self_check_violation` and opens a task. It blocks the payouts of its
//! account until a later run ends without finding it again.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;
use shared::calendar::Moment;
use shared::money::Currency;

use super::tasks;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value, from_json, to_json};
use crate::failure::Failure;
use crate::provider::PaymentProvider;
use crate::queue::jobs::{self, Next};
use crate::self_check::{self, Key, Violation};

/// Rows in one range. Each takes a few indexed lookups, so a range takes far less than the 30 seconds
/// that D1 gives a batch.
pub const ROWS_PER_RANGE: i64 = 5000;
/// Ranges in one run of the job, each with at most 16 statements.
const RANGES_PER_RUN: usize = 15;
/// The time of day at which a run begins: 19:00 UTC, as in the trigger `movement_self_checked`.
const NIGHT_MS: i64 = 19 * 60 * 60 * 1000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Days until an operator's task is overdue.
const TASK_DAYS: i64 = 1;
/// The kind of the tasks. Their subject is the check, and the account or row.
const TASK: &str = "self_check";
/// The maximum number of violations that one range reports, not counting those of an account.
const ROWS_REPORTED: usize = 100;

/// A run that is not finished.
#[derive(Debug, Deserialize)]
struct Run {
    day: String,
    check_name: String,
    after_key: String,
}

/// Runs [`JobKind::SelfCheck`](crate::queue::jobs::JobKind::SelfCheck): checks the next ranges of
/// tonight's run, and begins it if there is none. Idempotent, also with two runs at the same time.
pub async fn run<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    rows: i64,
) -> Result<Next, Failure> {
    let Some(mut run) = current(ctx).await? else { return Ok(next_night(ctx.now)) };
    for _ in 0..RANGES_PER_RUN {
        match check_range(ctx, &run, rows).await {
            Ok(Some(next)) => run = next,
            Ok(None) => return Ok(next_night(ctx.now)),
            // Another run of this job has checked the same range.
            Err(DatabaseError::Guard(_)) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Next::At(ctx.now))
}

fn next_night(now: Moment) -> Next {
    let nights = (now.ms() - NIGHT_MS).div_euclid(DAY_MS) + 1;
    Next::At(Moment::from_ms(nights * DAY_MS + NIGHT_MS))
}

/// Returns the run that is not finished, or begins today's; `None` if today's is finished.
async fn current<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
) -> Result<Option<Run>, DatabaseError> {
    let first = self_check::names().next().unwrap_or_default();
    let statements = vec![
        Statement::new(
            "INSERT INTO self_check_run (day, started_at, check_name, after_key)
             SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (
               SELECT 1 FROM self_check_run WHERE day = ?1 OR finished_at IS NULL)",
            [
                Value::from(ctx.now.day(Currency::Usd)),
                ctx.now.into(),
                first.into(),
                to_json(&Key::default())?.into(),
            ],
        ),
        Statement::new(
            "SELECT day, check_name, after_key FROM self_check_run WHERE finished_at IS NULL
             ORDER BY day LIMIT 1",
            [],
        ),
    ];
    let mut results = Results::from(ctx.db.batch(statements).await?);
    results.take();
    results.take().first()
}

/// Checks one range and stores what was found. Returns the run with its next range; `None` if this
/// was the last one.
async fn check_range<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    run: &Run,
    rows: i64,
) -> Result<Option<Run>, DatabaseError> {
    let after: Key = from_json(&run.after_key)?;
    let steps = self_check::steps(&run.check_name, &after, rows);
    let up_to = if steps.is_empty() {
        Key::last()
    } else {
        self_check::range_end(ctx.db.batch(steps).await?.into_iter())?
    };
    let found = match self_check::range(&run.check_name, &after, &up_to, ctx.now) {
        None => Vec::new(),
        Some(statement) => {
            let rows = Results::from(ctx.db.batch(vec![statement]).await?).take();
            self_check::violations(&run.check_name, rows)?
        }
    };
    let next = next_range(run, &up_to)?;
    let mut statements = record(ctx, run, &found)?;
    if next.is_none() {
        statements.extend(close_repaired(&run.day, ctx.now));
    }
    statements.extend(go_on(run, next.as_ref(), ctx.now));
    ctx.db.batch(statements).await?;
    Ok(next)
}

/// Returns where a run continues after the range that ends at a key. If this release does not have
/// the run's check, the run starts again at the first check.
fn next_range(run: &Run, up_to: &Key) -> Result<Option<Run>, DatabaseError> {
    let (check, after) = if *up_to < Key::last() {
        (Some(run.check_name.as_str()), up_to.clone())
    } else {
        let known = self_check::names().any(|name| name == run.check_name);
        let mut rest = self_check::names().skip_while(|name| known && *name != run.check_name);
        (rest.nth(known.into()), Key::default())
    };
    let Some(check) = check else { return Ok(None) };
    let (day, check_name) = (run.day.clone(), check.to_owned());
    Ok(Some(Run { day, check_name, after_key: to_json(&after)? }))
}

/// Stores where the run goes on, unless another run of the job has stored it already.
fn go_on(run: &Run, next: Option<&Run>, now: Moment) -> [Statement; 2] {
    let finished_at = if next.is_none() { Some(now) } else { None };
    let next = next.unwrap_or(run);
    [
        Statement::new(
            "UPDATE self_check_run SET check_name = ?4, after_key = ?5, finished_at = ?6
             WHERE day = ?1 AND check_name = ?2 AND after_key = ?3 AND finished_at IS NULL",
            [
                Value::from(&run.day),
                (&run.check_name).into(),
                (&run.after_key).into(),
                (&next.check_name).into(),
                (&next.after_key).into(),
                finished_at.into(),
            ],
        ),
        Statement::must_change(1, "self_check_run"),
    ]
}

/// Stores violations, one per account or row, and opens their tasks.
fn record<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    run: &Run,
    found: &[Violation],
) -> Result<Vec<Statement>, DatabaseError> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    crate::log::error(&format!(
        "self_check.violated check={:?} rows={}",
        run.check_name,
        found.len()
    ));
    let (concerning, other): (Vec<_>, Vec<_>) =
        found.iter().partition(|violation| violation.account_id.is_some());
    let mut subjects: BTreeMap<&str, &Violation> = BTreeMap::new();
    for violation in concerning.into_iter().chain(other.into_iter().take(ROWS_REPORTED)) {
        let subject = violation.account_id.as_ref().unwrap_or(&violation.subject);
        subjects.entry(subject).or_insert(violation);
    }
    let check = &run.check_name;
    let stored = subjects
        .iter()
        .map(|(subject, violation)| json!({ "subject": subject, "account": violation.account_id }));
    let opened = subjects.iter().map(|(subject, violation)| {
        let detail = format!("{}: {}", violation.subject, violation.detail);
        json!({ "subject": format!("{check}: {subject}"), "detail": detail })
    });
    let stored = serde_json::Value::Array(stored.collect()).to_string();
    let opened = serde_json::Value::Array(opened.collect()).to_string();
    Ok(vec![
        Statement::new(
            "INSERT INTO self_check_violation (check_name, subject_id, account_id, seen_day)
             SELECT ?1, value ->> 'subject', value ->> 'account', ?2 FROM json_each(?3) WHERE true
             ON CONFLICT (check_name, subject_id) DO UPDATE SET
               account_id = excluded.account_id, seen_day = excluded.seen_day",
            [Value::from(check), (&run.day).into(), stored.into()],
        ),
        tasks::open_each(TASK, opened, ctx.now, ctx.now.plus_days(TASK_DAYS)),
    ])
}

/// Deletes the violations that this run has not found again, closes their tasks, and wakes the
/// payouts that waited.
fn close_repaired(day: &str, now: Moment) -> [Statement; 3] {
    let values = || [Value::from(day), now.into()];
    [
        Statement::new(
            jobs::wake_each!(
                "SELECT DISTINCT 'pay_out', account_id, CAST(?2 AS INTEGER)
                 FROM self_check_violation
                 WHERE seen_day <> ?1 AND account_id IN (SELECT id FROM official_account)"
            ),
            values(),
        ),
        Statement::new(
            "UPDATE operator_task SET closed_at = ?2, outcome = 'repaired'
             WHERE kind = 'self_check' AND closed_at IS NULL AND subject_id IN (
               SELECT check_name || ': ' || subject_id FROM self_check_violation
               WHERE seen_day <> ?1)",
            values(),
        ),
        Statement::new("DELETE FROM self_check_violation WHERE seen_day <> ?1", [day.into()]),
    ]
}
