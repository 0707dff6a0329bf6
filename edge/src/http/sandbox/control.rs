//! The control API, for tests and demos: time, faults, people, accounts, jobs and self-checks.

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use shared::calendar::Moment;
use shared::lang::Lang;
use shared::money::Currency;
use shared::problem::{Expected, Problem};

use super::cashier::{deliver, sandbox};
use super::{clock, fields};
use crate::context::Context;
use crate::database::Database;
use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerError, HandlerResult, RequestContext};
use crate::http::services::{PlatformEntropy, Services, real_now};
use crate::people::account::{self, NewAccount};
use crate::people::identity;
use crate::people::identity::sandbox::{PROVIDER, SignIn};
use crate::people::invitation;
use crate::people::operator::Operators;
use crate::people::payee;
use crate::provider::PaymentProvider;
use crate::provider::sandbox::fault;
use crate::provider::sandbox::payouts::Receipt;

/// What a build with a sandbox in it can be recognised by.
const SANDBOX_MARKER: &str = "praise-sandbox-build";

/// `GET /sandbox/api/about` → `{"build":…,"now":…}`: identifies a sandbox build.
pub async fn about(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    Ok(answer::json(
        200,
        &json!({ "build": SANDBOX_MARKER, "now": services.now }),
        CachePolicy::Never,
    )?)
}

/// `GET /sandbox/api/self-check` → `{"violations":[…]}`
pub async fn self_check(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let violations = crate::self_check::self_check(services.db(), services.now).await?;
    Ok(answer::json(200, &json!({ "violations": violations }), CachePolicy::Never)?)
}

/// `GET /sandbox/api/clock` → `{"now":…}`
pub async fn clock(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    Ok(answer::json(200, &json!({ "now": services.now }), CachePolicy::Never)?)
}

/// `POST /sandbox/api/clock` with `{"to":…}` or `{"advance_s":…}` → `{"now":…,"jobs":…}`. Every
/// job that falls due on the way runs, in order.
pub async fn advance(mut request: RequestContext) -> HandlerResult {
    let body = request.control_json().await?;
    let services = request.services().await?;
    let target = match (body.get("to"), body.get("advance_s").and_then(Json::as_i64)) {
        (Some(to), _) => to.as_str().and_then(Moment::from_rfc3339),
        (None, Some(seconds)) => Some(services.now.plus_seconds(seconds)),
        _ => None,
    };
    let target = target.ok_or(Problem::Field { field: "to", expected: Expected::CLOCK_TARGET })?;
    let ran =
        clock::advance(services.db(), sandbox(&services)?, &PlatformEntropy, real_now(), target)
            .await?;
    let now = services.now.max(target);
    Ok(answer::json(200, &json!({ "now": now, "jobs": ran }), CachePolicy::Never)?)
}

/// `POST /sandbox/api/faults` with `{"operation":…,"fault":…,"times":…}`
pub async fn fault(mut request: RequestContext) -> HandlerResult {
    let body = request.control_json().await?;
    let (operation, fault) = (text(&body, "operation")?, text(&body, "fault")?);
    let times = body.get("times").and_then(Json::as_i64).unwrap_or(1);
    if !fault::KNOWN.contains(&(operation, fault)) || !(0..=1_000_000).contains(&times) {
        let expected = Expected::SANDBOX_FAULT;
        return Err(Problem::Field { field: "fault", expected }.into());
    }
    let services = request.services().await?;
    fault::order(services.sandbox_db(), operation, fault, times).await?;
    Ok(answer::no_content()?)
}

/// `POST /sandbox/api/people` with `{"login":…,"name":…,"label"?,"role"?,"lang"?,"subject"?}` → the
/// sign-in and a session token. Two logins with the same subject are one person.
pub async fn person(mut request: RequestContext) -> HandlerResult {
    let body = request.control_json().await?;
    let login = text(&body, "login")?;
    let optional = |field| body.get(field).and_then(Json::as_str);
    let sign_in = SignIn {
        login: login.to_owned(),
        subject: optional("subject").unwrap_or(login).to_owned(),
        label: optional("label").unwrap_or(text(&body, "name")?).to_owned(),
        name: text(&body, "name")?.to_owned(),
        role: optional("role").unwrap_or("reader").to_owned(),
        lang: optional("lang").and_then(Lang::from_tag).unwrap_or(Lang::En),
    };
    let services = request.services().await?;
    identity::sandbox::add(services.sandbox_db(), &sign_in, 1_000).await?;
    let token = session(&services, &sign_in).await?;
    Ok(answer::json(201, &json!({ "sign_in": sign_in, "session": token }), CachePolicy::Never)?)
}

