//! The client bundle of a reader's pages. It hydrates their islands and shows the next article in
//! place.
#![cfg(target_arch = "wasm32")]

use std::any::Any;
use std::cell::RefCell;

use app::navigation::NextArticle;
use leptos::prelude::document;
use leptos::web_sys::HtmlElement;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

// Includes the islands in the bundle: `boot.js` calls the export that each `<leptos-island>` names.
pub use app::sheet::PraiseSheet;

thread_local! {
    /// The article that was mounted last. Dropping it disposes of its reactive parts.
    static MOUNTED: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

/// Starts the reactive system. Called once, before the first island is hydrated.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}

/// Shows the article of an API response in `#main`, in place of its content. Returns whether it
/// could; if not, nothing has changed.
#[wasm_bindgen]
pub fn show(response: &JsValue, lang: &str, name: Option<String>, key: String) -> bool {
    let main = document().get_element_by_id("main").and_then(|main| main.dyn_into().ok());
    let main: Option<HtmlElement> = main;
    let article = NextArticle::read(response, lang, name, key);
    let (Some(main), Some(article)) = (main, article) else { return false };
    MOUNTED.take();
    // The edge rendered the first article, so no handle removes it.
    main.replace_children_with_node_0();
    MOUNTED.set(Some(article.mount(main)));
    true
}
