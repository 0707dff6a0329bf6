//! Answers: JSON, pages, redirects and problems, each with its headers.

use serde::Serialize;
use shared::lang::Lang;
use shared::problem::Problem;
use worker::{Response, ResponseBuilder};

use crate::failure::Failure;
use crate::limits::attempts::Attempts;

/// Whether browsers and proxies may store an answer: the `Cache-Control` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CachePolicy {
    /// Personal: never stored.
    Never,
    /// Personal, but the browser may store it for the back button: the praise form and the answers
    /// to it, to which a reader returns from the cashier. Otherwise the browser would reload the
    /// page, or ask whether to send the form again. Signing out clears these pages, and so does
    /// signing in as somebody else.
    BackButton,
    /// The same for everybody: stored, and revalidated each time.
    Revalidate,
}

impl CachePolicy {
    const fn header(self) -> &'static str {
        match self {
            CachePolicy::Never => "no-store",
            CachePolicy::BackButton => "private, no-cache",
            CachePolicy::Revalidate => "no-cache",
        }
    }
}

/// A JSON answer.
pub fn json<T: Serialize>(status: u16, body: &T, cache: CachePolicy) -> worker::Result<Response> {
    with_content_type(status, "application/json", serde_json::to_string(body)?, cache)
}

/// A JSON answer whose body is JSON text already.
pub fn json_text(status: u16, body: &str, cache: CachePolicy) -> worker::Result<Response> {
    with_content_type(status, "application/json", body.to_owned(), cache)
}

/// An HTML page.
pub fn html(status: u16, page: String, cache: CachePolicy) -> worker::Result<Response> {
    with_content_type(status, "text/html; charset=utf-8", page, cache)
}

/// A text that is the same for everybody.
pub fn public_text(content_type: &str, text: String) -> worker::Result<Response> {
    with_content_type(200, content_type, text, CachePolicy::Revalidate)
}

/// Redirects to a GET of a path of this site, so that reloading does not send a form again.
pub fn see_other(path: &str) -> worker::Result<Response> {
    Ok(Response::builder()
        .with_status(303)
        .with_header("Location", path)?
        .with_header("Cache-Control", CachePolicy::Never.header())?
        .empty())
}

/// Redirects for good to another path of this site.
pub fn moved(path: &str) -> worker::Result<Response> {
    Ok(Response::builder()
        .with_status(301)
        .with_header("Location", path)?
        .with_header("Cache-Control", CachePolicy::Revalidate.header())?
        .empty())
}

/// Lets the browser keep a page for its back button.
pub fn keep_for_back_button(response: Response) -> worker::Result<Response> {
    if response.status_code() != 303 {
        response.headers().set("Cache-Control", CachePolicy::BackButton.header())?;
    }
    Ok(response)
}

/// Makes the browser forget the pages it keeps for its back button, so that the next person who
/// uses it cannot go back to them.
pub fn forget_pages_for_back_button(response: &Response) -> worker::Result<()> {
    response.headers().set("Clear-Site-Data", "\"cache\"")
}

/// An empty answer to a request that succeeded.
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
    let response =
        with_content_type(problem.status(), "application/problem+json", body, CachePolicy::Never)?;
    response.headers().set("Content-Language", lang.tag())?;
    retry_after(problem, response)
}

/// Adds `Retry-After` to an answer after which trying again helps.
pub fn retry_after(problem: &Problem, response: Response) -> worker::Result<Response> {
    if let Some(seconds) = problem.retry_after_s() {
        response.headers().set("Retry-After", &seconds.to_string())?;
    }
    Ok(response)
}

/// Adds how many attempts are left, in the headers of draft-ietf-httpapi-ratelimit-headers-11.
pub fn rate_limit(attempts: &Attempts, response: Response) -> worker::Result<Response> {
    response.headers().set("RateLimit-Policy", &attempts.policy_field())?;
    response.headers().set("RateLimit", &attempts.remaining_field())?;
    Ok(response)
}

/// Logs a failure of ours with its inner details. The client gets only the problem.
pub fn log_failure(failure: &Failure, request_id: &str, route: &str) {
    let cause = match failure {
        Failure::Refused(_) => return,
        Failure::Database(error) => error.to_string(),
        Failure::Contended(cause) | Failure::Internal(cause) => cause.clone(),
    };
    crate::log::error(&format!("request.failed id={request_id} route={route} cause={cause}"));
}

fn with_content_type(
    status: u16,
    content_type: &str,
    body: String,
    cache: CachePolicy,
) -> worker::Result<Response> {
    ResponseBuilder::new()
        .with_status(status)
        .with_header("Content-Type", content_type)?
        .with_header("Cache-Control", cache.header())
        .map(|builder| builder.fixed(body.into_bytes()))
}
