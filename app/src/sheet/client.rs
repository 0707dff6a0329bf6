//! The sheet in the webview: opens the dialog instead of following the link, validates the form on
//! every keystroke, and blocks a second submit.

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use js_sys::{Function, Reflect};
use leptos::prelude::{RwSignal, Set, document, window};
use shared::amount::AmountError;
use shared::limits::NOTE_MAX_GRAPHEMES;
use shared::money::Currency;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Event, EventTarget, FormData, HtmlDialogElement, HtmlElement, HtmlFormElement,
    HtmlInputElement, MouseEvent,
};

use super::elements::{
    AMOUNT_ID, COUNT_ID, CUSTOM_ID, ConfirmLine, DIALOG_ID, OPENER_ID, SheetLabels,
};
use super::validation::{self, FormError};

/// How long a second submit is ignored.
const SUBMIT_GUARD_MS: u32 = 5_000;

/// The dialog, its form, and what the form's `data-` attributes say.
#[derive(Clone)]
struct Sheet {
    dialog: HtmlDialogElement,
    form: HtmlFormElement,
    count: Option<HtmlElement>,
    currency: Currency,
    segmenter: Option<JsValue>,
    line: RwSignal<ConfirmLine>,
}

/// Reads the labels that the Worker rendered into the island.
pub fn labels() -> SheetLabels {
    form().map_or_else(SheetLabels::default, |form| SheetLabels {
        prompt: data(&form, "choose"),
        pay: data(&form, "pay"),
    })
}

/// Attaches the sheet's event listeners. Does nothing on a page without a dialog.
pub fn enhance(line: RwSignal<ConfirmLine>) {
    let (Some(dialog), Some(form)) = (element::<HtmlDialogElement>(DIALOG_ID), form()) else {
        return;
    };
    let Some(currency) = Currency::from_code(&data(&form, "currency")) else { return };
    let count = element(COUNT_ID);
    let sheet = Sheet { dialog, form, count, currency, segmenter: segmenter(), line };
    // After a reload or on the way back the browser may have restored the fields.
    sheet.update(true);
    sheet.listen_for_open_and_close();
    sheet.listen_to_fields();
    sheet.listen_for_submit();
}

impl Sheet {
    fn listen_for_open_and_close(&self) {
        let Some(opener) = element::<HtmlElement>(OPENER_ID) else { return };
        let dialog = self.dialog.clone();
        listen(&opener, "click", move |event| {
            let click = event.unchecked_ref::<MouseEvent>();
            // The reader wants a new tab or window: follow the link.
            if click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key() {
                return;
            }
            if dialog.show_modal().is_ok() {
                event.prevent_default();
            }
        });
        // The content fills the dialog, so the dialog itself is the target only of clicks on the
        // backdrop. The press must have started there too: a reader who selects text and releases
        // outside the card does not want to close it.
        let dialog = self.dialog.clone();
        let on_backdrop = move |event: &Event| {
            event.target().as_ref() == Some(dialog.unchecked_ref::<EventTarget>())
        };
        let pressed_on_backdrop = Rc::new(Cell::new(false));
        let (pressed, is_on_backdrop) = (pressed_on_backdrop.clone(), on_backdrop.clone());
        listen(&self.dialog, "pointerdown", move |event| pressed.set(is_on_backdrop(event)));
        let dialog = self.dialog.clone();
        listen(&self.dialog, "click", move |event| {
            if on_backdrop(event) && pressed_on_backdrop.get() {
                dialog.close();
            }
        });
        listen(&self.dialog, "close", move |_| {
            let _ = opener.focus();
        });
    }

    fn listen_to_fields(&self) {
        for (kind, settled) in [("input", false), ("change", true)] {
            let sheet = self.clone();
            listen(&self.form, kind, move |event| {
                // Typing an amount selects its radio button.
                if !settled
                    && has_target(event, AMOUNT_ID)
                    && let Some(custom) = element::<HtmlInputElement>(CUSTOM_ID)
                {
                    custom.set_checked(true);
                }
                sheet.update(settled);
            });
        }
    }

