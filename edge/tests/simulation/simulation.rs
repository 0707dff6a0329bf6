//! Plays a history: performs each step, passes what was written to the model, and checks the
//! result.

use edge::failure::Failure;
use edge::self_check::self_check;
use shared::calendar::Moment;
use shared::problem::Problem;

use super::actions::{Answer, Outcome, key};
use super::fault_plan::{FaultPlan, race};
use super::model::answers::{self, Asked};
use super::model::{CheckResult, ensure, violation};
use super::rng::Rng;
use super::sabotage::Sabotage;
use super::step::{Action, Event, Start, Step, Tampering, Ticks};
use super::world::{Attempt, World};

/// Steps between two self-checks.
const CHECK_EVERY: usize = 800;
/// Statements that D1 allows in one invocation, if those of a batch count singly.
const INVOCATION_STATEMENTS: u64 = 1000;
/// Rounds of jobs after which they are assumed never to finish.
const ROUNDS_MAX: usize = 100_000;

/// The world of a seed, and the number of steps played.
pub struct Simulation {
    /// The world.
    pub world: World,
    /// The seed.
    pub seed: u64,
    steps: usize,
}

impl Simulation {
    /// The simulation before the first step.
    pub fn new(seed: u64, sabotage: Option<&'static Sabotage>) -> Simulation {
        Simulation { world: World::new(seed, sabotage), seed, steps: 0 }
    }

    /// Performs a step and checks the result.
    pub fn step(&mut self, step: &Step) -> CheckResult {
        let world = &mut self.world;
        world.ids.of(self.seed, step.number);
        let mut rng = Rng::new(self.seed ^ (u64::from(step.number) << 20) ^ 0x5eed);
        world.log.borrow_mut().clear();
        match &step.event {
            Event::Requests(actions) => requests(world, step, actions, &mut rng)?,
            Event::Time { ms, ticks } => {
                let target = Moment::from_ms(world.now().ms() + ms);
                if *ticks != Ticks::None {
                    run_jobs_until(world, target, *ticks, step.fault_free, &mut rng)?;
                }
                world.set_now(world.now().max(target));
            }
            Event::Switch { place, off } => {
                world.switch(*place, *off);
                world.observe()?;
            }
        }
        self.steps += 1;
        if self.steps.is_multiple_of(CHECK_EVERY) { self.check() } else { Ok(()) }
    }

    /// Checks everything that is stored.
    fn check(&mut self) -> CheckResult {
        self.world.model.check_balances()?;
        let violations = self.world.without_faults(async |ctx| {
            self_check(ctx.db, ctx.now).await.expect("the self-check runs")
        });
        // A job that is overdue was not run by the simulation; that is not a bug.
        let other = violations.iter().find(|found| !found.check.contains("past its"));
        match other {
            Some(found) if !found.check.contains("waits past") => {
                violation(&format!("self-check: {}", found.check), format!("{found:?}"))
            }
            _ => Ok(()),
        }
    }
}

/// Advances the clock and runs the jobs that are due.
pub fn run_jobs_until(
    world: &mut World,
    target: Moment,
    ticks: Ticks,
    fault_free: bool,
    rng: &mut Rng,
) -> CheckResult {
    for _ in 0..ROUNDS_MAX {
        let Some(due_at) = world.next_job() else { return Ok(()) };
        let due_at = match ticks {
            Ticks::Every(ms) => Moment::from_ms((due_at.ms() + ms - 1).div_euclid(ms) * ms),
            Ticks::Exact | Ticks::None => due_at,
        };
        if due_at > target {
            return Ok(());
        }
        world.set_now(world.now().max(due_at));
        let plan = match fault_free {
            true => FaultPlan::none(false),
            false => FaultPlan::random(Rng::new(rng.next()), false),
        };
        let running = &*world;
        let request = Box::pin(running.request(&plan, async |ctx| running.run_due(ctx).await));
        let ended = race(vec![(request, &plan)], rng);
        if let Some(Some(Ok(Err(error)) | Err(error))) = ended.into_iter().next() {
            answers::failure_has_a_cause(&Failure::Database(error), &plan.faults())?;
        }
        ensure(
            plan.statements_sent() <= INVOCATION_STATEMENTS,
            "a run of jobs stays within the limit of one invocation",
            || format!("{} statements", plan.statements_sent()),
        )?;
        world.observe()?;
        read_log(world, &plan.faults())?;
    }
    violation("jobs finish", format!("after {ROUNDS_MAX} rounds"))
}

