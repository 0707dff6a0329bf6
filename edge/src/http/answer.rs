//! Answers: JSON, pages, redirects and problems, with the headers that each needs.

use serde::Serialize;
use shared::lang::Lang;
use shared::problem::Problem;
use worker::{Response, ResponseBuilder};

use crate::failure::Failure;
use crate::limits::attempts::Attempts;

/// How an answer may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CachePolicy {
    /// Personal: nowhere.
    Never,
    /// Personal, and on the way back from the cashier: the praise form and the answers to it. A
    /// browser that may not keep those loads anew, or asks whether to send the form again. Signing
    /// out, and signing in as somebody else, clears them.
    WayBack,
    /// The same for everybody: kept, and asked about again each time.
    Revalidate,
}

impl CachePolicy {
    const fn header(self) -> &'static str {
        match self {
            CachePolicy::Never => "no-store",
            CachePolicy::WayBack => "private, no-cache",
            CachePolicy::Revalidate => "no-cache",
        }
    }
}

/// JSON with a status.
pub fn json<T: Serialize>(status: u16, body: &T, keep: CachePolicy) -> worker::Result<Response> {
    typed(status, "application/json", serde_json::to_string(body)?, keep)
}

/// JSON that is written already.
pub fn json_text(status: u16, body: &str, keep: CachePolicy) -> worker::Result<Response> {
    typed(status, "application/json", body.to_owned(), keep)
}

/// A page.
pub fn html(status: u16, page: String, keep: CachePolicy) -> worker::Result<Response> {
    typed(status, "text/html; charset=utf-8", page, keep)
}

/// Goes on with a GET at a path of this site: after a form, so that reloading sends nothing twice.
pub fn see_other(path: &str) -> worker::Result<Response> {
    Ok(Response::builder()
        .with_status(303)
        .with_header("Location", path)?
        .with_header("Cache-Control", CachePolicy::Never.header())?
        .empty())
}

/// Lets the browser keep a page for the way back.
pub fn for_the_way_back(response: Response) -> worker::Result<Response> {
    if response.status_code() != 303 {
        response.headers().set("Cache-Control", CachePolicy::WayBack.header())?;
    }
    Ok(response)
}

/// Makes the browser forget what it keeps for the way back: it is no business of whoever sits here
/// next.
pub fn forget_the_way_back(response: &Response) -> worker::Result<()> {
    response.headers().set("Clear-Services-Data", "\"cache\"")
}

/// Nothing to say but that it was done.
pub fn no_content() -> worker::Result<Response> {
    Ok(Response::builder()
        .with_status(204)
        .with_header("Cache-Control", CachePolicy::Never.header())?
        .empty())
}

/// A problem document.
pub fn problem(problem: &Problem, lang: Lang, request_id: &str) -> worker::Result<Response> {
    let document = problem.document(lang, request_id);
    let body = serde_json::to_string(&document)?;
    let response = typed(problem.status(), "application/problem+json", body, CachePolicy::Never)?;
    response.headers().set("Content-Language", lang.tag())?;
    retry_after(problem, response)
}

/// Adds `Retry-After` where trying again helps.
pub fn retry_after(problem: &Problem, response: Response) -> worker::Result<Response> {
    if let Some(seconds) = problem.retry_after_s() {
        response.headers().set("Retry-After", &seconds.to_string())?;
    }
    Ok(response)
}

/// Adds how many attempts are left, as draft-ietf-httpapi-ratelimit-headers-11 says it.
pub fn rate_limit(attempts: &Attempts, response: Response) -> worker::Result<Response> {
    response.headers().set("RateLimit-Policy", &attempts.policy_field())?;
    response.headers().set("RateLimit", &attempts.remaining_field())?;
    Ok(response)
}

/// Writes what is ours to the log; the caller is told only the problem.
pub fn log(failure: &Failure, request_id: &str, route: &str) {
    if let Failure::Database(error) = failure {
        crate::log::error(&format!("request.failed id={request_id} route={route} cause={error}"));
    }
}

fn typed(status: u16, kind: &str, body: String, keep: CachePolicy) -> worker::Result<Response> {
    ResponseBuilder::new()
        .with_status(status)
        .with_header("Content-Type", kind)?
        .with_header("Cache-Control", keep.header())
        .map(|builder| builder.fixed(body.into_bytes()))
}
