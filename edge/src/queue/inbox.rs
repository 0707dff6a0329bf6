//! The inbox: messages from a provider, stored before they are acknowledged and processed after.
//!
//! A message is stored under the provider's event id, so one that arrives twice is one row.

use serde::Deserialize;
use shared::calendar::Moment;

use super::jobs::{self, JobKind};
use crate::database::{Database, DatabaseError, Results, Statement, Value};

/// Seconds after which the job of a stored message is due, if the request has not processed it.
const UNPROCESSED_S: i64 = 20;

/// Returns the statements that store a message and schedule the job that processes it if the
/// request dies. The batch fails with the rule `event_known` if the message is already stored.
pub fn store(provider: &str, event_id: &str, body: &str, now: Moment) -> [Statement; 2] {
    [
        Statement::new(
            "INSERT INTO provider_event (provider, event_id, body, received_at)
             VALUES (?1, ?2, ?3, ?4)",
            [Value::from(provider), event_id.into(), body.into(), now.into()],
        ),
        jobs::schedule(
            JobKind::ProcessEvent,
            &job_subject(provider, event_id),
            now.plus_seconds(UNPROCESSED_S),
        ),
    ]
}

/// Returns the statements that mark a message as processed. They belong in the same batch as the
/// change that the message caused.
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

/// A stored message.
#[derive(Deserialize)]
pub struct StoredMessage {
    /// The raw bytes as they were verified.
    pub body: String,
    /// When it was processed, in Unix milliseconds; `None` if it has not been.
    pub processed_at: Option<i64>,
}

/// Finds a stored message; `None` if there is none of this event id.
pub async fn find<D: Database>(
    db: &D,
    provider: &str,
    event_id: &str,
) -> Result<Option<StoredMessage>, DatabaseError> {
    let statement = Statement::new(
        "SELECT body, processed_at FROM provider_event WHERE provider = ?1 AND event_id = ?2",
        [Value::from(provider), event_id.into()],
    );
    Results::from(db.batch(vec![statement]).await?).take().first()
}

/// Returns the subject of the job that processes a message: `provider:event_id`.
fn job_subject(provider: &str, event_id: &str) -> String {
    format!("{provider}:{event_id}")
}

/// Returns the event id in the subject of a [`JobKind::ProcessEvent`] job.
pub fn event_id_of(job_subject: &str) -> &str {
    job_subject.split_once(':').map_or(job_subject, |(_, event_id)| event_id)
}
