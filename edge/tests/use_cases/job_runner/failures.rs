//! Jobs that fail: they stop nobody else, and after ten failures an operator has a task.

use edge::failure::Failure;
use edge::job_runner::FAILURES_ALARM;
use edge::people::operator::tasks::look_at;
use shared::calendar::Moment;
use shared::money::Currency;
use shared::problem::Problem;

use super::{insert_settlements, settlement};
use crate::support::faulty_database::Fault;
use crate::support::payment_states::{PaymentFixture, PaymentState};
use crate::support::people::Fixture;
use crate::support::world::{World, run_due};

const OPEN: &str = "operator_task WHERE kind = 'job_failed' AND closed_at IS NULL";
const DONE: &str = "job WHERE kind = 'settle' AND done_at IS NOT NULL";

/// Inserts a job that always fails.
fn insert_failing(world: &World) {
    world.raw("INSERT INTO job (kind, subject_id, due_at) VALUES ('settle', 'malformed', 1)");
}

/// Moves the clock to when this job is due, without running anything else on the way.
fn wait_for(world: &World, kind: &str) {
    let sql = format!("SELECT min(due_at) FROM job WHERE kind = '{kind}' AND done_at IS NULL");
    world.set_now(world.now().max(Moment::from_ms(world.number(&sql))));
}

/// Runs a job that fails until it has failed `times` times more.
fn fail(world: &World, kind: &str, times: i64) {
    for _ in 0..times {
        wait_for(world, kind);
        world.run_jobs();
    }
}

#[test]
fn a_job_whose_lease_or_outcome_is_not_stored_stops_no_other() {
    for fault in [Fault::LostBefore, Fault::LostAfter] {
        // For each job: read what is due, lease, run, store.
        for batch in 0..12 {
            let world = World::new();
            insert_settlements(&world, 3);
            world.product.fail_once(batch, fault);
            let ended = world.run(async |ctx| run_due(ctx).await);
            // Only what cannot be read ends the run.
            assert_eq!(ended.is_err(), batch % 4 == 0, "{fault:?} at {batch}: {ended:?}");
            if ended.is_ok() {
                let done = world.count(DONE);
                let stored = fault == Fault::LostAfter && batch % 4 == 3;
                assert_eq!(done, if stored { 3 } else { 2 }, "{fault:?} at {batch}");
            }
            world.advance_seconds(60);
            assert_eq!(world.count(DONE), 3);
        }
    }
}

#[test]
fn a_job_that_can_never_be_leased_stops_no_other() {
    let world = World::new();
    insert_settlements(&world, 4);
    world.raw(&format!(
        "CREATE TRIGGER refuse BEFORE UPDATE ON job WHEN OLD.subject_id = '{}'
         BEGIN SELECT RAISE(ABORT, 'rule:append_only'); END",
        settlement(1)
    ));
    assert_eq!(world.run_jobs(), 4);
    assert_eq!(world.count(DONE), 3);
    world.raw("DROP TRIGGER refuse");
    world.run_jobs();
    assert_eq!(world.count(DONE), 4);
}

#[test]
fn the_tenth_failure_opens_a_task() {
    let world = World::new();
    insert_failing(&world);
    fail(&world, "settle", FAILURES_ALARM - 1);
    assert_eq!(world.count(OPEN), 0);
    fail(&world, "settle", 1);
    assert_eq!(world.count(OPEN), 1);
    let task = &world.rows("SELECT subject_id, detail, opened_at FROM operator_task")[0];
    assert_eq!(task["subject_id"], "settle:malformed");
    assert_eq!(task["detail"], "the job has failed 10 times in a row; the log has the causes");
    assert_eq!(task["opened_at"], world.now().ms());
    // It stays as it is while the job goes on failing.
    fail(&world, "settle", 3);
    assert_eq!(
        world.rows("SELECT subject_id, detail, opened_at FROM operator_task"),
        [task.clone()]
    );
    // A job that is gone needs nobody.
    world.raw("DELETE FROM job WHERE subject_id = 'malformed'");
    insert_settlements(&world, 1);
    world.run_jobs();
    assert_eq!(world.count(OPEN), 0);
    assert_eq!(world.text("SELECT outcome FROM operator_task"), "recovered");
}

#[test]
fn the_task_closes_when_the_job_succeeds_and_opens_again() {
    let payment = PaymentFixture::in_state(PaymentState::Held, Currency::Cny);
    let world = payment.world();
    let message = world.run(async |ctx| {
        let order = &payment.order_id;
        let number = ctx.provider.sandbox.open_dispute(order, ctx.now).await.unwrap().unwrap();
        ctx.provider.sandbox.dispute_message(&number, ctx.now).await.unwrap().unwrap()
    });
    world.deliver(&message);
    world.advance_seconds(60);
    for round in 1..=2 {
        world.inject_provider_fault("query_dispute", "lost", FAILURES_ALARM);
        fail(world, "poll_dispute", FAILURES_ALARM);
        assert_eq!(world.count(OPEN), 1, "round {round}");
        // The next query is answered: the dispute is still open and is polled tomorrow.
        fail(world, "poll_dispute", 1);
        assert_eq!(world.count(OPEN), 0, "round {round}");
        let task = "operator_task WHERE kind = 'job_failed' AND outcome = 'recovered'";
        assert_eq!(world.count(task), 1);
        assert_eq!(world.number("SELECT attempts FROM job WHERE kind = 'poll_dispute'"), 0);
    }
}

#[test]
fn workers_that_die_count_as_failures() {
    let world = World::new();
    insert_settlements(&world, 1);
    let die = || {
        wait_for(&world, "settle");
        // Read what is due, lease, die.
        world.product.fail_once(2, Fault::DieBefore);
        assert!(world.try_request(async |ctx| run_due(ctx).await).is_none(), "it survived");
    };
    for _ in 0..FAILURES_ALARM {
        die();
        assert_eq!(world.count(OPEN), 0);
    }
    die();
    assert_eq!(world.count(OPEN), 1);
    fail(&world, "settle", 1);
    assert_eq!((world.count(OPEN), world.count(DONE)), (0, 1));
}

#[test]
fn an_operator_closes_the_task_and_the_next_failure_opens_it_again() {
    let world = World::new();
    let operator = world.person("chen");
    let close = |reason: &str| {
        world.run(async |ctx| {
            look_at(ctx, &operator.id, "job_failed", "settle:malformed", reason).await
        })
    };
    insert_failing(&world);
    assert_eq!(close("seen"), Err(Failure::Refused(Problem::NotFound)));
    fail(&world, "settle", FAILURES_ALARM);
    world.advance_seconds(1);
    close("The provider repairs it.").unwrap();
    close("The provider repairs it.").unwrap();
    assert_eq!(world.count(OPEN), 0);
    fail(&world, "settle", 1);
    assert_eq!(world.count(OPEN), 1);
    close("The provider repairs it.").unwrap();
    assert_eq!(world.count(OPEN), 0);
    // The audit log has both.
    assert_eq!(world.count("operator_audit WHERE action = 'task.close'"), 2);
}

#[test]
fn polling_is_no_failure() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    world.start_praise(&reader, &article, 1000);
    world.advance_minutes(29);
    let calls = world.provider_calls.borrow().iter().filter(|call| **call == "query_order").count();
    assert!(calls > 20, "{calls} queries");
    assert_eq!(world.number("SELECT attempts FROM job WHERE kind = 'poll_order'"), 0);
    assert_eq!(world.count("operator_task"), 0);
    world.advance_minutes(10);
}
