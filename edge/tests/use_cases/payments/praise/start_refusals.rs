//! Every rule that refuses a start: the refusal names the rule, the limit and when there is room
//! again, and nothing is stored.

use shared::calendar::Moment;
use shared::limits::Limits;
use shared::money::{Currency, MINOR_MAX, Money};
use shared::problem::Problem;

use crate::support::people::{Article, Fixture, Person};
use crate::support::world::{PraiseRequest, World};

/// Starts, must be refused, and asserts that nothing has changed here or at the provider.
fn refused(world: &World, request: &PraiseRequest<'_>) -> Problem {
    let before = (world.dump_without_attempts(), world.provider_calls.borrow().len());
    let problem = world.start(request).unwrap_err().problem();
    let after = (world.dump_without_attempts(), world.provider_calls.borrow().len());
    assert_eq!(before, after, "a refused start left something behind ({problem:?})");
    problem
}

fn refused_amount(world: &World, reader: &Person, article: &Article, amount: Money) -> Problem {
    refused(world, &PraiseRequest { amount, ..world.praise_request(reader, article, 100) })
}

/// Adds a policy version for a currency, in force from now on.
fn new_policy(world: &World, currency: Currency, change: &str) {
    world.raw(&format!(
        "CREATE TEMP TABLE draft AS SELECT * FROM policy WHERE currency = '{code}'
           ORDER BY version DESC LIMIT 1;
         UPDATE draft SET version = version + 1, effective_from = {now}, {change};
         INSERT INTO policy SELECT * FROM draft; DROP TABLE draft;",
        code = currency.code(),
        now = world.now().ms(),
    ));
}

#[test]
fn amounts_out_of_bounds_are_refused_with_the_bound_in_both_currencies() {
    for currency in Currency::ALL {
        let Fixture { world, article, reader, .. } = Fixture::new(currency);
        let limits = Limits::of(currency);
        for minor in [-MINOR_MAX, -100, -1, 0, 1, 50, limits.praise_min_minor - 1] {
            let problem = refused_amount(&world, &reader, &article, Money::new(minor, currency));
            assert_eq!(problem.code(), "rule.praise_min", "{minor}");
            assert_eq!(problem.limit(), Some(limits.praise_min()), "{minor}");
        }
        for minor in [limits.praise_cap_minor + 1, 1 << 40, MINOR_MAX, MINOR_MAX + 1, i64::MAX] {
            let problem = refused_amount(&world, &reader, &article, Money::new(minor, currency));
            assert_eq!(problem.code(), "rule.praise_cap", "{minor}");
            assert_eq!(problem.limit(), Some(limits.praise_cap()), "{minor}");
        }
        for minor in [limits.praise_min_minor, limits.praise_cap_minor] {
            world.give_praise(&reader, &article, minor);
        }
        assert_eq!(world.count("praise"), 2);
    }
}

#[test]
fn a_narrower_policy_refuses_with_its_own_numbers() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    new_policy(&world, Currency::Cny, "praise_min_minor = 200, praise_cap_minor = 5000");
    let money = |minor| Money::new(minor, Currency::Cny);
    let low = refused_amount(&world, &reader, &article, money(199));
    assert_eq!((low.code(), low.limit()), ("rule.praise_min", Some(money(200))));
    let high = refused_amount(&world, &reader, &article, money(5001));
    assert_eq!((high.code(), high.limit()), ("rule.praise_cap", Some(money(5000))));
    world.give_praise(&reader, &article, 200);
    world.give_praise(&reader, &article, 5000);
    assert_eq!(world.number("SELECT min(policy_version) FROM praise"), 2);
}

#[test]
fn a_policy_is_in_force_from_its_start() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    new_policy(&world, Currency::Cny, "praise_cap_minor = 5000, hold_days = 14");
    world.set_now(world.now().plus_seconds(-1));
    let before = world.start_praise(&reader, &article, 20_000);
    world.set_now(world.now().plus_seconds(1));
    let problem = refused_amount(&world, &reader, &article, Money::new(20_000, Currency::Cny));
    assert_eq!(problem.code(), "rule.praise_cap");
    // The hold period is the one in force at the moment of payment.
    world.pay(&before);
    let row = &world.rows("SELECT policy_version, paid_at, due_at FROM praise")[0];
    let paid_at = Moment::from_ms(row["paid_at"].as_i64().unwrap());
    let due_at = paid_at.day(Currency::Cny).plus(14).starts_at(Currency::Cny);
    assert_eq!(row["policy_version"], 2);
    assert_eq!(row["due_at"], due_at.ms());
}

