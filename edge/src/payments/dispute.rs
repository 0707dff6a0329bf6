//! Disputes: a reader's bank takes a payment back and looks at it.
//!
//! Money that is still with us stands aside until the bank has decided (the praise is `disputed`);
//! money that is on its way to the writer or back to the reader goes on, and what the bank has taken
//! is ours to wait for. A provider may tell it twice, in any order, before the payment itself, or
//! not at all: [`book_report`] takes every report, and [`poll`] asks about each dispute until it has ended.

mod decide;
mod facts;
mod incoming;
mod open;

use serde::Deserialize;
use shared::machine::DisputeState;
use shared::problem::Problem;

pub use self::incoming::Outcome;
use self::incoming::{IncomingReport, POLL_DAYS};
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::provider::{DisputeOutcome, DisputeReport, PaymentProvider, ProviderError};
use crate::queue::jobs::Next;
use crate::retry::{Round, retry};

/// Books what a provider says about a dispute. Saying it again changes nothing. A report of the end
/// of a dispute that is not known yet books its beginning first. While the payment itself is not
/// known, the failure is [`Problem::Unavailable`]: the message stays in the inbox, and its job
/// comes back to it.
pub async fn book_report<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    report: &DisputeReport,
    event_id: Option<&str>,
) -> Result<Outcome, Failure> {
    let mut incoming = IncomingReport { ctx, report: report.clone(), event_id };
    // A report that does not fit is not taken at its word: the provider is asked, once.
    let mut asked = false;
    retry(format_args!("dispute {}", report.number), async || {
        let (facts, disputes) = incoming.read().await?;
        let Some(facts) = facts else { return incoming.too_early().await.map(Round::Done) };
        if let Some(cause) = incoming.contradiction(&facts, &disputes) {
            if asked {
                return incoming.contradicted(cause).await.map(Round::Done);
            }
            asked = true;
            match ctx.provider.query_dispute(&report.number, ctx.now).await {
                Ok(truth) => incoming.report = truth,
                Err(ProviderError::NotFound) => {
                    return incoming.contradicted(cause).await.map(Round::Done);
                }
                Err(_) => return Err(Problem::Unavailable.into()),
            }
            return Ok(Round::Again);
        }
        let known = disputes.iter().find(|one| one.number == incoming.report.number);
        let outcome = match (known, incoming.report.outcome) {
            (None, _) => {
                if let Some(other) = disputes.iter().find(|one| one.state == DisputeState::Open) {
                    return incoming.another_is_open(other).await.map(Round::Done);
                }
                incoming.opened(&facts).await
            }
            (Some(dispute), DisputeOutcome::Won { at }) if dispute.state == DisputeState::Open => {
                incoming.won(&facts, dispute, at).await
            }
            (Some(dispute), DisputeOutcome::Lost { at }) if dispute.state == DisputeState::Open => {
                incoming.lost(&facts, dispute, at).await
            }
            (Some(_), _) => {
                incoming.finish(incoming.processed("noted")).await?;
                return Ok(Round::Done(Outcome::Already));
            }
        };
        match outcome {
            // The beginning is booked; the end follows in the next round.
            Ok(()) if known.is_none() && incoming.report.outcome != DisputeOutcome::Open => {
                Ok(Round::Again)
            }
            Ok(()) => Ok(Round::Done(Outcome::Booked)),
            Err(Failure::Database(DatabaseError::Rule(rule))) if rule == "exists" => {
                Ok(Round::Again)
            }
            Err(failure) => Err(failure),
        }
    })
    .await
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
            let outcome = book_report(ctx, &report, None).await?;
            Ok(if ended && outcome != Outcome::Contradicted { Next::Done } else { again })
        }
        Err(error @ (ProviderError::NotFound | ProviderError::Refused(_))) => {
            crate::log::error(&format!("dispute.not_known dispute={dispute_id} cause={error:?}"));
            Ok(again)
        }
        Err(ProviderError::Unknown(_)) => Err(Problem::Unavailable.into()),
    }
}
