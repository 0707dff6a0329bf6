//! Changes between the start of an attempt and its payment: some cause the money to be returned,
//! others do not.

use serde_json::json;
use shared::limits::Limits;
use shared::machine::IntentState;
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::support::people::{Fixture, Person};
use crate::support::world::World;

/// Asserts that the payment was returned in full under this rule and left no trace in the writer's
/// balance.
fn assert_returned(world: &World, reader: &Person, intent_id: &str, rule: &str) {
    let amount = world.number(&format!("SELECT amount_minor FROM intent WHERE id = '{intent_id}'"));
    let view = world.view(reader, intent_id);
    assert_eq!(view.intent.state, IntentState::Returned);
    assert_eq!(view.intent.refusal, Some(format!("rule.{rule}")));
    assert_eq!(view.intent.praise, None);
    assert_eq!(world.balance("returning"), -amount);
    let payment = world.text(&format!(
        "SELECT id FROM payment WHERE intent_id = '{intent_id}' AND fate = 'return'"
    ));
    assert_eq!(
        world.rows(&format!(
            "SELECT account, amount_minor, sealed FROM ledger_entry
             JOIN ledger_transaction AS t ON t.id = transaction_id
             WHERE transaction_id = 'payment.returning:{payment}' ORDER BY line"
        )),
        [
            json!({"account": "provider_unsettled", "amount_minor": amount, "sealed": 1}),
            json!({"account": "returning", "amount_minor": -amount, "sealed": 1}),
        ],
    );
    world.run_jobs();
    assert_eq!(
        world.rows(&format!(
            "SELECT amount_minor, state, state_reason FROM refund WHERE payment_id = '{payment}'"
        )),
        [json!({"amount_minor": amount, "state": "succeeded", "state_reason": rule})],
    );
    let refund = world.text(&format!("SELECT id FROM refund WHERE payment_id = '{payment}'"));
    assert_eq!(
        world.rows(&format!(
            "SELECT account, amount_minor FROM ledger_entry
             WHERE transaction_id = 'refund.succeeded:{refund}' ORDER BY line"
        )),
        [
            json!({"account": "returning", "amount_minor": amount}),
            json!({"account": "provider_unsettled", "amount_minor": -amount}),
        ],
    );
    assert_eq!(
        world.sandbox.query("SELECT number, amount_minor FROM sandbox_refund"),
        [json!({"number": refund, "amount_minor": amount})],
    );
    assert_eq!(world.balance("returning"), 0);
    let booked = world.number("SELECT coalesce(sum(amount_minor), 0) FROM praise");
    assert_eq!(world.balance("provider_unsettled"), booked);
    assert_eq!(world.balance("writer_held"), -booked);
    assert_eq!(world.number("SELECT coalesce(sum(booked_minor), 0) FROM article_day"), booked);
    assert_eq!(world.number("SELECT coalesce(sum(booked_minor), 0) FROM writer_day"), booked);
    assert_eq!(world.count(&format!("wall_person WHERE person_id = '{}'", reader.id)), 0);
    let order_id = world.order_of(intent_id);
    let open = format!("job WHERE done_at IS NULL AND subject_id IN ('{order_id}', '{refund}')");
    assert_eq!(world.count(&open), 0);
}

#[test]
fn a_payment_for_an_article_frozen_meanwhile_is_returned() {
    for currency in Currency::ALL {
        let Fixture { world, article, reader, .. } = Fixture::new(currency);
        let intent_id = world.start_praise(&reader, &article, 1000);
        world.freeze_and_return(&article);
        world.pay(&intent_id);
        assert_eq!(world.view(&reader, &intent_id).refusal, Some(Problem::ArticleFrozen));
        assert_returned(&world, &reader, &intent_id, "article_frozen");
        // The reserved room stays taken, because the attempt did not end unpaid.
        assert_eq!(world.reserved(&reader.id), 1000);
    }
}

