//! The sandbox's sign-in: choosing a person from a list.

use app::page::{Content, Role, SandboxPerson, SignInPage};
use shared::lang::Lang;
use shared::limits::SESSION_DAYS;
use shared::problem::{Expected, Problem};

use crate::http::answer;
use crate::http::form::return_path;
use crate::http::request_context::{Anyone, HandlerResult, RequestContext};
use crate::http::services::{PlatformEntropy, Services};
use crate::http::session_cookie::session_cookie;
use crate::people::identity::{self, sandbox};

/// `GET /sign-in?return=`: one button per person.
pub async fn form(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let query = request.query();
    show(&request, &services, query.text("return"), None).await
}

/// The sign-in form with the problem that this network has reached its limit of new guests.
pub async fn guest_refused(
    request: &RequestContext,
    services: &Services,
    return_to: &str,
    refusal: Problem,
) -> HandlerResult {
    let page = show(request, services, return_to, Some(refusal.clone())).await?;
    Ok(answer::retry_after(&refusal, page)?)
}

async fn show(
    request: &RequestContext,
    services: &Services,
    return_to: &str,
    refusal: Option<Problem>,
) -> HandlerResult {
    let session = request.session(services).await?;
    let sign_ins = sandbox::list(services.sandbox_db()).await?;
    let people = sign_ins.iter().map(|one| SandboxPerson {
        provider: sandbox::PROVIDER.to_owned(),
        subject: one.login.clone(),
        label: one.label.clone(),
        role: match one.role.as_str() {
            "writer" => Role::Writer,
            "operator" => Role::Operator,
            _ => Role::Reader,
        },
        same_as: sign_ins
            .iter()
            .find(|other| other.subject == one.subject && other.login != one.login)
            .map(|other| other.label.clone()),
    });
    let status = refusal.as_ref().map_or(200, Problem::status);
    let page = SignInPage {
        return_to: return_path(return_to).to_owned(),
        people: people.collect(),
        guests: session.is_none() && refusal.is_none() && request.receipt_signer().is_some(),
        refusal,
    };
    request.page(session.as_ref(), Lang::En, status, Content::SignIn(page))
}

/// `POST /sign-in`: `provider`, `subject` (the name of a sign-in), `return`
pub async fn sign_in(mut request: RequestContext) -> HandlerResult {
    let fields = request.form(&Anyone).await?;
    let services = request.services().await?;
    let unknown = Problem::Field { field: "subject", expected: Expected::LISTED_PERSON };
    if fields.text("provider") != sandbox::PROVIDER {
        return Err(unknown.into());
    }
    let chosen =
        sandbox::find(services.sandbox_db(), fields.text("subject")).await?.ok_or(unknown)?;
    let former = request.session_token();
    let token = identity::sign_in(
        services.db(),
        &PlatformEntropy,
        services.now,
        sandbox::PROVIDER,
        &chosen.subject,
        Some(&chosen.name),
        former.as_deref(),
    )
    .await?;
    let response = answer::see_other(return_path(fields.text("return")))?;
    let cookie = session_cookie(&request, &token, SESSION_DAYS);
    response.headers().append("Set-Cookie", &cookie)?;
    if former.is_some() {
        answer::forget_pages_for_back_button(&response)?;
    }
    Ok(response)
}
