//! Jobs: work with a due time, one row per kind and subject. The functions here schedule, wake and
//! finish jobs; [`crate::job_runner`] runs them.

use serde::Deserialize;
use shared::calendar::Moment;

mod kind;

pub use kind::JobKind;

use crate::database::{Database, DatabaseError, Results, Statement, Value};

/// What happens to a job after it has run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is done until it is woken again.
    Done,
    /// It is due again at this moment.
    At(Moment),
    /// The use case has already updated the job's row.
    Handled,
}

/// Inserts a job. The batch fails if the job exists.
pub fn schedule(kind: JobKind, subject_id: &str, due_at: Moment) -> Statement {
    Statement::new(
        "INSERT INTO job (kind, subject_id, due_at) VALUES (?1, ?2, ?3)",
        [Value::from(kind), subject_id.into(), due_at.into()],
    )
}

/// SQL that wakes one job per row of a source: `SELECT kind, subject_id, due_at …` with a `WHERE`,
/// or `VALUES (…)`. See [`wake`].
macro_rules! wake_each {
    ($source:expr) => {
        concat!(
            "INSERT INTO job (kind, subject_id, due_at) ",
            $source,
            " ON CONFLICT (kind, subject_id) DO UPDATE SET
                due_at = iif(done_at IS NULL, min(due_at, excluded.due_at), excluded.due_at),
                attempts = 0, done_at = NULL"
        )
    };
}
pub(crate) use wake_each;

/// Makes a job due at `due_at`, inserting it if it does not exist. An open job is never moved to a
/// later moment; a finished one is opened again. Resets its attempts. For jobs that find their work
/// by a query, such as "everything due on this account".
pub fn wake(kind: JobKind, subject_id: &str, due_at: Moment) -> Statement {
    Statement::new(
        wake_each!("VALUES (?1, ?2, ?3)"),
        [Value::from(kind), subject_id.into(), due_at.into()],
    )
}

/// Moves an open job to another moment and resets its attempts.
pub fn reschedule(kind: JobKind, subject_id: &str, due_at: Moment) -> Statement {
    Statement::new(
        "UPDATE job SET due_at = ?3, attempts = 0
         WHERE kind = ?1 AND subject_id = ?2 AND done_at IS NULL",
        [Value::from(kind), subject_id.into(), due_at.into()],
    )
}

/// Marks a job as done. Idempotent.
pub fn done(kind: JobKind, subject_id: &str, now: Moment) -> Statement {
    Statement::new(
        "UPDATE job SET done_at = ?3 WHERE kind = ?1 AND subject_id = ?2 AND done_at IS NULL",
        [Value::from(kind), subject_id.into(), now.into()],
    )
}

/// Returns when the next open job is due; `None` without open jobs.
pub async fn next_due_at<D: Database>(db: &D) -> Result<Option<Moment>, DatabaseError> {
    #[derive(Deserialize)]
    struct Next {
        due_at: Option<i64>,
    }
    let next = Statement::new(
        "SELECT min(due_at) AS due_at FROM job INDEXED BY job_due WHERE done_at IS NULL",
        [],
    );
    let next: Option<Next> = Results::from(db.batch(vec![next]).await?).take().first()?;
    Ok(next.and_then(|next| next.due_at).map(Moment::from_ms))
}
