//! The writer's pages.

use app::page::{Content, StudioPage, StudioSection, StudioTokensPage};
use shared::api::CreatedToken;
use shared::lang::Lang;
use shared::problem::Problem;

use crate::failure::Failure;
use crate::http::answer;
use crate::http::site::PlatformEntropy;
use crate::http::visit::{Answer, Visit};
use crate::identity::token;
use crate::reading::{Cursor, studio};

/// `GET /studio?account=&cursor=`: the cursor belongs to the account named.
pub async fn studio(visit: Visit) -> Answer {
    let query = visit.query();
    let continued = query.get("account");
    let asked = Cursor::parse(query.get("cursor"))?;
    let newest = Cursor::parse(None)?;
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let accounts = studio::accounts(site.db(), &session.person_id, site.now).await?;
    let mut page = StudioPage { accounts: Vec::new() };
    for account in accounts {
        let here = continued == Some(account.handle.as_str());
        let cursor = if here { &asked } else { &newest };
        let praises =
            studio::praises(site.db(), &session.person_id, &account.handle, cursor, site.now)
                .await?
                .ok_or(Problem::NotFound)?;
        page.accounts.push(StudioSection {
            account,
            praises: praises.items,
            next_cursor: praises.next_cursor,
        });
    }
    visit.page(Some(&session), Lang::En, 200, Content::Studio(page))
}

/// `GET /studio/tokens`
pub async fn tokens(visit: Visit) -> Answer {
    show(&visit, StudioTokensPage::default(), 200).await
}

/// `POST /studio/tokens`: `label`. The answer shows the token itself, once, so it is not a
/// redirect: a token in an address would stay in histories and logs.
pub async fn create_token(mut visit: Visit) -> Answer {
    let label = visit.form().await?.text("label").to_owned();
    let created: Result<CreatedToken, Failure> = {
        let site = visit.site().await?;
        let session = visit.signed_in(&site).await?;
        token::create(site.db(), &PlatformEntropy, site.now, &session.person_id, &label).await
    };
    match created {
        Ok(created) => {
            let page = StudioTokensPage { created: Some(created), ..StudioTokensPage::default() };
            show(&visit, page, 200).await
        }
        Err(Failure::Refused(problem)) => {
            let status = problem.status();
            let page =
                StudioTokensPage { label, problem: Some(problem), ..StudioTokensPage::default() };
            show(&visit, page, status).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// `POST /studio/tokens/{id}/revoke`
pub async fn revoke_token(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    token::revoke(site.db(), site.now, &session.person_id, &visit.param("id")).await?;
    Ok(answer::see_other("/studio/tokens")?)
}

async fn show(visit: &Visit, mut page: StudioTokensPage, status: u16) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    page.tokens = token::list(site.db(), &session.person_id).await?;
    visit.page(Some(&session), Lang::En, status, Content::StudioTokens(page))
}
