//! Fault injection for disputes: every batch fails once with every kind of fault, for a payment in
//! several states.

use edge::notify::{self, Received};
use edge::provider::SignedMessage;
use edge::provider::sandbox::disputes::Decision;
use shared::money::Currency;

use super::{ended, who_pays, writers};
use crate::world::faulty::Fault;
use crate::world::places::{Place, Placed};

/// Repeats a provider's message until it is acknowledged.
fn insist(placed: &Placed, signed: &SignedMessage) {
    for _ in 0..10 {
        let arrived = std::cell::Cell::new(false);
        placed.world().request(async |ctx| {
            let received = notify::receive(ctx, signed).await;
            arrived.set(received.is_ok());
            if let Ok(Received::Stored(message)) = received {
                let _ = notify::process(ctx, &message).await;
            }
        });
        if arrived.get() {
            return;
        }
    }
    panic!("not acknowledged");
}

/// Runs the jobs of two days; a job may fail or die.
fn live(placed: &Placed) {
    let world = placed.world();
    let target = world.now().plus_days(2);
    for _ in 0..1000 {
        let due = world.number("SELECT coalesce(min(due_at), -1) FROM job WHERE done_at IS NULL");
        if due < 0 || due > target.ms() {
            return world.set_now(target);
        }
        world.set_now(world.now().max(shared::calendar::Moment::from_ms(due)));
        world.request(async |ctx| edge::jobs::run_due(ctx).await);
    }
    panic!("the jobs never finish");
}

/// A dispute that is opened and decided, told by messages or found by polling. Returns its number.
fn way(placed: &Placed, decision: Decision, told: bool) -> String {
    let message = |number: &str| {
        placed.world().sandbox.calm();
        placed.world().act(async |ctx| {
            ctx.provider.sandbox.dispute_message(number, ctx.now).await.unwrap().unwrap()
        })
    };
    let number = placed.dispute_silently();
    insist(placed, &message(&number));
    placed.decide_silently(&number, decision);
    if told {
        insist(placed, &message(&number));
    }
    live(placed);
    number
}

/// Fails at each batch with each kind of fault, and asserts the same result each time.
fn everywhere(place: Place, decision: Decision, told: bool) {
    let mut reached = 0;
    for fault in Fault::ALL {
        for ahead in 0.. {
            let placed = Placed::at(place, Currency::Cny);
            let (before, amount) = (placed.balances(), placed.amount());
            placed.world().product.fail_once(ahead, fault);
            let number = way(&placed, decision, told);
            let passed = placed.world().product.calm();
            match decision {
                Decision::Won => placed.moved(before, &[]),
                Decision::Lost => {
                    let pays = who_pays(place);
                    placed.moved(before, &[("provider", -amount), (pays, amount)]);
                }
            }
            if writers(place).is_some() {
                let lost = placed.state() == "lost";
                assert_eq!(lost, decision == Decision::Lost, "{fault:?} at batch {ahead}");
            }
            ended(&placed, &number, decision.as_str());
            if passed {
                break;
            }
            reached = reached.max(ahead + 1);
        }
    }
    assert!(reached >= 6, "only {reached} batches were reached");
}

#[test]
fn a_dispute_that_is_won_survives_every_fault_of_the_database() {
    everywhere(Place::Held, Decision::Won, true);
}

#[test]
fn a_dispute_that_is_lost_survives_every_fault_of_the_database() {
    everywhere(Place::Due, Decision::Lost, true);
}

#[test]
fn a_decision_found_by_polling_survives_every_fault_of_the_database() {
    everywhere(Place::FrozenDue, Decision::Won, false);
}

#[test]
fn a_dispute_of_a_paid_out_praise_survives_every_fault_of_the_database() {
    everywhere(Place::PaidOut, Decision::Lost, false);
}

#[test]
fn a_dispute_of_money_in_suspense_survives_every_fault_of_the_database() {
    everywhere(Place::Suspense, Decision::Lost, true);
}
