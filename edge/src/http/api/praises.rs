//! Starts a praise, and reads the timeline of one.

use shared::amount::Amount;
use shared::api::StartedPraise;
use shared::key::IdempotencyKey;
use shared::problem::Problem;

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::payments::praise::start::{self, NewPraise, StartOutcome, Starter};
use crate::queries::timeline;
use shared::api::StartPraise;
#[cfg(feature = "openapi")]
use {crate::http::openapi::refusals, shared::api::timeline::Timeline};

/// `GET /api/v1/praises/{id}/timeline` → `Timeline`. Somebody else's praise is not found.
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/praises/{id}/timeline",
    operation_id = "read_timeline",
    tag = "praises",
    summary = "Reads what happened to a praise of the reader, and what happens next",
    description = "The timeline is the same that its writer has, without the digits of the writer's card.",
    params(("id" = String, Path, description = "`prs_…`")),
    responses(
        (status = 200, description = "The timeline", body = Timeline),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn timeline(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let id = request.param("id");
    let timeline =
        timeline::find_for_reader(services.db(), &session.person_id, &id, services.now).await?;
    Ok(answer::json(200, &timeline.ok_or(Problem::NotFound)?, CachePolicy::Never)?)
}

/// `POST /api/v1/articles/{slug}/praises`: `StartPraise` with an `Idempotency-Key` → 201
/// `StartedPraise`. The same key with the same body returns the same intent.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/articles/{slug}/praises",
    operation_id = "start_praise",
    tag = "praises",
    summary = "Starts a praise, or finds the one that this key started",
    description = "An attempt takes up room in the reader's limit of the day; one that ends \
        without money gives it back. The same key with the same body is answered with the same \
        intent, in whatever state it is by then; with another body it is refused.",
    params(
        ("slug" = String, Path, description = "The article's name in its address"),
        ("Idempotency-Key" = String, Header,
            pattern = r#"^([A-Za-z0-9_.:-]{16,128}|"[A-Za-z0-9_.:-]{16,128}")$"#,
            description = "Names this praise, plain or in double quotes; a new UUID fits"),
    ),
    request_body = StartPraise,
    responses(
        (status = 201, description = "The intent and how to pay it", body = StartedPraise,
            headers(
                ("Location" = String, description = "Path of the intent"),
                ("RateLimit-Policy" = String, description = "How many attempts, in how long"),
                ("RateLimit" = String, description = "How many of them are left, and until when"),
            )),
        refusals::StartPraise,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn start(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let wanted: StartPraise = request.json(&session).await?;
    let header = request.header("Idempotency-Key").ok_or(Problem::KeyMissing)?;
    let key = IdempotencyKey::parse(&header).map_err(|_| Problem::KeyMalformed)?;
    // Checks the bounds of the amount only. `start` checks whether the account takes its currency.
    let amount = Amount::new(wanted.amount, wanted.amount.currency).map_err(Problem::Amount)?;
    let praise = NewPraise::new(amount.money(), wanted.visibility, wanted.note.as_deref())?;
    let token = request.session_token().ok_or(Problem::SignInNeeded)?;
    let slug = request.param("slug");
    let starter = Starter { session: Some(session), ..Starter::from_token(&token) };
    let address = request.address()?;
    let StartOutcome { attempts, result } =
        start::start(&services.context(), starter, &slug, &key, address.as_ref(), &praise).await?;
    let response = match result {
        Ok(view) => {
            let payment = view.payment();
            let location = format!("/api/v1/intents/{}", view.intent.id);
            let started = StartedPraise { intent: view.intent, payment };
            let response = answer::json(201, &started, CachePolicy::Never)?;
            response.headers().set("Location", &location)?;
            response
        }
        Err(failure) => {
            answer::log_failure(&failure, request.request_id(), "start_praise");
            answer::problem(&failure.problem(), request.lang(), request.request_id())?
        }
    };
    Ok(answer::rate_limit(&attempts, response)?)
}
