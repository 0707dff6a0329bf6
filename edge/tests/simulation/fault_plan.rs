//! The faults of one request: none, errors whose outcome is unknown, or its death.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use shared::calendar::Moment;

use super::observed_database::Side;
use super::rng::Rng;

/// The percentage of requests with a database error.
const DATABASE_PERCENT: usize = 10;
/// The percentage of requests that die between two awaits.
const DEATH_PERCENT: usize = 5;
/// The percentage of provider calls that are lost or delayed.
const CALL_PERCENT: usize = 10;
/// Milliseconds by which the clock advances each time it is read. In half of the requests it stands
/// still, as if the provider answered at once.
const CLOCK_STEPS_MS: [i64; 6] = [0, 0, 0, 40, 900, 6_000];

/// A fault at a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchFault {
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
pub enum CallOutcome {
    /// It is answered.
    Answered,
    /// It never arrives.
    Lost,
    /// It is carried out and its answer is lost.
    ReplyLost,
    /// It arrives much later. The caller has been told that the outcome is unknown.
    Delayed,
}

/// The faults of one request, chosen before it begins.
pub struct FaultPlan {
    rng: RefCell<Option<Rng>>,
    /// The number of the product's batch that fails, the fault, and whether all later batches fail
    /// too.
    database: Option<(usize, BatchFault, bool)>,
    /// The number of the batch, in either database, at which the request dies, and how.
    death: Option<(usize, BatchFault)>,
    yields: bool,
    batches: Cell<usize>,
    product_batches: Cell<usize>,
    statements: Cell<u64>,
    dead: Cell<bool>,
    faults: RefCell<String>,
    now: Cell<Option<Moment>>,
    clock_step_ms: i64,
}

impl FaultPlan {
    /// A plan without faults. If `yields`, the request lets others run first at each batch.
    pub fn none(yields: bool) -> FaultPlan {
        FaultPlan {
            rng: RefCell::new(None),
            database: None,
            death: None,
            yields,
            batches: Cell::new(0),
            product_batches: Cell::new(0),
            statements: Cell::new(0),
            dead: Cell::new(false),
            faults: RefCell::default(),
            now: Cell::default(),
            clock_step_ms: 0,
        }
    }

    /// A random plan.
    pub fn random(mut rng: Rng, yields: bool) -> FaultPlan {
        let mut plan = FaultPlan::none(yields);
        if rng.below(100) < DATABASE_PERCENT {
            let stroke = if rng.below(2) == 0 { BatchFault::Before } else { BatchFault::After };
            // Sometimes the run reaches the database's limit of queries: all later batches fail, too.
            let is_limit = rng.below(4) == 0;
            let first = if is_limit { rng.below(60) } else { rng.below(8) };
            plan.database = Some((first, stroke, is_limit));
        }
        if rng.below(100) < DEATH_PERCENT {
            let stroke =
                if rng.below(2) == 0 { BatchFault::DieBefore } else { BatchFault::DieAfter };
            plan.death = Some((rng.below(16), stroke));
        }
        plan.clock_step_ms = CLOCK_STEPS_MS[rng.below(CLOCK_STEPS_MS.len())];
        plan.rng.replace(Some(rng));
        plan
    }

    /// The fault at the next batch.
    pub fn batch(&self, side: Side) -> BatchFault {
        let number = self.batches.replace(self.batches.get() + 1);
        if let Some((at, stroke)) = self.death
            && at == number
        {
            self.dead.set(true);
            return self.record(stroke, number);
        }
        if side == Side::Product {
            let number = self.product_batches.replace(self.product_batches.get() + 1);
            match self.database {
                Some((at, stroke, _)) if at == number => return self.record(stroke, number),
                Some((at, _, true)) if number > at => {
                    return self.record(BatchFault::Before, number);
                }
                _ => {}
            }
        }
        BatchFault::None
    }

    fn record(&self, stroke: BatchFault, number: usize) -> BatchFault {
        let mut faults = self.faults.borrow_mut();
        if !faults.is_empty() {
            faults.push_str(", ");
        }
        faults.push_str(&format!("{stroke:?} at batch {number}"));
        stroke
    }

    /// Counts statements that the request sends to the product's database.
    pub fn count_statements(&self, number: usize) {
        self.statements.set(self.statements.get() + number as u64);
    }

    /// How many statements the request has sent to the product's database.
    pub fn statements_sent(&self) -> u64 {
        self.statements.get()
    }

    /// The moment at which the request runs; `None` before it begins.
    pub fn now(&self) -> Option<Moment> {
        self.now.get()
    }

    /// Sets the moment at which the request runs.
    pub fn set_now(&self, now: Moment) {
        self.now.set(Some(now));
    }

    /// The milliseconds by which the clock advances each time it is read.
    pub fn clock_step_ms(&self) -> i64 {
        self.clock_step_ms
    }

    /// Chooses the outcome of a provider call that cannot be delayed.
    pub fn call(&self, name: &str) -> CallOutcome {
        self.draw(name, &[CallOutcome::Lost, CallOutcome::ReplyLost])
    }

    /// Chooses the outcome of a provider call that moves money. It can be delayed.
    pub fn call_that_moves_money(&self, name: &str) -> CallOutcome {
        self.draw(name, &[CallOutcome::Lost, CallOutcome::ReplyLost, CallOutcome::Delayed])
    }

    fn draw(&self, name: &str, outcomes: &[CallOutcome]) -> CallOutcome {
        let mut rng = self.rng.borrow_mut();
        let Some(rng) = rng.as_mut() else { return CallOutcome::Answered };
        if rng.below(100) >= CALL_PERCENT {
            return CallOutcome::Answered;
        }
        let call = outcomes[rng.below(outcomes.len())];
        let mut faults = self.faults.borrow_mut();
        if !faults.is_empty() {
            faults.push_str(", ");
        }
        faults.push_str(&format!("{name} {call:?}"));
        call
    }

    /// The faults that have happened, as text; empty if none.
    pub fn faults(&self) -> String {
        self.faults.borrow().clone()
    }

    /// Lets other requests run first, once, if there are others.
    pub async fn yield_once(&self) {
        let mut waited = !self.yields;
        std::future::poll_fn(|_| {
            if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

/// A running request with its fault plan.
pub type Running<'a, T> = (Pin<Box<dyn Future<Output = T> + 'a>>, &'a FaultPlan);

/// Runs requests concurrently. Each time one of them waits, `rng` decides which one continues.
/// Returns their results in the given order; `None` for one that died.
pub fn race<T>(requests: Vec<Running<'_, T>>, rng: &mut Rng) -> Vec<Option<T>> {
    let mut cx = Context::from_waker(Waker::noop());
    let mut ended: Vec<Option<T>> = requests.iter().map(|_| None).collect();
    let mut running: Vec<_> = requests.into_iter().enumerate().collect();
    while !running.is_empty() {
        let turn = if running.len() == 1 { 0 } else { rng.below(running.len()) };
        let (place, (future, plan)) = &mut running[turn];
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(value) => ended[*place] = Some(value),
            // A request that died never continues: its future is dropped.
            Poll::Pending if plan.dead.get() => {}
            Poll::Pending => continue,
        }
        drop(running.swap_remove(turn));
    }
    ended
}
