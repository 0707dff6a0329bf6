//! Disputes: a reader's bank takes a payment back and looks at it.
//!
//! Money that is still with us stands aside until the bank has decided (the praise is `disputed`);
//! money that is on its way to the writer or back to the reader goes on, and what the bank has taken
//! is ours to wait for. A provider may tell it twice, in any order, before the payment itself, or
//! not at all: [`told`] takes every report, and [`poll`] asks about each dispute until it has ended.

mod decide;
mod open;

use serde::Deserialize;
use shared::calendar::Moment;
use shared::machine::{DisputeState, FreezeState, PraiseState};
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::jobs::{self, JobKind, Next};
use crate::operator::tasks;
use crate::provider::{DisputeOutcome, DisputeReport, PaymentProvider, ProviderError};
use crate::refund;

/// Days after which a dispute is asked about again.
const POLL_DAYS: i64 = 1;
/// Days that an operator has for what a dispute needs of them.
const TASK_DAYS: i64 = 7;
/// Rounds in which a state that was read may turn out to have changed.
const ROUNDS: usize = 8;

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The dispute now stands as the report says.
    Booked,
    /// It stood so before, or has ended since.
    Already,
    /// It contradicts what is booked: nothing was, and an operator looks at it.
    Contradicted,
}

/// The payment that a dispute is about, and everything that booking it depends on.
#[derive(Clone, Debug, Deserialize)]
struct Facts {
    payment_id: String,
    fate: String,
    amount_minor: i64,
    currency: Currency,
    /// All of the praise, where there is one.
    praise_id: Option<String>,
    praise_state: Option<PraiseState>,
    account_id: Option<String>,
    matured: Option<i64>,
    due_at: Option<i64>,
    article_status: Option<String>,
    freeze_id: Option<String>,
    freeze_state: Option<FreezeState>,
}

/// A dispute as booked.
#[derive(Clone, Debug, Deserialize)]
struct Booked {
    id: String,
    number: String,
    payment_id: String,
    state: DisputeState,
    aside: i64,
}

impl Facts {
    fn amount(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }

    /// The praise whose money is still with us, and whether its day had come.
    fn standing(&self) -> Option<Standing<'_>> {
        match self.praise_state? {
            state @ (PraiseState::Held | PraiseState::Due | PraiseState::Frozen) => {
                Some(Standing {
                    praise_id: self.praise_id.as_deref()?,
                    account_id: self.account_id.as_deref()?,
                    state,
                    matured: self.matured? == 1,
                })
            }
            _ => None,
        }
    }

    /// Ends the batch unless the money still is where it was when this was read.
    fn as_read(&self) -> Statement {
        Statement::new(
            "INSERT INTO must (got, expected, guard)
             SELECT EXISTS (
               SELECT 1 FROM payment LEFT JOIN praise ON praise.payment_id = payment.id
               WHERE payment.id = ?1 AND payment.fate = ?2 AND praise.state IS ?3), 1,
               'dispute_place'",
            [
                Value::from(&self.payment_id),
                (&self.fate).into(),
                self.praise_state.map(PraiseState::as_str).into(),
            ],
        )
    }
}

/// A praise that a dispute sets aside.
struct Standing<'a> {
    praise_id: &'a str,
    account_id: &'a str,
    state: PraiseState,
    matured: bool,
}

