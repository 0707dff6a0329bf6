//! Idempotency keys: one key starts one attempt.

use shared::machine::{IntentState, Visibility};
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::support::people::Fixture;

#[test]
fn the_same_key_and_body_give_the_same_intent_even_after_it_is_paid() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let request = world.praise_request(&reader, &article, 1000);
    let intent_id = world.start(&request).unwrap();
    let before = world.dump();
    assert_eq!(world.start(&request).unwrap(), intent_id);
    assert_eq!(world.dump(), before, "the repetition stored something");

    world.pay(&intent_id);
    let before = world.dump();
    assert_eq!(world.start(&request).unwrap(), intent_id);
    assert_eq!(world.dump(), before, "the repetition stored something");
    assert_eq!(world.view(&reader, &intent_id).intent.state, IntentState::Paid);
    assert_eq!((world.count("intent"), world.count("provider_order")), (1, 1));
    assert_eq!(world.reserved(&reader.id), 1000);
}

#[test]
fn a_key_quoted_as_a_structured_field_is_the_same_key() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let mut request = world.praise_request(&reader, &article, 1000);
    let intent_id = world.start(&request).unwrap();
    request.key = format!("\"{}\"", request.key);
    assert_eq!(world.start(&request).unwrap(), intent_id);
    assert_eq!(world.count("intent"), 1);
}

#[test]
fn the_same_key_with_any_other_field_is_refused() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    let other = world.article(&account, "Rain");
    let mut request = world.praise_request(&reader, &article, 1000);
    request.note = Some("first");
    world.start(&request).unwrap();
    let before = world.dump();
    let others = [
        crate::support::world::PraiseRequest {
            amount: Money::new(1001, Currency::Cny),
            ..request.clone()
        },
        crate::support::world::PraiseRequest {
            amount: Money::new(1000, Currency::Usd),
            ..request.clone()
        },
        crate::support::world::PraiseRequest {
            visibility: Visibility::Anonymous,
            ..request.clone()
        },
        crate::support::world::PraiseRequest { note: None, ..request.clone() },
        crate::support::world::PraiseRequest { note: Some("First"), ..request.clone() },
        crate::support::world::PraiseRequest { slug: &other.slug, ..request.clone() },
    ];
    for other in others {
        let refused = world.start(&other).unwrap_err().problem();
        assert_eq!(refused, Problem::KeyReused, "{:?} {:?}", other.amount, other.note);
    }
    assert_eq!(world.dump(), before, "a refused request stored something");
}

#[test]
fn normalised_differences_do_not_make_another_body() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let mut request = world.praise_request(&reader, &article, 1000);
    request.note = Some("   ");
    let intent_id = world.start(&request).unwrap();
    request.note = None;
    assert_eq!(world.start(&request).unwrap(), intent_id);
}

#[test]
fn the_same_key_of_another_person_is_another_attempt() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let bo = world.person("bo");
    let hers = world.praise_request(&reader, &article, 1000);
    let his = crate::support::world::PraiseRequest { reader: &bo, ..hers.clone() };
    let (first, second) = (world.start(&hers).unwrap(), world.start(&his).unwrap());
    assert_ne!(first, second);
    assert_eq!(world.start(&hers).unwrap(), first);
    assert_eq!(world.start(&his).unwrap(), second);
    assert_eq!((world.reserved(&reader.id), world.reserved(&bo.id)), (1000, 1000));
}

#[test]
fn a_second_sign_in_of_the_same_person_shares_the_key() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let again = world.person("ana");
    assert_ne!(again.token, reader.token);
    let request = world.praise_request(&reader, &article, 1000);
    let intent_id = world.start(&request).unwrap();
    let repeated = crate::support::world::PraiseRequest { reader: &again, ..request.clone() };
    assert_eq!(world.start(&repeated).unwrap(), intent_id);
}

#[test]
fn concurrent_starts_with_one_key_make_one_intent_and_one_order() {
    for seed in 0..20 {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Usd);
        let request = world.praise_request(&reader, &article, 1500);
        let ended = world.race(seed, 8, async |ctx, _| request.start(ctx).await);
        let first = ended[0].clone().unwrap();
        for each in ended {
            assert_eq!(each.as_ref(), Ok(&first), "seed {seed}");
        }
        assert_eq!((world.count("intent"), world.count("provider_order")), (1, 1), "seed {seed}");
        assert_eq!(world.count("idempotency"), 1, "seed {seed}");
        assert_eq!(world.sandbox.query("SELECT * FROM sandbox_order").len(), 1, "seed {seed}");
        assert_eq!(world.reserved(&reader.id), 1500, "seed {seed}");
        world.pay(&first);
        assert_eq!(world.count("praise"), 1, "seed {seed}");
    }
}