fn requests(world: &mut World, step: &Step, actions: &[Action], rng: &mut Rng) -> CheckResult {
    let now = world.now().ms();
    world.model.begin_step();
    let mut before = Vec::new();
    for action in actions {
        match action {
            Action::Start(start) => {
                keep_session(world, start);
                if !world.attempts.iter().rev().any(|attempt| attempt.number == start.key) {
                    let Start { reader, article, minor, key } = *start;
                    world.attempts.push(Attempt { number: key, reader, article, minor });
                }
                before.push(world.model.refusals(&asked(world, start), now));
            }
            Action::Cancel(number) => {
                if let Some(intent) = world.intent_of(*number)
                    && let Some(intent) = world.model.intents.get_mut(&intent)
                {
                    intent.cancel_asked = true;
                }
                before.push(Vec::new());
            }
            _ => before.push(Vec::new()),
        }
    }
    let queried: Vec<bool> = actions
        .iter()
        .map(|action| matches!(action, Action::Cancel(number) if world.was_queried(*number)))
        .collect();
    let outcomes = world.requests(actions, step, rng);
    world.observe()?;
    let faults: Vec<String> = outcomes.iter().map(|outcome| outcome.faults.clone()).collect();
    read_log(world, &faults.concat())?;
    let alone = outcomes.len() == 1;
    let mut arrived = Vec::new();
    for ((outcome, before), queried) in outcomes.into_iter().zip(before).zip(queried) {
        // Once a message is acknowledged, the provider stops sending it.
        if let (Action::Deliver(number, Tampering::None), Some(Answer::Received(Ok(true)))) =
            (&outcome.action, &outcome.answer)
        {
            arrived.push(*number);
        }
        judge(world, outcome, (&before, queried || !alone), alone, step, rng)?;
    }
    world.pending.retain(|message| !arrived.contains(&message.number));
    Ok(())
}

