//! Booking a payment as a praise: the rows that it depends on, and the statements that do it. Used
//! for payments that a provider reports and for payments that an operator takes out of suspense.

use serde::Deserialize;
use shared::calendar::{self, Moment};
use shared::id::Kind;
use shared::machine::{IntentState, OrderState};
use shared::money::{Currency, Money};

use super::{payer_day, reader_day};
use crate::context::Context;
use crate::database::{Database, DatabaseError, Statement, Value, from_json};
use crate::limits::policy::{Policy, policy_in_force};
use crate::payments::ledger::{self, Account};
use crate::payments::settle;
use crate::provider::PaymentProvider;
use crate::queue::jobs::{self, JobKind};

/// An order with its intent, account and policy: what booking its payment depends on.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct BookingFacts {
    pub(crate) order_state: OrderState,
    pub(crate) intent_id: String,
    pub(crate) intent_state: IntentState,
    pub(crate) person_id: String,
    pub(crate) article_id: String,
    pub(crate) account_id: String,
    pub(crate) owner_id: String,
    pub(crate) amount_minor: i64,
    pub(crate) currency: Currency,
    pub(crate) visibility: String,
    pub(crate) note: Option<String>,
    pub(crate) thanks: Option<String>,
    pub(crate) reader_day: String,
    pub(crate) reader_policy_version: i64,
    /// The policy at the moment of payment, as JSON.
    pub(crate) policy: String,
}

/// A payment that becomes a praise.
pub(crate) struct IncomingPayment<'a> {
    /// Our id of the payment.
    pub(crate) payment_id: &'a str,
    /// The amount that arrived.
    pub(crate) amount: Money,
    /// When the provider received it.
    pub(crate) paid_at: Moment,
    /// The fingerprint of the card, wallet or openid that paid, if the provider reports one.
    pub(crate) payer: Option<&'a str>,
    /// The ledger account that is debited; the writer's held account is credited.
    pub(crate) debit: Account<'a>,
}

impl BookingFacts {
    /// Returns the statements that book a payment as a praise. `payment` are the statements that
    /// store the payment; they run after the intent's change of state and before the praise is
    /// inserted. The batch fails with the name of a rule that refuses the praise.
    pub(crate) fn praise_statements<D: Database, P: PaymentProvider>(
        &self,
        ctx: &Context<'_, D, P>,
        incoming: &IncomingPayment<'_>,
        payment: Vec<Statement>,
    ) -> Result<Vec<Statement>, DatabaseError> {
        let policy: Policy = from_json(&self.policy)?;
        let paid_day = incoming.paid_at.day(self.currency).to_string();
        let undo_until = ctx.now.plus_minutes(policy.undo_minutes);
        // Midnight can come within the undo window: after a late payment, or under a short hold.
        let due_at =
            calendar::due_at(incoming.paid_at, self.currency, policy.hold_days).max(undo_until);
        let praise_id = ctx.id(Kind::Praise);

        let mut statements = self.step_intent("paid", None, ctx.now);
        statements.extend(payment);
        statements.push(Statement::new(
            "INSERT INTO praise (id, intent_id, payment_id, person_id, article_id, account_id,
                                 amount_minor, currency, visibility, note, thanks, policy_version,
                                 paid_day, paid_at, booked_at, undo_until, due_at, state, state_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                     'held', ?15)",
            [
                Value::from(&praise_id),
                (&self.intent_id).into(),
                incoming.payment_id.into(),
                (&self.person_id).into(),
                (&self.article_id).into(),
                (&self.account_id).into(),
                self.amount_minor.into(),
                self.currency.into(),
                (&self.visibility).into(),
                self.note.clone().into(),
                self.thanks.clone().into(),
                policy.version.into(),
                paid_day.as_str().into(),
                incoming.paid_at.into(),
                ctx.now.into(),
                undo_until.into(),
                due_at.into(),
            ],
        ));
        // A declined or expired attempt has released its amount: a late payment reserves it again.
        if self.intent_state != IntentState::AwaitingPayment {
            statements.push(reader_day::reserve(
                &self.person_id,
                incoming.amount,
                &self.reader_day,
                self.reader_policy_version,
            ));
        }
        statements.extend(count_daily_limits(self, &paid_day, policy.version));
        if let Some(payer) = incoming.payer {
            statements.push(payer_day::count(
                ctx.provider.name(),
                payer,
                incoming.amount,
                &paid_day,
                policy.version,
            ));
        }
        let subject = settle::subject(&self.account_id, due_at);
        statements.push(jobs::wake(JobKind::Settle, &subject, due_at));
        statements.extend(ledger::transfer(
            &format!("praise.booked:{praise_id}"),
            ctx.now,
            incoming.debit,
            Account::WriterHeld(&self.account_id),
            incoming.amount,
        )?);
        Ok(statements)
    }

    /// Returns the statements that move the intent from the state it was read in to another one.
    pub(crate) fn step_intent(
        &self,
        to: &str,
        refusal: Option<&str>,
        now: Moment,
    ) -> Vec<Statement> {
        vec![
            Statement::new(
                "UPDATE intent SET state = ?3, refusal = ?4, state_reason = ?4, state_at = ?5
                 WHERE id = ?1 AND state = ?2",
                [
                    Value::from(&self.intent_id),
                    self.intent_state.as_str().into(),
                    to.into(),
                    refusal.into(),
                    now.into(),
                ],
            ),
            Statement::must_change(1, "intent_state"),
        ]
    }
}

