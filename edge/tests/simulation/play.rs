//! Plays a history: each step is carried out, shown to the model, and judged.

use edge::failure::Failure;
use edge::job_runner;
use edge::payments::reconcile::difference;
use edge::payments::refund;
use edge::payments::webhook::{self, Received};
use edge::people::payee;
use edge::provider::sandbox::disputes::Decision;
use edge::provider::sandbox::payouts::Receipt;
use edge::self_check::self_check;
use shared::calendar::Moment;
use shared::problem::Problem;

use super::act::{Answer, Outcome, key};
use super::chance::Chance;
use super::fate::{Fate, race};
use super::model::answers::{self, Asked};
use super::model::{Checked, must, wrong};
use super::sabotage::Sabotage;
use super::step::{Deed, Event, Start, Step, Ticks, Twist};
use super::world::{Attempt, World};

/// Steps between two self-checks.
const CHECK_EVERY: usize = 800;
/// Days after the last step until everything has come to rest.
const REST_DAYS: i64 = 24;
/// Rounds of jobs after which they will never come to an end.
const ROUNDS_MAX: usize = 100_000;

/// A seed's world, and how far its history has come.
pub struct Play {
    /// The world.
    pub world: World,
    seed: u64,
    steps: usize,
}

impl Play {
    /// Before the first step.
    pub fn new(seed: u64, sabotage: Option<&'static Sabotage>) -> Play {
        Play { world: World::new(seed, sabotage), seed, steps: 0 }
    }

    /// Carries a step out and judges it.
    pub fn step(&mut self, step: &Step) -> Checked {
        let world = &mut self.world;
        world.ids.of(self.seed, step.number);
        let mut chance = Chance::new(self.seed ^ (u64::from(step.number) << 20) ^ 0x5eed);
        world.log.borrow_mut().clear();
        match &step.event {
            Event::Requests(deeds) => requests(world, step, deeds, &mut chance)?,
            Event::Time { ms, ticks } => {
                let target = Moment::from_ms(world.now().ms() + ms);
                if *ticks != Ticks::None {
                    live(world, target, *ticks, step.calm, &mut chance)?;
                }
                world.set_now(target);
            }
            Event::Switch { place, off } => {
                world.switch(*place, *off);
                world.observe()?;
            }
        }
        self.steps += 1;
        if self.steps.is_multiple_of(CHECK_EVERY) { self.check() } else { Ok(()) }
    }

    /// Judges everything that is stored.
    fn check(&mut self) -> Checked {
        self.world.model.adds_up()?;
        let violations =
            self.world.calmly(async |ctx| self_check(ctx.db, ctx.now).await.expect("a check"));
        // What has not been run for long is late because of us.
        let violation = violations.iter().find(|found| !found.check.contains("past its"));
        match violation {
            Some(found) if !found.check.contains("waits past") => {
                wrong(&format!("self-check: {}", found.check), format!("{found:?}"))
            }
            _ => Ok(()),
        }
    }

    /// Nothing goes wrong any more: everything comes to rest, and is whole.
    pub fn end(&mut self) -> Checked {
        let mut chance = Chance::new(self.seed);
        self.world.ids.of(self.seed, u32::MAX);
        self.world.log.borrow_mut().clear();
        // The provider's trouble is over, too: nothing that was paid in time needs a letter.
        self.world.provider.raw("UPDATE sandbox_fault SET remaining = 0").expect("no trouble");
        let day_later = self.world.now().plus_minutes(120);
        live(&mut self.world, day_later, Ticks::Exact, true, &mut chance)?;
        let unbooked = self.world.model.unbooked_in_time();
        must(unbooked.is_empty(), "money paid in time is booked without any letter", || {
            format!("{unbooked:?}")
        })?;
        self.provider_insists()?;
        for _ in 0..REST_DAYS {
            self.operators_work()?;
            let rest = self.world.now().plus_days(1);
            live(&mut self.world, rest, Ticks::Every(10 * 60 * 1000), true, &mut chance)?;
            self.world.set_now(rest);
        }
        self.world.model.adds_up()?;
        self.world.model.at_rest()?;
        let violations =
            self.world.calmly(async |ctx| self_check(ctx.db, ctx.now).await.expect("a check"));
        if let Some(found) = violations.first() {
            return wrong(&format!("self-check: {}", found.check), format!("{found:?}"));
        }
        let stuck = self.world.product.column(
            "SELECT kind || ' ' || subject_id FROM job WHERE done_at IS NULL AND attempts > 0",
        );
        must(stuck.is_empty(), "no job keeps failing", || format!("{stuck:?}"))?;
        let orphans = self.world.product.column("SELECT \"table\" FROM pragma_foreign_key_check");
        must(orphans.is_empty(), "no row refers to nothing", || format!("{orphans:?}"))
    }

