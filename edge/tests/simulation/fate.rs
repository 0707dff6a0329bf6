//! What happens to one request on its way: nothing, errors whose outcome is unknown, or its death.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::chance::Chance;
use super::watch::Side;

/// Of a hundred requests, how many meet an error of the database.
const DATABASE_PERCENT: usize = 10;
/// Of a hundred requests, how many die between two awaits.
const DEATH_PERCENT: usize = 5;
/// Of a hundred calls of the provider, how many are lost on the way there or back.
const CALL_PERCENT: usize = 10;

/// What happens to a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// Nothing: it is carried out.
    None,
    /// It is not carried out, and the caller hears that the outcome is unknown.
    Before,
    /// It is carried out, and the caller hears that the outcome is unknown.
    After,
    /// The request dies before it.
    DieBefore,
    /// The request dies after it.
    DieAfter,
}

/// What happens to a call of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// It is answered.
    Answered,
    /// It never arrives.
    Lost,
    /// It is carried out and its answer is lost.
    ReplyLost,
}

/// The fate of one request, drawn before it begins.
pub struct Fate {
    chance: RefCell<Option<Chance>>,
    /// Batch of the product's record that fails, how, and whether all after it fail as well.
    database: Option<(usize, Stroke, bool)>,
    /// Batch of either record at which it dies, and how.
    death: Option<(usize, Stroke)>,
    polite: bool,
    batches: Cell<usize>,
    product_batches: Cell<usize>,
    dead: Cell<bool>,
    struck: RefCell<String>,
}

impl Fate {
    /// A request to which nothing happens. A polite one lets others go first at each batch.
    pub fn calm(polite: bool) -> Fate {
        Fate {
            chance: RefCell::new(None),
            database: None,
            death: None,
            polite,
            batches: Cell::new(0),
            product_batches: Cell::new(0),
            dead: Cell::new(false),
            struck: RefCell::default(),
        }
    }

    /// The fate that this stream of numbers decides.
    pub fn drawn(mut chance: Chance, polite: bool) -> Fate {
        let mut fate = Fate::calm(polite);
        if chance.below(100) < DATABASE_PERCENT {
            let stroke = if chance.below(2) == 0 { Stroke::Before } else { Stroke::After };
            fate.database = Some((chance.below(8), stroke, chance.below(4) == 0));
        }
        if chance.below(100) < DEATH_PERCENT {
            let stroke = if chance.below(2) == 0 { Stroke::DieBefore } else { Stroke::DieAfter };
            fate.death = Some((chance.below(16), stroke));
        }
        fate.chance.replace(Some(chance));
        fate
    }

    /// What happens to the next batch.
    pub fn batch(&self, side: Side) -> Stroke {
        let number = self.batches.replace(self.batches.get() + 1);
        if let Some((at, stroke)) = self.death
            && at == number
        {
            self.dead.set(true);
            return self.strike(stroke, number);
        }
        if side == Side::Product {
            let number = self.product_batches.replace(self.product_batches.get() + 1);
            match self.database {
                Some((at, stroke, _)) if at == number => return self.strike(stroke, number),
                Some((at, _, true)) if number > at => return self.strike(Stroke::Before, number),
                _ => {}
            }
        }
        Stroke::None
    }

    fn strike(&self, stroke: Stroke, number: usize) -> Stroke {
        let mut struck = self.struck.borrow_mut();
        if !struck.is_empty() {
            struck.push_str(", ");
        }
        struck.push_str(&format!("{stroke:?} at batch {number}"));
        stroke
    }

    /// What happens to the next call of the provider.
    pub fn call(&self, name: &str) -> Call {
        let mut chance = self.chance.borrow_mut();
        let Some(chance) = chance.as_mut() else { return Call::Answered };
        if chance.below(100) >= CALL_PERCENT {
            return Call::Answered;
        }
        let call = if chance.below(2) == 0 { Call::Lost } else { Call::ReplyLost };
        let mut struck = self.struck.borrow_mut();
        if !struck.is_empty() {
            struck.push_str(", ");
        }
        struck.push_str(&format!("{name} {call:?}"));
        call
    }

    /// What has happened, in words; empty where nothing has.
    pub fn struck(&self) -> String {
        self.struck.borrow().clone()
    }

    /// Lets the others go first, once, if there are others.
    pub async fn give_way(&self) {
        let mut waited = !self.polite;
        std::future::poll_fn(|_| {
            if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

/// A request that runs, with its fate.
pub type Running<'a, T> = (Pin<Box<dyn Future<Output = T> + 'a>>, &'a Fate);

/// Runs requests at once. Each time one of them waits, chance decides who goes on. Returns what
/// each came to, in the order given; `None` for one that died.
pub fn race<T>(requests: Vec<Running<'_, T>>, chance: &mut Chance) -> Vec<Option<T>> {
    let mut cx = Context::from_waker(Waker::noop());
    let mut ended: Vec<Option<T>> = requests.iter().map(|_| None).collect();
    let mut running: Vec<_> = requests.into_iter().enumerate().collect();
    while !running.is_empty() {
        let turn = if running.len() == 1 { 0 } else { chance.below(running.len()) };
        let (place, (future, fate)) = &mut running[turn];
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(value) => ended[*place] = Some(value),
            // What dies never goes on: its future is dropped where it stood.
            Poll::Pending if fate.dead.get() => {}
            Poll::Pending => continue,
        }
        drop(running.swap_remove(turn));
    }
    ended
}
