//! A provider that does not answer, answers late, or says things twice. Faults and the clock belong
//! to the whole sandbox, so these tests run one after another.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::json;
use shared::api::{PaymentAction, StartedPraise};
use shared::machine::IntentState::{self, AwaitingPayment, Cancelled, Declined, Paid};
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::person::{body, wall};
use tests::{Person, Site, Writer, unique};

/// Seconds of the sandbox's time that a test waits for something, and in what steps.
const PATIENCE_S: i64 = 90;
const STEP_S: i64 = 5;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The site, a writer with an article, a reader, and the faults for oneself.
struct Scene {
    site: Site,
    writer: Writer,
    slug: String,
    reader: Person,
    // Last, so that the books are checked before the next test orders its faults.
    _turn: MutexGuard<'static, ()>,
}

impl Scene {
    fn new() -> Scene {
        // A test that failed has said so; the next one starts without its faults.
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
        Scene { site, writer, slug, reader, _turn: turn }
    }

    /// Starts a praise with a key of its own.
    fn start(&self, key: &str) -> StartedPraise {
        let request = body(self.writer.money(888), Public, Some("a note"));
        self.reader.start_with(&self.slug, key, &request).expect(201).read()
    }

    fn state(&self, started: &StartedPraise) -> IntentState {
        self.reader.intent(&started.intent.id).state
    }

    /// Lets time go by, with the jobs that fall due, until something is so.
    fn wait_until<T>(&self, what: &str, so: impl Fn() -> Option<T>) -> T {
        for _ in 0..PATIENCE_S / STEP_S {
            self.site.advance_s(STEP_S);
            if let Some(found) = so() {
                return found;
            }
        }
        panic!("not after {PATIENCE_S} s: {what}");
    }

    /// Where an attempt is paid, once its page leads there.
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
    let scene = Scene::new();
    let started = scene.start(&unique::key());
    scene.site.fault("notify", "lost", 1);
    scene.reader.at_cashier(&started, "pay");
    assert_eq!(scene.state(&started), AwaitingPayment, "the message arrived after all");
    scene.wait_until("the payment is found", || (scene.state(&started) == Paid).then_some(()));
    scene.assert_booked_once();
}

#[test]
fn a_lost_message_is_found_when_the_reader_looks() {
    let scene = Scene::new();
    let started = scene.start(&unique::key());
    scene.site.fault("notify", "lost", 1);
    let result = scene.reader.at_cashier(&started, "pay");
    assert_eq!(scene.state(&started), AwaitingPayment, "the message arrived after all");
    let page = scene.reader.get(&result).expect(200).page();
    assert_eq!(page.text_of("h1"), "Thank you");
    scene.assert_booked_once();
}

#[test]
fn a_doubled_message_is_one_praise() {
    let scene = Scene::new();
    let started = scene.start(&unique::key());
    scene.site.fault("notify", "doubled", 1);
    scene.reader.at_cashier(&started, "pay");
    assert_eq!(scene.state(&started), Paid);
    scene.assert_booked_once();
}

#[test]
fn a_lost_reply_is_wait_and_then_payable() {
    let scene = Scene::new();
    scene.site.fault("create_order", "reply_lost", 1);
    let key = unique::key();
    let started = scene.start(&key);
    assert_eq!(started.payment.action, PaymentAction::Wait);
    assert_eq!((&started.payment.url, started.intent.state), (&None, AwaitingPayment));
    // The page goes on by itself.
    let path = format!("/i/{}", started.intent.id);
    let page = scene.reader.get(&path).expect(200).page();
    assert_eq!(page.text_of("h1"), "Checking with the payment provider");
    assert_eq!(page.attributes("meta[http-equiv=refresh]", "content"), ["5"]);
    // The job sends the same order again, and then it can be paid.
    let url = scene.wait_until("the order reaches the provider", || scene.cashier(&started));
    let result = scene.reader.call("POST", &url).form(&[("action", "pay")]).send().see_other();
    assert_eq!(result, path);
    assert_eq!(scene.state(&started), Paid);
    let again = scene.start(&key);
    assert_eq!(again.intent.id, started.intent.id);
    scene.assert_booked_once();
}