    fn listen_for_submit(&self) {
        let sent = Rc::new(Cell::new(false));
        let guard = sent.clone();
        let sheet = self.clone();
        listen(&self.form, "submit", move |event| {
            // An open payment has its own form inside the sheet.
            if event.target().as_ref() != Some(sheet.form.as_ref()) {
                return;
            }
            // The browser's offline page would lose what was typed.
            if !window().navigator().on_line() {
                event.prevent_default();
                sheet.show_offline();
                return;
            }
            if guard.replace(true) {
                event.prevent_default();
                return;
            }
            // If the request fails, for example because the connection is lost, the reader can
            // submit again. The hidden key makes it the same intent.
            let guard = guard.clone();
            Timeout::new(SUBMIT_GUARD_MS, move || guard.set(false)).forget();
        });
        // Back from the cashier the page is as it was left, and the form can be submitted again.
        let sheet = self.clone();
        listen(&window(), "pageshow", move |_| {
            sent.set(false);
            sheet.update(true);
        });
    }

    /// Shows that nothing was sent. The button stays enabled for the next try.
    fn show_offline(&self) {
        let text = data(&self.form, "offline");
        self.line.try_set(ConfirmLine { text, can_submit: true, is_error: true });
    }

    /// Validates the form and updates the confirm line and the counter. `settled` is false while
    /// the reader is typing.
    fn update(&self, settled: bool) {
        let Ok(fields) = FormData::new_with_form(&self.form) else { return };
        let field = |name| fields.get(name).as_string().unwrap_or_default();
        let note = self.graphemes(field("note").trim());
        if let Some(count) = &self.count {
            count.set_text_content(Some(&format!("{note}/{NOTE_MAX_GRAPHEMES}")));
        }
        let amount = validation::parse_amount(&field("preset"), &field("amount"), self.currency);
        // `boot.js` refreshes both attributes whenever the sheet opens.
        let room = data(&self.form, "room").parse().ok();
        let waiting = validation::parse_waiting(&data(&self.form, "waiting"));
        let line = match validation::validate(amount, room, &waiting, note, &field("visibility")) {
            Ok(money) => ConfirmLine {
                text: format!("{}{money}{}", data(&self.form, "before"), data(&self.form, "after")),
                can_submit: true,
                is_error: false,
            },
            Err(error) => ConfirmLine {
                text: data(&self.form, text_key(error, settled)),
                can_submit: false,
                is_error: !error.is_incomplete(settled),
            },
        };
        // The signal is gone if the reader has navigated to another article.
        self.line.try_set(line);
    }

    /// Counts user-perceived characters.
    fn graphemes(&self, text: &str) -> usize {
        self.segmenter
            .as_ref()
            .and_then(|segmenter| {
                let segment = Reflect::get(segmenter, &"segment".into()).ok()?;
                let segments =
                    segment.dyn_ref::<Function>()?.call1(segmenter, &text.into()).ok()?;
                Some(js_sys::Array::from(&segments).length() as usize)
            })
            // An old webview has no segmenter. Code points are close enough, and the Worker counts
            // again.
            .unwrap_or_else(|| text.chars().count())
    }
}

/// Returns the name of the `data-` attribute that holds the text of an error.
fn text_key(error: FormError, settled: bool) -> &'static str {
    match error {
        FormError::Amount(_) if error.is_incomplete(settled) => "choose",
        FormError::Amount(AmountError::TooPrecise) => "places",
        FormError::Amount(AmountError::BelowMinimum(_)) => "min",
        FormError::Amount(AmountError::AboveCap(_)) => "max",
        FormError::Amount(_) => "number",
        FormError::Room => "left",
        FormError::Note => "note",
        FormError::Visibility => "who",
    }
}

/// Returns `new Intl.Segmenter()`, which splits text into graphemes, if the webview has it.
fn segmenter() -> Option<JsValue> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class = Reflect::get(&intl, &"Segmenter".into()).ok()?;
    Reflect::construct(class.dyn_ref::<Function>()?, &js_sys::Array::new()).ok()
}

fn element<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn form() -> Option<HtmlFormElement> {
    let form = document().query_selector("#praise-sheet form[data-currency]").ok()??;
    form.dyn_into().ok()
}

fn data(form: &HtmlFormElement, name: &str) -> String {
    form.dataset().get(name).unwrap_or_default()
}

fn has_target(event: &Event, id: &str) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        .is_some_and(|e| e.id() == id)
}

/// Adds an event listener for the lifetime of the page.
fn listen(target: &EventTarget, kind: &'static str, mut handler: impl FnMut(&Event) + 'static) {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(target, kind, options, move |event| handler(event)).forget();
}
