//! The sandbox's control API: people, accounts, faults, the clock, and the self-check.

use std::thread;
use std::time::Duration;

use serde_json::{Value as Json, json};
use shared::calendar::Moment;
use shared::money::Currency;

use crate::http::{Http, SESSION_COOKIE, encode};
use crate::person::Person;
use crate::unique;
use crate::writer::Writer;

impl Http {
    /// A new person, signed in.
    pub fn person(&self, name: &str) -> Person {
        let login = unique::name("person");
        self.sign_in(&login, &login, name)
    }

    /// Another sign-in of the same human, with its own login and session.
    pub fn second_sign_in(&self, person: &Person) -> Person {
        self.sign_in(&unique::name("second"), &person.subject, &person.name)
    }

    /// The sandbox's operators: two sign-ins of the first one, and the second one.
    pub fn operators(&self) -> [Person; 3] {
        [
            self.sign_in("operator-chen", "operator-chen", "陈敏"),
            self.sign_in("operator-chen-phone", "operator-chen", "陈敏"),
            self.sign_in("operator-ruth", "operator-ruth", "Ruth"),
        ]
    }

    /// Signs in by login with a new session. The demo's people exist already.
    pub fn sign_in(&self, login: &str, subject: &str, name: &str) -> Person {
        let body = json!({ "login": login, "subject": subject, "name": name });
        let answer = self.call("POST", "/sandbox/api/people").json(&body).send().expect(201);
        let session = answer.json()["session"].as_str().expect("a session").to_owned();
        Person {
            http: self.clone(),
            login: login.to_owned(),
            subject: subject.to_owned(),
            name: name.to_owned(),
            session,
        }
    }

    /// A person who continues without an account.
    pub fn guest(&self) -> Person {
        let login = unique::name("guest");
        let mut guest = Person {
            http: self.clone(),
            subject: login.clone(),
            name: String::new(),
            session: String::new(),
            login,
        };
        let answer = guest.call("POST", "/guest").form(&[("return", "/")]).send();
        assert_eq!(answer.see_other(), "/");
        let cookie = answer.set_cookie(SESSION_COOKIE).expect("a session");
        guest.session = cookie.split(';').next().expect("a token").to_owned();
        guest
    }

    /// A new writer with one official account.
    pub fn writer(&self, name: &str, currency: Currency) -> Writer {
        self.account_of(self.person(name), currency)
    }

    /// Another official account for a person.
    pub fn account_of(&self, person: Person, currency: Currency) -> Writer {
        let handle = unique::name("acc");
        let name = format!("{} writes", person.name);
        let body = json!({
            "login": person.login, "handle": handle, "name": name, "currency": currency.code(),
            "ask": "If it kept you company.", "thanks": "Thank you for reading to the end.",
        });
        self.call("POST", "/sandbox/api/accounts").json(&body).send().expect(201);
        Writer { person, handle, account_name: name, currency }
    }

    /// The demo data, seeded if it is missing: `people`, `articles`, `publish_token`.
    pub fn demo(&self) -> Json {
        self.call("POST", "/sandbox/api/seed").json(&json!({})).send().expect(200).json()
    }

    /// Makes the next `times` calls of an operation fail.
    pub fn fault(&self, operation: &str, fault: &str, times: i64) {
        let body = json!({ "operation": operation, "fault": fault, "times": times });
        self.call("POST", "/sandbox/api/faults").json(&body).send().expect(204);
    }

    /// The sandbox's current time.
    pub fn now(&self) -> Moment {
        moment(&self.get("/sandbox/api/clock").expect(200).json()["now"])
    }

    /// Moves the clock forward, running the jobs on the way. A request for each day, so that none
    /// runs into its timeout.
    pub fn advance_to(&self, to: Moment) {
        let mut step = self.now().plus_days(1);
        while step < to {
            self.move_clock(&json!({ "to": step }));
            step = step.plus_days(1);
        }
        self.move_clock(&json!({ "to": to }));
    }

    /// Moves the clock forward by some seconds, a day at a time.
    pub fn advance_s(&self, mut seconds: i64) {
        const DAY_S: i64 = 24 * 3600;
        while seconds > DAY_S {
            self.move_clock(&json!({ "advance_s": DAY_S }));
            seconds -= DAY_S;
        }
        self.move_clock(&json!({ "advance_s": seconds }));
    }

    fn move_clock(&self, body: &Json) {
        self.call("POST", "/sandbox/api/clock").json(body).send().expect(200);
    }

    /// Waits until no day ends within the next minute and a half, so that a test about daily limits
    /// does not run across midnight.
    pub fn avoid_midnight(&self) {
        let now = self.now();
        let left_ms = |currency| now.day(currency).plus(1).starts_at(currency).ms() - now.ms();
        let left_ms = left_ms(Currency::Cny).min(left_ms(Currency::Usd));
        if let Ok(left_ms @ ..90_000) = u64::try_from(left_ms) {
            thread::sleep(Duration::from_millis(left_ms + 1_000));
        }
    }

    /// Runs the jobs that are due now; returns how many ran.
    pub fn run_jobs(&self) -> i64 {
        let answer = self.call("POST", "/sandbox/api/jobs").json(&json!({})).send().expect(200);
        answer.json()["ran"].as_i64().expect("a number of jobs")
    }

    /// The signed message about an order that is paid, declined or closed.
    pub fn message(&self, order: &str) -> SignedMessage {
        let path = format!("/sandbox/api/orders/{}/message", encode(order));
        let message = self.get(&path).expect(200).json();
        let text = |name: &str| message[name].as_str().expect("a text").to_owned();
        SignedMessage {
            timestamp: text("timestamp"),
            signature: text("signature"),
            body: text("body"),
        }
    }

    /// The violations that the self-check finds, one line each.
    pub fn violations(&self) -> Vec<String> {
        let report = self.get("/sandbox/api/self-check").expect(200).json();
        let violations = report["violations"].as_array().expect("a list of violations");
        violations.iter().map(Json::to_string).collect()
    }
}

/// A provider's message, as it is posted to the webhook.
#[derive(Clone)]
pub struct SignedMessage {
    /// Unix time in seconds.
    pub timestamp: String,
    /// The signature over timestamp and body.
    pub signature: String,
    /// The signed JSON, byte for byte.
    pub body: String,
}

fn moment(json: &Json) -> Moment {
    json.as_str().and_then(Moment::from_rfc3339).unwrap_or_else(|| panic!("not a moment: {json}"))
}
