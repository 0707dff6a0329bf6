//! Operators close the tasks that only an operator can end.

use crate::http::answer;
#[cfg(feature = "openapi")]
use crate::http::openapi::refusals;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::people::operator::tasks;
use shared::api::operator::CloseTask;

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
    let CloseTask { kind, subject_id, reason } = request.json(&operator).await?;
    let ctx = services.context();
    tasks::look_at(&ctx, &operator.person_id, &kind, &subject_id, &reason).await?;
    Ok(answer::no_content()?)
}
