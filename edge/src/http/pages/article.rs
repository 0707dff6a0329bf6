//! What is read: the front page, articles, official accounts.

use app::page::{AccountPage, ArticlePage, Content, Home, Sheet};
use shared::api::CurrencyLimits;
use shared::id::Kind;
use shared::lang::Lang;
use shared::problem::Problem;

use crate::context::Entropy;
use crate::http::site::PlatformEntropy;
use crate::http::visit::{Answer, Visit};
use crate::reader_limits;
use crate::reading::articles::OTHERS;
use crate::reading::{Cursor, articles, studio, wall};

/// `GET /?cursor=`
pub async fn home(visit: Visit) -> Answer {
    let cursor = Cursor::parse(visit.query().get("cursor"))?;
    let site = visit.site().await?;
    let session = visit.session(&site).await?;
    let page = articles::list(site.db(), &cursor).await?;
    let home = Home { articles: page.items, next_cursor: page.next_cursor };
    visit.page(session.as_ref(), Lang::En, 200, Content::Home(home))
}

/// `GET /a/{slug}?wall=`
pub async fn article(visit: Visit) -> Answer {
    let query = visit.query();
    let cursor = Cursor::parse(query.get("wall"))?;
    let slug = visit.param("slug");
    let site = visit.site().await?;
    let session = visit.session(&site).await?;
    let article = articles::find(site.db(), &slug, site.now).await?.ok_or(Problem::NotFound)?;
    let wall = wall::read(site.db(), &slug, &cursor).await?.ok_or(Problem::NotFound)?;
    let others = articles::others(site.db(), &article.summary.id, OTHERS).await?;
    let lang = article.summary.lang;
    let sheet = match (&session, article.praise.terms.as_ref()) {
        (Some(session), Some(terms)) if article.praise.accepting => {
            let limits = reader_limits::find(site.db(), site.now, &session.person_id).await?;
            let room = limits.in_currency(terms.currency).map(CurrencyLimits::room);
            Some(Sheet { key: fresh_key(), room })
        }
        _ => None,
    };
    let wall_continued = query.get("wall").is_some();
    let why_not = match &session {
        Some(session) if session.accounts > 0 && !article.praise.accepting => {
            let (person, id) = (&session.person_id, &article.summary.id);
            studio::why_not(site.db(), person, id, site.now).await?
        }
        _ => None,
    };
    let page = Box::new(ArticlePage { article, wall, wall_continued, others, sheet });
    let content = match why_not {
        Some(why_not) => Content::OwnArticle(page, why_not),
        None => Content::Article(page),
    };
    visit.page(session.as_ref(), lang, 200, content)
}

/// `GET /@{handle}?cursor=`
pub async fn account(visit: Visit) -> Answer {
    let cursor = Cursor::parse(visit.query().get("cursor"))?;
    let site = visit.site().await?;
    let session = visit.session(&site).await?;
    let view = articles::account(site.db(), &visit.param("handle"), &cursor).await?;
    let view = view.ok_or(Problem::NotFound)?;
    let lang = view.articles.items.first().map_or(Lang::En, |article| article.lang);
    let page = AccountPage {
        account: view.account,
        about: view.about,
        articles: view.articles.items,
        next_cursor: view.articles.next_cursor,
    };
    visit.page(session.as_ref(), lang, 200, Content::Account(page))
}

/// A key for a form's hidden field: one rendering, one intention.
pub fn fresh_key() -> String {
    Kind::Request.id(PlatformEntropy.bytes())
}
