//! The limits that the person signed in sets for themselves.

use serde_json::Value as Json;
use shared::api::UpdateLimits;
use shared::limits::JSON_MAX_BYTES;
use shared::problem::{Expected, Problem};

use crate::http::answer::{self, CachePolicy};
use crate::http::fields;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::limits::reader_limits;
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
    let body = request.json(&session, JSON_MAX_BYTES).await?;
    let update = UpdateLimits {
        currency: fields::currency(&body, "currency")?,
        praise_minor: minor(&body, "praise_minor")?,
        day_minor: minor(&body, "day_minor")?,
        month_minor: minor(&body, "month_minor")?,
    };
    reader_limits::update(services.db(), services.now, &session.person_id, &update).await?;
    let limits = reader_limits::find(services.db(), services.now, &session.person_id).await?;
    Ok(answer::json(200, &limits, CachePolicy::Never)?)
}

/// Reads an amount in minor units. `None` if the field is missing, which keeps the limit;
/// `Some(None)` if it is `null`, which removes it.
fn minor(body: &Json, field: &'static str) -> Result<Option<Option<i64>>, Problem> {
    match body.get(field) {
        None => Ok(None),
        Some(Json::Null) => Ok(Some(None)),
        Some(value) => match value.as_i64() {
            Some(minor) => Ok(Some(Some(minor))),
            None => Err(Problem::Field { field, expected: Expected::WholeNumber }),
        },
    }
}
