//! The Worker's three entry points: fetch, scheduled and queue.

use std::collections::HashMap;

use shared::id::Kind;
use shared::lang::Lang;
use shared::problem::Problem;
use worker::{
    Context, Env, MessageBatch, MessageBuilder, Method, Request, RequestInit, Response,
    ScheduleContext, ScheduledEvent, event,
};

use super::handler::{problem_page, uncounted_page};
use super::routes::Routes;
use super::security_headers::SECURITY_HEADERS;
use super::services::{Databases, PlatformEntropy, Services, check_environment};
use super::{answer, api, body, canonical, origin, pages};
use crate::entropy::Entropy;
use crate::job_runner;
use crate::queue::jobs;

/// The delay of a queue message that runs due jobs, in seconds.
const TICK_S: u32 = 30;

/// The schedule of the event that deletes expired rows, as `wrangler.toml` states it. Every other
/// scheduled event runs due jobs.
const CLEANUP_CRON: &str = "*/10 * * * *";

/// Answers every request that is not for a static file.
#[event(fetch)]
pub async fn fetch(request: Request, env: Env, ctx: Context) -> worker::Result<Response> {
    let unread = body::UnreadBody::of(&request);
    let response = respond(request, env, ctx).await;
    unread.drain().await;
    response
}

async fn respond(request: Request, env: Env, ctx: Context) -> worker::Result<Response> {
    let request_id = Kind::Request.id(PlatformEntropy.bytes());
    let (path, lang) = (request.path(), requested_lang(&request));
    let is_api =
        ["/api/", "/pay/", "/healthz", "/reports"].iter().any(|start| path.starts_with(start));
    let render_problem = |problem: &Problem| {
        if is_api {
            answer::problem(problem, lang, &request_id)
        } else {
            problem_page(problem, lang, &request_id, &path)
        }
    };
    let response = match (check_environment(&env), origin::check(&request)) {
        (Err(cause), _) => {
            crate::log::error(&format!("deployment.refused cause={cause:?}"));
            render_problem(&Problem::NotConfigured(cause))
        }
        (Ok(()), Err(problem)) => render_problem(&problem),
        (Ok(()), Ok(())) => {
            let starts_praise = request.method() == Method::Post
                && ["/praise", "/praises"].iter().any(|end| path.ends_with(end));
            let refuse = |problem, header, value: &str| {
                let response = render_problem(&problem)?;
                response.headers().set(header, value)?;
                add_common_headers(response, &path, &request_id)
            };
            if is_encoded(&request) {
                return refuse(Problem::EncodedBody, "Accept-Encoding", "identity");
            }
            let request = as_get(request)?;
            if let Some(canonical) = canonical_address(&request, &path) {
                let response = answer::moved(&canonical)?;
                return add_common_headers(response, &path, &request_id);
            }
            let routes = routes(&request_id);
            // As sent: `worker` takes every method that it does not know for a GET.
            let method = request.inner().method();
            if let Some(allow) = routes.allow_instead(&method, &path) {
                return refuse(Problem::MethodNotAllowed, "Allow", &allow);
            }
            let routed = routes.run(request, env.clone()).await;
            let started = routed.as_ref().is_ok_and(|response| {
                let location = response.headers().get("Location").ok().flatten();
                matches!(response.status_code(), 201 | 303)
                    && !location.is_some_and(|path| path.starts_with("/sign-in"))
            });
            if starts_praise && started {
                ctx.wait_until(async move { tick(&env, TICK_S).await });
            }
            match routed {
                Ok(response) => Ok(response),
                Err(error) => {
                    crate::log::error(&format!("request.broke id={request_id} cause={error}"));
                    render_problem(&Problem::Internal)
                }
            }
        }
    }?;
    add_common_headers(response, &path, &request_id)
}

/// Adds the security headers and the request's id.
fn add_common_headers(
    response: Response,
    path: &str,
    request_id: &str,
) -> worker::Result<Response> {
    let headers = response.headers();
    for (name, value) in SECURITY_HEADERS {
        headers.set(name, value)?;
    }
    if path.starts_with("/r/") {
        // The address itself opens the receipt, so other requests do not carry it.
        headers.set("Referrer-Policy", "strict-origin")?;
    }
    headers.set("X-Request-Id", request_id)?;
    Ok(response)
}

