//! A whole product in memory: both databases with the real migrations, the sandbox provider, a
//! clock that only the test moves, and ids that are the same in every run.
//!
//! When a world ends, the self-check runs over it and must find nothing, whatever the test was
//! about; a test that breaks its world on purpose says so with [`World::tampered`].

pub mod bulk;
pub mod chance;
pub mod executor;
pub mod faulty;
pub mod frozen;
pub mod people;
pub mod places;
pub mod record;
pub mod recorded;
pub mod schema;
pub mod without;

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
use edge::provider::sandbox::cashier::Deed;
use edge::provider::sandbox::fault;
use edge::provider::{Message, News, OrderReport, PaidReport, SignedMessage};
use edge::queue::jobs;
use edge::self_check::{Violation, self_check};
use shared::calendar::Moment;
use shared::key::IdempotencyKey;
use shared::machine::Visibility;
use shared::money::{Currency, Money};

use chance::Counted;
use faulty::Faulty;
use people::{Article, Person};
use recorded::Recorded;
use without::Whole;

/// What use cases are given in these tests.
pub type Ctx<'a> = Context<'a, Faulty, Recorded<'a>>;

/// The product and the provider, and the time.
pub struct World {
    /// The product's record.
    pub product: Faulty,
    /// The provider's.
    pub sandbox: Faulty,
    /// Ids and tokens.
    pub entropy: Counted,
    /// What the provider was asked, in order.
    pub calls: RefCell<Vec<&'static str>>,
    now: Cell<Moment>,
    tampered: Cell<bool>,
    keys: Cell<u32>,
}

/// What a reader sends to start a praise.
#[derive(Clone)]
pub struct Wish<'a> {
    /// Who.
    pub reader: &'a Person,
    /// For what.
    pub slug: &'a str,
    /// Once.
    pub key: String,
    /// How much.
    pub amount: Money,
    /// Who sees it.
    pub visibility: Visibility,
    /// With which words.
    pub note: Option<&'a str>,
}

impl World {
    /// An empty world on 22 November 2026 at 09:30 UTC, 17:30 in Shanghai.
    pub fn new() -> World {
        World::at("2026-11-22T09:30:00Z")
    }

    /// An empty world at a moment in RFC 3339.
    pub fn at(moment: &str) -> World {
        World {
            product: Faulty::new(database("migrations")),
            sandbox: Faulty::new(database("migrations-sandbox")),
            entropy: Counted::new(),
            calls: RefCell::new(Vec::new()),
            now: Cell::new(Moment::from_rfc3339(moment).unwrap()),
            tampered: Cell::new(false),
            keys: Cell::new(0),
        }
    }

    /// The time.
    pub fn now(&self) -> Moment {
        self.now.get()
    }

    /// Sets the time and runs nothing.
    pub fn set_now(&self, now: Moment) {
        self.now.set(now);
    }

    /// The test breaks this world on purpose: it does not have to be whole at its end.
    pub fn tampered(&self) {
        self.tampered.set(true);
    }