#[test]
fn a_wrong_currency_is_refused_with_the_accepted_one() {
    for currency in Currency::ALL {
        let Fixture { world, article, reader, .. } = Fixture::new(currency);
        let other = Currency::ALL.into_iter().find(|other| *other != currency).unwrap();
        let problem = refused_amount(&world, &reader, &article, Money::new(500, other));
        assert_eq!(problem.code(), "rule.currency");
        assert!(problem.detail(shared::lang::Lang::En).contains(currency.code()));
    }
}

#[test]
fn an_own_article_is_refused_through_every_sign_in_of_the_person() {
    let Fixture { world, account, article, .. } = Fixture::new(Currency::Cny);
    let request = world.praise_request(&account.owner, &article, 1000);
    assert_eq!(refused(&world, &request), Problem::OwnArticle);
    let second = world.person("wen");
    assert_eq!(second.id, account.owner.id);
    assert_ne!(second.token, account.owner.token);
    let request = world.praise_request(&second, &article, 1000);
    assert_eq!(refused(&world, &request), Problem::OwnArticle);
    // Another identity of the same person, inserted directly into the database.
    world.raw(&format!(
        "INSERT INTO identity VALUES ('sandbox', 'wen-at-work', '{}', 0)",
        account.owner.id,
    ));
    let third = world.person("wen-at-work");
    let request = world.praise_request(&third, &article, 1000);
    assert_eq!(refused(&world, &request), Problem::OwnArticle);
    // A writer may praise other writers' articles.
    let other = world.account(&world.person("lu"), "lu-writes", Currency::Cny);
    let theirs = world.article(&other, "Rain");
    world.give_praise(&second, &theirs, 1000);
    assert_eq!(world.count("praise"), 1);
}

#[test]
fn an_article_that_does_not_accept_gives_no_reason() {
    for (off, on) in [
        ("UPDATE article SET praise_on = 0", "UPDATE article SET praise_on = 1"),
        ("UPDATE article SET status = 'frozen'", "UPDATE article SET status = 'published'"),
        ("UPDATE official_account SET praise_on = 0", "UPDATE official_account SET praise_on = 1"),
        (
            "UPDATE official_account SET status = 'suspended'",
            "UPDATE official_account SET status = 'active'",
        ),
        (
            "UPDATE official_account SET kind = 'organization'",
            "UPDATE official_account SET kind = 'individual'",
        ),
    ] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let accepting = || {
            let found = world.run(async |ctx| {
                edge::queries::articles::find(ctx.db, &article.slug, ctx.now).await.unwrap()
            });
            found.unwrap().praise
        };
        world.raw(off);
        let request = world.praise_request(&reader, &article, 1000);
        assert_eq!(refused(&world, &request), Problem::NotAccepting, "{off}");
        assert_eq!(accepting(), shared::api::PraiseOffer::default(), "{off}");
        world.raw(on);
        world.start(&request).unwrap();
        assert!(accepting().accepting && accepting().terms.is_some(), "{on}");
    }
}

#[test]
fn while_everything_is_stopped_nothing_starts() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let open = world.start_praise(&reader, &article, 1000);
    world.raw("INSERT INTO global_stop VALUES (1, 0, 'exercise')");
    let request = world.praise_request(&reader, &article, 1000);
    let problem = refused(&world, &request);
    assert_eq!(problem, Problem::GlobalStop);
    assert!(problem.retry_after_s().is_some());
    // An attempt that was started before is still booked.
    world.pay(&open);
    assert_eq!(world.state_of(&open), "paid");
    world.raw("DELETE FROM global_stop");
    world.start(&request).unwrap();
}

