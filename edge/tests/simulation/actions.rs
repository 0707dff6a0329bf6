//! Performs the actions of a step through production code, with the faults planned for each
//! request.

use std::pin::Pin;

use edge::database::DatabaseError;
use edge::failure::Failure;
use edge::payments::praise::intent::View;
use edge::payments::praise::start::{self, NewPraise, Starter};
use edge::payments::praise::{intent, order};
use edge::payments::reversal;
use edge::payments::webhook::{self, Received};
use edge::provider::sandbox::cashier::CashierAction as AtCashier;
use edge::provider::sandbox::disputes::Decision;
use edge::provider::sandbox::payouts::Receipt;
use edge::provider::{Message, SignedMessage};
use shared::calendar::Moment;
use shared::key::IdempotencyKey;
use shared::limits::ORDER_QUERY_SECONDS;
use shared::machine::Visibility;
use shared::money::Money;

use super::fault_plan::{FaultPlan, Running, race};
use super::rng::Rng;
use super::step::{Action, Right, Start, Step, Tampering};
use super::world::{Ctx, PendingMessage, World};

/// Faults that the sandbox provider itself can be told to produce.
pub const PROVIDER_FAULTS: &[(&str, &str)] = &[
    ("create_order", "refused"),
    ("refund", "slow"),
    ("refund", "closed"),
    ("refund", "abnormal"),
    ("pay_out", "refused"),
    ("pay_out", "slow"),
    ("pay_out", "confirm"),
    ("pay_out", "no_balance"),
    ("bill", "not_ready"),
    ("bill", "lost"),
    ("bill", "wrong_hash"),
    ("bill", "missing_row"),
    ("bill", "extra_row"),
    ("bill", "amount_off"),
    ("bill", "duplicate_row"),
    ("bill", "late_row"),
    ("bill", "unknown_row"),
    ("bill", "late_bill"),
    ("bill", "refused_bill"),
    ("bill", "unreadable_bill"),
];

/// The result of an action.
pub enum Answer {
    /// The answer to a start.
    Started(Result<View, Failure>),
    /// The intent whose page was loaded, and the page.
    Shown(String, Result<Option<View>, DatabaseError>),
    /// The answer to an action that succeeds or fails.
    Done(Result<(), Failure>),
    /// The praise that was to be returned, and the answer.
    Returned(String, Result<(), Failure>),
    /// Messages that the provider sends.
    Messages(Vec<SignedMessage>),
    /// Whether a delivered message was accepted.
    Received(Result<bool, DatabaseError>),
    /// The action had no subject.
    Nothing,
}

/// The outcome of one request.
pub struct Outcome {
    /// The action.
    pub action: Action,
    /// The answer; `None` if the request died.
    pub answer: Option<Answer>,
    /// The faults that happened to it.
    pub faults: String,
}

impl World {
    /// Runs the requests of a step concurrently.
    pub fn requests(&self, actions: &[Action], step: &Step, rng: &mut Rng) -> Vec<Outcome> {
        let yields = actions.len() > 1;
        let plans: Vec<FaultPlan> = actions
            .iter()
            .map(|action| {
                let own = Rng::new(rng.next());
                let ours = !matches!(
                    action,
                    Action::Pay(_)
                        | Action::Decline(_)
                        | Action::LatePayment(..)
                        | Action::SecondPayment(_)
                        | Action::UnknownPayment(_)
                        | Action::RepeatMessage(_)
                        | Action::ProviderFault(..)
                        | Action::ConfirmTransfer(_)
                        | Action::Dispute(_)
                        | Action::DecideDispute(_)
                        | Action::SendTransferBack
                        | Action::DeliverDelayedCalls
                );
                if step.fault_free || !ours {
                    FaultPlan::none(yields)
                } else {
                    FaultPlan::random(own, yields)
                }
            })
            .collect();
        type Ended = Result<Answer, DatabaseError>;
        let requests: Vec<Running<'_, Ended>> = actions
            .iter()
            .zip(&plans)
            .map(|(action, plan)| {
                let request =
                    self.request(plan, async move |ctx| self.carry_out(ctx, action).await);
                (Box::pin(request) as Pin<Box<_>>, plan)
            })
            .collect();
        let ended = race(requests, rng);
        actions
            .iter()
            .zip(plans)
            .zip(ended)
            .map(|((action, plan), answer)| Outcome {
                action: action.clone(),
                answer: answer.map(|answer| {
                    answer.unwrap_or_else(|error| Answer::Done(Err(Failure::Database(error))))
                }),
                faults: plan.faults(),
            })
            .collect()
    }

