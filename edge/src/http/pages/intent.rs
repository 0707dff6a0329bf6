//! What became of an attempt.

use app::address;
use app::page::{Content, IntentPage, ProblemPage, ReceiptLink};
use shared::lang::Lang;
use shared::machine::IntentState;
use shared::problem::Problem;

use crate::http::answer;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::payments::praise::{intent, order};
use crate::queries::articles;

/// Articles offered after a praise.
const OTHER_ARTICLES_MAX: usize = 3;

/// `GET /i/{id}`: the reader's own attempt. While it waits, the provider is asked: whoever comes
/// back from the cashier sees the result even when no message has arrived.
pub async fn intent(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let id = request.param("id");
    let mut view =
        intent::find(services.db(), &session.person_id, &id).await?.ok_or(Problem::NotFound)?;
    if view.intent.state == IntentState::AwaitingPayment {
        // Whoever comes back from the cashier is shown what is known, also when asking fails.
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

/// `POST /i/{id}/cancel`: ends the attempt and shows how it ended.
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
