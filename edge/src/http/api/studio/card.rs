//! The bank card of an account, visible only to the account's owner.

use shared::problem::Problem;

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::people::payee;
use crate::queries::studio;
use shared::api::AttachCard;
#[cfg(feature = "openapi")]
use {crate::http::openapi::refusals, shared::api::AttachedCard};

/// `GET /api/v1/studio/accounts/{handle}/card` → `AttachedCard`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/studio/accounts/{handle}/card",
    operation_id = "read_card",
    tag = "studio",
    summary = "Says which bank card an account is paid to",
    params(("handle" = String, Path, description = "Handle of the official account")),
    responses(
        (status = 200, description = "The card", body = AttachedCard),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn read(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let card = payee::find(services.db(), &session.person_id, &request.param("handle")).await?;
    Ok(answer::json(200, &card.ok_or(Problem::NotFound)?, CachePolicy::Never)?)
}

/// `PUT /api/v1/studio/accounts/{handle}/card`: `AttachCard` → `AttachedCard`
#[cfg_attr(feature = "openapi", utoipa::path(
    put,
    path = "/api/v1/studio/accounts/{handle}/card",
    operation_id = "attach_card",
    tag = "studio",
    summary = "Attaches a bank card to an account, instead of the one it has",
    description = "A first card is paid to at once, another one after 72 hours. The same card \
        again changes nothing.",
    params(("handle" = String, Path, description = "Handle of the official account")),
    request_body = AttachCard,
    responses(
        (status = 200, description = "The card as it now stands", body = AttachedCard),
        refusals::AttachCard,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn attach(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let handle = request.param("handle");
    if !studio::owns_account(services.db(), &session.person_id, &handle).await? {
        return Err(Problem::NotFound.into());
    }
    let AttachCard { token } = request.json(&session).await?;
    let (ctx, operators) = (services.context(), request.operators());
    let card = payee::attach(&ctx, &operators, &session.person_id, &handle, &token).await?;
    Ok(answer::json(200, &card, CachePolicy::Never)?)
}

/// `DELETE /api/v1/studio/accounts/{handle}/card` → 204
#[cfg_attr(feature = "openapi", utoipa::path(
    delete,
    path = "/api/v1/studio/accounts/{handle}/card",
    operation_id = "remove_card",
    tag = "studio",
    summary = "Removes the bank card of an account",
    description = "Payouts on their way go on; what becomes due waits for another card. Where \
        there is none, nothing changes.",
    params(("handle" = String, Path, description = "Handle of the official account")),
    responses(
        (status = 204, description = "Removed"),
        refusals::ChangeOwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn remove(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    payee::remove(services.db(), services.now, &session.person_id, &request.param("handle"))
        .await?;
    Ok(answer::no_content()?)
}
