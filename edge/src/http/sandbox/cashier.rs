//! The sandbox's cashier, where a reader pays, has the payment declined, or leaves.

use app::page::{CashierPage, CashierState, Content};
use shared::lang::Lang;
use shared::problem::{Expected, Problem};

use crate::context::Context;
use crate::database::Database;
use crate::database::d1::D1;
use crate::http::answer;
use crate::http::request_context::{Anyone, HandlerResult, RequestContext};
use crate::http::services::Services;
use crate::payments::webhook::{self, Received};
use crate::provider::any_provider::AnyProvider;
use crate::provider::sandbox::cashier::CashierAction;
use crate::provider::sandbox::{Sandbox, cards};
use crate::provider::{PaymentProvider, SignedMessage};

/// `GET /sandbox/cashier/{order}`
pub async fn show(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let order = sandbox(&services)?.cashier_order(&request.param("order")).await?;
    let order = order.ok_or(Problem::NotFound)?;
    let open = order.state == "open" && order.expires_at() > services.now;
    let page = CashierPage {
        order: order.number.clone(),
        payee: order.payee.clone(),
        description: order.description.clone(),
        amount: order.amount(),
        expires_at: order.expires_at(),
        state: match order.state.as_str() {
            _ if open => CashierState::Open,
            "paid" => CashierState::Paid,
            _ => CashierState::Closed,
        },
        return_path: order.return_url.clone(),
    };
    request.page(None, Lang::En, 200, Content::Cashier(page))
}

/// `POST /sandbox/cashier/{order}`: `action` = `pay` | `pay_silently` | `decline` | `leave`, and
/// optionally `payer`: the digits of a card, the name of a wallet, or `none` for a payment whose
/// payer the provider does not report. By default, each person pays with a wallet of their own.
/// Redirects to the return address of the order.
pub async fn act(mut request: RequestContext) -> HandlerResult {
    let form = request.form(&Anyone).await?;
    let number = request.param("order");
    let services = request.services().await?;
    let provider = sandbox(&services)?;
    let order = provider.cashier_order(&number).await?.ok_or(Problem::NotFound)?;
    let payer = match form.text("payer").trim() {
        "" => request.session(&services).await?.map(|session| session.person_id),
        "none" => None,
        typed => Some(typed.to_owned()),
    };
    provider.set_payer(&number, payer.as_deref().map(cards::fingerprint).as_deref()).await?;
    let messages = match form.text("action") {
        "pay" => provider.act(&number, CashierAction::Pay, services.now).await?,
        "pay_silently" => {
            provider.act(&number, CashierAction::Pay, services.now).await?;
            Vec::new()
        }
        "decline" => provider.act(&number, CashierAction::Decline, services.now).await?,
        "leave" => Vec::new(),
        _ => {
            let expected = Expected::OneOf("pay, pay_silently, decline, leave");
            return Err(Problem::Field { field: "action", expected }.into());
        }
    };
    for message in messages {
        deliver(&services.context(), &message).await;
    }
    Ok(answer::see_other(&order.return_url)?)
}

/// Delivers a signed message to the product's webhook, as the network would. A failure is only
/// logged: the product recovers by its jobs.
pub async fn deliver<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    message: &SignedMessage,
) {
    let outcome = match webhook::receive(ctx, message).await {
        Ok(Received::Stored(arrival)) => webhook::process(ctx, &arrival).await,
        Ok(_) => Ok(()),
        Err(error) => Err(error.into()),
    };
    if let Err(failure) = outcome {
        crate::log::warn(&format!("notify.left cause={failure:?}"));
    }
}

/// The sandbox provider of these services.
pub fn sandbox(services: &Services) -> Result<&Sandbox<D1>, Problem> {
    match &services.provider {
        AnyProvider::Sandbox(sandbox) => Ok(sandbox),
        AnyProvider::None(..) => Err(Problem::NotFound),
    }
}
