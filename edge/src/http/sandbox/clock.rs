//! Moves the sandbox's clock forward. Everything that falls due on the way runs in order, through
//! the same code as in production.

use shared::calendar::Moment;

use crate::database::{Database, DatabaseError};
use crate::entropy::Entropy;
use crate::job_runner;
use crate::provider::sandbox::Sandbox;
use crate::queue::jobs;

/// Jobs that one move of the clock runs at most.
const JOBS_MAX: usize = 20_000;

/// Moves the clock to `target` and runs everything that is due on the way, each job at its own
/// moment. Returns how many jobs ran. A target in the past changes nothing.
pub async fn advance<D: Database, S: Database>(
    db: &D,
    sandbox: &Sandbox<S>,
    entropy: &dyn Entropy,
    real: Moment,
    target: Moment,
) -> Result<usize, DatabaseError> {
    let mut now = sandbox.now(real);
    if target <= now {
        return Ok(0);
    }
    let mut ran = 0;
    while ran < JOBS_MAX {
        match jobs::next_due_at(db).await? {
            Some(due_at) if due_at <= target => now = now.max(due_at),
            _ => break,
        }
        ran += job_runner::run_due(db, sandbox, entropy, &|| now).await?;
    }
    sandbox.set_offset(target.ms() - real.ms()).await?;
    Ok(ran)
}
