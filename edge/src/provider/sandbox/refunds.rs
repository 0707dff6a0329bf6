//! Refunds at the sandbox. A payment is refunded once, under whatever number: a second refund is
//! refused if another one has succeeded or still may.

use serde::Deserialize;
use shared::calendar::Moment;

use super::{Sandbox, fault, unknown};
use crate::database::{Database, Results, Statement, Value};
use crate::provider::{ProviderError, RefundReport, RefundRequest};

/// How many queries a slow refund takes to succeed.
const SLOW_ASKS: i64 = 2;

#[derive(Deserialize)]
struct Refund {
    request: Option<String>,
    state: RefundReport,
}

/// Sends a payment back. The same number is the same refund.
pub(super) async fn refund<D: Database>(
    sandbox: &Sandbox<D>,
    body: &str,
    now: Moment,
) -> Result<RefundReport, ProviderError> {
    let fault = fault::take(&sandbox.db, "refund").await.map_err(unknown)?;
    if fault.as_deref() == Some("lost") {
        return Err(ProviderError::Unknown("the request was lost".into()));
    }
    let request: RefundRequest = serde_json::from_str(body)
        .map_err(|error| ProviderError::Refused(format!("unreadable request: {error}")))?;
    let (state, asks) = outcome(fault.as_deref());
    let insert = Statement::new(
        "INSERT INTO sandbox_refund (number, request, order_number, transaction_id, amount_minor,
                                     state, asks_left, at)
         SELECT ?1, ?6, number, transaction_id, CAST(?3 AS INTEGER), ?7, ?8, CAST(?4 AS INTEGER)
         FROM sandbox_order
         WHERE number = ?2 AND transaction_id = ?5 AND paid_minor = ?3 AND currency = ?9
           AND NOT EXISTS (SELECT 1 FROM sandbox_refund
                           WHERE number = ?1 OR (transaction_id = ?5 AND state <> 'closed'))",
        [
            Value::from(&request.number),
            (&request.order_number).into(),
            request.amount.minor.into(),
            now.into(),
            (&request.transaction_id).into(),
            body.into(),
            state.into(),
            asks.into(),
            request.amount.currency.into(),
        ],
    );
    let rows = sandbox.db.batch(vec![insert, select(&request.number)]).await.map_err(unknown)?;
    let mut results = Results::from(rows);
    results.take();
    let found: Option<Refund> = results.take().first().map_err(unknown)?;
    if fault.as_deref() == Some("reply_lost") {
        return Err(ProviderError::Unknown("the reply was lost".into()));
    }
    match found {
        None => Err(ProviderError::Refused("nothing to give back for this payment".into())),
        Some(found) if found.request.as_deref().is_some_and(|first| first != body) => {
            Err(ProviderError::Refused("the number belongs to another request".into()))
        }
        Some(found) => Ok(found.state),
    }
}

/// Queries the state of a refund. Each query brings a slow one closer to success.
pub(super) async fn query_refund<D: Database>(
    sandbox: &Sandbox<D>,
    number: &str,
    now: Moment,
) -> Result<RefundReport, ProviderError> {
    if fault::take(&sandbox.db, "query_refund").await.map_err(unknown)?.is_some() {
        return Err(ProviderError::Unknown("the query was lost".into()));
    }
    let come_nearer = Statement::new(
        "UPDATE sandbox_refund
         SET asks_left = asks_left - 1,
             state = iif(asks_left = 1, 'succeeded', state),
             at = iif(asks_left = 1, CAST(?2 AS INTEGER), at)
         WHERE number = ?1 AND state = 'processing' AND asks_left > 0",
        [Value::from(number), now.into()],
    );
    state_after(sandbox, number, come_nearer).await
}

/// Retries a refund that could not be delivered.
pub(super) async fn retry_refund<D: Database>(
    sandbox: &Sandbox<D>,
    number: &str,
    now: Moment,
) -> Result<RefundReport, ProviderError> {
    let fault = fault::take(&sandbox.db, "retry_refund").await.map_err(unknown)?;
    if fault.as_deref() == Some("lost") {
        return Err(ProviderError::Unknown("the request was lost".into()));
    }
    let (state, asks) = outcome(fault.as_deref());
    let retry = Statement::new(
        "UPDATE sandbox_refund SET state = ?2, asks_left = ?3, at = CAST(?4 AS INTEGER)
         WHERE number = ?1 AND state = 'abnormal'",
        [Value::from(number), state.into(), asks.into(), now.into()],
    );
    let report = state_after(sandbox, number, retry).await;
    if fault.as_deref() == Some("reply_lost") {
        return Err(ProviderError::Unknown("the reply was lost".into()));
    }
    report
}

/// The first state of a refund, and how many queries it takes to succeed.
fn outcome(fault: Option<&str>) -> (&'static str, i64) {
    match fault {
        Some("slow") => ("processing", SLOW_ASKS),
        Some("closed") => ("closed", 0),
        Some("abnormal") => ("abnormal", 0),
        _ => ("succeeded", 0),
    }
}

/// Reads the state of a refund after a statement.
async fn state_after<D: Database>(
    sandbox: &Sandbox<D>,
    number: &str,
    statement: Statement,
) -> Result<RefundReport, ProviderError> {
    let rows = sandbox.db.batch(vec![statement, select(number)]).await.map_err(unknown)?;
    let mut results = Results::from(rows);
    results.take();
    let found: Option<Refund> = results.take().first().map_err(unknown)?;
    found.map(|refund| refund.state).ok_or(ProviderError::NotFound)
}

fn select(number: &str) -> Statement {
    Statement::new(
        "SELECT request, state FROM sandbox_refund WHERE number = ?1",
        [Value::from(number)],
    )
}
