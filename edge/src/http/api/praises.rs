//! Starts a praise, and reads the timeline of one.

use serde_json::Value as Json;
use shared::amount::Amount;
use shared::api::StartedPraise;
use shared::key::IdempotencyKey;
use shared::limits::JSON_MAX_BYTES;
use shared::machine::Visibility;
use shared::problem::{Expected, Problem};

use crate::http::answer::{self, CachePolicy};
use crate::http::fields;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::payments::praise::start::{self, NewPraise, StartOutcome, Starter};
use crate::queries::timeline;
#[cfg(feature = "openapi")]
use {crate::http::openapi::refusals, shared::api::StartPraise, shared::api::timeline::Timeline};

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
    let body = request.json(&session, JSON_MAX_BYTES).await?;
    let header = request.header("Idempotency-Key").ok_or(Problem::KeyMissing)?;
    let key = IdempotencyKey::parse(&header).map_err(|_| Problem::KeyMalformed)?;
    let praise = read(&body)?;
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

/// Reads the body field by field, so that each refusal names its field.
fn read(body: &Json) -> Result<NewPraise, Problem> {
    let money = fields::amount(body)?;
    // Checks the bounds of the amount only. `start` checks whether the account takes its currency.
    let amount = Amount::new(money, money.currency).map_err(Problem::Amount)?;
    let visibility = body.get("visibility").and_then(Json::as_str).and_then(Visibility::from_name);
    let visibility = visibility.ok_or(Problem::Field {
        field: "visibility",
        expected: Expected::OneOf("public, writer, anonymous"),
    })?;
    NewPraise::new(amount.money(), visibility, fields::optional_text(body, "note")?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn code(body: Json) -> &'static str {
        read(&body).map_or_else(|problem| problem.code(), |_| "ok")
    }

    fn amount(minor: Json) -> Json {
        json!({"amount": {"minor": minor, "currency": "CNY"}, "visibility": "public"})
    }

    #[test]
    fn each_refusal_has_its_code() {
        assert_eq!(code(amount(json!(1000))), "ok");
        assert_eq!(code(amount(json!(-1))), "rule.praise_min");
        assert_eq!(code(amount(json!(0))), "rule.praise_min");
        assert_eq!(code(amount(json!(20001))), "rule.praise_cap");
        assert_eq!(code(amount(json!(9_007_199_254_740_992_i64))), "rule.praise_cap");
        for not_whole in [json!(0.5), json!(1e3), json!(8.888), json!("１００"), json!(null)] {
            assert_eq!(code(amount(not_whole.clone())), "field.invalid", "{not_whole}");
        }
        assert_eq!(code(json!({"visibility": "public"})), "field.invalid");
        let mut other = amount(json!(1000));
        other["amount"]["currency"] = json!("EUR");
        assert_eq!(code(other), "field.invalid");
        let mut other = amount(json!(1000));
        other["visibility"] = json!("everyone");
        assert_eq!(code(other), "field.invalid");
        let mut other = amount(json!(1000));
        other["note"] = json!("好".repeat(141));
        assert_eq!(code(other), "text.too_long");
    }
}
