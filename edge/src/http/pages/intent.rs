//! The page of an intent: the state and the outcome of an attempt to praise.

use app::address;
use app::page::{Content, IntentPage, ProblemPage, ReceiptLink};
use shared::lang::Lang;
use shared::machine::IntentState;
use shared::problem::Problem;

use crate::http::answer;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::payments::praise::{intent, order};
use crate::queries::articles::{self, OTHER_ARTICLES_MAX};

/// `GET /i/{id}`: the reader's own intent. While it awaits payment, the provider is asked for its
/// state, so that a reader who comes back from the cashier sees the result even if no message has
/// arrived.
pub async fn intent(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let id = request.param("id");
    let mut view =
        intent::find(services.db(), &session.person_id, &id).await?.ok_or(Problem::NotFound)?;
    if view.intent.state == IntentState::AwaitingPayment {
        // If the provider cannot be asked, the page shows the state that the database has.
        if let Err(failure) = order::refresh(&services.context(), &view.order_id).await {
            answer::log_failure(&failure, request.request_id(), "intent");
        }
        view =
            intent::find(services.db(), &session.person_id, &id).await?.ok_or(Problem::NotFound)?;
    }
    if view.in_review {
        let problem = Problem::PaymentInReview;
        let page = ProblemPage { problem, request_id: request.request_id().to_owned() };
        return request.page(Some(&session), Lang::En, 200, Content::Problem(page));
    }
    let others = articles::list_others(services.db(), &view.article_id, OTHER_ARTICLES_MAX).await?;
    let receipt = view.intent.praise.as_ref().map(|praise| {
        let for_guest = session.guest();
        let signed = request.receipt_signer().filter(|_| for_guest);
        let path = match signed {
            Some(signer) => address::receipt(&signer.token(&praise.id)),
            None => address::my_praise(&praise.id),
        };
        ReceiptLink { path, for_guest }
    });
    let page = IntentPage {
        receipt,
        pay_url: view.payment().url,
        intent: view.intent,
        article: view.article,
        refusal: view.refusal,
        thanks: view.thanks,
        others,
    };
    request.page(Some(&session), Lang::En, 200, Content::Intent(Box::new(page)))
}

/// `POST /i/{id}/cancel`: cancels the intent if it awaits payment, then redirects to its page.
pub async fn cancel(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let id = request.param("id");
    let view =
        intent::find(services.db(), &session.person_id, &id).await?.ok_or(Problem::NotFound)?;
    if view.intent.state == IntentState::AwaitingPayment {
        order::cancel(&services.context(), &view.order_id).await?;
    }
    Ok(answer::see_other(&format!("/i/{id}"))?)
}
