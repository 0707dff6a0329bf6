//! The elements of the sheet that the Worker renders and the client finds again, by their ids, and
//! what the client shows in them.

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
