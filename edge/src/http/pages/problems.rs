//! What each problem means.

use app::page::{Content, ProblemEntryPage};
use shared::lang::Lang;
use shared::problem::Problem;

use crate::http::visit::{Answer, Visit};

/// `GET /problems/{code}`
pub async fn entry(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let session = visit.session(&site).await?;
    let lang = visit.frame(session.as_ref(), Lang::En).lang;
    let problem = Problem::sample(&visit.param("code"), lang).ok_or(Problem::NotFound)?;
    let content = Content::ProblemEntry(ProblemEntryPage { problem });
    visit.page(session.as_ref(), Lang::En, 200, content)
}
