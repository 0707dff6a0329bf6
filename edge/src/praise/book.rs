//! Booking: a provider says that money arrived. One batch books it as a praise; where a rule
//! refuses, the rule's name comes back and a second batch books it as a return. Money that fits
//! nothing of ours goes to suspense. Every payment ends in exactly one of the three.

use serde::Deserialize;
use shared::calendar::{self, Moment};
use shared::id::Kind;
use shared::machine::{IntentState, OrderState};
use shared::money::{Currency, Money};

use super::order;
use super::start::{release, reserve};
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Rows, Statement, Value};
use crate::failure::Failure;
use crate::jobs;
use crate::ledger::{self, Account};
use crate::operator::tasks;
use crate::policy::Policy;
use crate::provider::{OrderReport, PaidReport, PaymentProvider};
use crate::{reader_limits, refund, settle};

/// Days that an operator has for money, or for a message, that does not fit.
const TASK_DAYS: i64 = 7;

/// What became of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Booked {
    /// It is a praise.
    Praise,
    /// A rule refused it; it goes back.
    Returned,
    /// Nobody can explain it; an operator decides.
    Suspense,
    /// It was booked before.
    Already,
    /// The provider, asked, does not know of it.
    Nothing,
}

/// Everything that booking an order's money depends on.
#[derive(Clone, Debug, Deserialize)]
struct Facts {
    order_state: OrderState,
    intent_id: String,
    intent_state: IntentState,
    person_id: String,
    article_id: String,
    account_id: String,
    owner_id: String,
    amount_minor: i64,
    currency: Currency,
    visibility: String,
    note: Option<String>,
    thanks: Option<String>,
    reader_day: String,
    reader_policy_version: i64,
    policy: String,
}

/// Who says that money arrived.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// The provider, asked.
    Query,
    /// A message of the provider, which is marked as processed in the batch that books.
    Message {
        /// The provider's id of the event.
        event_id: &'a str,
        /// What [`select`] read when the message was stored, if it did.
        ground: Option<&'a Rows>,
    },
}

/// Books what arrived for an order. Booking the same payment again changes nothing.
pub async fn book<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_number: &str,
    paid: &PaidReport,
    source: Source<'_>,
) -> Result<Booked, Failure> {
    let (event_id, mut ground) = match source {
        Source::Query => (None, None),
        Source::Message { event_id, ground } => (Some(event_id), ground.cloned()),
    };
    let mut payment =
        Payment { ctx, order_number, paid: paid.clone(), event_id, id: ctx.id(Kind::Payment) };
    // The state read here may be another by the time of the batch. The guard then says so, and the
    // next round decides on what it has become; a state changes at most a few times.
    let mut asked = event_id.is_none();
    for _ in 0..4 {
        let rows = match ground.take() {
            Some(rows) => rows,
            None => {
                let select = select(ctx.provider.name(), order_number, payment.paid.paid_at);
                Results::from(ctx.db.batch(vec![select]).await?).take()
            }
        };
        let facts: Option<Facts> = rows.first()?;
        let fits = |paid: &PaidReport, facts: &Facts| {
            paid.amount == Money::new(facts.amount_minor, facts.currency)
        };
        let outcome = match facts {
            None => payment.suspend(None, "unknown_order").await,
            Some(facts) if fits(&payment.paid, &facts) => payment.decide(&facts).await,
            // A message that does not fit our order is not taken at its word: the provider is asked.
            Some(_) if !asked => {
                asked = true;
                match ctx.provider.query_order(order_number, ctx.now).await {
                    Ok(OrderReport::Paid(truth)) => payment.paid = truth,
                    Ok(_) => return Ok(payment.contradicted().await?),
                    Err(_) => return Err(shared::problem::Problem::Unavailable.into()),
                }
                continue;
            }
            Some(facts) => payment.suspend(Some(&facts), "amount_differs").await,
        };
        match outcome {
            Err(DatabaseError::Rule(rule)) if rule == "payment_booked" => {
                payment.mark_processed().await?;
                return Ok(Booked::Already);
            }
            Err(DatabaseError::Guard(_)) => continue,
            other => return Ok(other?),
        }
    }
    Err(DatabaseError::Unknown(format!("order {order_number} keeps changing")).into())
}

/// One payment on its way to its fate.
struct Payment<'a, 'b, D: Database, P: PaymentProvider> {
    ctx: &'a Context<'b, D, P>,
    order_number: &'a str,
    paid: PaidReport,
    event_id: Option<&'a str>,
    id: String,
}

impl<D: Database, P: PaymentProvider> Payment<'_, '_, D, P> {
    async fn decide(&self, facts: &Facts) -> Result<Booked, DatabaseError> {
        let refused = match facts.intent_state {
            IntentState::Cancelled => "intent_cancelled".to_owned(),
            IntentState::Paid | IntentState::Returned => "paid_twice".to_owned(),
            IntentState::AwaitingPayment | IntentState::Declined | IntentState::Expired => {
                match self.praise(facts).await {
                    Err(DatabaseError::Rule(rule)) if is_refusal(&rule) => {
                        self.named(facts, rule).await?
                    }
                    other => return other,
                }
            }
        };
        self.give_back(facts, &refused).await
    }