    /// Whoever has to confirm something lets the time for it go by, banks decide, and operators
    /// explain what differs and have what could not be delivered tried again.
    fn operators_work(&mut self) -> Checked {
        let world = &mut self.world;
        let waiting = "SELECT number FROM sandbox_payout WHERE state = 'awaiting_confirmation'";
        for number in world.provider.column(waiting) {
            world
                .calmly(async |ctx| {
                    ctx.provider.sandbox.receipt(&number, Receipt::Lapse, ctx.now).await.map(drop)
                })
                .expect("the time goes by");
            world.observe()?;
        }
        let open = "SELECT number FROM sandbox_dispute WHERE state = 'open'";
        for number in world.provider.column(open) {
            world
                .calmly(async |ctx| {
                    ctx.provider.sandbox.decide_dispute(&number, Decision::Won, ctx.now).await
                })
                .expect("the bank decides");
            world.observe()?;
        }
        for (place, digits) in world.town.places.iter().zip(100_u64..) {
            let account = &world.model.accounts[&place.id];
            let token = format!("sbxcard_9{digits:015}");
            let attached = account.has_card
                || world
                    .calmly(async |ctx| {
                        payee::attach(ctx, &account.owner, &place.handle, &token).await
                    })
                    .is_ok();
            must(attached, "a writer attaches a card", || place.handle.clone())?;
        }
        world.observe()?;
        let operator = world.town.people[0].id.clone();
        let open = "SELECT id FROM bill_difference WHERE closed_at IS NULL";
        for difference in world.product.column(open) {
            let explained = world.calmly(async |ctx| {
                difference::explain(ctx, &operator, &difference, "The provider says so.").await
            });
            world.observe()?;
            must(explained.is_ok(), "an operator explains a difference", || {
                format!("{difference}: {explained:?}")
            })?;
        }
        for refund in world.product.column("SELECT id FROM refund WHERE state = 'abnormal'") {
            let tried =
                world.calmly(async |ctx| refund::retry_abnormal(ctx, &operator, &refund).await);
            world.observe()?;
            // What the reader's bank has given back is not tried again: it is closed.
            let bank = world.product.column(&format!(
                "SELECT dispute.state FROM dispute JOIN refund USING (payment_id)
                 WHERE refund.id = '{refund}' AND dispute.state <> 'won'"
            ));
            let told = || format!("{refund}, disputed {bank:?}: {tried:?}");
            must(tried.is_ok() == bank.is_empty(), "an operator can try again", told)?;
            if bank.iter().any(|state| state == "lost") {
                let closed = world.calmly(async |ctx| {
                    refund::close_abnormal(ctx, &operator, &refund, "The bank gave it back.").await
                });
                world.observe()?;
                must(closed.is_ok(), "an operator closes what the bank gave back", || {
                    format!("{refund}: {closed:?}")
                })?;
            }
        }
        Ok(())
    }

