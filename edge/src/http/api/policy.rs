//! Operators list the versions of the policy and add new ones. A version takes effect at a date. A
//! version that raises a cap takes two operators.

use serde_json::json;

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::limits::policy::raise::{self, NewPolicyRaise};
use crate::limits::policy::version::{self, NewPolicyVersion};
use shared::api::operator::ApproveShown;
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals, crate::limits::policy::raise::PolicyRaise,
    crate::limits::policy::version::PolicyVersion,
};

/// Every version.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only its shape is used, by the document")]
pub struct PolicyVersions {
    items: Vec<PolicyVersion>,
}

/// `GET /api/v1/operator/policy` → `{"items":[…]}`, the latest version first
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/operator/policy",
    operation_id = "list_policy",
    tag = "operator",
    summary = "Lists every version of the rules",
    responses(
        (status = 200, description = "The versions, the latest first", body = PolicyVersions),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn list(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    request.require_operator(&services).await?;
    let items = version::list(services.db()).await?;
    Ok(answer::json(200, &json!({ "items": items }), CachePolicy::Never)?)
}

/// `POST /api/v1/operator/policy` with `{"currency":…,"effective_from":…,"change":{…}}` → 201
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/policy",
    operation_id = "add_policy",
    tag = "operator",
    summary = "Adds a version of the rules from a moment on",
    request_body = NewPolicyVersion,
    responses(
        (status = 201, description = "Added", body = PolicyVersion),
        refusals::AddPolicy,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn add(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let new: NewPolicyVersion = request.json(&operator).await?;
    let added = version::add(
        services.db(),
        services.now,
        &operator.person_id,
        new.currency,
        new.effective_from,
        &new.change,
    )
    .await?;
    Ok(answer::json(201, &added, CachePolicy::Never)?)
}

/// The proposals to raise a cap.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only its shape is used, by the document")]
pub struct PolicyRaises {
    items: Vec<PolicyRaise>,
}

/// `GET /api/v1/operator/policy/raises` → `{"items":[…]}`, the newest proposal first
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/operator/policy/raises",
    operation_id = "list_policy_raises",
    tag = "operator",
    summary = "Lists the proposals to raise a cap",
    responses(
        (status = 200, description = "The proposals, the newest first", body = PolicyRaises),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn raises(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    request.require_operator(&services).await?;
    let items = raise::list(services.db()).await?;
    Ok(answer::json(200, &json!({ "items": items }), CachePolicy::Never)?)
}

/// `POST /api/v1/operator/policy/raises` with
/// `{"currency":…,"not_before":…,"change":{…},"reason":…}` → 201
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/policy/raises",
    operation_id = "propose_policy_raise",
    tag = "operator",
    summary = "Proposes a version of the rules that raises a cap",
    request_body = NewPolicyRaise,
    responses(
        (status = 201, description = "Proposed", body = PolicyRaise),
        refusals::ProposeRaise,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn propose_raise(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let new: NewPolicyRaise = request.json(&operator).await?;
    let proposal = raise::propose(
        &services.context(),
        &operator.person_id,
        new.currency,
        new.not_before,
        &new.change,
        &new.reason,
    )
    .await?;
    Ok(answer::json(201, &proposal, CachePolicy::Never)?)
}

/// `POST /api/v1/operator/policy/raises/{id}/approve` with `{"shown_hash":…}` → 200
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/policy/raises/{id}/approve",
    operation_id = "approve_policy_raise",
    tag = "operator",
    summary = "Approves a raised cap, as a second operator",
    params(("id" = String, Path, description = "`opa_…`")),
    request_body = ApproveShown,
    responses(
        (status = 200, description = "The version that it has become", body = PolicyVersion),
        refusals::ApproveShown,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn approve_raise(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let ApproveShown { shown_hash } = request.json(&operator).await?;
    let id = request.param("id");
    let added = raise::approve(&services.context(), &operator.person_id, &id, &shown_hash).await?;
    Ok(answer::json(200, &added, CachePolicy::Never)?)
}

/// `DELETE /api/v1/operator/policy/raises/{id}` → 204: withdraws a proposal
#[cfg_attr(feature = "openapi", utoipa::path(
    delete,
    path = "/api/v1/operator/policy/raises/{id}",
    operation_id = "withdraw_policy_raise",
    tag = "operator",
    summary = "Withdraws the proposal to raise a cap",
    params(("id" = String, Path, description = "`opa_…`")),
    responses(
        (status = 204, description = "Withdrawn"),
        refusals::WithdrawAction,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn withdraw_raise(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    raise::withdraw(&services.context(), &operator.person_id, &request.param("id")).await?;
    Ok(answer::no_content()?)
}
