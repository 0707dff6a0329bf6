//! What a reader gave, and the name that stands on walls.

use app::page::{Content, MePage, OpenIntent};
use shared::api::UpdateMe;
use shared::lang::Lang;

use crate::failure::Failure;
use crate::http::answer;
use crate::http::visit::{Answer, Visit};
use crate::identity;
use crate::praise::intent;
use crate::reading::{Cursor, gifts, money_back};

/// `GET /me?cursor=`
pub async fn me(visit: Visit) -> Answer {
    let query = visit.query();
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let page = MePage {
        name: session.name.clone().unwrap_or_default(),
        lang: session.lang,
        saved: query.get("saved").is_some(),
        ..MePage::default()
    };
    show(&visit, page, 200).await
}

/// `POST /me`: `name`, `lang`
pub async fn update(mut visit: Visit) -> Answer {
    let form = visit.form().await?;
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let name = form.text("name").to_owned();
    let lang = Lang::from_tag(form.text("lang"));
    let update = UpdateMe { name: Some(name.clone()), lang };
    match identity::update(site.db(), &session.person_id, &update).await {
        Ok(_) => {
            let response = answer::see_other("/me?saved=1")?;
            // The choice made here is the one that counts from now on, on every page.
            let cookie = match lang {
                Some(lang) => {
                    format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.tag())
                }
                None => "lang=; Path=/; Max-Age=0; SameSite=Lax".to_owned(),
            };
            response.headers().append("Set-Cookie", &cookie)?;
            Ok(response)
        }
        Err(Failure::Refused(problem)) => {
            let status = problem.status();
            let page = MePage { name, lang, problem: Some(problem), ..MePage::default() };
            show(&visit, page, status).await
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn show(visit: &Visit, mut page: MePage, status: u16) -> Answer {
    let cursor = Cursor::parse(visit.query().get("cursor"))?;
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let open = intent::open(site.db(), &session.person_id, None, site.now).await?;
    page.guest = session.guest();
    page.open = open
        .into_iter()
        .map(|view| OpenIntent { intent: view.intent, article: view.article })
        .collect();
    page.this_month = gifts::this_month(site.db(), &session.person_id, site.now).await?;
    let praises = gifts::list(site.db(), &session.person_id, &cursor).await?;
    page.praises = praises.items;
    page.next_cursor = praises.next_cursor;
    page.money_back = money_back::list(site.db(), &session.person_id).await?;
    visit.page(Some(&session), Lang::En, status, Content::Me(page))
}
