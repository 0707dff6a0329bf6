//! The operators' side. To everybody else it is not there.

pub mod invitations;

use crate::http::answer::{self, Keep};
use crate::http::visit::{Answer, Visit};
use crate::reading::{Cursor, operators};
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    crate::reading::operators::{AuditEntry, OperatorTask},
    shared::api::Page,
};

/// `GET /api/v1/operator/audit?cursor=`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/operator/audit",
    operation_id = "list_audit",
    tag = "operator",
    summary = "Lists what operators did, newest first",
    params(("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses(
        (status = 200, description = "A page of deeds", body = Page<AuditEntry>),
        refusals::OwnListOfOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn audit(visit: Visit) -> Answer {
    let site = visit.site().await?;
    visit.operator(&site).await?;
    let cursor = Cursor::parse(visit.query().get("cursor"))?;
    Ok(answer::json(200, &operators::audit(site.db(), &cursor).await?, Keep::Never)?)
}

/// `GET /api/v1/operator/tasks?cursor=`
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/v1/operator/tasks",
    operation_id = "list_operator_tasks",
    tag = "operator",
    summary = "Lists what waits for an operator, by its deadline",
    params(("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses(
        (status = 200, description = "A page of open tasks", body = Page<OperatorTask>),
        refusals::OwnListOfOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn tasks(visit: Visit) -> Answer {
    let site = visit.site().await?;
    visit.operator(&site).await?;
    let cursor = operators::ascending(visit.query().get("cursor"))?;
    Ok(answer::json(200, &operators::tasks(site.db(), &cursor).await?, Keep::Never)?)
}
