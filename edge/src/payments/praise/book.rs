//! Books payments that a provider reports. One batch books the payment as a praise. If a rule
//! refuses that, the batch fails with the rule's name, and a second batch books the payment as a
//! return. A payment that matches no order goes to suspense. Every payment ends in exactly one of
//! the three.

use shared::id::Kind;
use shared::machine::{IntentState, OrderState};
use shared::money::Money;
use shared::problem::Problem;

use super::booking_facts::{BookingFacts, IncomingPayment};
use super::reader_day;
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

/// Days until an operator's task about a payment or a message is overdue.
const TASK_DAYS: i64 = 7;
/// Characters of the longest payer that the schema stores.
const PAYER_MAX: usize = 200;

/// The outcome of booking a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookingOutcome {
    /// It is a praise.
    Praise,
    /// A rule refused it; it is sent back.
    Return,
    /// It matches no order, or not the order's amount; an operator decides.
    Suspense,
    /// It was booked before.
    AlreadyBooked,
    /// The provider or the database contradicts the report. Nothing was booked, and an operator has
    /// a task.
    Contradicted,
}

/// The source of a payment report.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// The provider's answer to a query.
    Query,
    /// A message of the provider. The batch that books marks it as processed.
    Message {
        /// The provider's id of the event.
        event_id: &'a str,
        /// The rows of [`select`], if they were read when the message was stored.
        rows: Option<&'a Rows>,
    },
}

/// Books a payment of an order. Idempotent. Fails with [`Problem::Unavailable`] if the provider has
/// to be queried and does not answer.
pub async fn book<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    order_number: &str,
    paid: &PaidReport,
    source: Source<'_>,
) -> Result<BookingOutcome, Failure> {
    let (event_id, mut rows_read) = match source {
        Source::Query => (None, None),
        Source::Message { event_id, rows } => (Some(event_id), rows.cloned()),
    };
    let mut payment =
        Payment { ctx, order_number, paid: paid.clone(), event_id, id: ctx.id(Kind::Payment) };
    // The states that are read here can change before the batch. A guard then fails the batch, and
    // the next round decides again; a state changes only a few times.
    let mut queried = event_id.is_none();
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
            // The message names an unknown order, or an amount that is not the order's amount:
            // query the provider and use its answer.
            _ if !queried => {
                queried = true;
                match ctx.provider.query_order(order_number, ctx.now).await {
                    Ok(OrderReport::Paid(current)) => payment.paid = current,
                    Ok(_) | Err(ProviderError::NotFound) => {
                        let outcome = payment.reject("the provider knows of no money").await?;
                        return Ok(Round::Done(outcome));
                    }
                    Err(_) => return Err(Problem::Unavailable.into()),
                }
                return Ok(Round::Again);
            }
            None => payment.book_suspense(None, "unknown_order").await,
            Some(facts) => payment.book_suspense(Some(&facts), "amount_differs").await,
        };
        match outcome {
            Err(DatabaseError::Rule(rule)) if rule == "payment_booked" => {
                Ok(Round::Done(payment.confirm_booked().await?))
            }
            other => Ok(Round::Done(other?)),
        }
    })
    .await
}

/// A payment that is being booked.
struct Payment<'a, 'b, D: Database, P: PaymentProvider> {
    ctx: &'a Context<'b, D, P>,
    order_number: &'a str,
    paid: PaidReport,
    event_id: Option<&'a str>,
    id: String,
}

impl<D: Database, P: PaymentProvider> Payment<'_, '_, D, P> {
    /// Books the payment of a known order as a praise or as a return.
    async fn decide(&self, facts: &BookingFacts) -> Result<BookingOutcome, DatabaseError> {
        let refused = match facts.intent_state {
            IntentState::Cancelled => "intent_cancelled".to_owned(),
            IntentState::Paid | IntentState::Returned => "paid_twice".to_owned(),
            IntentState::AwaitingPayment | IntentState::Declined | IntentState::Expired => {
                match self.book_praise(facts).await {
                    Err(DatabaseError::Rule(rule)) if is_refusal(&rule) => {
                        self.rule_with_limit(facts, rule).await?
                    }
                    other => return other,
                }
            }
        };
        self.book_return(facts, &refused).await
    }

    /// Appends the reader's own limit to a rule's code; see [`reader_limits::rule_with_limit`]. If
    /// the reader has removed that limit meanwhile, fails so that the next round tries again.
    async fn rule_with_limit(
        &self,
        facts: &BookingFacts,
        rule: String,
    ) -> Result<String, DatabaseError> {
        let person_id = &facts.person_id;
        reader_limits::rule_with_limit(self.ctx.db, person_id, facts.currency, rule)
            .await?
            .ok_or_else(|| DatabaseError::Guard("reader_limit".to_owned()))
    }