#[test]
fn without_a_session_or_an_article_nothing_starts() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let mut nobody = reader.clone();
    nobody.token = "0".repeat(52);
    assert_eq!(
        refused(&world, &world.praise_request(&nobody, &article, 1000)),
        Problem::SignInNeeded
    );
    let request =
        PraiseRequest { slug: "nowhere", ..world.praise_request(&reader, &article, 1000) };
    assert_eq!(refused(&world, &request), Problem::NotFound);
    // The session ends after thirty days.
    let request = world.praise_request(&reader, &article, 1000);
    let signed_in = world.now();
    world.set_now(signed_in.plus_days(30).plus_seconds(-1));
    world.start(&request).unwrap();
    world.advance_to(signed_in.plus_days(30));
    assert_eq!(refused(&world, &request), Problem::SignInNeeded);
    world.advance_minutes(30);
}

#[test]
fn a_note_is_counted_in_graphemes_and_a_longer_one_is_refused() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let fits = "👨‍👩‍👧".repeat(140);
    let mut request =
        PraiseRequest { note: Some(&fits), ..world.praise_request(&reader, &article, 1000) };
    let intent_id = world.start(&request).unwrap();
    assert_eq!(world.view(&reader, &intent_id).intent.note.as_deref(), Some(fits.as_str()));
    let too_long = "雪".repeat(141);
    request.note = Some(&too_long);
    assert_eq!(refused(&world, &request).code(), "text.too_long");
}

/// A reader's daily cap to the cent: the last cent fits, one more does not, and the next day there
/// is room again.
fn check_daily_cap(currency: Currency, guest: bool) {
    let Fixture { world, article, reader, .. } = Fixture::new(currency);
    if guest {
        world.raw(&format!("UPDATE person SET kind = 'guest' WHERE id = '{}'", reader.id));
    }
    let limits = Limits::of(currency);
    let (cap, min) = (limits.praise_cap_minor, limits.praise_min_minor);
    let day = if guest { limits.guest_day_minor } else { limits.reader_day_minor };
    let mut left = day;
    while left > cap {
        world.give_praise(&reader, &article, cap);
        left -= cap;
    }
    world.start_praise(&reader, &article, left - min - 1);
    let tomorrow = world.now().day(currency).plus(1).starts_at(currency);
    let full = Problem::ReaderDayCap { limit: Money::new(day, currency), reopens_at: tomorrow };
    let request = world.praise_request(&reader, &article, min + 2);
    assert_eq!(refused(&world, &request), full);
    // One cent less than the excess fits and fills the day.
    let last = world.start_praise(&reader, &article, min + 1);
    assert_eq!(world.reserved(&reader.id), day);
    let request = world.praise_request(&reader, &article, min);
    assert_eq!(refused(&world, &request), full);

    // An attempt that ends unpaid gives its room back, and no more than that.
    world.cancel(&last).unwrap();
    assert_eq!(world.reserved(&reader.id), day - min - 1);
    world.start_praise(&reader, &article, min + 1);
    assert_eq!(refused(&world, &request), full);

    // Another reader has their own day, and the same reader has room again tomorrow.
    world.start_praise(&world.person("bo"), &article, min);
    world.set_now(tomorrow.plus_seconds(-1));
    assert_eq!(refused(&world, &request), full);
    world.advance_to(tomorrow);
    world.start(&request).unwrap();
}

#[test]
fn a_readers_daily_cap_in_yuan_is_exact() {
    check_daily_cap(Currency::Cny, false);
}

#[test]
fn a_readers_daily_cap_in_dollars_is_exact() {
    check_daily_cap(Currency::Usd, false);
}

#[test]
fn a_guests_daily_cap_in_yuan_is_exact() {
    check_daily_cap(Currency::Cny, true);
}

#[test]
fn a_guests_daily_cap_in_dollars_is_exact() {
    check_daily_cap(Currency::Usd, true);
}

#[test]
fn daily_caps_are_separate_per_currency() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let dollars = world.account(&world.person("lu"), "lu-writes", Currency::Usd);
    let other = world.article(&dollars, "Rain");
    for _ in 0..5 {
        world.give_praise(&reader, &article, 20_000);
    }
    world.start_praise(&reader, &other, 3000);
    let request = world.praise_request(&reader, &article, 100);
    assert_eq!(refused(&world, &request).code(), "rule.reader_day_cap");
}

