//! Operators return praises, resolve payments in suspense, and retry or close failed refunds.

use shared::api::{Page, RefundRef, Returning};
use shared::problem::{Expected, Problem};

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::payments::refund;
use crate::payments::reversal::{self, ReversalRight};
use crate::payments::suspense::{self, Resolution};
use shared::api::ResolveSuspense;
use shared::api::operator::CloseRefund;
#[cfg(feature = "openapi")]
use {crate::http::openapi::refusals, shared::api::SuspenseCase};

/// `POST /api/v1/operator/praises/{id}/return` → `Returning`. Idempotent.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/praises/{id}/return",
    operation_id = "operator_return_praise",
    tag = "operator",
    summary = "Sends a praise back to its reader",
    description = "Until it is in a payout.",
    params(("id" = String, Path, description = "`prs_…`")),
    responses(
        (status = 200, description = "Where it stands now", body = Returning),
        refusals::OperatorReturn,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn praise(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let id = request.param("id");
    reversal::reverse_praise(
        &services.context(),
        &operator.person_id,
        &id,
        ReversalRight::Operator,
    )
    .await?;
    let state = reversal::state(services.db(), &id).await?;
    Ok(answer::json(200, &Returning { id, state }, CachePolicy::Never)?)
}

/// `GET /api/v1/operator/suspense` → the open cases, oldest first.
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/operator/suspense",
    operation_id = "list_suspense",
    tag = "operator",
    summary = "Lists payments nobody can explain, oldest first, all on one page",
    responses(
        (status = 200, description = "The open cases", body = Page<SuspenseCase>),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn suspense(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    request.require_operator(&services).await?;
    let items = suspense::open_cases(services.db()).await?;
    Ok(answer::json(200, &Page { items, next_cursor: None }, CachePolicy::Never)?)
}

/// `POST /api/v1/operator/suspense/{id}/resolve`: `ResolveSuspense` → 204. Idempotent for the same
/// resolution.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/suspense/{id}/resolve",
    operation_id = "resolve_suspense",
    tag = "operator",
    summary = "Sends unexplained money back, or gives it to the attempt it was for",
    params(("id" = String, Path, description = "`sus_…`")),
    request_body = ResolveSuspense,
    responses(
        (status = 204, description = "Resolved"),
        refusals::ResolveSuspense,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn resolve(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let ResolveSuspense { resolution, intent_id } = request.json(&operator).await?;
    let resolution = match (resolution.as_str(), intent_id) {
        ("return", _) => Resolution::Return,
        ("to_praise", Some(intent_id)) => Resolution::ToPraise { intent_id },
        ("to_praise", None) => {
            return Err(Problem::Field { field: "intent_id", expected: Expected::Text }.into());
        }
        _ => {
            let expected = Expected::OneOf("return, to_praise");
            return Err(Problem::Field { field: "resolution", expected }.into());
        }
    };
    let id = request.param("id");
    suspense::resolve(&services.context(), &operator.person_id, &id, &resolution).await?;
    Ok(answer::no_content()?)
}

/// `POST /api/v1/operator/refunds/{id}/retry` → `RefundRef`: asks the provider to handle an
/// abnormal refund in its own way.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/refunds/{id}/retry",
    operation_id = "retry_refund",
    tag = "operator",
    summary = "Has the provider try its own way for a refund it could not deliver",
    params(("id" = String, Path, description = "`ref_…`")),
    responses(
        (status = 200, description = "Where it stands now", body = RefundRef),
        refusals::OperatorReturn,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn retry_refund(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let id = request.param("id");
    let ctx = services.context();
    refund::retry_abnormal(&ctx, &operator.person_id, &id).await?;
    let state = refund::state(&ctx, &id).await?;
    Ok(answer::json(200, &RefundRef { id, state }, CachePolicy::Never)?)
}

/// `POST /api/v1/operator/refunds/{id}/close`: `CloseRefund` → `RefundRef`. Idempotent.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/refunds/{id}/close",
    operation_id = "close_refund",
    tag = "operator",
    summary = "Closes a refund that could not be delivered, where the bank has given the money back",
    description = "The provider is asked first. Where it has moved on by itself, that is the answer.",
    params(("id" = String, Path, description = "`ref_…`")),
    request_body = CloseRefund,
    responses(
        (status = 200, description = "Where it stands now", body = RefundRef),
        refusals::CloseTask,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn close_refund(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let CloseRefund { reason } = request.json(&operator).await?;
    let id = request.param("id");
    let ctx = services.context();
    refund::close_abnormal(&ctx, &operator.person_id, &id, &reason).await?;
    let state = refund::state(&ctx, &id).await?;
    Ok(answer::json(200, &RefundRef { id, state }, CachePolicy::Never)?)
}