    /// The order of an attempt, if there is one.
    pub fn order_of(&self, number: u32) -> Option<String> {
        let intent = self.intent_of(number)?;
        Some(self.model.intents.get(&intent)?.order.clone())
    }

    /// The attempt that a step started, if it did.
    pub fn intent_of(&self, number: u32) -> Option<String> {
        let attempt = self.attempts.iter().rev().find(|attempt| attempt.number == number)?;
        let person = self.population.people[attempt.reader].id.clone();
        self.model.keys.get(&(person, key(number))).cloned()
    }

    /// Whether a message is about a dispute.
    pub fn is_about_dispute(&self, number: u32) -> bool {
        let message = self.pending.iter().find(|message| message.number == number);
        message.is_some_and(|message| message.signed.body.contains("\"about\":\"dispute\""))
    }

    /// Whether the provider has the order of an attempt.
    pub fn provider_has(&self, number: u32) -> bool {
        self.order_of(number)
            .is_some_and(|order| self.model.provider_records.orders.contains_key(&order))
    }

    /// Whether a reader has caused a query of an attempt's order so recently that the provider is not
    /// asked again.
    pub fn was_queried(&self, number: u32) -> bool {
        let Some(order) = self.order_of(number) else { return false };
        let sql =
            format!("SELECT coalesce(queried_at, 0) FROM provider_order WHERE id = '{order}'");
        let at: Option<i64> = self.product.column(&sql).first().and_then(|at| at.parse().ok());
        at.is_some_and(|at| self.now().ms() - at < ORDER_QUERY_SECONDS * 1000)
    }

    async fn carry_out(&self, ctx: &Ctx<'_>, action: &Action) -> Answer {
        let sandbox = &ctx.provider.sandbox;
        match action {
            Action::Start(start) => Answer::Started(self.start(ctx, start).await),
            Action::Reload(number) => {
                let (Some(intent), Some(order)) = (self.intent_of(*number), self.order_of(*number))
                else {
                    return Answer::Nothing;
                };
                let person = self.model.intents[&intent].person.clone();
                let _ = order::refresh(ctx, &order).await;
                let view = intent::find(ctx.db, &person, &intent).await;
                Answer::Shown(intent, view)
            }
            Action::Cancel(number) => match self.order_of(*number) {
                Some(order) => Answer::Done(order::cancel(ctx, &order).await),
                None => Answer::Nothing,
            },
            Action::Pay(number) => self.at_cashier(ctx, *number, AtCashier::Pay).await,
            Action::Decline(number) => self.at_cashier(ctx, *number, AtCashier::Decline).await,
            Action::RepeatMessage(number) => match self.order_of(*number) {
                Some(order) => match sandbox.message(&order, ctx.now).await {
                    Ok(message) => Answer::Messages(message.into_iter().collect()),
                    Err(_) => Answer::Nothing,
                },
                None => Answer::Nothing,
            },
            Action::LatePayment(number, more) => self.receive_late(ctx, *number, *more).await,
            Action::SecondPayment(number) => self.receive_twice(ctx, *number).await,
            Action::UnknownPayment(minor) => self.receive_unknown(ctx, *minor).await,
            Action::Deliver(number, tampering) => self.deliver(ctx, *number, *tampering).await,
            Action::ForgeMessage(number) => self.forge(ctx, *number).await,
            Action::Reverse(number, right) => self.give_back(ctx, *number, *right).await,
            Action::ProviderFault(fault, times) => {
                let (operation, kind) = PROVIDER_FAULTS[*fault];
                self.provider
                    .raw(&format!(
                        "INSERT INTO sandbox_fault VALUES ('{operation}', '{kind}', {times})
                         ON CONFLICT DO UPDATE SET remaining = excluded.remaining"
                    ))
                    .expect("the fault is stored");
                Answer::Nothing
            }
            Action::Dispute(number) => {
                let Some(order) = self.order_of(*number) else { return Answer::Nothing };
                match sandbox.open_dispute(&order, ctx.now).await {
                    Ok(Some(number)) => self.bank_writes(ctx, &number).await,
                    _ => Answer::Nothing,
                }
            }
            Action::DecideDispute(decision) => {
                let open = self.provider.column(
                    "SELECT number FROM sandbox_dispute WHERE state = 'open'
                     ORDER BY opened_at, number LIMIT 1",
                );
                let Some(number) = open.first() else { return Answer::Nothing };
                let decision = if *decision { Decision::Won } else { Decision::Lost };
                let _ = sandbox.decide_dispute(number, decision, ctx.now).await;
                self.bank_writes(ctx, number).await
            }
            Action::Limit(limit) => Answer::Done(self.limit(ctx, limit).await),
            Action::BackOffice(office) => Answer::Done(self.back_office(ctx, office).await),
            Action::ConfirmTransfer(confirmed) => {
                let waits = self.provider.column(
                    "SELECT number FROM sandbox_payout WHERE state = 'awaiting_confirmation'
                     ORDER BY at DESC, number LIMIT 1",
                );
                let Some(number) = waits.first() else { return Answer::Nothing };
                let receipt = if *confirmed { Receipt::Confirm } else { Receipt::Lapse };
                match sandbox.receipt(number, receipt, ctx.now).await {
                    Ok(message) => Answer::Messages(message.into_iter().collect()),
                    Err(_) => Answer::Nothing,
                }
            }
            Action::SendTransferBack => {
                let arrived = self.provider.column(
                    "SELECT number FROM sandbox_payout WHERE state = 'succeeded'
                     ORDER BY ended_at DESC, number LIMIT 5",
                );
                let Some(number) = arrived.iter().find(|one| !self.was_any_paid_twice(one)) else {
                    return Answer::Nothing;
                };
                match sandbox.send_back(number, ctx.now).await {
                    Ok(message) => Answer::Messages(message.into_iter().collect()),
                    Err(_) => Answer::Nothing,
                }
            }
            Action::DeliverDelayedCalls => {
                ctx.provider.deliver_delayed(ctx.now).await;
                Answer::Nothing
            }
            Action::Jobs => {
                Answer::Done(self.run_due(ctx).await.map(drop).map_err(Failure::Database))
            }
        }
    }