/// Returns the statements that count the amount towards the daily limits of article and writer.
fn count_daily_limits(facts: &BookingFacts, day: &str, policy_version: i64) -> [Statement; 2] {
    let values = |id: &str| {
        [
            Value::from(id),
            facts.currency.into(),
            day.into(),
            policy_version.into(),
            facts.amount_minor.into(),
        ]
    };
    [
        Statement::new(
            "INSERT INTO article_day (article_id, currency, day, policy_version, booked_minor)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (article_id, currency, day) DO UPDATE SET
               booked_minor = booked_minor + excluded.booked_minor,
               policy_version = max(policy_version, excluded.policy_version)",
            values(&facts.article_id),
        ),
        Statement::new(
            "INSERT INTO writer_day (person_id, currency, day, policy_version, booked_minor)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (person_id, currency, day) DO UPDATE SET
               booked_minor = booked_minor + excluded.booked_minor,
               policy_version = max(policy_version, excluded.policy_version)",
            values(&facts.owner_id),
        ),
    ]
}

/// SQL that selects `BookingFacts`; the argument is the text from WHERE on.
macro_rules! select_facts {
    ($rest:literal) => {
        concat!(
            "SELECT o.state AS order_state, intent.id AS intent_id, intent.state AS intent_state,
                    intent.person_id, intent.article_id, intent.account_id, account.owner_id,
                    intent.amount_minor, intent.currency, intent.visibility, intent.note,
                    account.thanks, intent.reader_day,
                    intent.policy_version AS reader_policy_version,
                    ",
            policy_in_force!("document", "intent.currency", "?3"),
            " AS policy
             FROM provider_order AS o
             JOIN intent ON intent.id = o.intent_id
             JOIN official_account AS account ON account.id = intent.account_id
             ",
            $rest
        )
    };
}

/// Selects the `BookingFacts` of an order.
pub fn select(provider: &str, order_number: &str, paid_at: Moment) -> Statement {
    Statement::new(
        select_facts!("WHERE o.id = ?1 AND o.provider = ?2"),
        [Value::from(order_number), provider.into(), paid_at.into()],
    )
}

/// Selects the `BookingFacts` of an intent's newest order.
pub(crate) fn select_by_intent(provider: &str, intent_id: &str, paid_at: Moment) -> Statement {
    Statement::new(
        select_facts!(
            "WHERE intent.id = ?1 AND o.provider = ?2 ORDER BY o.created_at DESC, o.id DESC LIMIT 1"
        ),
        [Value::from(intent_id), provider.into(), paid_at.into()],
    )
}
