//! A provider that does not answer, answers late, or repeats itself. Faults and the clock are
//! shared by the whole sandbox, so these tests run one after another.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::json;
use shared::api::{PaymentAction, StartedPraise};
use shared::machine::IntentState::{self, AwaitingPayment, Cancelled, Declined, Paid};
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::person::{body, wall};
use tests::{Person, Site, Writer, unique};

/// How many seconds of the sandbox's time a test waits, and in what steps.
const PATIENCE_S: i64 = 90;
const STEP_S: i64 = 5;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The site, a writer with an article and a reader, with exclusive use of the faults.
struct Fixture {
    site: Site,
    writer: Writer,
    slug: String,
    reader: Person,
    // Dropped last, so that the self-check runs before the next test injects faults.
    _turn: MutexGuard<'static, ()>,
}

impl Fixture {
    fn new() -> Fixture {
        // A failed test has reported its error; the next one starts without its faults.
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let site = Site::open();
        for operation in ["create_order", "query_order", "close_order"] {
            site.fault(operation, "lost", 0);
        }
        site.fault("create_order", "reply_lost", 0);
        site.fault("create_order", "refused", 0);
        site.fault("notify", "lost", 0);
        site.fault("notify", "doubled", 0);
        let writer = site.writer("Ann", Cny);
        let slug = writer.article();
        let reader = site.person("Ben");
        Fixture { site, writer, slug, reader, _turn: turn }
    }

    /// Starts a praise with this idempotency key.
    fn start(&self, key: &str) -> StartedPraise {
        let request = body(self.writer.money(888), Public, Some("a note"));
        self.reader.start_with(&self.slug, key, &request).expect(201).read()
    }

    fn state(&self, started: &StartedPraise) -> IntentState {
        self.reader.intent(&started.intent.id).state
    }

    /// Advances the clock with its jobs until there is a result.
    fn wait_until<T>(&self, what: &str, so: impl Fn() -> Option<T>) -> T {
        for _ in 0..PATIENCE_S / STEP_S {
            self.site.advance_s(STEP_S);
            if let Some(found) = so() {
                return found;
            }
        }
        panic!("not after {PATIENCE_S} s: {what}");
    }

    /// The payment URL of an attempt, once its page has one.
    fn cashier(&self, started: &StartedPraise) -> Option<String> {
        let page = self.reader.get(&format!("/i/{}", started.intent.id)).expect(200).page();
        let links = page.attributes(".actions a.button", "href");
        links.into_iter().find(|link| link.starts_with("/sandbox/cashier/"))
    }

    #[track_caller]
    fn assert_booked_once(&self) {
        assert_eq!(self.reader.praises().len(), 1);
        assert_eq!(wall(&self.site, &self.slug).count, 1);
        assert_eq!(self.writer.numbers().confirming, 1);
    }
}

#[test]
fn a_lost_message_is_found_by_polling() {
    let fixture = Fixture::new();
    let started = fixture.start(&unique::key());
    fixture.site.fault("notify", "lost", 1);
    fixture.reader.at_cashier(&started, "pay");
    assert_eq!(fixture.state(&started), AwaitingPayment, "the message arrived after all");
    fixture.wait_until("the payment is found", || (fixture.state(&started) == Paid).then_some(()));
    fixture.assert_booked_once();
}

#[test]
fn a_lost_message_is_found_when_the_reader_looks() {
    let fixture = Fixture::new();
    let started = fixture.start(&unique::key());
    fixture.site.fault("notify", "lost", 1);
    let result = fixture.reader.at_cashier(&started, "pay");
    assert_eq!(fixture.state(&started), AwaitingPayment, "the message arrived after all");
    let page = fixture.reader.get(&result).expect(200).page();
    assert_eq!(page.text_of("h1"), "Thank you");
    fixture.assert_booked_once();
}

#[test]
fn a_duplicated_message_is_one_praise() {
    let fixture = Fixture::new();
    let started = fixture.start(&unique::key());
    fixture.site.fault("notify", "doubled", 1);
    fixture.reader.at_cashier(&started, "pay");
    assert_eq!(fixture.state(&started), Paid);
    fixture.assert_booked_once();
}

#[test]
fn an_order_with_a_lost_reply_waits_and_is_then_payable() {
    let fixture = Fixture::new();
    fixture.site.fault("create_order", "reply_lost", 1);
    let key = unique::key();
    let started = fixture.start(&key);
    assert_eq!(started.payment.action, PaymentAction::Wait);
    assert_eq!((&started.payment.url, started.intent.state), (&None, AwaitingPayment));
    // The page reloads by itself.
    let path = format!("/i/{}", started.intent.id);
    let page = fixture.reader.get(&path).expect(200).page();
    assert_eq!(page.text_of("h1"), "Checking with the payment provider");
    assert_eq!(page.attributes("meta[http-equiv=refresh]", "content"), ["5"]);
    // The job sends the same order again, which can then be paid.
    let url = fixture.wait_until("the order reaches the provider", || fixture.cashier(&started));
    let result = fixture.reader.call("POST", &url).form(&[("action", "pay")]).send().see_other();
    assert_eq!(result, path);
    assert_eq!(fixture.state(&started), Paid);
    let again = fixture.start(&key);
    assert_eq!(again.intent.id, started.intent.id);
    fixture.assert_booked_once();
}

