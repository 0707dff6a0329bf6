//! An article's page hydrated as Leptos does by default: one tree of components from the title to
//! the last link, with its data as JSON in the document. Only the benchmark uses it.
//!
//! The views are `app`'s own files, compiled here without islands, so hydration is the only
//! difference.

// As in `app`, the view of an article is one deeply nested type.
#![recursion_limit = "256"]

use leptos::prelude::*;
use leptos::reactive::owner::IsHydrating;
use serde::{Deserialize, Serialize};
use shared::api::{Article, ArticleSummary, Wall};
use shared::lang::Lang;

#[path = "../../../../app/src"]
#[allow(dead_code, reason = "an article is one of many pages")]
mod views {
    pub(crate) mod address;
    pub(crate) mod article;
    pub(crate) mod datetime;
    #[cfg(feature = "ssr")]
    pub(crate) mod html;
    pub(crate) mod page;
    pub(crate) mod parts;
    pub(crate) mod sheet;
    pub(crate) mod words;
}
// The views refer to each other by these paths.
#[cfg(feature = "ssr")]
use views::html;
use views::{address, article, datetime, page, parts, sheet, words};

/// `id` of the element that carries the data in the document.
pub const DATA_ID: &str = "data";

/// The data of the page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Data {
    /// Language of the page.
    pub lang: Lang,
    /// The reader's name on the wall.
    pub name: String,
    /// A new idempotency key for the sheet.
    pub key: String,
    /// The article.
    pub article: Article,
    /// Who praised it.
    pub wall: Wall,
    /// Other articles of the account.
    pub others: Vec<ArticleSummary>,
}

/// The content of `#main`, in the webview and on the server.
#[component]
fn App(
    /// The data to show.
    data: Data,
) -> impl IntoView {
    // Inside hydration Leptos renders an island without its own element.
    provide_context(IsHydrating(true));
    let Data { lang, name, key, article, wall, others } = data;
    let sheet = Some(page::Sheet { key, room: None });
    let page = page::ArticlePage { article, wall, wall_continued: false, others, sheet };
    article::view(lang, name, page)
}

/// Renders the content of `#main` with the markers that hydration needs.
#[cfg(feature = "ssr")]
pub fn render(data: Data) -> String {
    let owner = Owner::new();
    owner.with(|| view! { <App data=data/> }.to_html())
}

/// Hydrates the page in the document.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() -> Result<(), wasm_bindgen::JsError> {
    use wasm_bindgen::{JsCast, JsError};

    let missing = || JsError::new("the document has no data, or no place for it");
    let element = |id| document().get_element_by_id(id).ok_or_else(missing);
    let data = element(DATA_ID)?.text_content().ok_or_else(missing)?;
    let data: Data = serde_json::from_str(&data)?;
    let main = element("main")?.dyn_into().map_err(|_| missing())?;
    leptos::mount::hydrate_from(main, || view! { <App data=data/> }).forget();
    Ok(())
}
