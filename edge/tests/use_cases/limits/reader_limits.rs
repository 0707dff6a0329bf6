//! Limits that readers set for themselves: lowered immediately, raised after a day, exact under
//! concurrency.

use edge::limits::reader_limits;
use shared::api::{CurrencyLimits, UpdateLimits};
use shared::calendar::Moment;
use shared::limits::Limits;
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::support::faulty_database::Fault;
use crate::support::people::{Fixture, Person};
use crate::support::world::{World, run_due};

/// An update that changes nothing.
const NOTHING: UpdateLimits = UpdateLimits {
    currency: Currency::Cny,
    praise_minor: None,
    day_minor: None,
    month_minor: None,
};

fn day(minor: i64) -> UpdateLimits {
    UpdateLimits { day_minor: Some(Some(minor)), ..NOTHING }
}

fn set(world: &World, person: &Person, update: &UpdateLimits) -> Result<(), Problem> {
    let set =
        world.run(async |ctx| reader_limits::update(ctx.db, ctx.now, &person.id, update).await);
    set.map_err(|failure| failure.problem())
}

fn limits(world: &World, person: &Person, currency: Currency) -> CurrencyLimits {
    let all =
        world.run(async |ctx| reader_limits::find(ctx.db, ctx.now, &person.id).await.unwrap());
    all.items.into_iter().find(|one| one.currency == currency).unwrap()
}

fn day_in_force(world: &World, person: &Person) -> Option<i64> {
    limits(world, person, Currency::Cny).day.limit.map(|limit| limit.minor)
}

#[test]
fn each_limit_refuses_with_its_amount_and_when_there_is_room_again() {
    for currency in Currency::ALL {
        let Fixture { world, article, reader, .. } = Fixture::new(currency);
        let money = |minor| Money::new(minor, currency);
        let started = world.now();
        let update = UpdateLimits {
            currency,
            praise_minor: Some(Some(1500)),
            day_minor: Some(Some(2500)),
            month_minor: Some(Some(4000)),
        };
        set(&world, &reader, &update).unwrap();
        let start = |minor| world.start(&world.praise_request(&reader, &article, minor));
        let refused = |minor| start(minor).unwrap_err().problem();
        assert_eq!(refused(1501), Problem::ReaderOwnPraise { limit: money(1500) });
        world.give_praise(&reader, &article, 1500);
        let reopens_at = started.day(currency).plus(1).starts_at(currency);
        let limit = money(2500);
        assert_eq!(refused(1001), Problem::ReaderOwnDay { limit, reopens_at });
        world.give_praise(&reader, &article, 1000);
        assert_eq!(refused(100), Problem::ReaderOwnDay { limit, reopens_at });
        let shown = limits(&world, &reader, currency);
        assert_eq!((shown.used_today, shown.used_this_month), (money(2500), money(2500)));
        // The next day has room again, but only as much as the month allows.
        world.set_now(Moment::from_ms(reopens_at.ms() - 1));
        assert_eq!(refused(100).code(), "rule.reader_own_day");
        world.set_now(reopens_at);
        let limit = money(4000);
        let month = Moment::from_rfc3339("2026-12-01T00:00:00Z").unwrap();
        let reopens_at = month.day(Currency::Usd).starts_at(currency);
        assert_eq!(refused(1501).code(), "rule.reader_own_praise");
        world.give_praise(&reader, &article, 1400);
        assert_eq!(refused(101), Problem::ReaderOwnMonth { limit, reopens_at });
        world.give_praise(&reader, &article, 100);
        let shown = limits(&world, &reader, currency);
        assert_eq!((shown.used_today, shown.used_this_month), (money(1500), money(4000)));
        world.set_now(Moment::from_ms(reopens_at.ms() - 1));
        assert_eq!(refused(100).code(), "rule.reader_own_month");
        world.set_now(reopens_at);
        world.start_praise(&reader, &article, 100);
        let shown = limits(&world, &reader, currency);
        assert_eq!((shown.used_today, shown.used_this_month), (money(100), money(100)));
        // The other currency and other people have their own limits.
        let other = Currency::ALL.into_iter().find(|other| *other != currency).unwrap();
        assert_eq!(limits(&world, &reader, other).day.limit, None);
        world.start_praise(&world.person("bo"), &article, 3000);
    }
}

#[test]
fn a_limit_of_zero_refuses_everything() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    set(&world, &reader, &day(0)).unwrap();
    let refused = world.start(&world.praise_request(&reader, &article, 100)).unwrap_err().problem();
    assert_eq!(refused.limit(), Some(Money::new(0, Currency::Cny)));
}

