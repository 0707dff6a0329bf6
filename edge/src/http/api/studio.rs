//! The writers' API.

pub mod card;
pub mod freezes;
pub mod invitation;
pub mod reply;
pub mod return_praise;

use shared::api::Page;
use shared::limits::{ARTICLE_MAX_BYTES, JSON_MAX_BYTES};
use shared::problem::Problem;

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{Caller, HandlerError, HandlerResult, RequestContext};
use crate::http::services::{PlatformEntropy, Services};
use crate::pagination::Cursor;
use crate::people::identity::token::{self, PUBLISH};
use crate::publish;
use crate::queries::studio;
use shared::api::{CreateToken, PublishArticle};
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    shared::api::{
        CreatedToken, PublishedArticle, StudioAccount, StudioPraise, StudioPraiseTimeline, TokenRef,
    },
};

/// Bytes of an article as JSON: its text, which escaping makes at most six times as long, and the
/// other fields.
const PUBLISH_MAX_BYTES: usize = 2 * ARTICLE_MAX_BYTES + JSON_MAX_BYTES;

/// `GET /api/v1/studio/accounts`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/studio/accounts",
    operation_id = "list_accounts",
    tag = "studio",
    summary = "Lists the official accounts of the writer, all on one page",
    responses(
        (status = 200, description = "The accounts", body = Page<StudioAccount>),
        refusals::Own,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn accounts(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let items = studio::list_accounts(services.db(), &session.person_id, services.now).await?;
    Ok(answer::json(200, &Page { items, next_cursor: None }, CachePolicy::Never)?)
}

/// `GET /api/v1/studio/accounts/{handle}/praises?cursor=`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/studio/accounts/{handle}/praises",
    operation_id = "list_account_praises",
    tag = "studio",
    summary = "Lists the praises of an account, newest first",
    description = "Those that their readers can no longer undo.",
    params(
        ("handle" = String, Path, description = "Handle of the official account"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of praises", body = Page<StudioPraise>),
        refusals::OwnListOfOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn praises(request: RequestContext) -> HandlerResult {
    let cursor = Cursor::parse(request.query().get("cursor"))?;
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let handle = request.param("handle");
    let page =
        studio::list_praises(services.db(), &session.person_id, &handle, &cursor, services.now)
            .await?;
    Ok(answer::json(200, &page.ok_or(Problem::NotFound)?, CachePolicy::Never)?)
}

/// `GET /api/v1/studio/praises/{id}` → `StudioPraiseTimeline`. A praise of somebody else's account,
/// or one that its reader can still undo, is not found.
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/studio/praises/{id}",
    operation_id = "read_account_praise",
    tag = "studio",
    summary = "Reads a praise of one of the writer's accounts, with its timeline",
    description = "The timeline is the same that its reader has, with the last digits of the card.",
    params(("id" = String, Path, description = "`prs_…`")),
    responses(
        (status = 200, description = "The praise", body = StudioPraiseTimeline),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn praise(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let id = request.param("id");
    let praise = studio::find_praise(services.db(), &session.person_id, &id, services.now).await?;
    Ok(answer::json(200, &praise.ok_or(Problem::NotFound)?, CachePolicy::Never)?)
}

/// `POST /api/v1/studio/articles`: `PublishArticle` → 201 `PublishedArticle`, or 200 if it replaced
/// an article of this account with this slug. Takes a session or a token of scope `publish`.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/studio/articles",
    operation_id = "publish_article",
    tag = "studio",
    summary = "Publishes an article, or replaces the text of one",
    description = "An article of the same account with the same slug keeps its address, its \
        date and every praise.",
    request_body = PublishArticle,
    responses(
        (status = 200, description = "Replaced", body = PublishedArticle,
            headers(("Location" = String, description = "Path of its page"))),
        (status = 201, description = "Published", body = PublishedArticle,
            headers(("Location" = String, description = "Path of its page"))),
        refusals::Publish,
    ),
    security(
        ("session" = []),
        ("session_without_tls" = []),
        ("publish_token" = []),
    ),
))]
pub async fn publish(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let writer = writer(&request, &services).await?;
    // The body can be several megabytes long, so only the owner of an account may send one.
    publish::require_account(services.db(), &writer.0, services.now).await?;
    let new: PublishArticle = request.json_up_to(&writer, PUBLISH_MAX_BYTES).await?;
    let published =
        publish::publish(services.db(), &PlatformEntropy, services.now, &writer.0, &new).await?;
    let status = if published.created { 201 } else { 200 };
    let response = answer::json(status, &published, CachePolicy::Never)?;
    response.headers().set("Location", &published.path)?;
    Ok(response)
}

/// `GET /api/v1/studio/tokens`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/studio/tokens",
    operation_id = "list_tokens",
    tag = "studio",
    summary = "Lists the tokens of the writer that are not revoked, all on one page",
    responses(
        (status = 200, description = "The tokens", body = Page<TokenRef>),
        refusals::Own,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn tokens(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let items = token::list(services.db(), &session.person_id, services.now).await?;
    Ok(answer::json(200, &Page { items, next_cursor: None }, CachePolicy::Never)?)
}

/// `POST /api/v1/studio/tokens`: `CreateToken` → 201 `CreatedToken`. Only this answer has the
/// token.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/studio/tokens",
    operation_id = "create_token",
    tag = "studio",
    summary = "Makes a token, shown this once",
    request_body = CreateToken,
    responses(
        (status = 201, description = "The token", body = CreatedToken),
        refusals::CreateToken,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn create_token(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let CreateToken { label } = request.json(&session).await?;
    let created =
        token::create(services.db(), &PlatformEntropy, services.now, &session.person_id, &label)
            .await?;
    Ok(answer::json(201, &created, CachePolicy::Never)?)
}

/// `DELETE /api/v1/studio/tokens/{id}` → 204
#[cfg_attr(feature = "openapi", utoipa::path(
    delete,
    path = "/api/v1/studio/tokens/{id}",
    operation_id = "revoke_token",
    tag = "studio",
    summary = "Revokes a token",
    params(("id" = String, Path, description = "`tok_…`")),
    responses(
        (status = 204, description = "Revoked"),
        refusals::ChangeOwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn revoke_token(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    token::revoke(services.db(), services.now, &session.person_id, &request.param("id")).await?;
    Ok(answer::no_content()?)
}

/// The id of the person who publishes.
struct Writer(String);

impl Caller for Writer {}

/// The person whom a bearer token of scope `publish` or a session authenticates.
async fn writer(request: &RequestContext, services: &Services) -> Result<Writer, HandlerError> {
    let Some(header) = request.header("Authorization") else {
        return Ok(Writer(request.require_session(services).await?.person_id));
    };
    let bearer = header.strip_prefix("Bearer ").ok_or(Problem::TokenRefused)?;
    let person = token::person(services.db(), bearer.trim(), PUBLISH, services.now).await?;
    Ok(Writer(person.ok_or(Problem::TokenRefused)?))
}
