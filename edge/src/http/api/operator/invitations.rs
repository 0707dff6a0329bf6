//! Operators list, make and revoke invitations.

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::http::services::PlatformEntropy;
use crate::pagination::Cursor;
use crate::people::invitation;
use shared::api::MakeInvitation;
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    shared::api::{Invitation, MadeInvitation, Page},
};

/// `GET /api/v1/operator/invitations?cursor=`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/operator/invitations",
    operation_id = "list_invitations",
    tag = "operator",
    summary = "Lists the invitations, newest first",
    params(("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses(
        (status = 200, description = "A page of invitations", body = Page<Invitation>),
        refusals::OwnListOfOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn list(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    request.require_operator(&services).await?;
    let cursor = Cursor::parse(request.query().get("cursor"))?;
    Ok(answer::json(200, &invitation::list(services.db(), &cursor).await?, CachePolicy::Never)?)
}

/// `POST /api/v1/operator/invitations`: `MakeInvitation` → 201 `MadeInvitation`. Only this answer
/// has the code.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/invitations",
    operation_id = "make_invitation",
    tag = "operator",
    summary = "Makes an invitation, whose code is shown this once",
    request_body = MakeInvitation,
    responses(
        (status = 201, description = "The invitation", body = MadeInvitation),
        refusals::MakeInvitation,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn make(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let MakeInvitation { note, days } = request.json(&operator).await?;
    let (db, entropy, id) = (services.db(), &PlatformEntropy, &operator.person_id);
    let made = invitation::make(db, entropy, services.now, id, note.as_deref(), days).await?;
    Ok(answer::json(201, &made, CachePolicy::Never)?)
}

/// `DELETE /api/v1/operator/invitations/{id}` → 204
#[cfg_attr(feature = "openapi", utoipa::path(
    delete,
    path = "/api/v1/operator/invitations/{id}",
    operation_id = "revoke_invitation",
    tag = "operator",
    summary = "Revokes an invitation, used or not",
    description = "Whoever used it receives nothing new; what they have received goes its way. \
        Revoking twice changes nothing.",
    params(("id" = String, Path, description = "`inv_…`")),
    responses(
        (status = 204, description = "Revoked"),
        refusals::ChangeOwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn revoke(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    invitation::revoke(services.db(), services.now, &operator.person_id, &request.param("id"))
        .await?;
    Ok(answer::no_content()?)
}
