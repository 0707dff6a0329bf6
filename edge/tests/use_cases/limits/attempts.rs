//! Limits on the number of attempts to start: per minute and per day for a human, per minute for an
//! address.

use edge::failure::Failure;
use edge::limits::attempts::Attempts;
use edge::payments::praise::start::{self, NewPraise, StartOutcome, Starter};
use shared::calendar::Moment;
use shared::key::IdempotencyKey;
use shared::money::Currency;
use shared::problem::Problem;

use super::hashed;
use crate::support::people::{Fixture, Person};
use crate::support::world::{Ctx, PraiseRequest, World};

/// Starts a praise from an address. Returns how many attempts are counted and the outcome.
async fn try_from(
    ctx: &Ctx<'_>,
    request: &PraiseRequest<'_>,
    address: Option<&str>,
) -> (Attempts, Result<String, Failure>) {
    let key = IdempotencyKey::parse(&request.key).unwrap();
    let address = address.map(hashed);
    let praise = NewPraise::new(request.amount, request.visibility, request.note).unwrap();
    let starter = Starter::from_token(&request.reader.token);
    let started = start::start(ctx, starter, request.slug, &key, address.as_ref(), &praise);
    let StartOutcome { attempts, result } = started.await.unwrap();
    (attempts, result.map(|view| view.intent.id))
}

fn tried(world: &World, request: &PraiseRequest<'_>) -> Result<String, Problem> {
    let started = world.run(async |ctx| try_from(ctx, request, None).await.1);
    started.map_err(|failure| failure.problem())
}

/// The refusal for a window that is full.
fn full(limit: i64, window_s: i64, wait_s: i64, reopens_at: Moment) -> Problem {
    Problem::TooManyAttempts { limit, window_s, wait_s, reopens_at }
}

/// A fixture whose clock is at the beginning of a minute.
fn fixture() -> Fixture {
    Fixture::at("2026-11-22T09:30:00Z", Currency::Cny)
}

#[test]
fn sixty_attempts_a_minute_and_the_window_ends_to_the_millisecond() {
    let Fixture { world, article, reader, .. } = fixture();
    let end = world.now().plus_minutes(1);
    // Most are refused because they exceed the cap, but refused starts count as attempts too.
    for n in 0..60 {
        let minor = if n % 12 == 0 { 100 } else { 20_001 };
        let code =
            tried(&world, &world.praise_request(&reader, &article, minor)).map_err(|p| p.code());
        assert_eq!(code.is_ok(), n % 12 == 0, "{n} {code:?}");
    }
    let before = world.dump_without_attempts();
    assert_eq!(
        tried(&world, &world.praise_request(&reader, &article, 100)),
        Err(full(60, 60, 60, end))
    );
    world.set_now(Moment::from_ms(end.ms() - 1));
    let problem = tried(&world, &world.praise_request(&reader, &article, 100)).unwrap_err();
    assert_eq!(problem, full(60, 60, 1, end));
    assert_eq!((problem.status(), problem.retry_after_s()), (429, Some(1)));
    assert_eq!(world.dump_without_attempts(), before);
    // Other people are not affected.
    world.start_praise(&world.person("bo"), &article, 100);
    world.set_now(end);
    let problem = tried(&world, &world.praise_request(&reader, &article, 100)).unwrap_err();
    assert_eq!(problem.code(), "rule.open_intents");
}

