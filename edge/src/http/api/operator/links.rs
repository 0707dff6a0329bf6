//! Operators read the links between persons who are one human, confirm those that wait, and dissolve
//! wrong ones. Dissolving takes two operators: one proposes it, another approves it.

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::http::services::Services;
use crate::pagination::Cursor;
use crate::people::link::{self, dissolution};
use shared::api::operator::{ApproveShown, ProposeDissolution};
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    shared::api::Page,
    shared::api::operator::{HumanLink, LinkDissolution},
};

/// `GET /api/v1/operator/links?cursor=`: the links between persons, newest first
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/operator/links",
    operation_id = "list_links",
    tag = "operator",
    summary = "Lists the links between persons who are one human, newest first",
    params(("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses(
        (status = 200, description = "A page of links", body = Page<HumanLink>),
        refusals::OwnListOfOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn list(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    request.require_operator(&services).await?;
    let cursor = Cursor::parse(request.query().get("cursor"))?;
    Ok(answer::json(200, &link::list(services.db(), &cursor).await?, CachePolicy::Never)?)
}

/// `POST /api/v1/operator/links/{id}/confirm` → `HumanLink`
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/links/{id}/confirm",
    operation_id = "confirm_link",
    tag = "operator",
    summary = "Confirms a link that waits: both persons are one human from now on",
    params(("id" = String, Path, description = "`lnk_…`")),
    responses(
        (status = 200, description = "The link, in force", body = HumanLink),
        refusals::ConfirmLink,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn confirm(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let link_id = request.param("id");
    let operators = request.operators();
    link::confirm(&services.context(), &operators, &operator.person_id, &link_id).await?;
    link_answer(&services, &link_id).await
}

/// `POST /api/v1/operator/links/{id}/dissolutions`: `ProposeDissolution` → 201 `LinkDissolution`
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/links/{id}/dissolutions",
    operation_id = "propose_dissolution",
    tag = "operator",
    summary = "Proposes to dissolve a link, with a reason",
    params(("id" = String, Path, description = "`lnk_…`")),
    request_body = ProposeDissolution,
    responses(
        (status = 201, description = "The proposal, which another operator approves",
            body = LinkDissolution),
        refusals::ProposeDissolution,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn propose(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let ProposeDissolution { reason } = request.json(&operator).await?;
    let proposal = dissolution::propose(
        &services.context(),
        &operator.person_id,
        &request.param("id"),
        &reason,
    )
    .await?;
    Ok(answer::json(201, &proposal, CachePolicy::Never)?)
}

/// `POST /api/v1/operator/dissolutions/{id}/approve`: `ApproveShown` → `HumanLink`
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/dissolutions/{id}/approve",
    operation_id = "approve_dissolution",
    tag = "operator",
    summary = "Approves the dissolution of a link that another operator has proposed",
    description = "Persons whom no other link joins are different humans from now on. The same \
        payee does not link these two again.",
    params(("id" = String, Path, description = "`opa_…`")),
    request_body = ApproveShown,
    responses(
        (status = 200, description = "The link, dissolved", body = HumanLink),
        refusals::ApproveShown,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn approve(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let ApproveShown { shown_hash } = request.json(&operator).await?;
    let link_id = dissolution::approve(
        &services.context(),
        &operator.person_id,
        &request.param("id"),
        &shown_hash,
    )
    .await?;
    link_answer(&services, &link_id).await
}

/// `DELETE /api/v1/operator/dissolutions/{id}` → 204: withdraws a proposed dissolution
#[cfg_attr(feature = "openapi", utoipa::path(
    delete,
    path = "/api/v1/operator/dissolutions/{id}",
    operation_id = "withdraw_dissolution",
    tag = "operator",
    summary = "Withdraws the proposal to dissolve a link",
    params(("id" = String, Path, description = "`opa_…`")),
    responses(
        (status = 204, description = "Withdrawn"),
        refusals::WithdrawAction,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn withdraw(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    dissolution::withdraw(&services.context(), &operator.person_id, &request.param("id")).await?;
    Ok(answer::no_content()?)
}

async fn link_answer(services: &Services, link_id: &str) -> HandlerResult {
    Ok(answer::json(200, &link::find(services.db(), link_id).await?, CachePolicy::Never)?)
}
