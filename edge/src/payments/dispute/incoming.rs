//! A provider's report about a dispute that is being booked.

use shared::calendar::Moment;
use shared::machine::DisputeState;
use shared::problem::Problem;

use super::facts::{BookedDispute, DisputeFacts};
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::payments::refund;
use crate::people::operator::tasks;
use crate::provider::{DisputeOutcome, DisputeReport, PaymentProvider};
use crate::queue::inbox;
use crate::queue::jobs::{self, JobKind};

/// Days between two queries of an open dispute.
pub(super) const POLL_DAYS: i64 = 1;
/// Days until an operator's task about a dispute is overdue.
pub(super) const TASK_DAYS: i64 = 7;

/// The outcome of booking a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportOutcome {
    /// The report is booked.
    Booked,
    /// The report was booked before, or the dispute has ended since.
    AlreadyBooked,
    /// The report contradicts the database. Nothing was booked, and an operator has a task.
    Contradicted,
}

/// A report that is being booked.
pub(super) struct IncomingReport<'a, 'b, D: Database, P: PaymentProvider> {
    pub(super) ctx: &'a Context<'b, D, P>,
    pub(super) report: DisputeReport,
    pub(super) event_id: Option<&'a str>,
}

impl<D: Database, P: PaymentProvider> IncomingReport<'_, '_, D, P> {
    /// Reads the disputed payment, and every dispute of that payment or with the report's number.
    pub(super) async fn read(
        &self,
    ) -> Result<(Option<DisputeFacts>, Vec<BookedDispute>), DatabaseError> {
        let provider = self.ctx.provider.name();
        let statements = vec![
            Statement::new(
                "SELECT payment.id AS payment_id, payment.fate, payment.amount_minor,
                        payment.currency, praise.id AS praise_id, praise.state AS praise_state,
                        praise.account_id, praise.matured, praise.due_at,
                        article.status AS article_status, freeze.id AS freeze_id,
                        freeze.state AS freeze_state
                 FROM payment
                 LEFT JOIN praise ON praise.payment_id = payment.id
                 LEFT JOIN article ON article.id = praise.article_id
                 LEFT JOIN freeze ON freeze.article_id = praise.article_id
                   AND freeze.state <> 'lifted'
                 WHERE payment.provider = ?1 AND payment.transaction_id = ?2",
                [Value::from(provider), (&self.report.transaction_id).into()],
            ),
            Statement::new(
                "SELECT id, number, payment_id, state, aside FROM dispute
                 WHERE provider = ?1 AND (number = ?2 OR payment_id = (
                   SELECT id FROM payment WHERE provider = ?1 AND transaction_id = ?3))",
                [
                    Value::from(provider),
                    (&self.report.number).into(),
                    (&self.report.transaction_id).into(),
                ],
            ),
        ];
        let mut results = Results::from(self.ctx.db.batch(statements).await?);
        Ok((results.take().first()?, results.take().decode()?))
    }

    /// Returns why this report contradicts the database; `None` if it does not.
    pub(super) fn contradiction(
        &self,
        facts: &DisputeFacts,
        disputes: &[BookedDispute],
    ) -> Option<&'static str> {
        let report = &self.report;
        if report.amount != facts.amount() {
            return Some("amount_differs");
        }
        let booked = disputes.iter().find(|one| one.number == report.number);
        match (booked, report.outcome) {
            (Some(booked), _) if booked.payment_id != facts.payment_id => Some("payment_differs"),
            (Some(booked), DisputeOutcome::Won { .. }) if booked.state == DisputeState::Lost => {
                Some("lost_and_won")
            }
            (Some(booked), DisputeOutcome::Lost { .. }) if booked.state == DisputeState::Won => {
                Some("won_and_lost")
            }
            // A bank cannot dispute a payment again that it has already taken back for good.
            (None, _) if disputes.iter().any(|one| one.state == DisputeState::Lost) => {
                Some("lost_before")
            }
            _ => None,
        }
    }

    /// Handles a report about a payment that is not booked. The payment's message may still arrive;
    /// in case it never does, an operator gets a task.
    pub(super) async fn payment_missing(&self) -> Result<ReportOutcome, Failure> {
        self.open_task("dispute", "dispute of a payment that is not known").await?;
        Err(Problem::Unavailable.into())
    }

    /// Handles a new dispute of a payment whose previous dispute is still open. A bank has one
    /// dispute of a payment at a time, so the report that the previous one has ended is missing:
    /// that dispute is polled now, and this report is retried later.
    pub(super) async fn previous_is_open(
        &self,
        previous: &BookedDispute,
    ) -> Result<ReportOutcome, Failure> {
        self.write(vec![jobs::wake(JobKind::PollDispute, &previous.id, self.ctx.now)]).await?;
        self.open_task("dispute", "dispute of a payment whose last dispute is open").await?;
        Err(Problem::Unavailable.into())
    }

    /// Books nothing and opens a task for an operator.
    pub(super) async fn reject(&self, reason: &str) -> Result<ReportOutcome, Failure> {
        crate::log::error(&format!("dispute.{reason} dispute={}", self.report.number));
        let mut statements = vec![self.task("contradicted", reason)];
        statements.extend(self.mark_processed("contradicted"));
        self.write(statements).await?;
        Ok(ReportOutcome::Contradicted)
    }

    async fn open_task(&self, kind: &str, detail: &str) -> Result<(), DatabaseError> {
        self.write(vec![self.task(kind, detail)]).await
    }

    /// Returns the statement that opens a task; its subject is the provider's number of the
    /// dispute.
    fn task(&self, kind: &str, detail: &str) -> Statement {
        let now = self.ctx.now;
        // The job of the message, or the query of the dispute, can repeat this.
        let event = self.event_id.map(|event_id| (self.ctx.provider.name(), event_id));
        let deadline = now.plus_days(TASK_DAYS);
        tasks::open_for_event(kind, &self.report.number, detail, now, deadline, event)
    }

    /// Returns the statements that mark the report's message as processed; none without a message.
    pub(super) fn mark_processed(&self, outcome: &str) -> Vec<Statement> {
        self.event_id.map_or_else(Vec::new, |event_id| {
            inbox::processed(self.ctx.provider.name(), event_id, outcome, self.ctx.now)
        })
    }

    pub(super) async fn write(&self, statements: Vec<Statement>) -> Result<(), DatabaseError> {
        if statements.is_empty() {
            return Ok(());
        }
        self.ctx.db.batch(statements).await.map(drop)
    }

    /// Returns the statements that end a dispute. The batch fails if the dispute has ended since it
    /// was read, or if its praise has been held back since.
    pub(super) fn end(
        &self,
        dispute: &BookedDispute,
        to: DisputeState,
        at: Moment,
    ) -> Vec<Statement> {
        let now = self.ctx.now;
        let mut statements = vec![
            Statement::new(
                "UPDATE dispute SET state = ?2, state_at = ?3, ended_at = ?4
                 WHERE id = ?1 AND state = 'open' AND aside = ?5",
                [
                    Value::from(&dispute.id),
                    to.as_str().into(),
                    now.into(),
                    at.into(),
                    dispute.aside.into(),
                ],
            ),
            Statement::must_change(1, "dispute_open"),
            tasks::close("dispute", &dispute.id, to.as_str(), now),
            jobs::done(JobKind::PollDispute, &dispute.id, now),
            refund::wake(&dispute.payment_id, now),
        ];
        statements.extend(self.mark_processed("booked"));
        statements
    }
}
