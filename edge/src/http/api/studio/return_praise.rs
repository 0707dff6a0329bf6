//! A writer returns a praise to its reader.

use shared::api::Returning;

use crate::http::answer::{self, CachePolicy};
#[cfg(feature = "openapi")]
use crate::http::openapi::refusals;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::payments::reversal::{self, ReversalRight};

/// `POST /api/v1/studio/praises/{id}/return` → `Returning`. Idempotent.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/api/v1/studio/praises/{id}/return",
    operation_id = "return_praise",
    tag = "studio",
    summary = "Sends a praise back to its reader",
    description = "Until it is in a payout, and not while its article is under review. Before its \
        reader can no longer undo it, it is not there for its writer.",
    params(("id" = String, Path, description = "`prs_…`")),
    responses(
        (status = 200, description = "Where it stands now", body = Returning),
        refusals::ReturnPraise,
    ),
    security(("session" = []), ("session_without_tls" = [])),
))]
pub async fn return_praise(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let id = request.param("id");
    reversal::reverse_praise(&services.context(), &session.person_id, &id, ReversalRight::Writer)
        .await?;
    let state = reversal::state(services.db(), &id).await?;
    Ok(answer::json(200, &Returning { id, state }, CachePolicy::Never)?)
}
