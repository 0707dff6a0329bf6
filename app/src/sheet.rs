//! The praise sheet: what turns the server-rendered form on an article into a live one.
//!
//! The Worker renders the whole form inside a closed `<dialog>`; this island is only its last part,
//! the confirm line and the button. It takes no props and fetches nothing: all it knows stands in
//! the `data-` attributes of the form around it, which keeps JSON out of the client bundle.

use leptos::prelude::*;

pub mod choice;
#[cfg(feature = "hydrate")]
mod live;

/// `id` of the `<dialog>`.
pub const DIALOG_ID: &str = "praise-sheet";
/// `id` of the link that opens it; without script it is simply the link to the page.
pub const OPENER_ID: &str = "praise-link";
/// `id` of the custom amount inside the dialog.
pub const AMOUNT_ID: &str = "sheet-amount";
/// `id` of the radio that stands for the custom amount inside the dialog.
pub const CUSTOM_ID: &str = "sheet-custom";
/// `id` of the place that counts the note's characters inside the dialog.
pub const COUNT_ID: &str = "sheet-count";

/// The confirm line under the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Whether the form can be sent.
    pub ready: bool,
    /// Whether it names something to be put right.
    pub wrong: bool,
}

/// What the island says before anything is chosen. Rendered by the Worker, read back by the client.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// The confirm line: what is to be chosen first.
    pub line: String,
    /// The label of the button.
    pub pay: String,
}

/// The confirm line and the button, live: "Give ¥10.00 to 林小雨".
#[island]
pub fn PraiseSheet() -> impl IntoView {
    let Opening { line, pay } = opening();
    let line = RwSignal::new(Line { text: line, ..Line::default() });
    // Effects run in the webview only.
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| live::enhance(line));
    view! {
        <p
            class=move || line.with(|line| if line.wrong { "confirm wrong" } else { "confirm" })
            role="status"
        >
            {move || line.with(|line| line.text.clone())}
        </p>
        <button
            class="button wide"
            type="submit"
            name="step"
            value="pay"
            disabled=move || line.with(|line| !line.ready)
        >
            {pay}
        </button>
    }
}

/// From the page's own form; where the client builds the form itself, from what built it.
#[cfg(feature = "hydrate")]
fn opening() -> Opening {
    use_context().unwrap_or_else(live::opening)
}

#[cfg(not(feature = "hydrate"))]
fn opening() -> Opening {
    use_context().unwrap_or_default()
}
