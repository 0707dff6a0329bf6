//! Readers who start too often and too fast.

use std::collections::BTreeSet;

use shared::api::StartedPraise;
use shared::machine::Visibility::Public;
use shared::money::Currency::{Cny, Usd};
use tests::person::body;
use tests::{Answer, Person, Writer, unique};

use crate::{ExclusiveSite, at_once, rounds};

#[test]
fn a_hundred_posts_with_one_key_are_one_intent() {
    let site = ExclusiveSite::new();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    let reader = site.person("Ben");
    let (key, request) = (unique::key(), body(writer.money(2_000), Public, Some("once")));
    let answers = at_once(100, |_| reader.start_with(&slug, &key, &request));
    let ids: BTreeSet<String> = answers
        .into_iter()
        .map(|answer| answer.expect(201).read::<StartedPraise>().intent.id)
        .collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(reader.open_attempts(), 1);
}

/// Starts two hundred praises at once with different keys; returns how many were accepted.
fn two_hundred(reader: &Person, writer: &Writer, slug: &str, minor: i64) -> i64 {
    let request = body(writer.money(minor), Public, None);
    let answers: Vec<Answer> = at_once(200, |_| reader.start_with(slug, &unique::key(), &request));
    let mut accepted = 0;
    for answer in &answers {
        match answer.status {
            201 => accepted += 1,
            // The daily cap, the limit of open attempts or that of starts per minute is reached.
            403 => drop(answer.problem(403, "rule.reader_day_cap")),
            409 => drop(answer.problem(409, "rule.open_intents")),
            _ => drop(answer.problem(429, "rule.attempts")),
        }
    }
    accepted
}

#[test]
fn of_two_hundred_at_the_readers_limit_exactly_what_fits_is_accepted_in_every_round() {
    let site = ExclusiveSite::new();
    // Four praises are paid, and three more fit below the daily cap.
    for (currency, paid, each) in [(Cny, 20_000, 6_000), (Usd, 3_000, 1_000)] {
        for round in 0..rounds(3, 10) {
            site.avoid_midnight();
            let writer = site.writer("Ann", currency);
            let slug = writer.article();
            let reader = site.person("Ben");
            for _ in 0..4 {
                reader.give(&slug, &body(writer.money(paid), Public, None));
            }
            let accepted = two_hundred(&reader, &writer, &slug, each);
            assert_eq!(accepted, 3, "round {round} in {currency}");
        }
    }
}

#[test]
fn of_two_hundred_small_starts_exactly_five_wait_for_payment_in_every_round() {
    let site = ExclusiveSite::new();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    for round in 0..rounds(3, 10) {
        site.avoid_midnight();
        let reader = site.person("Ben");
        assert_eq!(two_hundred(&reader, &writer, &slug, 100), 5, "round {round}");
        assert_eq!(reader.open_attempts(), 5, "round {round}");
    }
}
