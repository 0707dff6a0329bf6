//! One praise of the reader: its receipt, and what is done about it; by its reader, or by whoever
//! holds the signed link to it.

use app::address;
use app::page::{Content, PraisePage};
use shared::lang::Lang;
use shared::machine::Visibility;
use shared::problem::{Expected, Problem};

use crate::failure::Failure;
use crate::http::answer;
use crate::http::request_context::{HandlerError, HandlerResult, RequestContext};
use crate::http::services::Services;
use crate::payments::reversal::{self, ReversalRight};
use crate::people::identity::Session;
use crate::queries::{reader_praises, timeline};

/// `GET /me/praises/{id}`: somebody else's is not found.
pub async fn praise(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let opened = open(&request, &services, By::Reader).await?;
    show(&request, &services, opened, None).await
}

/// `POST /me/praises/{id}/undo`
pub async fn undo(request: RequestContext) -> HandlerResult {
    reverse(request, By::Reader, ReversalRight::Undo).await
}

/// `POST /me/praises/{id}/take-back`
pub async fn take_back(request: RequestContext) -> HandlerResult {
    reverse(request, By::Reader, ReversalRight::TakeBack).await
}

/// `POST /me/praises/{id}/visibility`: `visibility`
pub async fn visibility(request: RequestContext) -> HandlerResult {
    change_visibility(request, By::Reader).await
}

/// `GET /r/{token}`: a token that is not ours is not found.
pub async fn by_link(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let opened = open(&request, &services, By::Link).await?;
    show(&request, &services, opened, None).await
}

/// `POST /r/{token}/undo`
pub async fn undo_by_link(request: RequestContext) -> HandlerResult {
    reverse(request, By::Link, ReversalRight::Undo).await
}

/// `POST /r/{token}/take-back`
pub async fn take_back_by_link(request: RequestContext) -> HandlerResult {
    reverse(request, By::Link, ReversalRight::TakeBack).await
}

/// `POST /r/{token}/visibility`: `visibility`
pub async fn visibility_by_link(request: RequestContext) -> HandlerResult {
    change_visibility(request, By::Link).await
}

/// What opens a praise.
#[derive(Clone, Copy)]
enum By {
    /// The session of its reader; the address names the praise.
    Reader,
    /// The signature in the address.
    Link,
}

/// A praise that was opened.
struct Opened {
    praise_id: String,
    /// Its reader.
    person_id: String,
    /// Who looks, where that is a session.
    session: Option<Session>,
    /// Where its page is.
    path: String,
}

async fn open(
    request: &RequestContext,
    services: &Services,
    by: By,
) -> Result<Opened, HandlerError> {
    match by {
        By::Reader => {
            let session = request.require_session(services).await?;
            let praise_id = request.param("id");
            let path = address::my_praise(&praise_id);
            let person_id = session.person_id.clone();
            Ok(Opened { praise_id, person_id, session: Some(session), path })
        }
        By::Link => {
            let token = request.param("token");
            let signer = request.receipt_signer().ok_or(Problem::NotFound)?;
            let praise_id = signer.praise_id(&token).ok_or(Problem::NotFound)?.to_owned();
            let person_id = reader_praises::reader_id(services.db(), &praise_id).await?;
            let person_id = person_id.ok_or(Problem::NotFound)?;
            let session = request.session(services).await?;
            Ok(Opened { praise_id, person_id, session, path: address::receipt(&token) })
        }
    }
}

async fn change_visibility(mut request: RequestContext, by: By) -> HandlerResult {
    let form = request.form().await?;
    let chosen = Visibility::from_name(form.text("visibility"));
    let services = request.services().await?;
    let opened = open(&request, &services, by).await?;
    let changed = match chosen {
        Some(chosen) => {
            let Opened { person_id, praise_id, .. } = &opened;
            reversal::change_visibility(services.db(), person_id, praise_id, chosen).await
        }
        None => {
            let expected = Expected::OneOf("public, writer, anonymous");
            Err(Problem::Field { field: "visibility", expected }.into())
        }
    };
    match changed {
        Ok(()) => Ok(answer::see_other(&format!("{}?changed=1", opened.path))?),
        Err(failure) => refused(&request, &services, opened, failure).await,
    }
}

async fn reverse(request: RequestContext, by: By, right: ReversalRight) -> HandlerResult {
    let services = request.services().await?;
    let opened = open(&request, &services, by).await?;
    let Opened { person_id, praise_id, path, .. } = &opened;
    match reversal::reverse_praise(&services.context(), person_id, praise_id, right).await {
        Ok(()) => Ok(answer::see_other(path)?),
        Err(failure) => refused(&request, &services, opened, failure).await,
    }
}

/// The receipt, with why nothing was done.
async fn refused(
    request: &RequestContext,
    services: &Services,
    opened: Opened,
    failure: Failure,
) -> HandlerResult {
    match failure {
        Failure::Refused(problem) if problem != Problem::NotFound => {
            show(request, services, opened, Some(problem)).await
        }
        failure => Err(failure.into()),
    }
}

async fn show(
    request: &RequestContext,
    services: &Services,
    opened: Opened,
    refusal: Option<Problem>,
) -> HandlerResult {
    let Opened { praise_id, person_id, session, path } = opened;
    let detail = reader_praises::find(services.db(), &person_id, &praise_id, services.now).await?;
    let detail = detail.ok_or(Problem::NotFound)?;
    let timeline =
        timeline::find_for_reader(services.db(), &person_id, &praise_id, services.now).await?;
    let timeline = timeline.ok_or(Problem::NotFound)?;
    let status = refusal.as_ref().map_or(200, Problem::status);
    let changed = refusal.is_none() && request.query().get("changed").is_some();
    let page = PraisePage { detail, timeline, path, refusal, changed };
    request.page(session.as_ref(), Lang::En, status, Content::Praise(Box::new(page)))
}
