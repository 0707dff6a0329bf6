//! One seed's world: both records, the town, the letters on their way, the time, and the model.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use edge::context::Context;
use edge::entropy::Entropy;
use edge::provider::SignedMessage;
use shared::calendar::Moment;

use super::chance::Chance;
use super::flaky::Flaky;
use super::model::{Checked, Model};
use super::sabotage::Sabotage;
use super::step::Number;
use super::town::Town;
use super::watch::{Journal, Line, Side, Watched};
use super::{migrations, watches};

/// What use cases are given.
pub type Ctx<'a> = Context<'a, Line<'a>, Flaky<'a>>;

/// A letter of the provider on its way.
#[derive(Clone)]
pub struct Letter {
    /// The step that sent it, and which of its letters.
    pub number: Number,
    /// As it was sent.
    pub signed: SignedMessage,
}

/// An attempt as its reader knows it.
#[derive(Clone)]
pub struct Attempt {
    /// The step that pressed the button first.
    pub number: Number,
    /// Which of the people.
    pub reader: usize,
    /// Which of the articles.
    pub article: usize,
    /// How much.
    pub minor: i64,
}

/// A world.
pub struct World {
    /// The product's record.
    pub product: Watched,
    /// The provider's.
    pub provider: Watched,
    /// What they have written.
    pub journal: Journal,
    /// Ids and tokens, which belong to the step.
    pub ids: Ids,
    /// Who is there.
    pub town: Town,
    /// Letters on their way, oldest first.
    pub bag: Vec<Letter>,
    /// What readers have begun, oldest first.
    pub attempts: Vec<Attempt>,
    /// What must be true.
    pub model: Model,
    /// Lines of the log since the step began.
    pub log: Rc<RefCell<Vec<String>>>,
    /// What is broken on purpose.
    pub sabotage: Option<&'static Sabotage>,
    now: Cell<Moment>,
}

impl World {
    /// The world of a seed, before its first step.
    pub fn new(seed: u64, sabotage: Option<&'static Sabotage>) -> World {
        let mut chance = Chance::new(seed);
        let journal = Journal::default();
        let log = Rc::<RefCell<Vec<String>>>::default();
        let into = Rc::clone(&log);
        edge::log::listen(move |line| into.borrow_mut().push(line.to_owned()));
        let watched = |text, side, watches| Watched::new(text, side, watches, &journal, sabotage);
        let mut world = World {
            product: watched(migrations::product(), Side::Product, watches::PRODUCT),
            provider: watched(migrations::provider(), Side::Provider, watches::PROVIDER),
            journal: Rc::clone(&journal),
            ids: Ids(RefCell::new(Chance::new(seed))),
            town: Town::default(),
            bag: Vec::new(),
            attempts: Vec::new(),
            model: Model::default(),
            log,
            sabotage,
            now: Cell::new(beginning(&mut chance)),
        };
        world.found(&mut chance);
        world.journal.borrow_mut().clear();
        world
    }

    /// The time.
    pub fn now(&self) -> Moment {
        self.now.get()
    }

    /// Sets the time.
    pub fn set_now(&self, now: Moment) {
        self.now.set(now);
    }

    /// Carries out SQL on the product's record as it is.
    pub fn raw(&self, sql: &str) {
        self.product.raw(sql).unwrap_or_else(|error| panic!("{error} in {sql}"));
    }

    /// Shows the model what was written since it looked.
    pub fn observe(&mut self) -> Checked {
        let commits = std::mem::take(&mut *self.journal.borrow_mut());
        let now = self.now().ms();
        commits.iter().try_for_each(|commit| self.model.observe(commit, now))
    }
}

/// Some evening before the end of a month, near a midnight in Shanghai or in UTC.
fn beginning(chance: &mut Chance) -> Moment {
    let days = ["2026-11-28", "2026-11-30", "2026-12-30", "2027-02-27", "2026-12-15", "2027-01-31"];
    let day = days[chance.below(days.len())];
    let hour = [9, 14, 15, 22, 23][chance.below(5)];
    let text = format!("{day}T{hour:02}:{:02}:{:02}Z", chance.below(60), chance.below(60));
    Moment::from_rfc3339(&text).expect("a moment")
}

/// Ids that a step decides, so that they stay the same when other steps are left out.
pub struct Ids(RefCell<Chance>);

impl Ids {
    /// Ids of another step.
    pub fn of(&self, seed: u64, number: Number) {
        let mut mixed = Chance::new(seed ^ (u64::from(number) << 32));
        self.0.replace(Chance::new(mixed.next()));
    }
}

impl Entropy for Ids {
    fn bytes(&self) -> [u8; 16] {
        let mut chance = self.0.borrow_mut();
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&chance.next().to_be_bytes());
        bytes[8..].copy_from_slice(&chance.next().to_be_bytes());
        bytes
    }
}
