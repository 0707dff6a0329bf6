//! The provider's bills over HTTP: the sandbox plants a row, and two operators explain it.

use serde_json::{Value as Json, json};
use shared::api::reconciliation::Explanation;
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::person::{Person, body};
use tests::unique;

use crate::Clock;

/// The difference of a bill row with this number, if an operator sees one.
fn difference(operator: &Person, number: &str) -> Option<Json> {
    let page = operator.get("/api/v1/operator/differences").expect(200).json();
    let items = page["items"].as_array().expect("a list");
    items.iter().find(|item| item["number"] == number).cloned()
}

#[test]
fn two_operators_explain_a_row_of_a_kind_that_the_product_does_not_know() {
    let clock = Clock::take();
    clock.next_morning();
    let writer = clock.writer("Ann", Cny);
    let slug = writer.article();
    clock.person("Ben").give(&slug, &body(writer.money(1000), Public, None));
    let day = clock.now().day(Cny);
    let number = unique::name("adjustment");
    let row = json!({
        "currency": "CNY", "day": day.to_string(), "kind": "risk_reserve", "number": number,
        "amount_minor": -300, "fee_minor": 0,
    });
    clock.call("POST", "/sandbox/api/bills/rows").json(&row).send().expect(204);
    let fault = |fault: &str, mend: bool| {
        let body = json!({
            "currency": "CNY", "day": day.to_string(), "fault": fault, "mend": mend,
        });
        clock.call("POST", "/sandbox/api/bills/faults").json(&body).send()
    };
    fault("lunch", false).problem(422, "field.invalid");
    fault("extra_row", false).expect(204);
    fault("extra_row", true).expect(204);

    // The bill of a day in Shanghai is ready at ten in the morning of the next day.
    clock.advance_to(day.plus(1).starts_at(Cny).plus_minutes(10 * 60 + 15));
    let [chen, chens_phone, ruth] = clock.operators();
    let found = difference(&chen, &number).expect("a difference");
    assert_eq!(
        (found["movement"].as_str(), found["kind"].as_str()),
        (Some("other"), Some("only_theirs"))
    );
    assert_eq!(found["provider_kind"], "risk_reserve");

    let propose = format!(
        "/api/v1/operator/differences/{}/explanations",
        found["id"].as_str().expect("an id")
    );
    let explain =
        json!({ "posting": "provider_fee", "reason": "a reserve that the provider keeps" });
    let proposal: Explanation =
        chen.call("POST", &propose).json(&explain).send().expect(201).read();
    let approve = |operator: &Person| {
        let path = format!("/api/v1/operator/explanations/{}/approve", proposal.id);
        operator.call("POST", &path).json(&json!({ "shown_hash": proposal.shown_hash })).send()
    };
    approve(&chen).problem(403, "rule.two_persons");
    approve(&chens_phone).problem(403, "rule.two_persons");
    approve(&ruth).expect(204);
    let explained = difference(&chen, &number).expect("a difference");
    assert!(explained["closed_at"].is_string(), "{explained}");
}
