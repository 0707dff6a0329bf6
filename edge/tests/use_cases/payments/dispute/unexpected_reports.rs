//! Dispute reports that come too early, do not fit, or contradict what is booked.

use edge::payments::webhook;
use edge::provider::sandbox::disputes::Decision;
use edge::provider::{DisputeOutcome, DisputeReport, EventKind, Message, SignedMessage};
use shared::money::{Currency, Money};

use super::assert_ended;
use crate::support::payment_states::{AMOUNT, PaymentFixture, PaymentState};
use crate::support::people::Fixture;

impl PaymentFixture {
    /// Signs a provider's report about a dispute now, whether it is true or not.
    fn sign_dispute(&self, event_id: &str, report: DisputeReport) -> SignedMessage {
        let message = Message { event_id: event_id.to_owned(), kind: EventKind::Dispute(report) };
        self.world().run(async |ctx| ctx.provider.sandbox.sign(&message, ctx.now).unwrap())
    }

    fn report(&self, number: &str, minor: i64, outcome: DisputeOutcome) -> DisputeReport {
        DisputeReport {
            number: number.to_owned(),
            transaction_id: self
                .world()
                .text("SELECT transaction_id FROM payment ORDER BY booked_at, id LIMIT 1"),
            amount: Money::new(minor, self.fixture.account.currency),
            opened_at: self.world().now(),
            outcome,
        }
    }

    /// Asserts that no money moved and an operator task was opened for this number.
    fn assert_contradicted(&self, before: [i64; 10], number: &str, cause: &str) {
        self.assert_moved(before, &[]);
        assert_eq!(
            self.world().text(&format!(
                "SELECT detail FROM operator_task
                 WHERE kind = 'contradicted' AND subject_id = '{number}' AND closed_at IS NULL"
            )),
            cause,
        );
        assert_eq!(self.world().count("provider_event WHERE processed_at IS NULL"), 0);
        self.world().check();
    }
}

#[test]
fn a_dispute_of_a_payment_that_is_not_known_yet_waits_for_it() {
    for decision in [None, Some(Decision::Won), Some(Decision::Lost)] {
        let fixture = Fixture::new(Currency::Cny);
        let Fixture { world, article, reader, .. } = &fixture;
        let intent_id = world.start_praise(reader, article, AMOUNT);
        let order_id = world.order_of(&intent_id);
        // The payment was made and disputed, but neither its message nor an answer to a query
        // arrives.
        world.pay_silently(&intent_id);
        world.inject_provider_fault("query_order", "lost", 6);
        let payment = PaymentFixture { fixture, order_id };
        let world = payment.world();
        let number = payment.dispute_silently();
        if let Some(decision) = decision {
            payment.decide_silently(&number, decision);
        }
        let message = world.run(async |ctx| {
            ctx.provider.sandbox.dispute_message(&number, ctx.now).await.unwrap().unwrap()
        });
        world.run(async |ctx| {
            let received = webhook::receive(ctx, &message).await.unwrap();
            let webhook::Received::Stored(arrival) = received else { panic!("{received:?}") };
            assert!(webhook::process(ctx, &arrival).await.is_err(), "it cannot be booked yet");
        });
        assert_eq!(world.count("dispute"), 0);
        let open = format!("operator_task WHERE subject_id = '{number}' AND closed_at IS NULL");
        assert_eq!(world.count(&open), 1);
        world.check();
        world.advance_minutes(60);
        assert_eq!(world.count("payment"), 1);
        assert_eq!(world.count(&open), 0);
        match decision {
            None => assert_eq!(payment.state(), "disputed"),
            Some(Decision::Won) => assert_eq!(payment.state(), "held"),
            Some(Decision::Lost) => assert_eq!(payment.state(), "lost"),
        }
        if let Some(decision) = decision {
            assert_ended(&payment, &number, decision.as_str());
        }
    }
}

#[test]
fn an_amount_that_does_not_fit_is_not_booked() {
    for currency in Currency::ALL {
        let payment = PaymentFixture::in_state(PaymentState::Held, currency);
        let before = payment.balances();
        for (number, minor) in [("less", AMOUNT - 1), ("more", AMOUNT + 1)] {
            let report = payment.report(number, minor, DisputeOutcome::Open);
            payment.world().deliver(&payment.sign_dispute(&format!("evt-{number}"), report));
            payment.assert_contradicted(before, number, "amount_differs");
        }
        let other = Currency::ALL.into_iter().find(|other| *other != currency).unwrap();
        let mut report = payment.report("other", AMOUNT, DisputeOutcome::Open);
        report.amount = Money::new(AMOUNT, other);
        payment.world().deliver(&payment.sign_dispute("evt-other", report));
        payment.assert_contradicted(before, "other", "amount_differs");
        assert_eq!(payment.state(), "held");
    }
}

