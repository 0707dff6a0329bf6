//! `/i/{id}`: what became of an attempt. Calm whatever happened; amount and note are never lost.

use leptos::prelude::*;
use shared::lang::Lang;
use shared::machine::IntentState;

use crate::address;
use crate::document::Document;
use crate::page::{Frame, IntentPage, PraiseInput, ReceiptLink};
use crate::pages::praise_form::{back_to_article, general_after_payment, hidden};
use crate::parts::money_back::money_back;
use crate::parts::{article_list, give, icon, said};
use crate::sheet::choice::CUSTOM;
use crate::when;
use crate::words::Words;
use crate::words::receipt::ReceiptWords;

/// How often the page of an open attempt asks again.
const ASK_AGAIN_S: u32 = 5;
/// Articles offered after a praise.
const READ_ON: usize = 3;

pub(super) fn page(frame: &Frame, page: IntentPage) -> Document {
    let words = Words::of(frame.lang);
    let payee = page.article.account_name.clone();
    let state = page.intent.state;
    let waits = state == IntentState::AwaitingPayment;
    let unknown = waits && page.pay_url.is_none();
    let title = title(state, unknown, words);
    let facts = facts(&page, words);
    let body = match state {
        IntentState::AwaitingPayment => awaiting(&page, words).into_any(),
        IntentState::Paid => paid(&page, frame.lang).into_any(),
        IntentState::Returned => returned(&page, frame.lang).into_any(),
        IntentState::Declined => view! { <p>{words.declined_text}</p> }.into_any(),
        IntentState::Cancelled => view! { <p>{words.cancelled_text}</p> }.into_any(),
        IntentState::Expired => view! { <p>{words.expired_text}</p> }.into_any(),
    };
    // That nothing was charged is true only where nothing arrived.
    let uncharged =
        matches!(state, IntentState::Declined | IntentState::Cancelled | IntentState::Expired);
    let back = &page.intent.money_back;
    let body = (back.is_empty() || !uncharged).then_some(body);
    let back: Vec<_> = back.iter().map(|money| money_back(money, words)).collect();
    let again = uncharged.then(|| try_again(&page, words));
    let slug = page.article.slug;
    let others: Vec<_> = match state {
        IntentState::Paid => page.others.into_iter().take(READ_ON).collect(),
        _ => Vec::new(),
    };
    let others = (!others.is_empty()).then(|| {
        view! {
            <section class="others">
                <h2>{(words.read_on)(&payee)}</h2>
                {article_list(others, frame.lang, false)}
            </section>
        }
    });
    let receipt = page.receipt.as_ref().map(|link| receipt(link, frame.lang));
    let to_me = (state == IntentState::Paid).then(|| view! { <a href="/me">{words.to_me}</a> });
    // What the reader typed is in `drafts.js`'s keeping until now.
    let ended = (!waits).then(|| address::article(&slug));
    let class = format!("card outcome {}", if unknown { "unknown" } else { state.as_str() });
    let document = Document::private(
        title,
        view! {
            <section class=class data-ended=ended data-again=uncharged.then_some("")>
                {icon(if unknown { ASKING } else { picture(state) })}
                <div role="status">
                    <h1>{title}</h1>
                    {body}
                    {back}
                </div>
                {facts}
                {receipt}
                {again}
                <p class="back">{to_me}{back_to_article(&slug, words)}</p>
            </section>
            {others}
        },
    );
    Document { refresh_s: waits.then_some(ASK_AGAIN_S), ..document }
}

const fn title(state: IntentState, unknown: bool, words: &Words) -> &'static str {
    match state {
        IntentState::AwaitingPayment if unknown => words.waiting_title,
        IntentState::AwaitingPayment => words.awaiting_title,
        IntentState::Paid => words.paid_title,
        IntentState::Returned => words.returned_title,
        IntentState::Declined => words.declined_title,
        IntentState::Cancelled => words.cancelled_title,
        IntentState::Expired => words.expired_title,
    }
}

/// Three dots in a circle: somebody is being asked.
const ASKING: &str = "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM8 12h.01M12 12h.01M16 12h.01";

