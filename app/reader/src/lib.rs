//! The client bundle of a reader's pages: it hydrates their islands and nothing else.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen::prelude::wasm_bindgen;

// Links the islands in: `boot.js` calls the export that each `<leptos-island>` names.
pub use app::sheet::PraiseSheet;

/// Starts the reactive system; once, before the first island.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