    /// A rule with the number of the reader's own limit, where it is one. Where that was raised in
    /// the meantime, the next round tries again.
    async fn named(&self, facts: &Facts, rule: String) -> Result<String, DatabaseError> {
        let person_id = &facts.person_id;
        reader_limits::named(self.ctx.db, person_id, facts.currency, rule)
            .await?
            .ok_or_else(|| DatabaseError::Guard("reader_limit".to_owned()))
    }

    /// The batch that makes it a praise.
    async fn praise(&self, facts: &Facts) -> Result<Booked, DatabaseError> {
        let Payment { ctx, paid, .. } = self;
        let policy: Policy = serde_json::from_str(&facts.policy)
            .map_err(|error| DatabaseError::Other(format!("policy: {error}")))?;
        let paid_day = paid.paid_at.day(facts.currency).to_string();
        let due_at = calendar::due_at(paid.paid_at, facts.currency, policy.hold_days);
        let praise_id = ctx.id(Kind::Praise);

        let mut statements = self.step_intent(facts, "paid", None);
        statements.push(self.insert(Some(&facts.intent_id), "praise"));
        statements.push(Statement::new(
            "INSERT INTO praise (id, intent_id, payment_id, person_id, article_id, account_id,
                                 amount_minor, currency, visibility, note, thanks, policy_version,
                                 paid_day, paid_at, booked_at, undo_until, due_at, state, state_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                     'held', ?15)",
            [
                Value::from(&praise_id),
                (&facts.intent_id).into(),
                (&self.id).into(),
                (&facts.person_id).into(),
                (&facts.article_id).into(),
                (&facts.account_id).into(),
                facts.amount_minor.into(),
                facts.currency.into(),
                (&facts.visibility).into(),
                facts.note.clone().into(),
                facts.thanks.clone().into(),
                policy.version.into(),
                paid_day.as_str().into(),
                paid.paid_at.into(),
                ctx.now.into(),
                ctx.now.plus_minutes(policy.undo_minutes).into(),
                due_at.into(),
            ],
        ));
        // The room of a declined or expired attempt was given back: late money takes it again.
        if facts.intent_state != IntentState::AwaitingPayment {
            statements.push(reserve(
                &facts.person_id,
                paid.amount,
                &facts.reader_day,
                facts.reader_policy_version,
            ));
        }
        statements.extend(take_room(facts, &paid_day, policy.version));
        let day = settle::subject(&facts.account_id, due_at);
        statements.push(jobs::wake(settle::SETTLE, &day, due_at));
        statements.extend(ledger::transfer(
            &format!("praise.booked:{praise_id}"),
            ctx.now,
            Account::ProviderUnsettled(ctx.provider.name()),
            Account::WriterHeld(&facts.account_id),
            paid.amount,
        )?);
        statements.extend(self.close_order(facts));
        ctx.db.batch(statements).await?;
        Ok(Booked::Praise)
    }

    /// The batch that sends it back, naming the rule.
    async fn give_back(&self, facts: &Facts, rule: &str) -> Result<Booked, DatabaseError> {
        let Payment { ctx, paid, .. } = self;
        let mut statements = match facts.intent_state {
            // The first payment decided what the attempt became; the second only goes back.
            IntentState::Paid | IntentState::Returned => Vec::new(),
            _ => self.step_intent(facts, "returned", Some(rule)),
        };
        statements.push(self.insert(Some(&facts.intent_id), "return"));
        statements.extend(ledger::transfer(
            &format!("payment.returning:{}", self.id),
            ctx.now,
            Account::ProviderUnsettled(ctx.provider.name()),
            Account::Returning(ctx.provider.name()),
            paid.amount,
        )?);
        let order = refund::Order {
            payment_id: &self.id,
            praise_id: None,
            order_number: self.order_number,
            transaction_id: &paid.transaction_id,
            amount: paid.amount,
            reason: rule,
        };
        statements.extend(refund::queue(ctx, &order)?);
        statements.extend(self.close_order(facts));
        ctx.db.batch(statements).await?;
        Ok(Booked::Returned)
    }

    /// The batch that keeps money which nobody can explain, with a case for an operator.
    async fn suspend(&self, facts: Option<&Facts>, reason: &str) -> Result<Booked, DatabaseError> {
        let Payment { ctx, paid, .. } = self;
        let case_id = ctx.id(Kind::SuspenseCase);
        let deadline = ctx.now.plus_days(TASK_DAYS);
        let mut statements = vec![
            self.insert(facts.map(|facts| facts.intent_id.as_str()), "suspense"),
            Statement::new(
                "INSERT INTO suspense_case (id, payment_id, reason, opened_at)
                 VALUES (?1, ?2, ?3, ?4)",
                [Value::from(&case_id), (&self.id).into(), reason.into(), ctx.now.into()],
            ),
            tasks::open("suspense", &case_id, reason, ctx.now, deadline),
        ];
        statements.extend(ledger::transfer(
            &format!("payment.suspense:{}", self.id),
            ctx.now,
            Account::ProviderUnsettled(ctx.provider.name()),
            Account::Suspense(ctx.provider.name()),
            paid.amount,
        )?);
        if let Some(facts) = facts {
            statements.extend(self.close_order(facts));
            if facts.intent_state == IntentState::AwaitingPayment {
                statements.extend(self.step_intent(facts, "expired", None));
                statements.push(release(&facts.intent_id));
                statements.push(Statement::must_change(1, "reader_room"));
            }
        } else {
            statements.extend(self.processed());
        }
        ctx.db.batch(statements).await?;
        Ok(Booked::Suspense)
    }

    /// A message said paid and the provider, asked, says otherwise: nothing has arrived.
    async fn contradicted(&self) -> Result<Booked, DatabaseError> {
        crate::log::error(&format!(
            "payment.contradicted order={} event={:?}",
            self.order_number, self.event_id
        ));
        if let Some(event_id) = self.event_id {
            let provider = self.ctx.provider.name();
            let statements =
                crate::notify::processed(provider, event_id, "contradicted", self.ctx.now);
            self.ctx.db.batch(statements).await?;
        }
        Ok(Booked::Nothing)
    }

    fn insert(&self, intent_id: Option<&str>, fate: &str) -> Statement {
        let Payment { ctx, paid, .. } = self;
        Statement::new(
            "INSERT INTO payment (id, provider, transaction_id, order_number, intent_id,
                                  amount_minor, currency, paid_at, booked_at, fate)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            [
                Value::from(&self.id),
                ctx.provider.name().into(),
                (&paid.transaction_id).into(),
                self.order_number.into(),
                intent_id.into(),
                paid.amount.minor.into(),
                paid.amount.currency.into(),
                paid.paid_at.into(),
                ctx.now.into(),
                fate.into(),
            ],
        )
    }

    fn step_intent(&self, facts: &Facts, to: &str, refusal: Option<&str>) -> Vec<Statement> {
        vec![
            Statement::new(
                "UPDATE intent SET state = ?3, refusal = ?4, state_reason = ?4, state_at = ?5
                 WHERE id = ?1 AND state = ?2",
                [
                    Value::from(&facts.intent_id),
                    facts.intent_state.as_str().into(),
                    to.into(),
                    refusal.into(),
                    self.ctx.now.into(),
                ],
            ),
            Statement::must_change(1, "intent_state"),
        ]
    }

    fn close_order(&self, facts: &Facts) -> Vec<Statement> {
        let mut statements = Vec::new();
        if facts.order_state != OrderState::Paid {
            statements.push(Statement::new(
                "UPDATE provider_order SET state = 'paid', state_at = ?2, state_reason = NULL
                 WHERE id = ?1 AND state <> 'paid'",
                [Value::from(self.order_number), self.ctx.now.into()],
            ));
            statements.push(Statement::must_change(1, "order_state"));
        }
        statements.push(order::sent(self.order_number, self.ctx.now));
        statements.push(jobs::done("create_order", self.order_number, self.ctx.now));
        statements.push(jobs::done("poll_order", self.order_number, self.ctx.now));
        statements.extend(self.processed());
        statements
    }

    fn processed(&self) -> Vec<Statement> {
        self.event_id.map_or_else(Vec::new, |event_id| {
            crate::notify::processed(self.ctx.provider.name(), event_id, "booked", self.ctx.now)
        })
    }

    async fn mark_processed(&self) -> Result<(), DatabaseError> {
        let statements = self.processed();
        if statements.is_empty() {
            return Ok(());
        }
        self.ctx.db.batch(statements).await.map(drop)
    }
}

