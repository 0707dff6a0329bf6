//! A reader's praise after it was given.

use serde_json::Value as Json;
use shared::limits::JSON_MAX_BYTES;
use shared::machine::Visibility;
use shared::problem::{Expected, Problem};

use crate::give_back::{self, Right};
use crate::http::answer::{self, Keep};
use crate::http::site::Site;
use crate::http::visit::{Answer, Visit};
use crate::reading::gifts;
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    shared::api::{ChangeVisibility, PraiseDetail},
};

/// `GET /api/v1/praises/{id}` → `PraiseDetail`: the reader's own; somebody else's is not found.
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/praises/{id}",
    operation_id = "read_praise",
    tag = "praises",
    summary = "Reads a praise of the reader",
    description = "Where it stands, and what can be done about it until when.",
    params(("id" = String, Path, description = "`prs_…`")),
    responses(
        (status = 200, description = "The praise", body = PraiseDetail),
        refusals::OwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn one(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    detail(&site, &session.person_id, &visit.param("id")).await
}

/// `POST /api/v1/praises/{id}/undo` → `PraiseDetail`. Asking twice is one request.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/praises/{id}/undo",
    operation_id = "undo_praise",
    tag = "praises",
    summary = "Undoes a praise within its minutes",
    description = "As if it had not been: the whole amount goes back, and the room it took in \
        every limit with it. One that is on its way back already stays as it is.",
    params(("id" = String, Path, description = "`prs_…`")),
    responses(
        (status = 200, description = "The praise as it is now", body = PraiseDetail),
        refusals::Undo,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn undo(visit: Visit) -> Answer {
    go_back(visit, Right::Undo).await
}

/// `POST /api/v1/praises/{id}/take-back` → `PraiseDetail`. Asking twice is one request.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/praises/{id}/take-back",
    operation_id = "take_praise_back",
    tag = "praises",
    summary = "Takes a praise back until it is due, three a month",
    description = "Without a reason. The whole amount goes back; the room of the day does not. One \
        that is on its way back already stays as it is.",
    params(("id" = String, Path, description = "`prs_…`")),
    responses(
        (status = 200, description = "The praise as it is now", body = PraiseDetail),
        refusals::TakeBack,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn take_back(visit: Visit) -> Answer {
    go_back(visit, Right::TakeBack).await
}

/// `PUT /api/v1/praises/{id}/visibility`: `ChangeVisibility` → `PraiseDetail`, while it stands.
#[cfg_attr(feature = "openapi", utoipa::path(
    put,
    path = "/api/v1/praises/{id}/visibility",
    operation_id = "change_praise_visibility",
    tag = "praises",
    summary = "Changes who sees a praise",
    description = "At any time while it stands; the wall follows at once.",
    params(("id" = String, Path, description = "`prs_…`")),
    request_body = ChangeVisibility,
    responses(
        (status = 200, description = "The praise as it is now", body = PraiseDetail),
        refusals::ChangeVisibility,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn visibility(mut visit: Visit) -> Answer {
    let body = visit.json(JSON_MAX_BYTES).await?;
    let visibility = body.get("visibility").and_then(Json::as_str).and_then(Visibility::from_name);
    let expected = Expected::OneOf("public, writer, anonymous");
    let visibility = visibility.ok_or(Problem::Field { field: "visibility", expected })?;
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let id = visit.param("id");
    give_back::change_visibility(site.db(), &session.person_id, &id, visibility).await?;
    detail(&site, &session.person_id, &id).await
}

async fn go_back(visit: Visit, right: Right) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let id = visit.param("id");
    give_back::give_back(&site.context(), &session.person_id, &id, right).await?;
    detail(&site, &session.person_id, &id).await
}

async fn detail(site: &Site<'_>, person_id: &str, praise_id: &str) -> Answer {
    let found = gifts::one(site.db(), person_id, praise_id, site.now).await?;
    Ok(answer::json(200, &found.ok_or(Problem::NotFound)?, Keep::Never)?)
}
