//! Finished jobs: kept for a few days, deleted in bounded steps, and able to be woken again.

use edge::database::Database;
use edge::job_runner;
use edge::job_runner::DONE_JOBS_PER_CLEANUP;
use edge::queue::jobs::{self, JobKind};
use shared::limits::DONE_JOB_DAYS;
use shared::money::Currency;

use crate::support::people::Fixture;
use crate::support::world::World;

fn tidy(world: &World) {
    world.run(async |ctx| job_runner::delete_expired(ctx.db, ctx.now).await.unwrap());
}

const DONE: &str = "job WHERE done_at IS NOT NULL AND kind <> 'reconcile'";

#[test]
fn done_jobs_are_deleted_after_their_days_and_open_ones_are_kept() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    world.advance_to(world.now().plus_days(9));
    let last = world.number(&format!("SELECT max(done_at) FROM {DONE}"));
    let (done, bills) = (world.count(DONE), world.count("job WHERE kind = 'reconcile'"));
    assert!(done > 3, "{done} jobs are done");
    let last = shared::calendar::Moment::from_ms(last);
    world.set_now(last.plus_days(DONE_JOB_DAYS));
    tidy(&world);
    assert_eq!(
        world.count(DONE),
        world.number(&format!("SELECT count(*) FROM {DONE} AND done_at = {}", last.ms()))
    );
    assert!(world.count(DONE) > 0, "the last is not old enough");
    world.set_now(last.plus_days(DONE_JOB_DAYS).plus_seconds(1));
    let open = world.count("job WHERE done_at IS NULL");
    tidy(&world);
    assert_eq!(world.count(DONE), 0);
    assert_eq!(world.count("job WHERE done_at IS NULL"), open);
    assert_eq!(world.count("job WHERE kind = 'reconcile'"), bills);
    world.check();
}

#[test]
fn a_deleted_job_can_be_woken_and_runs_again() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    world.advance_to(world.now().plus_days(9));
    assert_eq!(world.text("SELECT state FROM praise"), "paid_out");
    world.advance_to(world.now().plus_days(DONE_JOB_DAYS + 1));
    tidy(&world);
    let pay_out = format!("job WHERE kind = 'pay_out' AND subject_id = '{}'", account.id);
    assert_eq!(world.count(&pay_out), 0);
    // The next praise wakes the same job of the same account.
    world.give_praise(&world.person("ana"), &article, 2000);
    world.advance_to(world.now().plus_days(9));
    assert_eq!(world.count("praise WHERE state = 'paid_out'"), 2);
    assert_eq!(world.count(&pay_out), 1);
    // A job that an operator wakes runs and is done again.
    world.advance_to(world.now().plus_days(DONE_JOB_DAYS + 1));
    tidy(&world);
    assert_eq!(world.count(&pay_out), 0);
    world.run(async |ctx| {
        ctx.db.batch(vec![jobs::wake(JobKind::PayOut, &account.id, ctx.now)]).await.unwrap();
    });
    assert_eq!(world.count(&format!("{pay_out} AND done_at IS NULL")), 1);
    world.run_jobs();
    assert_eq!(world.count(&format!("{pay_out} AND done_at IS NOT NULL")), 1);
}

#[test]
fn deletion_is_bounded_and_oldest_first() {
    let world = World::new();
    let many = 2 * DONE_JOBS_PER_CLEANUP + 5;
    world.raw(&format!(
        "INSERT INTO job (kind, subject_id, due_at, done_at)
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {many})
         SELECT 'settle', 'acc:' || n, 1, n FROM n"
    ));
    let mut left = many;
    while left > 0 {
        tidy(&world);
        let after = (left - DONE_JOBS_PER_CLEANUP).max(0);
        assert_eq!(world.count(DONE), after);
        let oldest = world.number(&format!("SELECT coalesce(min(done_at), 0) FROM {DONE}"));
        assert_eq!(oldest, if after == 0 { 0 } else { many - after + 1 });
        left = after;
    }
    let plan = world.rows(
        "EXPLAIN QUERY PLAN SELECT kind, subject_id FROM job
         WHERE done_at < 9 AND kind <> 'reconcile' ORDER BY done_at LIMIT 10",
    );
    assert!(plan[0]["detail"].as_str().unwrap().contains("job_done"), "{plan:?}");
}
