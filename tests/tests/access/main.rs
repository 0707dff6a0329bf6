//! Access control: every route of the Worker, requested by every role.

mod bodies;
mod matrix;
mod routes;

use std::cell::Cell;
use std::sync::OnceLock;

use serde_json::json;
use shared::api::StartedPraise;
use shared::api::operator::{FreezeAction, OperatorFreeze};
use shared::limits::SESSION_DAYS;
use shared::money::Currency::Cny;
use tests::{Answer, Person, Site, Writer, encode};

use matrix::Row;

/// Who sends the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Nobody is signed in.
    Anonymous,
    /// The reader to whom the attempt and the praise belong.
    Reader,
    /// Another reader.
    Other,
    /// The writer to whom the article, the account and the token belong.
    Writer,
    /// Another writer.
    OtherWriter,
    /// A reader who continues without an account.
    Guest,
    /// Somebody whose session has expired.
    Expired,
    /// An operator of this deployment.
    Operator,
}

/// The order of the statuses that a row expects.
const ROLES: [Role; 8] = [
    Role::Anonymous,
    Role::Reader,
    Role::Other,
    Role::Writer,
    Role::OtherWriter,
    Role::Guest,
    Role::Expired,
    Role::Operator,
];

/// A note that only its reader and writer may see; its text makes any leak visible.
const NOTE: &str = "a note that only two people may read";
/// The same for an amount, as pages and JSON show it.
const AMOUNT: i64 = 137;
const AMOUNT_SHOWN: [&str; 2] = ["¥1.37", "\"minor\":137"];

/// The people and their resources.
struct Fixture {
    site: Site,
    reader: Person,
    other: Person,
    writer: Writer,
    other_writer: Writer,
    operator: Person,
    /// The token of a session that has expired.
    expired: String,
    slug: String,
    /// A praise of the reader. Some requests return it.
    praise: String,
    /// Replaced for every request, so that each one has resources of its own.
    intent: Cell<Option<StartedPraise>>,
    token: Cell<Option<String>>,
    shown_hash: Cell<String>,
}

/// The token of a session that has expired.
static PREPARED: OnceLock<String> = OnceLock::new();

/// Prepares the deployment once for all tests, because they share its clock: lets a session expire,
/// and lets accounts publish more often in a day than these tests do.
fn prepare(site: &Site) -> String {
    let expired = site.person("Eve").session;
    site.advance_s(SESSION_DAYS * 24 * 60 * 60);
    let [operator, ..] = site.operators();
    let version = json!({
        "currency": "CNY", "effective_from": site.now().plus_minutes(1),
        "change": { "account_day_publications": 1000 },
    });
    operator.call("POST", "/api/v1/operator/policy").json(&version).send().expect(201);
    site.advance_s(60);
    expired
}

impl Fixture {
    fn new() -> Fixture {
        let site = Site::open();
        let expired = PREPARED.get_or_init(|| prepare(&site)).clone();
        let writer = site.writer("Ann", Cny);
        let slug = writer.article();
        let reader = site.person("Ben");
        let other = site.person("Cid");
        let other_writer = site.writer("Dot", Cny);
        let [operator, ..] = site.operators();
        let mut fixture = Fixture {
            site,
            reader,
            other,
            writer,
            other_writer,
            operator,
            expired,
            slug,
            praise: String::new(),
            intent: Cell::new(None),
            token: Cell::new(None),
            shown_hash: Cell::default(),
        };
        // This would appear in another person's list if lists were not filtered.
        let paid = fixture.attempt();
        fixture.reader.at_cashier(&paid, "pay");
        let praise = fixture.reader.intent(&paid.intent.id).praise;
        fixture.praise = praise.expect("a praise of the reader").id;
        fixture.writer.token("the first writer's");
        fixture
    }

    fn attempt(&self) -> StartedPraise {
        let amount = self.writer.money(AMOUNT);
        let request = tests::person::body(amount, shared::machine::Visibility::Public, Some(NOTE));
        let key = tests::unique::key();
        let answer = self.reader.start_with(&self.slug, &key, &request);
        if answer.status == 409 {
            // Earlier requests have left five attempts open.
            let oldest = answer.problem(409, "rule.open_intents").open_intent.expect("the oldest");
            let cancel = format!("/api/v1/intents/{}/cancel", oldest.id);
            self.reader.call("POST", &cancel).send().expect(200);
            return self.attempt();
        }
        if answer.status == 429 {
            // The test has reached the limit of sixty attempts per minute.
            self.site.advance_s(60);
            return self.attempt();
        }
        answer.expect(201).read()
    }

    /// Publishes and freezes a new article of the first writer.
    fn frozen(&self) -> OperatorFreeze {
        let body = json!({ "article": self.writer.article(), "version": 1, "rule": "perks" });
        let call = self.operator.call("POST", "/api/v1/operator/freezes");
        call.json(&body).send().expect(201).read()
    }

    /// The session of a role. It is a new one each time, because one of the requests ends it.
    fn session(&self, role: Role) -> Option<String> {
        let person = match role {
            Role::Anonymous => return None,
            Role::Guest => return Some(self.site.guest().session),
            Role::Expired => return Some(self.expired.clone()),
            Role::Reader => &self.reader,
            Role::Other => &self.other,
            Role::Writer => &self.writer.person,
            Role::OtherWriter => &self.other_writer.person,
            Role::Operator => &self.operator,
        };
        let signed_in = self.site.sign_in(&person.login, &person.subject, &person.name);
        Some(signed_in.session)
    }

