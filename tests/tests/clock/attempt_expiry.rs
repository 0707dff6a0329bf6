//! An attempt expires thirty minutes after its start if it is not paid.

use shared::machine::IntentState::{AwaitingPayment, Expired};
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::person::{body, wall};
use tests::unique;

use crate::Clock;

#[test]
fn an_unpaid_attempt_expires_and_releases_its_room() {
    let clock = Clock::take();
    clock.next_morning();
    let writer = clock.writer("Ann", Cny);
    let slug = writer.article();
    let reader = clock.person("Ben");
    let day = clock.now().day(Cny);
    let note = "kept when time ran out";
    let request = body(writer.money(20_000), Public, Some(note));
    let start = || reader.start_with(&slug, &unique::key(), &request);
    let started: Vec<shared::api::StartedPraise> =
        (0..5).map(|_| start().expect(201).read()).collect();
    let refused = start().problem(409, "rule.open_intents");
    assert_eq!(refused.open_intent.expect("the oldest").id, started[0].intent.id);

    clock.advance_s(29 * 60);
    assert_eq!(reader.intent(&started[0].intent.id).state, AwaitingPayment);
    assert_eq!(reader.open_attempts(), 5);
    clock.advance_s(90);
    for started in &started {
        assert_eq!(reader.intent(&started.intent.id).state, Expired);
        let url = started.payment.url.as_deref().expect("a cashier");
        let page = reader.get(url).expect(200).page();
        assert!(page.all("button[value=pay]").is_empty(), "the cashier still takes money");
        reader.at_cashier(started, "pay");
        assert_eq!(reader.intent(&started.intent.id).state, Expired);
    }
    assert_eq!((reader.open_attempts(), reader.praises().len()), (0, 0));
    assert_eq!(wall(&clock, &slug).count, 0);
    let page = reader.get(&format!("/i/{}", started[0].intent.id)).expect(200).page();
    assert_eq!(page.text_of("h1"), "This payment has expired");
    assert!(page.text().contains("¥200.00") && page.text().contains(note));

    assert_eq!(clock.now().day(Cny), day, "another day would have room in any case");
    let again: Vec<shared::api::StartedPraise> =
        (0..5).map(|_| start().expect(201).read()).collect();
    // One attempt is paid, so only the daily cap refuses another.
    reader.at_cashier(&again[0], "pay");
    start().problem(403, "rule.reader_day_cap");
}

#[test]
fn there_is_room_again_tomorrow() {
    let clock = Clock::take();
    clock.next_morning();
    let writer = clock.writer("Cleo", Cny);
    let slug = writer.article();
    let reader = clock.person("Dan");
    let request = body(writer.money(20_000), Public, None);
    for _ in 0..5 {
        reader.give(&slug, &request);
    }
    let refused = reader.start_with(&slug, &unique::key(), &request);
    let reopens_at = refused.problem(403, "rule.reader_day_cap").reopens_at.expect("a time");
    clock.advance_to(reopens_at.plus_seconds(-60));
    reader.start_with(&slug, &unique::key(), &request).problem(403, "rule.reader_day_cap");
    clock.advance_to(reopens_at);
    reader.give(&slug, &request);
}
