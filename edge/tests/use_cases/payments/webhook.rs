//! Provider messages: what genuine ones change, and that forged ones change nothing.

mod forged_messages;
mod mismatched_reports;

use edge::payments::praise::order;
use edge::payments::webhook::{self, Received};
use edge::provider::sandbox::cashier::CashierAction;
use edge::provider::{OrderReport, SignedMessage};
use shared::machine::IntentState;
use shared::money::Currency;

use crate::support::people::Fixture;
use crate::support::world::World;

fn receive(world: &World, signed: &SignedMessage) -> Received {
    world.run(async |ctx| webhook::receive(ctx, signed).await.unwrap())
}

/// The provider's message about the current state of an order.
fn message_of(world: &World, intent_id: &str) -> SignedMessage {
    let order_id = world.order_of(intent_id);
    let message =
        world.run(async |ctx| ctx.provider.sandbox.message(&order_id, ctx.now).await.unwrap());
    message.expect("the provider has nothing to say")
}

#[test]
fn fifty_deliveries_of_one_message_book_one_praise() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    let message = &world.at_cashier(&intent_id, CashierAction::Pay)[0];
    assert!(matches!(world.deliver(message), Received::Stored(_)));
    let after = world.dump();
    for _ in 1..50 {
        assert_eq!(world.deliver(message), Received::AlreadyProcessed);
    }
    assert_eq!(world.dump(), after);
    assert_eq!((world.count("praise"), world.count("payment")), (1, 1));
}

#[test]
fn fifty_concurrent_deliveries_book_one_praise() {
    for seed in 0..8 {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let intent_id = world.start_praise(&reader, &article, 1000);
        let message = &world.at_cashier(&intent_id, CashierAction::Pay)[0];
        let ended = world.race(seed, 50, async |ctx, _| {
            match webhook::receive(ctx, message).await.unwrap() {
                Received::Stored(message) => webhook::process(ctx, &message).await,
                _ => Ok(()),
            }
        });
        assert!(ended.iter().all(Result::is_ok), "seed {seed}");
        assert_eq!((world.count("praise"), world.count("payment")), (1, 1), "seed {seed}");
        assert_eq!(world.balance("writer_held"), -1000, "seed {seed}");
        assert_eq!(world.count("provider_event WHERE processed_at IS NULL"), 0, "seed {seed}");
    }
}

#[test]
fn a_doubled_message_of_the_sandbox_books_one_praise() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    world.inject_provider_fault("notify", "doubled", 1);
    let intent_id = world.start_praise(&reader, &article, 1000);
    let messages = world.at_cashier(&intent_id, CashierAction::Pay);
    assert_eq!(messages.len(), 2);
    messages.iter().for_each(|message| drop(world.deliver(message)));
    assert_eq!(world.count("praise"), 1);
}

#[test]
fn concurrent_message_poll_and_reload_book_one_praise() {
    for seed in 0..20 {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Usd);
        let intent_id = world.start_praise(&reader, &article, 1000);
        let order_id = world.order_of(&intent_id);
        let message = &world.at_cashier(&intent_id, CashierAction::Pay)[0];
        let ended = world.race(seed, 6, async |ctx, i| match i {
            0 | 1 => match webhook::receive(ctx, message).await.unwrap() {
                Received::Stored(message) => webhook::process(ctx, &message).await,
                _ => Ok(()),
            },
            2 => edge::payments::praise::order::poll(ctx, &order_id).await,
            3 | 4 => edge::payments::praise::order::refresh(ctx, &order_id).await,
            _ => edge::payments::praise::order::cancel(ctx, &order_id).await,
        });
        assert!(ended.iter().all(Result::is_ok), "seed {seed}: {ended:?}");
        assert_eq!((world.count("praise"), world.count("payment")), (1, 1), "seed {seed}");
        assert_eq!(world.state_of(&intent_id), "paid", "seed {seed}");
        assert_eq!(world.balance("writer_held"), -1000, "seed {seed}");
    }
}

#[test]
fn a_message_with_any_bit_changed_is_forged_and_not_stored() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    let message = world.at_cashier(&intent_id, CashierAction::Pay).remove(0);
    let before = world.dump();
    let mut forged = Vec::new();
    let flipped = |text: &str, place: usize, bit: u8| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[place] ^= bit;
        String::from_utf8(bytes).unwrap()
    };
    // Flipping bit 1 or 2 of an ASCII byte gives an ASCII byte.
    for bit in [1, 2] {
        for place in 0..message.body.len() {
            let body = flipped(&message.body, place, bit);
            forged.push(SignedMessage { body, ..message.clone() });
        }
        for place in 0..message.timestamp.len() {
            let timestamp = flipped(&message.timestamp, place, bit);
            forged.push(SignedMessage { timestamp, ..message.clone() });
        }
        for place in 0..message.signature.len() {
            let signature = flipped(&message.signature, place, bit);
            forged.push(SignedMessage { signature, ..message.clone() });
        }
    }
    for signature in ["", "0", &message.signature.to_uppercase(), &message.signature[1..]] {
        forged.push(SignedMessage { signature: signature.into(), ..message.clone() });
    }
    for timestamp in ["", "+1795339800", " 1795339800", "1795339800.0", "99999999999999999999"] {
        forged.push(SignedMessage { timestamp: timestamp.into(), ..message.clone() });
    }
    for body in ["", "{}", &format!("{} ", message.body)] {
        forged.push(SignedMessage { body: body.into(), ..message.clone() });
    }
    for each in &forged {
        assert_eq!(receive(&world, each), Received::Invalid, "{each:?}");
    }
    assert_eq!(world.dump(), before, "a forged message left something behind");
    assert!(matches!(world.deliver(&message), Received::Stored(_)));
}

