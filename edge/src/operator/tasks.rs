//! What waits for an operator, until when. A task is opened and closed by the batch whose matter it
//! is.

use shared::calendar::Moment;

use crate::database::{Statement, Value};

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
