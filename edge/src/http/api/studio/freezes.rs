//! The freeze of an article, as its writer sees it, and the writer's appeal.

use shared::problem::Problem;

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::http::services::Services;
use crate::payments::freeze;
use crate::queries::freezes;
use shared::api::operator::Appeal;
#[cfg(feature = "openapi")]
use {crate::http::openapi::refusals, shared::api::operator::Freeze};

/// `GET /api/v1/studio/articles/{slug}/freeze` → `Freeze`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/studio/articles/{slug}/freeze",
    operation_id = "read_own_freeze",
    tag = "studio",
    summary = "Says where the newest freeze of an article stands, and until when one may appeal",
    params(("slug" = String, Path, description = "Name of the article in its address")),
    responses(
        (status = 200, description = "The freeze", body = Freeze),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn read(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    freeze_answer(&services, &session.person_id, &request.param("slug")).await
}

/// `POST /api/v1/studio/articles/{slug}/appeal`: `Appeal` → `Freeze`. Idempotent for the same text.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/studio/articles/{slug}/appeal",
    operation_id = "appeal",
    tag = "studio",
    summary = "Appeals against the freeze of an article, once",
    params(("slug" = String, Path, description = "Name of the article in its address")),
    request_body = Appeal,
    responses(
        (status = 200, description = "The freeze, appealed", body = Freeze),
        refusals::Appeal,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn appeal(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let slug = request.param("slug");
    let freeze = freezes::find_for_writer(services.db(), &session.person_id, &slug).await?;
    freeze.ok_or(Problem::NotFound)?;
    let Appeal { text } = request.json(&session).await?;
    freeze::appeal(&services.context(), &session.person_id, &slug, &text).await?;
    freeze_answer(&services, &session.person_id, &slug).await
}

async fn freeze_answer(services: &Services, writer_id: &str, slug: &str) -> HandlerResult {
    let freeze = freezes::find_for_writer(services.db(), writer_id, slug).await?;
    Ok(answer::json(200, &freeze.ok_or(Problem::NotFound)?, CachePolicy::Never)?)
}