    /// The path of a row with this request's resources filled in.
    fn path(&self, row: &Row) -> String {
        let mut path = row.path.to_owned();
        if path.ends_with("/freeze") || path.ends_with("/appeal") {
            path = path.replace(":slug", &encode(&self.frozen().freeze.article));
        }
        if path.contains("freezes/:id") {
            path = path.replace(":id", &self.frozen().freeze.id);
        }
        if path.contains("actions/:id") {
            let of = format!("/api/v1/operator/freezes/{}/actions", self.frozen().freeze.id);
            let body = json!({ "kind": "unfreeze" });
            let action = self.operator.call("POST", &of).json(&body).send().expect(201);
            let action: FreezeAction = action.read();
            path = path.replace(":id", &action.id);
            self.shown_hash.set(action.shown_hash);
        }
        if row.method == "POST" && path.contains(":slug/praise") {
            // Makes sure that the reader can start one more attempt.
            let open = self.attempt().intent.id;
            let cancel = format!("/api/v1/intents/{open}/cancel");
            self.reader.call("POST", &cancel).send().expect(200);
        }
        if path.contains(":slug") {
            path = path.replace(":slug", &encode(&self.slug));
        }
        if path.contains(":handle") {
            path = path.replace(":handle", &self.writer.handle);
        }
        if path.contains(":part") {
            path = path.replace(":part", "1.xml");
        }
        if path.contains(":code") {
            path = path.replace(":code", "rule.own_article");
        }
        if path.contains(":order") || path.contains("intents/:id") || path.contains("/i/:id") {
            let started = self.attempt();
            path = path.replace(":order", &tests::person::order(&started));
            path = path.replace(":id", &started.intent.id);
            self.intent.set(Some(started));
        }
        if path.contains("praises/:id") {
            path = path.replace(":id", &self.praise);
        }
        if path.contains("/r/:token") {
            let guest = self.site.guest();
            let started = guest.start(&self.slug, self.writer.money(100));
            let result = guest.at_cashier(&started, "pay");
            let page = guest.get(&result).expect(200).page();
            let link = page.attributes(".receipt-link a", "href").swap_remove(0);
            path = path.replace("/r/:token", &link);
        }
        let missing = ["suspense/:id", "refunds/:id", "links/:id", "dissolutions/:id"];
        if missing.iter().any(|resource| path.contains(resource)) {
            path = path.replace(":id", "nothing");
        }
        if path.contains("invitations/:id") {
            path = path.replace(":id", &self.operator.invitation().id);
        }
        if path.contains(":version") {
            path = path.replace(":version", "1");
        }
        if path.contains("tokens/:id") {
            // A writer can have ten tokens at most.
            if let Some(token) = self.token.take() {
                let path = format!("/api/v1/studio/tokens/{token}");
                self.writer.person.call("DELETE", &path).send();
            }
            let token = self.writer.token("a token").id;
            path = path.replace(":id", &token);
            self.token.set(Some(token));
        }
        path
    }

    fn ask(&self, row: &Row, role: Role) -> Answer {
        let path = self.path(row);
        let call = (row.with)(self.site.call(row.method, &path), self);
        // This ends all sessions of a person, so it is sent by somebody whom no other row needs.
        let everywhere = ["/sign-out-everywhere", "/api/v1/me/sessions"].contains(&row.path);
        let session = match role {
            Role::Anonymous | Role::Guest | Role::Expired => self.session(role),
            _ if everywhere => Some(self.site.person("Somebody").session),
            role => self.session(role),
        };
        match session {
            Some(session) => call.session(&session).send(),
            None => call.send(),
        }
    }

    /// Asserts that a refused request has changed nothing.
    fn assert_untouched(&self, what: &str) {
        if let Some(started) = self.intent.take() {
            let state = self.reader.intent(&started.intent.id).state;
            assert_eq!(state, started.intent.state, "{what} changed the attempt");
        }
        let token = self.token.take();
        if let Some(token) = &token {
            let list = self.writer.person.get("/api/v1/studio/tokens").expect(200).text();
            assert!(list.contains(token), "{what} revoked the token");
        }
        self.token.set(token);
    }
}

#[test]
fn every_route_answers_every_role_as_in_the_matrix() {
    let fixture = Fixture::new();
    let mut wrong = Vec::new();
    for (row, operator) in matrix::rows() {
        for (role, expected) in ROLES.into_iter().zip(row.for_each_role(operator)) {
            let answer = fixture.ask(row, role);
            if answer.status != expected {
                wrong.push(format!(
                    "{} {} as {role:?}: {expected} expected: {answer}",
                    row.method, row.path
                ));
                continue;
            }
            if matches!(expected, 401 | 403 | 404) {
                fixture.assert_untouched(&answer.what);
            }
            // Only the owner may read any of it, whatever the status.
            let owner = matches!(role, Role::Reader) || row.path.contains("/cashier/");
            let text = answer.text();
            if !owner && (text.contains(NOTE) || AMOUNT_SHOWN.iter().any(|a| text.contains(a))) {
                wrong.push(format!("reveals somebody else's praise to {role:?}: {answer}"));
            }
            let theirs = matches!(role, Role::Writer);
            if !theirs && text.contains("the first writer's") {
                wrong.push(format!("reveals somebody else's token to {role:?}: {answer}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn lists_contain_only_the_persons_own_items() {
    let fixture = Fixture::new();
    fixture.site.advance_s(0);
    let items = |person: &Person, path: &str| {
        let answer = person.get(path).expect(200);
        answer.json()["items"].as_array().expect("items").len()
    };
    let everybody =
        [&fixture.reader, &fixture.other, &fixture.writer.person, &fixture.other_writer.person];
    for (path, counts) in [
        ("/api/v1/me/praises", [1, 0, 0, 0]),
        ("/api/v1/studio/accounts", [0, 0, 1, 1]),
        ("/api/v1/studio/tokens", [0, 0, 1, 0]),
    ] {
        assert_eq!(everybody.map(|person| items(person, path)), counts, "{path}");
    }
}