#[test]
fn a_payment_for_an_account_suspended_meanwhile_is_returned() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.raw("UPDATE official_account SET status = 'suspended'");
    world.pay_silently(&intent_id);
    world.advance_seconds(5);
    assert_eq!(world.view(&reader, &intent_id).refusal, Some(Problem::AccountSuspended));
    assert_returned_after_jobs(&world, &reader, &intent_id, "account_suspended");
}

/// Asserts the same when polling booked the payment: the refund was sent in the same run of the
/// jobs.
fn assert_returned_after_jobs(world: &World, reader: &Person, intent_id: &str, rule: &str) {
    let view = world.view(reader, intent_id);
    assert_eq!(view.intent.refusal, Some(format!("rule.{rule}")));
    world.run_jobs();
    assert_eq!(world.text("SELECT state FROM refund"), "succeeded");
    assert_eq!((world.balance("returning"), world.balance("provider_unsettled")), (0, 0));
    assert_eq!(world.open_jobs(), 0);
}

/// Starts as many praises of the largest amount as the rule "room for one full praise" allows, then
/// pays all of them: payments beyond the cap are returned.
fn pay_beyond_the_cap(currency: Currency, rule: &str, policy: &str, accounts: usize) {
    let Fixture { world, account, article, .. } = Fixture::new(currency);
    world.raw(&format!(
        "CREATE TEMP TABLE draft AS SELECT * FROM policy WHERE currency = '{code}';
         UPDATE draft SET version = 2, effective_from = {now}, {policy};
         INSERT INTO policy SELECT * FROM draft; DROP TABLE draft;",
        code = currency.code(),
        now = world.now().ms(),
    ));
    let mut articles = vec![article];
    for n in 1..accounts {
        let other = world.account(&account.owner, &format!("wen-{n}"), currency);
        articles.push(world.article(&other, &format!("Rain {n}")));
    }
    let cap = Limits::of(currency).praise_cap_minor;
    let readers: Vec<_> = (0..7).map(|n| world.person(&format!("reader-{n}"))).collect();
    // All of them start before anything is booked, so each one finds room for a full praise.
    let started: Vec<_> = readers
        .iter()
        .enumerate()
        .map(|(n, reader)| world.start_praise(reader, &articles[n % articles.len()], cap))
        .collect();
    for intent_id in &started[..5] {
        world.pay(intent_id);
    }
    assert_eq!(world.count("praise"), 5);
    for (reader, intent_id) in readers.iter().zip(&started).skip(5) {
        world.sandbox.raw("DELETE FROM sandbox_refund").unwrap();
        world.pay(intent_id);
        let refusal = world.view(reader, intent_id).refusal.unwrap();
        assert_eq!(refusal.limit(), Some(Money::new(5 * cap, currency)));
        let tomorrow = world.now().day(currency).plus(1).starts_at(currency);
        assert_eq!(refusal.reopens_at(), Some(tomorrow));
        assert_returned(&world, reader, intent_id, rule);
    }
    assert_eq!(world.count("praise"), 5);
}

#[test]
fn payments_beyond_the_article_cap_are_returned_in_yuan() {
    pay_beyond_the_cap(
        Currency::Cny,
        "article_day_cap",
        "article_day_minor = 100000, reader_day_minor = 100000",
        1,
    );
}

#[test]
fn payments_beyond_the_article_cap_are_returned_in_dollars() {
    pay_beyond_the_cap(
        Currency::Usd,
        "article_day_cap",
        "article_day_minor = 15000, reader_day_minor = 15000",
        1,
    );
}

#[test]
fn payments_beyond_the_writer_cap_over_three_accounts_are_returned() {
    pay_beyond_the_cap(
        Currency::Cny,
        "writer_day_cap",
        "article_day_minor = 100000, writer_day_minor = 100000, reader_day_minor = 100000",
        3,
    );
}

