//! How a use case ends when it does not succeed: either the caller is told why, or something of
//! ours failed and the caller is told only that.

use shared::problem::Problem;

use crate::database::DatabaseError;

/// Why a use case did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The caller's: a rule, a field, a state. Said to the caller as it is.
    Refused(Problem),
    /// Ours: the database did not do it. The text is for the log.
    Database(DatabaseError),
}

impl Failure {
    /// What the caller is told.
    pub fn problem(&self) -> Problem {
        match self {
            Failure::Refused(problem) => problem.clone(),
            Failure::Database(DatabaseError::Unknown(_)) => Problem::Unavailable,
            Failure::Database(_) => Problem::Internal,
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure::Refused(problem)
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Failure {
        Failure::Database(error)
    }
}