/// The shape of the icon: each state has its own, so that colour alone says nothing.
const fn picture(state: IntentState) -> &'static str {
    match state {
        // A clock, a heart, an arrow back, a card, a cross, an hourglass.
        IntentState::AwaitingPayment => "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM12 7v5l3.5 2",
        IntentState::Paid => {
            "M12 20C7 16.4 3.5 13.2 3.5 9.2 3.5 6.5 5.5 4.5 8 4.5c1.6 0 3.1.9 4 2.3.9-1.4 2.4-2.3 4-2.3 2.5 0 4.5 2 4.5 4.7 0 4-3.5 7.2-8.5 10.8Z"
        }
        IntentState::Returned => "M9 5L4 10l5 5M4 10h10a6 6 0 0 1 0 12h-3",
        IntentState::Declined => {
            "M5 5.5h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2ZM3 10h18M7 14.5h4"
        }
        IntentState::Cancelled => "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM9 9l6 6M15 9l-6 6",
        IntentState::Expired => "M7 3h10M7 21h10M8 3c0 5 8 7 8 9s-8 4-8 9M16 3c0 5-8 7-8 9s8 4 8 9",
    }
}

/// Amount and note, whatever happened.
fn facts(page: &IntentPage, words: &'static Words) -> AnyView {
    let note = page.intent.note.clone().map(|note| {
        view! { <div><dt>{words.your_note}</dt><dd class="note">{note}</dd></div> }
    });
    let amount = page.intent.amount;
    // "Give" is for what can still be given.
    let waits = page.intent.state == IntentState::AwaitingPayment;
    let sum = (!waits).then(|| {
        let amount = amount.to_string();
        view! { <div><dt>{words.your_amount}</dt><dd class="sum">{amount}</dd></div> }
    });
    view! {
        {waits.then(|| give(&page.article.account_name, amount, words))}
        <dl class="facts">
            {sum}
            <div><dt>{words.fact_article}</dt><dd>{page.article.title.clone()}</dd></div>
            {note}
            <div><dt>{words.fact_state}</dt><dd>{(words.intent_state)(page.intent.state)}</dd></div>
        </dl>
    }
    .into_any()
}

fn awaiting(page: &IntentPage, words: &'static Words) -> AnyView {
    let until = when::time(words, page.intent.expires_at, page.intent.amount.currency);
    let path = address::intent(&page.intent.id);
    let text = match page.pay_url {
        Some(_) => (words.awaiting_text)(&until),
        None => words.waiting_text.to_owned(),
    };
    view! {
        <p>{text}</p>
        <div class="actions">
            {page.pay_url.clone().map(|url| view! { <a class="button" href=url>{words.pay}</a> })}
            <a class="button quiet" href=path>{words.look_again}</a>
            <form method="post" action=address::cancel_intent(&page.intent.id)>
                <button class="button quiet">{words.cancel}</button>
            </form>
        </div>
    }
    .into_any()
}

fn paid(page: &IntentPage, lang: Lang) -> AnyView {
    let words = Words::of(lang);
    let payee = &page.article.account_name;
    let due = page.intent.praise.as_ref().map(|praise| {
        let date = when::date(words, praise.due_at, page.intent.amount.currency);
        view! { <p class="hint">{(words.paid_due)(payee, &date)}</p> }
    });
    let thanks = page.thanks.clone().map(|thanks| said((words.thanks_from)(payee), thanks));
    view! {
        <p>{(words.paid_text)(payee)}</p>
        {thanks}
        {due}
    }
    .into_any()
}

fn returned(page: &IntentPage, lang: Lang) -> AnyView {
    let words = Words::of(lang);
    let why = page.refusal.as_ref().map(|refusal| {
        view! {
            <div class="refusal">
                <h2>{words.returned_why}</h2>
                {general_after_payment(refusal, lang)}
            </div>
        }
    });
    view! { <p>{words.returned_text}</p> {why} }.into_any()
}

/// The way to the receipt; for a guest it says that nothing else leads there.
fn receipt(link: &ReceiptLink, lang: Lang) -> AnyView {
    let words = ReceiptWords::of(lang);
    let hint = link.keep.then(|| view! { <p class="hint">{words.keep_hint}</p> });
    let class = if link.keep { "keep" } else { "to-receipt" };
    view! {
        <div class=class>
            <a class="button quiet" href=link.path.clone()>{words.keep}</a>
            {hint}
        </div>
    }
    .into_any()
}

/// Back to the form with everything in it. The key stays empty: it is a new attempt.
fn try_again(page: &IntentPage, words: &'static Words) -> AnyView {
    let input = PraiseInput {
        preset: CUSTOM.to_owned(),
        amount: page.intent.amount.to_major_string(),
        note: page.intent.note.clone().unwrap_or_default(),
        visibility: page.intent.visibility.as_str().to_owned(),
        key: String::new(),
    };
    view! {
        <form method="post" action=address::praise(&page.article.slug)>
            {hidden(input)}
            <button class="button" name="step" value="edit">{words.try_again}</button>
        </form>
    }
    .into_any()
}
