//! `/me/praises/{id}`: one praise as its reader holds it: the receipt, what happened to it, and what
//! can still be done about it.

use leptos::prelude::*;
use shared::api::{PraiseAction, PraiseDetail, PraiseOption};
use shared::lang::Lang;
use shared::machine::{PraiseState, Visibility};

use crate::address;
use crate::document::Document;
use crate::page::{Frame, PraisePage};
use crate::pages::praise_form::general;
use crate::parts::praise_fields::name_on_wall;
use crate::parts::timeline::timeline;
use crate::parts::{around_amount, said};
use crate::when;
use crate::words::Words;
use crate::words::receipt::ReceiptWords;

pub(super) fn page(frame: &Frame, page: PraisePage) -> Document {
    let lang = frame.lang;
    let (words, receipt) = (Words::of(lang), ReceiptWords::of(lang));
    let PraisePage { detail, timeline: happened, path, refusal, changed } = page;
    let currency = detail.praise.amount.currency;
    let praise = &detail.praise;
    let reply = praise.reply.clone();
    let reply = reply.map(|reply| said((receipt.reply)(&praise.article.account_name), reply.text));
    let refusal = refusal.map(|problem| {
        view! { <div class="refusal" role="alert">{general(&problem, lang)}</div> }
    });
    let changed = changed.then(|| view! { <p class="saved" role="status">{receipt.changed}</p> });
    Document::private(
        receipt.title,
        view! {
            <section class="card receipt">
                <h1>{receipt.title}</h1>
                {refusal}
                {changed}
                {facts(&detail, lang)}
                {reply}
                {options(&detail, &path, lang)}
            </section>
            <section class="happened">
                <h2>{receipt.timeline}</h2>
                {timeline(happened, currency, lang)}
            </section>
            {visibility(frame, &detail, &path)}
            <p class="back">
                <a href="/me">{receipt.all}</a>
                <a href=address::article(&detail.praise.article.slug)>{words.back_to_article}</a>
            </p>
        },
    )
}

fn facts(detail: &PraiseDetail, lang: Lang) -> AnyView {
    let (words, receipt) = (Words::of(lang), ReceiptWords::of(lang));
    let praise = &detail.praise;
    let article = &praise.article;
    let paid_at = when::date_time(words, praise.paid_at, praise.amount.currency);
    let note = praise.note.clone().map(|note| {
        view! { <div><dt>{words.review_note}</dt><dd class="note">{note}</dd></div> }
    });
    view! {
        {around_amount((receipt.gave)(&article.account_name), praise.amount)}
        <p>
            <span class=format!("state {}", praise.state.as_str())>
                {(words.praise_state)(praise.state)}
            </span>
        </p>
        <dl class="facts">
            <div>
                <dt>{words.fact_article}</dt>
                <dd><a href=address::article(&article.slug)>{article.title.clone()}</a></dd>
            </div>
            {note}
            <div>
                <dt>{receipt.paid_on}</dt>
                <dd>{when::stamp(praise.paid_at, paid_at)}</dd>
            </div>
            <div>
                <dt>{receipt.seen_by}</dt>
                <dd>{(words.seen_by)(&article.account_name, praise.visibility)}</dd>
            </div>
            <div><dt>{receipt.number}</dt><dd><code>{praise.id.clone()}</code></dd></div>
        </dl>
    }
    .into_any()
}

/// Undo is one tap; taking back asks once more, in place.
fn options(detail: &PraiseDetail, path: &str, lang: Lang) -> AnyView {
    let (words, receipt) = (Words::of(lang), ReceiptWords::of(lang));
    let praise = &detail.praise;
    let until =
        |option: &PraiseOption| when::date_time(words, option.until, praise.amount.currency);
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
    if let Some(take_back) = find(PraiseAction::TakeBack) {
        let amount = praise.amount.to_string();
        let hint = (receipt.take_back_hint)(&amount, &until(take_back), detail.take_backs_left);
        return view! {
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
    (praise.state == PraiseState::Held && detail.take_backs_left == 0)
        .then(|| view! { <p class="hint">{receipt.no_take_backs}</p> })
        .into_any()
}

/// Who sees it, while there is something to see.
fn visibility(frame: &Frame, detail: &PraiseDetail, path: &str) -> AnyView {
    let (words, receipt) = (Words::of(frame.lang), ReceiptWords::of(frame.lang));
    let praise = &detail.praise;
    if !praise.state.stands() {
        return ().into_any();
    }
    let name = name_on_wall(frame);
    let choices = Visibility::ALL.iter().map(|&visibility| {
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
                    <legend class="spoken">{words.visibility_legend}</legend>
                    <div class="choices">{choices.collect_view()}</div>
                </fieldset>
                <button class="button">{receipt.change}</button>
            </form>
        </details>
    }
    .into_any()
}
