//! The world of one seed: both databases, the population, the pending messages, the time, and the
//! model.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use edge::context::Context;
use edge::database::DatabaseError;
use edge::entropy::Entropy;
use edge::job_runner;
use edge::provider::SignedMessage;
use shared::calendar::Moment;

use super::model::{CheckResult, Model};
use super::observed_database::{Journal, ObservedDatabase, RequestDatabase, Side};
use super::population::Population;
use super::rng::Rng;
use super::sabotage::Sabotage;
use super::step::Number;
use super::unreliable_provider::{DelayedCalls, UnreliableProvider};
use super::{migrations, observed_columns};

/// The nightly self-check runs in one of this many seeds. A history can last half a year, and its
/// nightly runs take longer than everything else in it.
const NIGHTLY_EVERY: u64 = 8;

/// The context that use cases receive.
pub type Ctx<'a> = Context<'a, RequestDatabase<'a>, UnreliableProvider<'a>>;

/// A pending message of the provider.
#[derive(Clone)]
pub struct PendingMessage {
    /// Derived from the number of the step that sent it and its index among that step's messages.
    pub number: Number,
    /// The message as it was sent.
    pub signed: SignedMessage,
}

/// An attempt as its reader knows it.
#[derive(Clone)]
pub struct Attempt {
    /// The step that started it.
    pub number: Number,
    /// The index of the reader.
    pub reader: usize,
    /// The index of the article.
    pub article: usize,
    /// The amount in minor units.
    pub minor: i64,
}

/// The world.
pub struct World {
    /// The product's database.
    pub product: ObservedDatabase,
    /// The provider's database.
    pub provider: ObservedDatabase,
    /// What both databases have written.
    pub journal: Journal,
    /// Ids and tokens of the current step.
    pub ids: Ids,
    /// The people, accounts and articles.
    pub population: Population,
    /// Messages on their way, oldest first.
    pub pending: Vec<PendingMessage>,
    /// The attempts, oldest first.
    pub attempts: Vec<Attempt>,
    /// The reference model.
    pub model: Model,
    /// Provider calls that are still on their way, oldest first.
    pub delayed: DelayedCalls,
    /// The log lines of the current step.
    pub log: Rc<RefCell<Vec<String>>>,
    /// The injected bug, if any.
    pub sabotage: Option<&'static Sabotage>,
    now: Cell<Moment>,
}

impl World {
    /// The world of a seed before its first step.
    pub fn new(seed: u64, sabotage: Option<&'static Sabotage>) -> World {
        let mut rng = Rng::new(seed);
        let journal = Journal::default();
        let log = Rc::<RefCell<Vec<String>>>::default();
        let into = Rc::clone(&log);
        edge::log::listen(move |line| into.borrow_mut().push(line.to_owned()));
        let observed =
            |text, side, tables| ObservedDatabase::new(text, side, tables, &journal, sabotage);
        let mut world = World {
            product: observed(migrations::product(), Side::Product, observed_columns::PRODUCT),
            provider: observed(migrations::provider(), Side::Provider, observed_columns::PROVIDER),
            journal: Rc::clone(&journal),
            ids: Ids(RefCell::new(Rng::new(seed))),
            population: Population::default(),
            pending: Vec::new(),
            attempts: Vec::new(),
            model: Model::default(),
            delayed: DelayedCalls::default(),
            log,
            sabotage,
            now: Cell::new(beginning(&mut rng)),
        };
        world.populate(&mut rng);
        if !seed.is_multiple_of(NIGHTLY_EVERY) {
            world.raw("INSERT INTO job (kind, subject_id, due_at) VALUES ('self_check', 'nightly', 1 << 50)");
        }
        world.journal.borrow_mut().clear();
        world
    }

    /// The current time.
    pub fn now(&self) -> Moment {
        self.now.get()
    }

    /// Sets the time.
    pub fn set_now(&self, now: Moment) {
        self.now.set(now);
    }

    /// Runs the jobs that are due. Time passes while they run, if the request's plan says so.
    pub async fn run_due(&self, ctx: &Ctx<'_>) -> Result<usize, DatabaseError> {
        let plan = ctx.db.plan;
        let clock = || {
            let before = plan.now().unwrap_or(ctx.now);
            let now = Moment::from_ms(before.ms() + plan.clock_step_ms());
            plan.set_now(now);
            self.set_now(self.now().max(now));
            if self.sabotage.is_some_and(Sabotage::stops_the_clock) { ctx.now } else { now }
        };
        job_runner::run_due(ctx.db, ctx.provider, ctx.entropy, &clock).await
    }

    /// Runs SQL on the product's database without faults.
    pub fn raw(&self, sql: &str) {
        self.product.raw(sql).unwrap_or_else(|error| panic!("{error} in {sql}"));
    }

    /// Passes what was written since the last call to the model.
    pub fn observe(&mut self) -> CheckResult {
        let commits = std::mem::take(&mut *self.journal.borrow_mut());
        let now = self.now();
        commits
            .iter()
            .try_for_each(|commit| self.model.observe(commit, commit.at.unwrap_or(now).ms()))
    }
}

/// A random evening near the end of a month, near midnight in Shanghai or in UTC.
fn beginning(rng: &mut Rng) -> Moment {
    let days = ["2026-11-28", "2026-11-30", "2026-12-30", "2027-02-27", "2026-12-15", "2027-01-31"];
    let day = days[rng.below(days.len())];
    let hour = [9, 14, 15, 22, 23][rng.below(5)];
    let text = format!("{day}T{hour:02}:{:02}:{:02}Z", rng.below(60), rng.below(60));
    Moment::from_rfc3339(&text).expect("a moment")
}

/// Ids that depend on the step alone, so that they stay the same when other steps are removed.
pub struct Ids(RefCell<Rng>);

impl Ids {
    /// Switches to the ids of a step.
    pub fn of(&self, seed: u64, number: Number) {
        let mut mixed = Rng::new(seed ^ (u64::from(number) << 32));
        self.0.replace(Rng::new(mixed.next()));
    }
}

impl Entropy for Ids {
    fn bytes(&self) -> [u8; 16] {
        let mut rng = self.0.borrow_mut();
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&rng.next().to_be_bytes());
        bytes[8..].copy_from_slice(&rng.next().to_be_bytes());
        bytes
    }
}
