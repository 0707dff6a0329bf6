//! A complete product in memory: both databases with the real migrations, the sandbox provider, a
//! clock that only the test moves, and ids that are the same in every run.
//!
//! When a `World` is dropped, the self-check must find nothing, whatever the test was about. A test
//! that corrupts its data on purpose calls [`World::skip_self_check`].

use std::cell::{Cell, RefCell};
use std::sync::OnceLock;

use edge::context::Context;
use edge::database::DatabaseError;
use edge::database::sqlite::Sqlite;
use edge::failure::Failure;
use edge::job_runner;
use edge::payments::praise::start::{self, NewPraise, Starter};
use edge::payments::praise::{intent, order};
use edge::payments::webhook::{self, Received};
use edge::provider::sandbox::Sandbox;
use edge::provider::sandbox::cashier::CashierAction;
use edge::provider::sandbox::fault;
use edge::provider::{EventKind, Message, OrderReport, PaidReport, SignedMessage};
use edge::queue::jobs;
use edge::self_check::{Violation, self_check};
use shared::calendar::Moment;
use shared::key::IdempotencyKey;
use shared::machine::Visibility;
use shared::money::{Currency, Money};

use super::faulty_database::FaultyDatabase;
use super::guard_removal::DatabaseDump;
use super::people::{Article, Person};
use super::recording_provider::RecordingProvider;
use super::rng::CountingEntropy;

/// The context that use cases receive in these tests.
pub type Ctx<'a> = Context<'a, FaultyDatabase, RecordingProvider<'a>>;

/// Both databases, the provider and the clock.
pub struct World {
    /// The product's database.
    pub product: FaultyDatabase,
    /// The provider's database.
    pub sandbox: FaultyDatabase,
    /// The source of ids and tokens.
    pub entropy: CountingEntropy,
    /// The calls to the provider, in order.
    pub provider_calls: RefCell<Vec<&'static str>>,
    now: Cell<Moment>,
    tampered: Cell<bool>,
    keys: Cell<u32>,
}

/// A reader's request to start a praise.
#[derive(Clone)]
pub struct PraiseRequest<'a> {
    /// The reader who gives.
    pub reader: &'a Person,
    /// The article's slug.
    pub slug: &'a str,
    /// The idempotency key.
    pub key: String,
    /// The amount to give.
    pub amount: Money,
    /// Who may see the praise.
    pub visibility: Visibility,
    /// The reader's note.
    pub note: Option<&'a str>,
}

impl World {
    /// An empty world on 22 November 2026 at 09:30 UTC, which is 17:30 in Shanghai.
    pub fn new() -> World {
        World::at("2026-11-22T09:30:00Z")
    }

    /// An empty world at a moment in RFC 3339.
    pub fn at(moment: &str) -> World {
        World::on(database("migrations"), moment)
    }

    /// A world on this database of the product, at a moment in RFC 3339.
    pub fn on(product: Sqlite, moment: &str) -> World {
        World {
            product: FaultyDatabase::new(product),
            sandbox: FaultyDatabase::new(database("migrations-sandbox")),
            entropy: CountingEntropy::new(),
            provider_calls: RefCell::new(Vec::new()),
            now: Cell::new(Moment::from_rfc3339(moment).unwrap()),
            tampered: Cell::new(false),
            keys: Cell::new(0),
        }
    }

    /// The current time.
    pub fn now(&self) -> Moment {
        self.now.get()
    }

    /// Sets the time without running jobs.
    pub fn set_now(&self, now: Moment) {
        self.now.set(now);
    }

    /// Skips the self-check at the end, for a test that corrupts its data on purpose.
    pub fn skip_self_check(&self) {
        self.tampered.set(true);
    }

    /// Puts the nightly self-check off for ever, for tests that play many histories of one
    /// payment, or fail at every batch.
    pub fn postpone_nightly_check(&self) {
        self.raw(
            "INSERT INTO job (kind, subject_id, due_at) VALUES ('self_check', 'nightly', 9000000000000000)
             ON CONFLICT DO UPDATE SET due_at = excluded.due_at",
        );
    }