    /// What nobody waits for any more is known only by letters, which the provider repeats until
    /// it is told that they arrived.
    fn provider_insists(&mut self) -> Checked {
        let model = &self.world.model;
        let mut orders: Vec<String> = model
            .truth
            .taken
            .iter()
            .filter(|(transaction, _)| !model.booked.contains_key(*transaction))
            .map(|(_, taken)| taken.order.clone())
            .collect();
        orders.sort();
        for order in orders {
            let received = self.world.calmly(async |ctx| {
                let letter = ctx.provider.sandbox.message(&order, ctx.now).await.ok().flatten();
                let Some(letter) = letter else { return Ok(()) };
                match webhook::receive(ctx, &letter).await.map_err(Failure::Database)? {
                    Received::Stored(arrival) => webhook::process(ctx, &arrival).await,
                    Received::AlreadyProcessed | Received::Invalid => Ok(()),
                }
            });
            self.world.observe()?;
            must(received.is_ok(), "a letter is taken in when nothing goes wrong", || {
                format!("{order}: {received:?}")
            })?;
        }
        Ok(())
    }
}

/// Time goes by, and what is due runs.
fn live(
    world: &mut World,
    target: Moment,
    ticks: Ticks,
    calm: bool,
    chance: &mut Chance,
) -> Checked {
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
        let fate = match calm {
            true => Fate::calm(false),
            false => Fate::drawn(Chance::new(chance.next()), false),
        };
        let request = Box::pin(world.request(&fate, async |ctx| job_runner::run_due(ctx).await));
        let ended = race(vec![(request, &fate)], chance);
        if let Some(Some(Ok(Err(error)) | Err(error))) = ended.into_iter().next() {
            answers::failure_has_a_cause(&Failure::Database(error), &fate.struck())?;
        }
        world.observe()?;
        read_log(world, &fate.struck())?;
    }
    wrong("jobs come to an end", format!("after {ROUNDS_MAX} rounds"))
}

