//! The operators' side. To everybody else it is not there.

pub mod freezes;
pub mod invitations;
pub mod returns;
pub mod tasks;

use shared::limits::JSON_MAX_BYTES;
use shared::machine::{AccountKind, AccountStatus};
use shared::problem::{Expected, Problem};

use crate::http::answer::{self, Keep};
use crate::http::fields;
use crate::http::visit::{Answer, Visit};
use crate::operator::{accounts, stop};
use crate::reading::{Cursor, operators};
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    crate::reading::operators::{AuditEntry, OperatorTask},
    shared::api::Page,
    shared::api::operator::{AccountStanding, ChangeAccount, GlobalStop},
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

/// `PUT /api/v1/operator/stop`: `GlobalStop`
#[cfg_attr(feature = "openapi", utoipa::path(
    put,
    path = "/api/v1/operator/stop",
    operation_id = "stop_praises",
    tag = "operator",
    summary = "Stops new praises everywhere",
    description = "Everything that is owed still moves: payouts, refunds, appeals.",
    request_body = GlobalStop,
    responses(
        (status = 204, description = "Stopped"),
        refusals::OperatorText,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn stop(mut visit: Visit) -> Answer {
    let operator = {
        let site = visit.site().await?;
        visit.operator(&site).await?
    };
    let body = visit.json(JSON_MAX_BYTES).await?;
    let site = visit.site().await?;
    stop::on(&site.context(), &operator.person_id, fields::text(&body, "reason")?).await?;
    Ok(answer::no_content()?)
}

/// `DELETE /api/v1/operator/stop`
#[cfg_attr(feature = "openapi", utoipa::path(
    delete,
    path = "/api/v1/operator/stop",
    operation_id = "resume_praises",
    tag = "operator",
    summary = "Lets praises start again",
    responses(
        (status = 204, description = "Nothing is stopped"),
        refusals::ChangeOwnOne,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn resume(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let operator = visit.operator(&site).await?;
    stop::off(&site.context(), &operator.person_id).await?;
    Ok(answer::no_content()?)
}

/// `PUT /api/v1/operator/accounts/{handle}`: `ChangeAccount` → `AccountStanding`
#[cfg_attr(feature = "openapi", utoipa::path(
    put,
    path = "/api/v1/operator/accounts/{handle}",
    operation_id = "change_account",
    tag = "operator",
    summary = "Sets whether an official account receives, and of what kind it is",
    params(("handle" = String, Path, description = "Handle of the official account")),
    request_body = ChangeAccount,
    responses(
        (status = 200, description = "How it stands now", body = AccountStanding),
        refusals::OperatorDecision,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn account(mut visit: Visit) -> Answer {
    let operator = {
        let site = visit.site().await?;
        visit.operator(&site).await?
    };
    let body = visit.json(JSON_MAX_BYTES).await?;
    let status = match body.get("status") {
        None => None,
        Some(name) => {
            Some(name.as_str().and_then(AccountStatus::from_name).ok_or(Problem::Field {
                field: "status",
                expected: Expected::OneOf("active, suspended"),
            })?)
        }
    };
    let kind = match body.get("kind") {
        None => None,
        Some(name) => {
            Some(name.as_str().and_then(AccountKind::from_name).ok_or(Problem::Field {
                field: "kind",
                expected: Expected::OneOf("individual, organization"),
            })?)
        }
    };
    let site = visit.site().await?;
    let handle = visit.param("handle");
    let standing =
        accounts::change(&site.context(), &operator.person_id, &handle, status, kind).await?;
    Ok(answer::json(200, &standing, Keep::Never)?)
}
