//! Writers read their payouts. Operators write off a debt that a writer will not earn back.

use shared::problem::Problem;

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::pagination::Cursor;
use crate::payments::payout::write_off;
use crate::people::account;
use crate::queries::payouts;
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    shared::api::{Page, Payout, PayoutDetail},
    shared::money::Money,
};

/// `GET /api/v1/studio/accounts/{handle}/payouts?cursor=`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/studio/accounts/{handle}/payouts",
    operation_id = "list_account_payouts",
    tag = "studio",
    summary = "Lists the payouts of an account, newest first",
    description = "One for each day on which something was due, with what it waits for and what \
        to do about it.",
    params(
        ("handle" = String, Path, description = "Handle of the official account"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of payouts", body = Page<Payout>),
        refusals::OwnListOfOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn list(request: RequestContext) -> HandlerResult {
    let cursor = Cursor::parse(request.query().get("cursor"))?;
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let lang = session.lang.unwrap_or(request.lang());
    let handle = request.param("handle");
    let page = payouts::list(services.db(), &session.person_id, &handle, &cursor, lang).await?;
    Ok(answer::json(200, &page.ok_or(Problem::NotFound)?, CachePolicy::Never)?)
}

/// `GET /api/v1/studio/payouts/{id}`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/studio/payouts/{id}",
    operation_id = "read_payout",
    tag = "studio",
    summary = "Reads a payout with its praises, its transfers and what happened to them",
    params(("id" = String, Path, description = "`pyt_…`")),
    responses(
        (status = 200, description = "The payout", body = PayoutDetail),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn read(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let lang = session.lang.unwrap_or(request.lang());
    let payout =
        payouts::find(services.db(), &session.person_id, &request.param("id"), lang).await?;
    Ok(answer::json(200, &payout.ok_or(Problem::NotFound)?, CachePolicy::Never)?)
}

/// `POST /api/v1/operator/accounts/{handle}/write-off` → `Money`: the amount written off
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/accounts/{handle}/write-off",
    operation_id = "write_off_debt",
    tag = "operator",
    summary = "Writes off everything that an account owes",
    description = "After 180 days without a praise and without a payout. It becomes the \
        operator's loss.",
    params(("handle" = String, Path, description = "Handle of the official account")),
    responses(
        (status = 200, description = "What was written off", body = Money),
        refusals::WriteOff,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn write_off(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let account_id = account::by_handle(services.db(), &request.param("handle")).await?;
    let account_id = account_id.ok_or(Problem::NotFound)?;
    let debt = write_off::write_off(&services.context(), &operator.person_id, &account_id).await?;
    Ok(answer::json(200, &debt, CachePolicy::Never)?)
}
