//! Signing in and out, and the language of pages.

use shared::lang::Lang;
use shared::limits::SESSION_DAYS;
use shared::problem::Problem;

use crate::http::answer;
use crate::http::form::{local_path, return_path};
use crate::http::request_context::{Anyone, HandlerResult, RequestContext};
use crate::http::services::PlatformEntropy;
#[cfg(not(feature = "sandbox"))]
use crate::http::services::Services;
use crate::http::session_cookie::session_cookie;
use crate::limits::attempts;
use crate::people::identity;

#[cfg(feature = "sandbox")]
pub use crate::http::sandbox::sign_in::{form, guest_refused, sign_in};

/// `GET /sign-in`: this build has no way to sign in.
#[cfg(not(feature = "sandbox"))]
pub async fn form(_: RequestContext) -> HandlerResult {
    Err(shared::problem::Problem::NotConfigured("no sign-in is configured").into())
}

/// `POST /sign-in`: this build has no way to sign in.
#[cfg(not(feature = "sandbox"))]
pub async fn sign_in(_: RequestContext) -> HandlerResult {
    Err(shared::problem::Problem::NotConfigured("no sign-in is configured").into())
}

/// Returns the problem when a network has reached its limit of new guests. This build has no page
/// to show it on.
#[cfg(not(feature = "sandbox"))]
async fn guest_refused(
    _: &RequestContext,
    _: &Services,
    _: &str,
    refusal: Problem,
) -> HandlerResult {
    Err(refusal.into())
}

/// `POST /sign-out`
pub async fn sign_out(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    if let Some(token) = request.session_token() {
        identity::sign_out(services.db(), &token).await?;
    }
    let response = answer::see_other("/")?;
    response.headers().append("Set-Cookie", &session_cookie(&request, "", 0))?;
    answer::forget_pages_for_back_button(&response)?;
    Ok(response)
}

/// `POST /sign-out-everywhere`: ends all sessions of the person, also this one.
pub async fn sign_out_everywhere(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    identity::sign_out_everywhere(services.db(), &session.person_id).await?;
    let response = answer::see_other("/")?;
    response.headers().append("Set-Cookie", &session_cookie(&request, "", 0))?;
    answer::forget_pages_for_back_button(&response)?;
    Ok(response)
}

/// `POST /guest`: `return`. Starts a session without an account; an existing session is kept. Not
/// found in a deployment that signs no links, because a guest could not open the receipt again.
pub async fn guest(mut request: RequestContext) -> HandlerResult {
    if request.receipt_signer().is_none() {
        return Err(Problem::NotFound.into());
    }
    let form = request.form(&Anyone).await?;
    let services = request.services().await?;
    let response = answer::see_other(return_path(form.text("return")))?;
    if request.session(&services).await?.is_some() {
        return Ok(response);
    }
    if let Some(address) = request.address()?
        && let Some(refusal) = attempts::count_guest(services.db(), &address, services.now).await?
    {
        return guest_refused(&request, &services, form.text("return"), refusal).await;
    }
    let token = identity::guest(services.db(), &PlatformEntropy, services.now).await?;
    let cookie = session_cookie(&request, &token, SESSION_DAYS);
    response.headers().append("Set-Cookie", &cookie)?;
    Ok(response)
}

/// `POST /language`: `lang`, `return`
pub async fn language(mut request: RequestContext) -> HandlerResult {
    let form = request.form(&Anyone).await?;
    let response = answer::see_other(local_path(form.text("return")))?;
    if let Some(lang) = Lang::from_tag(form.text("lang")) {
        let cookie = format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.tag());
        response.headers().append("Set-Cookie", &cookie)?;
    }
    Ok(response)
}
