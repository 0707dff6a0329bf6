//! Articles and their walls. Public, and the same for everybody.

use shared::api::ArticleWith;
use shared::problem::Problem;

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::pagination::Cursor;
use crate::queries::articles::OTHER_ARTICLES_MAX;
use crate::queries::{articles, wall};
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    shared::api::{ArticleSummary, Page, Wall},
};

/// `GET /api/v1/articles?cursor=`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/articles",
    operation_id = "list_articles",
    tag = "articles",
    summary = "Lists the published articles, newest first",
    params(("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses(
        (status = 200, description = "A page of articles", body = Page<ArticleSummary>),
        refusals::List,
    ),
))]
pub async fn list(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let cursor = Cursor::parse(request.query().get("cursor"))?;
    Ok(answer::json(200, &articles::list(services.db(), &cursor).await?, CachePolicy::Revalidate)?)
}

/// `GET /api/v1/articles/{slug}?with=`: `with=wall,others` returns in one request everything that
/// the page of an article shows.
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/articles/{slug}",
    operation_id = "read_article",
    tag = "articles",
    summary = "Reads an article",
    params(
        ("slug" = String, Path, description = "The article's name in its address"),
        (
            "with" = Option<String>,
            Query,
            description = "What else the answer holds, separated by commas: `wall` for the first \
                           page of its wall, `others` for the newest other articles of its \
                           account. Anything else is ignored",
        ),
    ),
    responses(
        (status = 200, description = "The article", body = ArticleWith),
        refusals::One,
    ),
))]
pub async fn read(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let slug = request.param("slug");
    let query = request.query();
    let with = query.get("with").unwrap_or_default();
    let wants = |member| with.split(',').any(|name| name == member);
    let article =
        articles::find(services.db(), &slug, services.now).await?.ok_or(Problem::NotFound)?;
    let wall = match wants("wall") {
        true => wall::read(services.db(), &slug, &Cursor::parse(None)?).await?,
        false => None,
    };
    let others = match wants("others") {
        true => Some(
            articles::list_others(services.db(), &article.summary.id, OTHER_ARTICLES_MAX).await?,
        ),
        false => None,
    };
    Ok(answer::json(200, &ArticleWith { article, wall, others }, CachePolicy::Revalidate)?)
}

/// `GET /api/v1/articles/{slug}/praises?cursor=`: the wall, which never shows an amount.
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/articles/{slug}/praises",
    operation_id = "read_wall",
    tag = "articles",
    summary = "Reads the wall of an article: who praised it, never how much",
    params(
        ("slug" = String, Path, description = "The article's name in its address"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of the wall", body = Wall),
        refusals::ListOfOne,
    ),
))]
pub async fn wall(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let cursor = Cursor::parse(request.query().get("cursor"))?;
    let wall = wall::read(services.db(), &request.param("slug"), &cursor).await?;
    Ok(answer::json(200, &wall.ok_or(Problem::NotFound)?, CachePolicy::Revalidate)?)
}
