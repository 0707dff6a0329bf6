//! The person signed in.

use serde_json::Value as Json;
use shared::api::{Me, UpdateMe};
use shared::lang::Lang;
use shared::limits::JSON_MAX_BYTES;
use shared::problem::{Expected, Problem};

use crate::http::answer::{self, Keep};
use crate::http::visit::{Answer, Visit};
use crate::identity;
use crate::reading::{Cursor, gifts};

/// `GET /api/v1/me`
pub async fn read(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let me = Me { id: session.person_id, name: session.name, lang: session.lang };
    Ok(answer::json(200, &me, Keep::Never)?)
}

/// `PUT /api/v1/me`: `UpdateMe` → `Me`
pub async fn update(mut visit: Visit) -> Answer {
    let body = visit.json(JSON_MAX_BYTES).await?;
    let name = match body.get("name") {
        None | Some(Json::Null) => None,
        Some(Json::String(name)) => Some(name.clone()),
        Some(_) => return Err(Problem::Field { field: "name", expected: Expected::Text }.into()),
    };
    let lang = match body.get("lang") {
        None | Some(Json::Null) => None,
        Some(tag) => Some(tag.as_str().and_then(Lang::from_tag).ok_or(Problem::Field {
            field: "lang",
            expected: Expected::OneOf("zh-Hans, en"),
        })?),
    };
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let update = UpdateMe { name, lang };
    let name = identity::update(site.db(), &session.person_id, &update).await?;
    Ok(answer::json(200, &Me { id: session.person_id, name, lang }, Keep::Never)?)
}

/// `GET /api/v1/me/praises?cursor=`
pub async fn praises(visit: Visit) -> Answer {
    let cursor = Cursor::parse(visit.query().get("cursor"))?;
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let page = gifts::list(site.db(), &session.person_id, &cursor).await?;
    Ok(answer::json(200, &page, Keep::Never)?)
}
