//! At most five attempts of a person wait for payment; a sixth start offers the oldest of them.

use shared::limits::OPEN_INTENTS_MAX;
use shared::money::Currency;
use shared::problem::Problem;

use crate::support::people::Fixture;

#[test]
fn a_sixth_start_is_refused_with_the_oldest_open_attempt() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    let other = world.article(&account, "Rain");
    let mut open = Vec::new();
    for minor in 1..=OPEN_INTENTS_MAX {
        open.push(world.start_praise(&reader, &article, minor * 100));
        world.set_now(world.now().plus_seconds(1));
    }
    let oldest = world.view(&reader, &open[0]).intent;
    // The article makes no difference. A refused start changes nothing but the attempt counters.
    for article in [&article, &other] {
        let before = world.dump_without_attempts();
        let refused = world.start(&world.praise_request(&reader, article, 100)).unwrap_err();
        assert_eq!(world.dump_without_attempts(), before);
        let problem = refused.problem();
        assert_eq!((problem.code(), problem.status()), ("rule.open_intents", 409));
        assert_eq!(problem.reopens_at(), Some(oldest.expires_at));
        let offered = problem.open_intent().unwrap();
        assert_eq!((&offered.id, &offered.article), (&open[0], &oldest.article));
        assert_eq!(offered.title, "Snow");
        assert_eq!(offered.currency, Currency::Cny);
        assert_eq!(offered.expires_at, oldest.expires_at);
    }
    // Others are not affected.
    world.start_praise(&world.person("bo"), &article, 100);
}

#[test]
fn every_end_of_an_open_attempt_makes_room_for_one() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let start = || world.start(&world.praise_request(&reader, &article, 100));
    let open: Vec<_> = (0..OPEN_INTENTS_MAX).map(|_| start().unwrap()).collect();
    assert_eq!(start().unwrap_err().problem().code(), "rule.open_intents");
    world.pay(&open[0]);
    start().unwrap();
    assert_eq!(start().unwrap_err().problem().code(), "rule.open_intents");
    world.cancel(&open[1]).unwrap();
    start().unwrap();
    assert_eq!(start().unwrap_err().problem().code(), "rule.open_intents");
    world.advance_minutes(31);
    for _ in 0..OPEN_INTENTS_MAX {
        start().unwrap();
    }
    assert_eq!(start().unwrap_err().problem().code(), "rule.open_intents");
}

#[test]
fn a_repeated_key_finds_its_attempt_when_five_are_open() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let request = world.praise_request(&reader, &article, 100);
    let first = world.start(&request).unwrap();
    for _ in 1..OPEN_INTENTS_MAX {
        world.start_praise(&reader, &article, 100);
    }
    assert_eq!(world.start(&request).unwrap(), first);
}

#[test]
fn late_money_is_booked_when_five_are_open() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let late = world.start_praise(&reader, &article, 800);
    let order_id = world.order_of(&late);
    world.advance_minutes(60);
    assert_eq!(world.state_of(&late), "expired");
    for _ in 0..OPEN_INTENTS_MAX {
        world.start_praise(&reader, &article, 100);
    }
    let report = world.provider_receives(&order_id, "tx-late", 800);
    world.deliver(&world.sign_report("evt-late", &order_id, report));
    assert_eq!(world.state_of(&late), "paid");
}

#[test]
fn of_fifty_concurrent_starts_exactly_five_are_open() {
    for seed in 0..20 {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Usd);
        let requests: Vec<_> =
            (0..50).map(|_| world.praise_request(&reader, &article, 100)).collect();
        let ended = world.race(seed, 50, async |ctx, n| requests[n].start(ctx).await);
        assert_eq!(ended.iter().filter(|one| one.is_ok()).count(), 5, "seed {seed}");
        for failure in ended.into_iter().filter_map(Result::err) {
            assert!(matches!(failure.problem(), Problem::OpenIntents { .. }), "{failure:?}");
        }
        assert_eq!(world.count("intent WHERE state = 'awaiting_payment'"), 5, "seed {seed}");
        assert_eq!(world.reserved(&reader.id), 500, "seed {seed}");
    }
}