    /// Books the payment as a praise.
    async fn book_praise(&self, facts: &BookingFacts) -> Result<BookingOutcome, DatabaseError> {
        let Payment { ctx, paid, .. } = self;
        let incoming = IncomingPayment {
            payment_id: &self.id,
            amount: paid.amount,
            paid_at: paid.paid_at,
            payer: self.payer(),
            debit: Account::ProviderUnsettled(ctx.provider.name()),
        };
        let payment = vec![self.insert(Some(&facts.intent_id), "praise")];
        let mut statements = facts.praise_statements(ctx, &incoming, payment)?;
        statements.extend(self.close_order(facts));
        ctx.db.batch(statements).await?;
        Ok(BookingOutcome::Praise)
    }

    /// Books the payment as a return, with the refusing rule as the reason.
    async fn book_return(
        &self,
        facts: &BookingFacts,
        rule: &str,
    ) -> Result<BookingOutcome, DatabaseError> {
        let Payment { ctx, paid, .. } = self;
        let mut statements = match facts.intent_state {
            // The first payment has decided the attempt; this second one is only sent back.
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
        Ok(BookingOutcome::Return)
    }

    /// Books the payment to suspense and opens a case for an operator.
    async fn book_suspense(
        &self,
        facts: Option<&BookingFacts>,
        reason: &str,
    ) -> Result<BookingOutcome, DatabaseError> {
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
                statements.push(reader_day::release(&facts.intent_id));
                statements.push(Statement::must_change(1, "reader_room"));
            }
        } else {
            statements.extend(self.processed());
        }
        ctx.db.batch(statements).await?;
        Ok(BookingOutcome::Suspense)
    }

    /// Handles a payment whose number is already booked. If it is booked for another order, the
    /// report is wrong and an operator gets a task.
    async fn confirm_booked(&self) -> Result<BookingOutcome, DatabaseError> {
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
                return self.reject("the payment is booked for another order").await;
            }
            other => other?,
        };
        Ok(BookingOutcome::AlreadyBooked)
    }

    /// Books nothing and opens a task for an operator, because the report is contradicted.
    async fn reject(&self, how: &str) -> Result<BookingOutcome, DatabaseError> {
        let Payment { ctx, order_number, event_id, .. } = self;
        crate::log::error(&format!(
            "payment.contradicted order={order_number} event={event_id:?} how={how}"
        ));
        let detail = format!("order {order_number}: {how}");
        let deadline = ctx.now.plus_days(TASK_DAYS);
        let subject = event_id.unwrap_or(order_number);
        let provider = ctx.provider.name();
        // Without a message, the next query of the order repeats this.
        let event = event_id.map(|event_id| (provider, event_id));
        let mut statements =
            vec![tasks::open_for_event("contradicted", subject, &detail, ctx.now, deadline, event)];
        if let Some(event_id) = event_id {
            statements.extend(inbox::processed(provider, event_id, "contradicted", ctx.now));
        }
        ctx.db.batch(statements).await?;
        Ok(BookingOutcome::Contradicted)
    }

    /// The payer; `None` if the provider reports none, or one that the schema refuses. A payment
    /// that counts towards no payer's day is better than one that cannot be booked.
    fn payer(&self) -> Option<&str> {
        let payer = self.paid.payer.as_deref()?;
        (1..=PAYER_MAX).contains(&payer.chars().count()).then_some(payer)
    }

    fn insert(&self, intent_id: Option<&str>, fate: &str) -> Statement {
        let Payment { ctx, paid, .. } = self;
        Statement::new(
            "INSERT INTO payment (id, provider, transaction_id, order_number, intent_id,
                                  amount_minor, currency, paid_at, booked_at, fate, payer)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
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
                self.payer().into(),
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

/// Returns whether a payment that breaks this rule is sent back. Any other rule means a bug: the
/// message stays unprocessed in the inbox until that is fixed.
pub(crate) fn is_refusal(rule: &str) -> bool {
    matches!(
        rule,
        "article_frozen"
            | "account_suspended"
            | "own_article"
            | "payer_day_cap"
            | "article_day_cap"
            | "writer_day_cap"
            | "reader_day_cap"
            | "reader_own_praise"
            | "reader_own_day"
            | "reader_own_month"
    )
}
