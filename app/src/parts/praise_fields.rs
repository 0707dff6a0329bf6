//! The fields of the praise form. The sheet and the page share this component, so both have the
//! same fields under the same names.

use leptos::prelude::*;
use shared::api::{PraiseTerms, Room};
use shared::lang::Lang;
use shared::limits::NOTE_MAX_GRAPHEMES;
use shared::machine::Visibility;
use shared::money::Money;
use shared::problem::Problem;
use shared::text::TextError;

#[cfg(feature = "ssr")]
use crate::html::escape;
use crate::page::PraiseInput;
use crate::sheet::validation::CUSTOM;
use crate::words::Words;
use crate::words::article::ArticleWords;

/// The error of each field, in the language of the page.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldErrors {
    pub amount: Option<String>,
    pub note: Option<String>,
    pub visibility: Option<String>,
    /// Problems that belong to no field: a rule, a limit, a stop.
    pub general: Vec<Problem>,
}

impl FieldErrors {
    /// Assigns problems to their fields. Of several problems with one field, the first is kept.
    pub(crate) fn of(problems: Vec<Problem>, lang: Lang) -> FieldErrors {
        let words = Words::of(lang);
        let mut sorted = FieldErrors::default();
        for problem in problems {
            match (&problem, problem.field()) {
                (Problem::Text { error: TextError::TooLong(max), .. }, Some("note")) => {
                    sorted.note.get_or_insert((words.note_too_long)(*max));
                }
                (_, Some("note")) => {
                    sorted.note.get_or_insert(problem.detail(lang));
                }
                (_, Some("visibility")) => {
                    sorted.visibility.get_or_insert(words.choose_visibility.to_owned());
                }
                (_, Some("amount" | "preset")) => {
                    sorted.amount.get_or_insert(problem.detail(lang));
                }
                _ => sorted.general.push(problem),
            }
        }
        sorted
    }

    /// Returns the labels of the fields that have an error.
    pub(crate) fn fields(&self, words: &Words) -> Vec<&'static str> {
        [
            (&self.amount, words.amount),
            (&self.note, words.note),
            (&self.visibility, words.visibility_label),
        ]
        .into_iter()
        .filter_map(|(error, label)| error.is_some().then_some(label))
        .collect()
    }
}

