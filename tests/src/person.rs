//! A signed-in person and what they do.

use serde_json::{Value as Json, json};
use shared::api::{Intent, MadeInvitation, Page, ReaderPraise, StartedPraise, Wall};
use shared::machine::{IntentState, Visibility};
use shared::money::Money;

use crate::html::Form;
use crate::http::{Answer, Call, Http, encode};
use crate::unique;

/// A signed-in person.
#[derive(Clone)]
pub struct Person {
    /// The client.
    pub http: Http,
    /// The login at the sandbox.
    pub login: String,
    /// The subject at the sign-in provider.
    pub subject: String,
    /// The first name, as shown on the wall.
    pub name: String,
    /// The session's token.
    pub session: String,
}

impl Person {
    /// A request with this person's session.
    pub fn call(&self, method: &str, path: &str) -> Call<'_> {
        self.http
            .call(method, path)
            .session(&self.session)
            .header("CF-Connecting-IP", &self.address())
    }

    /// The person's own IP address, in the header that Cloudflare would set.
    fn address(&self) -> String {
        let number = self
            .login
            .bytes()
            .fold(7_u32, |number, byte| number.wrapping_mul(31).wrapping_add(byte.into()));
        let [_, a, b, c] = number.to_be_bytes();
        format!("10.{a}.{b}.{c}")
    }

    /// GET with this person's session.
    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path).send()
    }

    /// Submits a form of a page.
    pub fn submit(&self, form: &Form) -> Answer {
        self.call("POST", &form.action).form(&form.fields).send()
    }

    /// Starts a praise with an idempotency key. The answer may be anything.
    pub fn start_with(&self, slug: &str, key: &str, body: &Json) -> Answer {
        let path = format!("/api/v1/articles/{}/praises", encode(slug));
        self.call("POST", &path).header("Idempotency-Key", key).json(body).send()
    }

    /// Makes an invitation, as an operator.
    pub fn invitation(&self) -> MadeInvitation {
        let path = "/api/v1/operator/invitations";
        self.call("POST", path).json(&json!({ "note": "welcome" })).send().expect(201).read()
    }

    /// Starts a public praise.
    pub fn start(&self, slug: &str, amount: Money) -> StartedPraise {
        self.start_with(slug, &unique::key(), &body(amount, Visibility::Public, None))
            .expect(201)
            .read()
    }

    /// Chooses an action at the cashier: `pay`, `pay_silently`, `decline` or `leave`. Returns the
    /// path to which the cashier leads back.
    pub fn at_cashier(&self, started: &StartedPraise, action: &str) -> String {
        let url = started.payment.url.as_deref().expect("a payment URL");
        self.call("POST", url).form(&[("action", action)]).send().see_other()
    }

    /// Starts a praise and pays it.
    pub fn give(&self, slug: &str, body: &Json) -> Intent {
        let started: StartedPraise = self.start_with(slug, &unique::key(), body).expect(201).read();
        self.at_cashier(&started, "pay");
        let intent = self.intent(&started.intent.id);
        assert_eq!(intent.state, IntentState::Paid, "{intent:?}");
        intent
    }

    /// An attempt of this person.
    pub fn intent(&self, id: &str) -> Intent {
        self.get(&format!("/api/v1/intents/{id}")).expect(200).read()
    }

    /// The praises that this person gave, newest first.
    pub fn praises(&self) -> Vec<ReaderPraise> {
        self.get("/api/v1/me/praises").expect(200).read::<Page<ReaderPraise>>().items
    }

    /// The number of this person's attempts that wait for their payment.
    pub fn open_attempts(&self) -> usize {
        self.get("/me").expect(200).page().all(".open-intents li.open").len()
    }

    /// Asserts that nothing is stored for this person: no attempt and no praise.
    #[track_caller]
    pub fn assert_nothing_stored(&self) {
        assert_eq!(self.open_attempts(), 0, "an attempt was stored");
        assert_eq!(self.praises(), [], "a praise was stored");
    }

    /// Sets the name on the wall.
    pub fn rename(&self, name: Option<&str>) {
        self.call("PUT", "/api/v1/me").json(&json!({ "name": name })).send().expect(200);
    }
}

/// The body of a request that starts a praise.
pub fn body(amount: Money, visibility: Visibility, note: Option<&str>) -> Json {
    let mut body = json!({ "amount": amount, "visibility": visibility });
    if let Some(note) = note {
        body["note"] = json!(note);
    }
    body
}

/// The order's number, from the payment URL.
pub fn order(started: &StartedPraise) -> String {
    let url = started.payment.url.as_deref().expect("a payment URL");
    url.rsplit('/').next().expect("a number").to_owned()
}

/// The wall of an article, as everybody sees it.
pub fn wall(http: &Http, slug: &str) -> Wall {
    http.get(&format!("/api/v1/articles/{}/praises", encode(slug))).expect(200).read()
}
