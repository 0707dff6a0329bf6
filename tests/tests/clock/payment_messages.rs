//! Orders whose message is lost, and messages that arrive too late to be accepted.

use shared::machine::IntentState::{AwaitingPayment, Paid};
use shared::money::Currency::Cny;
use tests::person::{order, wall};

use crate::Clock;

#[test]
fn an_unreported_payment_is_found_within_90_seconds() {
    let clock = Clock::take();
    let writer = clock.writer("Ann", Cny);
    let slug = writer.article();
    // Readers who pay at once, and readers who take their time.
    for hesitates_s in [0, 20, 120, 25 * 60] {
        let reader = clock.person("Ben");
        let started = reader.start(&slug, writer.money(100));
        clock.advance_s(hesitates_s);
        reader.at_cashier(&started, "pay_silently");
        assert_eq!(reader.intent(&started.intent.id).state, AwaitingPayment);
        clock.advance_s(90);
        assert_eq!(reader.intent(&started.intent.id).state, Paid, "after {hesitates_s} s");
        assert_eq!(reader.praises().len(), 1);
    }
    assert_eq!(wall(&clock, &slug).count, 4);
}

#[test]
fn a_payment_in_the_last_half_minute_is_a_praise() {
    let clock = Clock::take();
    let writer = clock.writer("Cleo", Cny);
    let reader = clock.person("Dan");
    let started = reader.start(&writer.article(), writer.money(100));
    // The clock keeps running: a busy machine may take seconds until the cashier answers.
    clock.advance_to(started.intent.expires_at.plus_seconds(-30));
    reader.at_cashier(&started, "pay_silently");
    clock.advance_s(120);
    assert_eq!(reader.intent(&started.intent.id).state, Paid);
}

#[test]
fn an_old_message_is_refused() {
    let clock = Clock::take();
    let writer = clock.writer("Eve", Cny);
    let reader = clock.person("Fay");
    let started = reader.start(&writer.article(), writer.money(100));
    reader.at_cashier(&started, "pay");
    let message = clock.message(&order(&started));
    let send = || {
        clock
            .call("POST", "/pay/sandbox/notify")
            .header("Sandbox-Timestamp", &message.timestamp)
            .header("Sandbox-Signature", &message.signature)
            .body("application/json", message.body.clone().into_bytes())
            .send()
    };
    send().expect(200);
    clock.advance_s(6 * 60);
    send().expect(401);
    assert_eq!(reader.praises().len(), 1);
}
