//! The sheet in the webview: opens the dialog in place of following the link, reads the form with
//! every keystroke, and keeps a second tap from sending it again.

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

use super::choice::{self, Obstacle};
use super::{AMOUNT_ID, COUNT_ID, CUSTOM_ID, DIALOG_ID, Line, OPENER_ID, Opening};

/// How long a second tap does nothing.
const SUBMIT_GUARD_MS: u32 = 5_000;

/// The form in the dialog, with what the Worker wrote on it.
#[derive(Clone)]
struct Sheet {
    dialog: HtmlDialogElement,
    form: HtmlFormElement,
    count: Option<HtmlElement>,
    currency: Currency,
    segmenter: Option<JsValue>,
    line: RwSignal<Line>,
}

/// The words that the Worker rendered into the island, for hydrating it.
pub fn opening() -> Opening {
    form().map_or_else(Opening::default, |form| Opening {
        line: data(&form, "choose"),
        pay: data(&form, "pay"),
    })
}

/// Brings the sheet to life. On a page without a dialog it does nothing.
pub fn enhance(line: RwSignal<Line>) {
    let (Some(dialog), Some(form)) = (element::<HtmlDialogElement>(DIALOG_ID), form()) else {
        return;
    };
    let Some(currency) = Currency::from_code(&data(&form, "currency")) else { return };
    let count = element(COUNT_ID);
    let sheet = Sheet { dialog, form, count, currency, segmenter: segmenter(), line };
    // After a reload or on the way back the browser may have kept what was typed.
    sheet.update(true);
    sheet.listen_for_opening();
    sheet.listen_to_fields();
    sheet.listen_for_submit();
}

impl Sheet {
    fn listen_for_opening(&self) {
        let Some(opener) = element::<HtmlElement>(OPENER_ID) else { return };
        let dialog = self.dialog.clone();
        listen(&opener, "click", move |event| {
            let click = event.unchecked_ref::<MouseEvent>();
            // A new tab was asked for: the link does that.
            if click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key() {
                return;
            }
            if dialog.show_modal().is_ok() {
                event.prevent_default();
            }
        });
        // The content fills the dialog, so a click on the dialog itself is one beside it. Where it
        // began counts as well: whoever selects text and lets go beside the card means the text.
        let dialog = self.dialog.clone();
        let beside = move |event: &Event| {
            event.target().as_ref() == Some(dialog.unchecked_ref::<EventTarget>())
        };
        let began_beside = Rc::new(Cell::new(false));
        let (began, is_beside) = (began_beside.clone(), beside.clone());
        listen(&self.dialog, "pointerdown", move |event| began.set(is_beside(event)));
        let dialog = self.dialog.clone();
        listen(&self.dialog, "click", move |event| {
            if beside(event) && began_beside.get() {
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
                // Typing an amount is choosing it.
                if !settled
                    && is(event, AMOUNT_ID)
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
            // The payment that is still open has a form of its own in the sheet.
            if event.target().as_ref() != Some(sheet.form.as_ref()) {
                return;
            }
            // The browser's own page for that would have nothing on it of what was typed.
            if !window().navigator().on_line() {
                event.prevent_default();
                sheet.say_offline();
                return;
            }
            if guard.replace(true) {
                event.prevent_default();
                return;
            }
            // If nothing came of it, a lost connection say, it can be sent again. The hidden key
            // makes that the same attempt.
            let guard = guard.clone();
            Timeout::new(SUBMIT_GUARD_MS, move || guard.set(false)).forget();
        });
        // Back from the cashier: the page is as it was left, and can be sent again.
        let sheet = self.clone();
        listen(&window(), "pageshow", move |_| {
            sent.set(false);
            sheet.update(true);
        });
    }

    /// Says that nothing was sent; it can be, once there is a network again.
    fn say_offline(&self) {
        self.line.try_set(Line { text: data(&self.form, "offline"), ready: true, wrong: true });
    }

    /// Reads the form and says what it means.
    fn update(&self, settled: bool) {
        let Ok(fields) = FormData::new_with_form(&self.form) else { return };
        let field = |name| fields.get(name).as_string().unwrap_or_default();
        let note = self.graphemes(field("note").trim());
        if let Some(count) = &self.count {
            count.set_text_content(Some(&format!("{note}/{NOTE_MAX_GRAPHEMES}")));
        }
        let amount = choice::amount(&field("preset"), &field("amount"), self.currency);
        // What the reader's limits leave, where that is less than a praise may be, and what waits for
        // its payment. It is asked for again whenever the sheet opens.
        let room = data(&self.form, "room").parse().ok();
        let waiting = choice::minors(&data(&self.form, "waiting"));
        let line = match choice::judge(amount, room, &waiting, note, &field("visibility")) {
            Ok(money) => Line {
                text: format!("{}{money}{}", data(&self.form, "before"), data(&self.form, "after")),
                ready: true,
                wrong: false,
            },
            Err(obstacle) => Line {
                text: data(&self.form, words_for(obstacle, settled)),
                ready: false,
                wrong: !obstacle.is_pending(settled),
            },
        };
        // Somebody who has moved on has left the line behind.
        self.line.try_set(line);
    }

    /// Characters as people count them.
    fn graphemes(&self, text: &str) -> usize {
        self.segmenter
            .as_ref()
            .and_then(|segmenter| {
                let segment = Reflect::get(segmenter, &"segment".into()).ok()?;
                let segments =
                    segment.dyn_ref::<Function>()?.call1(segmenter, &text.into()).ok()?;
                Some(js_sys::Array::from(&segments).length() as usize)
            })
            // An old webview: code points are close, and the Worker counts again.
            .unwrap_or_else(|| text.chars().count())
    }
}

/// The name of the `data-` attribute that holds the words.
fn words_for(obstacle: Obstacle, settled: bool) -> &'static str {
    match obstacle {
        Obstacle::Amount(_) if obstacle.is_pending(settled) => "choose",
        Obstacle::Amount(AmountError::TooPrecise) => "places",
        Obstacle::Amount(AmountError::BelowMinimum(_)) => "min",
        Obstacle::Amount(AmountError::AboveCap(_)) => "max",
        Obstacle::Amount(_) => "number",
        Obstacle::Room => "left",
        Obstacle::Note => "note",
        Obstacle::Visibility => "who",
    }
}

/// `new Intl.Segmenter()`, where the webview has one; it segments by grapheme.
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

fn is(event: &Event, id: &str) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        .is_some_and(|e| e.id() == id)
}

/// Listens as long as the page lives.
fn listen(target: &EventTarget, kind: &'static str, mut heard: impl FnMut(&Event) + 'static) {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(target, kind, options, move |event| heard(event)).forget();
}
