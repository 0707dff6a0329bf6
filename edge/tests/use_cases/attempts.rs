//! How often somebody may try: per minute and per day of a human, per minute of an address.

use edge::failure::Failure;
use edge::limits::attempts::{self, Address, Attempts};
use edge::payments::praise::start::{self, NewPraise, StartOutcome, Starter};
use shared::calendar::Moment;
use shared::key::IdempotencyKey;
use shared::money::Currency;
use shared::problem::Problem;

use crate::world::people::{Person, Stage};
use crate::world::{Ctx, Wish, World};

/// Starts from an address; what was counted, and what came of it.
async fn try_from(
    ctx: &Ctx<'_>,
    wish: &Wish<'_>,
    address: Option<&str>,
) -> (Attempts, Result<String, Failure>) {
    let key = IdempotencyKey::parse(&wish.key).unwrap();
    let address = address.map(Address::new);
    let praise = NewPraise::new(wish.amount, wish.visibility, wish.note).unwrap();
    let starter = Starter::from_token(&wish.reader.token);
    let started = start::start(ctx, starter, wish.slug, &key, address.as_ref(), &praise);
    let StartOutcome { attempts, result } = started.await.unwrap();
    (attempts, result.map(|view| view.intent.id))
}

fn tried(world: &World, wish: &Wish<'_>) -> Result<String, Problem> {
    let started = world.act(async |ctx| try_from(ctx, wish, None).await.1);
    started.map_err(|failure| failure.problem())
}

/// The refusal of a window.
fn full(limit: i64, window_s: i64, wait_s: i64, reopens_at: Moment) -> Problem {
    Problem::TooManyAttempts { limit, window_s, wait_s, reopens_at }
}

/// A minute that has just begun.
fn stage() -> Stage {
    Stage::at("2026-11-22T09:30:00Z", Currency::Cny)
}

#[test]
fn sixty_guests_a_minute_begin_at_an_address() {
    let Stage { world, .. } = stage();
    let end = world.now().plus_minutes(1);
    let begins = |address: &str| {
        let address = Address::new(address);
        world.act(async |ctx| attempts::count_guest(ctx.db, &address, ctx.now).await.unwrap())
    };
    for n in 0..60 {
        assert_eq!(begins("203.0.113.7"), None, "{n}");
    }
    assert_eq!(begins("203.0.113.7"), Some(full(60, 60, 60, end)));
    assert_eq!(begins("203.0.113.8"), None, "another address has its own minute");
    world.set_now(end);
    assert_eq!(begins("203.0.113.7"), None);
}

#[test]
fn sixty_a_minute_and_the_next_minute_begins_to_the_millisecond() {
    let Stage { world, article, reader, .. } = stage();
    let end = world.now().plus_minutes(1);
    // Refused or not, it was an attempt: these are above the cap.
    for n in 0..60 {
        let minor = if n % 2 == 0 { 100 } else { 20_001 };
        let code = tried(&world, &world.wish(&reader, &article, minor)).map_err(|p| p.code());
        assert_eq!(code.is_ok(), n % 2 == 0, "{n} {code:?}");
    }
    let before = world.everything_but_attempts();
    assert_eq!(tried(&world, &world.wish(&reader, &article, 100)), Err(full(60, 60, 60, end)));
    world.set_now(Moment::from_ms(end.ms() - 1));
    let problem = tried(&world, &world.wish(&reader, &article, 100)).unwrap_err();
    assert_eq!(problem, full(60, 60, 1, end));
    assert_eq!((problem.status(), problem.retry_after_s()), (429, Some(1)));
    assert_eq!(world.everything_but_attempts(), before);
    // Nobody else is held up by it.
    world.started(&world.person("bo"), &article, 100);
    world.set_now(end);
    tried(&world, &world.wish(&reader, &article, 100)).unwrap();
}

