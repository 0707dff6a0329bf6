//! Jobs: work that is due at a moment, one row per kind and subject. The functions here schedule,
//! wake and finish rows; [`crate::job_runner`] runs them.

use serde::Deserialize;
use shared::calendar::Moment;

mod kind;

pub use kind::JobKind;

use crate::database::{Database, DatabaseError, Results, Statement, Value};

/// What becomes of a job that ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// There is nothing left to do, until somebody wakes it.
    Done,
    /// It comes up again at this moment.
    At(Moment),
    /// The job has written down by itself what becomes of it.
    Kept,
}

/// Schedules a job, once.
pub fn schedule(kind: JobKind, subject_id: &str, due_at: Moment) -> Statement {
    Statement::new(
        "INSERT INTO job (kind, subject_id, due_at) VALUES (?1, ?2, ?3)",
        [Value::from(kind), subject_id.into(), due_at.into()],
    )
}

/// The statement that wakes the jobs of a source of rows: `SELECT kind, subject_id, due_at …`, with
/// a `WHERE`, or `VALUES (…)`. See [`wake`].
macro_rules! wake_each {
    ($source:literal) => {
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

/// Makes a job come up at a moment: one that is open not later than it would have, one that is done
/// again. For work that is found by looking, such as "everything due of this account".
pub fn wake(kind: JobKind, subject_id: &str, due_at: Moment) -> Statement {
    Statement::new(
        wake_each!("VALUES (?1, ?2, ?3)"),
        [Value::from(kind), subject_id.into(), due_at.into()],
    )
}

/// Moves an open job to another moment.
pub fn at(kind: JobKind, subject_id: &str, due_at: Moment) -> Statement {
    Statement::new(
        "UPDATE job SET due_at = ?3, attempts = 0
         WHERE kind = ?1 AND subject_id = ?2 AND done_at IS NULL",
        [Value::from(kind), subject_id.into(), due_at.into()],
    )
}

/// Marks a job as done. Doing so twice changes nothing.
pub fn done(kind: JobKind, subject_id: &str, now: Moment) -> Statement {
    Statement::new(
        "UPDATE job SET done_at = ?3 WHERE kind = ?1 AND subject_id = ?2 AND done_at IS NULL",
        [Value::from(kind), subject_id.into(), now.into()],
    )
}

/// When the next open job is due, if there is one.
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
