//! Browsers' reports about violations of the content security policy.

use std::cell::Cell;

use shared::api::Page;
use shared::calendar::Moment;
use shared::limits::JSON_MAX_BYTES;
use shared::money::Currency;

use crate::browser_reports;
use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{Anyone, HandlerResult, RequestContext};
use crate::http::services::real_now;
#[cfg(feature = "openapi")]
use {crate::http::openapi::refusals, shared::api::operator::BrowserReports};

/// Requests a minute whose reports are counted. Reports count for no other rate limit, because any
/// site can make a visitor's browser send them, and that must not use up what the visitor may do here.
const COUNTED_PER_MINUTE: u32 = 60;

thread_local! {
    /// The minute, and how many requests were counted in it by this isolate.
    static COUNTED: Cell<(i64, u32)> = const { Cell::new((0, 0)) };
}

/// Whether a report may still be counted in this minute.
fn may_count(now: Moment) -> bool {
    let minute = now.ms().div_euclid(60_000);
    let (counted_in, counted) = COUNTED.get();
    let counted = if counted_in == minute { counted } else { 0 };
    COUNTED.set((minute, counted.saturating_add(1)));
    counted < COUNTED_PER_MINUTE
}

/// `POST /reports`: a browser's report → always 204, because browsers ignore the answer. Reports beyond
/// the limit and reports from other sites are not counted.
pub async fn receive(mut request: RequestContext) -> HandlerResult {
    let from_here = request.header("Sec-Fetch-Site").is_none_or(|site| site == "same-origin");
    if !from_here || !may_count(real_now()) {
        return Ok(answer::no_content()?);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_counted_up_to_a_limit_a_minute() {
        let minute = Moment::from_ms(60_000);
        assert_eq!((0..100).filter(|_| may_count(minute)).count(), COUNTED_PER_MINUTE as usize);
        assert!(may_count(minute.plus_minutes(1)));
    }
}
