//! `/a/{slug}/praise`: the praise form as a page, in two steps: the fields and the review.

use leptos::prelude::*;
use shared::lang::Lang;
use shared::machine::Visibility;
use shared::money::Money;

use crate::address;
use crate::document::Document;
use crate::page::{PageContext, PraiseForm, PraiseStep};
use crate::parts::open_intents::open_intents;
use crate::parts::praise_fields::{
    FieldErrors, PraiseFields, PraiseFieldsProps, hidden_fields, room_data,
};
use crate::parts::refusal::refusal;
use crate::parts::{back_to_article, give_sentence, name_on_wall};
use crate::words::Words;

pub(super) fn page(context: &PageContext, form: PraiseForm) -> Document {
    match form.step {
        PraiseStep::Fill => fill(context, form),
        PraiseStep::Review { amount } => review(context, form, amount),
    }
}

fn fill(context: &PageContext, form: PraiseForm) -> Document {
    let (lang, words) = (context.lang, Words::of(context.lang));
    let PraiseForm { article, terms, room, input, problems, open, .. } = form;
    let errors = FieldErrors::of(problems, lang);
    let title = (words.form_title)(&article.account_name);
    let summary = error_summary(&errors, lang);
    let page_title = if summary.is_some() { (words.error)(&title) } else { title.clone() };
    let ask = terms.ask.clone();
    let waiting: Vec<_> = open.iter().map(|one| one.intent.amount.minor.to_string()).collect();
    let (room_text, room_minor) = room_data(room, &terms, lang);
    let fields = PraiseFields(PraiseFieldsProps {
        lang,
        payee: article.account_name.clone(),
        name: name_on_wall(context),
        terms,
        room,
        input,
        errors,
        prefix: "form",
    });
    Document::private(
        page_title,
        view! {
            <div class="card">
                <h1>{title}</h1>
                <p class="for">{(words.form_for)(&article.title)}</p>
                {summary}
                {open_intents(open, words)}
                {ask.map(|ask| view! { <p class="ask" dir="auto">{ask}</p> })}
                <form
                    method="post"
                    action=address::praise(&article.slug)
                    data-room=room_minor
                    data-left=room_text
                    data-waiting=(!waiting.is_empty()).then(|| waiting.join(" "))
                >
                    {fields}
                    <p class="hint">{promise(&article.account_name, words)}</p>
                    <button class="button wide" name="step" value="review">{words.review}</button>
                </form>
                <p class="back">{back_to_article(&article.slug, words)}</p>
            </div>
        },
    )
}

fn review(context: &PageContext, form: PraiseForm, amount: Money) -> Document {
    let words = Words::of(context.lang);
    let PraiseForm { article, input, problems, .. } = form;
    let payee = &article.account_name;
    let summary = error_summary(&FieldErrors::of(problems, context.lang), context.lang);
    let seen_by = Visibility::from_name(&input.visibility)
        .map(|visibility| (words.visibility)(payee, &name_on_wall(context), visibility));
    let note = input.note.trim().to_owned();
    let note = (!note.is_empty()).then(|| {
        view! { <div><dt>{words.note}</dt><dd class="note" dir="auto">{note}</dd></div> }
    });
    Document::private(
        words.review_title,
        view! {
            <div class="card">
                <h1>{words.review_title}</h1>
                <p class="for">{(words.form_for)(&article.title)}</p>
                {summary}
                {give_sentence(payee, amount, words)}
                <dl class="facts">
                    {note}
                    {seen_by.map(|seen_by| view! {
                        <div><dt>{words.visibility_label}</dt><dd>{seen_by}</dd></div>
                    })}
                </dl>
                <form method="post" action=address::praise(&article.slug)>
                    {hidden_fields(input)}
                    <p class="hint">{promise(payee, words)}</p>
                    <button class="button wide" name="step" value="pay">{words.pay}</button>
                    <button class="button quiet wide" name="step" value="edit">{words.edit}</button>
                </form>
            </div>
        },
    )
}

/// Says that praise is optional and that all of it goes to the writer.
fn promise(payee: &str, words: &Words) -> String {
    format!("{}{}{}", words.praise_optional, words.gap, (words.all_of_it)(payee))
}

/// The refusals that belong to no field, and the names of the fields that have an error. Nothing if
/// the form has no error.
fn error_summary(errors: &FieldErrors, lang: Lang) -> Option<impl IntoView + use<>> {
    let words = Words::of(lang);
    let fields = errors.fields(words);
    if fields.is_empty() && errors.general.is_empty() {
        return None;
    }
    let general = errors.general.iter().map(|problem| refusal(problem, lang)).collect_view();
    let pointer = (!fields.is_empty()).then(|| view! { <p>{(words.check_fields)(&fields)}</p> });
    Some(view! { <div class="refusal" role="alert">{general}{pointer}</div> })
}
