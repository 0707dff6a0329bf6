//! Idempotency keys: one key is one attempt, however often and however fast the request is sent.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use serde_json::Value as Json;
use shared::api::StartedPraise;
use shared::lang::Lang::{En, ZhHans};
use shared::machine::Visibility::{Anonymous, Public};
use shared::money::Currency::Cny;
use tests::person::{body, wall};
use tests::{Answer, Person, Site, unique};

/// The number of concurrent requests.
const MANY: usize = 50;

/// Sends the same request from many threads at once.
fn at_once(reader: &Person, slug: &str, key: &str, request: &Json) -> Vec<Answer> {
    thread::scope(|scope| {
        let sent: Vec<_> =
            (0..MANY).map(|_| scope.spawn(|| reader.start_with(slug, key, request))).collect();
        sent.into_iter().map(|sent| sent.join().expect("an answer")).collect()
    })
}

/// The intent in an answer; retries after the time that the answer gives.
fn intent(reader: &Person, slug: &str, key: &str, request: &Json, mut answer: Answer) -> String {
    for _ in 0..10 {
        if answer.status != 409 {
            break;
        }
        let wait = answer.header("retry-after").expect("409 says when to retry");
        thread::sleep(Duration::from_secs(wait.parse().expect("seconds")));
        answer = reader.start_with(slug, key, request);
    }
    answer.expect(201).read::<StartedPraise>().intent.id
}

#[test]
fn concurrent_posts_with_one_key_are_one_intent() {
    let site = Site::open();
    site.avoid_midnight();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    let reader = site.person("Ben");
    for round in 0..3 {
        let (key, request) = (unique::key(), body(writer.money(2_000), Public, Some("once")));
        let answers = at_once(&reader, &slug, &key, &request);
        assert_eq!(answers.len(), MANY);
        let ids: BTreeSet<String> = answers
            .into_iter()
            .map(|answer| intent(&reader, &slug, &key, &request, answer))
            .collect();
        assert_eq!(ids.len(), 1, "round {round}");
        assert_eq!(reader.open_attempts(), round + 1);
    }
    // Three times ¥20 are reserved, not 150 times: the rest of the daily ¥1000 is free.
    for _ in 0..4 {
        reader.give(&slug, &body(writer.money(20_000), Public, None));
    }
    reader.start(&slug, writer.money(14_000));
    let over = body(writer.money(100), Public, None);
    reader.start_with(&slug, &unique::key(), &over).problem(403, "rule.reader_day_cap");
}

#[test]
fn concurrent_posts_with_different_keys_are_different_intents() {
    let site = Site::open();
    site.avoid_midnight();
    let writer = site.writer("Cleo", Cny);
    let slug = writer.article();
    let reader = site.person("Dan");
    let request = body(writer.money(2_500), Public, None);
    let answers: Vec<Answer> = thread::scope(|scope| {
        let send = || reader.start_with(&slug, &unique::key(), &request);
        let sent: Vec<_> = (0..MANY).map(|_| scope.spawn(send)).collect();
        sent.into_iter().map(|sent| sent.join().expect("an answer")).collect()
    });
    // Exactly as many as may wait for payment at a time, whichever came first.
    let started = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(started, 5);
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        refused.problem(409, "rule.open_intents");
    }
}

#[test]
fn the_same_key_with_another_body_is_refused() {
    let site = Site::open();
    let writer = site.writer("Eve", Cny);
    let (slug, other) = (writer.article(), writer.article());
    let reader = site.person("Fay");
    let key = unique::key();
    let first = reader.start_with(&slug, &key, &body(writer.money(100), Public, Some("a")));
    let first: StartedPraise = first.expect(201).read();
    for (slug, request) in [
        (&slug, body(writer.money(101), Public, Some("a"))),
        (&slug, body(writer.money(100), Anonymous, Some("a"))),
        (&slug, body(writer.money(100), Public, Some("b"))),
        (&slug, body(writer.money(100), Public, None)),
        (&other, body(writer.money(100), Public, Some("a"))),
    ] {
        let english = reader.start_with(slug, &key, &request).problem(422, "key.reused");
        assert_eq!(english.title, "Idempotency-Key was already used");
    }
    assert_eq!(reader.open_attempts(), 1);
    // A difference that normalisation removes does not make another request.
    let same = reader.start_with(&slug, &key, &body(writer.money(100), Public, Some(" a ")));
    assert_eq!(same.expect(201).read::<StartedPraise>().intent.id, first.intent.id);
}

#[test]
fn a_quoted_key_is_the_same_key() {
    let site = Site::open();
    let writer = site.writer("Gil", Cny);
    let slug = writer.article();
    let reader = site.person("Hana");
    let (key, request) = (unique::key(), body(writer.money(100), Public, None));
    let bare = reader.start_with(&slug, &key, &request).expect(201).read::<StartedPraise>();
    let quoted = reader.start_with(&slug, &format!("\"{key}\""), &request);
    assert_eq!(quoted.expect(201).read::<StartedPraise>().intent.id, bare.intent.id);
}

#[test]
fn a_key_belongs_to_its_person() {
    let site = Site::open();
    let writer = site.writer("Ida", Cny);
    let slug = writer.article();
    let (key, request) = (unique::key(), body(writer.money(100), Public, None));
    let (jo, kay) = (site.person("Jo"), site.person("Kay"));
    let first: StartedPraise = jo.start_with(&slug, &key, &request).expect(201).read();
    let second: StartedPraise = kay.start_with(&slug, &key, &request).expect(201).read();
    assert_ne!(first.intent.id, second.intent.id);
    // Another sign-in of the same human shares the keys.
    let jo_again = site.second_sign_in(&jo);
    let third: StartedPraise = jo_again.start_with(&slug, &key, &request).expect(201).read();
    assert_eq!(third.intent.id, first.intent.id);
}

#[test]
fn a_form_submitted_many_times_at_once_is_one_intent() {
    let site = Site::open();
    let writer = site.writer("Lu", Cny);
    let slug = writer.article();
    let reader = site.person("Mo");
    let path = format!("/a/{}/praise", tests::encode(&slug));
    let form = reader.get(&path).page().form_to(&path).with("preset", "1000");
    let form = form.with("visibility", "public").with("step", "pay");
    let cashiers: BTreeSet<String> = thread::scope(|scope| {
        let sent: Vec<_> =
            (0..MANY).map(|_| scope.spawn(|| reader.submit(&form).see_other())).collect();
        sent.into_iter().map(|sent| sent.join().expect("an answer")).collect()
    });
    assert_eq!(cashiers.iter().filter(|path| path.starts_with("/sandbox/cashier/")).count(), 1);
    assert_eq!(reader.open_attempts(), 1);
    assert_eq!(wall(&site, &slug).count, 0);
}

#[test]
fn a_missing_or_malformed_key_is_refused() {
    let site = Site::open();
    let writer = site.writer("Nan", Cny);
    let slug = writer.article();
    let reader = site.person("Oz");
    let request = body(writer.money(100), Public, None);
    let path = format!("/api/v1/articles/{}/praises", tests::encode(&slug));
    for (lang, title) in [(En, "Idempotency-Key is missing"), (ZhHans, "缺少 Idempotency-Key")] {
        let answer = reader.call("POST", &path).lang(lang).json(&request).send();
        assert_eq!(answer.problem(400, "key.missing").title, title);
    }
    let long = "k".repeat(129);
    for key in ["short", "has space in it, long", "\"no-end-of-the-quote-at-all", long.as_str()] {
        reader.start_with(&slug, key, &request).problem(400, "key.malformed");
    }
    reader.assert_nothing_stored();
}
