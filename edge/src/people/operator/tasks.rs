//! What waits for an operator, until when. A task is opened and closed by the batch whose matter it
//! is. Only a message that contradicts what is known is nobody's matter but an operator's: whoever has
//! looked at it says what it was.

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

/// Graphemes of a reason at most.
pub const REASON_MAX: usize = 250;

/// What became of a task that an operator has closed.
const LOOKED_AT: &str = "looked_at";

/// Opens a task, once: one of the same kind about the same subject stays as it is, open or closed.
/// `kind` is `suspense`, `contradicted`, `refund_abnormal`, `dispute` or `bill_difference`,
/// `detail` a sentence for people, and `deadline` is after `now`.
pub fn open(kind: &str, subject: &str, detail: &str, now: Moment, deadline: Moment) -> Statement {
    Statement::new(
        "INSERT INTO operator_task (kind, subject_id, detail, opened_at, deadline)
         SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (
           SELECT 1 FROM operator_task WHERE kind = ?1 AND subject_id = ?2)",
        [Value::from(kind), subject.into(), detail.into(), now.into(), deadline.into()],
    )
}

/// Closes a task with what came of it. Closing one that is closed, or was never opened, changes
/// nothing.
pub fn close(kind: &str, subject: &str, outcome: &str, now: Moment) -> Statement {
    Statement::new(
        "UPDATE operator_task SET closed_at = ?4, outcome = ?3
         WHERE kind = ?1 AND subject_id = ?2 AND closed_at IS NULL",
        [Value::from(kind), subject.into(), outcome.into(), now.into()],
    )
}

/// Closes a task about a message that nothing was booked for, in the name of an operator who has
/// looked at it. Saying the same twice is saying it once.
///
/// Refused: a task that does not exist, that was closed otherwise, or that ends with its own matter: a
/// suspense case, a refund, a difference, a dispute that is booked.
pub async fn look_at<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    kind: &str,
    subject: &str,
    reason: &str,
) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct Standing {
        outcome: Option<String>,
        said: Option<String>,
        nobodys: i64,
    }
    let reason = text::clean(reason, REASON_MAX)
        .map_err(|error| Problem::Text { field: "reason", error })?;
    retry(format_args!("task {kind} of {subject}"), async || {
        // A dispute's task has our id for its subject, an alarm about a message the provider's number.
        let read = Statement::new(
            "SELECT outcome,
                    (SELECT detail ->> 'reason' FROM operator_audit
                     WHERE action = 'task.close' AND subject = ?2 AND detail ->> 'kind' = ?1
                     ORDER BY id DESC LIMIT 1) AS said,
                    kind = 'contradicted' OR (kind = 'dispute' AND NOT EXISTS (
                      SELECT 1 FROM dispute WHERE id = ?2)) AS nobodys
             FROM operator_task WHERE kind = ?1 AND subject_id = ?2",
            [Value::from(kind), subject.into()],
        );
        let standing: Option<Standing> =
            Results::from(ctx.db.batch(vec![read]).await?).take().first()?;
        let standing = standing.ok_or(Problem::NotFound)?;
        match standing.outcome.as_deref() {
            Some(LOOKED_AT) if standing.said.as_deref() == Some(reason.as_str()) => {
                return Ok(Round::Done(()));
            }
            None if standing.nobodys == 1 => {}
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