#[test]
fn limits_are_bounded_by_the_products_limits() {
    for currency in Currency::ALL {
        let Fixture { world, reader, .. } = Fixture::new(currency);
        let guest = world.person("gus");
        world.raw(&format!("UPDATE person SET kind = 'guest' WHERE id = '{}'", guest.id));
        let product = Limits::of(currency);
        for (person, of_day) in
            [(&reader, product.reader_day_minor), (&guest, product.guest_day_minor)]
        {
            let shown = limits(&world, person, currency);
            let most = [shown.praise.most, shown.day.most, shown.month.most];
            let expected = [product.praise_cap_minor, of_day, of_day * 31];
            assert_eq!(most.map(|most| most.minor), expected);
            let update = |place: usize, minor: i64| {
                let mut fields = [None; 3];
                fields[place] = Some(Some(minor));
                let [praise_minor, day_minor, month_minor] = fields;
                UpdateLimits { currency, praise_minor, day_minor, month_minor }
            };
            let before = world.dump();
            for (place, most) in expected.into_iter().enumerate() {
                for minor in [-1, i64::MIN, most + 1, i64::MAX] {
                    let problem = set(&world, person, &update(place, minor)).unwrap_err();
                    let field = ["praise_minor", "day_minor", "month_minor"][place];
                    assert_eq!(problem.field(), Some(field), "{minor}");
                }
            }
            assert_eq!(world.dump(), before);
            for (place, most) in expected.into_iter().enumerate() {
                set(&world, person, &update(place, most)).unwrap();
                set(&world, person, &update(place, 0)).unwrap();
            }
        }
    }
}

#[test]
fn a_raise_is_in_force_after_24_hours_to_the_millisecond() {
    for wanted in [Some(9000), None] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        set(&world, &reader, &day(5000)).unwrap();
        let raise = UpdateLimits { day_minor: Some(wanted), ..NOTHING };
        set(&world, &reader, &raise).unwrap();
        let from = world.now().plus_days(1);
        let shown = limits(&world, &reader, Currency::Cny).day;
        assert_eq!(shown.limit, Some(Money::new(5000, Currency::Cny)));
        let waits = shown.raise.unwrap();
        assert_eq!((waits.limit.map(|limit| limit.minor), waits.from), (wanted, from));
        // Asking again is the same request and does not restart the day of waiting.
        world.advance_to(Moment::from_ms(from.ms() - 1));
        let before = world.dump();
        set(&world, &reader, &raise).unwrap();
        assert_eq!(world.dump(), before);
        let refused =
            world.start(&world.praise_request(&reader, &article, 5001)).unwrap_err().problem();
        assert_eq!(refused.code(), "rule.reader_own_day");
        world.advance_to(from);
        assert_eq!(day_in_force(&world, &reader), wanted);
        assert_eq!(limits(&world, &reader, Currency::Cny).day.raise, None);
        world.start_praise(&reader, &article, 5001);
        assert_eq!(world.count("job WHERE kind = 'raise_limit' AND done_at IS NULL"), 0);
    }
}

#[test]
fn lowering_is_immediate_and_cancels_a_pending_raise() {
    let Fixture { world, reader, .. } = Fixture::new(Currency::Cny);
    for lower in [4000, 5000] {
        set(&world, &reader, &day(5000)).unwrap();
        set(&world, &reader, &day(9000)).unwrap();
        world.advance_minutes(60);
        set(&world, &reader, &day(lower)).unwrap();
        assert_eq!(day_in_force(&world, &reader), Some(lower));
        assert_eq!(limits(&world, &reader, Currency::Cny).day.raise, None);
        assert_eq!(world.count("job WHERE kind = 'raise_limit' AND done_at IS NULL"), 0);
        world.advance_minutes(48 * 60);
        assert_eq!(day_in_force(&world, &reader), Some(lower));
        // Resets the limit for the next round.
        set(&world, &reader, &UpdateLimits { day_minor: Some(None), ..NOTHING }).unwrap();
        world.advance_minutes(24 * 60);
        assert_eq!(day_in_force(&world, &reader), None);
    }
}

#[test]
fn another_raise_restarts_its_day() {
    let Fixture { world, reader, .. } = Fixture::new(Currency::Cny);
    set(&world, &reader, &day(5000)).unwrap();
    set(&world, &reader, &day(9000)).unwrap();
    world.advance_minutes(23 * 60);
    set(&world, &reader, &day(6000)).unwrap();
    world.advance_minutes(60);
    assert_eq!(day_in_force(&world, &reader), Some(5000));
    world.advance_minutes(23 * 60);
    assert_eq!(day_in_force(&world, &reader), Some(6000));
}

#[test]
fn omitted_limits_stay() {
    let Fixture { world, reader, .. } = Fixture::new(Currency::Cny);
    set(&world, &reader, &day(5000)).unwrap();
    set(&world, &reader, &UpdateLimits { praise_minor: Some(Some(700)), ..NOTHING }).unwrap();
    let before = world.dump();
    set(&world, &reader, &NOTHING).unwrap();
    assert_eq!(world.dump(), before);
    let shown = limits(&world, &reader, Currency::Cny);
    let minor = |limit: Option<Money>| limit.map(|limit| limit.minor);
    assert_eq!(minor(shown.praise.limit), Some(700));
    assert_eq!(minor(shown.day.limit), Some(5000));
    assert_eq!(minor(shown.month.limit), None);
}

