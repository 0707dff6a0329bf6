//! Whether it runs, what it offers, and what it does not have.

use serde_json::json;
use shared::problem::Problem;

use crate::database::{Database, Statement};
use crate::http::answer::{self, Keep};
use crate::http::visit::{Answer, Visit};

/// `GET /healthz`: 200 when the Worker runs and its database answers.
pub async fn healthz(visit: Visit) -> Answer {
    let site = visit.site().await?;
    site.db().batch(vec![Statement::new("SELECT 1 AS one", [])]).await?;
    Ok(answer::json(200, &json!({ "status": "ok", "now": site.now }), Keep::Never)?)
}

/// `GET /api/openapi.json`: the OpenAPI 3.1 document.
pub async fn openapi(_: Visit) -> Answer {
    let document: serde_json::Value = serde_json::from_str(include_str!("../../../openapi.json"))
        .map_err(|error| worker::Error::RustError(error.to_string()))?;
    Ok(answer::json(200, &document, Keep::Revalidate)?)
}

/// Any other address below `/api` or `/pay`.
pub async fn not_found(_: Visit) -> Answer {
    Err(Problem::NotFound.into())
}