#[test]
fn three_hundred_attempts_a_day_without_those_refused_by_the_minute() {
    let Fixture { world, article, reader, .. } = fixture();
    let too_much = |reader: &Person| tried(&world, &world.praise_request(reader, &article, 20_001));
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
fn six_hundred_attempts_a_minute_from_one_address_for_all_people() {
    let Fixture { world, article, .. } = fixture();
    let people: Vec<_> = (0..11).map(|n| world.person(&format!("reader-{n}"))).collect();
    let from = |n: usize, address: Option<&str>| {
        let request = world.praise_request(&people[n % people.len()], &article, 20_001);
        world.run(async |ctx| try_from(ctx, &request, address).await)
    };
    for n in 0..600 {
        let (_, refused) = from(n, Some("203.0.113.7"));
        assert_eq!(refused.unwrap_err().problem().code(), "rule.praise_cap", "{n}");
    }
    let (attempts, refused) = from(0, Some("203.0.113.7"));
    let end = world.now().plus_minutes(1);
    assert_eq!(refused.unwrap_err().problem(), full(600, 60, 60, end));
    assert!(attempts.remaining_field().ends_with("\"address-minute\";r=0;t=60"));
    // The same people can still try from another address, or from an unknown one.
    for address in [Some("203.0.113.8"), None] {
        let (attempts, refused) = from(10, address);
        assert_eq!(refused.unwrap_err().problem().code(), "rule.praise_cap");
        assert_eq!(attempts.policy_field().contains("address"), address.is_some());
    }
    assert!(!world.dump().contains("203.0.113"), "the address itself was stored");
}

#[test]
fn a_repeated_key_is_not_another_attempt() {
    let Fixture { world, article, reader, .. } = fixture();
    let request = world.praise_request(&reader, &article, 100);
    let intent_id = tried(&world, &request).unwrap();
    let before = world.dump();
    for _ in 0..100 {
        let (_, again) = world.run(async |ctx| try_from(ctx, &request, Some("203.0.113.7")).await);
        assert_eq!(again.unwrap(), intent_id);
    }
    let other = PraiseRequest { note: Some("other words"), ..request.clone() };
    assert_eq!(tried(&world, &other), Err(Problem::KeyReused));
    assert_eq!(world.dump(), before);
    // This holds even for a person who has no attempts left.
    for _ in 0..59 {
        tried(&world, &world.praise_request(&reader, &article, 20_001)).unwrap_err();
    }
    assert_eq!(
        tried(&world, &world.praise_request(&reader, &article, 100)).unwrap_err().status(),
        429
    );
    assert_eq!(tried(&world, &request), Ok(intent_id));
}

#[test]
fn a_hundred_concurrent_copies_of_a_request_are_one_attempt() {
    for seed in 0..5 {
        let Fixture { world, article, reader, .. } = fixture();
        let request = world.praise_request(&reader, &article, 100);
        let ended = world.race(seed, 100, async |ctx, _| request.start(ctx).await);
        let first = ended[0].clone().unwrap();
        assert!(ended.into_iter().all(|one| one.unwrap() == first), "seed {seed}");
        let used = "SELECT used FROM attempt WHERE bucket LIKE 'person-minute:%'";
        assert_eq!(world.number(used), 1, "seed {seed}");
        assert_eq!(world.count("intent"), 1);
    }
}

#[test]
fn sixty_of_a_hundred_concurrent_attempts_are_accepted() {
    for seed in 0..5 {
        let Fixture { world, article, reader, .. } = fixture();
        let requests: Vec<_> =
            (0..100).map(|_| world.praise_request(&reader, &article, 100)).collect();
        let ended = world.race(seed, 100, async |ctx, n| requests[n].start(ctx).await);
        // Sixty are within the limit of attempts. Five of these can be open at the same time.
        let refused = |code: &str| {
            let refused = ended.iter().filter_map(|one| one.as_ref().err());
            refused.filter(|failure| failure.problem().code() == code).count()
        };
        let accepted = ended.iter().filter(|one| one.is_ok()).count();
        assert_eq!((accepted, refused("rule.open_intents")), (5, 55), "seed {seed}");
        assert_eq!(refused("rule.attempts"), 40, "seed {seed}");
    }
}

#[test]
fn two_sign_ins_of_one_human_count_together() {
    let Fixture { world, account, .. } = fixture();
    let second = world.person("wen");
    let other = world.account(&world.person("lu"), "lu-writes", Currency::Cny);
    for one in [&account, &other] {
        world.attach_card(&one.owner, &one.handle, "sbxcard_6222020200112233");
    }
    let cai = world.account(&world.person("cai"), "cai-writes", Currency::Cny);
    let article = world.article(&cai, "Wind");
    let sessions = [&account.owner, &second, &other.owner];
    for n in 0..60 {
        let request = world.praise_request(sessions[n % 3], &article, 20_001);
        assert_eq!(tried(&world, &request).unwrap_err().code(), "rule.praise_cap");
    }
    for session in sessions {
        let refused = tried(&world, &world.praise_request(session, &article, 100)).unwrap_err();
        assert_eq!(refused.code(), "rule.attempts");
    }
}

#[test]
fn guests_have_the_same_attempts_and_their_own_daily_cap() {
    for currency in Currency::ALL {
        let Fixture { world, article, reader, .. } = Fixture::new(currency);
        world.raw(&format!("UPDATE person SET kind = 'guest' WHERE id = '{}'", reader.id));
        let limits = shared::limits::Limits::of(currency);
        world.start_praise(&reader, &article, limits.guest_day_minor - 100);
        world.start_praise(&reader, &article, 100);
        let problem = tried(&world, &world.praise_request(&reader, &article, 100)).unwrap_err();
        assert_eq!(problem.code(), "rule.reader_day_cap");
        assert_eq!(problem.limit().unwrap().minor, limits.guest_day_minor);
        for _ in 0..57 {
            tried(&world, &world.praise_request(&reader, &article, 100)).unwrap_err();
        }
        let problem = tried(&world, &world.praise_request(&reader, &article, 100)).unwrap_err();
        assert_eq!(problem.code(), "rule.attempts");
    }
}

#[test]
fn expired_windows_are_deleted() {
    let Fixture { world, article, reader, .. } = fixture();
    let request = world.praise_request(&reader, &article, 20_001);
    world.run(async |ctx| try_from(ctx, &request, Some("203.0.113.7")).await.1.unwrap_err());
    let tidy =
        || world.run(async |ctx| edge::job_runner::delete_expired(ctx.db, ctx.now).await.unwrap());
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
fn anonymous_attempts_are_counted_by_address_only() {
    let Fixture { world, article, reader, .. } = fixture();
    let nobody = Person { id: String::new(), token: "made up".into() };
    let request = PraiseRequest { reader: &nobody, ..world.praise_request(&reader, &article, 100) };
    let (_, refused) = world.run(async |ctx| try_from(ctx, &request, Some("203.0.113.7")).await);
    assert_eq!(refused.unwrap_err().problem(), Problem::SignInNeeded);
    assert_eq!(world.count("attempt"), 1);
}