#[test]
fn of_fifty_concurrent_starts_exactly_those_that_fit_are_accepted() {
    for seed in 0..20 {
        for (update, fits) in
            [(day(3500), 3), (UpdateLimits { month_minor: Some(Some(4000)), ..NOTHING }, 4)]
        {
            let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
            set(&world, &reader, &update).unwrap();
            let requests: Vec<_> =
                (0..50).map(|_| world.praise_request(&reader, &article, 1000)).collect();
            let ended = world.race(seed, 50, async |ctx, n| requests[n].start(ctx).await);
            assert_eq!(ended.iter().filter(|one| one.is_ok()).count(), fits, "seed {seed}");
            for failure in ended.into_iter().filter_map(Result::err) {
                assert!(failure.problem().code().starts_with("rule.reader_own_"), "{failure:?}");
            }
            assert_eq!(world.reserved(&reader.id), 1000 * fits as i64, "seed {seed}");
        }
    }
}

#[test]
fn a_late_payment_beyond_a_limit_is_returned_with_the_reason() {
    for (update, code) in [
        (day(1000), "rule.reader_own_day"),
        (UpdateLimits { month_minor: Some(Some(1000)), ..NOTHING }, "rule.reader_own_month"),
    ] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let late = world.start_praise(&reader, &article, 800);
        let order_id = world.order_of(&late);
        world.advance_minutes(60);
        assert_eq!(world.state_of(&late), "expired");
        set(&world, &reader, &update).unwrap();
        world.give_praise(&reader, &article, 500);
        let report = world.provider_receives(&order_id, "tx-late", 800);
        world.deliver(&world.sign_report("evt-late", &order_id, report));
        assert_eq!(world.state_of(&late), "returned");
        let problem = |world: &World| {
            let view = world.run(async |ctx| {
                edge::payments::praise::intent::find(ctx.db, &reader.id, &late)
                    .await
                    .unwrap()
                    .unwrap()
            });
            assert_eq!(view.intent.refusal.as_deref(), Some(code));
            view.refusal.unwrap()
        };
        let before = problem(&world);
        assert_eq!(before.limit(), Some(Money::new(1000, Currency::Cny)));
        // The stored reason does not change when the limit does.
        world.advance_minutes(60);
        let none = UpdateLimits { day_minor: Some(None), month_minor: Some(None), ..NOTHING };
        set(&world, &reader, &none).unwrap();
        world.advance_minutes(25 * 60);
        assert_eq!(problem(&world), before);
    }
}

#[test]
fn linked_sign_ins_share_the_lower_limit_and_its_changes() {
    let Fixture { world, account, .. } = Fixture::new(Currency::Cny);
    world.set_now(world.now().plus_seconds(1));
    let lu = world.account(&world.person("lu"), "lu-writes", Currency::Cny);
    set(&world, &account.owner, &day(5000)).unwrap();
    set(&world, &lu.owner, &day(3000)).unwrap();
    for one in [&account, &lu] {
        world.attach_card(&one.owner, &one.handle, "sbxcard_6222020200112233");
    }
    let both = [&account.owner, &lu.owner];
    assert_eq!(both.map(|person| day_in_force(&world, person)), [Some(3000); 2]);
    set(&world, &account.owner, &day(6000)).unwrap();
    assert_eq!(both.map(|person| day_in_force(&world, person)), [Some(3000); 2]);
    world.advance_minutes(24 * 60);
    assert_eq!(both.map(|person| day_in_force(&world, person)), [Some(6000); 2]);
    set(&world, &account.owner, &day(2000)).unwrap();
    let cai = world.account(&world.person("cai"), "cai-writes", Currency::Cny);
    let article = world.article(&cai, "Wind");
    world.start_praise(&account.owner, &article, 1500);
    let refused =
        world.start(&world.praise_request(&lu.owner, &article, 501)).unwrap_err().problem();
    assert_eq!(refused.limit(), Some(Money::new(2000, Currency::Cny)));
    assert_eq!(limits(&world, &lu.owner, Currency::Cny).used_today.minor, 1500);
}

#[test]
fn every_fault_leaves_the_old_limit_or_the_new_one() {
    for fault in Fault::ALL {
        for ahead in 0.. {
            let Fixture { world, reader, .. } = Fixture::new(Currency::Cny);
            set(&world, &reader, &day(5000)).unwrap();
            world.product.fail_once(ahead, fault);
            world.try_request(async |ctx| {
                reader_limits::update(ctx.db, ctx.now, &reader.id, &day(9000)).await
            });
            let passed = world.product.stop_failing();
            world.check();
            set(&world, &reader, &day(9000)).unwrap();
            let asked = world.now();
            world.product.fail_once(ahead, fault);
            world.set_now(asked.plus_days(1));
            world.try_request(async |ctx| run_due(ctx).await);
            world.product.stop_failing();
            world.advance_minutes(5);
            assert_eq!(day_in_force(&world, &reader), Some(9000), "{fault:?} {ahead}");
            if passed {
                assert!(ahead >= 2);
                break;
            }
        }
    }
}
