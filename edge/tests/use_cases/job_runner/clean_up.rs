//! The deletion of expired rows in bounded steps. Finished jobs are kept for a few days and can be
//! woken again after they were deleted.

use edge::database::Database;
use edge::job_runner;
use edge::job_runner::{CLEANUP_CHUNK, CLEANUP_ROUNDS};
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
    let bound = CLEANUP_CHUNK * CLEANUP_ROUNDS as i64;
    let many = bound + CLEANUP_CHUNK + 5;
    world.raw(&format!(
        "INSERT INTO job (kind, subject_id, due_at, done_at)
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {many})
         SELECT 'settle', 'acc:' || n, 1, n FROM n"
    ));
    let before = world.product.statements_sent();
    tidy(&world);
    // A chunk that is not full is the last one of its kind.
    assert_eq!(world.product.statements_sent() - before, 2 * (CLEANUP_ROUNDS as u64 + 3));
    assert_eq!(world.count(DONE), many - bound);
    assert_eq!(world.number(&format!("SELECT min(done_at) FROM {DONE}")), bound + 1);
    tidy(&world);
    assert_eq!(world.count(DONE), 0);
    let plan = world.rows(
        "EXPLAIN QUERY PLAN SELECT kind, subject_id FROM job
         WHERE done_at < 9 AND kind <> 'reconcile' ORDER BY done_at LIMIT 10",
    );
    assert!(plan[0]["detail"].as_str().unwrap().contains("job_done"), "{plan:?}");
}

/// Fills the tables with expired rows and one row that is kept.
fn fill(world: &World, rows: i64) {
    let person = world.person("ana").id;
    let now = world.now();
    let numbers = format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {rows})"
    );
    let old = now.plus_days(-9).ms();
    for insert in [
        format!(
            "INSERT INTO session (token_hash, person_id, created_at, expires_at)
             {numbers} SELECT 'old-' || n, '{person}', 1, 1 + n FROM n"
        ),
        format!(
            "INSERT INTO attempt (bucket, window_start, used)
             {numbers} SELECT 'key:old:' || n, {old}, 1 FROM n"
        ),
        format!(
            "INSERT INTO idempotency (person_id, key, fingerprint, intent_id, created_at)
             {numbers} SELECT '{person}', 'old-' || n, '', '', {old} FROM n"
        ),
        format!(
            "INSERT INTO attempt (bucket, window_start, used) VALUES ('key:new', {}, 1)",
            now.ms()
        ),
    ] {
        world.raw(&insert);
    }
}

#[test]
fn every_kind_of_expired_row_is_deleted_in_chunks() {
    let world = World::new();
    world.skip_self_check();
    fill(&world, 2 * CLEANUP_CHUNK + 5);
    tidy(&world);
    assert_eq!(world.text("SELECT bucket FROM attempt"), "key:new");
    assert_eq!(world.count("session WHERE token_hash LIKE 'old-%'"), 0);
    assert_eq!(world.count("session"), 1);
    assert_eq!(world.count("idempotency"), 0);
}

#[test]
fn a_kind_of_row_that_cannot_be_deleted_does_not_keep_the_others() {
    let world = World::new();
    world.skip_self_check();
    fill(&world, 5);
    world.raw(
        "CREATE TRIGGER stuck BEFORE DELETE ON session
         BEGIN SELECT RAISE(ABORT, 'rule:append_only'); END",
    );
    let deleted = world.run(async |ctx| job_runner::delete_expired(ctx.db, ctx.now).await);
    assert_eq!(deleted.unwrap_err().rule(), Some("append_only"));
    assert_eq!(world.count("session"), 6);
    assert_eq!((world.count("attempt"), world.count("idempotency")), (1, 0));
}
