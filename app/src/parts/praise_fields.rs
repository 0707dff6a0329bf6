//! The fields of a praise, in the sheet and on the page: one component, so that both ask for the
//! same things under the same names.

use leptos::prelude::*;
use shared::api::{PraiseTerms, Room};
use shared::lang::Lang;
use shared::limits::NOTE_MAX_GRAPHEMES;
use shared::machine::Visibility;
use shared::money::Money;
use shared::problem::Problem;
use shared::text::TextError;

#[cfg(feature = "ssr")]
use crate::document::escape;
use crate::page::{Frame, PraiseInput};
use crate::sheet::choice::CUSTOM;
use crate::words::Words;
use crate::words::reading::ReadingWords;

/// What is wrong with which field, in the language of the page.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldProblems {
    pub amount: Option<String>,
    pub note: Option<String>,
    pub visibility: Option<String>,
    /// What belongs to no field: a rule, a limit, a stop.
    pub general: Vec<Problem>,
}

impl FieldProblems {
    /// Sorts problems to their fields; the first of each field counts.
    pub(crate) fn sort(problems: Vec<Problem>, lang: Lang) -> FieldProblems {
        let words = Words::of(lang);
        let mut sorted = FieldProblems::default();
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

    /// Whether a field has to be looked at again.
    pub(crate) fn any_field(&self) -> bool {
        self.amount.is_some() || self.note.is_some() || self.visibility.is_some()
    }
}

/// Amount, note, visibility, and the hidden key.
#[component]
pub(crate) fn PraiseFields(
    /// Language of the page.
    lang: Lang,
    /// Who receives.
    payee: String,
    /// The reader's name on the wall.
    name: String,
    /// What can be given.
    terms: PraiseTerms,
    /// What the reader can still give, where that is known.
    room: Option<Room>,
    /// What has been typed so far.
    input: PraiseInput,
    /// What is wrong with it.
    problems: FieldProblems,
    /// `id`s begin with this, so that each is there once in a document.
    prefix: &'static str,
) -> impl IntoView {
    let words = ReadingWords::of(lang);
    // In a document, Leptos writes what is in a textarea as it stands.
    #[cfg(feature = "ssr")]
    let note = escape(&input.note);
    #[cfg(not(feature = "ssr"))]
    let note = input.note.clone();
    let id = |name: &str| format!("{prefix}-{name}");
    let error_id = |name: &str, problem: &Option<String>| {
        problem.is_some().then(|| id(&format!("{name}-error")))
    };
    let described = |hint: &str, error: &Option<String>| match error {
        Some(error) => format!("{} {error}", id(hint)),
        None => id(hint),
    };
    let amount_error = error_id("amount", &problems.amount);
    let note_error = error_id("note", &problems.note);
    let visibility_error = error_id("visibility", &problems.visibility);
    let sign = terms.currency.sign();
    let money = |minor| Money::new(minor, terms.currency);
    let range = (words.amount_range)(
        &money(terms.min_minor).to_short_string(),
        &money(terms.cap_minor).to_short_string(),
    );
    let left = left(room, &terms, lang).map(|left| format!("{}{left}", words.gap));
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
                        aria-invalid=problems.amount.is_some().then_some("true")
                        aria-describedby=described("amount-hint", &amount_error)
                    />
                </span>
            </div>
            <p class="hint" id=id("amount-hint")>{range}{left}</p>
            {problem(problems.amount, amount_error.clone())}
        </fieldset>
        <div class="field">
            <label for=id("note")>{(words.note_label)(&payee)}</label>
            <textarea
                id=id("note")
                name="note"
                rows="2"
                aria-invalid=problems.note.is_some().then_some("true")
                aria-describedby=described("note-hint", &note_error)
            >
                {note}
            </textarea>
            <p class="hint counted">
                <span id=id("note-hint")>{(words.note_hint)(&payee, NOTE_MAX_GRAPHEMES)}</span>
                <span id=id("count") aria-hidden="true"></span>
            </p>
            {problem(problems.note, note_error.clone())}
        </div>
        <fieldset class="field" aria-describedby=visibility_error>
            <legend>{words.visibility_legend}</legend>
            <div class="choices">{visibilities.collect_view()}</div>
            {problem(problems.visibility, visibility_error.clone())}
        </fieldset>
    }
}

/// What the reader's limits leave, where that is less than any praise may be.
fn left(room: Option<Room>, terms: &PraiseTerms, lang: Lang) -> Option<String> {
    let words = ReadingWords::of(lang);
    let Room { left, own } = room.filter(|room| room.left.minor < terms.cap_minor)?;
    Some(match (left.minor >= terms.min_minor, own) {
        (true, true) => (words.own_room)(&left.to_string()),
        (true, false) => (words.day_room)(&left.to_string()),
        (false, true) => words.own_room_none.to_owned(),
        (false, false) => words.day_room_none.to_owned(),
    })
}

/// The same for a form: the words, and the minor units, on its `data-left` and `data-room`.
pub(crate) fn room_data(
    room: Option<Room>,
    terms: &PraiseTerms,
    lang: Lang,
) -> (Option<String>, Option<String>) {
    let left = left(room, terms, lang);
    let minor = room.filter(|_| left.is_some()).map(|room| room.left.minor.to_string());
    (left, minor)
}

/// What somebody is called on the wall.
pub(crate) fn name_on_wall(frame: &Frame) -> String {
    let name = frame.viewer.as_ref().and_then(|viewer| viewer.name.clone());
    name.unwrap_or_else(|| Words::of(frame.lang).a_reader.to_owned())
}

/// What is wrong, next to its field.
pub(crate) fn problem(text: Option<String>, id: Option<String>) -> Option<impl IntoView> {
    text.map(|text| view! { <p class="wrong" role="alert" id=id>{text}</p> })
}
