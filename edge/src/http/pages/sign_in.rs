//! Signing in and out, and the language of pages.

use shared::lang::Lang;
use shared::limits::SESSION_DAYS;
use shared::problem::Problem;

use crate::attempts;
use crate::http::answer;
use crate::http::form::local_path;
use crate::http::site::PlatformEntropy;
use crate::http::visit::{Answer, Visit};
use crate::identity;

#[cfg(feature = "sandbox")]
pub use crate::http::sandbox::sign_in::{form, sign_in};

/// `GET /sign-in`: this build has no way to sign in.
#[cfg(not(feature = "sandbox"))]
pub async fn form(_: Visit) -> Answer {
    Err(shared::problem::Problem::NotConfigured("no sign-in is configured").into())
}

/// `POST /sign-in`: this build has no way to sign in.
#[cfg(not(feature = "sandbox"))]
pub async fn sign_in(_: Visit) -> Answer {
    Err(shared::problem::Problem::NotConfigured("no sign-in is configured").into())
}

/// `POST /sign-out`
pub async fn sign_out(visit: Visit) -> Answer {
    let site = visit.site().await?;
    if let Some(token) = visit.session_token() {
        identity::sign_out(site.db(), &token).await?;
    }
    let response = answer::see_other("/")?;
    response.headers().append("Set-Cookie", &session_cookie(&visit, "", 0))?;
    answer::forget_the_way_back(&response)?;
    Ok(response)
}

/// `POST /guest`: `return`. Begins without an account; whoever has a session already keeps it. Not
/// there where a deployment signs no links: a guest would have nothing to come back with.
pub async fn guest(mut visit: Visit) -> Answer {
    let form = visit.form().await?;
    if visit.receipt_signer().is_none() {
        return Err(Problem::NotFound.into());
    }
    let site = visit.site().await?;
    let response = answer::see_other(local_path(form.text("return")))?;
    if visit.session(&site).await?.is_some() {
        return Ok(response);
    }
    if let Some(address) = visit.address()
        && let Some(refusal) = attempts::guest(site.db(), &address, site.now).await?
    {
        return Err(refusal.into());
    }
    let token = identity::guest(site.db(), &PlatformEntropy, site.now).await?;
    let cookie = session_cookie(&visit, &token, SESSION_DAYS);
    response.headers().append("Set-Cookie", &cookie)?;
    Ok(response)
}

/// `POST /language`: `lang`, `return`
pub async fn language(mut visit: Visit) -> Answer {
    let form = visit.form().await?;
    let response = answer::see_other(local_path(form.text("return")))?;
    if let Some(lang) = Lang::from_tag(form.text("lang")) {
        let cookie = format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.tag());
        response.headers().append("Set-Cookie", &cookie)?;
    }
    Ok(response)
}

/// The cookie that carries a session's token for so many days; an empty one for zero removes it.
pub fn session_cookie(visit: &Visit, token: &str, days: i64) -> String {
    let days = days.clamp(0, SESSION_DAYS);
    let secure = if visit.secure() { "; Secure" } else { "" };
    let name = visit.session_cookie_name();
    format!("{name}={token}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}", days * 86_400)
}