/// Amount, note, visibility, and the hidden key.
#[component]
pub(crate) fn PraiseFields(
    /// Language of the page.
    lang: Lang,
    /// Name of the account that receives the praise.
    payee: String,
    /// The reader's name on the wall.
    name: String,
    /// Currency, presets and bounds of the amount.
    terms: PraiseTerms,
    /// What the reader's limits leave, if known.
    room: Option<Room>,
    /// The fields as submitted so far.
    input: PraiseInput,
    /// What is wrong with them.
    errors: FieldErrors,
    /// Prefix of every `id`, so that ids are unique in a document.
    prefix: &'static str,
) -> impl IntoView {
    let words = ArticleWords::of(lang);
    // Leptos does not escape the text of a textarea when it renders a document.
    #[cfg(feature = "ssr")]
    let note = escape(&input.note);
    #[cfg(not(feature = "ssr"))]
    let note = input.note.clone();
    let id = |name: &str| format!("{prefix}-{name}");
    let error_id =
        |name: &str, error: &Option<String>| error.is_some().then(|| id(&format!("{name}-error")));
    let described = |hint: &str, error: &Option<String>| match error {
        Some(error) => format!("{} {error}", id(hint)),
        None => id(hint),
    };
    let amount_error = error_id("amount", &errors.amount);
    let note_error = error_id("note", &errors.note);
    let visibility_error = error_id("visibility", &errors.visibility);
    let sign = terms.currency.sign();
    let money = |minor| Money::new(minor, terms.currency);
    let range = (words.amount_range)(
        &money(terms.min_minor).to_short_string(),
        &money(terms.cap_minor).to_short_string(),
    );
    let room = room_text(room, &terms, lang).map(|room| format!("{}{room}", words.gap));
    let chosen = input.preset.clone();
    let presets = terms.presets_minor.iter().map(|minor| {
        let value = minor.to_string();
        let checked = value == chosen;
        view! {
            <label class="chip">
                <input type="radio" name="preset" value=value checked=checked/>
                <span>{money(*minor).to_short_string()}</span>
            </label>
        }
    });
    let visibilities = Visibility::ALL.iter().map(|&visibility| {
        let checked = input.visibility == visibility.as_str();
        view! {
            <label class="choice">
                <input type="radio" name="visibility" value=visibility.as_str() checked=checked/>
                <span>{(words.visibility)(&payee, &name, visibility)}</span>
            </label>
        }
    });
    view! {
        <input type="hidden" name="key" value=input.key.clone()/>
        <fieldset class="field">
            <legend>{words.amount}</legend>
            <div class="chips">{presets.collect_view()}</div>
            <div class="custom">
                <label class="chip">
                    <input
                        type="radio"
                        id=id("custom")
                        name="preset"
                        value=CUSTOM
                        checked=input.preset == CUSTOM
                    />
                    <span>{words.custom}</span>
                </label>
                <span class="money">
                    <span aria-hidden="true">{sign}</span>
                    <input
                        type="text"
                        id=id("amount")
                        name="amount"
                        inputmode="decimal"
                        maxlength="24"
                        value=input.amount.clone()
                        aria-label=(words.custom_label)(sign)
                        aria-invalid=errors.amount.is_some().then_some("true")
                        aria-describedby=described("amount-hint", &amount_error)
                    />
                </span>
            </div>
            <p class="hint" id=id("amount-hint")>{range}{room}</p>
            {field_error(errors.amount, amount_error.clone())}
        </fieldset>
        <div class="field">
            <label for=id("note")>{(words.note_label)(&payee)}</label>
            <textarea
                id=id("note")
                name="note"
                rows="2"
                aria-invalid=errors.note.is_some().then_some("true")
                aria-describedby=described("note-hint", &note_error)
            >
                {note}
            </textarea>
            <p class="hint counted">
                <span id=id("note-hint")>{(words.note_hint)(&payee, NOTE_MAX_GRAPHEMES)}</span>
                <span id=id("count") aria-hidden="true"></span>
            </p>
            {field_error(errors.note, note_error.clone())}
        </div>
        <fieldset class="field" aria-describedby=visibility_error>
            <legend>{words.visibility_legend}</legend>
            <div class="choices">{visibilities.collect_view()}</div>
            {field_error(errors.visibility, visibility_error.clone())}
        </fieldset>
    }
}

/// The fields as hidden values.
#[cfg(feature = "ssr")]
pub(crate) fn hidden_fields(input: PraiseInput) -> AnyView {
    let fields = [
        ("preset", input.preset),
        ("amount", input.amount),
        ("note", input.note),
        ("visibility", input.visibility),
        ("key", input.key),
    ];
    fields.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).into_any()
}

/// Says what the reader's limits leave, if that is less than the cap of a praise.
fn room_text(room: Option<Room>, terms: &PraiseTerms, lang: Lang) -> Option<String> {
    let words = ArticleWords::of(lang);
    let Room { left, own } = room.filter(|room| room.left.minor < terms.cap_minor)?;
    Some(match (left.minor >= terms.min_minor, own) {
        (true, true) => (words.own_room)(&left.to_string()),
        (true, false) => (words.day_room)(&left.to_string()),
        (false, true) => words.own_room_none.to_owned(),
        (false, false) => words.day_room_none.to_owned(),
    })
}

/// Returns the values of a form's `data-left` and `data-room`: what the reader's limits leave, as a
/// text and in minor units.
pub(crate) fn room_data(
    room: Option<Room>,
    terms: &PraiseTerms,
    lang: Lang,
) -> (Option<String>, Option<String>) {
    let text = room_text(room, terms, lang);
    let minor = room.filter(|_| text.is_some()).map(|room| room.left.minor.to_string());
    (text, minor)
}

/// The error of a field, shown below it.
pub(crate) fn field_error(text: Option<String>, id: Option<String>) -> Option<impl IntoView> {
    text.map(|text| view! { <p class="wrong" role="alert" id=id>{text}</p> })
}
