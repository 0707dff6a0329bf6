//! Provider messages: genuine ones are booked once, however often they arrive; forged ones leave no
//! trace.

use std::thread;

use shared::machine::IntentState::{AwaitingPayment, Declined, Paid};
use shared::money::Currency::Cny;
use tests::control::SignedMessage;
use tests::person::{order, wall};
use tests::{Answer, Http, Site};

const WEBHOOK: &str = "/pay/sandbox/notify";

fn post(site: &Http, message: &SignedMessage) -> Answer {
    site.call("POST", WEBHOOK)
        .header("Sandbox-Timestamp", &message.timestamp)
        .header("Sandbox-Signature", &message.signature)
        .body("application/json", message.body.clone().into_bytes())
        .send()
}

#[test]
fn concurrent_messages_polls_and_reloads_are_one_praise() {
    let site = Site::open();
    let writer = site.writer("Cleo", Cny);
    let slug = writer.article();
    let reader = site.person("Dan");
    for round in 1..=3 {
        let started = reader.start(&slug, writer.money(500));
        reader.at_cashier(&started, "pay_silently");
        let message = site.message(&order(&started));
        let (result, id) = (format!("/i/{}", started.intent.id), &started.intent.id);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| post(&site, &message).expect(200));
                scope.spawn(|| reader.get(&result).expect(200));
                scope.spawn(|| site.run_jobs());
                scope.spawn(|| {
                    let path = format!("/api/v1/intents/{id}/cancel");
                    reader.call("POST", &path).send().expect(200)
                });
            }
        });
        assert_eq!(reader.intent(id).state, Paid);
        assert_eq!(reader.praises().len(), round);
        assert_eq!(writer.numbers().confirming, round as i64);
    }
}

#[test]
fn a_forged_message_is_refused_and_not_stored() {
    let site = Site::open();
    let writer = site.writer("Eve", Cny);
    let slug = writer.article();
    let reader = site.person("Fay");
    // A genuine message about a payment, and an order that is not paid.
    let paid = reader.start(&slug, writer.money(100));
    reader.at_cashier(&paid, "pay");
    let real = site.message(&order(&paid));
    post(&site, &real).expect(200);
    let open = reader.start(&slug, writer.money(20_000));
    let about_open = real.body.replace(&order(&paid), &order(&open));
    assert_ne!(about_open, real.body);
    let flipped = |text: &str| {
        let last = if text.ends_with('0') { '1' } else { '0' };
        format!("{}{last}", &text[..text.len() - 1])
    };
    let forged = |body: &str, signature: &str, timestamp: &str| SignedMessage {
        body: body.to_owned(),
        signature: signature.to_owned(),
        timestamp: timestamp.to_owned(),
    };
    let (body, signature, timestamp) = (&real.body, &real.signature, &real.timestamp);
    for (what, message) in [
        ("another order", forged(&about_open, signature, timestamp)),
        ("another signature", forged(&about_open, &flipped(signature), timestamp)),
        ("no signature", forged(&about_open, "", timestamp)),
        ("another order at another time", forged(&about_open, signature, &flipped(timestamp))),
        ("another time", forged(body, signature, &flipped(timestamp))),
        ("no time", forged(body, signature, "")),
        ("a space more", forged(&format!("{body} "), signature, timestamp)),
        ("nothing", forged("", signature, timestamp)),
        ("a signature in upper case", forged(body, &signature.to_uppercase(), timestamp)),
    ] {
        let answer = post(&site, &message);
        assert_eq!(answer.status, 401, "{what}: {answer}");
        assert_eq!(answer.json()["code"], "FAIL", "{what}");
    }
    let unsigned = site.call("POST", WEBHOOK).body("application/json", about_open.into_bytes());
    unsigned.send().expect(401);
    assert_eq!(reader.intent(&open.intent.id).state, AwaitingPayment, "a forged one was believed");
    assert_eq!((reader.praises().len(), wall(&site, &slug).count), (1, 1));
    // The genuine message is still accepted.
    post(&site, &real).expect(200);
    assert_eq!(reader.praises().len(), 1);
}

#[test]
fn a_message_needs_no_session_and_no_origin() {
    let site = Site::open();
    let writer = site.writer("Gil", Cny);
    let reader = site.person("Hana");
    let started = reader.start(&writer.article(), writer.money(100));
    reader.at_cashier(&started, "pay_silently");
    let message = site.message(&order(&started));
    let call = site.call("POST", WEBHOOK).header("Origin", "https://provider.example");
    call.header("Sandbox-Timestamp", &message.timestamp)
        .header("Sandbox-Signature", &message.signature)
        .body("application/json", message.body.into_bytes())
        .send()
        .expect(200);
    assert_eq!(reader.intent(&started.intent.id).state, Paid);
}

#[test]
fn a_decline_after_a_payment_changes_nothing() {
    let site = Site::open();
    let writer = site.writer("Ida", Cny);
    let slug = writer.article();
    let reader = site.person("Jo");
    let declined = reader.start(&slug, writer.money(100));
    reader.at_cashier(&declined, "decline");
    let no = site.message(&order(&declined));
    for _ in 0..3 {
        post(&site, &no).expect(200);
    }
    assert_eq!(reader.intent(&declined.intent.id).state, Declined);
    assert_eq!(wall(&site, &slug).count, 0);
}

#[test]
fn a_message_of_another_provider_or_size_is_refused() {
    let site = Site::open();
    site.call("POST", "/pay/nobody/notify").send().problem(404, "not_found");
    site.call("POST", "/pay/wechat_pay/notify").send().problem(404, "not_found");
    let large = vec![b' '; 16_385];
    let call = site.call("POST", WEBHOOK).body("application/json", large.clone());
    call.send().problem(413, "body.too_large");
    let call = site.call("POST", WEBHOOK).body("application/json", large).chunked();
    call.send().problem(413, "body.too_large");
    let not_text = vec![0xff, 0xfe];
    site.call("POST", WEBHOOK)
        .body("application/json", not_text)
        .send()
        .problem(400, "body.broken");
}
