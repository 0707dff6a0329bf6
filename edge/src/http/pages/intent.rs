//! What became of an attempt.

use app::address;
use app::page::{Content, IntentPage, ProblemPage, ReceiptLink};
use shared::lang::Lang;
use shared::machine::IntentState;
use shared::problem::Problem;

use crate::http::answer;
use crate::http::visit::{Answer, Visit};
use crate::praise::{intent, order};
use crate::reading::articles;

/// Articles offered after a praise.
const OTHERS: usize = 3;

/// `GET /i/{id}`: the reader's own attempt. While it waits, the provider is asked: whoever comes
/// back from the cashier sees the result even when no message has arrived.
pub async fn intent(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let id = visit.param("id");
    let mut view =
        intent::find(site.db(), &session.person_id, &id).await?.ok_or(Problem::NotFound)?;
    if view.intent.state == IntentState::AwaitingPayment {
        // Whoever comes back from the cashier is shown what is known, also when asking fails.
        if let Err(failure) = order::look(&site.context(), &view.order_id).await {
            answer::log(&failure, visit.request_id(), "intent");
        }
        view = intent::find(site.db(), &session.person_id, &id).await?.ok_or(Problem::NotFound)?;
    }
    if view.in_review {
        let problem = Problem::PaymentInReview;
        let page = ProblemPage { problem, request_id: visit.request_id().to_owned() };
        return visit.page(Some(&session), Lang::En, 200, Content::Problem(page));
    }
    let others = articles::others(site.db(), &view.article_id, OTHERS).await?;
    let receipt = view.intent.praise.as_ref().map(|praise| {
        let for_guest = session.guest();
        let signed = visit.receipt_signer().filter(|_| for_guest);
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
    visit.page(Some(&session), Lang::En, 200, Content::Intent(Box::new(page)))
}

/// `POST /i/{id}/cancel`: ends the attempt and shows how it ended.
pub async fn cancel(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let id = visit.param("id");
    let view = intent::find(site.db(), &session.person_id, &id).await?.ok_or(Problem::NotFound)?;
    if view.intent.state == IntentState::AwaitingPayment {
        order::cancel(&site.context(), &view.order_id).await?;
    }
    Ok(answer::see_other(&format!("/i/{id}"))?)
}
