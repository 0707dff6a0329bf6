//! The demo: people, three official accounts, their articles, and a few praises that have already
//! happened. Seeding twice changes nothing.

use serde_json::json;
use shared::api::PublishArticle;
use shared::calendar::Moment;
use shared::front_matter;
use shared::key::IdempotencyKey;
use shared::lang::Lang;
use shared::machine::Visibility;
use shared::money::{Currency, Money};
use shared::problem::Problem;

use super::cashier::{deliver, sandbox};
use super::control::{enable_receiving, session};
use crate::failure::Failure;
use crate::http::answer::{self, CachePolicy};
use crate::http::request_context::{HandlerError, HandlerResult, RequestContext};
use crate::http::services::{PlatformEntropy, Services};
use crate::pagination::Cursor;
use crate::payments::praise::start::{self, NewPraise, Starter};
use crate::people::account::{self, NewAccount};
use crate::people::identity::sandbox::{SignIn, add, list};
use crate::people::identity::{self, token};
use crate::people::operator::Operators;
use crate::provider::sandbox::cashier::CashierAction;
use crate::publish;
use crate::queries::articles;

/// The people of the demo: login, subject, label, name, role, language. `wen-phone` and
/// `wen-laptop` are two sign-ins of one person, and so are the two of the first operator.
const PEOPLE: &[(&str, &str, &str, &str, &str, Lang)] = &[
    ("wen-phone", "wen", "周文（手机）", "周文", "reader", Lang::ZhHans),
    ("wen-laptop", "wen", "周文（电脑）", "周文", "reader", Lang::ZhHans),
    ("amelia", "amelia", "Amelia", "Amelia", "reader", Lang::En),
    ("ali", "ali", "阿力", "阿力", "reader", Lang::ZhHans),
    ("tomas", "tomas", "Tomás", "Tomás", "reader", Lang::En),
    ("lin-xiaoyu", "lin-xiaoyu", "林小雨", "林小雨", "writer", Lang::ZhHans),
    ("nora-hale", "nora-hale", "Nora Hale", "Nora Hale", "writer", Lang::En),
    ("operator-chen", "operator-chen", "陈敏", "陈敏", "operator", Lang::ZhHans),
    ("operator-chen-phone", "operator-chen", "陈敏（手机）", "陈敏", "operator", Lang::ZhHans),
    ("operator-ruth", "operator-ruth", "Ruth", "Ruth", "operator", Lang::En),
];