    async fn start(&self, ctx: &Ctx<'_>, start: &Start) -> Result<View, Failure> {
        let page = &self.population.articles[start.article];
        let amount = Money::new(start.minor, page.currency);
        let praise = NewPraise::new(amount, visibility(start), None)?;
        let key = IdempotencyKey::parse(&key(start.key)).expect("a key");
        let session = &self.population.people[start.reader].session;
        let starter = Starter { token_hash: session.clone(), session: None };
        start::start(ctx, starter, &page.slug, &key, None, &praise).await?.result
    }

    async fn at_cashier(&self, ctx: &Ctx<'_>, number: u32, action: AtCashier) -> Answer {
        let Some(order) = self.order_of(number) else { return Answer::Nothing };
        match ctx.provider.sandbox.act(&order, action, ctx.now).await {
            Ok(messages) => Answer::Messages(messages),
            Err(_) => Answer::Nothing,
        }
    }

    async fn deliver(&self, ctx: &Ctx<'_>, number: u32, tampering: Tampering) -> Answer {
        let Some(message) = self.pending.iter().find(|message| message.number == number) else {
            return Answer::Nothing;
        };
        let Some(signed) = tampered(ctx, &message.signed, tampering) else {
            return Answer::Nothing;
        };
        receive(ctx, &signed).await
    }

    async fn forge(&self, ctx: &Ctx<'_>, number: u32) -> Answer {
        let Some(order) = self.order_of(number) else { return Answer::Nothing };
        let body = format!(
            "{{\"event_id\":\"evt-forged-{number}\",\"about\":\"order\",\"number\":\"{order}\",\
             \"report\":{{\"state\":\"declined\"}}}}"
        );
        let timestamp = (ctx.now.ms() / 1000).to_string();
        receive(ctx, &SignedMessage { timestamp, signature: "0".repeat(64), body }).await
    }

    async fn bank_writes(&self, ctx: &Ctx<'_>, number: &str) -> Answer {
        match ctx.provider.sandbox.dispute_messages(number, ctx.now).await {
            Ok(messages) => Answer::Messages(messages),
            Err(_) => Answer::Nothing,
        }
    }

