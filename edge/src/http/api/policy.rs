//! Operators list the versions of the policy and add new ones. A version takes effect at a date.

use serde_json::json;
use shared::calendar::Moment;
use shared::limits::JSON_MAX_BYTES;
use shared::problem::{Expected, Problem};

use crate::http::answer::{self, CachePolicy};
use crate::http::fields;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::limits::policy::version::{self, PolicyChange};
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals, crate::limits::policy::version::PolicyVersion,
    shared::money::Currency,
};

/// What is sent to add a version.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only its shape is used, by the document")]
pub struct NewPolicyVersion {
    currency: Currency,
    /// Not past, and after that of every other version.
    #[schema(value_type = String, format = DateTime)]
    effective_from: Moment,
    #[schema(inline)]
    change: PolicyChange,
}

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
    let body = request.json(JSON_MAX_BYTES).await?;
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let currency = fields::currency(&body, "currency")?;
    let effective_from = body.get("effective_from").and_then(|field| field.as_str());
    let effective_from = effective_from
        .and_then(Moment::from_rfc3339)
        .ok_or(Problem::Field { field: "effective_from", expected: Expected::TIME })?;
    let change = body.get("change").cloned().unwrap_or_default();
    let change: PolicyChange = serde_json::from_value(change)
        .map_err(|_| Problem::Field { field: "change", expected: Expected::POLICY_CHANGE })?;
    let added = version::add(
        services.db(),
        services.now,
        &operator.person_id,
        currency,
        effective_from,
        &change,
    )
    .await?;
    Ok(answer::json(201, &added, CachePolicy::Never)?)
}