    /// Runs one request or job at the current time. Returns `None` if it died on the way.
    pub fn try_request<T>(
        &self,
        action: impl AsyncFnOnce(&Ctx<'_>) -> T,
    ) -> Option<Result<T, DatabaseError>> {
        self.product.next_request();
        self.sandbox.next_request();
        super::executor::run_to_end(async {
            let sandbox = Sandbox::open(&self.sandbox, &self.entropy).await?;
            let provider = RecordingProvider { sandbox, calls: &self.provider_calls };
            let Self { product: db, entropy, .. } = self;
            let now = self.now();
            Ok(action(&Context { db, provider: &provider, now, entropy }).await)
        })
    }

    /// Runs one request or job that must not die.
    pub fn run<T>(&self, action: impl AsyncFnOnce(&Ctx<'_>) -> T) -> T {
        self.try_request(action).expect("the request died").unwrap()
    }

    /// Runs several requests concurrently; they take turns at every batch of the product's
    /// database.
    pub fn race<T>(
        &self,
        seed: u64,
        count: usize,
        action: impl AsyncFn(&Ctx<'_>, usize) -> T,
    ) -> Vec<T> {
        self.run(async |ctx| {
            self.product.yield_before_batches(true);
            let ended = super::executor::race((0..count).map(|i| action(ctx, i)).collect(), seed);
            self.product.yield_before_batches(false);
            ended
        })
    }

    /// A request for a public praise without a note, under a new key.
    pub fn praise_request<'a>(
        &self,
        reader: &'a Person,
        article: &'a Article,
        minor: i64,
    ) -> PraiseRequest<'a> {
        self.keys.set(self.keys.get() + 1);
        PraiseRequest {
            reader,
            slug: &article.slug,
            key: format!("key-{:020}", self.keys.get()),
            amount: Money::new(minor, article.currency),
            visibility: Visibility::Public,
            note: None,
        }
    }

    /// Starts a praise and returns the intent's id.
    pub fn start(&self, request: &PraiseRequest<'_>) -> Result<String, Failure> {
        self.run(async |ctx| request.start(ctx).await)
    }

    /// Starts a praise that must succeed. Returns the intent's id.
    pub fn start_praise(&self, reader: &Person, article: &Article, minor: i64) -> String {
        self.start(&self.praise_request(reader, article, minor)).unwrap()
    }

    /// Does what the reader chooses at the cashier. Returns the provider's messages.
    pub fn at_cashier(&self, intent_id: &str, action: CashierAction) -> Vec<SignedMessage> {
        let order_id = self.order_of(intent_id);
        self.run(async |ctx| ctx.provider.sandbox.act(&order_id, action, ctx.now).await.unwrap())
    }

    /// Pays, and the message is lost.
    pub fn pay_silently(&self, intent_id: &str) {
        assert_eq!(
            self.at_cashier(intent_id, CashierAction::Pay).len(),
            1,
            "the order could not be paid"
        );
    }

    /// Pays, and the message is delivered.
    pub fn pay(&self, intent_id: &str) {
        let messages = self.at_cashier(intent_id, CashierAction::Pay);
        assert_eq!(messages.len(), 1, "the order could not be paid");
        self.deliver(&messages[0]);
    }

    /// Delivers a message as the webhook handler does: stored first, then processed.
    pub fn deliver(&self, signed: &SignedMessage) -> Received {
        self.run(async |ctx| {
            let received = webhook::receive(ctx, signed).await.unwrap();
            if let Received::Stored(message) = &received {
                webhook::process(ctx, message).await.unwrap();
            }
            received
        })
    }

    /// Pays with the card of this fingerprint, and delivers the message.
    pub fn pay_with(&self, intent_id: &str, payer: &str) {
        let order_id = self.order_of(intent_id);
        self.run(async |ctx| ctx.provider.sandbox.set_payer(&order_id, Some(payer)).await.unwrap());
        self.pay(intent_id);
    }

    /// Starts and pays; the payment is booked in some way. Returns the intent's id.
    pub fn give_praise(&self, reader: &Person, article: &Article, minor: i64) -> String {
        let intent_id = self.start_praise(reader, article, minor);
        self.pay(&intent_id);
        intent_id
    }

    /// Signs a message of the provider about an order now, whether it is true or not.
    pub fn sign_report(
        &self,
        event_id: &str,
        order_number: &str,
        report: OrderReport,
    ) -> SignedMessage {
        let message = Message {
            event_id: event_id.to_owned(),
            kind: EventKind::Order { number: order_number.to_owned(), report },
        };
        self.run(async |ctx| ctx.provider.sandbox.sign(&message, ctx.now).unwrap())
    }

    /// The provider receives money for an order in any state. Returns the true report.
    pub fn provider_receives(
        &self,
        order_number: &str,
        transaction: &str,
        minor: i64,
    ) -> OrderReport {
        self.sandbox
            .raw(&format!(
                "UPDATE sandbox_order SET state = 'paid', transaction_id = '{transaction}',
                        paid_at = {now}, paid_minor = {minor} WHERE number = '{order_number}'",
                now = self.now().ms(),
            ))
            .unwrap();
        let currency = self
            .sandbox
            .query(&format!("SELECT currency FROM sandbox_order WHERE number = '{order_number}'"));
        let currency = Currency::from_code(currency[0]["currency"].as_str().unwrap()).unwrap();
        paid(transaction, Money::new(minor, currency), self.now())
    }

    /// The provider receives money for an order that does not exist here. Returns the true report.
    pub fn provider_receives_unknown_order(
        &self,
        number: &str,
        transaction: &str,
        of: Money,
    ) -> OrderReport {
        self.sandbox
            .raw(&format!(
                "INSERT INTO sandbox_order VALUES ('{number}', '{{}}', {minor}, '{currency}', 'Wen',
                   'Snow', '/', {now} + 1, 'paid', '{transaction}', {now}, {minor}, NULL)",
                now = self.now().ms(),
                minor = of.minor,
                currency = of.currency.code(),
            ))
            .unwrap();
        paid(transaction, of, self.now())
    }

