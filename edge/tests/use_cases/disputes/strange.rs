//! Dispute reports that come too early, do not fit, or contradict what is booked.

use edge::notify;
use edge::provider::sandbox::disputes::Decision;
use edge::provider::{DisputeOutcome, DisputeReport, Message, News, SignedMessage};
use shared::money::{Currency, Money};

use super::ended;
use crate::world::people::Stage;
use crate::world::places::{AMOUNT, Place, Placed};

impl Placed {
    /// Signs a provider's report about a dispute now, whether it is true or not.
    fn says_dispute(&self, event_id: &str, report: DisputeReport) -> SignedMessage {
        let message = Message { event_id: event_id.to_owned(), news: News::Dispute(report) };
        self.world().act(async |ctx| ctx.provider.sandbox.sign(&message, ctx.now).unwrap())
    }

    fn report(&self, number: &str, minor: i64, outcome: DisputeOutcome) -> DisputeReport {
        DisputeReport {
            number: number.to_owned(),
            transaction_id: self
                .world()
                .text("SELECT transaction_id FROM payment ORDER BY booked_at, id LIMIT 1"),
            amount: Money::new(minor, self.stage.account.currency),
            opened_at: self.world().now(),
            outcome,
        }
    }

    /// Asserts that no money moved and an operator task was opened for this number.
    fn contradicted(&self, before: [i64; 10], number: &str, cause: &str) {
        self.moved(before, &[]);
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
        let stage = Stage::new(Currency::Cny);
        let Stage { world, article, reader, .. } = &stage;
        let intent_id = world.started(reader, article, AMOUNT);
        let order_id = world.order_of(&intent_id);
        // The payment was made and disputed, but neither its message nor an answer to a query
        // arrives.
        world.pay_silently(&intent_id);
        world.order_fault("query_order", "lost", 6);
        let placed = Placed { stage, order_id };
        let world = placed.world();
        let number = placed.dispute_silently();
        if let Some(decision) = decision {
            placed.decide_silently(&number, decision);
        }
        let message = world.act(async |ctx| {
            ctx.provider.sandbox.dispute_message(&number, ctx.now).await.unwrap().unwrap()
        });
        world.act(async |ctx| {
            let received = notify::receive(ctx, &message).await.unwrap();
            let notify::Received::Stored(arrival) = received else { panic!("{received:?}") };
            assert!(notify::process(ctx, &arrival).await.is_err(), "it cannot be booked yet");
        });
        assert_eq!(world.count("dispute"), 0);
        let open = format!("operator_task WHERE subject_id = '{number}' AND closed_at IS NULL");
        assert_eq!(world.count(&open), 1);
        world.check();
        world.advance_minutes(60);
        assert_eq!(world.count("payment"), 1);
        assert_eq!(world.count(&open), 0);
        match decision {
            None => assert_eq!(placed.state(), "disputed"),
            Some(Decision::Won) => assert_eq!(placed.state(), "held"),
            Some(Decision::Lost) => assert_eq!(placed.state(), "lost"),
        }
        if let Some(decision) = decision {
            ended(&placed, &number, decision.as_str());
        }
    }
}

#[test]
fn an_amount_that_does_not_fit_is_not_booked() {
    for currency in Currency::ALL {
        let placed = Placed::at(Place::Held, currency);
        let before = placed.balances();
        for (number, minor) in [("less", AMOUNT - 1), ("more", AMOUNT + 1)] {
            let report = placed.report(number, minor, DisputeOutcome::Open);
            placed.world().deliver(&placed.says_dispute(&format!("evt-{number}"), report));
            placed.contradicted(before, number, "amount_differs");
        }
        let other = Currency::ALL.into_iter().find(|other| *other != currency).unwrap();
        let mut report = placed.report("other", AMOUNT, DisputeOutcome::Open);
        report.amount = Money::new(AMOUNT, other);
        placed.world().deliver(&placed.says_dispute("evt-other", report));
        placed.contradicted(before, "other", "amount_differs");
        assert_eq!(placed.state(), "held");
    }
}

#[test]
fn a_message_that_does_not_fit_is_corrected_by_polling() {
    let placed = Placed::at(Place::Held, Currency::Cny);
    let number = placed.dispute_silently();
    let report = placed.report(&number, AMOUNT + 1, DisputeOutcome::Open);
    placed.world().deliver(&placed.says_dispute("evt-wrong", report));
    assert_eq!(placed.state(), "disputed");
    assert_eq!(placed.world().number("SELECT amount_minor FROM dispute"), AMOUNT);
    assert_eq!(placed.world().count("operator_task WHERE kind = 'contradicted'"), 0);
}

