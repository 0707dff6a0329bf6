//! Disputes (chargebacks): a reader's bank takes a payment back and decides who is right.
//!
//! Money that has not left is held back for the dispute until the bank has decided (the praise is
//! `disputed`). A payout or refund that is on its way continues; what the bank has taken stays in
//! the account `dispute_clearing` until the bank decides.
//!
//! A provider may report a dispute twice, out of order, before the payment itself, or never.
//! [`book_report`] therefore accepts every report, and [`poll`] queries each dispute until it ends.

mod decide;
mod facts;
mod incoming;
mod open;

use serde::Deserialize;
use shared::machine::DisputeState;
use shared::problem::Problem;

pub use self::incoming::ReportOutcome;
use self::incoming::{IncomingReport, POLL_DAYS};
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::provider::{DisputeOutcome, DisputeReport, PaymentProvider, ProviderError};
use crate::queue::jobs::Next;
use crate::retry::{Round, retry};

/// Books a provider's report about a dispute. Idempotent. A report that a dispute has ended also
/// books its opening if that is not booked yet. `event_id` is the message that brought the report,
/// if one did. While the payment itself is not booked, fails with [`Problem::Unavailable`]: the
/// message stays in the inbox, and its job retries it.
pub async fn book_report<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    report: &DisputeReport,
    event_id: Option<&str>,
) -> Result<ReportOutcome, Failure> {
    let mut incoming = IncomingReport { ctx, report: report.clone(), event_id };
    // The provider is queried once before a report that contradicts the database is rejected.
    let mut queried = false;
    retry(format_args!("dispute {}", report.number), async || {
        let (facts, disputes) = incoming.read().await?;
        let Some(facts) = facts else { return incoming.payment_missing().await.map(Round::Done) };
        if let Some(reason) = incoming.contradiction(&facts, &disputes) {
            if queried {
                return incoming.reject(reason).await.map(Round::Done);
            }
            queried = true;
            match ctx.provider.query_dispute(&report.number, ctx.now).await {
                Ok(current) => incoming.report = current,
                Err(ProviderError::NotFound) => {
                    return incoming.reject(reason).await.map(Round::Done);
                }
                Err(_) => return Err(Problem::Unavailable.into()),
            }
            return Ok(Round::Again);
        }
        let booked = disputes.iter().find(|one| one.number == incoming.report.number);
        let outcome = match (booked, incoming.report.outcome) {
            (None, _) => {
                if let Some(other) = disputes.iter().find(|one| one.state == DisputeState::Open) {
                    return incoming.previous_is_open(other).await.map(Round::Done);
                }
                incoming.book_opened(&facts).await
            }
            (Some(dispute), DisputeOutcome::Won { at }) if dispute.state == DisputeState::Open => {
                incoming.book_won(&facts, dispute, at).await
            }
            (Some(dispute), DisputeOutcome::Lost { at }) if dispute.state == DisputeState::Open => {
                incoming.book_lost(&facts, dispute, at).await
            }
            (Some(_), _) => {
                incoming.write(incoming.mark_processed("noted")).await?;
                return Ok(Round::Done(ReportOutcome::AlreadyBooked));
            }
        };
        match outcome {
            // The opening is booked; the next round books the end.
            Ok(()) if booked.is_none() && incoming.report.outcome != DisputeOutcome::Open => {
                Ok(Round::Again)
            }
            Ok(()) => Ok(Round::Done(ReportOutcome::Booked)),
            Err(Failure::Database(DatabaseError::Rule(rule))) if rule == "exists" => {
                Ok(Round::Again)
            }
            Err(failure) => Err(failure),
        }
    })
    .await
}

/// Runs [`JobKind::PollDispute`](crate::queue::jobs::JobKind::PollDispute): queries an open
/// dispute, so that a lost message does not leave it open for ever.
pub async fn poll<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    dispute_id: &str,
) -> Result<Next, Failure> {
    #[derive(Deserialize)]
    struct OpenDispute {
        number: String,
    }
    let statement = Statement::new(
        "SELECT number FROM dispute WHERE id = ?1 AND state = 'open'",
        [Value::from(dispute_id)],
    );
    let open: Option<OpenDispute> =
        Results::from(ctx.db.batch(vec![statement]).await?).take().first()?;
    let Some(OpenDispute { number }) = open else { return Ok(Next::Done) };
    let next_poll = Next::At(ctx.now.plus_days(POLL_DAYS));
    match ctx.provider.query_dispute(&number, ctx.now).await {
        Ok(report) => {
            let ended = report.outcome != DisputeOutcome::Open;
            let outcome = book_report(ctx, &report, None).await?;
            Ok(if ended && outcome != ReportOutcome::Contradicted { Next::Done } else { next_poll })
        }
        Err(error @ (ProviderError::NotFound | ProviderError::Refused(_))) => {
            crate::log::error(&format!("dispute.not_known dispute={dispute_id} cause={error:?}"));
            Ok(next_poll)
        }
        Err(ProviderError::Unknown(_)) => Err(Problem::Unavailable.into()),
    }
}