    async fn give_back(&self, ctx: &Ctx<'_>, number: u32, right: Right) -> Answer {
        let Some(intent) = self.intent_of(number) else { return Answer::Nothing };
        let Some(praise) = self.model.praise_of.get(&intent) else { return Answer::Nothing };
        let person = self.acts_for(&intent, right);
        let right = match right {
            Right::Undo | Right::Nobody => reversal::ReversalRight::Undo,
            Right::TakeBack => reversal::ReversalRight::TakeBack,
            Right::Writer => reversal::ReversalRight::Writer,
            Right::Operator => reversal::ReversalRight::Operator,
        };
        Answer::Returned(
            praise.clone(),
            reversal::reverse_praise(ctx, &person, praise, right).await,
        )
    }

    /// The person who uses a right on an attempt.
    pub fn acts_for(&self, intent: &str, right: Right) -> String {
        let intent = &self.model.intents[intent];
        match right {
            Right::Undo | Right::TakeBack => intent.person.clone(),
            Right::Writer => self.model.accounts[&intent.account].owner.clone(),
            Right::Operator => self.population.people[0].id.clone(),
            Right::Nobody => {
                let other = self.population.people.iter().find(|person| person.id != intent.person);
                other.map(|person| person.id.clone()).unwrap_or_default()
            }
        }
    }

    /// A writer turns praise off or on for an account. No use case does this yet.
    pub fn switch(&self, place: usize, off: bool) {
        self.raw(&format!(
            "UPDATE official_account SET praise_on = {} WHERE id = '{}'",
            i32::from(!off),
            self.population.accounts[place].id,
        ));
    }

    /// Queues messages for delivery: some are lost, some duplicated, some reordered.
    pub fn queue_messages(&mut self, messages: Vec<SignedMessage>, step: &Step, rng: &mut Rng) {
        for (place, signed) in messages.into_iter().enumerate() {
            let number = step.number * 16 + place as u32 * 2 + 8;
            let (lost, doubled) = (rng.below(5) == 0, rng.below(5) == 0);
            if lost && !step.fault_free {
                continue;
            }
            self.pending.push(PendingMessage { number, signed: signed.clone() });
            if doubled && !step.fault_free {
                self.pending.push(PendingMessage { number: number + 1, signed });
            }
        }
    }

    /// When the next job is due.
    pub fn next_job(&self) -> Option<Moment> {
        let due = self.product.column("SELECT min(due_at) FROM job WHERE done_at IS NULL");
        due.first()?.parse().ok().map(Moment::from_ms)
    }
}

/// Stores a message and processes it, as the webhook handler does.
async fn receive(ctx: &Ctx<'_>, signed: &SignedMessage) -> Answer {
    match webhook::receive(ctx, signed).await {
        Ok(Received::Stored(arrival)) => match webhook::process(ctx, &arrival).await {
            Ok(()) => Answer::Received(Ok(true)),
            // It is stored: the provider gets a success, and a job continues with it.
            Err(failure) => Answer::Done(Err(failure)),
        },
        Ok(Received::AlreadyProcessed) => Answer::Received(Ok(true)),
        Ok(Received::Invalid) => Answer::Received(Ok(false)),
        Err(error) => Answer::Received(Err(error)),
    }
}

/// A message as it arrives: signed again now, as a provider does when it repeats one, and then
/// tampered with.
fn tampered(ctx: &Ctx<'_>, signed: &SignedMessage, tampering: Tampering) -> Option<SignedMessage> {
    if tampering == Tampering::Old {
        return Some(signed.clone());
    }
    let message: Message = serde_json::from_str(&signed.body).ok()?;
    let mut signed = ctx.provider.sandbox.sign(&message, ctx.now).ok()?;
    let flip_bit = |text: &str, bit: usize| {
        let mut bytes = text.as_bytes().to_vec();
        let place = (bit / 8) % bytes.len();
        bytes[place] ^= 1 << (bit % 7);
        String::from_utf8_lossy(&bytes).into_owned()
    };
    match tampering {
        Tampering::Body(bit) => signed.body = flip_bit(&signed.body, bit),
        Tampering::Signature(bit) => signed.signature = flip_bit(&signed.signature, bit),
        Tampering::None | Tampering::Old => {}
    }
    Some(signed)
}

/// The idempotency key that the step with this number used first.
pub fn key(number: u32) -> String {
    format!("key-{number:020}")
}

/// The visibility of a praise. It depends on the amount, so that a repeated request is the same.
fn visibility(start: &Start) -> Visibility {
    match start.minor % 3 {
        0 => Visibility::Public,
        1 => Visibility::Writer,
        _ => Visibility::Anonymous,
    }
}
