//! Messages with a valid signature whose contents do not match the order.

use edge::payments::webhook::{self, Received};
use edge::provider::OrderReport;
use serde_json::json;
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::payments::praise::late_payments::{end_attempt, late_payment};
use crate::support::people::Fixture;
use crate::support::world::paid;

#[test]
fn a_wrong_amount_is_not_accepted_and_the_true_one_is_booked() {
    for altered in [Money::new(100, Currency::Cny), Money::new(1000, Currency::Usd)] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let intent_id = world.start_praise(&reader, &article, 1000);
        let order_id = world.order_of(&intent_id);
        world.pay_silently(&intent_id);
        world.deliver(&world.sign_report(
            "evt-1",
            &order_id,
            paid("tx-altered", altered, world.now()),
        ));
        assert_eq!(world.state_of(&intent_id), "paid");
        assert_eq!(world.number("SELECT amount_minor FROM payment"), 1000);
        assert!(world.text("SELECT transaction_id FROM payment").starts_with("sbx"));
        assert_eq!(world.text("SELECT outcome FROM provider_event"), "booked");
        assert_eq!(world.balance("writer_held"), -1000);
    }
}

#[test]
fn a_report_of_a_payment_that_never_arrived_books_nothing() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    let order_id = world.order_of(&intent_id);
    let altered = paid("tx-1", Money::new(1, Currency::Cny), world.now());
    // It uses the event id that the provider's true message will have.
    let true_id = format!("evt_{order_id}_paid");
    world.deliver(&world.sign_report(&true_id, &order_id, altered));
    assert_eq!(world.text("SELECT outcome FROM provider_event"), "contradicted");
    assert_eq!(world.text("SELECT kind FROM operator_task"), "contradicted");
    assert_eq!(world.state_of(&intent_id), "awaiting_payment");
    for table in ["payment", "praise", "ledger_transaction", "refund", "suspense_case"] {
        assert_eq!(world.count(table), 0, "{table}");
    }
    // The true payment is still booked, because polling finds it.
    world.pay(&intent_id);
    world.advance_seconds(5);
    assert_eq!(world.state_of(&intent_id), "paid");
}

#[test]
fn a_wrong_amount_waits_while_the_provider_does_not_answer() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    let order_id = world.order_of(&intent_id);
    world.pay_silently(&intent_id);
    world.inject_provider_fault("query_order", "lost", 1);
    let altered = paid("tx-1", Money::new(1, Currency::Cny), world.now());
    let signed = world.sign_report("evt-1", &order_id, altered);
    let failed = world.run(async |ctx| {
        let Received::Stored(message) = webhook::receive(ctx, &signed).await.unwrap() else {
            panic!("not stored")
        };
        webhook::process(ctx, &message).await.unwrap_err()
    });
    assert_eq!(failed.problem(), Problem::Unavailable);
    assert_eq!(world.count("payment"), 0);
    world.advance_seconds(20);
    assert_eq!(world.state_of(&intent_id), "paid");
    assert_eq!(world.count("provider_event WHERE processed_at IS NULL"), 0);
}

#[test]
fn an_altered_repetition_of_a_booked_payment_changes_nothing() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.give_praise(&reader, &article, 1000);
    let order_id = world.order_of(&intent_id);
    let altered = paid("tx-altered", Money::new(20_000, Currency::Cny), world.now());
    world.deliver(&world.sign_report("evt-2", &order_id, altered));
    assert_eq!((world.count("payment"), world.count("praise"), world.count("refund")), (1, 1, 0));
    assert_eq!(world.count("provider_event WHERE processed_at IS NULL"), 0);
}

#[test]
fn a_payment_of_another_amount_goes_to_suspense_with_a_case() {
    for by_message in [true, false] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let intent_id = world.start_praise(&reader, &article, 1000);
        let order_id = world.order_of(&intent_id);
        let report = world.provider_receives(&order_id, "tx-1", 999);
        if by_message {
            let message = world.sign_report("evt-1", &order_id, report);
            world.deliver(&message);
            world.deliver(&message);
        } else {
            world.advance_seconds(5);
        }
        assert_eq!(world.text("SELECT fate FROM payment"), "suspense");
        assert_eq!(world.text("SELECT reason FROM suspense_case"), "amount_differs");
        assert_eq!(world.state_of(&intent_id), "expired");
        // The reader is informed and is not asked to pay again.
        let view = world.view(&reader, &intent_id);
        assert!(view.in_review);
        assert_eq!(view.intent.refusal.as_deref(), Some("payment.in_review"));
        assert_eq!((world.reserved(&reader.id), world.count("praise")), (0, 0));
        assert_eq!((world.balance("suspense"), world.balance("provider_unsettled")), (-999, 999));
        assert_eq!(world.open_jobs(), 0);
    }
}

#[test]
fn another_amount_after_the_end_goes_to_suspense_and_the_state_stays() {
    for how in ["declined", "expired", "cancelled"] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let intent_id = world.start_praise(&reader, &article, 1000);
        end_attempt(&world, &intent_id, how);
        late_payment(&world, &intent_id, 999);
        assert_eq!(world.text("SELECT fate FROM payment"), "suspense", "{how}");
        assert_eq!((world.state_of(&intent_id).as_str(), world.reserved(&reader.id)), (how, 0));
    }
}