/// Judges an answer. `before` are the refusals that were true before the step; `may_wait` says that a
/// cancellation may be told to come again later, because the order has just been queried.
fn judge(
    world: &mut World,
    outcome: Outcome,
    (before, may_wait): (&[&str], bool),
    alone: bool,
    step: &Step,
    rng: &mut Rng,
) -> CheckResult {
    let Outcome { action, answer, faults } = outcome;
    match (&action, answer) {
        (Action::Start(start), Some(Answer::Started(Ok(view)))) => {
            let asked = asked(world, start);
            world.model.started(&asked, &view)?;
            if alone {
                world.model.shown(&view.intent.id, &view)?;
            }
        }
        (Action::Start(start), Some(Answer::Started(Err(Failure::Refused(problem)))))
            if answers::name(&problem) != "another" =>
        {
            let name = answers::name(&problem);
            let (asked, now) = (asked(world, start), world.now().ms());
            let after = world.model.refusals_during_step(&asked, now);
            ensure(
                before.contains(&name) || after.contains(&name),
                "a refusal is correct",
                || format!("{problem:?} for {start:?}; true were {before:?} and {after:?}"),
            )?;
            world.model.count_transition("start", "refused", name);
        }
        // A dispute waits while its payment is unknown or another dispute is open.
        (Action::Deliver(number, _), Some(Answer::Done(Err(failure))))
            if failure.problem() == Problem::Unavailable && world.is_about_dispute(*number) => {}
        // Nobody knows the result of an order that the provider does not have.
        (Action::Cancel(number), Some(Answer::Done(Err(failure))))
            if failure.problem() == Problem::Unavailable && !world.provider_has(*number) => {}
        // A reader causes at most one query of an order in three seconds.
        (Action::Cancel(number), Some(Answer::Done(Err(failure))))
            if failure.problem() == Problem::Unavailable && may_wait => {}
        (Action::BackOffice(_) | Action::Limit(_), Some(Answer::Done(told))) => {
            if let Err(failure) = &told {
                answers::failure_has_a_cause(failure, &faults)?;
            }
            if alone {
                world.check_answer(&action, &told)?;
            }
        }
        (_, Some(Answer::Started(Err(failure)) | Answer::Done(Err(failure)))) => {
            answers::failure_has_a_cause(&failure, &faults)?;
        }
        (Action::Reverse(_, right), Some(Answer::Returned(praise, answer))) => {
            let now = world.now().ms();
            let cause = answer.as_ref().err().map(Failure::problem);
            if let Some(Problem::Unavailable | Problem::Internal) = cause
                && let Err(failure) = &answer
            {
                return answers::failure_has_a_cause(failure, &faults);
            }
            let person = world.acts_for(&world.model.praises[&praise].intent, *right);
            world.model.went_back(&praise, *right, &person, cause.as_ref(), alone, now)?;
        }
        (_, Some(Answer::Shown(id, Ok(Some(view))))) if alone => world.model.shown(&id, &view)?,
        (_, Some(Answer::Shown(id, Ok(None)))) => {
            return violation("a reader sees their own attempt", id);
        }
        (Action::Deliver(number, tampering), Some(Answer::Received(Ok(accepted)))) => {
            let message = world.pending.iter().find(|message| message.number == *number);
            let sent: i64 = message
                .and_then(|message| message.signed.timestamp.parse().ok())
                .unwrap_or_default();
            let age = world.now().ms() / 1000 - sent;
            let genuine = match tampering {
                Tampering::None => true,
                Tampering::Old => age <= 300,
                Tampering::Body(_) | Tampering::Signature(_) => false,
            };
            ensure(accepted == genuine, "only genuine messages are accepted", || {
                format!("{tampering:?}, {age} s old, accepted: {accepted}")
            })?;
        }
        (Action::ForgeMessage(_), Some(Answer::Received(Ok(accepted)))) => {
            ensure(!accepted, "only genuine messages are accepted", || "a forgery".to_owned())?;
        }
        (_, Some(Answer::Messages(messages))) => world.queue_messages(messages, step, rng),
        _ => {}
    }
    Ok(())
}

/// What failed in jobs is only in the log.
fn read_log(world: &World, faults: &str) -> CheckResult {
    for line in world.log.borrow_mut().drain(..) {
        if line.starts_with("refund.abnormal") && !line.ends_with("cannot be delivered") {
            return violation("the provider refuses no refund", line);
        }
        let Some((_, cause)) = line.split_once("cause=").filter(|_| line.starts_with("job.failed"))
        else {
            continue;
        };
        let waits = line.contains("kind=process_event") || line.contains("kind=poll_dispute");
        if waits && cause == "Refused(Unavailable)" {
            continue;
        }
        let unknown = cause.starts_with("Database(Unknown") || cause == "Refused(Unavailable)";
        ensure(unknown && !faults.is_empty(), "a job fails only because of a fault", || {
            "Failures of jobs are only in the log.".to_owned()
        })?;
    }
    Ok(())
}

fn asked(world: &World, start: &Start) -> Asked {
    Asked {
        person: world.population.people[start.reader].id.clone(),
        article: world.population.articles[start.article].id.clone(),
        amount: start.minor,
        key: key(start.key),
    }
}

/// Signs a person in again whose session has ended.
fn keep_session(world: &mut World, start: &Start) {
    let now = world.now();
    if world.population.people[start.reader].session_until > now.ms() {
        return;
    }
    let (_, session) = world.sign_in(&world.population.people[start.reader].subject);
    let citizen = &mut world.population.people[start.reader];
    citizen.session = session;
    citizen.session_until = now.plus_days(29).ms();
}
