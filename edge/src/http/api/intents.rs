//! Where an attempt stands.

use shared::machine::IntentState;
use shared::problem::Problem;

use crate::http::answer::{self, Keep};
use crate::http::visit::{Answer, Visit};
use crate::praise::{intent, order};

/// `GET /api/v1/intents/{id}`: the reader's own; somebody else's is not found.
pub async fn one(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let view = intent::find(site.db(), &session.person_id, &visit.param("id")).await?;
    Ok(answer::json(200, &view.ok_or(Problem::NotFound)?.intent, Keep::Never)?)
}

/// `POST /api/v1/intents/{id}/cancel`: ends it, by the provider's word. One that turns out to be
/// paid is booked instead, and the answer says so.
pub async fn cancel(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let id = visit.param("id");
    let view = intent::find(site.db(), &session.person_id, &id).await?;
    let view = view.ok_or(Problem::NotFound)?;
    if view.intent.state == IntentState::AwaitingPayment {
        order::cancel(&site.context(), &view.order_id).await?;
    }
    let view = intent::find(site.db(), &session.person_id, &id).await?;
    Ok(answer::json(200, &view.ok_or(Problem::NotFound)?.intent, Keep::Never)?)
}
