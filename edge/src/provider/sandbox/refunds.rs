//! Refunds at the sandbox.

use shared::calendar::Moment;

use super::{Sandbox, fault, unknown};
use crate::database::{Database, Results, Statement, Value};
use crate::provider::{ProviderError, RefundReport, RefundRequest};

/// Sends a payment back. The same number is the same refund.
pub(super) async fn refund<D: Database>(
    sandbox: &Sandbox<'_, D>,
    body: &str,
    now: Moment,
) -> Result<RefundReport, ProviderError> {
    let fault = fault::take(sandbox.db, "refund").await.map_err(unknown)?;
    if fault.as_deref() == Some("lost") {
        return Err(ProviderError::Unknown("the request was lost".into()));
    }
    let request: RefundRequest = serde_json::from_str(body)
        .map_err(|error| ProviderError::Refused(format!("unreadable request: {error}")))?;
    let insert = Statement::new(
        "INSERT INTO sandbox_refund (number, order_number, amount_minor, state, at)
         SELECT ?1, number, CAST(?3 AS INTEGER), 'succeeded', CAST(?4 AS INTEGER)
         FROM sandbox_order
         WHERE number = ?2 AND transaction_id = ?5 AND paid_minor = ?3
           AND NOT EXISTS (SELECT 1 FROM sandbox_refund WHERE number = ?1)",
        [
            Value::from(&request.number),
            (&request.order_number).into(),
            request.amount.minor.into(),
            now.into(),
            (&request.transaction_id).into(),
        ],
    );
    sandbox.db.batch(vec![insert]).await.map_err(unknown)?;
    if fault.as_deref() == Some("reply_lost") {
        return Err(ProviderError::Unknown("the reply was lost".into()));
    }
    match query_refund(sandbox, &request.number, now).await {
        Err(ProviderError::NotFound) => Err(ProviderError::Refused("no such payment".into())),
        other => other,
    }
}

/// What became of a refund.
pub(super) async fn query_refund<D: Database>(
    sandbox: &Sandbox<'_, D>,
    number: &str,
    _: Moment,
) -> Result<RefundReport, ProviderError> {
    let statement = Statement::new(
        "SELECT number FROM sandbox_refund WHERE number = ?1",
        [Value::from(number)],
    );
    let rows = sandbox.db.batch(vec![statement]).await.map_err(unknown)?;
    let found = Results::from(rows).take().any();
    if found { Ok(RefundReport::Succeeded) } else { Err(ProviderError::NotFound) }
}

/// The sandbox's own way for a refund that it could not deliver.
pub(super) async fn retry_refund<D: Database>(
    sandbox: &Sandbox<'_, D>,
    number: &str,
    now: Moment,
) -> Result<RefundReport, ProviderError> {
    query_refund(sandbox, number, now).await
}