/// The official accounts: their writer's login, what they are opened with, and the token of their
/// bank card.
const ACCOUNTS: &[(&str, NewAccount<'static>, &str)] = &[
    (
        "lin-xiaoyu",
        NewAccount {
            handle: "lin-xiaoyu",
            name: "林小雨",
            bio: "写路上的事，也写厨房里的事。",
            currency: Currency::Cny,
            presets_minor: &[],
            ask: Some("如果这篇文章陪了你一会儿，可以请我喝杯茶。"),
            thanks: Some("谢谢你读到最后。每一份心意我都看见了。"),
        },
        "sbxcard_6222020200111111",
    ),
    (
        "lin-xiaoyu",
        NewAccount {
            handle: "shan-jian",
            name: "山间来信",
            bio: "一周一封，从山上寄出。",
            currency: Currency::Cny,
            presets_minor: &[2_00, 6_00, 18_00, 66_00],
            ask: None,
            thanks: Some("山上起雾了，信会晚一点到。谢谢你。"),
        },
        "sbxcard_6222020200111111",
    ),
    (
        "nora-hale",
        NewAccount {
            handle: "night-trains",
            name: "Night Trains",
            bio: "Notes from the last carriage.",
            currency: Currency::Usd,
            presets_minor: &[],
            ask: Some("If this kept you company, you can buy me the next coffee."),
            thanks: Some("Thank you. It goes into the next ticket."),
        },
        "sbxcard_4000056655665556",
    ),
];

/// The articles, oldest first.
const ARTICLES: &[&str] = &[
    include_str!("../../../demo/shan-li-de-tianqi-bu.md"),
    include_str!("../../../demo/a-map-of-the-way-home.md"),
    include_str!("../../../demo/er-lou-de-shu-dian.md"),
    include_str!("../../../demo/a-small-handbook-for-sleeping-on-trains.md"),
    include_str!("../../../demo/wu-li-cai-cha.md"),
    include_str!("../../../demo/repairs-on-thursdays.md"),
    include_str!("../../../demo/the-22-47.md"),
    include_str!("../../../demo/xiu-san.md"),
];

/// A praise in the past: login, index of the article in the newest-first list, minor units,
/// visibility, note, and hours ago.
type PastPraise = (&'static str, usize, i64, Visibility, Option<&'static str>, i64);

/// The praises in the past.
const PRAISES: &[PastPraise] = &[
    ("amelia", 0, 10_00, Visibility::Public, Some("I read this twice."), 30),
    ("ali", 0, 5_00, Visibility::Public, Some("写得真好，继续写。"), 27),
    ("wen-phone", 0, 2_00, Visibility::Anonymous, None, 26),
    ("ali", 1, 3_00, Visibility::Public, None, 20),
    ("tomas", 1, 1_00, Visibility::Writer, Some("Thank you for this."), 9),
    ("wen-laptop", 2, 8_88, Visibility::Public, None, 5),
];

/// `POST /sandbox/api/seed` → `{"people":[…],"articles":[…],"publish_token":…}`
pub async fn seed(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let newest = Cursor::parse(None)?;
    for (index, (login, subject, label, name, role, lang)) in PEOPLE.iter().enumerate() {
        let sign_in = SignIn {
            login: (*login).to_owned(),
            subject: (*subject).to_owned(),
            label: (*label).to_owned(),
            name: (*name).to_owned(),
            role: (*role).to_owned(),
            lang: *lang,
        };
        add(services.sandbox_db(), &sign_in, index as i64).await?;
    }
    let mut handles = ACCOUNTS.iter().map(|(_, account, _)| account.handle);
    let seeded = match handles.next() {
        Some(first) => articles::find_account(services.db(), first, &newest).await?.is_some(),
        None => true,
    };
    if !seeded {
        accounts(&services, &request.operators()).await?;
        publish_all(&services).await?;
        praise_some(&services).await?;
    }
    let people = list(services.sandbox_db()).await?;
    let page = articles::list(services.db(), &newest).await?;
    let listed: Vec<_> = page
        .items
        .iter()
        .map(|article| {
            let path = app::address::article(&article.slug);
            json!({ "url": path, "title": article.title })
        })
        .collect();
    let people_listed: Vec<_> = people
        .iter()
        .map(|one| json!({ "id": one.login, "name": one.label, "role": one.role }))
        .collect();
    let writer = person(&services, "lin-xiaoyu").await?;
    let created = token::create(
        services.db(),
        &PlatformEntropy,
        services.now,
        &writer,
        "cargo xtask publish",
    )
    .await?;
    let answer = json!({
        "people": people_listed,
        "articles": listed,
        "publish_token": created.token,
    });
    Ok(answer::json(200, &answer, CachePolicy::Never)?)
}

async fn accounts(services: &Services, operators: &Operators) -> Result<(), HandlerError> {
    let operator = person(services, "operator-chen").await?;
    let mut ctx = services.context();
    ctx.now = services.now.plus_days(-30);
    for (login, new, card_token) in ACCOUNTS {
        let owner = person(services, login).await?;
        account::open(ctx.db, ctx.entropy, ctx.now, &owner, new).await?;
        enable_receiving(&ctx, operators, &operator, &owner, new.handle, card_token).await?;
    }
    Ok(())
}

async fn publish_all(services: &Services) -> Result<(), HandlerError> {
    for (index, text) in ARTICLES.iter().enumerate() {
        let (front, markdown) =
            front_matter::parse(text).map_err(|error| Failure::Internal(error.0))?;
        let handle = front.account.as_deref().unwrap_or("lin-xiaoyu");
        let login =
            ACCOUNTS.iter().find(|(_, new, _)| new.handle == handle).map(|(login, ..)| *login);
        let owner = person(services, login.unwrap_or("lin-xiaoyu")).await?;
        let days_ago = (ARTICLES.len() - index) as i64 * 2;
        let new = PublishArticle {
            account: Some(handle.to_owned()),
            title: front.title,
            lang: Lang::from_tag(&front.lang).unwrap_or(Lang::En),
            author: front.author,
            slug: front.slug,
            markdown: markdown.to_owned(),
        };
        let at = services.now.plus_days(-days_ago);
        publish::publish(services.db(), &PlatformEntropy, at, &owner, &new).await?;
    }
    Ok(())
}

/// Gives the praises in the past, through the same code as every other praise.
async fn praise_some(services: &Services) -> Result<(), HandlerError> {
    let page = articles::list(services.db(), &Cursor::parse(None)?).await?;
    for (login, index, minor, visibility, note, hours_ago) in PRAISES {
        let Some(article) = page.items.get(*index) else { continue };
        let at = services.now.plus_minutes(-hours_ago * 60);
        praise(services, login, &article.slug, *minor, *visibility, *note, at).await?;
    }
    Ok(())
}

async fn praise(
    services: &Services,
    login: &str,
    slug: &str,
    minor: i64,
    visibility: Visibility,
    note: Option<&str>,
    at: Moment,
) -> Result<(), HandlerError> {
    let article = articles::find(services.db(), slug, at).await?.ok_or(Problem::NotFound)?;
    let Some(terms) = article.praise.terms else { return Ok(()) };
    let amount = Money::new(minor, terms.currency);
    let session = session_token(services, login).await?;
    let key = IdempotencyKey::parse(&format!("seed-praise:{login}:{at}", at = at.ms()))
        .map_err(|_| Problem::KeyMalformed)?;
    let mut ctx = services.context();
    ctx.now = at;
    let new = NewPraise::new(amount, visibility, note)?;
    let starter = Starter::from_token(&session);
    let started = match start::start(&ctx, starter, slug, &key, None, &new).await?.result {
        // A person of the demo cannot praise their own article.
        Err(Failure::Refused(Problem::OwnArticle)) => return Ok(()),
        started => started?,
    };
    for message in sandbox(services)?.act(&started.order_id, CashierAction::Pay, at).await? {
        deliver(&ctx, &message).await;
    }
    Ok(())
}

async fn person(services: &Services, login: &str) -> Result<String, HandlerError> {
    let token = session_token(services, login).await?;
    let session = identity::session(services.db(), &token, services.now).await?;
    Ok(session.ok_or(Problem::SignInNeeded)?.person_id)
}

/// Signs in as this login and returns the session's token.
async fn session_token(services: &Services, login: &str) -> Result<String, HandlerError> {
    let sign_in = identity::sandbox::find(services.sandbox_db(), login).await?;
    session(services, &sign_in.ok_or(Problem::NotFound)?).await
}
