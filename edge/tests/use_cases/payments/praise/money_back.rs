//! Payments that did not become a praise: the reader is told where the money is until it is back.

use edge::payments::praise::money_back;
use edge::payments::suspense::{Resolution, resolve};
use edge::provider::sandbox::disputes::Decision;
use shared::api::{MoneyBack, MoneyBackState};
use shared::machine::{IntentState, RefundState};
use shared::money::{Currency, Money};

use crate::payments::praise::late_payments::{end_attempt, late_payment};
use crate::support::people::{Fixture, Person};
use crate::support::world::World;

/// Asserts that the page of the attempt and the reader's list say the same, and that nobody else
/// sees it.
fn shown_money_back(world: &World, reader: &Person, intent_id: &str) -> MoneyBack {
    let list =
        |person: &str| world.run(async |ctx| money_back::list(ctx.db, person).await.unwrap());
    let all = list(&reader.id);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].intent_id, intent_id);
    assert_eq!(list(&world.person("nosy").id), []);
    let shown = world.view(reader, intent_id).intent.money_back;
    assert_eq!(shown, [all[0].money.clone()]);
    all[0].money.clone()
}

fn decide(world: &World, resolution: Resolution) {
    let case = world.text("SELECT id FROM suspense_case");
    let operator = world.person("olga").id;
    world.run(async |ctx| resolve(ctx, &operator, &case, &resolution).await).unwrap();
}

#[test]
fn a_returned_late_payment_is_shown_with_its_dates_and_refund() {
    for currency in Currency::ALL {
        let Fixture { world, article, reader, .. } = Fixture::new(currency);
        let intent_id = world.start_praise(&reader, &article, 1000);
        end_attempt(&world, &intent_id, "expired");
        assert_eq!(world.view(&reader, &intent_id).intent.money_back, []);
        let paid_at = world.now();
        late_payment(&world, &intent_id, 999);
        let paid = shown_money_back(&world, &reader, &intent_id);
        assert_eq!(paid.amount, Money::new(999, currency));
        assert!(paid.late && paid.paid_at >= paid_at);
        assert_eq!(
            (paid.reason.as_str(), paid.state),
            ("amount_differs", MoneyBackState::InReview)
        );
        assert_eq!((paid.sent_back_at, paid.returned_at, paid.refund), (None, None, None));
        assert!(world.view(&reader, &intent_id).in_review);

        world.advance_minutes(90);
        let sent_back_at = world.now();
        decide(&world, Resolution::Return);
        let sent = shown_money_back(&world, &reader, &intent_id);
        assert_eq!(sent.state, MoneyBackState::Returning);
        assert_eq!((sent.sent_back_at, sent.returned_at), (Some(sent_back_at), None));
        let refund = sent.refund.unwrap();
        assert_eq!(refund.id, world.text("SELECT id FROM refund"));
        assert_eq!(refund.state, RefundState::Queued);
        assert_eq!(sent.reason, "amount_differs");

        world.inject_provider_fault("refund", "slow", 1);
        world.advance_seconds(1);
        let on_its_way = shown_money_back(&world, &reader, &intent_id);
        assert_eq!(on_its_way.refund.unwrap().state, RefundState::Sent);
        world.advance_minutes(60);
        let back = shown_money_back(&world, &reader, &intent_id);
        assert_eq!(back.state, MoneyBackState::Returned);
        assert_eq!(back.refund.unwrap().state, RefundState::Succeeded);
        let returned_at = world.number("SELECT state_at FROM refund");
        assert_eq!(back.returned_at.map(|at| at.ms()), Some(returned_at));
        assert_eq!(back.sent_back_at, Some(sent_back_at));
        // The attempt keeps the state in which it ended.
        let view = world.view(&reader, &intent_id);
        assert_eq!((view.intent.state, view.in_review), (IntentState::Expired, false));
        assert_eq!(view.intent.refusal, None);
    }
}

#[test]
fn a_replaced_refund_is_shown_as_its_replacement() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    end_attempt(&world, &intent_id, "cancelled");
    let before = world.now();
    late_payment(&world, &intent_id, 1000);
    world.inject_provider_fault("refund", "closed", 1);
    world.advance_minutes(1);
    assert_eq!(world.count("refund"), 2);
    let sent = shown_money_back(&world, &reader, &intent_id);
    assert_eq!((sent.reason.as_str(), sent.state), ("intent_cancelled", MoneyBackState::Returning));
    assert!(sent.sent_back_at.is_some_and(|at| at >= before && at < world.now()));
    let counts = "SELECT id FROM refund WHERE replaces_id IS NOT NULL";
    assert_eq!(sent.refund.unwrap().id, world.text(counts));
    world.advance_minutes(70);
    assert_eq!(shown_money_back(&world, &reader, &intent_id).state, MoneyBackState::Returned);
}

#[test]
fn a_payment_that_became_a_praise_is_not_shown_as_returned() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    end_attempt(&world, &intent_id, "expired");
    let report =
        world.provider_receives_unknown_order("ord_x", "tx-x", Money::new(1000, Currency::Cny));
    world.deliver(&world.sign_report("evt-x", "ord_x", report));
    decide(&world, Resolution::ToPraise { intent_id: intent_id.clone() });
    let view = world.view(&reader, &intent_id);
    assert_eq!((view.intent.state, view.intent.money_back), (IntentState::Paid, vec![]));
}

#[test]
fn a_payment_returned_by_its_bank_is_no_longer_under_review() {
    let payment = crate::support::payment_states::PaymentFixture::in_state(
        crate::support::payment_states::PaymentState::Suspense,
        Currency::Cny,
    );
    let (world, reader) = (payment.world(), &payment.fixture.reader);
    let intent_id = world.text("SELECT id FROM intent");
    assert!(!shown_money_back(world, reader, &intent_id).late);
    let number = world.run(async |ctx| {
        let sandbox = &ctx.provider.sandbox;
        let number = sandbox.open_dispute(&payment.order_id, ctx.now).await.unwrap().unwrap();
        sandbox.decide_dispute(&number, Decision::Lost, ctx.now).await.unwrap();
        number
    });
    let message = world.run(async |ctx| {
        ctx.provider.sandbox.dispute_message(&number, ctx.now).await.unwrap().unwrap()
    });
    world.deliver(&message);
    let money = shown_money_back(world, reader, &intent_id);
    assert_eq!((money.state, money.refund), (MoneyBackState::BackByBank, None));
    assert!(!world.view(reader, &intent_id).in_review);
}
