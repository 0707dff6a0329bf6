//! Operators read how the provider's bills compare with our books. Two of them explain a difference,
//! and two book the operator's own funds: one proposes, another approves.

use serde_json::Value as Json;
use shared::api::reconciliation::{ExplanationPosting, OurRow};
use shared::limits::JSON_MAX_BYTES;
use shared::problem::{Expected, Problem};

use crate::http::answer::{self, CachePolicy};
use crate::http::fields;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::pagination::Cursor;
use crate::payments::reconcile::{explanation, funds};
use crate::queries::reconciliation;
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    crate::queries::reconciliation::{BillDay, Difference},
    shared::api::Page,
    shared::api::operator::ApproveShown,
    shared::api::reconciliation::{Explanation, FundsTransfer, ProposeExplanation, ProposeFunds},
};

/// The postings that an explanation can choose.
const POSTINGS: &str = "operator_loss, provider_fee, suspense, reversal, belongs_to";

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
    let body = request.json(&operator, JSON_MAX_BYTES).await?;
    let posting = fields::text(&body, "posting")?;
    let posting = ExplanationPosting::ALL
        .into_iter()
        .find(|one| one.as_str() == posting)
        .ok_or(Problem::Field { field: "posting", expected: Expected::OneOf(POSTINGS) })?;
    let our_row = match body.get("belongs_to") {
        None | Some(Json::Null) => None,
        Some(row) => Some(OurRow {
            kind: fields::text(row, "kind")?.to_owned(),
            number: fields::text(row, "number")?.to_owned(),
        }),
    };
    let proposal = explanation::propose(
        &services.context(),
        &operator.person_id,
        &request.param("id"),
        posting,
        our_row.as_ref(),
        fields::text(&body, "reason")?,
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
    let body = request.json(&operator, JSON_MAX_BYTES).await?;
    let shown_hash = fields::text(&body, "shown_hash")?;
    let id = request.param("id");
    explanation::approve(&services.context(), &operator.person_id, &id, shown_hash).await?;
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
    let body = request.json(&operator, JSON_MAX_BYTES).await?;
    let proposal = funds::propose(
        &services.context(),
        &operator.person_id,
        fields::amount(&body)?,
        fields::text(&body, "reference")?,
        fields::text(&body, "reason")?,
    )
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
    let body = request.json(&operator, JSON_MAX_BYTES).await?;
    let shown_hash = fields::text(&body, "shown_hash")?;
    let id = request.param("id");
    let transfer =
        funds::approve(&services.context(), &operator.person_id, &id, shown_hash).await?;
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
