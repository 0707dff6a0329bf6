//! Messages of a provider: verified over their raw bytes, stored in the inbox, answered, then
//! processed. A message stored but not processed when the Worker died is found by its job.

use serde::Deserialize;
use shared::calendar::Moment;
use shared::machine::IntentState;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Rows, Statement, Value};
use crate::dispute;
use crate::failure::Failure;
use crate::jobs::{self, JobKind};
use crate::payout;
use crate::praise::book::{self, Source};
use crate::praise::end;
use crate::provider::{Message, News, OrderReport, PaymentProvider, SignedMessage};
use crate::refund;

/// Seconds after which a stored message counts as left behind.
const LEFT_BEHIND_S: i64 = 20;

/// A message that is stored, with what was read in the round trip that stored it.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// What it says.
    pub message: Message,
    /// What booking it depends on; `None` where that has to be read.
    ground: Option<Rows>,
}

/// What the provider is answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Received {
    /// Not the provider's, or not from now: nothing was stored.
    Forged,
    /// Stored, now or before; to be processed.
    Stored(Arrival),
    /// Stored before and processed.
    Known,
}

/// Verifies a message and stores it. Only after this has succeeded may the provider be told that
/// it arrived.
pub async fn receive<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    signed: &SignedMessage,
) -> Result<Received, DatabaseError> {
    let Ok(message) = ctx.provider.verify(signed, ctx.now).await else {
        return Ok(Received::Forged);
    };
    let provider = ctx.provider.name();
    let job = job_subject(provider, &message.event_id);
    let mut statements = vec![
        Statement::new(
            "INSERT INTO provider_event (provider, event_id, body, received_at)
             VALUES (?1, ?2, ?3, ?4)",
            [
                Value::from(provider),
                (&message.event_id).into(),
                (&signed.body).into(),
                ctx.now.into(),
            ],
        ),
        jobs::schedule(JobKind::ProcessEvent, &job, ctx.now.plus_seconds(LEFT_BEHIND_S)),
    ];
    let mut paid = false;
    if let News::Order { number, report: OrderReport::Paid(report) } = &message.news {
        statements.push(book::select(provider, number, report.paid_at));
        paid = true;
    }
    match ctx.db.batch(statements).await {
        Ok(mut rows) => {
            let ground = if paid { rows.pop() } else { None };
            Ok(Received::Stored(Arrival { message, ground }))
        }
        Err(DatabaseError::Rule(rule)) if rule == "event_known" => {
            let stored = stored(ctx, &message.event_id).await?;
            let open = stored.is_some_and(|stored| stored.processed_at.is_none());
            let arrival = Arrival { message, ground: None };
            Ok(if open { Received::Stored(arrival) } else { Received::Known })
        }
        Err(error) => Err(error),
    }
}

/// Does what a stored message says. Doing it twice changes nothing.
pub async fn process<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    arrival: &Arrival,
) -> Result<(), Failure> {
    let Message { event_id, news } = &arrival.message;
    match news {
        News::Order { number, report: OrderReport::Paid(paid) } => {
            let source = Source::Message { event_id, ground: arrival.ground.as_ref() };
            return book::book(ctx, number, paid, source).await.map(drop);
        }
        News::Order { number, report: OrderReport::Declined } => {
            end::end(ctx, number, IntentState::Declined).await?;
        }
        News::Order { number, report: OrderReport::Closed } => {
            end::end(ctx, number, IntentState::Expired).await?;
        }
        News::Order { report: OrderReport::Waiting, .. } => {}
        // Only a reason to ask now instead of later: what counts is the answer.
        News::Refund { number } => refund::poll(ctx, number).await?,
        News::Payout { number } => payout::part::run(ctx, number).await.map(drop)?,
        News::Dispute(report) => {
            return dispute::told(ctx, report, Some(event_id)).await.map(drop);
        }
    }
    let statements = processed(ctx.provider.name(), event_id, "noted", ctx.now);
    Ok(ctx.db.batch(statements).await.map(drop)?)
}

/// The job that processes a message which was left behind.
pub async fn resume<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    job_subject: &str,
) -> Result<(), Failure> {
    let event_id = job_subject.split_once(':').map_or(job_subject, |(_, event_id)| event_id);
    match stored(ctx, event_id).await? {
        Some(Stored { body, processed_at: None }) => {
            let message = ctx.provider.parse(&body).map_err(|_| {
                DatabaseError::Other(format!("event {event_id} can no longer be read"))
            })?;
            process(ctx, &Arrival { message, ground: None }).await
        }
        _ => {
            let statement = jobs::done(JobKind::ProcessEvent, job_subject, ctx.now);
            Ok(ctx.db.batch(vec![statement]).await.map(drop)?)
        }
    }
}

/// The statements that mark a message as processed, for the batch that did what it said.
pub fn processed(provider: &str, event_id: &str, outcome: &str, now: Moment) -> Vec<Statement> {
    vec![
        Statement::new(
            "UPDATE provider_event SET processed_at = ?3, outcome = ?4
             WHERE provider = ?1 AND event_id = ?2 AND processed_at IS NULL",
            [Value::from(provider), event_id.into(), now.into(), outcome.into()],
        ),
        jobs::done(JobKind::ProcessEvent, &job_subject(provider, event_id), now),
    ]
}

#[derive(Deserialize)]
struct Stored {
    body: String,
    processed_at: Option<i64>,
}

async fn stored<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    event_id: &str,
) -> Result<Option<Stored>, DatabaseError> {
    let statement = Statement::new(
        "SELECT body, processed_at FROM provider_event WHERE provider = ?1 AND event_id = ?2",
        [Value::from(ctx.provider.name()), event_id.into()],
    );
    Results::from(ctx.db.batch(vec![statement]).await?).take().first()
}

fn job_subject(provider: &str, event_id: &str) -> String {
    format!("{provider}:{event_id}")
}
