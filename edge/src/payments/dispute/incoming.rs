//! A provider's report about a dispute on its way to being booked.

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

/// Days after which an open dispute is asked about again.
pub(super) const POLL_DAYS: i64 = 1;
/// Days that an operator has for what a dispute needs of them.
pub(super) const TASK_DAYS: i64 = 7;

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The dispute now stands as the report says.
    Booked,
    /// It stood so before, or has ended since.
    Already,
    /// It contradicts what is booked: nothing was, and an operator looks at it.
    Contradicted,
}

/// One report on its way into the record.
pub(super) struct IncomingReport<'a, 'b, D: Database, P: PaymentProvider> {
    pub(super) ctx: &'a Context<'b, D, P>,
    pub(super) report: DisputeReport,
    pub(super) event_id: Option<&'a str>,
}

impl<D: Database, P: PaymentProvider> IncomingReport<'_, '_, D, P> {
    /// The payment, and every dispute about it or of this number.
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

    /// Why this report cannot be booked as it is, if it cannot.
    pub(super) fn contradiction(
        &self,
        facts: &DisputeFacts,
        disputes: &[BookedDispute],
    ) -> Option<&'static str> {
        let report = &self.report;
        if report.amount != facts.amount() {
            return Some("amount_differs");
        }
        let known = disputes.iter().find(|one| one.number == report.number);
        match (known, report.outcome) {
            (Some(known), _) if known.payment_id != facts.payment_id => Some("payment_differs"),
            (Some(known), DisputeOutcome::Won { .. }) if known.state == DisputeState::Lost => {
                Some("lost_and_won")
            }
            (Some(known), DisputeOutcome::Lost { .. }) if known.state == DisputeState::Won => {
                Some("won_and_lost")
            }
            // What a bank has taken for good, it does not take again.
            (None, _) if disputes.iter().any(|one| one.state == DisputeState::Lost) => {
                Some("lost_before")
            }
            _ => None,
        }
    }

    /// Nobody has told us of the payment yet. It may be on its way; it may also be one that we
    /// never hear of, so that an operator has to look.
    pub(super) async fn too_early(&self) -> Result<Outcome, Failure> {
        self.alarm("dispute", "dispute of a payment that is not known").await?;
        Err(Problem::Unavailable.into())
    }

    /// The bank cannot look at one payment twice at once: the end of the dispute that is open has
    /// not been told. It is asked about now, and this report comes back later.
    pub(super) async fn another_is_open(&self, other: &BookedDispute) -> Result<Outcome, Failure> {
        self.finish(vec![jobs::wake(JobKind::PollDispute, &other.id, self.ctx.now)]).await?;
        self.alarm("dispute", "dispute of a payment whose last dispute is open").await?;
        Err(Problem::Unavailable.into())
    }

    /// Nothing is booked, and an operator looks at it.
    pub(super) async fn contradicted(&self, cause: &str) -> Result<Outcome, Failure> {
        crate::log::error(&format!("dispute.{cause} dispute={}", self.report.number));
        let mut statements = vec![self.task("contradicted", cause)];
        statements.extend(self.processed("contradicted"));
        self.finish(statements).await?;
        Ok(Outcome::Contradicted)
    }

    pub(super) async fn alarm(&self, kind: &str, detail: &str) -> Result<(), DatabaseError> {
        self.finish(vec![self.task(kind, detail)]).await
    }

    /// A task about this report, by the provider's number of the dispute.
    pub(super) fn task(&self, kind: &str, detail: &str) -> Statement {
        let now = self.ctx.now;
        tasks::open(kind, &self.report.number, detail, now, now.plus_days(TASK_DAYS))
    }

    pub(super) fn processed(&self, outcome: &str) -> Vec<Statement> {
        self.event_id.map_or_else(Vec::new, |event_id| {
            inbox::processed(self.ctx.provider.name(), event_id, outcome, self.ctx.now)
        })
    }

    pub(super) async fn finish(&self, statements: Vec<Statement>) -> Result<(), DatabaseError> {
        if statements.is_empty() {
            return Ok(());
        }
        self.ctx.db.batch(statements).await.map(drop)
    }

    /// The statements that end a dispute, unless it has ended or begun to stand aside since.
    pub(super) fn step(
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
        statements.extend(self.processed("booked"));
        statements
    }
}