#[test]
fn concurrent_payments_never_exceed_an_article_cap() {
    for seed in 0..15 {
        let Fixture { world, article, .. } = Fixture::new(Currency::Usd);
        world.raw(&format!(
            "INSERT INTO policy (version, currency, effective_from, praise_min_minor,
               praise_cap_minor, reader_day_minor, guest_day_minor, payer_day_minor, article_day_minor,
               writer_day_minor, hold_days, undo_minutes)
             VALUES (2, 'USD', {}, 100, 3000, 9000, 3000, 9000, 9000, 9000, 7, 10)",
            world.now().ms(),
        ));
        let messages: Vec<_> = (0..6)
            .map(|n| {
                let intent_id =
                    world.start_praise(&world.person(&format!("reader-{n}")), &article, 3000);
                let order_id = world.order_of(&intent_id);
                world.pay_silently(&intent_id);
                world.run(async |ctx| {
                    ctx.provider.sandbox.message(&order_id, ctx.now).await.unwrap().unwrap()
                })
            })
            .collect();
        world.race(seed, 6, async |ctx, i| {
            match edge::payments::webhook::receive(ctx, &messages[i]).await.unwrap() {
                edge::payments::webhook::Received::Stored(message) => {
                    edge::payments::webhook::process(ctx, &message).await.unwrap();
                }
                other => panic!("{other:?}"),
            }
        });
        assert_eq!(world.count("praise"), 3, "seed {seed}");
        assert_eq!(world.count("payment WHERE fate = 'return'"), 3, "seed {seed}");
        world.run_jobs();
        assert_eq!(world.count("refund WHERE state = 'succeeded'"), 3, "seed {seed}");
        assert_eq!(world.balance("provider_unsettled"), 9000, "seed {seed}");
    }
}

#[test]
fn turning_praise_off_or_stopping_it_returns_no_payment() {
    for off in [
        "UPDATE article SET praise_on = 0",
        "UPDATE official_account SET praise_on = 0",
        "UPDATE official_account SET kind = 'organization'",
        "INSERT INTO global_stop VALUES (1, 0, 'exercise')",
    ] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let intent_id = world.start_praise(&reader, &article, 1000);
        world.raw(off);
        world.pay(&intent_id);
        assert_eq!(world.state_of(&intent_id), "paid", "{off}");
        assert_eq!(world.balance("writer_held"), -1000, "{off}");
    }
}

#[test]
fn a_refusal_after_midnight_names_the_next_midnight() {
    let Fixture { world, article, reader, .. } = Fixture::at("2026-11-22T15:50:00Z", Currency::Cny);
    let late = world.start_praise(&reader, &article, 20_000);
    world.set_now(world.now().plus_minutes(15));
    let today = world.now().day(Currency::Cny);
    assert_eq!(today.to_string(), "2026-11-23");
    // The policy of the new day is stricter, and its room is already used.
    world.raw(&format!(
        "INSERT INTO policy (version, currency, effective_from, praise_min_minor,
               praise_cap_minor, reader_day_minor, guest_day_minor, payer_day_minor, article_day_minor,
               writer_day_minor, hold_days, undo_minutes)
             VALUES (2, 'CNY', {}, 100, 20000, 20000, 20000, 20000, 20000, 20000, 7, 10)",
        today.starts_at(Currency::Cny).ms(),
    ));
    world.give_praise(&world.person("bo"), &article, 20_000);
    world.pay(&late);
    let refusal = world.view(&reader, &late).refusal.unwrap();
    assert_eq!(refusal.code(), "rule.article_day_cap");
    assert_eq!(refusal.limit(), Some(Money::new(20_000, Currency::Cny)));
    assert_eq!(refusal.reopens_at(), Some(today.plus(1).starts_at(Currency::Cny)));
}

#[test]
fn the_thank_you_text_is_the_one_at_booking() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.raw("UPDATE official_account SET thanks = 'New words.'");
    world.pay(&intent_id);
    world.raw("UPDATE official_account SET thanks = 'Newer words.'");
    assert_eq!(world.view(&reader, &intent_id).thanks.as_deref(), Some("New words."));
}
