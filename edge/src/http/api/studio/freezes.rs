//! The freeze of an article, as its writer sees it.

use shared::limits::JSON_MAX_BYTES;
use shared::problem::Problem;

use crate::freeze;
use crate::http::answer::{self, Keep};
use crate::http::fields;
use crate::http::site::Site;
use crate::http::visit::{Answer, Visit};
use crate::reading::freezes;
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    shared::api::operator::{Appeal, Freeze},
};

/// `GET /api/v1/studio/articles/{slug}/freeze` → `Freeze`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/studio/articles/{slug}/freeze",
    operation_id = "read_own_freeze",
    tag = "studio",
    summary = "Says where the newest freeze of an article stands, and until when one may appeal",
    params(("slug" = String, Path, description = "Name of the article in its address")),
    responses(
        (status = 200, description = "The freeze", body = Freeze),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn one(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    shown(&site, &session.person_id, &visit.param("slug")).await
}

/// `POST /api/v1/studio/articles/{slug}/appeal`: `Appeal` → `Freeze`. Saying the same again changes
/// nothing.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/studio/articles/{slug}/appeal",
    operation_id = "appeal",
    tag = "studio",
    summary = "Appeals against the freeze of an article, once",
    params(("slug" = String, Path, description = "Name of the article in its address")),
    request_body = Appeal,
    responses(
        (status = 200, description = "The freeze, appealed", body = Freeze),
        refusals::Appeal,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn appeal(mut visit: Visit) -> Answer {
    let body = visit.json(JSON_MAX_BYTES).await?;
    let text = fields::text(&body, "text")?;
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let slug = visit.param("slug");
    freeze::appeal(&site.context(), &session.person_id, &slug, text).await?;
    shown(&site, &session.person_id, &slug).await
}

async fn shown(site: &Site<'_>, writer_id: &str, slug: &str) -> Answer {
    let freeze = freezes::of_writer(site.db(), writer_id, slug).await?;
    Ok(answer::json(200, &freeze.ok_or(Problem::NotFound)?, Keep::Never)?)
}
