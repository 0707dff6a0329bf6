//! Redeems an invitation, so that the writer's accounts may receive praises.

use crate::http::answer;
#[cfg(feature = "openapi")]
use crate::http::openapi::refusals;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::people::invitation;
use shared::api::RedeemInvitation;

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
    let RedeemInvitation { code } = request.json(&session).await?;
    invitation::redeem(services.db(), services.now, &session.person_id, &code).await?;
    Ok(answer::no_content()?)
}
