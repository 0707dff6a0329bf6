//! The health check, the OpenAPI document, and the answer to unknown addresses.

use serde::Serialize;
use shared::calendar::Moment;
use shared::problem::Problem;

use crate::database::{Database, Statement};
use crate::http::answer::{self, CachePolicy};
#[cfg(feature = "openapi")]
use crate::http::openapi::refusals;
use crate::http::request_context::{HandlerResult, RequestContext};

/// What a Worker says that runs.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// `ok`
    status: &'static str,
    /// The moment, by the deployment's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    now: Moment,
}

/// `GET /healthz`: 200 when the Worker runs and its database answers.
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/healthz",
    operation_id = "healthz",
    tag = "service",
    summary = "Says whether the Worker runs and its database answers",
    responses(
        (status = 200, description = "Both do", body = Health),
        refusals::Always,
    ),
))]
pub async fn healthz(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    services.db().batch(vec![Statement::new("SELECT 1 AS one", [])]).await?;
    Ok(answer::json(200, &Health { status: "ok", now: services.now }, CachePolicy::Never)?)
}

/// `GET /api/openapi.json`: the OpenAPI 3.1 document.
#[cfg_attr(feature = "openapi", utoipa::path(
    get,
    path = "/api/openapi.json",
    operation_id = "openapi",
    tag = "service",
    summary = "This document",
    responses(
        (status = 200, description = "An OpenAPI 3.1 document", body = Object),
        refusals::Always,
    ),
))]
pub async fn openapi(_: RequestContext) -> HandlerResult {
    Ok(answer::json_text(200, include_str!("../../../openapi.json"), CachePolicy::Revalidate)?)
}

/// Answers any other address below `/api` or `/pay` with `not_found`.
pub async fn not_found(_: RequestContext) -> HandlerResult {
    Err(Problem::NotFound.into())
}
