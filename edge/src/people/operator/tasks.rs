//! Tasks for operators, each with a deadline. A task is opened and closed in the same batch as the
//! change that caused it. Only tasks that no change can close are closed by hand, by an operator who
//! has looked into it: those about a report that contradicts our data, and those about a job that
//! keeps failing.
//!
//! A closed task opens again when the same thing is reported again. The audit log keeps why an
//! operator had closed it.

use serde::Deserialize;
use serde_json::json;
use shared::calendar::Moment;
use shared::problem::Problem;
use shared::text;

use super::audit;
use crate::context::Context;
use crate::database::{Database, Results, Statement, Value};
use crate::failure::Failure;
use crate::provider::PaymentProvider;
use crate::retry::{Round, retry};

/// The maximum length of a reason, in graphemes.
pub const REASON_MAX: usize = 250;

/// The outcome of a task that an operator closed by hand.
const LOOKED_AT: &str = "looked_at";

/// SQL that opens a task, or opens a closed one again, unless there is a task of the same kind and
/// subject for which the condition holds.
macro_rules! open_unless {
    ($condition:literal) => {
        concat!(
            "INSERT INTO operator_task (kind, subject_id, detail, opened_at, deadline)
             SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (
               SELECT 1 FROM operator_task
               WHERE kind = ?1 AND subject_id = ?2 AND (",
            $condition,
            "))
             ON CONFLICT (kind, subject_id) DO UPDATE SET
               detail = excluded.detail, opened_at = excluded.opened_at,
               deadline = excluded.deadline, closed_at = NULL, outcome = NULL"
        )
    };
}

/// Opens a task about something that is reported `now`. A task of the same kind and subject that is
/// open stays as it is; one that is closed is opened again. `kind` is `suspense`, `contradicted`,
/// `refund_abnormal`, `dispute`, `bill_difference`, `bill_missing`, `payout_unknown`,
/// `payout_contradicted`, `job_failed` or `self_check`; `detail` is a sentence for people;
/// `deadline` is after `now`.
///
/// A batch that can be repeated without a new report uses [`open_for_event`].
pub fn open(kind: &str, subject: &str, detail: &str, now: Moment, deadline: Moment) -> Statement {
    Statement::new(
        // A task that another request has closed after `now` covers this report.
        open_unless!("closed_at IS NULL OR closed_at > ?4"),
        [Value::from(kind), subject.into(), detail.into(), now.into(), deadline.into()],
    )
}

/// Opens a task as [`open`] does, in a batch that can be repeated without a new report. `event` is
/// the provider and the id of the message that reports it. A closed task is opened again only if
/// that message arrived after it was closed; without a message, it stays closed.
pub fn open_for_event(
    kind: &str,
    subject: &str,
    detail: &str,
    now: Moment,
    deadline: Moment,
    event: Option<(&str, &str)>,
) -> Statement {
    let (provider, event_id) = event.unzip();
    Statement::new(
        open_unless!(
            "closed_at IS NULL OR closed_at > ?4 OR NOT EXISTS (
               SELECT 1 FROM provider_event
               WHERE provider = ?6 AND event_id = ?7 AND received_at > closed_at)"
        ),
        [
            Value::from(kind),
            subject.into(),
            detail.into(),
            now.into(),
            deadline.into(),
            provider.into(),
            event_id.into(),
        ],
    )
}

/// Opens a task as [`open`] does for each element of a JSON array with `subject` and `detail`.
pub fn open_each(kind: &str, array: String, now: Moment, deadline: Moment) -> Statement {
    Statement::new(
        "INSERT INTO operator_task (kind, subject_id, detail, opened_at, deadline)
         SELECT ?1, value ->> 'subject', value ->> 'detail', ?3, ?4 FROM json_each(?2)
         WHERE NOT EXISTS (
           SELECT 1 FROM operator_task
           WHERE kind = ?1 AND subject_id = value ->> 'subject'
             AND (closed_at IS NULL OR closed_at > ?3))
         ON CONFLICT (kind, subject_id) DO UPDATE SET
           detail = excluded.detail, opened_at = excluded.opened_at,
           deadline = excluded.deadline, closed_at = NULL, outcome = NULL",
        [Value::from(kind), array.into(), now.into(), deadline.into()],
    )
}

/// Closes a task with its outcome. A task that is closed, or was never opened, is left unchanged.
pub fn close(kind: &str, subject: &str, outcome: &str, now: Moment) -> Statement {
    Statement::new(
        "UPDATE operator_task SET closed_at = ?4, outcome = ?3
         WHERE kind = ?1 AND subject_id = ?2 AND closed_at IS NULL",
        [Value::from(kind), subject.into(), outcome.into(), now.into()],
    )
}

/// Closes by hand a task about a report for which nothing was booked, or about a job that keeps
/// failing, in the name of an operator who has looked into it. Idempotent.
///
/// Refused: a task that does not exist, that was closed with another reason, or that closes together
/// with its subject: a suspense case, a refund, a difference, a missing bill, a booked dispute, a
/// transfer whose outcome is unknown.
pub async fn look_at<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    kind: &str,
    subject: &str,
    reason: &str,
) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct TaskRow {
        outcome: Option<String>,
        reason_given: Option<String>,
        closed_by_hand: i64,
    }
    let reason = text::clean(reason, REASON_MAX)
        .map_err(|error| Problem::Text { field: "reason", error })?;
    retry(format_args!("task {kind} of {subject}"), async || {
        // The task of a booked dispute has our id as its subject; a task about a message that could not be
        // booked has the provider's number.
        let read = Statement::new(
            "SELECT outcome,
                    (SELECT detail ->> 'reason' FROM operator_audit
                     WHERE action = 'task.close' AND subject = ?2 AND detail ->> 'kind' = ?1
                     ORDER BY id DESC LIMIT 1) AS reason_given,
                    kind IN ('contradicted', 'payout_contradicted', 'job_failed')
                      OR (kind = 'dispute' AND NOT EXISTS (
                        SELECT 1 FROM dispute WHERE id = ?2)) AS closed_by_hand
             FROM operator_task WHERE kind = ?1 AND subject_id = ?2",
            [Value::from(kind), subject.into()],
        );
        let task: Option<TaskRow> =
            Results::from(ctx.db.batch(vec![read]).await?).take().first()?;
        let task = task.ok_or(Problem::NotFound)?;
        match task.outcome.as_deref() {
            Some(LOOKED_AT) if task.reason_given.as_deref() == Some(reason.as_str()) => {
                return Ok(Round::Done(()));
            }
            None if task.closed_by_hand == 1 => {}
            _ => return Err(Problem::WrongState.into()),
        }
        let detail = json!({ "kind": kind, "reason": reason });
        let statements = vec![
            close(kind, subject, LOOKED_AT, ctx.now),
            Statement::must_change(1, "task_open"),
            audit(operator_id, "task.close", subject, &detail, ctx.now),
        ];
        // Guarded: another operator may have closed it, or what it is about may have arrived.
        ctx.db.batch(statements).await?;
        Ok(Round::Done(()))
    })
    .await
}
