//! The writer's side.

use serde_json::{Value as Json, json};
use shared::api::PublishArticle;
use shared::lang::Lang;
use shared::limits::{ARTICLE_MAX_BYTES, JSON_MAX_BYTES};
use shared::problem::{Expected, Problem};

use crate::http::answer::{self, Keep};
use crate::http::site::{PlatformEntropy, Site};
use crate::http::visit::{Answer, Stop, Visit};
use crate::identity::token::{self, PUBLISH};
use crate::publish;
use crate::reading::{Cursor, studio};

/// An article as JSON: the text, escaped at worst sixfold, and its fields.
const PUBLISH_MAX_BYTES: usize = 6 * ARTICLE_MAX_BYTES + JSON_MAX_BYTES;

/// `GET /api/v1/studio/accounts`
pub async fn accounts(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let items = studio::accounts(site.db(), &session.person_id, site.now).await?;
    Ok(answer::json(200, &json!({ "items": items, "next_cursor": null }), Keep::Never)?)
}

/// `GET /api/v1/studio/accounts/{handle}/praises?cursor=`
pub async fn praises(visit: Visit) -> Answer {
    let cursor = Cursor::parse(visit.query().get("cursor"))?;
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let handle = visit.param("handle");
    let page =
        studio::praises(site.db(), &session.person_id, &handle, &cursor, site.now).await?;
    Ok(answer::json(200, &page.ok_or(Problem::NotFound)?, Keep::Never)?)
}

/// `POST /api/v1/studio/articles`: `PublishArticle` → 201 `PublishedArticle`, or 200 when an
/// article of this account with this slug was replaced. With a session, or with a token of scope
/// `publish`.
pub async fn publish(mut visit: Visit) -> Answer {
    // Nobody unknown may make the Worker read megabytes.
    let person_id = {
        let site = visit.site().await?;
        writer(&visit, &site).await?
    };
    let body = visit.json(PUBLISH_MAX_BYTES).await?;
    let new = read(&body)?;
    let site = visit.site().await?;
    let published =
        publish::publish(site.db(), &PlatformEntropy, site.now, &person_id, &new).await?;
    let status = if published.created { 201 } else { 200 };
    let response = answer::json(status, &published, Keep::Never)?;
    response.headers().set("Location", &published.path)?;
    Ok(response)
}

/// `GET /api/v1/studio/tokens`
pub async fn tokens(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let items = token::list(site.db(), &session.person_id).await?;
    Ok(answer::json(200, &json!({ "items": items, "next_cursor": null }), Keep::Never)?)
}

/// `POST /api/v1/studio/tokens`: `CreateToken` → 201 `CreatedToken`, shown this once.
pub async fn create_token(mut visit: Visit) -> Answer {
    let body = visit.json(JSON_MAX_BYTES).await?;
    let label = required(&body, "label")?.to_owned();
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let created =
        token::create(site.db(), &PlatformEntropy, site.now, &session.person_id, &label).await?;
    Ok(answer::json(201, &created, Keep::Never)?)
}

/// `DELETE /api/v1/studio/tokens/{id}`
pub async fn revoke_token(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    token::revoke(site.db(), site.now, &session.person_id, &visit.param("id")).await?;
    Ok(answer::no_content()?)
}

/// The writer behind a bearer token or a session.
async fn writer(visit: &Visit, site: &Site<'_>) -> Result<String, Stop> {
    let Some(header) = visit.header("Authorization") else {
        return Ok(visit.signed_in(site).await?.person_id);
    };
    let bearer = header.strip_prefix("Bearer ").ok_or(Problem::TokenRefused)?;
    let person = token::person(site.db(), bearer.trim(), PUBLISH).await?;
    Ok(person.ok_or(Problem::TokenRefused)?)
}

fn read(body: &Json) -> Result<PublishArticle, Problem> {
    let lang = required(body, "lang")?;
    let lang = Lang::from_tag(lang)
        .ok_or(Problem::Field { field: "lang", expected: Expected::OneOf("zh-Hans, en") })?;
    Ok(PublishArticle {
        account: optional(body, "account")?,
        title: required(body, "title")?.to_owned(),
        lang,
        author: optional(body, "author")?,
        slug: optional(body, "slug")?,
        markdown: required(body, "markdown")?.to_owned(),
    })
}

fn required<'a>(body: &'a Json, field: &'static str) -> Result<&'a str, Problem> {
    let text = body.get(field).and_then(Json::as_str);
    text.ok_or(Problem::Field { field, expected: Expected::Text })
}

fn optional(body: &Json, field: &'static str) -> Result<Option<String>, Problem> {
    match body.get(field) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Problem::Field { field, expected: Expected::Text }),
    }
}
