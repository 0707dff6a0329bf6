//! Operators read how the provider's bills compare with our books, explain differences, and book
//! funds that were added.

use shared::limits::JSON_MAX_BYTES;

use crate::http::answer::{self, CachePolicy};
use crate::http::fields;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::pagination::Cursor;
use crate::payments::reconcile::{difference, funds};
use crate::queries::reconciliation;
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    crate::queries::reconciliation::{BillDay, Difference},
    shared::api::Page,
    shared::money::Money,
};

/// What is sent to explain a difference.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only its shape is used, by the document")]
pub struct Explanation {
    /// For the record: what it was and who said so.
    #[schema(max_length = 250)]
    explanation: String,
}

/// What is sent when money was added.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only its shape is used, by the document")]
pub struct AddedFunds {
    /// More than zero.
    amount: Money,
    /// The bank's or provider's own name for the transfer: it is booked once.
    #[schema(max_length = 64, pattern = "^[A-Za-z0-9._-]+$")]
    reference: String,
}

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

/// `POST /api/v1/operator/differences/{id}/explain` with `{"explanation":…}` → 204
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/differences/{id}/explain",
    operation_id = "explain_difference",
    tag = "operator",
    summary = "Explains a difference, so that payouts go on",
    params(("id" = String, Path, description = "`dif_…`")),
    request_body = Explanation,
    responses(
        (status = 204, description = "Explained, now or before in the same words"),
        refusals::ExplainDifference,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn explain(mut request: RequestContext) -> HandlerResult {
    let body = request.json(JSON_MAX_BYTES).await?;
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let explanation = fields::text(&body, "explanation")?;
    let id = request.param("id").to_owned();
    difference::explain(&services.context(), &operator.person_id, &id, explanation).await?;
    Ok(answer::no_content()?)
}

/// `POST /api/v1/operator/funds` with `{"amount":{"minor":…,"currency":…},"reference":…}` → 204
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/funds",
    operation_id = "add_funds",
    tag = "operator",
    summary = "Books money that the operator has added at the provider",
    request_body = AddedFunds,
    responses(
        (status = 204, description = "Booked, now or before"),
        refusals::AddFunds,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn add_funds(mut request: RequestContext) -> HandlerResult {
    let body = request.json(JSON_MAX_BYTES).await?;
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let amount = fields::amount(&body)?;
    let reference = fields::text(&body, "reference")?;
    funds::add_funds(&services.context(), &operator.person_id, amount, reference).await?;
    Ok(answer::no_content()?)
}