#[test]
fn a_lost_request_is_sent_again_by_the_next_submission() {
    let fixture = Fixture::new();
    fixture.site.fault("create_order", "lost", 1);
    let key = unique::key();
    let first = fixture.start(&key);
    assert_eq!(first.payment.action, PaymentAction::Wait);
    let second = fixture.start(&key);
    assert_eq!(second.intent.id, first.intent.id);
    assert_eq!(second.payment.action, PaymentAction::Redirect);
    fixture.reader.at_cashier(&second, "pay");
    assert_eq!(fixture.state(&first), Paid);
    fixture.assert_booked_once();
}

#[test]
fn a_refused_order_is_declined_and_releases_its_room() {
    let fixture = Fixture::new();
    fixture.site.fault("create_order", "refused", 1);
    let request = body(fixture.writer.money(20_000), Public, None);
    let answer = fixture.reader.start_with(&fixture.slug, &unique::key(), &request).expect(201);
    let started: StartedPraise = answer.read();
    assert_eq!((started.intent.state, started.payment.action), (Declined, PaymentAction::None));
    for _ in 0..5 {
        fixture.reader.start(&fixture.slug, fixture.writer.money(20_000));
    }
}

#[test]
fn an_order_that_never_arrived_can_be_cancelled() {
    let fixture = Fixture::new();
    fixture.site.fault("create_order", "lost", 1);
    let started = fixture.start(&unique::key());
    assert_eq!(started.payment.action, PaymentAction::Wait);
    let path = format!("/api/v1/intents/{}/cancel", started.intent.id);
    let answer = fixture.reader.call("POST", &path).send();
    // Either it ends now, or the answer says when to retry; the wish to cancel is stored and
    // carried out later.
    if answer.status == 503 {
        answer.problem(503, "unavailable");
        assert!(answer.header("retry-after").is_some(), "{answer}");
        fixture.wait_until("the wish to cancel is carried out", || {
            (fixture.state(&started) == Cancelled).then_some(())
        });
    }
    assert_eq!(fixture.state(&started), Cancelled);
    fixture.reader.call("POST", &path).send().expect(200);
    assert_eq!(fixture.state(&started), Cancelled);
}

#[test]
fn a_provider_that_does_not_answer_changes_nothing() {
    let fixture = Fixture::new();
    let started = fixture.start(&unique::key());
    let path = format!("/i/{}", started.intent.id);
    fixture.site.fault("query_order", "lost", 1_000);
    let page = fixture.reader.get(&path).expect(200).page();
    assert_eq!(page.text_of("h1"), "Waiting for your payment");
    let cancel = format!("/api/v1/intents/{}/cancel", started.intent.id);
    let answer = fixture.reader.call("POST", &cancel).send();
    answer.problem(503, "unavailable");
    assert_eq!(answer.header("retry-after"), Some("5"));
    let form = page.form_to(&format!("{path}/cancel"));
    let answer = fixture.reader.submit(&form).expect(503);
    assert_eq!(answer.header("retry-after"), Some("5"));
    assert_eq!(answer.page().text_of("h1"), "Temporarily unavailable");
    fixture.site.run_jobs();
    assert_eq!(fixture.state(&started), AwaitingPayment);
    // It was paid meanwhile, and the message alone is enough.
    fixture.reader.at_cashier(&started, "pay");
    assert_eq!(fixture.state(&started), Paid);
    fixture.site.fault("query_order", "lost", 0);
    fixture.assert_booked_once();
}

#[test]
fn a_lost_close_does_not_end_an_attempt() {
    let fixture = Fixture::new();
    let started = fixture.start(&unique::key());
    fixture.site.fault("close_order", "lost", 1);
    let cancel = format!("/api/v1/intents/{}/cancel", started.intent.id);
    fixture.reader.call("POST", &cancel).send().problem(503, "unavailable");
    assert_eq!(fixture.state(&started), AwaitingPayment);
    // A reader causes at most one query of an order in three seconds.
    fixture.site.advance_s(3);
    fixture.reader.call("POST", &cancel).send().expect(200);
    assert_eq!(fixture.state(&started), Cancelled);
}

#[test]
fn an_unknown_fault_is_refused() {
    let fixture = Fixture::new();
    for (operation, fault) in [("create_order", "stolen"), ("praise", "lost")] {
        let order = json!({ "operation": operation, "fault": fault });
        let answer = fixture.site.call("POST", "/sandbox/api/faults").json(&order).send();
        answer.problem(422, "field.invalid");
    }
}
