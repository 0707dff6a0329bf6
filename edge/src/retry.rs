//! Read, decide, write – and again if what was read has changed by the time of the write.

use crate::failure::Failure;

/// How often a use case reads and decides again before it gives up.
const ROUNDS: usize = 8;

/// What one round of [`retry`] came to.
pub enum Round<T> {
    /// It is decided.
    Done(T),
    /// What was read has changed: read it again.
    Again,
}

/// Reads, decides and writes, again and again while another request keeps changing what was read.
/// A round whose batch fails on a guard is repeated; any other outcome is the result. Fails with
/// [`Failure::Contended`], naming `what`, after several rounds.
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
