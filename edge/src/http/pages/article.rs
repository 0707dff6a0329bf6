//! The public pages: the front page, articles and official accounts.

use app::page::{AccountPage, ArticlePage, Content, Home, Sheet};
use shared::api::CurrencyLimits;
use shared::id::Kind;
use shared::lang::Lang;
use shared::problem::Problem;

use crate::entropy::Entropy;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::http::services::PlatformEntropy;
use crate::limits::reader_limits;
use crate::pagination::Cursor;
use crate::queries::articles::OTHER_ARTICLES_MAX;
use crate::queries::{articles, studio, wall};

/// `GET /?cursor=`: the front page
pub async fn home(request: RequestContext) -> HandlerResult {
    let cursor = Cursor::parse(request.query().get("cursor"))?;
    let services = request.services().await?;
    let session = request.session(&services).await?;
    let page = articles::list(services.db(), &cursor).await?;
    let home = Home { articles: page.items, next_cursor: page.next_cursor };
    request.page(session.as_ref(), Lang::En, 200, Content::Home(home))
}

/// `GET /a/{slug}?wall=`: an article; `wall` is the cursor of its wall
pub async fn article(request: RequestContext) -> HandlerResult {
    let query = request.query();
    let cursor = Cursor::parse(query.get("wall"))?;
    let slug = request.param("slug");
    let services = request.services().await?;
    let session = request.session(&services).await?;
    let article =
        articles::find(services.db(), &slug, services.now).await?.ok_or(Problem::NotFound)?;
    let wall = wall::read(services.db(), &slug, &cursor).await?.ok_or(Problem::NotFound)?;
    let others =
        articles::list_others(services.db(), &article.summary.id, OTHER_ARTICLES_MAX).await?;
    let lang = article.summary.lang;
    let sheet = match (&session, article.praise.terms.as_ref()) {
        (Some(session), Some(terms)) if article.praise.accepting => {
            let limits =
                reader_limits::find(services.db(), services.now, &session.person_id).await?;
            let room = limits.in_currency(terms.currency).map(CurrencyLimits::room);
            Some(Sheet { key: fresh_key(), room })
        }
        _ => None,
    };
    let wall_continued = query.get("wall").is_some();
    let not_ready = match &session {
        Some(session) if session.accounts > 0 && !article.praise.accepting => {
            let (person, id) = (&session.person_id, &article.summary.id);
            studio::find_not_ready(services.db(), person, id, services.now).await?
        }
        _ => None,
    };
    let page = Box::new(ArticlePage { article, wall, wall_continued, others, sheet });
    let content = match not_ready {
        Some(not_ready) => Content::OwnArticle(page, not_ready),
        None => Content::Article(page),
    };
    request.page(session.as_ref(), lang, 200, content)
}

/// `GET /@{handle}?cursor=`
pub async fn account(request: RequestContext) -> HandlerResult {
    let cursor = Cursor::parse(request.query().get("cursor"))?;
    let services = request.services().await?;
    let session = request.session(&services).await?;
    let view = articles::find_account(services.db(), &request.param("handle"), &cursor).await?;
    let view = view.ok_or(Problem::NotFound)?;
    let lang = view.articles.items.first().map_or(Lang::En, |article| article.lang);
    let page = AccountPage {
        account: view.account,
        about: view.about,
        articles: view.articles.items,
        next_cursor: view.articles.next_cursor,
    };
    request.page(session.as_ref(), lang, 200, Content::Account(page))
}

/// Makes the idempotency key of a form's hidden field, one for each time the form is rendered.
pub fn fresh_key() -> String {
    Kind::Request.id(PlatformEntropy.bytes())
}
