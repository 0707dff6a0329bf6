//! Intents: attempts to praise, from the first request to the payment.

use shared::machine::IntentState;
use shared::problem::Problem;

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::payments::praise::{intent, order};
#[cfg(feature = "openapi")]
use {crate::http::openapi::refusals, shared::api::Intent};

/// `GET /api/v1/intents/{id}` → `Intent`. Somebody else's intent is not found.
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/intents/{id}",
    operation_id = "read_intent",
    tag = "praises",
    summary = "Reads an intent of the reader",
    description = "Where it stands, and its praise once there is one.",
    params(("id" = String, Path, description = "`int_…`")),
    responses(
        (status = 200, description = "The intent", body = Intent),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn read(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let view = intent::find(services.db(), &session.person_id, &request.param("id")).await?;
    Ok(answer::json(200, &view.ok_or(Problem::NotFound)?.intent, CachePolicy::Never)?)
}

/// `POST /api/v1/intents/{id}/cancel` → `Intent`. The provider decides: an intent that turns out to
/// be paid is booked instead of cancelled, and the answer has that state.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/intents/{id}/cancel",
    operation_id = "cancel_intent",
    tag = "praises",
    summary = "Cancels an intent that awaits payment",
    description = "The provider decides: an intent that turns out to be paid is booked, and the \
        state in the answer says so. One that has ended stays as it is.",
    params(("id" = String, Path, description = "`int_…`")),
    responses(
        (status = 200, description = "The intent as it is now", body = Intent),
        refusals::ChangeOwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn cancel(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let id = request.param("id");
    let view = intent::find(services.db(), &session.person_id, &id).await?;
    let view = view.ok_or(Problem::NotFound)?;
    if view.intent.state == IntentState::AwaitingPayment {
        order::cancel(&services.context(), &view.order_id).await?;
    }
    let view = intent::find(services.db(), &session.person_id, &id).await?;
    Ok(answer::json(200, &view.ok_or(Problem::NotFound)?.intent, CachePolicy::Never)?)
}