/// Runs every minute: runs due jobs. Every ten minutes, another event deletes expired rows. It is an
/// invocation of its own, so that the jobs do not use up its time and its queries.
#[event(scheduled)]
pub async fn scheduled(event: ScheduledEvent, env: Env, _: ScheduleContext) {
    let outcome = match event.cron().as_str() {
        CLEANUP_CRON => clean_up(&env).await,
        _ => run_jobs(&env).await.map(drop),
    };
    if let Err(cause) = outcome {
        crate::log::error(&format!("scheduled.failed cause={cause}"));
    }
}

/// Runs due jobs between the minutes, and sends the next queue message while more jobs are due
/// soon.
#[event(queue)]
pub async fn queue(
    _: MessageBatch<HashMap<String, String>>,
    env: Env,
    _: Context,
) -> worker::Result<()> {
    match run_jobs(&env).await {
        Ok(true) => tick(&env, TICK_S).await,
        Ok(false) => {}
        Err(cause) => crate::log::error(&format!("queue.failed cause={cause}")),
    }
    Ok(())
}

/// Runs due jobs. Returns whether another job is due within the next minute, also if the run has
/// failed.
async fn run_jobs(env: &Env) -> Result<bool, String> {
    let services = open_services(env).await?;
    if let Err(cause) = services.run_due_jobs().await {
        crate::log::error(&format!("jobs.failed cause={cause}"));
    }
    let next = jobs::next_due_at(services.db()).await.map_err(|error| error.to_string())?;
    Ok(next.is_some_and(|next| next < services.clock().plus_minutes(1)))
}

/// Deletes expired rows.
async fn clean_up(env: &Env) -> Result<(), String> {
    let services = open_services(env).await?;
    let deleted = job_runner::delete_expired(services.db(), services.now).await;
    deleted.map_err(|error| error.to_string())
}

async fn open_services(env: &Env) -> Result<Services, String> {
    check_environment(env)?;
    let databases = Databases::bind(env).map_err(|error| error.to_string())?;
    Services::open(databases).await.map_err(|failure| format!("{failure:?}"))
}

/// Sends a queue message that runs due jobs after `delay_s` seconds. If it cannot be sent, the
/// scheduled event of the next minute runs them.
async fn tick(env: &Env, delay_s: u32) {
    let message = HashMap::from([("tick".to_owned(), "jobs".to_owned())]);
    let sent = match env.queue("JOBS") {
        Ok(queue) => queue.send(MessageBuilder::new(message).delay_seconds(delay_s).build()).await,
        Err(error) => Err(error),
    };
    if let Err(error) = sent {
        crate::log::warn(&format!("tick.not_sent cause={error}"));
    }
}

/// Every address with its handler.
fn routes(request_id: &str) -> Routes {
    let routes = api::routes(pages::routes(Routes::new(request_id)));
    #[cfg(feature = "sandbox")]
    let routes = super::sandbox::routes(routes);
    routes.or_else_any_method_async("/*path", uncounted_page(pages::not_found))
}

/// Whether the body is said to be compressed, or encoded in another way.
fn is_encoded(request: &Request) -> bool {
    let encoding = request.headers().get("Content-Encoding").ok().flatten();
    encoding.is_some_and(|it| !matches!(it.trim().to_ascii_lowercase().as_str(), "" | "identity"))
}

/// The canonical address of a page that was asked for by another one, with the query.
fn canonical_address(request: &Request, path: &str) -> Option<String> {
    let program = ["/api/", "/pay/"].iter().any(|start| path.starts_with(start));
    if program || request.inner().method() != "GET" {
        return None;
    }
    let canonical = canonical::redirect(path)?;
    Some(match request.url().ok()?.query() {
        Some(query) => format!("{canonical}?{query}"),
        None => canonical,
    })
}

/// Turns a HEAD request into a GET. The runtime leaves the body out of the answer.
fn as_get(request: Request) -> worker::Result<Request> {
    if request.method() != Method::Head {
        return Ok(request);
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Get).with_headers(request.headers().clone());
    Request::new_with_init(request.url()?.as_str(), &init)
}

fn requested_lang(request: &Request) -> Lang {
    let header = |name| request.headers().get(name).ok().flatten();
    let chosen = header("Cookie").and_then(|cookies| {
        cookies.split(';').find_map(|pair| Lang::from_tag(pair.trim().strip_prefix("lang=")?))
    });
    let asked = || header("Accept-Language").as_deref().and_then(Lang::from_accept_language);
    chosen.or_else(asked).unwrap_or(Lang::En)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_schedules_are_in_the_configuration() {
        let configuration = include_str!("../../../wrangler.toml");
        let crons = format!("crons = [\"* * * * *\", \"{CLEANUP_CRON}\"]");
        assert!(configuration.lines().any(|line| line == crons), "{crons}");
    }
}