    /// One request or job: whatever it does, at this moment. `None` when it died on the way.
    pub fn request<T>(
        &self,
        deed: impl AsyncFnOnce(&Ctx<'_>) -> T,
    ) -> Option<Result<T, DatabaseError>> {
        self.product.next_request();
        self.sandbox.next_request();
        executor::complete(async {
            let sandbox = Sandbox::open(&self.sandbox, &self.entropy).await?;
            let provider = Recorded { sandbox, calls: &self.calls };
            let Self { product: db, entropy, .. } = self;
            let now = self.now();
            Ok(deed(&Context { db, provider: &provider, now, entropy }).await)
        })
    }

    /// The same where nothing is expected to die.
    pub fn act<T>(&self, deed: impl AsyncFnOnce(&Ctx<'_>) -> T) -> T {
        self.request(deed).expect("the request died").unwrap()
    }

    /// Several requests at once, which take turns at every batch of the product's database.
    pub fn race<T>(
        &self,
        seed: u64,
        count: usize,
        deed: impl AsyncFn(&Ctx<'_>, usize) -> T,
    ) -> Vec<T> {
        self.act(async |ctx| {
            self.product.be_polite(true);
            let ended = executor::race((0..count).map(|i| deed(ctx, i)).collect(), seed);
            self.product.be_polite(false);
            ended
        })
    }

    /// A wish for a public praise without a note, under a key of its own.
    pub fn wish<'a>(&self, reader: &'a Person, article: &'a Article, minor: i64) -> Wish<'a> {
        self.keys.set(self.keys.get() + 1);
        Wish {
            reader,
            slug: &article.slug,
            key: format!("key-{:020}", self.keys.get()),
            amount: Money::new(minor, article.currency),
            visibility: Visibility::Public,
            note: None,
        }
    }

    /// Starts a praise and returns the intent's id.
    pub fn start(&self, wish: &Wish<'_>) -> Result<String, Failure> {
        self.act(async |ctx| wish.start(ctx).await)
    }

    /// Starts, and must succeed.
    pub fn started(&self, reader: &Person, article: &Article, minor: i64) -> String {
        self.start(&self.wish(reader, article, minor)).unwrap()
    }

    /// What the reader does at the cashier; returns the messages of the provider.
    pub fn deed(&self, intent_id: &str, deed: Deed) -> Vec<SignedMessage> {
        let order_id = self.order_of(intent_id);
        self.act(async |ctx| ctx.provider.sandbox.deed(&order_id, deed, ctx.now).await.unwrap())
    }

    /// Pays, and the message never arrives.
    pub fn pay_silently(&self, intent_id: &str) {
        assert_eq!(self.deed(intent_id, Deed::Pay).len(), 1, "the order could not be paid");
    }

    /// Pays, and the message is delivered.
    pub fn pay(&self, intent_id: &str) {
        let messages = self.deed(intent_id, Deed::Pay);
        assert_eq!(messages.len(), 1, "the order could not be paid");
        self.deliver(&messages[0]);
    }

    /// Delivers a message as the notify handler does: stored first, then processed.
    pub fn deliver(&self, signed: &SignedMessage) -> Received {
        self.act(async |ctx| {
            let received = webhook::receive(ctx, signed).await.unwrap();
            if let Received::Stored(message) = &received {
                webhook::process(ctx, message).await.unwrap();
            }
            received
        })
    }

    /// Starts, pays, and the money is booked one way or another. Returns the intent's id.
    pub fn praised(&self, reader: &Person, article: &Article, minor: i64) -> String {
        let intent_id = self.started(reader, article, minor);
        self.pay(&intent_id);
        intent_id
    }

    /// What the provider says about an order, signed now, true or not.
    pub fn says(&self, event_id: &str, order_number: &str, report: OrderReport) -> SignedMessage {
        let message = Message {
            event_id: event_id.to_owned(),
            news: News::Order { number: order_number.to_owned(), report },
        };
        self.act(async |ctx| ctx.provider.sandbox.sign(&message, ctx.now).unwrap())
    }

    /// The provider receives money for an order, whatever its state. Returns the true report.
    pub fn provider_takes(&self, order_number: &str, transaction: &str, minor: i64) -> OrderReport {
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

    /// The provider receives money for an order that is not in our record. Returns the true report.
    pub fn provider_takes_unasked(
        &self,
        number: &str,
        transaction: &str,
        of: Money,
    ) -> OrderReport {
        self.sandbox
            .raw(&format!(
                "INSERT INTO sandbox_order VALUES ('{number}', '{{}}', {minor}, '{currency}', 'Wen',
                   'Snow', '/', {now} + 1, 'paid', '{transaction}', {now}, {minor})",
                now = self.now().ms(),
                minor = of.minor,
                currency = of.currency.code(),
            ))
            .unwrap();
        paid(transaction, of, self.now())
    }

    /// The next `times` calls of a kind go wrong at the provider in a named way.
    pub fn order_fault(&self, operation: &'static str, kind: &'static str, times: i64) {
        self.act(async |_| fault::order(&self.sandbox, operation, kind, times).await.unwrap());
    }

    /// Cancels as the reader: query, close, query.
    pub fn cancel(&self, intent_id: &str) -> Result<(), Failure> {
        let order_id = self.order_of(intent_id);
        self.act(async |ctx| order::cancel(ctx, &order_id).await)
    }

    /// Runs the jobs that are due now.
    pub fn run_jobs(&self) -> usize {
        self.act(async |ctx| job_runner::run_due(ctx).await.unwrap())
    }

    /// Moves the clock forward and runs every job on the way at its own moment.
    pub fn advance_to(&self, target: Moment) {
        assert!(target >= self.now(), "the clock only goes forward");
        while let Some(due_at) = self.act(async |ctx| jobs::next_due_at(ctx.db).await.unwrap()) {
            if due_at > target {
                break;
            }
            self.now.set(self.now().max(due_at));
            self.run_jobs();
        }
        self.now.set(target);
    }

    /// Moves the clock forward.
    pub fn advance_seconds(&self, seconds: i64) {
        self.advance_to(self.now().plus_seconds(seconds));
    }

    /// Moves the clock forward.
    pub fn advance_minutes(&self, minutes: i64) {
        self.advance_to(self.now().plus_minutes(minutes));
    }

    /// The intent as its reader sees it.
    pub fn view(&self, reader: &Person, intent_id: &str) -> intent::View {
        self.act(async |ctx| intent::find(ctx.db, &reader.id, intent_id).await.unwrap().unwrap())
    }

    /// Everything that must not be and is.
    pub fn violations(&self) -> Vec<Violation> {
        self.product.calm();
        self.sandbox.calm();
        self.act(async |ctx| self_check(ctx.db, ctx.now).await.unwrap())
    }

    /// Nothing may be wrong now.
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

impl Wish<'_> {
    /// Starts as the API does: reads the ground by the session, then starts.
    pub async fn start(&self, ctx: &Ctx<'_>) -> Result<String, Failure> {
        let praise = NewPraise::new(self.amount, self.visibility, self.note)?;
        let key = IdempotencyKey::parse(&self.key).unwrap();
        let starter = Starter::from_token(&self.reader.token);
        let started = start::start(ctx, starter, self.slug, &key, None, &praise).await?;
        started.result.map(|view| view.intent.id)
    }
}

/// A report that money arrived.
pub fn paid(transaction_id: &str, amount: Money, paid_at: Moment) -> OrderReport {
    OrderReport::Paid(PaidReport { transaction_id: transaction_id.to_owned(), amount, paid_at })
}

/// A fresh database with the migrations of a folder of this package; without the guard that
/// `PRAISE_WITHOUT` names, for `cargo xtask guards`.
pub fn database(folder: &str) -> Sqlite {
    static PRODUCT: OnceLock<String> = OnceLock::new();
    static SANDBOX: OnceLock<String> = OnceLock::new();
    let text = if folder == "migrations" { &PRODUCT } else { &SANDBOX };
    let schema = || {
        let whole = migrations(folder);
        match std::env::var("PRAISE_WITHOUT") {
            Ok(guard) if without::is_in(&guard, folder) => {
                let whole = Faulty::new(Sqlite::with_migrations(&[&whole]).unwrap());
                Whole::of(&whole).without(&guard)
            }
            _ => whole,
        }
    };
    Sqlite::with_migrations(&[text.get_or_init(schema)]).unwrap()
}

/// The text of all migrations of a folder, in the order of their names.
pub fn migrations(folder: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    assert!(!files.is_empty(), "no migrations in {}", folder.display());
    files.iter().map(|file| std::fs::read_to_string(file).unwrap() + "\n").collect()
}
