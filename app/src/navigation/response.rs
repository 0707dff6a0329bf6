//! Reads the response of `/api/v1/articles/{slug}?with=wall,others` member by member. Every struct
//! is built in full, so a member that is not read does not compile.

use js_sys::{Array, Number, Reflect};
use shared::api::{AccountRef, Article, ArticleSummary, PraiseOffer, PraiseTerms, Wall, WallTile};
use shared::calendar::Moment;
use shared::lang::Lang;
use shared::money::Currency;
use wasm_bindgen::{JsCast, JsValue};

/// Reads the article, its wall and the other articles of its account.
pub(super) fn article(response: &JsValue) -> Option<(Article, Wall, Vec<ArticleSummary>)> {
    let article = Article {
        summary: summary(response)?,
        updated_at: moment(response, "updated_at")?,
        version: integer(&member(response, "version")?)?,
        author: text(response, "author"),
        html: text(response, "html")?,
        praise: offer(&member(response, "praise")?)?,
    };
    let wall = wall(&member(response, "wall")?)?;
    Some((article, wall, list(response, "others", summary)?))
}

fn summary(json: &JsValue) -> Option<ArticleSummary> {
    let account = member(json, "account")?;
    Some(ArticleSummary {
        id: text(json, "id")?,
        slug: text(json, "slug")?,
        title: text(json, "title")?,
        summary: text(json, "summary")?,
        lang: Lang::from_tag(&text(json, "lang")?)?,
        account: AccountRef {
            handle: text(&account, "handle")?,
            name: text(&account, "name")?,
            avatar: text(&account, "avatar")?,
        },
        published_at: moment(json, "published_at")?,
        praise_count: integer(&member(json, "praise_count")?)?,
    })
}

fn offer(json: &JsValue) -> Option<PraiseOffer> {
    let accepting = member(json, "accepting")?.as_bool()?;
    let terms = match text(json, "currency") {
        Some(currency) => Some(PraiseTerms {
            currency: Currency::from_code(&currency)?,
            presets_minor: list(json, "presets_minor", integer)?,
            min_minor: integer(&member(json, "min_minor")?)?,
            cap_minor: integer(&member(json, "cap_minor")?)?,
            ask: text(json, "ask"),
        }),
        None => None,
    };
    Some(PraiseOffer { accepting, terms })
}

fn wall(json: &JsValue) -> Option<Wall> {
    Some(Wall {
        count: integer(&member(json, "count")?)?,
        anonymous_count: integer(&member(json, "anonymous_count")?)?,
        items: list(json, "items", |tile| {
            Some(WallTile {
                name: text(tile, "name"),
                avatar: text(tile, "avatar"),
                praised_at: moment(tile, "praised_at")?,
            })
        })?,
        next_cursor: text(json, "next_cursor"),
    })
}

fn member(json: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(json, &name.into()).ok()
}

fn text(json: &JsValue, name: &str) -> Option<String> {
    member(json, name)?.as_string()
}

fn moment(json: &JsValue, name: &str) -> Option<Moment> {
    Moment::from_rfc3339(&text(json, name)?)
}

/// Reads a number by its digits, so that no amount becomes a float in our code.
fn integer(json: &JsValue) -> Option<i64> {
    let digits = json.dyn_ref::<Number>()?.to_string_with_radix(10).ok()?;
    String::from(digits).parse().ok()
}

fn list<T>(json: &JsValue, name: &str, read: impl Fn(&JsValue) -> Option<T>) -> Option<Vec<T>> {
    member(json, name)?.dyn_into::<Array>().ok()?.iter().map(|item| read(&item)).collect()
}
