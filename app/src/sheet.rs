//! The praise sheet: an island that turns the server-rendered form on an article into a live one.
//!
//! The Worker renders the whole form inside a closed `<dialog>`. The island is only its last part,
//! the confirm line and the button. It takes no props and fetches nothing: it reads the `data-`
//! attributes of the form around it, which keeps a JSON parser out of the client bundle.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
mod client;
pub mod validation;

/// `id` of the `<dialog>`.
pub const DIALOG_ID: &str = "praise-sheet";
/// `id` of the link that opens the dialog. Without script it is a plain link to the form's page.
pub const OPENER_ID: &str = "praise-link";
/// `id` of the custom amount inside the dialog.
pub const AMOUNT_ID: &str = "sheet-amount";
/// `id` of the radio button for the custom amount inside the dialog.
pub const CUSTOM_ID: &str = "sheet-custom";
/// `id` of the note's character counter inside the dialog.
pub const COUNT_ID: &str = "sheet-count";

/// The state of the confirm line below the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfirmLine {
    /// The text shown.
    pub text: String,
    /// Whether the form can be submitted.
    pub can_submit: bool,
    /// Whether the text names an error.
    pub is_error: bool,
}

/// The texts of the island before anything is chosen. The Worker renders them, and the client reads
/// them back for hydration.
#[derive(Clone, Debug, Default)]
pub struct SheetLabels {
    /// The confirm line: what to choose first.
    pub prompt: String,
    /// The button.
    pub pay: String,
}

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
