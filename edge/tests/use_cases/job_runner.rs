//! The job runner: runs within a budget, jobs that fail, and the deletion of expired rows.

mod clean_up;
mod failures;
mod runs;

use std::cell::Cell;

use edge::database::DatabaseError;
use edge::job_runner;
use shared::calendar::Moment;

use crate::support::world::{Ctx, World};

/// The name of the settlement job with this number. It finds nothing to settle, so it is done after
/// one run.
fn settlement(number: usize) -> String {
    format!("acc_{number:04}:1")
}

/// Inserts settlement jobs that are due.
fn insert_settlements(world: &World, count: usize) {
    for number in 0..count {
        world.raw(&format!(
            "INSERT INTO job (kind, subject_id, due_at) VALUES ('settle', '{}', {})",
            settlement(number),
            number + 1
        ));
    }
}

/// Runs due jobs with a clock that every look moves forward by `ms`.
async fn run_due_ticking(
    ctx: &Ctx<'_>,
    clock: &Cell<Moment>,
    ms: i64,
) -> Result<usize, DatabaseError> {
    let tick = || {
        clock.set(Moment::from_ms(clock.get().ms() + ms));
        clock.get()
    };
    job_runner::run_due(ctx.db, ctx.provider, ctx.entropy, &tick).await
}