#[test]
fn three_hundred_a_day_of_which_the_minutes_refusals_take_nothing() {
    let Stage { world, article, reader, .. } = stage();
    let too_much = |reader: &Person| tried(&world, &world.wish(reader, &article, 20_001));
    for _ in 0..5 {
        for _ in 0..60 {
            assert_eq!(too_much(&reader).unwrap_err().code(), "rule.praise_cap");
        }
        for _ in 0..10 {
            assert_eq!(too_much(&reader).unwrap_err().code(), "rule.attempts");
        }
        world.set_now(world.now().plus_minutes(1));
    }
    let end = Moment::from_rfc3339("2026-11-23T00:00:00Z").unwrap();
    let wait_s = (end.ms() - world.now().ms()) / 1000;
    assert_eq!(too_much(&reader), Err(full(300, 86_400, wait_s, end)));
    world.set_now(Moment::from_ms(end.ms() - 1));
    assert_eq!(too_much(&reader), Err(full(300, 86_400, 1, end)));
    world.set_now(end);
    assert_eq!(too_much(&reader).unwrap_err().code(), "rule.praise_cap");
}

#[test]
fn six_hundred_a_minute_from_one_address_whoever_it_is() {
    let Stage { world, article, .. } = stage();
    let people: Vec<_> = (0..11).map(|n| world.person(&format!("reader-{n}"))).collect();
    let from = |n: usize, address: Option<&str>| {
        let wish = world.wish(&people[n % people.len()], &article, 20_001);
        world.act(async |ctx| try_from(ctx, &wish, address).await)
    };
    for n in 0..600 {
        let (_, refused) = from(n, Some("203.0.113.7"));
        assert_eq!(refused.unwrap_err().problem().code(), "rule.praise_cap", "{n}");
    }
    let (attempts, refused) = from(0, Some("203.0.113.7"));
    let end = world.now().plus_minutes(1);
    assert_eq!(refused.unwrap_err().problem(), full(600, 60, 60, end));
    assert!(attempts.remaining_field().ends_with("\"address-minute\";r=0;t=60"));
    // Elsewhere, or where nobody says where, the same people go on.
    for address in [Some("203.0.113.8"), None] {
        let (attempts, refused) = from(10, address);
        assert_eq!(refused.unwrap_err().problem().code(), "rule.praise_cap");
        assert_eq!(attempts.policy_field().contains("address"), address.is_some());
    }
    assert!(!world.everything().contains("203.0.113"), "the address itself was stored");
}

#[test]
fn the_repetition_of_a_key_does_not_count() {
    let Stage { world, article, reader, .. } = stage();
    let wish = world.wish(&reader, &article, 100);
    let intent_id = tried(&world, &wish).unwrap();
    let before = world.everything();
    for _ in 0..100 {
        let (_, again) = world.act(async |ctx| try_from(ctx, &wish, Some("203.0.113.7")).await);
        assert_eq!(again.unwrap(), intent_id);
    }
    let other = Wish { note: Some("other words"), ..wish.clone() };
    assert_eq!(tried(&world, &other), Err(Problem::KeyReused));
    assert_eq!(world.everything(), before);
    // Even by somebody who has no attempts left.
    for _ in 0..59 {
        tried(&world, &world.wish(&reader, &article, 100)).unwrap();
    }
    assert_eq!(tried(&world, &world.wish(&reader, &article, 100)).unwrap_err().status(), 429);
    assert_eq!(tried(&world, &wish), Ok(intent_id));
}

#[test]
fn a_hundred_copies_of_one_request_at_once_are_one_attempt() {
    for seed in 0..5 {
        let Stage { world, article, reader, .. } = stage();
        let wish = world.wish(&reader, &article, 100);
        let ended = world.race(seed, 100, async |ctx, _| wish.start(ctx).await);
        let first = ended[0].clone().unwrap();
        assert!(ended.into_iter().all(|one| one.unwrap() == first), "seed {seed}");
        let used = "SELECT used FROM attempt WHERE bucket LIKE 'person-minute:%'";
        assert_eq!(world.number(used), 1, "seed {seed}");
        assert_eq!(world.count("intent"), 1);
    }
}

