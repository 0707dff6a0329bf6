//! How a use case fails: the caller is told why, or is told only that something of ours failed.

use shared::problem::Problem;

use crate::database::DatabaseError;

/// Why a use case did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The request cannot be fulfilled: a rule, a field, a state. The caller sees the problem.
    Refused(Problem),
    /// The database failed. The error goes to the log.
    Database(DatabaseError),
    /// What the use case decides about changed each time it was read. The text goes to the log;
    /// the caller may try again.
    Contended(String),
    /// An invariant of this code does not hold. The text goes to the log.
    Internal(String),
}

impl Failure {
    /// What the caller is told.
    pub fn problem(&self) -> Problem {
        match self {
            Failure::Refused(problem) => problem.clone(),
            Failure::Database(DatabaseError::Unknown(_)) | Failure::Contended(_) => {
                Problem::Unavailable
            }
            Failure::Database(_) | Failure::Internal(_) => Problem::Internal,
        }
    }

    /// Whether a guard of the batch found other rows than were read, so that reading again helps.
    pub fn is_stale(&self) -> bool {
        matches!(self, Failure::Database(DatabaseError::Guard(_)))
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
