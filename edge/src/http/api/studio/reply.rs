//! A writer replies to a praise.

use shared::limits::JSON_MAX_BYTES;
use shared::problem::Problem;

use crate::http::answer::{self, Keep};
use crate::http::fields;
use crate::http::visit::{Answer, Visit};
use crate::reading::studio;
use crate::reply;
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    shared::api::{SayReply, StudioPraiseTimeline},
};

/// `POST /api/v1/studio/praises/{id}/reply`: `SayReply` → `StudioPraiseTimeline`. Saying the same
/// again changes nothing.
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
pub async fn say(mut visit: Visit) -> Answer {
    let body = visit.json(JSON_MAX_BYTES).await?;
    let text = fields::text(&body, "text")?;
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let id = visit.param("id");
    reply::reply(site.db(), site.now, &session.person_id, &id, text).await?;
    let praise = studio::praise(site.db(), &session.person_id, &id, site.now).await?;
    Ok(answer::json(200, &praise.ok_or(Problem::NotFound)?, Keep::Never)?)
}
