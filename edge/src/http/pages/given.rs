//! One praise of the reader: its receipt, and what is done about it; by its reader, or by whoever
//! holds the signed link to it.

use app::address;
use app::page::{Content, PraisePage};
use shared::lang::Lang;
use shared::machine::Visibility;
use shared::problem::{Expected, Problem};

use crate::failure::Failure;
use crate::give_back::{self, Right};
use crate::http::answer;
use crate::http::site::Site;
use crate::http::visit::{Answer, Stop, Visit};
use crate::identity::Session;
use crate::reading::{gifts, timeline};

/// `GET /me/praises/{id}`: somebody else's is not found.
pub async fn praise(visit: Visit) -> Answer {
    show(&visit, By::Reader, None).await
}

/// `POST /me/praises/{id}/undo`
pub async fn undo(visit: Visit) -> Answer {
    go_back(visit, By::Reader, Right::Undo).await
}

/// `POST /me/praises/{id}/take-back`
pub async fn take_back(visit: Visit) -> Answer {
    go_back(visit, By::Reader, Right::TakeBack).await
}

/// `POST /me/praises/{id}/visibility`: `visibility`
pub async fn visibility(visit: Visit) -> Answer {
    change_visibility(visit, By::Reader).await
}

/// `GET /r/{token}`: a token that is not ours is not found.
pub async fn by_link(visit: Visit) -> Answer {
    show(&visit, By::Link, None).await
}

/// `POST /r/{token}/undo`
pub async fn undo_by_link(visit: Visit) -> Answer {
    go_back(visit, By::Link, Right::Undo).await
}

/// `POST /r/{token}/take-back`
pub async fn take_back_by_link(visit: Visit) -> Answer {
    go_back(visit, By::Link, Right::TakeBack).await
}

/// `POST /r/{token}/visibility`: `visibility`
pub async fn visibility_by_link(visit: Visit) -> Answer {
    change_visibility(visit, By::Link).await
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

async fn open(visit: &Visit, site: &Site<'_>, by: By) -> Result<Opened, Stop> {
    match by {
        By::Reader => {
            let session = visit.signed_in(site).await?;
            let praise_id = visit.param("id");
            let path = address::my_praise(&praise_id);
            let person_id = session.person_id.clone();
            Ok(Opened { praise_id, person_id, session: Some(session), path })
        }
        By::Link => {
            let token = visit.param("token");
            let signer = visit.receipt_signer().ok_or(Problem::NotFound)?;
            let praise_id = signer.praise_id(&token).ok_or(Problem::NotFound)?.to_owned();
            let person_id = gifts::reader_of(site.db(), &praise_id).await?;
            let person_id = person_id.ok_or(Problem::NotFound)?;
            let session = visit.session(site).await?;
            Ok(Opened { praise_id, person_id, session, path: address::receipt(&token) })
        }
    }
}

async fn change_visibility(mut visit: Visit, by: By) -> Answer {
    let form = visit.form().await?;
    let chosen = Visibility::from_name(form.text("visibility"));
    let (path, changed) = {
        let site = visit.site().await?;
        let Opened { person_id, praise_id, path, .. } = open(&visit, &site, by).await?;
        let changed = match chosen {
            Some(chosen) => {
                give_back::change_visibility(site.db(), &person_id, &praise_id, chosen).await
            }
            None => {
                let expected = Expected::OneOf("public, writer, anonymous");
                Err(Problem::Field { field: "visibility", expected }.into())
            }
        };
        (path, changed)
    };
    match changed {
        Ok(()) => Ok(answer::see_other(&format!("{path}?changed=1"))?),
        Err(failure) => refused(&visit, by, failure).await,
    }
}

async fn go_back(visit: Visit, by: By, right: Right) -> Answer {
    let (path, done) = {
        let site = visit.site().await?;
        let Opened { person_id, praise_id, path, .. } = open(&visit, &site, by).await?;
        let done = give_back::give_back(&site.context(), &person_id, &praise_id, right).await;
        (path, done)
    };
    match done {
        Ok(()) => Ok(answer::see_other(&path)?),
        Err(failure) => refused(&visit, by, failure).await,
    }
}

/// The receipt, with why nothing was done.
async fn refused(visit: &Visit, by: By, failure: Failure) -> Answer {
    match failure {
        Failure::Refused(problem) if problem != Problem::NotFound => {
            show(visit, by, Some(problem)).await
        }
        failure => Err(failure.into()),
    }
}

async fn show(visit: &Visit, by: By, refusal: Option<Problem>) -> Answer {
    let site = visit.site().await?;
    let Opened { praise_id, person_id, session, path } = open(visit, &site, by).await?;
    let detail = gifts::one(site.db(), &person_id, &praise_id, site.now).await?;
    let detail = detail.ok_or(Problem::NotFound)?;
    let timeline = timeline::of_reader(site.db(), &person_id, &praise_id, site.now).await?;
    let timeline = timeline.ok_or(Problem::NotFound)?;
    let status = refusal.as_ref().map_or(200, Problem::status);
    let changed = refusal.is_none() && visit.query().get("changed").is_some();
    let page = PraisePage { detail, timeline, path, refusal, changed };
    visit.page(session.as_ref(), Lang::En, status, Content::Praise(Box::new(page)))
}
