//! One praise as its writer sees it, and the reply to it.

use app::address;
use app::page::{Content, StudioPraisePage};
use shared::lang::Lang;
use shared::problem::Problem;

use crate::failure::Failure;
use crate::http::answer;
use crate::http::visit::{Answer, Visit};
use crate::reading::studio;
use crate::reply;

/// `GET /studio/praises/{id}`: somebody else's, and one that its reader can still undo, is not found.
pub async fn praise(visit: Visit) -> Answer {
    show(&visit, String::new(), None).await
}

/// `POST /studio/praises/{id}/reply`: `text`
pub async fn reply(mut visit: Visit) -> Answer {
    let text = visit.form().await?.text("text").to_owned();
    let id = visit.param("id");
    let said = {
        let site = visit.site().await?;
        let session = visit.signed_in(&site).await?;
        reply::reply(site.db(), site.now, &session.person_id, &id, &text).await
    };
    match said {
        Ok(()) => Ok(answer::see_other(&address::studio_praise(&id))?),
        Err(Failure::Refused(problem)) if problem != Problem::NotFound => {
            show(&visit, text, Some(problem)).await
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn show(visit: &Visit, typed: String, problem: Option<Problem>) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let id = visit.param("id");
    let found = studio::praise(site.db(), &session.person_id, &id, site.now).await?;
    let found = found.ok_or(Problem::NotFound)?;
    let status = problem.as_ref().map_or(200, Problem::status);
    let page = StudioPraisePage { praise: found.praise, timeline: found.timeline, typed, problem };
    visit.page(Some(&session), Lang::En, status, Content::StudioPraise(Box::new(page)))
}
