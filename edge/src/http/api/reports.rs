//! Browsers' reports about violations of the content security policy.

use shared::api::Page;
use shared::limits::JSON_MAX_BYTES;
use shared::money::Currency;

use crate::browser_reports;
use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{Anyone, HandlerResult, RequestContext};
#[cfg(feature = "openapi")]
use {crate::http::openapi::refusals, shared::api::operator::BrowserReports};

/// `POST /reports`: a browser's report → 204, whatever it contains. Browsers send it by themselves, so
/// nobody would read a refusal.
pub async fn receive(mut request: RequestContext) -> HandlerResult {
    let body = request.body(&Anyone, JSON_MAX_BYTES).await?;
    let counts = browser_reports::parse(&body);
    let services = request.services().await?;
    browser_reports::count(services.db(), services.now.day(Currency::Usd), &counts).await?;
    Ok(answer::no_content()?)
}

/// `GET /api/v1/operator/reports` → how often browsers reported each directive, the newest day first
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/operator/reports",
    operation_id = "list_browser_reports",
    tag = "operator",
    summary = "Lists how often browsers reported violations of the content security policy",
    description = "By UTC day and directive, all on one page. Anybody can send a report, so a count \
        is a hint and no proof.",
    responses(
        (status = 200, description = "The counts, the newest day first", body = Page<BrowserReports>),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn list(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    request.require_operator(&services).await?;
    let items = browser_reports::list(services.db()).await?;
    Ok(answer::json(200, &Page { items, next_cursor: None }, CachePolicy::Never)?)
}
