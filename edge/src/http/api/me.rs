//! The signed-in person: their name, language, limits and praises.

pub mod limits;

use shared::api::Me;

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::http::session_cookie::session_cookie;
use crate::pagination::Cursor;
use crate::people::identity;
use crate::queries::reader_praises;
use shared::api::UpdateMe;
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    shared::api::{Page, ReaderPraise},
};

/// `GET /api/v1/me` → `Me`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/me",
    operation_id = "read_me",
    tag = "me",
    summary = "Says who is signed in",
    responses(
        (status = 200, description = "The person", body = Me),
        refusals::Own,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn read(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let me = Me { id: session.person_id, name: session.name, lang: session.lang };
    Ok(answer::json(200, &me, CachePolicy::Never)?)
}

/// `PUT /api/v1/me`: `UpdateMe` → `Me`
#[cfg_attr(feature = "openapi", utoipa::path(
    put,
    path = "/api/v1/me",
    operation_id = "update_me",
    tag = "me",
    summary = "Replaces name and language",
    request_body = UpdateMe,
    responses(
        (status = 200, description = "The person as stored", body = Me),
        refusals::UpdateMe,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn update(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let update: UpdateMe = request.json(&session).await?;
    let name = identity::update(services.db(), &session.person_id, &update).await?;
    Ok(answer::json(
        200,
        &Me { id: session.person_id, name, lang: update.lang },
        CachePolicy::Never,
    )?)
}

/// `DELETE /api/v1/me/sessions` → 204: signs the person out everywhere
#[cfg_attr(feature = "openapi", utoipa::path(
    delete,
    path = "/api/v1/me/sessions",
    operation_id = "end_sessions",
    tag = "me",
    summary = "Signs the person out everywhere",
    description = "Ends all sessions of the person at once, also the one of this request.",
    responses(
        (status = 204, description = "Ended"),
        refusals::EndSessions,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn end_sessions(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    identity::sign_out_everywhere(services.db(), &session.person_id).await?;
    let response = answer::no_content()?;
    response.headers().append("Set-Cookie", &session_cookie(&request, "", 0))?;
    answer::forget_pages_for_back_button(&response)?;
    Ok(response)
}

/// `GET /api/v1/me/praises?cursor=`: the person's own praises, newest first
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/me/praises",
    operation_id = "list_my_praises",
    tag = "me",
    summary = "Lists the praises that the person gave, newest first",
    params(("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses(
        (status = 200, description = "A page of praises", body = Page<ReaderPraise>),
        refusals::OwnList,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn praises(request: RequestContext) -> HandlerResult {
    let cursor = Cursor::parse(request.query().get("cursor"))?;
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let page = reader_praises::list(services.db(), &session.person_id, &cursor).await?;
    Ok(answer::json(200, &page, CachePolicy::Never)?)
}
