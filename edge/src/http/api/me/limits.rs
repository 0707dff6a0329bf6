//! The limits that the person signed in sets for themselves.

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::limits::reader_limits;
use shared::api::UpdateLimits;
#[cfg(feature = "openapi")]
use {crate::http::openapi::refusals, shared::api::ReaderLimits};

/// `GET /api/v1/me/limits` → `ReaderLimits`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/me/limits",
    operation_id = "read_my_limits",
    tag = "me",
    summary = "Says what the person may give, and how much of it is used",
    responses(
        (status = 200, description = "The limits", body = ReaderLimits),
        refusals::Own,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn read(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let limits = reader_limits::find(services.db(), services.now, &session.person_id).await?;
    Ok(answer::json(200, &limits, CachePolicy::Never)?)
}

/// `PUT /api/v1/me/limits`: `UpdateLimits` → `ReaderLimits`
#[cfg_attr(feature = "openapi", utoipa::path(
    put,
    path = "/api/v1/me/limits",
    operation_id = "update_my_limits",
    tag = "me",
    summary = "Changes limits of the person's own in one currency",
    description = "What is left out stays as it is; null gives a limit up. Lowering counts at \
        once, raising and giving up after 24 hours. Asking for the same again changes nothing, and \
        asking for less than is in force ends a raise that waits.",
    request_body = UpdateLimits,
    responses(
        (status = 200, description = "The limits as they now stand", body = ReaderLimits),
        refusals::UpdateLimits,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn update(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let update: UpdateLimits = request.json(&session).await?;
    reader_limits::update(services.db(), services.now, &session.person_id, &update).await?;
    let limits = reader_limits::find(services.db(), services.now, &session.person_id).await?;
    Ok(answer::json(200, &limits, CachePolicy::Never)?)
}
