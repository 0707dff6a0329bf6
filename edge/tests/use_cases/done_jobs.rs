//! Jobs that are done are kept for a while, taken away in bounded steps, and can be woken again.

use edge::database::Database;
use edge::job_runner;
use edge::job_runner::DONE_JOBS_PER_CLEANUP;
use edge::queue::jobs::{self, JobKind};
use shared::limits::DONE_JOB_DAYS;
use shared::money::Currency;

use crate::world::World;
use crate::world::people::Stage;

fn tidy(world: &World) {
    world.act(async |ctx| job_runner::delete_expired(ctx.db, ctx.now).await.unwrap());
}

const DONE: &str = "job WHERE done_at IS NOT NULL AND kind <> 'reconcile'";

#[test]
fn a_done_job_goes_after_its_days_and_not_before_and_whatever_is_open_stays() {
    let Stage { world, article, reader, .. } = Stage::new(Currency::Cny);
    world.praised(&reader, &article, 1000);
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
fn a_job_that_was_taken_away_is_woken_and_runs_again() {
    let Stage { world, account, article, reader } = Stage::new(Currency::Cny);
    world.praised(&reader, &article, 1000);
    world.advance_to(world.now().plus_days(9));
    assert_eq!(world.text("SELECT state FROM praise"), "paid_out");
    world.advance_to(world.now().plus_days(DONE_JOB_DAYS + 1));
    tidy(&world);
    let pay_out = format!("job WHERE kind = 'pay_out' AND subject_id = '{}'", account.id);
    assert_eq!(world.count(&pay_out), 0);
    // The next praise wakes the same job of the same account.
    world.praised(&world.person("ana"), &article, 2000);
    world.advance_to(world.now().plus_days(9));
    assert_eq!(world.count("praise WHERE state = 'paid_out'"), 2);
    assert_eq!(world.count(&pay_out), 1);
    // And one that is woken by hand runs and is done.
    world.advance_to(world.now().plus_days(DONE_JOB_DAYS + 1));
    tidy(&world);
    assert_eq!(world.count(&pay_out), 0);
    world.act(async |ctx| {
        ctx.db.batch(vec![jobs::wake(JobKind::PayOut, &account.id, ctx.now)]).await.unwrap();
    });
    assert_eq!(world.count(&format!("{pay_out} AND done_at IS NULL")), 1);
    world.run_jobs();
    assert_eq!(world.count(&format!("{pay_out} AND done_at IS NOT NULL")), 1);
}

#[test]
fn so_many_at_once_and_the_oldest_first() {
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
