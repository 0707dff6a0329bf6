//! One praise as its writer sees it, and the writer's reply.

use app::address;
use app::page::{Content, StudioPraisePage};
use shared::lang::Lang;
use shared::problem::Problem;

use crate::failure::Failure;
use crate::http::answer;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::http::services::Services;
use crate::payments::reply;
use crate::people::identity::Session;
use crate::queries::studio;

/// `GET /studio/praises/{id}`: a praise of somebody else's account, or one that its reader can
/// still undo, is not found.
pub async fn praise(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    show(&request, &services, &session, String::new(), None).await
}

/// `POST /studio/praises/{id}/reply`: `text`
pub async fn reply(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let id = request.param("id");
    let praise = studio::find_praise(services.db(), &session.person_id, &id, services.now).await?;
    praise.ok_or(Problem::NotFound)?;
    let text = request.form(&session).await?.text("text").to_owned();
    match reply::reply(services.db(), services.now, &session.person_id, &id, &text).await {
        Ok(()) => Ok(answer::see_other(&address::studio_praise(&id))?),
        Err(Failure::Refused(problem)) if problem != Problem::NotFound => {
            show(&request, &services, &session, text, Some(problem)).await
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn show(
    request: &RequestContext,
    services: &Services,
    session: &Session,
    typed: String,
    problem: Option<Problem>,
) -> HandlerResult {
    let id = request.param("id");
    let found = studio::find_praise(services.db(), &session.person_id, &id, services.now).await?;
    let found = found.ok_or(Problem::NotFound)?;
    let status = problem.as_ref().map_or(200, Problem::status);
    let page = StudioPraisePage { praise: found.praise, timeline: found.timeline, typed, problem };
    request.page(Some(session), Lang::En, status, Content::StudioPraise(Box::new(page)))
}
