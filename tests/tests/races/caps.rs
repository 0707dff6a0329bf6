//! Concurrent payments for an article or a writer that is nearly full: the accepted ones reach the
//! cap exactly, and the others are returned.

use serde_json::json;
use shared::api::StartedPraise;
use shared::machine::IntentState::{Paid, Returned};
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::person::body;
use tests::{Person, Site, Writer, unique};

use crate::{ExclusiveSite, at_once, in_threads, rounds};

/// ¥200; a reader can give it five times a day.
const CAP: i64 = 20_000;
/// ¥50; four of these fit in the place of one of the largest.
const SMALL: i64 = 5_000;
/// An article's daily cap: five of the largest praises. The default cap would take 99 praises to
/// fill before each race.
const ARTICLE_DAY: i64 = 5 * CAP;
/// A writer's daily cap: twelve of the largest praises.
const WRITER_DAY: i64 = 12 * CAP;

/// Lowers the caps for all tests that follow.
fn lower_caps(site: &Site) {
    let [operator, ..] = site.operators();
    let from = site.now().plus_minutes(1);
    let version = json!({
        "currency": "CNY",
        "effective_from": from,
        "change": { "article_day_minor": ARTICLE_DAY, "writer_day_minor": WRITER_DAY },
    });
    operator.call("POST", "/api/v1/operator/policy").json(&version).send().expect(201);
    site.advance_to(from);
}

/// Gives the largest praise `times` times, at most five per reader.
fn fill(site: &Site, writer: &Writer, slug: &str, times: usize) {
    let readers: Vec<Person> = (0..times.div_ceil(5)).map(|_| site.person("Somebody")).collect();
    in_threads(6, times, |number| {
        let started = readers[number / 5].start(slug, writer.money(CAP));
        readers[number / 5].at_cashier(&started, "pay");
    });
}

/// Twelve readers start while there is room for the largest praise, and then all pay at once:
/// exactly four fit.
fn race(site: &Site, writer: &Writer, slugs: &[String]) {
    let readers: Vec<Person> = (0..12).map(|_| site.person("Racer")).collect();
    let request = body(writer.money(SMALL), Public, None);
    let started: Vec<StartedPraise> = readers
        .iter()
        .zip(slugs.iter().cycle())
        .map(|(reader, slug)| reader.start_with(slug, &unique::key(), &request).expect(201).read())
        .collect();
    at_once(readers.len(), |number| readers[number].at_cashier(&started[number], "pay"));
    let states: Vec<_> = readers
        .iter()
        .zip(&started)
        .map(|(reader, started)| reader.intent(&started.intent.id).state)
        .collect();
    let count = |state| states.iter().filter(|one| **one == state).count();
    assert_eq!((count(Paid), count(Returned)), (4, 8), "{states:?}");
}

#[test]
fn an_articles_cap_is_reached_exactly_in_every_round() {
    let site = ExclusiveSite::new();
    lower_caps(&site);
    for _ in 0..rounds(6, 30) {
        site.avoid_midnight();
        let writer = site.writer("Ann", Cny);
        let slug = writer.article();
        // ¥800 of ¥1,000.
        fill(&site, &writer, &slug, 4);
        race(&site, &writer, &[slug]);
    }
}

#[test]
fn a_writers_cap_is_reached_exactly_over_all_accounts_in_every_round() {
    let site = ExclusiveSite::new();
    lower_caps(&site);
    for _ in 0..rounds(6, 30) {
        site.avoid_midnight();
        // Two accounts of one person, and ¥2,200 of ¥2,400 over three articles.
        let first = site.writer("Ann", Cny);
        let second = site.account_of(first.person.clone(), Cny);
        let slugs = [first.article(), first.article(), second.article()];
        fill(&site, &first, &slugs[0], 4);
        fill(&site, &first, &slugs[1], 4);
        fill(&site, &second, &slugs[2], 3);
        race(&site, &first, &slugs);
    }
}
