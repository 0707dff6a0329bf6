//! The client bundle of a reader's pages: it hydrates their islands, and shows the next article in
//! place of the last.
#![cfg(target_arch = "wasm32")]

use std::any::Any;
use std::cell::RefCell;

use app::navigation::{self, Reader};
use leptos::prelude::document;
use leptos::web_sys::HtmlElement;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

// Links the islands in: `boot.js` calls the export that each `<leptos-island>` names.
pub use app::sheet::PraiseSheet;

thread_local! {
    /// The article that was built here last: what is reactive in it ends when it is dropped.
    static SHOWN: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

/// Starts the reactive system; once, before the first island.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}

/// Shows the article of an API's answer in `#main`, in place of what is there. Says whether it
/// could; where not, nothing has changed.
#[wasm_bindgen]
pub fn show(answer: &JsValue, lang: String, name: Option<String>, key: String) -> bool {
    let main = document().get_element_by_id("main").and_then(|main| main.dyn_into().ok());
    let main: Option<HtmlElement> = main;
    let next = navigation::read(answer, Reader { lang, name, key });
    let (Some(main), Some(next)) = (main, next) else { return false };
    SHOWN.take();
    // The first article was the edge's, and is in nobody's keeping.
    main.replace_children_with_node_0();
    SHOWN.set(Some(next.show(main)));
    true
}
