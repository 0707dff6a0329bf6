//! A reader's own praise: reads it, undoes it, takes it back, changes who sees it.

use shared::problem::Problem;

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::http::services::Services;
use crate::payments::reversal::{self, ReversalRight, VisibilityRight};
use crate::queries::reader_praises;
use shared::api::ChangeVisibility;
#[cfg(feature = "openapi")]
use {crate::http::openapi::refusals, shared::api::PraiseDetail};

/// `GET /api/v1/praises/{id}` → `PraiseDetail`. Somebody else's praise is not found.
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/praises/{id}",
    operation_id = "read_praise",
    tag = "praises",
    summary = "Reads a praise of the reader",
    description = "Where it stands, and what can be done about it until when.",
    params(("id" = String, Path, description = "`prs_…`")),
    responses(
        (status = 200, description = "The praise", body = PraiseDetail),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn read(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    detail(&services, &session.person_id, &request.param("id")).await
}

/// `POST /api/v1/praises/{id}/undo` → `PraiseDetail`. Idempotent.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/praises/{id}/undo",
    operation_id = "undo_praise",
    tag = "praises",
    summary = "Undoes a praise within its minutes",
    description = "As if it had not been: the whole amount goes back, and the room it took in \
        every limit with it. One that is on its way back already stays as it is.",
    params(("id" = String, Path, description = "`prs_…`")),
    responses(
        (status = 200, description = "The praise as it is now", body = PraiseDetail),
        refusals::Undo,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn undo(request: RequestContext) -> HandlerResult {
    reverse(request, ReversalRight::Undo).await
}

/// `POST /api/v1/praises/{id}/take-back` → `PraiseDetail`. Idempotent.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/praises/{id}/take-back",
    operation_id = "take_praise_back",
    tag = "praises",
    summary = "Takes a praise back until it is due, three a month",
    description = "Without a reason. The whole amount goes back; the room of the day does not. One \
        that is on its way back already stays as it is.",
    params(("id" = String, Path, description = "`prs_…`")),
    responses(
        (status = 200, description = "The praise as it is now", body = PraiseDetail),
        refusals::TakeBack,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn take_back(request: RequestContext) -> HandlerResult {
    reverse(request, ReversalRight::TakeBack).await
}

/// `PUT /api/v1/praises/{id}/visibility`: `ChangeVisibility` → `PraiseDetail`. Refused for a
/// praise that is returned, disputed or lost.
#[cfg_attr(feature = "openapi", utoipa::path(
    put,
    path = "/api/v1/praises/{id}/visibility",
    operation_id = "change_praise_visibility",
    tag = "praises",
    summary = "Changes who sees a praise",
    description = "At any time while it stands; the wall follows at once.",
    params(("id" = String, Path, description = "`prs_…`")),
    request_body = ChangeVisibility,
    responses(
        (status = 200, description = "The praise as it is now", body = PraiseDetail),
        refusals::ChangeVisibility,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn visibility(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let id = request.param("id");
    let praise = reader_praises::find(services.db(), &session.person_id, &id, services.now).await?;
    praise.ok_or(Problem::NotFound)?;
    let ChangeVisibility { visibility } = request.json(&session).await?;
    let (db, right) = (services.db(), VisibilityRight::Any);
    reversal::change_visibility(db, &session.person_id, &id, visibility, right).await?;
    detail(&services, &session.person_id, &id).await
}

async fn reverse(request: RequestContext, right: ReversalRight) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let id = request.param("id");
    reversal::reverse_praise(&services.context(), &session.person_id, &id, right).await?;
    detail(&services, &session.person_id, &id).await
}

async fn detail(services: &Services, person_id: &str, praise_id: &str) -> HandlerResult {
    let praise = reader_praises::find(services.db(), person_id, praise_id, services.now).await?;
    Ok(answer::json(200, &praise.ok_or(Problem::NotFound)?, CachePolicy::Never)?)
}
