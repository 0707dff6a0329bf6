//! The door for a provider's messages: no session, no check of origin; the signature decides.

use serde_json::json;
use shared::limits::JSON_MAX_BYTES;
use shared::problem::Problem;

use crate::http::answer::{self, Keep};
use crate::http::visit::{Answer, Visit};
use crate::notify::{self, Received};
use crate::provider::{PaymentProvider, SignedMessage};

/// `POST /pay/{provider}/notify`: 200 once the message is stored, whatever becomes of it; 401 for
/// what the provider has not signed.
pub async fn receive(mut visit: Visit) -> Answer {
    let body = visit.body(JSON_MAX_BYTES).await?;
    let header = |name| visit.header(name).unwrap_or_default();
    let signed = SignedMessage {
        timestamp: header("Sandbox-Timestamp"),
        signature: header("Sandbox-Signature"),
        body: String::from_utf8(body).map_err(|_| Problem::BrokenBody)?,
    };
    let site = visit.site().await?;
    let ctx = site.context();
    if visit.param("provider") != site.provider.name() {
        return Err(Problem::NotFound.into());
    }
    match notify::receive(&ctx, &signed).await? {
        Received::Forged => {
            let refused = json!({ "code": "FAIL", "message": "signature refused" });
            return Ok(answer::json(401, &refused, Keep::Never)?);
        }
        Received::Stored(message) => {
            // It is stored: what goes wrong now is the job's to mend, not the provider's.
            if let Err(failure) = notify::process(&ctx, &message).await {
                crate::log::warn(&format!(
                    "notify.left id={} event={} cause={failure:?}",
                    visit.request_id(),
                    message.event_id
                ));
            }
        }
        Received::Known => {}
    }
    Ok(answer::json(200, &json!({ "code": "SUCCESS" }), Keep::Never)?)
}
