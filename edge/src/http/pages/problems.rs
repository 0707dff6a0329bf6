//! The page of each problem code: what it means and what to do.

use app::page::{Content, ProblemEntryPage};
use shared::lang::Lang;
use shared::problem::Problem;

use crate::http::request_context::{HandlerResult, RequestContext};

/// `GET /problems/{code}`
pub async fn entry(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.session(&services).await?;
    let lang = request.page_context(session.as_ref(), Lang::En).lang;
    let problem = Problem::sample(&request.param("code"), lang).ok_or(Problem::NotFound)?;
    let content = Content::ProblemEntry(ProblemEntryPage { problem });
    request.page(session.as_ref(), Lang::En, 200, content)
}