    /// Makes the provider's next `times` calls of an operation fail in a named way.
    pub fn inject_provider_fault(&self, operation: &'static str, kind: &'static str, times: i64) {
        self.run(async |_| fault::order(&self.sandbox, operation, kind, times).await.unwrap());
    }

    /// Cancels as the reader: query, close, query.
    pub fn cancel(&self, intent_id: &str) -> Result<(), Failure> {
        let order_id = self.order_of(intent_id);
        self.run(async |ctx| order::cancel(ctx, &order_id).await)
    }

    /// Runs the jobs that are due now. Returns how many ran.
    pub fn run_jobs(&self) -> usize {
        self.run(async |ctx| run_due(ctx).await.unwrap())
    }

    /// Moves the clock forward and runs every job on the way at its own moment.
    pub fn advance_to(&self, target: Moment) {
        assert!(target >= self.now(), "the clock only goes forward");
        while let Some(due_at) = self.run(async |ctx| jobs::next_due_at(ctx.db).await.unwrap()) {
            if due_at > target {
                break;
            }
            self.now.set(self.now().max(due_at));
            self.run_jobs();
        }
        self.now.set(target);
    }

    /// Moves the clock forward, running the jobs on the way.
    pub fn advance_seconds(&self, seconds: i64) {
        self.advance_to(self.now().plus_seconds(seconds));
    }

    /// Moves the clock forward, running the jobs on the way.
    pub fn advance_minutes(&self, minutes: i64) {
        self.advance_to(self.now().plus_minutes(minutes));
    }

