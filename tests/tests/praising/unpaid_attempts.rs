//! Attempts that end without a praise: declined, left and continued, cancelled.

use serde_json::json;
use shared::api::{Intent, StartedPraise};
use shared::lang::Lang::{En, ZhHans};
use shared::machine::IntentState::{AwaitingPayment, Cancelled, Declined, Paid};
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::person::{body, wall};
use tests::{Person, Site, Writer, unique};

const NOTE: &str = "kept, whatever happens";

fn started(reader: &Person, writer: &Writer, slug: &str) -> StartedPraise {
    let request = body(writer.money(888), Public, Some(NOTE));
    reader.start_with(slug, &unique::key(), &request).expect(201).read()
}

fn cancel(reader: &Person, started: &StartedPraise) -> Intent {
    let path = format!("/api/v1/intents/{}/cancel", started.intent.id);
    reader.call("POST", &path).send().expect(200).read()
}

#[test]
fn a_declined_attempt_keeps_amount_and_note() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    let reader = site.person("Ben");
    let started = started(&reader, &writer, &slug);
    let result = reader.at_cashier(&started, "decline");
    assert_eq!(reader.intent(&started.intent.id).state, Declined);
    for (lang, title) in [(En, "Your payment was declined"), (ZhHans, "支付被拒绝")] {
        let page = reader.call("GET", &result).cookie("lang", lang.tag()).send().expect(200).page();
        assert_eq!(page.text_of("h1"), title);
        assert!(page.text().contains("¥8.88") && page.text().contains(NOTE));
    }
    // Trying again is a new attempt with all fields filled in.
    let page = reader.get(&result).page();
    let form = page.form(".outcome form").press("step", "edit");
    let page = reader.submit(&form).expect(200).page();
    let form = page.form_to(&form.action);
    assert_eq!((form.value("preset"), form.value("amount")), (Some("custom"), Some("8.88")));
    assert_eq!((form.value("note"), form.value("visibility")), (Some(NOTE), Some("public")));
    let cashier = reader.submit(&form.with("step", "pay")).see_other();
    reader.call("POST", &cashier).form(&[("action", "pay")]).send().see_other();
    assert_eq!((reader.praises().len(), wall(&site, &slug).count), (1, 1));
}

#[test]
fn an_open_attempt_is_offered_again_and_can_be_continued() {
    let site = Site::open();
    let writer = site.writer("Cleo", Cny);
    let slug = writer.article();
    let reader = site.person("Dan");
    let started = started(&reader, &writer, &slug);
    let id = &started.intent.id;
    let result = reader.at_cashier(&started, "leave");
    assert_eq!(reader.intent(id).state, AwaitingPayment);
    let page = reader.get(&result).expect(200).page();
    assert_eq!(page.text_of("h1"), "Waiting for your payment");
    assert!(page.text_of(".give").contains("Give ¥8.88 to Cleo writes"));
    let refresh = page.attributes("meta[http-equiv=refresh]", "content");
    assert_eq!(refresh, ["5"], "reloads by itself, without scripts");
    // The article's form and /me offer to continue it.
    for path in [format!("/a/{}/praise", tests::encode(&slug)), "/me".to_owned()] {
        let page = reader.get(&path).expect(200).page();
        let links = page.attributes(".open-intents a.button", "href");
        assert_eq!(links, [format!("/i/{id}")], "{path}");
        assert!(page.text_of(".open-intents").contains(NOTE));
    }
    let url = started.payment.url.clone().expect("a cashier");
    assert!(page.attributes(".actions a.button", "href").contains(&url), "no way to pay");
    reader.call("POST", &url).form(&[("action", "pay")]).send().see_other();
    assert_eq!(reader.get(&result).page().text_of("h1"), "Thank you");
}

#[test]
fn a_cancelled_attempt_can_no_longer_be_paid() {
    let site = Site::open();
    let writer = site.writer("Eve", Cny);
    let slug = writer.article();
    let reader = site.person("Fay");
    let by_api = started(&reader, &writer, &slug);
    assert_eq!(cancel(&reader, &by_api).state, Cancelled);
    let by_form = started(&reader, &writer, &slug);
    let result = format!("/i/{}", by_form.intent.id);
    let page = reader.get(&result).expect(200).page();
    let form = page.form_to(&format!("{result}/cancel"));
    assert_eq!(reader.submit(&form).see_other(), result);
    let page = reader.get(&result).page();
    assert_eq!(page.text_of("h1"), "Payment cancelled");
    assert!(page.text().contains(NOTE));
    for started in [&by_api, &by_form] {
        let url = started.payment.url.as_deref().expect("a cashier");
        let cashier = site.get(url).expect(200).page();
        assert!(cashier.all("button[value=pay]").is_empty(), "the cashier still takes money");
        reader.at_cashier(started, "pay");
        assert_eq!(reader.intent(&started.intent.id).state, Cancelled);
        assert_eq!(cancel(&reader, started).state, Cancelled, "cancelling twice changes nothing");
    }
    assert_eq!(wall(&site, &slug).count, 0);
    reader.assert_nothing_stored();
}

#[test]
fn a_paid_attempt_cannot_be_cancelled() {
    let site = Site::open();
    let writer = site.writer("Gil", Cny);
    let slug = writer.article();
    let reader = site.person("Hana");
    // Paid, but the message is lost: cancelling queries the provider first.
    let started = started(&reader, &writer, &slug);
    reader.at_cashier(&started, "pay_silently");
    assert_eq!(cancel(&reader, &started).state, Paid);
    assert_eq!(cancel(&reader, &started).state, Paid);
    assert_eq!((reader.praises().len(), wall(&site, &slug).count), (1, 1));
}

#[test]
fn the_cashier_accepts_only_its_four_actions() {
    let site = Site::open();
    let writer = site.writer("Ida", Cny);
    let slug = writer.article();
    let reader = site.person("Jo");
    let started = started(&reader, &writer, &slug);
    let url = started.payment.url.as_deref().expect("a cashier");
    site.call("POST", url).form(&[("action", "steal")]).send().expect(422);
    site.call("POST", url).json(&json!({"action": "pay"})).send().expect(415);
    assert_eq!(reader.intent(&started.intent.id).state, AwaitingPayment);
    site.get("/sandbox/cashier/ord_nothing").expect(404);
    // A declined order cannot be paid, and a paid one cannot be declined.
    reader.at_cashier(&started, "pay");
    reader.at_cashier(&started, "decline");
    assert_eq!(reader.intent(&started.intent.id).state, Paid);
}
