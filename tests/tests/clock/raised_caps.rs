//! A cap is lowered by one operator, and raised by two, a day later.

use serde_json::{Value as Json, json};
use shared::calendar::Moment;
use tests::person::Person;

use crate::Clock;

const POLICY: &str = "/api/v1/operator/policy";
const RAISES: &str = "/api/v1/operator/policy/raises";

/// The writer's day in the version that comes into force last.
fn writer_day(operator: &Person) -> i64 {
    let versions = operator.get(POLICY).expect(200).json();
    let usd = versions["items"].as_array().expect("a list").iter();
    let latest = usd.filter(|one| one["currency"] == "USD").max_by_key(|one| {
        Moment::from_rfc3339(one["effective_from"].as_str().expect("a time")).expect("a time").ms()
    });
    latest.expect("a version")["writer_day_minor"].as_i64().expect("an amount")
}

#[test]
fn a_cap_is_lowered_by_one_operator_and_raised_by_two() {
    let clock = Clock::take();
    let [chen, chens_phone, ruth] = clock.operators();
    let day = writer_day(&chen);
    let add = |writer_day: i64, from: Moment| {
        let version = json!({
            "currency": "USD", "effective_from": from, "change": { "writer_day_minor": writer_day },
        });
        chen.call("POST", POLICY).json(&version).send()
    };
    let from = clock.now().plus_minutes(1);
    add(day - 100, from).expect(201);
    let refused = add(day, from.plus_minutes(1)).problem(422, "field.invalid");
    assert_eq!(refused.field.as_deref(), Some("writer_day_minor"));
    assert_eq!(writer_day(&chen), day - 100);

    let raise = json!({
        "currency": "USD", "not_before": clock.now(), "change": { "writer_day_minor": day },
        "reason": "the former limit was enough",
    });
    let proposal: Json = chen.call("POST", RAISES).json(&raise).send().expect(201).json();
    let approve = |operator: &Person| {
        let path = format!("{RAISES}/{}/approve", proposal["id"].as_str().expect("an id"));
        operator.call("POST", &path).json(&json!({ "shown_hash": proposal["shown_hash"] })).send()
    };
    for own in [&chen, &chens_phone] {
        approve(own).problem(403, "rule.two_persons");
    }
    let version = approve(&ruth).expect(200).json();
    let from = Moment::from_rfc3339(version["effective_from"].as_str().expect("a time"));
    assert!(from.expect("a time") >= clock.now().plus_minutes(24 * 60 - 1), "{version}");
    assert_eq!(writer_day(&ruth), day);
    let listed = ruth.get(RAISES).expect(200).json();
    assert_eq!(listed["items"][0]["version"], version["version"]);
}