/// Books what a provider says about a dispute. Saying it again changes nothing. A report of the end
/// of a dispute that is not known yet books its beginning first. While the payment itself is not
/// known, the failure is [`Problem::Unavailable`]: the message stays in the inbox, and its job
/// comes back to it.
pub async fn told<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    report: &DisputeReport,
    event_id: Option<&str>,
) -> Result<Told, Failure> {
    let mut telling = Telling { ctx, report: report.clone(), event_id };
    // A report that does not fit is not taken at its word: the provider is asked, once.
    let mut asked = false;
    for _ in 0..ROUNDS {
        let (facts, disputes) = telling.read().await?;
        let Some(facts) = facts else { return telling.too_early().await };
        if let Some(cause) = telling.contradiction(&facts, &disputes) {
            if asked {
                return telling.contradicted(cause).await;
            }
            asked = true;
            match ctx.provider.query_dispute(&report.number, ctx.now).await {
                Ok(truth) => telling.report = truth,
                Err(ProviderError::NotFound) => return telling.contradicted(cause).await,
                Err(_) => return Err(Problem::Unavailable.into()),
            }
            continue;
        }
        let known = disputes.iter().find(|one| one.number == telling.report.number);
        let outcome = match (known, telling.report.outcome) {
            (None, _) => {
                if let Some(other) = disputes.iter().find(|one| one.state == DisputeState::Open) {
                    return telling.another_is_open(other).await;
                }
                telling.opened(&facts).await
            }
            (Some(dispute), DisputeOutcome::Won { at }) if dispute.state == DisputeState::Open => {
                telling.won(&facts, dispute, at).await
            }
            (Some(dispute), DisputeOutcome::Lost { at }) if dispute.state == DisputeState::Open => {
                telling.lost(&facts, dispute, at).await
            }
            (Some(_), _) => {
                telling.finish(telling.processed("noted")).await?;
                return Ok(Told::Already);
            }
        };
        match outcome {
            // The beginning is booked; the end follows in the next round.
            Ok(()) if known.is_none() && telling.report.outcome != DisputeOutcome::Open => {}
            Ok(()) => return Ok(Told::Booked),
            // Something moved in between: what it is now decides.
            Err(DatabaseError::Guard(_)) => {}
            Err(DatabaseError::Rule(rule)) if rule == "exists" => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(DatabaseError::Unknown(format!("dispute {} keeps changing", report.number)).into())
}

/// The job that asks about an open dispute, so that a lost message does not leave it open for ever.
pub async fn poll<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    dispute_id: &str,
) -> Result<Next, Failure> {
    #[derive(Deserialize)]
    struct Open {
        number: String,
    }
    let statement = Statement::new(
        "SELECT number FROM dispute WHERE id = ?1 AND state = 'open'",
        [Value::from(dispute_id)],
    );
    let open: Option<Open> = Results::from(ctx.db.batch(vec![statement]).await?).take().first()?;
    let Some(Open { number }) = open else { return Ok(Next::Done) };
    let again = Next::At(ctx.now.plus_days(POLL_DAYS));
    match ctx.provider.query_dispute(&number, ctx.now).await {
        Ok(report) => {
            let ended = report.outcome != DisputeOutcome::Open;
            let told = told(ctx, &report, None).await?;
            Ok(if ended && told != Told::Contradicted { Next::Done } else { again })
        }
        Err(error @ (ProviderError::NotFound | ProviderError::Refused(_))) => {
            crate::log::error(&format!("dispute.not_known dispute={dispute_id} cause={error:?}"));
            Ok(again)
        }
        Err(ProviderError::Unknown(_)) => Err(Problem::Unavailable.into()),
    }
}

/// One report on its way into the record.
struct Telling<'a, 'b, D: Database, P: PaymentProvider> {
    ctx: &'a Context<'b, D, P>,
    report: DisputeReport,
    event_id: Option<&'a str>,
}

impl<D: Database, P: PaymentProvider> Telling<'_, '_, D, P> {
    /// The payment, and every dispute about it or of this number.
    async fn read(&self) -> Result<(Option<Facts>, Vec<Booked>), DatabaseError> {
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
    fn contradiction(&self, facts: &Facts, disputes: &[Booked]) -> Option<&'static str> {
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
    async fn too_early(&self) -> Result<Told, Failure> {
        self.alarm("dispute", "dispute of a payment that is not known").await?;
        Err(Problem::Unavailable.into())
    }

    /// The bank cannot look at one payment twice at once: the end of the dispute that is open has
    /// not been told. It is asked about now, and this report comes back later.
    async fn another_is_open(&self, other: &Booked) -> Result<Told, Failure> {
        self.finish(vec![jobs::wake(JobKind::PollDispute, &other.id, self.ctx.now)]).await?;
        self.alarm("dispute", "dispute of a payment whose last dispute is open").await?;
        Err(Problem::Unavailable.into())
    }

    /// Nothing is booked, and an operator looks at it.
    async fn contradicted(&self, cause: &str) -> Result<Told, Failure> {
        crate::log::error(&format!("dispute.{cause} dispute={}", self.report.number));
        let mut statements = vec![self.task("contradicted", cause)];
        statements.extend(self.processed("contradicted"));
        self.finish(statements).await?;
        Ok(Told::Contradicted)
    }

    async fn alarm(&self, kind: &str, detail: &str) -> Result<(), DatabaseError> {
        self.finish(vec![self.task(kind, detail)]).await
    }

    /// A task about this report, by the provider's number of the dispute.
    fn task(&self, kind: &str, detail: &str) -> Statement {
        let now = self.ctx.now;
        tasks::open(kind, &self.report.number, detail, now, now.plus_days(TASK_DAYS))
    }

    fn processed(&self, outcome: &str) -> Vec<Statement> {
        self.event_id.map_or_else(Vec::new, |event_id| {
            crate::notify::processed(self.ctx.provider.name(), event_id, outcome, self.ctx.now)
        })
    }

    async fn finish(&self, statements: Vec<Statement>) -> Result<(), DatabaseError> {
        if statements.is_empty() {
            return Ok(());
        }
        self.ctx.db.batch(statements).await.map(drop)
    }

    /// The statements that end a dispute, unless it has ended or begun to stand aside since.
    fn step(&self, dispute: &Booked, to: DisputeState, at: Moment) -> Vec<Statement> {
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