#[test]
fn of_concurrent_starts_with_one_key_and_two_bodies_one_body_wins() {
    for seed in 0..20 {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let request = world.praise_request(&reader, &article, 1000);
        let other = crate::support::world::PraiseRequest { note: Some("other"), ..request.clone() };
        let ended = world.race(seed, 6, async |ctx, i| {
            if i % 2 == 0 { request.start(ctx).await } else { other.start(ctx).await }
        });
        let (even, odd): (Vec<_>, Vec<_>) =
            ended.into_iter().enumerate().partition(|(i, _)| i % 2 == 0);
        let (won, lost) = if even[0].1.is_ok() { (even, odd) } else { (odd, even) };
        let first = won[0].1.clone().unwrap();
        assert!(won.iter().all(|(_, each)| each.as_ref() == Ok(&first)), "seed {seed}");
        for (_, each) in lost {
            assert_eq!(each.unwrap_err().problem(), Problem::KeyReused, "seed {seed}");
        }
        assert_eq!(world.count("intent"), 1, "seed {seed}");
    }
}

#[test]
fn concurrent_starts_with_different_keys_never_exceed_the_daily_cap() {
    for seed in 0..20 {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Usd);
        for _ in 0..3 {
            world.give_praise(&reader, &article, 3000);
        }
        let requests: Vec<_> =
            (0..8).map(|_| world.praise_request(&reader, &article, 2000)).collect();
        let ended = world.race(seed, 8, async |ctx, i| requests[i].start(ctx).await);
        // The daily cap of $150 fits three praises of $20 beside those of $90.
        assert_eq!(ended.iter().filter(|each| each.is_ok()).count(), 3, "seed {seed}");
        for each in ended.into_iter().filter_map(Result::err) {
            assert_eq!(each.problem().code(), "rule.reader_day_cap", "seed {seed}");
        }
        assert_eq!(world.reserved(&reader.id), 15_000, "seed {seed}");
    }
}

#[test]
fn a_key_expires_after_seven_days() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let request = world.praise_request(&reader, &article, 1000);
    let first = world.start(&request).unwrap();
    world.pay(&first);
    let started = world.now();
    let tidy =
        || world.run(async |ctx| edge::job_runner::delete_expired(ctx.db, ctx.now).await.unwrap());
    world.advance_to(started.plus_days(7));
    tidy();
    assert_eq!(world.start(&request).unwrap(), first);
    world.advance_to(started.plus_days(7).plus_seconds(1));
    tidy();
    assert_ne!(world.start(&request).unwrap(), first);
}

#[test]
fn an_open_attempt_is_offered_again_until_it_is_over() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    let other = world.article(&account, "Rain");
    let intent_id = world.start_praise(&reader, &article, 1000);
    let offered = |slug: Option<&str>| {
        world.run(async |ctx| {
            let open = edge::payments::praise::intent::list_open(ctx.db, &reader.id, slug, ctx.now)
                .await
                .unwrap();
            open.into_iter().map(|view| view.intent.id).collect::<Vec<_>>()
        })
    };
    assert_eq!(offered(Some(&article.slug)), std::slice::from_ref(&intent_id));
    assert_eq!(offered(None), std::slice::from_ref(&intent_id));
    assert_eq!(offered(Some(&other.slug)), [""; 0]);
    // The open attempt does not prevent another one.
    let second = world.start_praise(&reader, &article, 1000);
    assert_eq!(offered(None).len(), 2);
    world.pay(&intent_id);
    assert_eq!(offered(None), std::slice::from_ref(&second));
    world.cancel(&second).unwrap();
    assert_eq!(offered(None), [""; 0]);
}

#[test]
fn somebody_elses_intent_is_not_found() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let bo = world.person("bo");
    let intent_id = world.start_praise(&reader, &article, 1000);
    let seen = world.run(async |ctx| {
        edge::payments::praise::intent::find(ctx.db, &bo.id, &intent_id).await.unwrap()
    });
    assert_eq!(seen, None);
}