#[test]
fn a_message_that_does_not_fit_waits_while_queries_fail() {
    let placed = Placed::at(Place::Held, Currency::Cny);
    let world = placed.world();
    let number = placed.dispute_silently();
    let report = placed.report(&number, AMOUNT + 1, DisputeOutcome::Open);
    let message = placed.says_dispute("evt-wrong", report);
    world.order_fault("query_dispute", "lost", 2);
    world.act(async |ctx| {
        let received = notify::receive(ctx, &message).await.unwrap();
        let notify::Received::Stored(arrival) = received else { panic!("{received:?}") };
        assert!(notify::process(ctx, &arrival).await.is_err());
    });
    assert_eq!(world.count("dispute"), 0);
    world.advance_minutes(5);
    assert_eq!(placed.state(), "disputed");
}

#[test]
fn a_won_dispute_cannot_be_lost() {
    for (first, second, cause) in [
        (Decision::Won, Decision::Lost, "won_and_lost"),
        (Decision::Lost, Decision::Won, "lost_and_won"),
    ] {
        let placed = Placed::at(Place::Held, Currency::Usd);
        let number = placed.dispute();
        placed.decide(&number, first);
        let (before, state) = (placed.balances(), placed.state());
        // The provider's own database has changed its mind as well.
        placed
            .world()
            .sandbox
            .raw(&format!("UPDATE sandbox_dispute SET state = '{}'", second.as_str()))
            .unwrap();
        placed.told(&number);
        placed.contradicted(before, &number, cause);
        assert_eq!(placed.state(), state);
    }
}

#[test]
fn a_lost_payment_is_not_disputed_again() {
    let placed = Placed::at(Place::PaidOut, Currency::Cny);
    let number = placed.dispute();
    placed.decide(&number, Decision::Lost);
    let before = placed.balances();
    let report = placed.report("again", AMOUNT, DisputeOutcome::Open);
    placed.world().deliver(&placed.says_dispute("evt-again", report));
    placed.contradicted(before, "again", "lost_before");
    let error = placed.world().product.raw(
        "INSERT INTO dispute SELECT 'dsp_2', provider, 'two', payment_id, praise_id, amount_minor,
                currency, opened_at, aside, NULL, 'open', state_at, NULL FROM dispute",
    );
    assert_eq!(error.unwrap_err().rule(), Some("dispute_lost"));
}

#[test]
fn a_dispute_number_belongs_to_one_payment() {
    let placed = Placed::at(Place::Held, Currency::Cny);
    let number = placed.dispute();
    let world = placed.world();
    let other = world.praised(&world.person("bo"), &placed.stage.article, AMOUNT);
    let before = placed.balances();
    let mut report = placed.report(&number, AMOUNT, DisputeOutcome::Open);
    report.transaction_id =
        world.text(&format!("SELECT transaction_id FROM payment WHERE intent_id = '{other}'"));
    world.sandbox.raw("DELETE FROM sandbox_dispute").unwrap();
    world.deliver(&placed.says_dispute("evt-other", report));
    placed.contradicted(before, &number, "payment_differs");
}

#[test]
fn the_next_dispute_waits_until_the_last_is_known_to_have_ended() {
    let placed = Placed::at(Place::Due, Currency::Cny);
    let (world, before) = (placed.world(), placed.balances());
    let first = placed.dispute();
    placed.decide_silently(&first, Decision::Won);
    let second = placed.dispute_silently();
    let message = world.act(async |ctx| {
        ctx.provider.sandbox.dispute_message(&second, ctx.now).await.unwrap().unwrap()
    });
    world.act(async |ctx| {
        let received = notify::receive(ctx, &message).await.unwrap();
        let notify::Received::Stored(arrival) = received else { panic!("{received:?}") };
        assert!(notify::process(ctx, &arrival).await.is_err());
    });
    world.advance_minutes(5);
    assert_eq!(world.events("dispute"), [">open", "open>won", ">open"]);
    assert_eq!(placed.state(), "disputed");
    placed.decide(&second, Decision::Won);
    placed.moved(before, &[]);
    ended(&placed, &second, "won");
}