/// `POST /sandbox/api/accounts` with `{"login":…,"handle":…,"name":…,"currency":…,"card"?}` →
/// `{"id":…}`. Its owner gets an invitation, and the account the card of this token, or without one
/// a card that no other account has. With `"card":null` it gets neither, so it cannot receive.
pub async fn account(mut request: RequestContext) -> HandlerResult {
    let body = request.control_json().await?;
    let services = request.services().await?;
    let login = text(&body, "login")?;
    let owner = identity::sandbox::find(services.sandbox_db(), login).await?;
    let owner = owner.ok_or(Problem::NotFound)?;
    let owner = session(&services, &owner).await?;
    let owner = identity::session(services.db(), &owner, services.now)
        .await?
        .ok_or(Problem::SignInNeeded)?;
    let optional = |field| body.get(field).and_then(Json::as_str);
    let new = NewAccount {
        handle: text(&body, "handle")?,
        name: text(&body, "name")?,
        bio: optional("bio").unwrap_or_default(),
        currency: Currency::from_code(text(&body, "currency")?)
            .ok_or(Problem::Field { field: "currency", expected: Expected::OneOf("CNY, USD") })?,
        presets_minor: &[],
        ask: optional("ask"),
        thanks: optional("thanks"),
    };
    let id = account::open(services.db(), &PlatformEntropy, services.now, &owner.person_id, &new)
        .await?;
    let card_token = match body.get("card") {
        None => Some(card_token(new.handle)),
        Some(Json::Null) => None,
        Some(_) => Some(text(&body, "card")?.to_owned()),
    };
    if let Some(token) = card_token {
        let (ctx, operators) = (services.context(), request.operators());
        let person_id = &owner.person_id;
        enable_receiving(&ctx, &operators, person_id, person_id, new.handle, &token).await?;
    }
    Ok(answer::json(201, &json!({ "id": id }), CachePolicy::Never)?)
}

/// `GET /sandbox/api/orders/{order}/message`: the signed message about an order, so that a test can
/// send it again.
pub async fn message(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let message = sandbox(&services)?.message(&request.param("order"), services.now).await?;
    Ok(answer::json(200, &message.ok_or(Problem::NotFound)?, CachePolicy::Never)?)
}

/// `POST /sandbox/api/payouts/{number}` with `{"action":"confirm"|"lapse"}` → 204: the receiver of
/// a transfer confirms it, or lets it lapse. The message about it is delivered.
pub async fn receipt(mut request: RequestContext) -> HandlerResult {
    let body = request.control_json().await?;
    let receipt = match text(&body, "action")? {
        "confirm" => Receipt::Confirm,
        "lapse" => Receipt::Lapse,
        _ => {
            let expected = Expected::OneOf("confirm, lapse");
            return Err(Problem::Field { field: "action", expected }.into());
        }
    };
    let services = request.services().await?;
    let message =
        sandbox(&services)?.receipt(&request.param("number"), receipt, services.now).await?;
    deliver(&services.context(), &message.ok_or(Problem::NotFound)?).await;
    Ok(answer::no_content()?)
}

/// `GET /sandbox/api/jobs` → `{"now":…,"next_due_at":…}`
pub async fn jobs(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let next = crate::queue::jobs::next_due_at(services.db()).await?;
    Ok(answer::json(200, &json!({ "now": services.now, "next_due_at": next }), CachePolicy::Never)?)
}

/// `POST /sandbox/api/jobs` → `{"ran":…}`: runs the jobs that are due now, within the limits of one run.
pub async fn run_jobs(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let ran = services.run_due_jobs().await?;
    Ok(answer::json(200, &json!({ "ran": ran }), CachePolicy::Never)?)
}

/// Gives an account what it needs to receive praises: an invitation made by this operator, and a
/// bank card.
pub async fn enable_receiving<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operators: &Operators,
    operator_id: &str,
    owner_id: &str,
    handle: &str,
    card_token: &str,
) -> Result<(), HandlerError> {
    let note = Some("sandbox");
    let made = invitation::make(ctx.db, ctx.entropy, ctx.now, operator_id, note, None).await?;
    invitation::redeem(ctx.db, ctx.now, owner_id, &made.code).await?;
    payee::attach(ctx, operators, owner_id, handle, card_token).await?;
    Ok(())
}

/// The token of a card of its own for an account: sixteen digits derived from its handle.
fn card_token(handle: &str) -> String {
    let digest = Sha256::digest(handle.as_bytes());
    let digits: String = digest.iter().take(16).map(|byte| char::from(b'0' + byte % 10)).collect();
    format!("sbxcard_{digits}")
}

/// Signs a person in and returns the session's token.
pub async fn session(services: &Services, sign_in: &SignIn) -> Result<String, HandlerError> {
    Ok(identity::sign_in(
        services.db(),
        &PlatformEntropy,
        services.now,
        PROVIDER,
        &sign_in.subject,
        Some(&sign_in.name),
        None,
    )
    .await?)
}

fn text<'a>(body: &'a Json, field: &'static str) -> Result<&'a str, Problem> {
    let text = fields::text(body, field)?;
    (!text.is_empty()).then_some(text).ok_or(Problem::Field { field, expected: Expected::Text })
}

/// `GET /sandbox/api/memory`: `{"bytes":…}`, the size of the Worker's memory. It never shrinks, so
/// it shows the most that was ever needed at once.
pub async fn memory(_: RequestContext) -> HandlerResult {
    #[cfg(target_arch = "wasm32")]
    let pages = core::arch::wasm32::memory_size::<0>();
    #[cfg(not(target_arch = "wasm32"))]
    let pages = 0;
    Ok(answer::json(200, &json!({ "bytes": pages * 65_536 }), CachePolicy::Never)?)
}
