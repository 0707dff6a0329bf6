//! Sessions last thirty days, idempotency keys seven.

use serde_json::json;
use shared::api::StartedPraise;
use shared::lang::Lang::{En, ZhHans};
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::person::body;
use tests::{encode, unique};

use crate::Clock;

#[test]
fn a_session_ends_after_thirty_days() {
    let clock = Clock::take();
    let writer = clock.writer("Ann", Cny);
    let slug = writer.article();
    let reader = clock.person("Ben");
    let path = format!("/a/{}/praise", encode(&slug));
    let form = reader.get(&path).expect(200).page().form_to(&path);
    let form = form.with("preset", "500").with("note", "typed long ago");
    let form = form.with("visibility", "public").press("step", "review");
    clock.advance_s(30 * 24 * 3600 - 60);
    reader.get("/api/v1/me").expect(200);
    clock.advance_s(61);
    for (lang, title) in [(En, "Please sign in"), (ZhHans, "请先登录")] {
        let answer = reader.call("GET", "/api/v1/me").lang(lang).send();
        assert_eq!(answer.problem(401, "sign_in_needed").title, title);
        let request = body(writer.money(100), Public, None);
        let path = format!("/api/v1/articles/{}/praises", encode(&slug));
        let call = reader.call("POST", &path).lang(lang);
        let answer = call.header("Idempotency-Key", &unique::key()).json(&request).send();
        assert_eq!(answer.problem(401, "sign_in_needed").title, title);
    }
    // The form leads to the sign-in page and then back to the entered values.
    let refused = reader.submit(&form);
    let sign_in = refused.see_other();
    let bound = refused.set_cookie("praise_form").expect("a cookie that binds the form");
    let bound = bound.split(';').next().expect("a value");
    assert!(sign_in.starts_with("/sign-in?return="), "{sign_in}");
    let again = clock.sign_in(&reader.login, &reader.subject, "Ben");
    let page = clock.get(&sign_in).expect(200).page();
    let back = page.attributes("input[name=return]", "value").remove(0);
    let restored = again.call("GET", &back).cookie("praise_form", bound).send();
    let restored = restored.expect(200).page().form_to(&path);
    for name in ["preset", "note", "visibility"] {
        assert_eq!(restored.value(name), form.value(name), "{name} is lost");
    }
    again.assert_nothing_stored();
    assert_eq!(again.get("/api/v1/me").expect(200).json()["name"], json!("Ben"));
}

#[test]
fn a_key_expires_after_seven_days() {
    let clock = Clock::take();
    let writer = clock.writer("Cleo", Cny);
    let slug = writer.article();
    let reader = clock.person("Dan");
    let (key, request) = (unique::key(), body(writer.money(100), Public, None));
    let start = || -> StartedPraise { reader.start_with(&slug, &key, &request).expect(201).read() };
    let first = start();
    // The scheduled event that deletes expired rows.
    let tidy = || clock.get("/cdn-cgi/handler/scheduled?cron=*/10+*+*+*+*").expect(200);
    clock.advance_s(7 * 24 * 3600 - 3600);
    tidy();
    assert_eq!(start().intent.id, first.intent.id);
    clock.advance_s(3600 + 60);
    tidy();
    assert_ne!(start().intent.id, first.intent.id);
}