#[test]
fn a_lost_request_is_sent_again_by_the_next_press() {
    let scene = Scene::new();
    scene.site.fault("create_order", "lost", 1);
    let key = unique::key();
    let first = scene.start(&key);
    assert_eq!(first.payment.action, PaymentAction::Wait);
    let second = scene.start(&key);
    assert_eq!(second.intent.id, first.intent.id);
    assert_eq!(second.payment.action, PaymentAction::Redirect);
    scene.reader.at_cashier(&second, "pay");
    assert_eq!(scene.state(&first), Paid);
    scene.assert_booked_once();
}

#[test]
fn a_refused_order_is_declined_and_gives_the_room_back() {
    let scene = Scene::new();
    scene.site.fault("create_order", "refused", 1);
    let request = body(scene.writer.money(20_000), Public, None);
    let answer = scene.reader.start_with(&scene.slug, &unique::key(), &request).expect(201);
    let started: StartedPraise = answer.read();
    assert_eq!((started.intent.state, started.payment.action), (Declined, PaymentAction::None));
    for _ in 0..5 {
        scene.reader.start(&scene.slug, scene.writer.money(20_000));
    }
}

#[test]
fn an_order_that_never_arrived_can_be_cancelled() {
    let scene = Scene::new();
    scene.site.fault("create_order", "lost", 1);
    let started = scene.start(&unique::key());
    assert_eq!(started.payment.action, PaymentAction::Wait);
    let path = format!("/api/v1/intents/{}/cancel", started.intent.id);
    let answer = scene.reader.call("POST", &path).send();
    // Either it ends now, or the answer says when to come back; the wish is kept and carried out.
    if answer.status == 503 {
        answer.problem(503, "unavailable");
        assert!(answer.header("retry-after").is_some(), "{answer}");
        scene.wait_until("the wish to cancel is carried out", || {
            (scene.state(&started) == Cancelled).then_some(())
        });
    }
    assert_eq!(scene.state(&started), Cancelled);
    scene.reader.call("POST", &path).send().expect(200);
    assert_eq!(scene.state(&started), Cancelled);
}

#[test]
fn a_provider_that_does_not_answer_leaves_everything_as_it_is() {
    let scene = Scene::new();
    let started = scene.start(&unique::key());
    let path = format!("/i/{}", started.intent.id);
    scene.site.fault("query_order", "lost", 1_000);
    let page = scene.reader.get(&path).expect(200).page();
    assert_eq!(page.text_of("h1"), "Waiting for your payment");
    let cancel = format!("/api/v1/intents/{}/cancel", started.intent.id);
    let answer = scene.reader.call("POST", &cancel).send();
    answer.problem(503, "unavailable");
    assert_eq!(answer.header("retry-after"), Some("5"));
    let form = page.form_to(&format!("{path}/cancel"));
    let answer = scene.reader.submit(&form).expect(503);
    assert_eq!(answer.header("retry-after"), Some("5"));
    assert_eq!(answer.page().text_of("h1"), "Not reachable right now");
    scene.site.run_jobs();
    assert_eq!(scene.state(&started), AwaitingPayment);
    // Paid meanwhile: the message alone is enough.
    scene.reader.at_cashier(&started, "pay");
    assert_eq!(scene.state(&started), Paid);
    scene.site.fault("query_order", "lost", 0);
    scene.assert_booked_once();
}

#[test]
fn a_lost_close_does_not_end_an_attempt() {
    let scene = Scene::new();
    let started = scene.start(&unique::key());
    scene.site.fault("close_order", "lost", 1);
    let cancel = format!("/api/v1/intents/{}/cancel", started.intent.id);
    scene.reader.call("POST", &cancel).send().problem(503, "unavailable");
    assert_eq!(scene.state(&started), AwaitingPayment);
    scene.reader.call("POST", &cancel).send().expect(200);
    assert_eq!(scene.state(&started), Cancelled);
}

#[test]
fn an_unknown_fault_is_refused() {
    let scene = Scene::new();
    for (operation, fault) in [("create_order", "stolen"), ("praise", "lost")] {
        let order = json!({ "operation": operation, "fault": fault });
        let answer = scene.site.call("POST", "/sandbox/api/faults").json(&order).send();
        answer.problem(422, "field.invalid");
    }
}
