//! The reader's own page: praises, open intents, money coming back, name and language.

use app::page::{Content, MePage, OpenIntent};
use shared::api::UpdateMe;
use shared::lang::Lang;

use crate::failure::Failure;
use crate::http::answer;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::pagination::Cursor;
use crate::payments::praise::intent;
use crate::payments::praise::money_back;
use crate::people::identity;
use crate::queries::reader_praises;

/// `GET /me?cursor=`
pub async fn me(request: RequestContext) -> HandlerResult {
    let query = request.query();
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let page = MePage {
        name: session.name.clone().unwrap_or_default(),
        lang: session.lang,
        saved: query.get("saved").is_some(),
        ..MePage::default()
    };
    show(&request, page, 200).await
}

/// `POST /me`: `name`, `lang`
pub async fn update(mut request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let form = request.form(&session).await?;
    let name = form.text("name").to_owned();
    let lang = Lang::from_tag(form.text("lang"));
    let update = UpdateMe { name: Some(name.clone()), lang };
    match identity::update(services.db(), &session.person_id, &update).await {
        Ok(_) => {
            let response = answer::see_other("/me?saved=1")?;
            // The cookie decides the language of pages, so it has to follow this choice.
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
            show(&request, page, status).await
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn show(request: &RequestContext, mut page: MePage, status: u16) -> HandlerResult {
    let cursor = Cursor::parse(request.query().get("cursor"))?;
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let open = intent::list_open(services.db(), &session.person_id, None, services.now).await?;
    page.guest = session.guest();
    page.open = open
        .into_iter()
        .map(|view| OpenIntent { intent: view.intent, article: view.article })
        .collect();
    page.this_month =
        reader_praises::month_totals(services.db(), &session.person_id, services.now).await?;
    let praises = reader_praises::list(services.db(), &session.person_id, &cursor).await?;
    page.praises = praises.items;
    page.next_cursor = praises.next_cursor;
    page.money_back = money_back::list(services.db(), &session.person_id).await?;
    request.page(Some(&session), Lang::En, status, Content::Me(page))
}