#[test]
fn a_message_signed_with_another_key_is_forged() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    let message = world.at_cashier(&intent_id, CashierAction::Pay).remove(0);
    // The key of another deployment's provider.
    world
        .sandbox
        .raw("UPDATE sandbox_setting SET value = 'other' WHERE name = 'signing_key'")
        .unwrap();
    assert_eq!(receive(&world, &message), Received::Invalid);
    assert_eq!(world.count("provider_event"), 0);
}

#[test]
fn a_message_is_fresh_for_300_seconds_either_way_and_stale_after() {
    for (shift_s, accepted) in [(-301, false), (-300, true), (0, true), (300, true), (301, false)] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let intent_id = world.start_praise(&reader, &article, 1000);
        let message = world.at_cashier(&intent_id, CashierAction::Pay).remove(0);
        world.set_now(world.now().plus_seconds(shift_s));
        let received = receive(&world, &message);
        assert_eq!(received != Received::Invalid, accepted, "{shift_s} s");
        assert_eq!(world.count("provider_event"), i64::from(accepted), "{shift_s} s");
    }
}

#[test]
fn a_message_stored_before_a_crash_is_found_by_its_job() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    let message = world.at_cashier(&intent_id, CashierAction::Pay).remove(0);
    // No query is answered, so only the stored message can have booked it.
    world.inject_provider_fault("query_order", "lost", 1000);
    assert!(matches!(receive(&world, &message), Received::Stored(_)));
    world.advance_seconds(19);
    assert_eq!(world.state_of(&intent_id), "awaiting_payment");
    world.advance_seconds(1);
    assert_eq!(world.state_of(&intent_id), "paid");
    assert_eq!(world.text("SELECT outcome FROM provider_event"), "booked");
    assert_eq!(world.open_jobs(), 0);
}

#[test]
fn a_lost_message_is_replaced_by_polling() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Usd);
    world.inject_provider_fault("notify", "lost", 1);
    let intent_id = world.start_praise(&reader, &article, 3000);
    assert!(world.at_cashier(&intent_id, CashierAction::Pay).is_empty());
    world.advance_seconds(5);
    assert_eq!(world.state_of(&intent_id), "paid");
    assert_eq!((world.count("praise"), world.count("provider_event")), (1, 0));
    assert_eq!(world.open_jobs(), 0);
}

#[test]
fn a_payment_is_found_by_polling_until_the_attempt_expires() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Usd);
    let intent_id = world.start_praise(&reader, &article, 3000);
    let end = world.now().plus_minutes(30);
    world.advance_to(end.plus_seconds(-1));
    assert_eq!(world.state_of(&intent_id), "awaiting_payment");
    world.pay_silently(&intent_id);
    world.advance_to(end);
    assert_eq!(world.state_of(&intent_id), "paid");
}

#[test]
fn a_reader_who_comes_back_from_the_cashier_does_not_wait_for_the_message() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    let order_id = world.order_of(&intent_id);
    let look = || {
        world.provider_calls.borrow_mut().clear();
        world.run(async |ctx| order::refresh(ctx, &order_id).await.unwrap());
        (world.provider_calls.borrow().len(), world.state_of(&intent_id))
    };
    let waiting = "awaiting_payment".to_owned();
    assert_eq!(look(), (1, waiting.clone()));
    world.pay_silently(&intent_id);
    // An order is not asked about more than once in three seconds, however often readers look.
    world.set_now(world.now().plus_seconds(2));
    assert_eq!(look(), (0, waiting));
    world.set_now(world.now().plus_seconds(1));
    assert_eq!(look(), (1, "paid".to_owned()));
    assert_eq!(look().0, 0, "it is final");
}

#[test]
fn a_decline_ends_the_attempt_and_releases_its_room() {
    for by_message in [true, false] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let intent_id = world.start_praise(&reader, &article, 1000);
        let messages = world.at_cashier(&intent_id, CashierAction::Decline);
        if by_message {
            world.deliver(&messages[0]);
            world.deliver(&messages[0]);
            assert_eq!(world.text("SELECT outcome FROM provider_event"), "noted");
        } else {
            world.advance_seconds(5);
        }
        assert_eq!(world.view(&reader, &intent_id).intent.state, IntentState::Declined);
        assert_eq!(world.reserved(&reader.id), 0);
        assert_eq!(world.events("intent"), [">awaiting_payment", "awaiting_payment>declined"]);
        assert_eq!(world.events("provider_order"), [">created", "created>open", "open>closed"]);
        assert_eq!(world.open_jobs(), 0);
        assert_eq!(world.count("payment"), 0);
    }
}

#[test]
fn closed_by_the_provider_ends_the_attempt_as_expired() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.sandbox.raw("UPDATE sandbox_order SET state = 'closed'").unwrap();
    world.deliver(&message_of(&world, &intent_id));
    assert_eq!(world.state_of(&intent_id), "expired");
    assert_eq!(world.reserved(&reader.id), 0);
    assert_eq!(world.open_jobs(), 0);
}

#[test]
fn a_decline_after_the_payment_changes_nothing() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.give_praise(&reader, &article, 1000);
    let order_id = world.order_of(&intent_id);
    world.deliver(&world.sign_report("evt-old", &order_id, OrderReport::Declined));
    world.deliver(&world.sign_report("evt-older", &order_id, OrderReport::Closed));
    world.deliver(&world.sign_report("evt-oldest", &order_id, OrderReport::Waiting));
    assert_eq!(world.state_of(&intent_id), "paid");
    assert_eq!(world.reserved(&reader.id), 1000);
    assert_eq!(world.count("provider_event WHERE processed_at IS NULL"), 0);
}