#[test]
fn of_a_hundred_at_once_sixty_are_heard() {
    for seed in 0..5 {
        let Stage { world, article, reader, .. } = stage();
        let wishes: Vec<_> = (0..100).map(|_| world.wish(&reader, &article, 100)).collect();
        let ended = world.race(seed, 100, async |ctx, n| wishes[n].start(ctx).await);
        assert_eq!(ended.iter().filter(|one| one.is_ok()).count(), 60, "seed {seed}");
        for failure in ended.into_iter().filter_map(Result::err) {
            assert_eq!(failure.problem().code(), "rule.attempts");
        }
    }
}

#[test]
fn two_sign_ins_of_one_human_count_together() {
    let Stage { world, account, .. } = stage();
    let second = world.person("wen");
    let other = world.account(&world.person("lu"), "lu-writes", Currency::Cny);
    for one in [&account, &other] {
        world.attached(&one.owner, &one.handle, "sbxcard_6222020200112233");
    }
    let cai = world.account(&world.person("cai"), "cai-writes", Currency::Cny);
    let article = world.article(&cai, "Wind");
    let sessions = [&account.owner, &second, &other.owner];
    for n in 0..60 {
        tried(&world, &world.wish(sessions[n % 3], &article, 100)).unwrap();
    }
    for session in sessions {
        let refused = tried(&world, &world.wish(session, &article, 100)).unwrap_err();
        assert_eq!(refused.code(), "rule.attempts");
    }
}

#[test]
fn guests_have_as_many_attempts_and_a_day_of_their_own_size() {
    for currency in Currency::ALL {
        let Stage { world, article, reader, .. } = Stage::new(currency);
        world.raw(&format!("UPDATE person SET kind = 'guest' WHERE id = '{}'", reader.id));
        let limits = shared::limits::Limits::of(currency);
        world.started(&reader, &article, limits.guest_day_minor - 100);
        world.started(&reader, &article, 100);
        let problem = tried(&world, &world.wish(&reader, &article, 100)).unwrap_err();
        assert_eq!(problem.code(), "rule.reader_day_cap");
        assert_eq!(problem.limit().unwrap().minor, limits.guest_day_minor);
        for _ in 0..57 {
            tried(&world, &world.wish(&reader, &article, 100)).unwrap_err();
        }
        let problem = tried(&world, &world.wish(&reader, &article, 100)).unwrap_err();
        assert_eq!(problem.code(), "rule.attempts");
    }
}

#[test]
fn windows_that_are_over_are_removed() {
    let Stage { world, article, reader, .. } = stage();
    let wish = world.wish(&reader, &article, 20_001);
    world.act(async |ctx| try_from(ctx, &wish, Some("203.0.113.7")).await.1.unwrap_err());
    let tidy =
        || world.act(async |ctx| edge::job_runner::delete_expired(ctx.db, ctx.now).await.unwrap());
    let left = || world.count("attempt");
    tidy();
    assert_eq!(left(), 4, "key, minute, day, address");
    world.set_now(world.now().plus_minutes(1));
    tidy();
    assert_eq!(left(), 1);
    world.set_now(Moment::from_rfc3339("2026-11-23T00:00:00Z").unwrap());
    tidy();
    assert_eq!(left(), 0);
}

#[test]
fn whoever_is_not_signed_in_is_counted_by_the_address_alone() {
    let Stage { world, article, reader, .. } = stage();
    let nobody = Person { id: String::new(), token: "made up".into() };
    let wish = Wish { reader: &nobody, ..world.wish(&reader, &article, 100) };
    let (_, refused) = world.act(async |ctx| try_from(ctx, &wish, Some("203.0.113.7")).await);
    assert_eq!(refused.unwrap_err().problem(), Problem::SignInNeeded);
    assert_eq!(world.count("attempt"), 1);
}
