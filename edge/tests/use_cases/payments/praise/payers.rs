//! The payer, as the provider reports it: the daily cap of one card over all sign-ins, and a card
//! that pays its own account.

use edge::payments::reversal::{ReversalRight, reverse_praise};
use edge::provider::sandbox::cards;
use shared::limits::Limits;
use shared::machine::IntentState;
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::support::people::{Fixture, Person};
use crate::support::world::World;

const CARD: &str = "a card";

/// The sum of all payers' daily counters, in minor units.
fn booked(world: &World) -> i64 {
    world.number("SELECT coalesce(sum(booked_minor), 0) FROM payer_day")
}

/// Reaches the daily cap of one card: each praise is the largest, and by another reader.
fn fill(fixture: &Fixture, currency: Currency) -> Vec<(Person, String)> {
    let Fixture { world, article, .. } = fixture;
    let limits = Limits::of(currency);
    let times = limits.payer_day_minor / limits.praise_cap_minor;
    assert_eq!(times * limits.praise_cap_minor, limits.payer_day_minor);
    let give = |n| {
        let reader = world.person(&format!("reader-{n}"));
        let intent_id = world.start_praise(&reader, article, limits.praise_cap_minor);
        world.pay_with(&intent_id, CARD);
        assert_eq!(world.state_of(&intent_id), "paid", "{n}");
        (reader, intent_id)
    };
    (0..times).map(give).collect()
}

#[test]
fn a_card_pays_up_to_its_daily_cap_whoever_signs_in() {
    for currency in Currency::ALL {
        let fixture = Fixture::new(currency);
        fill(&fixture, currency);
        let Fixture { world, article, reader, .. } = &fixture;
        let limits = Limits::of(currency);
        assert_eq!(booked(world), limits.payer_day_minor);
        let intent_id = world.start_praise(reader, article, 100);
        world.pay_with(&intent_id, CARD);
        let view = world.view(reader, &intent_id);
        assert_eq!(view.intent.state, IntentState::Returned);
        assert_eq!(view.intent.refusal.as_deref(), Some("rule.payer_day_cap"));
        let limit = Money::new(limits.payer_day_minor, currency);
        let reopens_at = world.now().day(currency).plus(1).starts_at(currency);
        assert_eq!(view.refusal, Some(Problem::PayerDayCap { limit, reopens_at }));
        assert_eq!(booked(world), limits.payer_day_minor);
        world.run_jobs();
        assert_eq!(world.text("SELECT state FROM refund"), "succeeded");
        // The cap of one card limits neither another card nor a payer that the provider does not report.
        for payer in [Some("another card"), None] {
            let intent_id = world.start_praise(reader, article, 100);
            match payer {
                Some(payer) => world.pay_with(&intent_id, payer),
                None => world.pay(&intent_id),
            }
            assert_eq!(world.state_of(&intent_id), "paid", "{payer:?}");
        }
        assert_eq!(world.count("payer_day"), 2);
        // On the next day, the card can pay again.
        world.advance_to(reopens_at);
        let intent_id = world.start_praise(reader, article, 100);
        world.pay_with(&intent_id, CARD);
        assert_eq!(world.state_of(&intent_id), "paid");
    }
}

#[test]
fn an_undo_gives_room_back_and_a_take_back_does_not() {
    for (right, fits) in [(ReversalRight::Undo, true), (ReversalRight::TakeBack, false)] {
        let fixture = Fixture::new(Currency::Cny);
        let given = fill(&fixture, Currency::Cny);
        let Fixture { world, article, reader, .. } = &fixture;
        let praise_id =
            world.text(&format!("SELECT id FROM praise WHERE intent_id = '{}'", given[0].1));
        let giver = &given[0].0.id;
        world.run(async |ctx| reverse_praise(ctx, giver, &praise_id, right).await.unwrap());
        let intent_id = world.start_praise(reader, article, 20_000);
        world.pay_with(&intent_id, CARD);
        assert_eq!(world.state_of(&intent_id) == "paid", fits, "{right:?}");
        assert_eq!(booked(world), 100_000, "{right:?}");
    }
}

#[test]
fn concurrent_payments_with_one_card_never_exceed_its_cap() {
    for seed in 0..15 {
        let Fixture { world, article, .. } = Fixture::new(Currency::Usd);
        let messages: Vec<_> = (0..8)
            .map(|n| {
                let reader = world.person(&format!("reader-{n}"));
                let intent_id = world.start_praise(&reader, &article, 3_000);
                let order_id = world.order_of(&intent_id);
                world.run(async |ctx| {
                    let sandbox = &ctx.provider.sandbox;
                    sandbox.set_payer(&order_id, Some(CARD)).await.unwrap();
                });
                world.pay_silently(&intent_id);
                world.run(async |ctx| {
                    ctx.provider.sandbox.message(&order_id, ctx.now).await.unwrap().unwrap()
                })
            })
            .collect();
        world.race(seed, 8, async |ctx, i| {
            match edge::payments::webhook::receive(ctx, &messages[i]).await.unwrap() {
                edge::payments::webhook::Received::Stored(message) => {
                    edge::payments::webhook::process(ctx, &message).await.unwrap();
                }
                other => panic!("{other:?}"),
            }
        });
        assert_eq!(booked(&world), 15_000, "seed {seed}");
        assert_eq!(world.count("praise"), 5, "seed {seed}");
        assert_eq!(world.count("payment WHERE fate = 'return'"), 3, "seed {seed}");
    }
}

#[test]
fn a_payment_by_the_card_that_the_account_is_or_was_paid_to_is_returned() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    let first = "6222020200112233";
    world.attach_card(&account.owner, &account.handle, &format!("sbxcard_{first}"));
    let second = "6222020200445566";
    world.attach_card(&account.owner, &account.handle, &format!("sbxcard_{second}"));
    for digits in [second, first] {
        let intent_id = world.start_praise(&reader, &article, 100);
        world.pay_with(&intent_id, &cards::fingerprint(digits));
        let view = world.view(&reader, &intent_id);
        assert_eq!(view.intent.state, IntentState::Returned, "{digits}");
        assert_eq!(view.refusal, Some(Problem::OwnArticle), "{digits}");
    }
    assert_eq!((booked(&world), world.count("praise")), (0, 0));
    // For another account, the card pays like any other.
    let other = world.account(&world.person("lu"), "lu-writes", Currency::Cny);
    let article = world.article(&other, "Wind");
    let intent_id = world.start_praise(&reader, &article, 100);
    world.pay_with(&intent_id, &cards::fingerprint(second));
    assert_eq!(world.state_of(&intent_id), "paid");
}

#[test]
fn a_payment_without_a_payer_counts_for_nobody() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 100);
    assert_eq!(world.count("payer_day"), 0);
    assert_eq!(world.count("payment WHERE payer IS NULL"), 1);
}
