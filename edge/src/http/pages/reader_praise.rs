//! The receipt of one praise, and its undo, take-back and change of visibility. Opened by the
//! reader's session, or by a signed link that a guest keeps instead of an account.

use app::address;
use app::page::{Content, PraisePage};
use shared::lang::Lang;
use shared::machine::Visibility;
use shared::problem::{Expected, Problem};

use crate::failure::Failure;
use crate::http::answer;
use crate::http::request_context::{Caller, HandlerError, HandlerResult, RequestContext};
use crate::http::services::Services;
use crate::payments::reversal::{self, ReversalRight, VisibilityRight};
use crate::people::identity::Session;
use crate::queries::reader_praises::{self, Reader};
use crate::queries::timeline;

/// `GET /me/praises/{id}`: the receipt. Somebody else's praise is not found.
pub async fn praise(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let opened = open(&request, &services, Access::Session).await?;
    show(&request, &services, opened, None).await
}

/// `POST /me/praises/{id}/undo`
pub async fn undo(request: RequestContext) -> HandlerResult {
    reverse(request, Access::Session, ReversalRight::Undo).await
}

/// `POST /me/praises/{id}/take-back`
pub async fn take_back(request: RequestContext) -> HandlerResult {
    reverse(request, Access::Session, ReversalRight::TakeBack).await
}

/// `POST /me/praises/{id}/visibility`: `visibility`
pub async fn visibility(request: RequestContext) -> HandlerResult {
    change_visibility(request, Access::Session).await
}

/// `GET /r/{token}`: the receipt behind a signed link. A token with a wrong signature is not found.
pub async fn by_link(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let opened = open(&request, &services, Access::SignedLink).await?;
    show(&request, &services, opened, None).await
}

/// `POST /r/{token}/undo`
pub async fn undo_by_link(request: RequestContext) -> HandlerResult {
    reverse(request, Access::SignedLink, ReversalRight::Undo).await
}

/// `POST /r/{token}/take-back`
pub async fn take_back_by_link(request: RequestContext) -> HandlerResult {
    reverse(request, Access::SignedLink, ReversalRight::TakeBack).await
}

/// `POST /r/{token}/visibility`: `visibility`
pub async fn visibility_by_link(request: RequestContext) -> HandlerResult {
    change_visibility(request, Access::SignedLink).await
}

/// What gives access to a praise.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// The session of its reader. The address has the id of the praise.
    Session,
    /// A signed link. The address has the token with the id of the praise.
    SignedLink,
}

/// A praise to which the request has access.
struct OpenedPraise {
    praise_id: String,
    /// The id of its reader.
    person_id: String,
    /// The name that its reader has set.
    reader_name: Option<String>,
    /// `SignedLink` unless the viewer is signed in as the reader, even if a link was opened.
    access: Access,
    /// The session of the request, if there is one. The holder of a signed link need not be the reader.
    session: Option<Session>,
    /// The path of its page.
    path: String,
}

impl Caller for OpenedPraise {}

async fn open(
    request: &RequestContext,
    services: &Services,
    access: Access,
) -> Result<OpenedPraise, HandlerError> {
    match access {
        Access::Session => {
            let session = request.require_session(services).await?;
            let praise_id = request.param("id");
            let path = address::my_praise(&praise_id);
            let (person_id, reader_name) = (session.person_id.clone(), session.name.clone());
            let session = Some(session);
            Ok(OpenedPraise { praise_id, person_id, reader_name, access, session, path })
        }
        Access::SignedLink => {
            let token = request.param("token");
            let signer = request.receipt_signer().ok_or(Problem::NotFound)?;
            let praise_id = signer.praise_id(&token, services.now);
            let praise_id = praise_id.ok_or(Problem::NotFound)?.to_owned();
            let reader = reader_praises::find_reader(services.db(), &praise_id).await?;
            let Reader { person_id, name: reader_name } = reader.ok_or(Problem::NotFound)?;
            let session = request.session(services).await?;
            let is_reader = session.as_ref().is_some_and(|one| one.person_id == person_id);
            let access = if is_reader { Access::Session } else { access };
            let path = address::receipt(&token);
            Ok(OpenedPraise { praise_id, person_id, reader_name, access, session, path })
        }
    }
}

async fn change_visibility(mut request: RequestContext, access: Access) -> HandlerResult {
    let services = request.services().await?;
    let opened = open(&request, &services, access).await?;
    let OpenedPraise { person_id, praise_id, .. } = &opened;
    if access == Access::Session {
        let reader = reader_praises::find_reader(services.db(), praise_id).await?;
        if reader.is_none_or(|reader| reader.person_id != *person_id) {
            return Err(Problem::NotFound.into());
        }
    }
    let form = request.form(&opened).await?;
    let visibility = Visibility::from_name(form.text("visibility"));
    let changed = match visibility {
        Some(visibility) => {
            let right = match opened.access {
                Access::Session => VisibilityRight::Any,
                Access::SignedLink => VisibilityRight::Narrow,
            };
            reversal::change_visibility(services.db(), person_id, praise_id, visibility, right)
                .await
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

async fn reverse(request: RequestContext, access: Access, right: ReversalRight) -> HandlerResult {
    let services = request.services().await?;
    let opened = open(&request, &services, access).await?;
    let OpenedPraise { person_id, praise_id, path, .. } = &opened;
    match reversal::reverse_praise(&services.context(), person_id, praise_id, right).await {
        Ok(()) => Ok(answer::see_other(path)?),
        Err(failure) => refused(&request, &services, opened, failure).await,
    }
}

/// Shows the receipt with the reason of a refusal.
async fn refused(
    request: &RequestContext,
    services: &Services,
    opened: OpenedPraise,
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
    opened: OpenedPraise,
    refusal: Option<Problem>,
) -> HandlerResult {
    let OpenedPraise { praise_id, person_id, reader_name, access, session, path } = opened;
    let detail = reader_praises::find(services.db(), &person_id, &praise_id, services.now).await?;
    let detail = detail.ok_or(Problem::NotFound)?;
    let timeline =
        timeline::find_for_reader(services.db(), &person_id, &praise_id, services.now).await?;
    let timeline = timeline.ok_or(Problem::NotFound)?;
    let status = refusal.as_ref().map_or(200, Problem::status);
    let changed = refusal.is_none() && request.query().get("changed").is_some();
    let can_only_narrow = access == Access::SignedLink;
    let page =
        PraisePage { detail, timeline, path, reader_name, can_only_narrow, refusal, changed };
    request.page(session.as_ref(), Lang::En, status, Content::Praise(Box::new(page)))
}
