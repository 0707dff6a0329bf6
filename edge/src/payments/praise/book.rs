//! Booking: a provider says that money arrived. One batch books it as a praise; where a rule
//! refuses, the rule's name comes back and a second batch books it as a return. Money that fits
//! nothing of ours goes to suspense. Every payment ends in exactly one of the three.

use shared::id::Kind;
use shared::machine::{IntentState, OrderState};
use shared::money::Money;
use shared::problem::Problem;

use super::booking_facts::{BookingFacts, IncomingPayment};
use super::room;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Rows, Statement, Value};
use crate::failure::Failure;
use crate::limits::reader_limits;
use crate::payments::ledger::{self, Account};
use crate::payments::refund;
use crate::people::operator::tasks;
use crate::provider::{OrderReport, PaidReport, PaymentProvider, ProviderError};
use crate::queue::inbox;
use crate::queue::jobs::{self, JobKind};
use crate::queue::outbox::{self, Operation};
use crate::retry::{Round, retry};

pub use super::booking_facts::select;

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
        rows: Option<&'a Rows>,
    },
}

/// Books what arrived for an order. Booking the same payment again changes nothing.
pub async fn book<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_number: &str,
    paid: &PaidReport,
    source: Source<'_>,
) -> Result<Booked, Failure> {
    let (event_id, mut rows_read) = match source {
        Source::Query => (None, None),
        Source::Message { event_id, rows } => (Some(event_id), rows.cloned()),
    };
    let mut payment =
        Payment { ctx, order_number, paid: paid.clone(), event_id, id: ctx.id(Kind::Payment) };
    // The state read here may be another by the time of the batch. The guard then says so, and the
    // next round decides on what it has become; a state changes at most a few times.
    let mut asked = event_id.is_none();
    retry(format_args!("order {order_number}"), async || {
        let rows = match rows_read.take() {
            Some(rows) => rows,
            None => {
                let select = select(ctx.provider.name(), order_number, payment.paid.paid_at);
                Results::from(ctx.db.batch(vec![select]).await?).take()
            }
        };
        let facts: Option<BookingFacts> = rows.first()?;
        let fits = |paid: &PaidReport, facts: &BookingFacts| {
            paid.amount == Money::new(facts.amount_minor, facts.currency)
        };
        let outcome = match facts {
            Some(facts) if fits(&payment.paid, &facts) => payment.decide(&facts).await,
            // A message about an order that we do not have, or do not have like this, is not taken
            // at its word: the provider is asked.
            _ if !asked => {
                asked = true;
                match ctx.provider.query_order(order_number, ctx.now).await {
                    Ok(OrderReport::Paid(truth)) => payment.paid = truth,
                    Ok(_) | Err(ProviderError::NotFound) => {
                        let booked = payment.contradicted("the provider knows of no money").await?;
                        return Ok(Round::Done(booked));
                    }
                    Err(_) => return Err(Problem::Unavailable.into()),
                }
                return Ok(Round::Again);
            }
            None => payment.suspend(None, "unknown_order").await,
            Some(facts) => payment.suspend(Some(&facts), "amount_differs").await,
        };
        match outcome {
            Err(DatabaseError::Rule(rule)) if rule == "payment_booked" => {
                Ok(Round::Done(payment.known().await?))
            }
            other => Ok(Round::Done(other?)),
        }
    })
    .await
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
    async fn decide(&self, facts: &BookingFacts) -> Result<Booked, DatabaseError> {
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
    async fn named(&self, facts: &BookingFacts, rule: String) -> Result<String, DatabaseError> {
        let person_id = &facts.person_id;
        reader_limits::rule_with_limit(self.ctx.db, person_id, facts.currency, rule)
            .await?
            .ok_or_else(|| DatabaseError::Guard("reader_limit".to_owned()))
    }

    /// The batch that makes it a praise.
    async fn praise(&self, facts: &BookingFacts) -> Result<Booked, DatabaseError> {
        let Payment { ctx, paid, .. } = self;
        let incoming = IncomingPayment {
            payment_id: &self.id,
            amount: paid.amount,
            paid_at: paid.paid_at,
            from: Account::ProviderUnsettled(ctx.provider.name()),
        };
        let payment = vec![self.insert(Some(&facts.intent_id), "praise")];
        let mut statements = facts.become_praise(ctx, &incoming, payment)?;
        statements.extend(self.close_order(facts));
        ctx.db.batch(statements).await?;
        Ok(Booked::Praise)
    }

    /// The batch that sends it back, naming the rule.
    async fn give_back(&self, facts: &BookingFacts, rule: &str) -> Result<Booked, DatabaseError> {
        let Payment { ctx, paid, .. } = self;
        let mut statements = match facts.intent_state {
            // The first payment decided what the attempt became; the second only goes back.
            IntentState::Paid | IntentState::Returned => Vec::new(),
            _ => facts.step_intent("returned", Some(rule), ctx.now),
        };
        statements.push(self.insert(Some(&facts.intent_id), "return"));
        statements.extend(ledger::transfer(
            &format!("payment.returning:{}", self.id),
            ctx.now,
            Account::ProviderUnsettled(ctx.provider.name()),
            Account::Returning(ctx.provider.name()),
            paid.amount,
        )?);
        let order = refund::RefundOrder {
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
    async fn suspend(
        &self,
        facts: Option<&BookingFacts>,
        reason: &str,
    ) -> Result<Booked, DatabaseError> {
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
                statements.extend(facts.step_intent("expired", None, ctx.now));
                statements.push(room::release(&facts.intent_id));
                statements.push(Statement::must_change(1, "reader_room"));
            }
        } else {
            statements.extend(self.processed());
        }
        ctx.db.batch(statements).await?;
        Ok(Booked::Suspense)
    }

    /// The payment's number is in the record: either this is it, or somebody mistook two orders for
    /// each other, which nobody may take for done.
    async fn known(&self) -> Result<Booked, DatabaseError> {
        let mut statements = vec![Statement::new(
            "INSERT INTO must (got, expected, guard)
             SELECT count(*), 1, 'payment_order' FROM payment
             WHERE provider = ?1 AND transaction_id = ?2 AND order_number = ?3",
            [
                Value::from(self.ctx.provider.name()),
                (&self.paid.transaction_id).into(),
                self.order_number.into(),
            ],
        )];
        statements.extend(self.processed());
        match self.ctx.db.batch(statements).await {
            Err(DatabaseError::Guard(_)) => {
                return self.contradicted("the payment is booked for another order").await;
            }
            other => other?,
        };
        Ok(Booked::Already)
    }

    /// What is said about money contradicts what is known: nothing is booked, and an operator looks
    /// at it.
    async fn contradicted(&self, how: &str) -> Result<Booked, DatabaseError> {
        let Payment { ctx, order_number, event_id, .. } = self;
        crate::log::error(&format!(
            "payment.contradicted order={order_number} event={event_id:?} how={how}"
        ));
        let detail = format!("order {order_number}: {how}");
        let deadline = ctx.now.plus_days(TASK_DAYS);
        let subject = event_id.unwrap_or(order_number);
        let mut statements = vec![tasks::open("contradicted", subject, &detail, ctx.now, deadline)];
        if let Some(event_id) = event_id {
            let provider = ctx.provider.name();
            statements.extend(inbox::processed(provider, event_id, "contradicted", ctx.now));
        }
        ctx.db.batch(statements).await?;
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

    fn close_order(&self, facts: &BookingFacts) -> Vec<Statement> {
        let mut statements = Vec::new();
        if facts.order_state != OrderState::Paid {
            statements.push(Statement::new(
                "UPDATE provider_order SET state = 'paid', state_at = ?2, state_reason = NULL
                 WHERE id = ?1 AND state <> 'paid'",
                [Value::from(self.order_number), self.ctx.now.into()],
            ));
            statements.push(Statement::must_change(1, "order_state"));
        }
        statements.push(outbox::done(Operation::CreateOrder, self.order_number, self.ctx.now));
        statements.push(jobs::done(JobKind::CreateOrder, self.order_number, self.ctx.now));
        statements.push(jobs::done(JobKind::PollOrder, self.order_number, self.ctx.now));
        statements.extend(self.processed());
        statements
    }

    fn processed(&self) -> Vec<Statement> {
        self.event_id.map_or_else(Vec::new, |event_id| {
            inbox::processed(self.ctx.provider.name(), event_id, "booked", self.ctx.now)
        })
    }
}

/// The rules by which money that arrived is refused; any other is a fault of ours, and the
/// payment stays unbooked in the inbox until that is mended.
pub(crate) fn is_refusal(rule: &str) -> bool {
    matches!(
        rule,
        "article_frozen"
            | "account_suspended"
            | "own_article"
            | "article_day_cap"
            | "writer_day_cap"
            | "reader_day_cap"
            | "reader_own_praise"
            | "reader_own_day"
            | "reader_own_month"
    )
}
