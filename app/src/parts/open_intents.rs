//! Intents that wait for payment, with the way to pay or cancel each.

use leptos::prelude::*;

use crate::address;
use crate::datetime;
use crate::page::OpenIntent;
use crate::parts::give_sentence;
use crate::words::Words;

/// The list, or nothing if there are none. An open intent does not prevent a new one.
pub(crate) fn open_intents(
    open: Vec<OpenIntent>,
    words: &'static Words,
) -> Option<impl IntoView + use<>> {
    let items = open.iter().map(|OpenIntent { intent, article }| {
        let until = datetime::time(words, intent.expires_at, intent.amount.currency);
        view! {
            <li class="open">
                {give_sentence(&article.account_name, intent.amount, words)}
                <p class="for">{(words.form_for)(&article.title)}</p>
                {intent.note.clone().map(|note| view! { <p class="note" dir="auto">{note}</p> })}
                <p class="hint">{(words.open_until)(&until)}</p>
                <div class="actions">
                    <a class="button small" href=address::intent(&intent.id)>{words.resume}</a>
                    <form method="post" action=address::cancel_intent(&intent.id)>
                        <button class="button quiet small">{words.cancel}</button>
                    </form>
                </div>
            </li>
        }
    });
    (!open.is_empty()).then(|| {
        view! {
            <section class="open-intents">
                <h2>{(words.open_title)(open.len())}</h2>
                <ul class="plain">{items.collect_view()}</ul>
            </section>
        }
    })
}
