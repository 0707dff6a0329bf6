//! The operators' API. Everybody else gets `not_found`.

pub mod freezes;
pub mod invitations;
pub mod links;
pub mod returns;
pub mod tasks;

use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::pagination::Cursor;
use crate::people::operator::{accounts, stop};
use crate::queries::operators;
use shared::api::operator::{ChangeAccount, GlobalStop};
#[cfg(feature = "openapi")]
use {
    crate::http::openapi::refusals,
    crate::queries::operators::{AuditEntry, OperatorTask},
    shared::api::Page,
    shared::api::operator::AccountStanding,
};

/// `GET /api/v1/operator/audit?cursor=`: the operators' actions, newest first
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
pub async fn audit(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    request.require_operator(&services).await?;
    let cursor = Cursor::parse(request.query().get("cursor"))?;
    Ok(answer::json(
        200,
        &operators::list_audit(services.db(), &cursor).await?,
        CachePolicy::Never,
    )?)
}

/// `GET /api/v1/operator/tasks?cursor=`: the open tasks, the earliest deadline first
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
pub async fn tasks(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    request.require_operator(&services).await?;
    let cursor = operators::parse_ascending_cursor(request.query().get("cursor"))?;
    Ok(answer::json(
        200,
        &operators::list_tasks(services.db(), &cursor).await?,
        CachePolicy::Never,
    )?)
}

/// `PUT /api/v1/operator/stop`: `GlobalStop` → 204. No praise can start until the stop is removed.
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
pub async fn stop(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let GlobalStop { reason } = request.json(&operator).await?;
    stop::on(&services.context(), &operator.person_id, &reason).await?;
    Ok(answer::no_content()?)
}

/// `DELETE /api/v1/operator/stop` → 204
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
pub async fn resume(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    stop::off(&services.context(), &operator.person_id).await?;
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
pub async fn account(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let ChangeAccount { status, kind } = request.json(&operator).await?;
    let handle = request.param("handle");
    let standing =
        accounts::change(&services.context(), &operator.person_id, &handle, status, kind).await?;
    Ok(answer::json(200, &standing, CachePolicy::Never)?)
}
