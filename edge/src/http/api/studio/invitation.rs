//! Redeems an invitation, so that the writer's accounts may receive praises.

use shared::limits::JSON_MAX_BYTES;

use crate::http::answer;
use crate::http::fields;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::people::invitation;
#[cfg(feature = "openapi")]
use {crate::http::openapi::refusals, shared::api::RedeemInvitation};

/// `POST /api/v1/studio/invitation`: `RedeemInvitation` → 204
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/studio/invitation",
    operation_id = "redeem_invitation",
    tag = "studio",
    summary = "Gives an invitation code, so that the person's accounts may receive",
    description = "A code opens once. Giving one's own code again changes nothing.",
    request_body = RedeemInvitation,
    responses(
        (status = 204, description = "Invited"),
        refusals::RedeemInvitation,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn redeem(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let body = request.json(&session, JSON_MAX_BYTES).await?;
    let code = fields::text(&body, "code")?.to_owned();
    invitation::redeem(services.db(), services.now, &session.person_id, &code).await?;
    Ok(answer::no_content()?)
}
