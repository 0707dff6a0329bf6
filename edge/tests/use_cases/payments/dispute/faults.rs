//! Fault injection for disputes: every batch fails once with every kind of fault, for a payment in
//! several states.

use edge::payments::webhook::{self, Received};
use edge::provider::SignedMessage;
use edge::provider::sandbox::disputes::Decision;
use shared::money::Currency;

use super::{assert_ended, loss_account, writer_account};
use crate::support::faulty_database::Fault;
use crate::support::payment_states::{PaymentFixture, PaymentState};
use crate::support::world::run_due;

/// Repeats a provider's message until it is acknowledged.
fn deliver_until_received(payment: &PaymentFixture, signed: &SignedMessage) {
    for _ in 0..10 {
        let arrived = std::cell::Cell::new(false);
        payment.world().try_request(async |ctx| {
            let received = webhook::receive(ctx, signed).await;
            arrived.set(received.is_ok());
            if let Ok(Received::Stored(message)) = received {
                let _ = webhook::process(ctx, &message).await;
            }
        });
        if arrived.get() {
            return;
        }
    }
    panic!("not acknowledged");
}

/// Runs the jobs of two days; a job may fail or die.
fn run_jobs_for_two_days(payment: &PaymentFixture) {
    let world = payment.world();
    let target = world.now().plus_days(2);
    for _ in 0..1000 {
        let due = world.number("SELECT coalesce(min(due_at), -1) FROM job WHERE done_at IS NULL");
        if due < 0 || due > target.ms() {
            return world.set_now(target);
        }
        world.set_now(world.now().max(shared::calendar::Moment::from_ms(due)));
        world.try_request(async |ctx| run_due(ctx).await);
    }
    panic!("the jobs never finish");
}

/// Opens and decides a dispute, reported by messages or found by polling. Returns its number.
fn flow(payment: &PaymentFixture, decision: Decision, by_message: bool) -> String {
    let message = |number: &str| {
        payment.world().sandbox.stop_failing();
        payment.world().run(async |ctx| {
            ctx.provider.sandbox.dispute_message(number, ctx.now).await.unwrap().unwrap()
        })
    };
    let number = payment.dispute_silently();
    deliver_until_received(payment, &message(&number));
    payment.decide_silently(&number, decision);
    if by_message {
        deliver_until_received(payment, &message(&number));
    }
    run_jobs_for_two_days(payment);
    number
}

/// Fails at each batch with each kind of fault, and asserts the same result each time.
fn with_every_fault(initial: PaymentState, decision: Decision, by_message: bool) {
    let mut reached = 0;
    for fault in Fault::ALL {
        for ahead in 0.. {
            let payment = PaymentFixture::in_state(initial, Currency::Cny);
            let (before, amount) = (payment.balances(), payment.amount());
            payment.world().product.fail_once(ahead, fault);
            let number = flow(&payment, decision, by_message);
            let passed = payment.world().product.stop_failing();
            match decision {
                Decision::Won => payment.assert_moved(before, &[]),
                Decision::Lost => {
                    let pays = loss_account(initial);
                    payment.assert_moved(before, &[("provider", -amount), (pays, amount)]);
                }
            }
            if writer_account(initial).is_some() {
                let lost = payment.state() == "lost";
                assert_eq!(lost, decision == Decision::Lost, "{fault:?} at batch {ahead}");
            }
            assert_ended(&payment, &number, decision.as_str());
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
    with_every_fault(PaymentState::Held, Decision::Won, true);
}

#[test]
fn a_dispute_that_is_lost_survives_every_fault_of_the_database() {
    with_every_fault(PaymentState::Due, Decision::Lost, true);
}

#[test]
fn a_decision_found_by_polling_survives_every_fault_of_the_database() {
    with_every_fault(PaymentState::FrozenDue, Decision::Won, false);
}

#[test]
fn a_dispute_of_a_paid_out_praise_survives_every_fault_of_the_database() {
    with_every_fault(PaymentState::PaidOut, Decision::Lost, false);
}

#[test]
fn a_dispute_of_money_in_suspense_survives_every_fault_of_the_database() {
    with_every_fault(PaymentState::Suspense, Decision::Lost, true);
}
