//! The praise sheet: an island that turns the server-rendered form on an article into a live one.
//!
//! The Worker renders the whole form inside a closed `<dialog>`. The island is only its last part,
//! the confirm line and the button. It takes no props and fetches nothing: it reads the `data-`
//! attributes of the form around it, which keeps a JSON parser out of the client bundle.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
mod client;
pub mod elements;
pub mod validation;

use elements::{ConfirmLine, SheetLabels};

/// The confirm line and the button: "Give ¥10.00 to 林小雨".
#[island]
pub fn PraiseSheet() -> impl IntoView {
    let SheetLabels { prompt, pay } = labels();
    let line = RwSignal::new(ConfirmLine { text: prompt, ..ConfirmLine::default() });
    // Effects run in the webview only.
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| client::enhance(line));
    view! {
        <p
            class=move || line.with(|line| if line.is_error { "confirm wrong" } else { "confirm" })
            role="status"
        >
            {move || line.with(|line| line.text.clone())}
        </p>
        <button
            class="button wide"
            type="submit"
            name="step"
            value="pay"
            disabled=move || line.with(|line| !line.can_submit)
        >
            {pay}
        </button>
    }
}

/// Returns the labels from the form in the page or, if the client builds the form itself, from the
/// context that the builder provides.
#[cfg(feature = "hydrate")]
fn labels() -> SheetLabels {
    use_context().unwrap_or_else(client::labels)
}

#[cfg(not(feature = "hydrate"))]
fn labels() -> SheetLabels {
    use_context().unwrap_or_default()
}
