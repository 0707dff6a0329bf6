//! Optimistic concurrency: read, decide, write, and start again if the rows that were read have
//! changed by the time of the write.

use crate::failure::Failure;

/// The maximum number of rounds before a use case gives up.
const ROUNDS: usize = 8;

/// The outcome of one round of [`retry`].
pub enum Round<T> {
    /// Finished with this result.
    Done(T),
    /// The rows that were read have changed: run another round.
    Again,
}

/// Runs `round` until it is done, up to a fixed number of times. A round that returns
/// [`Round::Again`], or whose batch fails on a guard, is repeated; any other failure is returned.
/// Fails with [`Failure::Contended`], naming `what`, if no round succeeds.
pub async fn retry<T>(
    what: std::fmt::Arguments<'_>,
    mut round: impl AsyncFnMut() -> Result<Round<T>, Failure>,
) -> Result<T, Failure> {
    for _ in 0..ROUNDS {
        match round().await {
            Ok(Round::Done(outcome)) => return Ok(outcome),
            Ok(Round::Again) => {}
            Err(failure) if failure.is_stale() => {}
            Err(failure) => return Err(failure),
        }
    }
    Err(Failure::Contended(format!("{what} keeps changing")))
}
