//! What a reader's bank does at the sandbox, over the control API.

use serde_json::json;
use shared::limits::JSON_MAX_BYTES;
use shared::problem::{Expected, Problem};

use super::cashier::{deliver, sandbox};
use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerError, HandlerResult, RequestContext};
use crate::http::services::Services;
use crate::provider::sandbox::disputes::Decision;

/// `POST /sandbox/api/orders/{order}/dispute` → 201 `{"number":…}`: the bank of whoever paid this
/// order disputes it. 404 where nothing was paid, or a bank has taken it for good.
pub async fn open(request: RequestContext) -> HandlerResult {
    let order = request.param("order");
    let services = request.services().await?;
    let number = sandbox(&services)?.open_dispute(&order, services.now).await?;
    let number = number.ok_or(Problem::NotFound)?;
    tell(&services, &number).await?;
    Ok(answer::json(201, &json!({ "number": number }), CachePolicy::Never)?)
}

/// `POST /sandbox/api/disputes/{number}/decide` with `{"outcome":"won"|"lost"}` → 204: the bank
/// decides. One that is decided stays so, and the message about it is sent again.
pub async fn decide(mut request: RequestContext) -> HandlerResult {
    let body = request.json(JSON_MAX_BYTES).await?;
    let outcome = body.get("outcome").and_then(serde_json::Value::as_str).unwrap_or_default();
    let decision = Decision::from_name(outcome)
        .ok_or(Problem::Field { field: "outcome", expected: Expected::OneOf("won, lost") })?;
    let number = request.param("number");
    let services = request.services().await?;
    if !sandbox(&services)?.decide_dispute(&number, decision, services.now).await? {
        return Err(Problem::NotFound.into());
    }
    tell(&services, &number).await?;
    Ok(answer::no_content()?)
}

async fn tell(services: &Services, number: &str) -> Result<(), HandlerError> {
    for message in sandbox(services)?.dispute_messages(number, services.now).await? {
        deliver(&services.context(), &message).await;
    }
    Ok(())
}
