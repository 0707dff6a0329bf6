//! A writer replies to a praise.

use shared::problem::Problem;

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::payments::reply;
use crate::queries::studio;
use shared::api::SayReply;
#[cfg(feature = "openapi")]
use {crate::http::openapi::refusals, shared::api::StudioPraiseTimeline};

/// `POST /api/v1/studio/praises/{id}/reply`: `SayReply` → `StudioPraiseTimeline`. Idempotent for
/// the same text.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/studio/praises/{id}/reply",
    operation_id = "reply_to_praise",
    tag = "studio",
    summary = "Replies to a praise, once",
    description = "The reply reaches the reader on the receipt; somebody anonymous stays so. What \
        was said stays said.",
    params(("id" = String, Path, description = "`prs_…`")),
    request_body = SayReply,
    responses(
        (status = 200, description = "The praise with the reply", body = StudioPraiseTimeline),
        refusals::Reply,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn reply(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let id = request.param("id");
    let praise = studio::find_praise(services.db(), &session.person_id, &id, services.now).await?;
    praise.ok_or(Problem::NotFound)?;
    let SayReply { text } = request.json(&session).await?;
    reply::reply(services.db(), services.now, &session.person_id, &id, &text).await?;
    let praise = studio::find_praise(services.db(), &session.person_id, &id, services.now).await?;
    Ok(answer::json(200, &praise.ok_or(Problem::NotFound)?, CachePolicy::Never)?)
}
