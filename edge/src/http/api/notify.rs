//! The webhook of a payment provider. Its requests have no session and skip the check of the
//! origin; their signature authenticates them.

use serde::Serialize;
use shared::limits::JSON_MAX_BYTES;
use shared::problem::Problem;

use crate::http::answer::{self, CachePolicy};
#[cfg(feature = "openapi")]
use crate::http::openapi::refusals;
use crate::http::request_context::{Anyone, HandlerResult, RequestContext};
use crate::payments::webhook::{self, Received};
use crate::provider::{PaymentProvider, SignedMessage};

/// The answer to a provider, in the form that providers expect.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// `SUCCESS` once the message is stored, else `FAIL`.
    code: &'static str,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
}

/// `POST /pay/{provider}/notify`: 200 once the message is stored, even if processing it fails; 401
/// if the provider's signature is missing or wrong.
#[cfg_attr(feature = "openapi", utoipa::path(
    post,
    path = "/pay/{provider}/notify",
    operation_id = "receive_message",
    tag = "providers",
    summary = "Takes a message of a payment provider",
    description = "There is no session and no check of where it comes from: the signature decides. \
        The headers are those of the sandbox provider.",
    params(
        ("provider" = String, Path, description = "Name of the provider that this deployment uses"),
        ("Sandbox-Timestamp" = String, Header, description = "Unix seconds, within 300 s of now"),
        ("Sandbox-Signature" = String, Header,
            description = "HMAC-SHA256 over timestamp, line feed and body, in hexadecimal"),
    ),
    request_body(content = Object, description = "The message, as signed"),
    responses(
        (status = 200, description = "Stored, now or before", body = Receipt),
        (status = 401, description = "Not signed by the provider, or not from now", body = Receipt),
        refusals::Notify,
    ),
))]
pub async fn receive(mut request: RequestContext) -> HandlerResult {
    let body = request.body(&Anyone, JSON_MAX_BYTES).await?;
    let header = |name| request.header(name).unwrap_or_default();
    let signed = SignedMessage {
        timestamp: header("Sandbox-Timestamp"),
        signature: header("Sandbox-Signature"),
        body: String::from_utf8(body).map_err(|_| Problem::BrokenBody)?,
    };
    let services = request.services().await?;
    let ctx = services.context();
    if request.param("provider") != services.provider.name() {
        return Err(Problem::NotFound.into());
    }
    match webhook::receive(&ctx, &signed).await? {
        Received::Invalid => {
            let refused = Receipt { code: "FAIL", message: Some("signature refused") };
            return Ok(answer::json(401, &refused, CachePolicy::Never)?);
        }
        Received::Stored(arrival) => {
            // The message is stored, so its job retries a failure. The provider need not send it
            // again.
            if let Err(failure) = webhook::process(&ctx, &arrival).await {
                crate::log::warn(&format!(
                    "notify.left id={} event={} cause={failure:?}",
                    request.request_id(),
                    arrival.message.event_id
                ));
            }
        }
        Received::AlreadyProcessed => {}
    }
    Ok(answer::json(200, &Receipt { code: "SUCCESS", message: None }, CachePolicy::Never)?)
}
