//! How a use case fails. The caller learns the reason of a refusal; of an internal failure, only
//! that there was one.

use shared::problem::Problem;

use crate::database::DatabaseError;

/// Why a use case did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The request breaks a rule, has an invalid field or does not fit the current state. The
    /// caller sees the problem.
    Refused(Problem),
    /// The database failed. The error goes to the log.
    Database(DatabaseError),
    /// The rows that the use case depends on changed in every round of [`crate::retry`]. The text
    /// goes to the log; the caller may try again.
    Contended(String),
    /// An invariant of the code is broken. The text goes to the log.
    Internal(String),
}

impl Failure {
    /// Returns the problem that the caller sees.
    pub fn problem(&self) -> Problem {
        match self {
            Failure::Refused(problem) => problem.clone(),
            Failure::Database(DatabaseError::Unknown(_)) | Failure::Contended(_) => {
                Problem::Unavailable
            }
            Failure::Database(_) | Failure::Internal(_) => Problem::Internal,
        }
    }

    /// Returns whether a guard of the batch found that the rows had changed since they were read. A
    /// new attempt can then succeed.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_causes_are_not_told_to_the_caller() {
        let code = |failure: Failure| failure.problem().code();
        assert_eq!(code(Failure::Internal("a bug".into())), "internal");
        assert_eq!(code(DatabaseError::Other("no such table".into()).into()), "internal");
        assert_eq!(code(DatabaseError::Malformed("not JSON".into()).into()), "internal");
        assert_eq!(code(DatabaseError::Unknown("lost".into()).into()), "unavailable");
        assert_eq!(code(Failure::Contended("a praise keeps changing".into())), "unavailable");
        assert_eq!(code(Problem::NotFound.into()), "not_found");
    }
}
