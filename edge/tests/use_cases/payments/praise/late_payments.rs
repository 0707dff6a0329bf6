//! Late payments: money for an attempt that has ended or was already paid.

use edge::provider::sandbox::cashier::CashierAction;
use shared::machine::IntentState;
use shared::money::Currency;
use shared::problem::Problem;

use crate::support::people::Fixture;
use crate::support::world::World;

/// Ends an attempt without a payment: declined by the provider, expired, or cancelled by the
/// reader.
pub fn end_attempt(world: &World, intent_id: &str, how: &str) {
    match how {
        "declined" => drop(world.deliver(&world.at_cashier(intent_id, CashierAction::Decline)[0])),
        "expired" => world.advance_minutes(30),
        _ => world.cancel(intent_id).unwrap(),
    }
    assert_eq!(world.state_of(intent_id), how);
}

/// A late payment that is only reported by a message; nothing polls the order any more.
pub fn late_payment(world: &World, intent_id: &str, minor: i64) {
    let order_id = world.order_of(intent_id);
    let report = world.provider_receives(&order_id, "tx-late", minor);
    world.deliver(&world.sign_report("evt-late", &order_id, report));
}

#[test]
fn a_late_payment_after_decline_or_expiry_is_a_praise_and_takes_room() {
    for how in ["declined", "expired"] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let intent_id = world.start_praise(&reader, &article, 20_000);
        end_attempt(&world, &intent_id, how);
        assert_eq!(world.reserved(&reader.id), 0);
        world.advance_minutes(60);
        late_payment(&world, &intent_id, 20_000);
        assert_eq!(world.state_of(&intent_id), "paid", "{how}");
        assert_eq!(world.reserved(&reader.id), 20_000, "{how}");
        assert_eq!(world.events("intent").last().unwrap(), &format!("{how}>paid"));
        assert_eq!(world.events("provider_order").last().unwrap(), "closed>paid");
        assert_eq!(world.balance("writer_held"), -20_000);
    }
}

#[test]
fn a_late_payment_on_another_day_takes_room_on_the_day_of_the_start() {
    let Fixture { world, article, reader, .. } = Fixture::at("2026-11-22T15:50:00Z", Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 5000);
    end_attempt(&world, &intent_id, "expired");
    late_payment(&world, &intent_id, 5000);
    let held =
        |day| world.number(&format!("SELECT reserved_minor FROM reader_day WHERE day = '{day}'"));
    assert_eq!((held("2026-11-22"), held("2026-11-23")), (5000, 0));
    assert_eq!(world.text("SELECT paid_day FROM praise"), "2026-11-23");
}

#[test]
fn a_late_payment_without_room_is_returned_by_the_reader_cap() {
    for how in ["declined", "expired"] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let late = world.start_praise(&reader, &article, 20_000);
        end_attempt(&world, &late, how);
        // Four full praises and one cent too many for the late payment.
        for _ in 0..4 {
            world.give_praise(&reader, &article, 20_000);
        }
        world.give_praise(&reader, &article, 100);
        late_payment(&world, &late, 20_000);
        let view = world.view(&reader, &late);
        assert_eq!(view.intent.state, IntentState::Returned, "{how}");
        assert_eq!(view.intent.refusal.as_deref(), Some("rule.reader_day_cap"), "{how}");
        world.run_jobs();
        assert_eq!(world.text("SELECT state FROM refund"), "succeeded");
        assert_eq!(world.reserved(&reader.id), 80_100, "{how}");
        assert_eq!((world.balance("returning"), world.balance("writer_held")), (0, -80_100));
    }
}

#[test]
fn a_payment_after_cancelling_never_becomes_a_praise() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Usd);
    let intent_id = world.start_praise(&reader, &article, 500);
    end_attempt(&world, &intent_id, "cancelled");
    late_payment(&world, &intent_id, 500);
    let view = world.view(&reader, &intent_id);
    assert_eq!(view.intent.state, IntentState::Returned);
    assert_eq!(view.refusal, Some(Problem::IntentCancelled));
    assert_eq!(world.events("intent").last().unwrap(), "cancelled>returned");
    world.run_jobs();
    assert_eq!(world.text("SELECT state FROM refund"), "succeeded");
    assert_eq!(world.sandbox.query("SELECT * FROM sandbox_refund").len(), 1);
    assert_eq!((world.count("praise"), world.reserved(&reader.id)), (0, 0));
    assert_eq!((world.balance("returning"), world.balance("provider_unsettled")), (0, 0));
}

#[test]
fn a_second_payment_is_returned_and_the_first_stays() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.give_praise(&reader, &article, 1000);
    let order_id = world.order_of(&intent_id);
    let report = world.provider_receives(&order_id, "tx-2", 1000);
    let message = world.sign_report("evt-2", &order_id, report);
    world.deliver(&message);
    world.deliver(&message);
    assert_eq!(world.balance("returning"), -1000);
    world.run_jobs();
    let view = world.view(&reader, &intent_id);
    assert_eq!((view.intent.state, view.refusal), (IntentState::Paid, None));
    assert_eq!(world.count("payment WHERE fate = 'return' AND transaction_id = 'tx-2'"), 1);
    assert_eq!((world.count("payment"), world.count("praise")), (2, 1));
    assert_eq!(
        world.text("SELECT state || ' ' || state_reason FROM refund"),
        "succeeded paid_twice"
    );
    assert_eq!((world.balance("returning"), world.balance("provider_unsettled")), (0, 1000));
    assert_eq!(world.reserved(&reader.id), 1000);
}

#[test]
fn a_second_payment_of_a_returned_attempt_is_returned_too() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    end_attempt(&world, &intent_id, "cancelled");
    late_payment(&world, &intent_id, 1000);
    world.run_jobs();
    let order_id = world.order_of(&intent_id);
    let report = world.provider_receives(&order_id, "tx-2", 1000);
    world.deliver(&world.sign_report("evt-2", &order_id, report));
    world.run_jobs();
    assert_eq!(world.count("refund WHERE state = 'succeeded'"), 2);
    assert_eq!(world.sandbox.query("SELECT * FROM sandbox_refund").len(), 2);
    assert_eq!((world.balance("returning"), world.balance("provider_unsettled")), (0, 0));
}
