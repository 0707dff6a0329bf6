//! Runs: each job has its own time, and a run ends when its time or its statements are used up.

use std::cell::Cell;

use edge::database::Database;
use edge::job_runner::STATEMENTS_PER_RUN;
use shared::money::Currency;

use super::{insert_settlements, run_due_ticking};
use crate::support::people::Fixture;
use crate::support::world::World;

const DONE: &str = "job WHERE kind = 'settle' AND done_at IS NOT NULL";

#[test]
fn each_job_runs_at_its_own_time() {
    let world = World::new();
    insert_settlements(&world, 3);
    world.raw("INSERT INTO job (kind, subject_id, due_at) VALUES ('settle', 'malformed', 9)");
    let clock = Cell::new(world.now());
    world.run(async |ctx| run_due_ticking(ctx, &clock, 1_000).await.unwrap());
    let rows = world.rows("SELECT done_at FROM job WHERE done_at IS NOT NULL ORDER BY due_at");
    let done: Vec<i64> = rows.iter().map(|row| row["done_at"].as_i64().unwrap()).collect();
    assert_eq!(done.len(), 3);
    assert!(world.now().ms() < done[0] && done[0] < done[1] && done[1] < done[2], "{done:?}");
    // The lease of the job that failed ends thirty seconds after the job began.
    let due_at = world.number("SELECT due_at FROM job WHERE subject_id = 'malformed'");
    assert!(done[2] + 30_000 < due_at && due_at <= clock.get().ms() + 30_000, "{due_at}");
}

#[test]
fn a_run_ends_after_twenty_seconds_and_the_next_one_continues() {
    let world = World::new();
    insert_settlements(&world, 12);
    let clock = Cell::new(world.now());
    let mut runs = Vec::new();
    while world.count(DONE) < 12 {
        let began = clock.get();
        let tried = world.run(async |ctx| run_due_ticking(ctx, &clock, 2_000).await.unwrap());
        let took_s = (clock.get().ms() - began.ms()) / 1_000;
        assert!(tried > 0 && took_s <= 30, "{tried} jobs in {took_s} seconds");
        runs.push(tried);
    }
    assert!(runs.len() > 2, "{runs:?}");
    assert_eq!(runs.iter().sum::<usize>(), 12);
}

#[test]
fn a_run_ends_when_its_statements_are_used_up_and_the_next_one_continues() {
    let world = World::new();
    insert_settlements(&world, 300);
    let mut done = 0;
    let mut runs = 0;
    while done < 300 {
        let before = world.product.statements_sent();
        let tried = world.run_jobs();
        let sent = world.product.statements_sent() - before;
        assert!(sent < STATEMENTS_PER_RUN + 20, "{sent} statements");
        done += tried;
        runs += 1;
        assert_eq!(world.count(DONE) as usize, done);
    }
    assert!(runs > 2, "{runs} runs");
}

#[test]
fn two_workers_with_a_moving_clock_do_everything_once() {
    for seed in 0..6 {
        let Fixture { world, account, article, .. } = Fixture::new(Currency::Cny);
        for name in ["ana", "bo", "cy", "di"] {
            let intent_id = world.start_praise(&world.person(name), &article, 1000);
            world.pay_silently(&intent_id);
        }
        let clock = Cell::new(world.now());
        // The payments are found by asking, within minutes; then the praises are due.
        for step_s in [60, 60, 60, 8 * 86_400, 60, 60, 60] {
            world.set_now(clock.get().plus_seconds(step_s));
            clock.set(world.now());
            for run in 0..4 {
                let ended = world.race(seed * 4 + run, 2, async |ctx, _| {
                    run_due_ticking(ctx, &clock, 300).await
                });
                assert!(ended.iter().all(Result::is_ok), "{ended:?}");
            }
        }
        world.set_now(clock.get());
        assert_eq!(world.count("praise WHERE state = 'paid_out'"), 4, "seed {seed}");
        assert_eq!(world.count(&format!("payout WHERE account_id = '{}'", account.id)), 1);
        let calls = world.provider_calls.borrow();
        assert_eq!(calls.iter().filter(|call| **call == "pay_out").count(), 1);
        assert_eq!(world.count("operator_task"), 0);
    }
}
