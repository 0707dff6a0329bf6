//! Operators close the tasks that only an operator can end.

use shared::limits::JSON_MAX_BYTES;

use crate::http::request_context::{HandlerResult, RequestContext};
use crate::http::{answer, fields};
use crate::people::operator::tasks;
#[cfg(feature = "openapi")]
use {crate::http::openapi::refusals, shared::api::operator::CloseTask};

/// `POST /api/v1/operator/tasks/close`: `CloseTask` → 204. Idempotent.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/operator/tasks/close",
    operation_id = "close_operator_task",
    tag = "operator",
    summary = "Closes a task that does not end by itself",
    description = "Kinds `contradicted`, `payout_contradicted` and `job_failed`, and `dispute` \
                   where no dispute is booked. Every other task ends with what it is about.",
    request_body = CloseTask,
    responses(
        (status = 204, description = "Closed, now or before in the same words"),
        refusals::CloseTask,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn close(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let operator = request.require_operator(&services).await?;
    let body = request.json(&operator, JSON_MAX_BYTES).await?;
    let (kind, subject) = (fields::text(&body, "kind")?, fields::text(&body, "subject_id")?);
    let reason = fields::text(&body, "reason")?;
    tasks::look_at(&services.context(), &operator.person_id, kind, subject, reason).await?;
    Ok(answer::no_content()?)
}
