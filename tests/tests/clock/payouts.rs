//! Payouts over HTTP: what a writer reads in the course of a week, and that nobody else can read
//! it.

use serde_json::json;
use shared::api::{Page, Payout, PayoutDetail};
use shared::machine::PayoutState;
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::person::body;

use crate::Clock;

#[test]
fn only_the_writer_reads_the_payouts() {
    let clock = Clock::take();
    clock.next_morning();
    let writer = clock.writer("Ann", Cny);
    let (reader, other) = (clock.person("Ben"), clock.writer("Dot", Cny));
    let slug = writer.article();
    for minor in [1000, 2000] {
        reader.give(&slug, &body(writer.money(minor), Public, None));
    }
    let path = format!("/api/v1/studio/accounts/{}/payouts", writer.handle);
    let none: Page<Payout> = writer.person.get(&path).expect(200).read();
    assert_eq!(none.items, []);

    let due = clock.now().day(Cny).plus(7).starts_at(Cny);
    clock.advance_to(due.plus_seconds(-1));
    let none: Page<Payout> = writer.person.get(&path).expect(200).read();
    assert_eq!(none.items, []);
    clock.fault("pay_out", "confirm", 1);
    clock.advance_to(due.plus_minutes(5));
    let page: Page<Payout> = writer.person.get(&path).expect(200).read();
    let [payout] = &page.items[..] else { panic!("{page:?}") };
    assert_eq!(payout.state, PayoutState::AwaitingConfirmation);
    assert_eq!(payout.day, due.day(Cny).to_string());
    assert_eq!((payout.net, payout.praises), (writer.money(3000), 2));
    assert!(payout.to_do.is_some());

    let deed = format!("/sandbox/api/payouts/{}", payout.parts[0].id);
    clock.call("POST", &deed).json(&json!({ "action": "dance" })).send().expect(422);
    clock.call("POST", &deed).json(&json!({ "action": "confirm" })).send().expect(204);
    clock.call("POST", &deed).json(&json!({ "action": "confirm" })).send().expect(404);
    let one = format!("/api/v1/studio/payouts/{}", payout.id);
    let detail: PayoutDetail = writer.person.get(&one).expect(200).read();
    assert_eq!(detail.payout.state, PayoutState::Succeeded);
    assert_eq!(detail.lines.len(), 2);
    let events: Vec<_> = detail.events.iter().map(|event| event.to.as_str()).collect();
    assert_eq!(events.iter().filter(|to| **to == "succeeded").count(), 2, "{events:?}");

    for stranger in [&reader, &other.person] {
        stranger.get(&path).expect(404);
        stranger.get(&one).expect(404);
    }
    clock.get(&one).expect(401);
}