#[test]
fn a_payment_for_an_order_only_the_provider_knows_goes_to_suspense() {
    let Fixture { world, .. } = Fixture::new(Currency::Usd);
    world.provider_receives_unknown_order("ord_nobody", "tx-1", Money::new(700, Currency::Usd));
    let said = paid("tx-said", Money::new(900, Currency::Usd), world.now());
    let message = world.sign_report("evt-1", "ord_nobody", said);
    world.deliver(&message);
    assert_eq!(world.deliver(&message), Received::AlreadyProcessed);
    assert_eq!(
        world.rows("SELECT transaction_id, amount_minor, fate FROM payment"),
        [json!({"transaction_id": "tx-1", "amount_minor": 700, "fate": "suspense"})]
    );
    assert_eq!(world.text("SELECT reason FROM suspense_case"), "unknown_order");
    assert_eq!(
        world.text("SELECT subject_id FROM operator_task WHERE kind = 'suspense'"),
        world.text("SELECT id FROM suspense_case")
    );
    assert_eq!(world.balance("suspense"), -700);
    assert_eq!(world.count("provider_event WHERE processed_at IS NULL"), 0);
    // The same payment under another event id is still the same payment.
    let again = paid("tx-said", Money::new(900, Currency::Usd), world.now());
    world.deliver(&world.sign_report("evt-2", "ord_nobody", again));
    assert_eq!((world.count("payment"), world.count("suspense_case")), (1, 1));
}

#[test]
fn a_payment_for_an_unknown_order_is_not_booked_and_opens_a_task() {
    let Fixture { world, .. } = Fixture::new(Currency::Usd);
    let report = paid("tx-1", Money::new(700, Currency::Usd), world.now());
    world.inject_provider_fault("query_order", "lost", 1);
    let message = world.sign_report("evt-1", "ord_nobody", report);
    let failed = world.run(async |ctx| {
        let Received::Stored(message) = webhook::receive(ctx, &message).await.unwrap() else {
            panic!("not stored")
        };
        webhook::process(ctx, &message).await.unwrap_err()
    });
    assert_eq!(failed.problem(), Problem::Unavailable);
    assert_eq!(world.count("operator_task"), 0);
    world.advance_seconds(20);
    assert_eq!(world.text("SELECT outcome FROM provider_event"), "contradicted");
    for table in ["payment", "ledger_transaction", "suspense_case"] {
        assert_eq!(world.count(table), 0, "{table}");
    }
    let task = world.rows("SELECT kind, subject_id, detail, deadline FROM operator_task");
    assert_eq!(
        task,
        [json!({
            "kind": "contradicted", "subject_id": "evt-1",
            "detail": "order ord_nobody: the provider knows of no money",
            "deadline": world.now().plus_days(7).ms(),
        })]
    );
}

#[test]
fn a_wrong_order_number_does_not_hide_the_true_payment() {
    for ours in [false, true] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let intent_id = world.start_praise(&reader, &article, 1000);
        let order_id = world.order_of(&intent_id);
        let other = world.start_praise(&world.person("bo"), &article, 1000);
        world.pay_silently(&intent_id);
        let transaction =
            world.sandbox.query("SELECT transaction_id FROM sandbox_order WHERE state = 'paid'");
        let transaction = transaction[0]["transaction_id"].as_str().unwrap();
        // The message names the wrong order for this payment: another one of ours, or one that does
        // not exist.
        let wrong = if ours { world.order_of(&other) } else { "ord_nobody".to_owned() };
        let report = || paid(transaction, Money::new(1000, Currency::Cny), world.now());
        let said = || world.sign_report("evt-wrong", &wrong, report());
        if ours {
            // Then comes the correct message: nothing is booked twice, and the payment is not taken
            // as booked already.
            world.deliver(&world.sign_report("evt-true", &order_id, report()));
            world.deliver(&said());
            assert_eq!(world.state_of(&other), "awaiting_payment");
        } else {
            world.deliver(&said());
            assert_eq!(world.count("payment"), 0);
            world.deliver(&world.sign_report("evt-true", &order_id, report()));
        }
        assert_eq!(world.state_of(&intent_id), "paid");
        let outcome = "SELECT outcome FROM provider_event WHERE event_id";
        assert_eq!(world.text(&format!("{outcome} = 'evt-wrong'")), "contradicted");
        assert_eq!(world.text(&format!("{outcome} = 'evt-true'")), "booked");
        assert_eq!(world.text("SELECT subject_id FROM operator_task"), "evt-wrong");
        assert_eq!((world.count("payment"), world.count("praise")), (1, 1));
        world.advance_minutes(40);
    }
}

#[test]
fn two_confused_orders_open_an_operator_task() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    let order_id = world.order_of(&intent_id);
    let other = world.start_praise(&world.person("bo"), &article, 1000);
    world.pay_silently(&intent_id);
    let transaction =
        world.sandbox.query("SELECT transaction_id FROM sandbox_order WHERE state = 'paid'");
    let transaction = transaction[0]["transaction_id"].as_str().unwrap();
    let report = || paid(transaction, Money::new(1000, Currency::Cny), world.now());
    // The signature is valid and the amount fits: the provider itself has confused the two orders.
    world.deliver(&world.sign_report("evt-wrong", &world.order_of(&other), report()));
    assert_eq!(world.state_of(&other), "paid");
    world.deliver(&world.sign_report("evt-true", &order_id, report()));
    assert_eq!(world.state_of(&intent_id), "awaiting_payment");
    let outcome = world.text("SELECT outcome FROM provider_event WHERE event_id = 'evt-true'");
    assert_eq!(outcome, "contradicted");
    assert_eq!(world.text("SELECT subject_id FROM operator_task"), "evt-true");
}

#[test]
fn other_news_about_an_unknown_order_is_only_stored() {
    let Fixture { world, .. } = Fixture::new(Currency::Usd);
    for (event, report) in
        [("a", OrderReport::Declined), ("b", OrderReport::Closed), ("c", OrderReport::Waiting)]
    {
        world.deliver(&world.sign_report(event, "ord_nobody", report));
    }
    assert_eq!(world.count("provider_event WHERE outcome = 'noted'"), 3);
    assert_eq!(world.count("event"), 0);
}
