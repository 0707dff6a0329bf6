//! The sandbox's clock. It only goes forward, and whatever is due on the way happens, in order,
//! through the code that runs in production.

use shared::calendar::Moment;

use super::Sandbox;
use crate::context::{Context, Entropy};
use crate::database::{Database, DatabaseError, Statement, Value};
use crate::jobs;

/// Jobs that one move of the clock runs at most.
const JOBS_MAX: usize = 20_000;

/// Moves the clock to `target` and runs everything that is due on the way, each job at its own
/// moment. Returns how many jobs ran. A target in the past changes nothing.
pub async fn advance<D: Database>(
    db: &D,
    sandbox: &Sandbox<'_, D>,
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
        ran += jobs::run_due(&Context { db, provider: sandbox, now, entropy }).await?;
    }
    let set = Statement::new(
        "INSERT INTO sandbox_setting (name, value) VALUES ('clock_offset_ms', ?1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [Value::from((target.ms() - real.ms()).to_string())],
    );
    sandbox.db.batch(vec![set]).await?;
    Ok(ran)
}
