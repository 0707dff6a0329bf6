//! Freezes with very many praises, where the job is killed after any batch and continues from
//! there.

use edge::payments::freeze;
use shared::machine::FreezeEnd::{MassReturn, Unfreeze};
use shared::money::Currency;

use super::{balances, praise_states, settle_only, state};
use crate::support::bulk_praises::BULK_MINOR;
use crate::support::faulty_database::Fault;
use crate::support::people::Fixture;
use crate::support::world::World;

/// More than three chunks.
const MANY: usize = 1_000;

/// Runs a freeze's job until `enough`; in each run another batch fails with another kind of fault.
/// Returns the number of runs.
fn run_with_faults(world: &World, freeze_id: &str, enough: impl Fn() -> bool) -> usize {
    let faults = Fault::ALL.into_iter().flat_map(|fault| [(0, fault), (1, fault)]).cycle();
    for (run, (batch, fault)) in faults.enumerate() {
        if enough() {
            return run;
        }
        assert!(run < 500, "it never finishes: {}", praise_states(world));
        world.product.fail_once(batch, fault);
        world.try_request(async |ctx| freeze::run(ctx, freeze_id).await);
        world.product.stop_failing();
        // Each batch was applied completely or not at all.
        world.check();
    }
    unreachable!("the faults go round for ever")
}

#[test]
fn a_mass_return_killed_after_every_batch_completes() {
    for currency in Currency::ALL {
        let Fixture { world, article, .. } = Fixture::new(currency);
        world.bulk_praise(&article, MANY);
        let total = MANY as i64 * BULK_MINOR;
        assert_eq!(balances(&world), [-total, 0, 0]);
        let freeze_id = world.freeze_article(&article);
        let swept = || praise_states(&world) == format!("frozen {MANY}");
        assert!(run_with_faults(&world, &freeze_id, swept) > 4, "more than one chunk");
        world.end_freeze(&freeze_id, MassReturn);
        let returned = || state(&world, &freeze_id) == "returned";
        assert!(run_with_faults(&world, &freeze_id, returned) > 5);
        assert_eq!(world.count("refund"), MANY as i64, "one refund each");
        assert_eq!(balances(&world), [0, 0, -total]);
        while world.count("refund WHERE state <> 'succeeded'") > 0 {
            world.advance_seconds(1);
        }
        assert_eq!(praise_states(&world), format!("returned {MANY}"));
        assert_eq!(balances(&world), [0, 0, 0]);
        assert_eq!(world.count("wall_count WHERE persons <> 0"), 0);
    }
}

#[test]
fn a_release_killed_after_every_batch_completes() {
    let Fixture { world, article, .. } = Fixture::new(Currency::Cny);
    world.bulk_praise(&article, 400);
    world.set_now(world.now().plus_days(8));
    settle_only(&world);
    world.bulk_praise(&article, 500);
    world.set_now(world.now().plus_days(6));
    world.bulk_praise(&article, 350);
    let freeze_id = world.freeze_article(&article);
    run_with_faults(&world, &freeze_id, || praise_states(&world) == "frozen 1250");
    world.set_now(world.now().plus_days(4));
    world.end_freeze(&freeze_id, Unfreeze);
    let thawed = || world.count("praise WHERE state = 'frozen'") == 0;
    assert!(run_with_faults(&world, &freeze_id, thawed) > 5);
    assert_eq!(praise_states(&world), "due 900, held 350");
    assert_eq!(balances(&world), [-350 * BULK_MINOR, -900 * BULK_MINOR, 0]);
}

#[test]
fn concurrent_jobs_move_each_praise_once() {
    for seed in 0..10 {
        let Fixture { world, article, .. } = Fixture::new(Currency::Cny);
        world.bulk_praise(&article, 400);
        let freeze_id = world.freeze_article(&article);
        let together = || {
            world.race(seed, 3, async |ctx, _| freeze::run(ctx, &freeze_id).await.unwrap());
        };
        (0..4).for_each(|_| together());
        assert_eq!(praise_states(&world), "frozen 400", "seed {seed}");
        world.end_freeze(&freeze_id, MassReturn);
        (0..4).for_each(|_| together());
        assert_eq!(state(&world, &freeze_id), "returned", "seed {seed}");
        assert_eq!(world.count("refund"), 400, "seed {seed}");
    }
}
