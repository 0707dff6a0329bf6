//! What a reader's bank does at the sandbox, over the control API.

use serde_json::json;
use shared::limits::JSON_MAX_BYTES;
use shared::problem::{Expected, Problem};

use super::cashier::{deliver, sandbox};
use crate::http::answer::{self, Keep};
use crate::http::site::Site;
use crate::http::visit::{Answer, Stop, Visit};
use crate::provider::sandbox::disputes::Decision;

/// `POST /sandbox/api/orders/{order}/dispute` → 201 `{"number":…}`: the bank of whoever paid this
/// order disputes it. 404 where nothing was paid, or a bank has taken it for good.
pub async fn open(visit: Visit) -> Answer {
    let order = visit.param("order");
    let site = visit.site().await?;
    let number = sandbox(&site)?.open_dispute(&order, site.now).await?;
    let number = number.ok_or(Problem::NotFound)?;
    tell(&site, &number).await?;
    Ok(answer::json(201, &json!({ "number": number }), Keep::Never)?)
}

/// `POST /sandbox/api/disputes/{number}/decide` with `{"outcome":"won"|"lost"}` → 204: the bank
/// decides. One that is decided stays so, and the message about it is sent again.
pub async fn decide(mut visit: Visit) -> Answer {
    let body = visit.json(JSON_MAX_BYTES).await?;
    let outcome = body.get("outcome").and_then(serde_json::Value::as_str).unwrap_or_default();
    let decision = Decision::from_name(outcome)
        .ok_or(Problem::Field { field: "outcome", expected: Expected::OneOf("won, lost") })?;
    let number = visit.param("number");
    let site = visit.site().await?;
    if !sandbox(&site)?.decide_dispute(&number, decision, site.now).await? {
        return Err(Problem::NotFound.into());
    }
    tell(&site, &number).await?;
    Ok(answer::no_content()?)
}

async fn tell(site: &Site<'_>, number: &str) -> Result<(), Stop> {
    for message in sandbox(site)?.dispute_messages(number, site.now).await? {
        deliver(&site.context(), &message).await;
    }
    Ok(())
}
