//! Messages that arrive a hundred times, or never.

use serde_json::json;
use shared::api::StartedPraise;
use shared::machine::IntentState::Paid;
use shared::money::Currency::Cny;
use tests::person::{order, wall};
use tests::{Answer, Person};

use crate::{ExclusiveSite, at_once};

#[test]
fn a_hundred_copies_of_a_message_are_one_booking() {
    let site = ExclusiveSite::new();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    let reader = site.person("Ben");
    let started = reader.start(&slug, writer.money(888));
    reader.at_cashier(&started, "pay_silently");
    let message = site.message(&order(&started));
    let answers: Vec<Answer> = at_once(100, |_| {
        site.call("POST", "/pay/sandbox/notify")
            .header("Sandbox-Timestamp", &message.timestamp)
            .header("Sandbox-Signature", &message.signature)
            .body("application/json", message.body.clone().into_bytes())
            .send()
    });
    for answer in answers {
        assert_eq!(answer.expect(200).json(), json!({ "code": "SUCCESS" }));
    }
    assert_eq!(reader.intent(&started.intent.id).state, Paid);
    assert_eq!(reader.praises().len(), 1);
    assert_eq!((wall(&site, &slug).count, writer.numbers().confirming), (1, 1));
}

#[test]
fn with_all_messages_lost_each_payment_is_found_within_ninety_seconds() {
    let site = ExclusiveSite::new();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    let readers: Vec<Person> = (0..20).map(|_| site.person("Ben")).collect();
    let started: Vec<StartedPraise> =
        readers.iter().map(|reader| reader.start(&slug, writer.money(888))).collect();
    for (reader, started) in readers.iter().zip(&started) {
        reader.at_cashier(started, "pay_silently");
    }
    let paid = || {
        let state = |(reader, started): (&Person, &StartedPraise)| {
            let path = format!("/api/v1/intents/{}", started.intent.id);
            reader.get(&path).expect(200).read::<shared::api::Intent>().state
        };
        readers.iter().zip(&started).map(state).filter(|state| *state == Paid).count()
    };
    let mut waited_s = 0;
    while paid() < readers.len() {
        assert!(waited_s < 90, "{} of {} after {waited_s} s", paid(), readers.len());
        site.advance_s(5);
        waited_s += 5;
    }
}
