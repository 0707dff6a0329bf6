//! `/a/{slug}/praise`: the sheet as a page, in two steps.

use leptos::prelude::*;
use shared::lang::Lang;
use shared::machine::Visibility;
use shared::money::Money;
use shared::problem::Problem;

use crate::address;
use crate::document::Document;
use crate::page::{Frame, OpenIntent, PraiseForm, PraiseInput, PraiseStep};
use crate::parts::give;
use crate::parts::praise_fields::{
    FieldProblems, PraiseFields, PraiseFieldsProps, name_on_wall, room_data,
};
use crate::when;
use crate::words::Words;
use crate::words::receipt::ReceiptWords;

pub(super) fn page(frame: &Frame, form: PraiseForm) -> Document {
    match form.step {
        PraiseStep::Fill => fill(frame, form),
        PraiseStep::Review { amount } => review(frame, form, amount),
    }
}

fn fill(frame: &Frame, form: PraiseForm) -> Document {
    let (lang, words) = (frame.lang, Words::of(frame.lang));
    let PraiseForm { article, terms, room, input, problems, open, .. } = form;
    let problems = FieldProblems::sort(problems, lang);
    let title = (words.form_title)(&article.account_name);
    let wrong = problems.any_field() || !problems.general.is_empty();
    let page_title = if wrong { (words.error)(&title) } else { title.clone() };
    let refusals = refusals(&problems, lang);
    let ask = terms.ask.clone();
    let waiting: Vec<_> = open.iter().map(|one| one.intent.amount.minor.to_string()).collect();
    let (left, room_minor) = room_data(room, &terms, lang);
    let fields = PraiseFields(PraiseFieldsProps {
        lang,
        payee: article.account_name.clone(),
        name: name_on_wall(frame),
        terms,
        room,
        input,
        problems,
        prefix: "form",
    });
    Document::private(
        page_title,
        view! {
            <div class="card">
                <h1>{title}</h1>
                <p class="for">{(words.form_for)(&article.title)}</p>
                {refusals}
                {open_intents(open, words)}
                {ask.map(|ask| view! { <p class="ask">{ask}</p> })}
                <form
                    method="post"
                    action=address::praise(&article.slug)
                    data-room=room_minor
                    data-left=left
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

fn review(frame: &Frame, form: PraiseForm, amount: Money) -> Document {
    let words = Words::of(frame.lang);
    let PraiseForm { article, input, problems, .. } = form;
    let payee = &article.account_name;
    let refusals = refusals(&FieldProblems::sort(problems, frame.lang), frame.lang);
    let seen_by = Visibility::from_name(&input.visibility)
        .map(|visibility| (words.visibility)(payee, &name_on_wall(frame), visibility));
    let note = input.note.trim().to_owned();
    let note = (!note.is_empty()).then(|| {
        view! { <div><dt>{words.review_note}</dt><dd class="note">{note}</dd></div> }
    });
    Document::private(
        words.review_title,
        view! {
            <div class="card">
                <h1>{words.review_title}</h1>
                <p class="for">{(words.form_for)(&article.title)}</p>
                {refusals}
                {give(payee, amount, words)}
                <dl class="facts">
                    {note}
                    {seen_by.map(|seen_by| view! {
                        <div><dt>{words.review_visibility}</dt><dd>{seen_by}</dd></div>
                    })}
                </dl>
                <form method="post" action=address::praise(&article.slug)>
                    {hidden(input)}
                    <p class="hint">{promise(payee, words)}</p>
                    <button class="button wide" name="step" value="pay">{words.pay}</button>
                    <button class="button quiet wide" name="step" value="edit">{words.edit}</button>
                </form>
            </div>
        },
    )
}

/// Optional, and all of it for the writer.
fn promise(payee: &str, words: &Words) -> String {
    format!("{}{}{}", words.praise_optional, words.gap, (words.all_of_it)(payee))
}

/// The fields as hidden values.
pub(super) fn hidden(input: PraiseInput) -> AnyView {
    let fields = [
        ("preset", input.preset),
        ("amount", input.amount),
        ("note", input.note),
        ("visibility", input.visibility),
        ("key", input.key),
    ];
    fields.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).into_any()
}

/// What belongs to no field, and where to look when a field is not right.
fn refusals(problems: &FieldProblems, lang: Lang) -> Option<impl IntoView + use<>> {
    let words = Words::of(lang);
    let general = problems.general.iter().map(|problem| general(problem, lang)).collect_view();
    let pointer = problems.any_field().then(|| view! { <p>{words.check_fields}</p> });
    (problems.any_field() || !problems.general.is_empty())
        .then(|| view! { <div class="refusal" role="alert">{general}{pointer}</div> })
}

/// A refusal in the words of its rule, with the time it gives room again.
pub(super) fn general(problem: &Problem, lang: Lang) -> AnyView {
    refusal(problem, problem.detail(lang), lang)
}

/// Why money that was paid goes back. The words of a limit are those of a refusal before payment
/// ("nothing was charged"), so here it says its number instead.
pub(super) fn general_after_payment(problem: &Problem, lang: Lang) -> AnyView {
    let detail = match problem.limit() {
        Some(limit) => (Words::of(lang).the_limit)(&limit.to_string()),
        None => problem.detail(lang),
    };
    refusal(problem, detail, lang)
}

fn refusal(problem: &Problem, detail: String, lang: Lang) -> AnyView {
    let words = Words::of(lang);
    let reopens = problem.reopens_at().map(|moment| {
        let at = problem.limit().map_or(when::home(lang), |limit| limit.currency);
        view! { <p>{(words.reopens)(&when::date_time(words, moment, at))}</p> }
    });
    // What readers have set themselves they can change themselves.
    let own = matches!(
        problem,
        Problem::ReaderOwnPraise { .. }
            | Problem::ReaderOwnDay { .. }
            | Problem::ReaderOwnMonth { .. }
    );
    let limits = own.then(|| {
        view! { <p><a href="/me/limits">{ReceiptWords::of(lang).limits_link}</a></p> }
    });
    view! {
        <p><strong>{problem.title(lang)}</strong></p>
        <p>{detail}</p>
        {reopens}
        {limits}
    }
    .into_any()
}

/// Attempts that still wait for their payment: go on, or cancel. None forbids a new one.
pub(super) fn open_intents(
    open: Vec<OpenIntent>,
    words: &'static Words,
) -> Option<impl IntoView + use<>> {
    let items = open.iter().map(|OpenIntent { intent, article }| {
        let until = when::time(words, intent.expires_at, intent.amount.currency);
        view! {
            <li class="open">
                {give(&article.account_name, intent.amount, words)}
                <p class="for">{(words.form_for)(&article.title)}</p>
                {intent.note.clone().map(|note| view! { <p class="note">{note}</p> })}
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

/// The way back to the article.
pub(super) fn back_to_article(slug: &str, words: &'static Words) -> AnyView {
    view! { <a href=address::article(slug)>{words.back_to_article}</a> }.into_any()
}
