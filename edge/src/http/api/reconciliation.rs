//! Operators read how the provider's bills compare with our books. Two of them explain a difference,
//! and two book the operator's own funds: one proposes, another approves.

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::pagination::Cursor;
use crate::payments::reconcile::{explanation, funds};
use crate::queries::reconciliation;
use shared::api::operator::ApproveShown;
use shared::api::reconciliation::{ProposeExplanation, ProposeFunds};
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    crate::queries::reconciliation::{BillDay, Difference},
    shared::api::Page,
    shared::api::reconciliation::{Explanation, FundsTransfer},
};

/// `GET /api/v1/operator/reconciliation?cursor=`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/operator/reconciliation",
    operation_id = "list_bill_days",
    tag = "operator",
    summary = "Lists the days of the provider's bills, the latest first",
    params(("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses(
        (status = 200, description = "A page of days", body = Page<BillDay>),
        refusals::OwnListOfOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn days(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    request.require_operator(&services).await?;
    let cursor = Cursor::parse(request.query().get("cursor"))?;
    Ok(answer::json(
        200,
        &reconciliation::list_days(services.db(), &cursor).await?,
        CachePolicy::Never,
    )?)
}

/// `GET /api/v1/operator/differences?cursor=`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/operator/differences",
    operation_id = "list_differences",
    tag = "operator",
    summary = "Lists where bills and the record differ, the latest first",
    params(("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses(
        (status = 200, description = "A page of differences", body = Page<Difference>),
        refusals::OwnListOfOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn differences(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    request.require_operator(&services).await?;
    let cursor = Cursor::parse(request.query().get("cursor"))?;
    Ok(answer::json(
        200,
        &reconciliation::list_differences(services.db(), &cursor).await?,
        CachePolicy::Never,
    )?)
}

/// `POST /api/v1/operator/differences/{id}/explanations`: `ProposeExplanation` → 201 `Explanation`
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/differences/{id}/explanations",
    operation_id = "propose_explanation",
    tag = "operator",
    summary = "Proposes where the money of a difference goes, with a reason",
    params(("id" = String, Path, description = "`dif_…`")),
    request_body = ProposeExplanation,
    responses(
        (status = 201, description = "The proposal, which another operator approves",
            body = Explanation),
        refusals::ProposeExplanation,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn propose(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let ProposeExplanation { posting, belongs_to, reason } = request.json(&operator).await?;
    let proposal = explanation::propose(
        &services.context(),
        &operator.person_id,
        &request.param("id"),
        posting,
        belongs_to.as_ref(),
        &reason,
    )
    .await?;
    Ok(answer::json(201, &proposal, CachePolicy::Never)?)
}

/// `POST /api/v1/operator/explanations/{id}/approve`: `ApproveShown` → 204
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/explanations/{id}/approve",
    operation_id = "approve_explanation",
    tag = "operator",
    summary = "Approves how another operator explains a difference, so that payouts go on",
    description = "The money is posted, and the difference is closed.",
    params(("id" = String, Path, description = "`opa_…`")),
    request_body = ApproveShown,
    responses(
        (status = 204, description = "Explained"),
        refusals::ApproveShown,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn approve(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let ApproveShown { shown_hash } = request.json(&operator).await?;
    let id = request.param("id");
    explanation::approve(&services.context(), &operator.person_id, &id, &shown_hash).await?;
    Ok(answer::no_content()?)
}

/// `DELETE /api/v1/operator/explanations/{id}` → 204: withdraws a proposed explanation
#[cfg_attr(feature = "openapi", utoipa::path(
    delete,
    path = "/api/v1/operator/explanations/{id}",
    operation_id = "withdraw_explanation",
    tag = "operator",
    summary = "Withdraws the proposal to explain a difference",
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
    let id = request.param("id");
    explanation::withdraw(&services.context(), &operator.person_id, &id).await?;
    Ok(answer::no_content()?)
}

/// `GET /api/v1/operator/funds?cursor=`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/operator/funds",
    operation_id = "list_funds",
    tag = "operator",
    summary = "Lists the operator's own money at the provider, booked or proposed, the latest first",
    params(("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses(
        (status = 200, description = "A page of transfers", body = Page<FundsTransfer>),
        refusals::OwnListOfOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn funds(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    request.require_operator(&services).await?;
    let cursor = Cursor::parse(request.query().get("cursor"))?;
    Ok(answer::json(
        200,
        &reconciliation::list_funds(services.db(), &cursor).await?,
        CachePolicy::Never,
    )?)
}

/// `POST /api/v1/operator/funds`: `ProposeFunds` → 201 `FundsTransfer`
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/funds",
    operation_id = "propose_funds",
    tag = "operator",
    summary = "Proposes to book money that the operator has added or withdrawn at the provider",
    request_body = ProposeFunds,
    responses(
        (status = 201, description = "The proposal, which another operator approves",
            body = FundsTransfer),
        refusals::ProposeFunds,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn propose_funds(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let ProposeFunds { amount, reference, reason } = request.json(&operator).await?;
    let proposal =
        funds::propose(&services.context(), &operator.person_id, amount, &reference, &reason)
            .await?;
    Ok(answer::json(201, &proposal, CachePolicy::Never)?)
}

/// `POST /api/v1/operator/funds/{id}/approve`: `ApproveShown` → `FundsTransfer`
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/funds/{id}/approve",
    operation_id = "approve_funds",
    tag = "operator",
    summary = "Approves and books funds that another operator has proposed",
    params(("id" = String, Path, description = "`opa_…`")),
    request_body = ApproveShown,
    responses(
        (status = 200, description = "The transfer, booked", body = FundsTransfer),
        refusals::ApproveShown,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn approve_funds(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let ApproveShown { shown_hash } = request.json(&operator).await?;
    let id = request.param("id");
    let transfer =
        funds::approve(&services.context(), &operator.person_id, &id, &shown_hash).await?;
    Ok(answer::json(200, &transfer, CachePolicy::Never)?)
}

/// `DELETE /api/v1/operator/funds/{id}` → 204: withdraws a proposal
#[cfg_attr(feature = "openapi", utoipa::path(
    delete,
    path = "/api/v1/operator/funds/{id}",
    operation_id = "withdraw_funds",
    tag = "operator",
    summary = "Withdraws the proposal to book funds",
    params(("id" = String, Path, description = "`opa_…`")),
    responses(
        (status = 204, description = "Withdrawn"),
        refusals::WithdrawAction,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn withdraw_funds(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    funds::withdraw(&services.context(), &operator.person_id, &request.param("id")).await?;
    Ok(answer::no_content()?)
}
