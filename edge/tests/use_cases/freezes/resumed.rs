//! Freezes with very many praises, where the job is killed after any batch and continues from
//! there.

use edge::freeze;
use shared::machine::FreezeEnd::{MassReturn, Unfreeze};
use shared::money::Currency;

use super::{balances, mature, praises, state};
use crate::world::World;
use crate::world::bulk::BULK_MINOR;
use crate::world::faulty::Fault;
use crate::world::people::Stage;

/// More than three chunks.
const MANY: usize = 1_000;

/// Runs a freeze's job until `enough`; in each run another batch fails with another kind of fault.
/// Returns the number of runs.
fn against_all_odds(world: &World, freeze_id: &str, enough: impl Fn() -> bool) -> usize {
    let faults = Fault::ALL.into_iter().flat_map(|fault| [(0, fault), (1, fault)]).cycle();
    for (run, (batch, fault)) in faults.enumerate() {
        if enough() {
            return run;
        }
        assert!(run < 500, "it never finishes: {}", praises(world));
        world.product.fail_once(batch, fault);
        world.request(async |ctx| freeze::carry_on(ctx, freeze_id).await);
        world.product.calm();
        // Each batch was applied completely or not at all.
        world.check();
    }
    unreachable!("the faults go round for ever")
}

#[test]
fn a_mass_return_killed_after_every_batch_completes() {
    for currency in Currency::ALL {
        let Stage { world, article, .. } = Stage::new(currency);
        world.bulk(&article, MANY);
        let total = MANY as i64 * BULK_MINOR;
        assert_eq!(balances(&world), [-total, 0, 0]);
        let freeze_id = world.frozen(&article);
        let swept = || praises(&world) == format!("frozen {MANY}");
        assert!(against_all_odds(&world, &freeze_id, swept) > 4, "more than one chunk");
        world.end_freeze(&freeze_id, MassReturn);
        let returned = || state(&world, &freeze_id) == "returned";
        assert!(against_all_odds(&world, &freeze_id, returned) > 5);
        assert_eq!(world.count("refund"), MANY as i64, "one refund each");
        assert_eq!(balances(&world), [0, 0, -total]);
        while world.count("refund WHERE state <> 'succeeded'") > 0 {
            world.advance_seconds(1);
        }
        assert_eq!(praises(&world), format!("returned {MANY}"));
        assert_eq!(balances(&world), [0, 0, 0]);
        assert_eq!(world.count("wall_count WHERE persons <> 0"), 0);
    }
}

#[test]
fn a_release_killed_after_every_batch_completes() {
    let Stage { world, article, .. } = Stage::new(Currency::Cny);
    world.bulk(&article, 400);
    world.set_now(world.now().plus_days(8));
    mature(&world);
    world.bulk(&article, 500);
    world.set_now(world.now().plus_days(6));
    world.bulk(&article, 350);
    let freeze_id = world.frozen(&article);
    against_all_odds(&world, &freeze_id, || praises(&world) == "frozen 1250");
    world.set_now(world.now().plus_days(4));
    world.end_freeze(&freeze_id, Unfreeze);
    let thawed = || world.count("praise WHERE state = 'frozen'") == 0;
    assert!(against_all_odds(&world, &freeze_id, thawed) > 5);
    assert_eq!(praises(&world), "due 900, held 350");
    assert_eq!(balances(&world), [-350 * BULK_MINOR, -900 * BULK_MINOR, 0]);
}

#[test]
fn concurrent_jobs_move_each_praise_once() {
    for seed in 0..10 {
        let Stage { world, article, .. } = Stage::new(Currency::Cny);
        world.bulk(&article, 400);
        let freeze_id = world.frozen(&article);
        let together = || {
            world.race(seed, 3, async |ctx, _| freeze::carry_on(ctx, &freeze_id).await.unwrap());
        };
        (0..4).for_each(|_| together());
        assert_eq!(praises(&world), "frozen 400", "seed {seed}");
        world.end_freeze(&freeze_id, MassReturn);
        (0..4).for_each(|_| together());
        assert_eq!(state(&world, &freeze_id), "returned", "seed {seed}");
        assert_eq!(world.count("refund"), 400, "seed {seed}");
    }
}
