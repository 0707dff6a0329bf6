//! The faults of one request: none, errors whose outcome is unknown, or its death.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::chance::Chance;
use super::watch::Side;

/// The percentage of requests with a database error.
const DATABASE_PERCENT: usize = 10;
/// The percentage of requests that die between two awaits.
const DEATH_PERCENT: usize = 5;
/// The percentage of provider calls that are lost on the way there or back.
const CALL_PERCENT: usize = 10;

/// A fault at a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// None: the batch is applied.
    None,
    /// It is not applied, and the caller is told that the outcome is unknown.
    Before,
    /// It is applied, and the caller is told that the outcome is unknown.
    After,
    /// The request dies before the batch.
    DieBefore,
    /// The request dies after the batch.
    DieAfter,
}

/// The outcome of a provider call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// It is answered.
    Answered,
    /// It never arrives.
    Lost,
    /// It is carried out and its answer is lost.
    ReplyLost,
}

/// The faults of one request, chosen before it begins.
pub struct Fate {
    chance: RefCell<Option<Chance>>,
    /// The number of the product's batch that fails, the fault, and whether all later batches fail
    /// too.
    database: Option<(usize, Stroke, bool)>,
    /// The number of the batch, in either database, at which the request dies, and how.
    death: Option<(usize, Stroke)>,
    polite: bool,
    batches: Cell<usize>,
    product_batches: Cell<usize>,
    dead: Cell<bool>,
    struck: RefCell<String>,
}

impl Fate {
    /// A plan without faults. If `yields`, the request lets others run first at each batch.
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

    /// A random plan.
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

    /// The fault at the next batch.
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

    /// The outcome of the next provider call.
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

    /// The faults that have happened, as text; empty if none.
    pub fn struck(&self) -> String {
        self.struck.borrow().clone()
    }

    /// Lets other requests run first, once, if there are others.
    pub async fn give_way(&self) {
        let mut waited = !self.polite;
        std::future::poll_fn(|_| {
            if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

/// A running request with its fault plan.
pub type Running<'a, T> = (Pin<Box<dyn Future<Output = T> + 'a>>, &'a Fate);

/// Runs requests concurrently. Each time one of them waits, `rng` decides which one continues.
/// Returns their results in the given order; `None` for one that died.
pub fn race<T>(requests: Vec<Running<'_, T>>, chance: &mut Chance) -> Vec<Option<T>> {
    let mut cx = Context::from_waker(Waker::noop());
    let mut ended: Vec<Option<T>> = requests.iter().map(|_| None).collect();
    let mut running: Vec<_> = requests.into_iter().enumerate().collect();
    while !running.is_empty() {
        let turn = if running.len() == 1 { 0 } else { chance.below(running.len()) };
        let (place, (future, fate)) = &mut running[turn];
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(value) => ended[*place] = Some(value),
            // A request that died never continues: its future is dropped.
            Poll::Pending if fate.dead.get() => {}
            Poll::Pending => continue,
        }
        drop(running.swap_remove(turn));
    }
    ended
}
