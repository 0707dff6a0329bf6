//! Carries a step out: through production code, with whatever happens to its requests.

use std::pin::Pin;

use edge::database::DatabaseError;
use edge::failure::Failure;
use edge::job_runner;
use edge::payments::praise::intent::View;
use edge::payments::praise::start::{self, NewPraise, Starter};
use edge::payments::praise::{intent, order};
use edge::payments::reversal;
use edge::payments::webhook::{self, Received};
use edge::provider::sandbox::cashier::Deed as AtCashier;
use edge::provider::sandbox::disputes::Decision;
use edge::provider::sandbox::payouts::Receipt;
use edge::provider::{Message, SignedMessage};
use shared::calendar::Moment;
use shared::key::IdempotencyKey;
use shared::machine::Visibility;
use shared::money::Money;

use super::chance::Chance;
use super::fate::{Fate, Running, race};
use super::step::{Deed, Right, Start, Step, Twist};
use super::world::{Ctx, Letter, World};

/// Ways of the provider's own to let calls go wrong.
pub const TROUBLE: &[(&str, &str)] = &[
    ("create_order", "refused"),
    ("refund", "slow"),
    ("refund", "closed"),
    ("refund", "abnormal"),
    ("pay_out", "refused"),
    ("pay_out", "slow"),
    ("pay_out", "confirm"),
    ("bill", "not_ready"),
    ("bill", "lost"),
    ("bill", "wrong_hash"),
    ("bill", "missing_row"),
    ("bill", "extra_row"),
    ("bill", "amount_off"),
    ("bill", "duplicate_row"),
    ("bill", "late_row"),
];

/// What somebody got to see, if anything.
pub enum Answer {
    /// Of a start.
    Started(Result<View, Failure>),
    /// Of a page that was loaded.
    Shown(String, Result<Option<View>, DatabaseError>),
    /// Of something that is done or not.
    Done(Result<(), Failure>),
    /// Of a praise that was to go back.
    Returned(String, Result<(), Failure>),
    /// Letters that the provider sends.
    Letters(Vec<SignedMessage>),
    /// Of a letter that arrived: whether it was accepted.
    Received(Result<bool, DatabaseError>),
    /// There was nothing to do it to.
    Nothing,
}

/// What became of one request.
pub struct Outcome {
    /// What it was.
    pub deed: Deed,
    /// What somebody got to see; `None` when it died.
    pub answer: Option<Answer>,
    /// What happened to it on the way.
    pub struck: String,
}

