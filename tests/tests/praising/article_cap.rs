//! An article's daily cap: it is used up exactly, and payments beyond it are returned.

use std::thread;

use serde_json::json;
use shared::api::StartedPraise;
use shared::machine::IntentState::{Paid, Returned};
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::person::{body, wall};
use tests::{Person, Site, unique};

/// ¥200; a hundred of these fill an article's daily cap of ¥20,000.
const CAP: i64 = 20_000;

#[test]
fn payments_beyond_an_articles_daily_cap_are_returned() {
    let site = Site::open();
    site.avoid_midnight();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    let readers: Vec<Person> = (0..20).map(|n| site.person(&format!("Reader {n}"))).collect();
    // One less than fits: five from each reader, and four from the last.
    thread::scope(|scope| {
        for (number, reader) in readers.iter().enumerate() {
            let (slug, request) = (&slug, body(writer.money(CAP), Public, None));
            let times = if number == 19 { 4 } else { 5 };
            scope.spawn(move || {
                for _ in 0..times {
                    reader.give(slug, &request);
                }
            });
        }
    });
    assert_eq!(wall(&site, &slug).count, 20);

    // There is room for one more of the largest amount, so anybody may start, and the first to pay
    // gets it.
    let late: Vec<Person> = (0..3).map(|n| site.person(&format!("Late {n}"))).collect();
    let started: Vec<StartedPraise> =
        late.iter().map(|reader| reader.start(&slug, writer.money(CAP))).collect();
    thread::scope(|scope| {
        for (reader, started) in late.iter().zip(&started) {
            scope.spawn(move || reader.at_cashier(started, "pay"));
        }
    });
    let intents: Vec<_> =
        late.iter().zip(&started).map(|(reader, s)| reader.intent(&s.intent.id)).collect();
    let count = |state| intents.iter().filter(|intent| intent.state == state).count();
    assert_eq!((count(Paid), count(Returned)), (1, 2), "{intents:?}");
    assert_eq!(wall(&site, &slug).count, 21, "what went back is on the wall");
    assert_eq!(writer.numbers().confirming, 100);

    // The readers whose payment is returned are told why, and have no praise.
    for (reader, intent) in late.iter().zip(&intents).filter(|(_, i)| i.state == Returned) {
        assert_eq!(intent.refusal.as_deref(), Some("rule.article_day_cap"));
        assert_eq!((&intent.praise, reader.praises().len()), (&None, 0));
        let page = reader.get(&format!("/i/{}", intent.id)).expect(200).page();
        assert_eq!(page.text_of("h1"), "Your praise did not go through");
        let why = page.text_of(".refusal");
        assert!(why.contains("Over this article's daily limit"), "{why}");
        assert!(why.contains("The limit is ¥20,000.00."), "{why}");
    }

    // Full: nobody can start until tomorrow.
    let reader = site.person("Too Late");
    let small = body(writer.money(100), Public, None);
    let problem =
        reader.start_with(&slug, &unique::key(), &small).problem(403, "rule.article_day_cap");
    assert_eq!(json!(problem.limit), json!({ "minor": 2_000_000, "currency": "CNY" }));
    let tomorrow = site.now().day(Cny).plus(1).starts_at(Cny);
    assert_eq!(problem.reopens_at, Some(tomorrow));
    reader.assert_nothing_stored();
    // Another article of the same writer has its own room.
    reader.give(&writer.article(), &small);
}