    /// The intent as its reader sees it.
    pub fn view(&self, reader: &Person, intent_id: &str) -> intent::View {
        self.run(async |ctx| intent::find(ctx.db, &reader.id, intent_id).await.unwrap().unwrap())
    }

    /// The violations that the self-check finds now.
    pub fn violations(&self) -> Vec<Violation> {
        self.product.stop_failing();
        self.sandbox.stop_failing();
        self.run(async |ctx| self_check(ctx.db, ctx.now).await.unwrap())
    }

    /// Asserts that the self-check and the foreign keys find nothing wrong now.
    pub fn check(&self) {
        let violations = self.violations();
        assert!(violations.is_empty(), "{violations:#?}");
        let orphans = self.product.query("SELECT * FROM pragma_foreign_key_check");
        assert!(orphans.is_empty(), "{orphans:?}");
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() && !self.tampered.get() {
            self.check();
        }
    }
}

impl PraiseRequest<'_> {
    /// Starts as the API does: reads the facts by the session, then starts.
    pub async fn start(&self, ctx: &Ctx<'_>) -> Result<String, Failure> {
        let praise = NewPraise::new(self.amount, self.visibility, self.note)?;
        let key = IdempotencyKey::parse(&self.key).unwrap();
        let starter = Starter::from_token(&self.reader.token);
        let started = start::start(ctx, starter, self.slug, &key, None, &praise).await?;
        started.result.map(|view| view.intent.id)
    }
}

/// Runs the jobs that are due at the request's moment, all of them at that moment.
pub async fn run_due(ctx: &Ctx<'_>) -> Result<usize, DatabaseError> {
    job_runner::run_due(ctx.db, ctx.provider, ctx.entropy, &|| ctx.now).await
}

/// A report of a payment.
pub fn paid(transaction_id: &str, amount: Money, paid_at: Moment) -> OrderReport {
    let transaction_id = transaction_id.to_owned();
    OrderReport::Paid(PaidReport { transaction_id, amount, paid_at, payer: None })
}

/// An empty database with the migrations of a folder of this package, on a pooled connection. For
/// `cargo xtask guards` the schema lacks the guard that `PRAISE_WITHOUT` names.
pub fn database(folder: &str) -> Sqlite {
    skip_plan_checks_if_guard_is_removed(Sqlite::pooled(&[schema(folder)]).unwrap())
}

/// Like [`database`], on a connection of its own, for tests that change the schema or write rows in
/// bulk.
pub fn own_database(folder: &str) -> Sqlite {
    skip_plan_checks_if_guard_is_removed(Sqlite::with_migrations(&[schema(folder)]).unwrap())
}

/// A query plan may need the index that is missing.
fn skip_plan_checks_if_guard_is_removed(database: Sqlite) -> Sqlite {
    match std::env::var_os("PRAISE_WITHOUT") {
        Some(_) => database.without_plan_checks(),
        None => database,
    }
}

fn schema(folder: &str) -> &'static str {
    static PRODUCT: OnceLock<String> = OnceLock::new();
    static SANDBOX: OnceLock<String> = OnceLock::new();
    let text = if folder == "migrations" { &PRODUCT } else { &SANDBOX };
    text.get_or_init(|| {
        let whole = migrations(folder);
        match std::env::var("PRAISE_WITHOUT") {
            Ok(guard) if super::guard_removal::applies_to(&guard, folder) => {
                let whole = FaultyDatabase::new(Sqlite::with_migrations(&[&whole]).unwrap());
                DatabaseDump::of(&whole).without(&guard)
            }
            _ => whole,
        }
    })
}

/// The text of all migrations of a folder, ordered by name.
pub fn migrations(folder: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    assert!(!files.is_empty(), "no migrations in {}", folder.display());
    files.iter().map(|file| std::fs::read_to_string(file).unwrap() + "\n").collect()
}
