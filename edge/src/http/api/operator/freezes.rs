//! Operators freeze articles and end freezes. Ending one takes two operators: one proposes it,
//! another approves it.

use shared::problem::Problem;

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::http::services::Services;
use crate::payments::freeze::{self, actions};
use crate::queries::freezes;
use shared::api::operator::{ApproveAction, OpenFreeze, ProposeAction};
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    shared::api::operator::{ArticleVersion, FreezeAction, OperatorFreeze},
};

/// `POST /api/v1/operator/freezes`: `OpenFreeze` → 201 `OperatorFreeze`, or 200 if the article is
/// already frozen under this rule.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/freezes",
    operation_id = "freeze_article",
    tag = "operator",
    summary = "Freezes an article",
    description = "Its praises wait. The writer may appeal for seven days; what is not decided in \
        time goes back to its readers.",
    request_body = OpenFreeze,
    responses(
        (status = 200, description = "Frozen under this rule already", body = OperatorFreeze),
        (status = 201, description = "Frozen", body = OperatorFreeze,
            headers(("Location" = String, description = "Path of the freeze"))),
        refusals::OperatorDecision,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn open(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let open: OpenFreeze = request.json(&operator).await?;
    let (id, new) = freeze::freeze(&services.context(), &operator.person_id, &open).await?;
    let response = freeze_answer(&services, &id, if new { 201 } else { 200 }).await?;
    response.headers().set("Location", &format!("/api/v1/operator/freezes/{id}"))?;
    Ok(response)
}

/// `GET /api/v1/operator/freezes/{id}` → `OperatorFreeze`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/operator/freezes/{id}",
    operation_id = "read_freeze",
    tag = "operator",
    summary = "Says where a freeze stands, which version is judged, and what its end would move",
    params(("id" = String, Path, description = "`frz_…`")),
    responses(
        (status = 200, description = "The freeze", body = OperatorFreeze),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn read(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    request.require_operator(&services).await?;
    freeze_answer(&services, &request.param("id"), 200).await
}

/// `GET /api/v1/operator/freezes/{id}/versions/{version}` → `ArticleVersion`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/operator/freezes/{id}/versions/{version}",
    operation_id = "read_frozen_version",
    tag = "operator",
    summary = "Reads a version of a frozen article: the one that is judged, or an earlier one",
    params(
        ("id" = String, Path, description = "`frz_…`"),
        ("version" = i64, Path, description = "Its number, 1 or more"),
    ),
    responses(
        (status = 200, description = "The version with its text", body = ArticleVersion),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn version(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    request.require_operator(&services).await?;
    let version = request.param("version").parse().map_err(|_| Problem::NotFound)?;
    let found = freezes::find_version(services.db(), &request.param("id"), version).await?;
    Ok(answer::json(200, &found.ok_or(Problem::NotFound)?, CachePolicy::Never)?)
}

/// `POST /api/v1/operator/freezes/{id}/actions`: `ProposeAction` → 201 `FreezeAction`
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/freezes/{id}/actions",
    operation_id = "propose_action",
    tag = "operator",
    summary = "Proposes the end of a freeze, with the counts that it would move",
    params(("id" = String, Path, description = "`frz_…`")),
    request_body = ProposeAction,
    responses(
        (status = 201, description = "The proposal, which another operator approves",
            body = FreezeAction),
        refusals::OperatorDecision,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn propose(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let ProposeAction { kind } = request.json(&operator).await?;
    let freeze_id = request.param("id");
    let action =
        actions::propose(&services.context(), &operator.person_id, &freeze_id, kind).await?;
    Ok(answer::json(201, &action, CachePolicy::Never)?)
}

/// `POST /api/v1/operator/actions/{id}/approve`: `ApproveAction` → `OperatorFreeze`
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/actions/{id}/approve",
    operation_id = "approve_action",
    tag = "operator",
    summary = "Approves what another operator has proposed",
    description = "The counts are counted again: if they are no longer those that were shown, \
        nothing happens and it takes a new proposal.",
    params(("id" = String, Path, description = "`opa_…`")),
    request_body = ApproveAction,
    responses(
        (status = 200, description = "The freeze, ended", body = OperatorFreeze),
        refusals::ApproveAction,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn approve(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let ApproveAction { shown_hash } = request.json(&operator).await?;
    let freeze_id = actions::approve(
        &services.context(),
        &operator.person_id,
        &request.param("id"),
        &shown_hash,
    )
    .await?;
    freeze_answer(&services, &freeze_id, 200).await
}

/// `DELETE /api/v1/operator/actions/{id}` → 204: withdraws a proposed action
#[cfg_attr(feature = "openapi", utoipa::path(
    delete,
    path = "/api/v1/operator/actions/{id}",
    operation_id = "withdraw_action",
    tag = "operator",
    summary = "Withdraws a proposal",
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
    actions::withdraw(&services.context(), &operator.person_id, &request.param("id")).await?;
    Ok(answer::no_content()?)
}

async fn freeze_answer(services: &Services, freeze_id: &str, status: u16) -> HandlerResult {
    let freeze =
        freezes::find_for_operator(services.db(), freeze_id).await?.ok_or(Problem::NotFound)?;
    Ok(answer::json(status, &freeze, CachePolicy::Never)?)
}
