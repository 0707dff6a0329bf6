//! `/studio/praises/{id}`: one praise as its writer sees it, with the form for a reply.

use leptos::prelude::*;
use shared::api::StudioPraise;
use shared::lang::Lang;
use shared::limits::NOTE_MAX_GRAPHEMES;
use shared::problem::Problem;
use shared::text::TextError;

use crate::address;
use crate::datetime;
use crate::document::Document;
use crate::html::escape;
use crate::page::{PageContext, StudioPraisePage};
use crate::parts::praise_fields::field_error;
use crate::parts::refusal::refusal;
use crate::parts::timeline::timeline;
use crate::parts::{quote, reader_name, state_chip};
use crate::words::Words;
use crate::words::receipt::ReceiptWords;
use crate::words::timeline::Side;

pub(super) fn page(context: &PageContext, page: StudioPraisePage) -> Document {
    let lang = context.lang;
    let (words, receipt) = (Words::of(lang), ReceiptWords::of(lang));
    let StudioPraisePage { praise, timeline: events, typed, problem } = page;
    let currency = praise.amount.currency;
    let from = (words.studio_from)(&reader_name(&praise, words));
    let paid_at = datetime::date_time(words, praise.paid_at, currency);
    let note = praise.note.clone().map(|note| view! { <p class="note" dir="auto">{note}</p> });
    Document::private(
        words.studio_praise,
        view! {
            <section class="card receipt">
                <h1>{words.studio_praise}</h1>
                <p class="give"><strong>{praise.amount.to_string()}</strong> " " {from}</p>
                {note}
                <p class="meta">
                    <a href=address::article(&praise.article.slug)>
                        {praise.article.title.clone()}
                    </a>
                    {datetime::time_element(praise.paid_at, paid_at)}
                </p>
                <p>{state_chip(praise.state, words)}</p>
                {reply(&praise, typed, problem, lang)}
            </section>
            <section class="history">
                <h2>{receipt.timeline}</h2>
                {timeline(events, currency, Side::Writer, lang)}
            </section>
            <p class="back"><a href="/studio">{words.studio_title}</a></p>
        },
    )
}

/// The reply that was sent or, while the praise has not been refunded, the form for it.
fn reply(praise: &StudioPraise, typed: String, refused: Option<Problem>, lang: Lang) -> AnyView {
    let words = Words::of(lang);
    let sent = praise.reply.clone().map(|reply| quote(words.reply_done.to_owned(), reply.text));
    // A refusal is about the text, or the reply was sent already, or the praise was refunded.
    let (wrong, other) = match refused {
        Some(Problem::Text { error: TextError::TooLong(max), .. }) => {
            (Some((words.reply_too_long)(max)), None)
        }
        Some(Problem::Text { .. }) => (Some(words.reply_empty.to_owned()), None),
        other => (None, other),
    };
    let other = other.map(|problem| {
        view! { <div class="refusal" role="alert">{refusal(&problem, lang)}</div> }
    });
    let form = (sent.is_none() && praise.state.stands()).then(|| {
        let error_id = wrong.is_some().then(|| "reply-error".to_owned());
        let described = if wrong.is_some() { "reply-hint reply-error" } else { "reply-hint" };
        view! {
            <form method="post" action=format!("{}/reply", address::studio_praise(&praise.id))>
                <div class="field">
                    <label for="reply">{words.reply_label}</label>
                    <textarea
                        id="reply"
                        name="text"
                        rows="2"
                        aria-invalid=wrong.is_some().then_some("true")
                        aria-describedby=described
                    >
                        // Leptos does not escape the text of a textarea.
                        {escape(&typed)}
                    </textarea>
                    <p class="hint" id="reply-hint">{(words.reply_hint)(NOTE_MAX_GRAPHEMES)}</p>
                    {field_error(wrong, error_id)}
                </div>
                <button class="button">{words.reply_send}</button>
            </form>
        }
    });
    view! { {other} {sent} {form} }.into_any()
}
