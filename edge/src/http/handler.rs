//! Adapts handlers to the router: counts the request, calls the handler, and renders its errors.

use std::future::Future;
use std::pin::Pin;

use app::page::{Assets, Content, PageContext};
use shared::lang::Lang;
use shared::problem::Problem;
use worker::{Method, Request, Response, RouteContext};

use super::answer::{self, CachePolicy};
use super::request_context::{
    HandlerError, HandlerResult, RequestContext, RequestId, built_assets, page_path,
};

/// A handler's future. It borrows nothing, because a handler owns its request.
pub type HandlerFuture = Pin<Box<dyn Future<Output = worker::Result<Response>>>>;

/// Adapts an API handler to the router. Its errors become problem documents.
pub fn api<F, T>(handler: F) -> impl Fn(Request, RouteContext<RequestId>) -> HandlerFuture
where
    F: Fn(RequestContext) -> T + Copy + 'static,
    T: Future<Output = HandlerResult> + 'static,
{
    move |request, route| Box::pin(run(handler, request, route, render_document, true))
}

/// Adapts a page handler to the router. Its errors become error pages. A GET without a session is
/// redirected to the sign-in page, which leads back.
pub fn page<F, T>(handler: F) -> impl Fn(Request, RouteContext<RequestId>) -> HandlerFuture
where
    F: Fn(RequestContext) -> T + Copy + 'static,
    T: Future<Output = HandlerResult> + 'static,
{
    move |request, route| Box::pin(run(handler, request, route, render_page, true))
}

/// Like [`api`], for handlers that change nothing for the caller. Their requests count towards no rate
/// limit.
pub fn uncounted_api<F, T>(handler: F) -> impl Fn(Request, RouteContext<RequestId>) -> HandlerFuture
where
    F: Fn(RequestContext) -> T + Copy + 'static,
    T: Future<Output = HandlerResult> + 'static,
{
    move |request, route| Box::pin(run(handler, request, route, render_document, false))
}

/// Like [`page`], without a rate limit like [`uncounted_api`].
pub fn uncounted_page<F, T>(
    handler: F,
) -> impl Fn(Request, RouteContext<RequestId>) -> HandlerFuture
where
    F: Fn(RequestContext) -> T + Copy + 'static,
    T: Future<Output = HandlerResult> + 'static,
{
    move |request, route| Box::pin(run(handler, request, route, render_page, false))
}

/// Renders a problem. Takes the requested language, the request's id, its path and query, and
/// whether it was a GET.
type ErrorRenderer = fn(&Problem, Lang, &str, &str, bool) -> worker::Result<Response>;

async fn run<F, T>(
    handler: F,
    request: Request,
    route: RouteContext<RequestId>,
    render_error: ErrorRenderer,
    counted: bool,
) -> worker::Result<Response>
where
    F: Fn(RequestContext) -> T,
    T: Future<Output = HandlerResult>,
{
    let get = request.method() == Method::Get;
    let route_path = path_for_log(request.path());
    let context = RequestContext::new(request, route)?;
    let (lang, request_id) = (context.lang(), context.request_id().to_owned());
    let path = context.path_and_query();
    let allowed = if counted { context.count().await } else { Ok(()) };
    let answered = match allowed {
        Ok(()) => handler(context).await,
        Err(error) => Err(error),
    };
    match answered {
        Ok(response) => Ok(response),
        Err(HandlerError::Worker(error)) => Err(error),
        Err(HandlerError::Failure(failure)) => {
            answer::log_failure(&failure, &request_id, &route_path);
            render_error(&failure.problem(), lang, &request_id, &path, get)
        }
    }
}

/// The path as the log may show it. The log never has the query, which may hold what a reader
/// typed, nor a signed link, which opens a receipt without a session.
fn path_for_log(path: String) -> String {
    if path.starts_with("/r/") { "/r/…".to_owned() } else { path }
}

fn render_document(
    problem: &Problem,
    lang: Lang,
    request_id: &str,
    _: &str,
    _: bool,
) -> worker::Result<Response> {
    answer::problem(problem, lang, request_id)
}

fn render_page(
    problem: &Problem,
    lang: Lang,
    request_id: &str,
    path: &str,
    get: bool,
) -> worker::Result<Response> {
    if get && *problem == Problem::SignInNeeded {
        return answer::see_other(&app::address::sign_in(path));
    }
    problem_page(problem, lang, request_id, path)
}

/// Renders an error page without a viewer, because the session may be unknown.
pub fn problem_page(
    problem: &Problem,
    lang: Lang,
    request_id: &str,
    path: &str,
) -> worker::Result<Response> {
    let frame = PageContext {
        lang,
        path: page_path(path).to_owned(),
        // An error page has no address of its own.
        origin: String::new(),
        viewer: None,
        // Without a known viewer, the script of drafts could restore another person's texts.
        assets: Assets { drafts_js: None, ..built_assets() },
        sandbox: cfg!(feature = "sandbox"),
    };
    let content = Content::Problem(app::page::ProblemPage {
        problem: problem.clone(),
        request_id: request_id.to_owned(),
    });
    let response =
        answer::html(problem.status(), app::render(&frame, content), CachePolicy::Never)?;
    answer::retry_after(problem, response)
}
