//! `/me/praises/{id}`: one praise as its reader sees it: the receipt, the timeline, and what the
//! reader can still do about it.

use leptos::prelude::*;
use shared::api::{PraiseAction, PraiseDetail, PraiseOption};
use shared::lang::Lang;
use shared::machine::{PraiseState, Visibility};

use crate::address;
use crate::datetime;
use crate::document::Document;
use crate::page::{PageContext, PraisePage};
use crate::parts::refusal::refusal;
use crate::parts::timeline::timeline;
use crate::parts::{amount_sentence, back_to_article, quote, seen_by, state_chip};
use crate::words::Words;
use crate::words::receipt::ReceiptWords;
use crate::words::timeline::Side;

pub(super) fn page(context: &PageContext, page: PraisePage) -> Document {
    let lang = context.lang;
    let (words, receipt) = (Words::of(lang), ReceiptWords::of(lang));
    let PraisePage {
        detail,
        timeline: events,
        path,
        reader_name,
        can_only_narrow,
        refusal: refused,
        changed,
    } = page;
    let currency = detail.praise.amount.currency;
    let praise = &detail.praise;
    let reply = praise.reply.clone();
    let reply = reply.map(|reply| quote((receipt.reply)(&praise.article.account_name), reply.text));
    let refused = refused.map(|problem| {
        view! { <div class="refusal" role="alert">{refusal(&problem, lang)}</div> }
    });
    let changed = changed.then(|| view! { <p class="saved" role="status">{receipt.changed}</p> });
    Document::private(
        receipt.title,
        view! {
            <section class="card receipt">
                <h1>{receipt.title}</h1>
                {refused}
                {changed}
                {facts(&detail, lang)}
                {reply}
                {options(&detail, &path, lang)}
            </section>
            <section class="history">
                <h2>{receipt.timeline}</h2>
                {timeline(events, currency, Side::Reader, lang)}
            </section>
            {visibility(context, &detail, &path, reader_name, can_only_narrow)}
            <p class="back">
                <a href="/me">{receipt.all}</a>
                {back_to_article(&detail.praise.article.slug, words)}
            </p>
        },
    )
}

fn facts(detail: &PraiseDetail, lang: Lang) -> AnyView {
    let (words, receipt) = (Words::of(lang), ReceiptWords::of(lang));
    let praise = &detail.praise;
    let article = &praise.article;
    let paid_at = datetime::date_time(words, praise.paid_at, praise.amount.currency);
    let seen_by = seen_by(&article.account_name, praise.visibility, praise.state, words);
    let note = praise.note.clone().map(|note| {
        view! { <div><dt>{words.note}</dt><dd class="note" dir="auto">{note}</dd></div> }
    });
    view! {
        {amount_sentence((receipt.gave)(&article.account_name), praise.amount)}
        <p>{state_chip(praise.state, words)}</p>
        <dl class="facts">
            <div>
                <dt>{words.fact_article}</dt>
                <dd><a href=address::article(&article.slug) dir="auto">{article.title.clone()}</a></dd>
            </div>
            {note}
            <div>
                <dt>{receipt.paid_on}</dt>
                <dd>{datetime::time_element(praise.paid_at, paid_at)}</dd>
            </div>
            <div>
                <dt>{words.visibility_label}</dt>
                <dd>{seen_by}</dd>
            </div>
            <div><dt>{receipt.number}</dt><dd><code>{praise.id.clone()}</code></dd></div>
        </dl>
    }
    .into_any()
}

/// Undo takes one tap. A take-back asks for confirmation in place.
fn options(detail: &PraiseDetail, path: &str, lang: Lang) -> AnyView {
    let (words, receipt) = (Words::of(lang), ReceiptWords::of(lang));
    let praise = &detail.praise;
    let until =
        |option: &PraiseOption| datetime::date_time(words, option.until, praise.amount.currency);
    let find = |action| detail.can.iter().find(|option| option.action == action);
    if let Some(undo) = find(PraiseAction::Undo) {
        return view! {
            <form class="option" method="post" action=format!("{path}/undo")>
                <button class="button quiet">{receipt.undo}</button>
                <p class="hint">{(receipt.undo_hint)(&until(undo))}</p>
            </form>
        }
        .into_any();
    }
    let no_undos = detail.undo_reopens_at.map(|moment| {
        let from = datetime::date_time(words, moment, praise.amount.currency);
        view! { <p class="hint">{(receipt.no_undos)(&from)}</p> }
    });
    if let Some(take_back) = find(PraiseAction::TakeBack) {
        let amount = praise.amount.to_string();
        let hint = (receipt.take_back_hint)(&amount, &until(take_back), detail.take_backs_left);
        return view! {
            {no_undos}
            <details class="option">
                <summary class="button quiet">{receipt.take_back}</summary>
                <p>{hint}</p>
                <form method="post" action=format!("{path}/take-back")>
                    <button class="button">{(receipt.take_back_sure)(&amount)}</button>
                </form>
            </details>
        }
        .into_any();
    }
    let no_take_backs = (praise.state == PraiseState::Held && detail.take_backs_left == 0)
        .then(|| view! { <p class="hint">{receipt.no_take_backs}</p> });
    view! { {no_undos}{no_take_backs} }.into_any()
}

/// The form to change who can see the name, while the praise is on the wall.
fn visibility(
    context: &PageContext,
    detail: &PraiseDetail,
    path: &str,
    reader_name: Option<String>,
    can_only_narrow: bool,
) -> AnyView {
    let (words, receipt) = (Words::of(context.lang), ReceiptWords::of(context.lang));
    let praise = &detail.praise;
    // An anonymous praise cannot be shown to fewer people.
    if !praise.state.stands() || (can_only_narrow && praise.visibility == Visibility::Anonymous) {
        return ().into_any();
    }
    let is_offered = |to: &&Visibility| !can_only_narrow || to.is_within(praise.visibility);
    let name = reader_name.unwrap_or_else(|| words.a_reader.to_owned());
    let choices = Visibility::ALL.iter().filter(is_offered).map(|&visibility| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="visibility"
                    value=visibility.as_str()
                    checked=visibility == praise.visibility
                />
                <span>{(words.visibility)(&praise.article.account_name, &name, visibility)}</span>
            </label>
        }
    });
    view! {
        <details class="card">
            <summary>{receipt.change_visibility}</summary>
            <form method="post" action=format!("{path}/visibility")>
                <fieldset class="field">
                    <legend class="visually-hidden">{words.visibility_legend}</legend>
                    <div class="choices">{choices.collect_view()}</div>
                </fieldset>
                <button class="button">{words.save}</button>
            </form>
        </details>
    }
    .into_any()
}