#[test]
fn an_article_is_refused_when_less_room_than_one_full_praise_is_left() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    // Five full praises per day.
    new_policy(&world, Currency::Cny, "article_day_minor = 100000, reader_day_minor = 100000");
    let bo = world.person("bo");
    for _ in 0..4 {
        world.give_praise(&reader, &article, 20_000);
    }
    // Room for exactly one full praise is left, which is enough to start.
    world.give_praise(&bo, &article, 100);
    let request = world.praise_request(&bo, &article, 100);
    let tomorrow = world.now().day(Currency::Cny).plus(1).starts_at(Currency::Cny);
    let full =
        Problem::ArticleDayCap { limit: Money::new(100_000, Currency::Cny), reopens_at: tomorrow };
    assert_eq!(refused(&world, &request), full);
    // It is refused whatever the amount is, so that trying amounts reveals nothing. Another article
    // is open.
    let larger = world.praise_request(&bo, &article, 20_000);
    assert_eq!(refused(&world, &larger), full);
    let other = world.article(&account, "Rain");
    world.start_praise(&bo, &other, 100);
    world.advance_to(tomorrow);
    world.start(&request).unwrap();
}

#[test]
fn a_writers_cap_counts_all_accounts_of_the_person() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Usd);
    new_policy(&world, Currency::Usd, "article_day_minor = 15000, writer_day_minor = 15000");
    let second = world.account(&account.owner, "wen-too", Currency::Usd);
    let other = world.article(&second, "Rain");
    for article in [&article, &other, &article, &other] {
        world.give_praise(&reader, article, 3000);
    }
    let bo = world.person("bo");
    world.give_praise(&bo, &other, 100);
    let tomorrow = world.now().day(Currency::Usd).plus(1).starts_at(Currency::Usd);
    let full =
        Problem::WriterDayCap { limit: Money::new(15_000, Currency::Usd), reopens_at: tomorrow };
    for article in [&article, &other] {
        let request = world.praise_request(&bo, article, 100);
        assert_eq!(refused(&world, &request), full);
    }
    // Another writer still receives.
    let lu = world.account(&world.person("lu"), "lu-writes", Currency::Usd);
    let theirs = world.article(&lu, "Wind");
    world.start_praise(&bo, &theirs, 100);
    world.advance_to(tomorrow);
    world.start_praise(&bo, &other, 100);
}

/// With the published numbers: an article and a writer are filled praise by praise.
#[test]
fn article_and_writer_caps_hold_with_the_published_numbers() {
    for currency in Currency::ALL {
        let Fixture { world, account, article, .. } = Fixture::new(currency);
        let limits = Limits::of(currency);
        let second = world.account(&account.owner, "wen-too", currency);
        let articles = [article, world.article(&second, "Rain"), world.article(&second, "Wind")];
        let full_praises = (limits.writer_day_minor / limits.praise_cap_minor) as usize;
        let per_article = (limits.article_day_minor / limits.praise_cap_minor) as usize;
        let mut readers: Vec<Person> = Vec::new();
        for n in 0..full_praises {
            if n % 5 == 0 {
                readers.push(world.person(&format!("reader-{n}")));
            }
            let reader = readers.last().unwrap();
            world.give_praise(reader, &articles[n / per_article], limits.praise_cap_minor);
            if n + 1 == per_article {
                let request = world.praise_request(&readers[0], &articles[0], 100);
                assert_eq!(refused(&world, &request).code(), "rule.article_day_cap");
            }
        }
        let article_day = limits.article_day_minor;
        assert_eq!(world.number("SELECT max(booked_minor) FROM article_day"), article_day);
        let writer_day = limits.writer_day_minor;
        assert_eq!(world.number("SELECT booked_minor FROM writer_day"), writer_day);
        let bo = world.person("bo");
        let request = world.praise_request(&bo, &articles[2], 100);
        let problem = refused(&world, &request);
        assert_eq!(problem.code(), "rule.writer_day_cap");
        assert_eq!(problem.limit(), Some(Money::new(writer_day, currency)));
        assert_eq!(world.balance("provider_unsettled"), writer_day);
        assert_eq!(world.balance("writer_held"), -writer_day);
    }
}