#[test]
fn a_message_that_does_not_fit_is_corrected_by_polling() {
    let payment = PaymentFixture::in_state(PaymentState::Held, Currency::Cny);
    let number = payment.dispute_silently();
    let report = payment.report(&number, AMOUNT + 1, DisputeOutcome::Open);
    payment.world().deliver(&payment.sign_dispute("evt-wrong", report));
    assert_eq!(payment.state(), "disputed");
    assert_eq!(payment.world().number("SELECT amount_minor FROM dispute"), AMOUNT);
    assert_eq!(payment.world().count("operator_task WHERE kind = 'contradicted'"), 0);
}

#[test]
fn a_message_that_does_not_fit_waits_while_queries_fail() {
    let payment = PaymentFixture::in_state(PaymentState::Held, Currency::Cny);
    let world = payment.world();
    let number = payment.dispute_silently();
    let report = payment.report(&number, AMOUNT + 1, DisputeOutcome::Open);
    let message = payment.sign_dispute("evt-wrong", report);
    world.inject_provider_fault("query_dispute", "lost", 2);
    world.run(async |ctx| {
        let received = webhook::receive(ctx, &message).await.unwrap();
        let webhook::Received::Stored(arrival) = received else { panic!("{received:?}") };
        assert!(webhook::process(ctx, &arrival).await.is_err());
    });
    assert_eq!(world.count("dispute"), 0);
    world.advance_minutes(5);
    assert_eq!(payment.state(), "disputed");
}

#[test]
fn a_won_dispute_cannot_be_lost() {
    for (first, second, cause) in [
        (Decision::Won, Decision::Lost, "won_and_lost"),
        (Decision::Lost, Decision::Won, "lost_and_won"),
    ] {
        let payment = PaymentFixture::in_state(PaymentState::Held, Currency::Usd);
        let number = payment.dispute();
        payment.decide(&number, first);
        let (before, state) = (payment.balances(), payment.state());
        // The provider's own database has changed its mind as well.
        payment
            .world()
            .sandbox
            .raw(&format!("UPDATE sandbox_dispute SET state = '{}'", second.as_str()))
            .unwrap();
        payment.deliver_state(&number);
        payment.assert_contradicted(before, &number, cause);
        assert_eq!(payment.state(), state);
    }
}

#[test]
fn a_lost_payment_is_not_disputed_again() {
    let payment = PaymentFixture::in_state(PaymentState::PaidOut, Currency::Cny);
    let number = payment.dispute();
    payment.decide(&number, Decision::Lost);
    let before = payment.balances();
    let report = payment.report("again", AMOUNT, DisputeOutcome::Open);
    payment.world().deliver(&payment.sign_dispute("evt-again", report));
    payment.assert_contradicted(before, "again", "lost_before");
    let error = payment.world().product.raw(
        "INSERT INTO dispute SELECT 'dsp_2', provider, 'two', payment_id, praise_id, amount_minor,
                currency, opened_at, aside, NULL, 'open', state_at, NULL FROM dispute",
    );
    assert_eq!(error.unwrap_err().rule(), Some("dispute_lost"));
}

#[test]
fn a_dispute_number_belongs_to_one_payment() {
    let payment = PaymentFixture::in_state(PaymentState::Held, Currency::Cny);
    let number = payment.dispute();
    let world = payment.world();
    let other = world.give_praise(&world.person("bo"), &payment.fixture.article, AMOUNT);
    let before = payment.balances();
    let mut report = payment.report(&number, AMOUNT, DisputeOutcome::Open);
    report.transaction_id =
        world.text(&format!("SELECT transaction_id FROM payment WHERE intent_id = '{other}'"));
    world.sandbox.raw("DELETE FROM sandbox_dispute").unwrap();
    world.deliver(&payment.sign_dispute("evt-other", report));
    payment.assert_contradicted(before, &number, "payment_differs");
}

#[test]
fn the_next_dispute_waits_until_the_last_is_known_to_have_ended() {
    let payment = PaymentFixture::in_state(PaymentState::Due, Currency::Cny);
    let (world, before) = (payment.world(), payment.balances());
    let first = payment.dispute();
    payment.decide_silently(&first, Decision::Won);
    let second = payment.dispute_silently();
    let message = world.run(async |ctx| {
        ctx.provider.sandbox.dispute_message(&second, ctx.now).await.unwrap().unwrap()
    });
    world.run(async |ctx| {
        let received = webhook::receive(ctx, &message).await.unwrap();
        let webhook::Received::Stored(arrival) = received else { panic!("{received:?}") };
        assert!(webhook::process(ctx, &arrival).await.is_err());
    });
    world.advance_minutes(5);
    assert_eq!(world.events("dispute"), [">open", "open>won", ">open"]);
    assert_eq!(payment.state(), "disputed");
    payment.decide(&second, Decision::Won);
    payment.assert_moved(before, &[]);
    assert_ended(&payment, &second, "won");
}
