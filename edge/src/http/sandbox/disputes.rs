//! The control API for disputes: opens and decides them, as a reader's bank would.

use serde_json::json;
use shared::problem::{Expected, Problem};

use super::cashier::{deliver, sandbox};
use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerError, HandlerResult, RequestContext};
use crate::http::services::Services;
use crate::provider::sandbox::disputes::Decision;

/// `POST /sandbox/api/orders/{order}/dispute` → 201 `{"number":…}`: the reader's bank disputes
/// the payment of this order. 404 if it was not paid, or if a bank has won a dispute about it.
pub async fn open(request: RequestContext) -> HandlerResult {
    let order = request.param("order");
    let services = request.services().await?;
    let number = sandbox(&services)?.open_dispute(&order, services.now).await?;
    let number = number.ok_or(Problem::NotFound)?;
    deliver_messages(&services, &number).await?;
    Ok(answer::json(201, &json!({ "number": number }), CachePolicy::Never)?)
}

/// `POST /sandbox/api/disputes/{number}/decide` with `{"outcome":"won"|"lost"}` → 204: the bank
/// decides. A decided dispute does not change, but its message is sent again.
pub async fn decide(mut request: RequestContext) -> HandlerResult {
    let body = request.control_json().await?;
    let outcome = body.get("outcome").and_then(serde_json::Value::as_str).unwrap_or_default();
    let decision = Decision::from_name(outcome)
        .ok_or(Problem::Field { field: "outcome", expected: Expected::OneOf("won, lost") })?;
    let number = request.param("number");
    let services = request.services().await?;
    if !sandbox(&services)?.decide_dispute(&number, decision, services.now).await? {
        return Err(Problem::NotFound.into());
    }
    deliver_messages(&services, &number).await?;
    Ok(answer::no_content()?)
}

async fn deliver_messages(services: &Services, number: &str) -> Result<(), HandlerError> {
    for message in sandbox(services)?.dispute_messages(number, services.now).await? {
        deliver(&services.context(), &message).await;
    }
    Ok(())
}
