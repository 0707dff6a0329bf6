//! A provider's messages: verified over their raw bytes, stored in the inbox, acknowledged, then
//! processed. If the Worker dies before a stored message is processed, its job processes it.

use shared::machine::IntentState;

use super::praise::book::{self, Source};
use super::praise::end;
use super::{dispute, payout, refund};
use crate::context::Context;
use crate::database::{Database, DatabaseError, Rows};
use crate::failure::Failure;
use crate::provider::{EventKind, Message, OrderReport, PaymentProvider, SignedMessage};
use crate::queue::inbox::{self, StoredMessage};
use crate::queue::jobs::{self, JobKind};

/// A stored message that is not processed yet, with the rows that were read while storing it.
#[derive(Clone, Debug, PartialEq)]
pub struct Unprocessed {
    /// The parsed message.
    pub message: Message,
    /// The rows that booking its payment depends on; `None` if they have not been read.
    booking_rows: Option<Rows>,
}

/// The outcome of receiving a message, which decides the HTTP response.
#[derive(Clone, Debug, PartialEq)]
pub enum Received {
    /// The signature or the timestamp is invalid. Nothing was stored.
    Invalid,
    /// The message is stored, now or before, and has to be processed.
    Stored(Unprocessed),
    /// The message was stored and processed before.
    AlreadyProcessed,
}

/// Verifies a message and stores it. The message may be acknowledged only after this has succeeded.
pub async fn receive<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    signed: &SignedMessage,
) -> Result<Received, DatabaseError> {
    let Ok(message) = ctx.provider.verify(signed, ctx.now).await else {
        return Ok(Received::Invalid);
    };
    let provider = ctx.provider.name();
    let mut statements =
        Vec::from(inbox::store(provider, &message.event_id, &signed.body, ctx.now));
    let mut paid = false;
    if let EventKind::Order { number, report: OrderReport::Paid(report) } = &message.kind {
        statements.push(book::select(provider, number, report.paid_at));
        paid = true;
    }
    match ctx.db.batch(statements).await {
        Ok(mut rows) => {
            let booking_rows = if paid { rows.pop() } else { None };
            Ok(Received::Stored(Unprocessed { message, booking_rows }))
        }
        Err(DatabaseError::Rule(rule)) if rule == "event_known" => {
            let stored = inbox::find(ctx.db, provider, &message.event_id).await?;
            let is_open = stored.is_some_and(|stored| stored.processed_at.is_none());
            let unprocessed = Unprocessed { message, booking_rows: None };
            Ok(if is_open { Received::Stored(unprocessed) } else { Received::AlreadyProcessed })
        }
        Err(error) => Err(error),
    }
}

/// Processes a stored message. Idempotent.
pub async fn process<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    unprocessed: &Unprocessed,
) -> Result<(), Failure> {
    let Message { event_id, kind } = &unprocessed.message;
    match kind {
        EventKind::Order { number, report: OrderReport::Paid(paid) } => {
            let source = Source::Message { event_id, rows: unprocessed.booking_rows.as_ref() };
            return book::book(ctx, number, paid, source).await.map(drop);
        }
        EventKind::Order { number, report: OrderReport::Declined } => {
            end::end_attempt(ctx, number, IntentState::Declined).await?;
        }
        EventKind::Order { number, report: OrderReport::Closed } => {
            end::end_attempt(ctx, number, IntentState::Expired).await?;
        }
        EventKind::Order { report: OrderReport::Waiting, .. } => {}
        // These messages only start a query; the provider's answer is what is booked.
        EventKind::Refund { number } => refund::poll(ctx, number).await?,
        EventKind::Payout { number } => payout::transfer::run(ctx, number).await.map(drop)?,
        EventKind::Dispute(report) => {
            return dispute::book_report(ctx, report, Some(event_id)).await.map(drop);
        }
    }
    let statements = inbox::processed(ctx.provider.name(), event_id, "noted", ctx.now);
    Ok(ctx.db.batch(statements).await.map(drop)?)
}

/// Runs [`JobKind::ProcessEvent`]: processes a stored message that its request has not processed.
pub async fn resume<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    job_subject: &str,
) -> Result<(), Failure> {
    let event_id = inbox::event_id_of(job_subject);
    match inbox::find(ctx.db, ctx.provider.name(), event_id).await? {
        Some(StoredMessage { body, processed_at: None }) => {
            let message = ctx.provider.parse(&body).map_err(|_| {
                Failure::Internal(format!("stored event {event_id} cannot be parsed"))
            })?;
            process(ctx, &Unprocessed { message, booking_rows: None }).await
        }
        _ => {
            let statement = jobs::done(JobKind::ProcessEvent, job_subject, ctx.now);
            Ok(ctx.db.batch(vec![statement]).await.map(drop)?)
        }
    }
}