fn requests(world: &mut World, step: &Step, deeds: &[Deed], chance: &mut Chance) -> Checked {
    let now = world.now().ms();
    world.model.begins();
    let mut before = Vec::new();
    for deed in deeds {
        match deed {
            Deed::Start(start) => {
                keep_session(world, start);
                if !world.attempts.iter().rev().any(|attempt| attempt.number == start.key) {
                    let Start { reader, article, minor, key } = *start;
                    world.attempts.push(Attempt { number: key, reader, article, minor });
                }
                before.push(world.model.refusals(&asked(world, start), now));
            }
            Deed::Cancel(number) => {
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
    let outcomes = world.requests(deeds, step, chance);
    world.observe()?;
    let struck: Vec<String> = outcomes.iter().map(|outcome| outcome.struck.clone()).collect();
    read_log(world, &struck.concat())?;
    let alone = outcomes.len() == 1;
    let mut arrived = Vec::new();
    for (outcome, before) in outcomes.into_iter().zip(before) {
        // Once the provider is told that a letter arrived, it sends it no more.
        if let (Deed::Deliver(number, Twist::None), Some(Answer::Received(Ok(true)))) =
            (&outcome.deed, &outcome.answer)
        {
            arrived.push(*number);
        }
        judge(world, outcome, &before, alone, step, chance)?;
    }
    world.bag.retain(|letter| !arrived.contains(&letter.number));
    Ok(())
}

fn judge(
    world: &mut World,
    outcome: Outcome,
    before: &[&str],
    alone: bool,
    step: &Step,
    chance: &mut Chance,
) -> Checked {
    let Outcome { deed, answer, struck } = outcome;
    match (&deed, answer) {
        (Deed::Start(start), Some(Answer::Started(Ok(view)))) => {
            let asked = asked(world, start);
            world.model.started(&asked, &view)?;
            if alone {
                world.model.shown(&view.intent.id, &view)?;
            }
        }
        (Deed::Start(start), Some(Answer::Started(Err(Failure::Refused(problem)))))
            if answers::name(&problem) != "another" =>
        {
            let name = answers::name(&problem);
            let (asked, now) = (asked(world, start), world.now().ms());
            let after = world.model.refusals_lately(&asked, now);
            must(before.contains(&name) || after.contains(&name), "a refusal is true", || {
                format!("{problem:?} for {start:?}; true were {before:?} and {after:?}")
            })?;
            world.model.saw("start", "refused", name);
        }
        // A dispute of a payment that nobody has told us of, or while another is open, waits.
        (Deed::Deliver(number, _), Some(Answer::Done(Err(failure))))
            if failure.problem() == Problem::Unavailable && world.is_of_a_bank(*number) => {}
        // Nobody can say yet how an order ends that the provider has not got.
        (Deed::Cancel(number), Some(Answer::Done(Err(failure))))
            if failure.problem() == Problem::Unavailable && !world.provider_has(*number) => {}
        (Deed::Office(_) | Deed::Limit(_), Some(Answer::Done(told))) => {
            if let Err(failure) = &told {
                answers::failure_has_a_cause(failure, &struck)?;
            }
            if alone {
                world.stands(&deed, &told)?;
            }
        }
        (_, Some(Answer::Started(Err(failure)) | Answer::Done(Err(failure)))) => {
            answers::failure_has_a_cause(&failure, &struck)?;
        }
        (Deed::GiveBack(_, right), Some(Answer::Returned(praise, answer))) => {
            let now = world.now().ms();
            let cause = answer.as_ref().err().map(Failure::problem);
            if let Some(Problem::Unavailable | Problem::Internal) = cause
                && let Err(failure) = &answer
            {
                return answers::failure_has_a_cause(failure, &struck);
            }
            let person = world.acts_for(&world.model.praises[&praise].intent, *right);
            world.model.went_back(&praise, *right, &person, cause.as_ref(), alone, now)?;
        }
        (_, Some(Answer::Shown(id, Ok(Some(view))))) if alone => world.model.shown(&id, &view)?,
        (_, Some(Answer::Shown(id, Ok(None)))) => {
            return wrong("a reader sees an own attempt", id);
        }
        (Deed::Deliver(number, twist), Some(Answer::Received(Ok(accepted)))) => {
            let letter = world.bag.iter().find(|letter| letter.number == *number);
            let sent: i64 =
                letter.and_then(|letter| letter.signed.timestamp.parse().ok()).unwrap_or_default();
            let age = world.now().ms() / 1000 - sent;
            let genuine = match twist {
                Twist::None => true,
                Twist::Old => age <= 300,
                Twist::Body(_) | Twist::Signature(_) => false,
            };
            must(accepted == genuine, "what is accepted is genuine", || {
                format!("{twist:?}, {age} s old, accepted: {accepted}")
            })?;
        }
        (Deed::Forge(_), Some(Answer::Received(Ok(accepted)))) => {
            must(!accepted, "what is accepted is genuine", || "a forgery".to_owned())?;
        }
        (_, Some(Answer::Letters(letters))) => world.post(letters, step, chance),
        _ => {}
    }
    Ok(())
}

/// What failed in jobs is only in the log.
fn read_log(world: &World, struck: &str) -> Checked {
    for line in world.log.borrow_mut().drain(..) {
        if line.starts_with("refund.abnormal") && !line.ends_with("cannot be delivered") {
            return wrong("the provider refuses no refund", line);
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
        must(unknown && !struck.is_empty(), "a job fails only because of a fault", || {
            format!("{line}, after {struck:?}")
        })?;
    }
    Ok(())
}

fn asked(world: &World, start: &Start) -> Asked {
    Asked {
        person: world.town.people[start.reader].id.clone(),
        article: world.town.pages[start.article].id.clone(),
        amount: start.minor,
        key: key(start.key),
    }
}

/// Somebody whose session has ended signs in again.
fn keep_session(world: &mut World, start: &Start) {
    let now = world.now();
    if world.town.people[start.reader].session_until > now.ms() {
        return;
    }
    let (_, session) = world.sign_in(&world.town.people[start.reader].subject);
    let citizen = &mut world.town.people[start.reader];
    citizen.session = session;
    citizen.session_until = now.plus_days(29).ms();
}