/// The rules by which money that arrived is refused; any other is a fault of ours, and the
/// payment stays unbooked in the inbox until that is mended.
fn is_refusal(rule: &str) -> bool {
    matches!(
        rule,
        "article_frozen"
            | "account_suspended"
            | "own_article"
            | "article_day_cap"
            | "writer_day_cap"
            | "reader_day_cap"
            | "reader_own_day"
            | "reader_own_month"
    )
}

/// Takes the amount out of the article's and the writer's room for the day it was paid.
fn take_room(facts: &Facts, day: &str, policy_version: i64) -> [Statement; 2] {
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

/// Selects everything that booking an order's money depends on.
pub fn select(provider: &str, order_number: &str, paid_at: Moment) -> Statement {
    Statement::new(
        "SELECT o.state AS order_state, intent.id AS intent_id, intent.state AS intent_state,
                intent.person_id, intent.article_id, intent.account_id, account.owner_id,
                intent.amount_minor, intent.currency, intent.visibility, intent.note,
                account.thanks, intent.reader_day,
                intent.policy_version AS reader_policy_version,
                (SELECT document FROM policy_document AS policy
                 WHERE policy.currency = intent.currency AND policy.effective_from <= ?3
                 ORDER BY policy.effective_from DESC LIMIT 1) AS policy
         FROM provider_order AS o
         JOIN intent ON intent.id = o.intent_id
         JOIN official_account AS account ON account.id = intent.account_id
         WHERE o.id = ?1 AND o.provider = ?2",
        [Value::from(order_number), provider.into(), paid_at.into()],
    )
}
