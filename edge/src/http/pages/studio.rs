//! The writer's pages: accounts with their praises, and access tokens.

use app::page::{Content, StudioPage, StudioSection, StudioTokensPage};
use shared::api::CreatedToken;
use shared::lang::Lang;
use shared::problem::Problem;

use crate::failure::Failure;
use crate::http::answer;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::http::services::{PlatformEntropy, Services};
use crate::pagination::Cursor;
use crate::people::identity::{Session, token};
use crate::queries::studio;

/// `GET /studio?account=&cursor=`: the cursor belongs to the praises of this account; the others
/// show their first page.
pub async fn studio(request: RequestContext) -> HandlerResult {
    let query = request.query();
    let paged_account = query.get("account");
    let page_cursor = Cursor::parse(query.get("cursor"))?;
    let newest = Cursor::parse(None)?;
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let accounts = studio::list_accounts(services.db(), &session.person_id, services.now).await?;
    let mut page = StudioPage { accounts: Vec::new() };
    for account in accounts {
        let is_paged = paged_account == Some(account.handle.as_str());
        let cursor = if is_paged { &page_cursor } else { &newest };
        let praises = studio::list_praises(
            services.db(),
            &session.person_id,
            &account.handle,
            cursor,
            services.now,
        )
        .await?
        .ok_or(Problem::NotFound)?;
        page.accounts.push(StudioSection {
            account,
            praises: praises.items,
            next_cursor: praises.next_cursor,
        });
    }
    request.page(Some(&session), Lang::En, 200, Content::Studio(page))
}

/// `GET /studio/tokens`
pub async fn tokens(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    show(&request, &services, &session, StudioTokensPage::default(), 200).await
}

/// `POST /studio/tokens`: `label`. The answer is the only page that shows the token. It is not a
/// redirect, because a token in an address would stay in histories and logs.
pub async fn create_token(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let label = request.form(&session).await?.text("label").to_owned();
    let created: Result<CreatedToken, Failure> =
        token::create(services.db(), &PlatformEntropy, services.now, &session.person_id, &label)
            .await;
    match created {
        Ok(created) => {
            let page = StudioTokensPage { created: Some(created), ..StudioTokensPage::default() };
            show(&request, &services, &session, page, 200).await
        }
        Err(Failure::Refused(problem)) => {
            let status = problem.status();
            let page =
                StudioTokensPage { label, problem: Some(problem), ..StudioTokensPage::default() };
            show(&request, &services, &session, page, status).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// `POST /studio/tokens/{id}/revoke`
pub async fn revoke_token(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    token::revoke(services.db(), services.now, &session.person_id, &request.param("id")).await?;
    Ok(answer::see_other("/studio/tokens")?)
}

async fn show(
    request: &RequestContext,
    services: &Services,
    session: &Session,
    mut page: StudioTokensPage,
    status: u16,
) -> HandlerResult {
    page.tokens = token::list(services.db(), &session.person_id, services.now).await?;
    request.page(Some(session), Lang::En, status, Content::StudioTokens(page))
}