impl World {
    /// Runs the requests of a step at once.
    pub fn requests(&self, deeds: &[Deed], step: &Step, chance: &mut Chance) -> Vec<Outcome> {
        let polite = deeds.len() > 1;
        let fates: Vec<Fate> = deeds
            .iter()
            .map(|deed| {
                let own = Chance::new(chance.next());
                let ours = !matches!(
                    deed,
                    Deed::Pay(_)
                        | Deed::Decline(_)
                        | Deed::Late(..)
                        | Deed::Twice(_)
                        | Deed::Stranger(_)
                        | Deed::Repeat(_)
                        | Deed::Trouble(..)
                        | Deed::Receipt(_)
                        | Deed::Dispute(_)
                        | Deed::Decide(_)
                );
                if step.calm || !ours { Fate::calm(polite) } else { Fate::drawn(own, polite) }
            })
            .collect();
        type Ended = Result<Answer, DatabaseError>;
        let requests: Vec<Running<'_, Ended>> = deeds
            .iter()
            .zip(&fates)
            .map(|(deed, fate)| {
                let request = self.request(fate, async move |ctx| self.carry_out(ctx, deed).await);
                (Box::pin(request) as Pin<Box<_>>, fate)
            })
            .collect();
        let ended = race(requests, chance);
        deeds
            .iter()
            .zip(fates)
            .zip(ended)
            .map(|((deed, fate), answer)| Outcome {
                deed: deed.clone(),
                answer: answer.map(|answer| {
                    answer.unwrap_or_else(|error| Answer::Done(Err(Failure::Database(error))))
                }),
                struck: fate.struck(),
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
        let person = self.town.people[attempt.reader].id.clone();
        self.model.keys.get(&(person, key(number))).cloned()
    }

    /// Whether a letter is about a dispute.
    pub fn is_of_a_bank(&self, number: u32) -> bool {
        let letter = self.bag.iter().find(|letter| letter.number == number);
        letter.is_some_and(|letter| letter.signed.body.contains("\"about\":\"dispute\""))
    }

    /// Whether the provider has the order of an attempt.
    pub fn provider_has(&self, number: u32) -> bool {
        self.order_of(number).is_some_and(|order| self.model.truth.orders.contains_key(&order))
    }

    async fn carry_out(&self, ctx: &Ctx<'_>, deed: &Deed) -> Answer {
        let sandbox = &ctx.provider.sandbox;
        match deed {
            Deed::Start(start) => Answer::Started(self.start(ctx, start).await),
            Deed::Look(number) => {
                let (Some(intent), Some(order)) = (self.intent_of(*number), self.order_of(*number))
                else {
                    return Answer::Nothing;
                };
                let person = self.model.intents[&intent].person.clone();
                let _ = order::refresh(ctx, &order).await;
                let view = intent::find(ctx.db, &person, &intent).await;
                Answer::Shown(intent, view)
            }
            Deed::Cancel(number) => match self.order_of(*number) {
                Some(order) => Answer::Done(order::cancel(ctx, &order).await),
                None => Answer::Nothing,
            },
            Deed::Pay(number) => self.at_cashier(ctx, *number, AtCashier::Pay).await,
            Deed::Decline(number) => self.at_cashier(ctx, *number, AtCashier::Decline).await,
            Deed::Repeat(number) => match self.order_of(*number) {
                Some(order) => match sandbox.message(&order, ctx.now).await {
                    Ok(letter) => Answer::Letters(letter.into_iter().collect()),
                    Err(_) => Answer::Nothing,
                },
                None => Answer::Nothing,
            },
            Deed::Late(number, more) => self.late(ctx, *number, *more).await,
            Deed::Twice(number) => self.twice(ctx, *number).await,
            Deed::Stranger(minor) => self.stranger(ctx, *minor).await,
            Deed::Deliver(number, twist) => self.deliver(ctx, *number, *twist).await,
            Deed::Forge(number) => self.forge(ctx, *number).await,
            Deed::GiveBack(number, right) => self.give_back(ctx, *number, *right).await,
            Deed::Trouble(way, times) => {
                let (operation, kind) = TROUBLE[*way];
                self.provider
                    .raw(&format!(
                        "INSERT INTO sandbox_fault VALUES ('{operation}', '{kind}', {times})
                         ON CONFLICT DO UPDATE SET remaining = excluded.remaining"
                    ))
                    .expect("a fault is ordered");
                Answer::Nothing
            }
            Deed::Dispute(number) => {
                let Some(order) = self.order_of(*number) else { return Answer::Nothing };
                match sandbox.open_dispute(&order, ctx.now).await {
                    Ok(Some(number)) => self.bank_writes(ctx, &number).await,
                    _ => Answer::Nothing,
                }
            }
            Deed::Decide(decision) => {
                let open = self.provider.column(
                    "SELECT number FROM sandbox_dispute WHERE state = 'open'
                     ORDER BY opened_at, number LIMIT 1",
                );
                let Some(number) = open.first() else { return Answer::Nothing };
                let decision = if *decision { Decision::Won } else { Decision::Lost };
                let _ = sandbox.decide_dispute(number, decision, ctx.now).await;
                self.bank_writes(ctx, number).await
            }
            Deed::Limit(limit) => Answer::Done(self.limit(ctx, limit).await),
            Deed::Office(office) => Answer::Done(self.office(ctx, office).await),
            Deed::Receipt(confirmed) => {
                let waits = self.provider.column(
                    "SELECT number FROM sandbox_payout WHERE state = 'awaiting_confirmation'
                     ORDER BY at DESC, number LIMIT 1",
                );
                let Some(number) = waits.first() else { return Answer::Nothing };
                let receipt = if *confirmed { Receipt::Confirm } else { Receipt::Lapse };
                match sandbox.receipt(number, receipt, ctx.now).await {
                    Ok(letter) => Answer::Letters(letter.into_iter().collect()),
                    Err(_) => Answer::Nothing,
                }
            }
            Deed::Jobs => {
                Answer::Done(job_runner::run_due(ctx).await.map(drop).map_err(Failure::Database))
            }
        }
    }

    async fn start(&self, ctx: &Ctx<'_>, start: &Start) -> Result<View, Failure> {
        let page = &self.town.pages[start.article];
        let amount = Money::new(start.minor, page.currency);
        let praise = NewPraise::new(amount, visibility(start), None)?;
        let key = IdempotencyKey::parse(&key(start.key)).expect("a key");
        let session = &self.town.people[start.reader].session;
        let starter = Starter { token_hash: session.clone(), session: None };
        start::start(ctx, starter, &page.slug, &key, None, &praise).await?.result
    }

    async fn at_cashier(&self, ctx: &Ctx<'_>, number: u32, deed: AtCashier) -> Answer {
        let Some(order) = self.order_of(number) else { return Answer::Nothing };
        match ctx.provider.sandbox.deed(&order, deed, ctx.now).await {
            Ok(letters) => Answer::Letters(letters),
            Err(_) => Answer::Nothing,
        }
    }

    async fn deliver(&self, ctx: &Ctx<'_>, number: u32, twist: Twist) -> Answer {
        let Some(letter) = self.bag.iter().find(|letter| letter.number == number) else {
            return Answer::Nothing;
        };
        let Some(signed) = twisted(ctx, &letter.signed, twist) else { return Answer::Nothing };
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
            Ok(letters) => Answer::Letters(letters),
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

    /// Who uses a right about an attempt.
    pub fn acts_for(&self, intent: &str, right: Right) -> String {
        let intent = &self.model.intents[intent];
        match right {
            Right::Undo | Right::TakeBack => intent.person.clone(),
            Right::Writer => self.model.accounts[&intent.account].owner.clone(),
            Right::Operator => self.town.people[0].id.clone(),
            Right::Nobody => {
                let other = self.town.people.iter().find(|person| person.id != intent.person);
                other.map(|person| person.id.clone()).unwrap_or_default()
            }
        }
    }

    /// A writer switches praise off or on, which no use case does yet.
    pub fn switch(&self, place: usize, off: bool) {
        self.raw(&format!(
            "UPDATE official_account SET praise_on = {} WHERE id = '{}'",
            i32::from(!off),
            self.town.places[place].id,
        ));
    }

    /// Puts letters in the bag: some are lost, some come twice, some before others.
    pub fn post(&mut self, letters: Vec<SignedMessage>, step: &Step, chance: &mut Chance) {
        for (place, signed) in letters.into_iter().enumerate() {
            let number = step.number * 16 + place as u32 * 2 + 8;
            let (lost, doubled) = (chance.below(5) == 0, chance.below(5) == 0);
            if lost && !step.calm {
                continue;
            }
            self.bag.push(Letter { number, signed: signed.clone() });
            if doubled && !step.calm {
                self.bag.push(Letter { number: number + 1, signed });
            }
        }
    }

    /// When the next job is due.
    pub fn next_job(&self) -> Option<Moment> {
        let due = self.product.column("SELECT min(due_at) FROM job WHERE done_at IS NULL");
        due.first()?.parse().ok().map(Moment::from_ms)
    }
}

/// Stores a letter and does what it says, as the handler of the provider's messages does.
async fn receive(ctx: &Ctx<'_>, signed: &SignedMessage) -> Answer {
    match webhook::receive(ctx, signed).await {
        Ok(Received::Stored(arrival)) => match webhook::process(ctx, &arrival).await {
            Ok(()) => Answer::Received(Ok(true)),
            // It is stored: the provider is told so, and a job goes on with it.
            Err(failure) => Answer::Done(Err(failure)),
        },
        Ok(Received::AlreadyProcessed) => Answer::Received(Ok(true)),
        Ok(Received::Invalid) => Answer::Received(Ok(false)),
        Err(error) => Answer::Received(Err(error)),
    }
}

/// A letter as it arrives: signed again now, as a provider that repeats it does, and then changed.
fn twisted(ctx: &Ctx<'_>, signed: &SignedMessage, twist: Twist) -> Option<SignedMessage> {
    if twist == Twist::Old {
        return Some(signed.clone());
    }
    let message: Message = serde_json::from_str(&signed.body).ok()?;
    let mut signed = ctx.provider.sandbox.sign(&message, ctx.now).ok()?;
    let turn = |text: &str, bit: usize| {
        let mut bytes = text.as_bytes().to_vec();
        let place = (bit / 8) % bytes.len();
        bytes[place] ^= 1 << (bit % 7);
        String::from_utf8_lossy(&bytes).into_owned()
    };
    match twist {
        Twist::Body(bit) => signed.body = turn(&signed.body, bit),
        Twist::Signature(bit) => signed.signature = turn(&signed.signature, bit),
        Twist::None | Twist::Old => {}
    }
    Some(signed)
}

/// The key that the step of this number used first.
pub fn key(number: u32) -> String {
    format!("key-{number:020}")
}

/// Who sees a praise: decided by its amount, so that the same wish is the same.
fn visibility(start: &Start) -> Visibility {
    match start.minor % 3 {
        0 => Visibility::Public,
        1 => Visibility::Writer,
        _ => Visibility::Anonymous,
    }
}
