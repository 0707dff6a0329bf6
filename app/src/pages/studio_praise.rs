//! `/studio/praises/{id}`: one praise as its writer sees it, with the way to say thank you.

use leptos::prelude::*;
use shared::api::StudioPraise;
use shared::lang::Lang;
use shared::limits::NOTE_MAX_GRAPHEMES;
use shared::problem::Problem;
use shared::text::TextError;

use crate::address;
use crate::document::{Document, escape};
use crate::page::{Frame, StudioPraisePage};
use crate::pages::praise_form::general;
use crate::pages::studio::reader;
use crate::parts::praise_fields::problem;
use crate::parts::said;
use crate::parts::timeline::timeline;
use crate::when;
use crate::words::Words;
use crate::words::receipt::ReceiptWords;

pub(super) fn page(frame: &Frame, page: StudioPraisePage) -> Document {
    let lang = frame.lang;
    let (words, receipt) = (Words::of(lang), ReceiptWords::of(lang));
    let StudioPraisePage { praise, timeline: happened, typed, problem } = page;
    let currency = praise.amount.currency;
    let from = (words.studio_from)(&reader(&praise, words));
    let paid_at = when::date_time(words, praise.paid_at, currency);
    let note = praise.note.clone().map(|note| view! { <p class="note">{note}</p> });
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
                    {when::stamp(praise.paid_at, paid_at)}
                </p>
                <p>
                    <span class=format!("state {}", praise.state.as_str())>
                        {(words.praise_state)(praise.state)}
                    </span>
                </p>
                {reply(&praise, typed, problem, lang)}
            </section>
            <section class="happened">
                <h2>{receipt.timeline}</h2>
                {timeline(happened, currency, lang)}
            </section>
            <p class="back"><a href="/studio">{words.studio_title}</a></p>
        },
    )
}

/// What was said, or where to say it, while there is something to be thankful for.
fn reply(praise: &StudioPraise, typed: String, refused: Option<Problem>, lang: Lang) -> AnyView {
    let words = Words::of(lang);
    let said = praise.reply.clone().map(|reply| said(words.reply_done.to_owned(), reply.text));
    // A refusal that is not about the text: it was said already, or the praise has gone back.
    let (wrong, other) = match refused {
        Some(Problem::Text { error: TextError::TooLong(max), .. }) => {
            (Some((words.reply_too_long)(max)), None)
        }
        Some(Problem::Text { .. }) => (Some(words.reply_empty.to_owned()), None),
        other => (None, other),
    };
    let other = other.map(|problem| {
        view! { <div class="refusal" role="alert">{general(&problem, lang)}</div> }
    });
    let form = (said.is_none() && praise.state.stands()).then(|| {
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
                        // Leptos writes what is in a textarea as it stands.
                        {escape(&typed)}
                    </textarea>
                    <p class="hint" id="reply-hint">{(words.reply_hint)(NOTE_MAX_GRAPHEMES)}</p>
                    {problem(wrong, error_id)}
                </div>
                <button class="button">{words.reply_send}</button>
            </form>
        }
    });
    view! { {other} {said} {form} }.into_any()
}
