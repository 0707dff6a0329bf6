//! `/i/{id}`: the state of an intent. Every state keeps amount and note.

use leptos::prelude::*;
use shared::api::MoneyBackState;
use shared::lang::Lang;
use shared::machine::IntentState;

use crate::address;
use crate::datetime;
use crate::document::Document;
use crate::page::{IntentPage, PageContext, PraiseInput, ReceiptLink};
use crate::parts::money_back::money_back;
use crate::parts::praise_fields::hidden_fields;
use crate::parts::refusal::refusal_after_payment;
use crate::parts::{article_list, back_to_article, give_sentence, icon, quote};
use crate::sheet::validation::CUSTOM;
use crate::words::Words;
use crate::words::receipt::ReceiptWords;

/// Seconds after which the page of an open intent is fetched again.
const REFRESH_S: u32 = 5;
/// How many other articles are offered after a praise.
const OTHERS_MAX: usize = 3;

pub(super) fn page(context: &PageContext, page: IntentPage) -> Document {
    let words = Words::of(context.lang);
    let payee = page.article.account_name.clone();
    let state = page.intent.state;
    let waits = state == IntentState::AwaitingPayment;
    let unknown = waits && page.pay_url.is_none();
    let title = title(state, unknown, words);
    let facts = facts(&page, words);
    let body = match state {
        IntentState::AwaitingPayment => awaiting(&page, words).into_any(),
        IntentState::Paid => paid(&page, context.lang).into_any(),
        IntentState::Returned => returned(&page, context.lang).into_any(),
        IntentState::Declined => view! { <p>{words.declined_text}</p> }.into_any(),
        IntentState::Cancelled => view! { <p>{words.cancelled_text}</p> }.into_any(),
        IntentState::Expired => view! { <p>{words.expired_text}</p> }.into_any(),
    };
    // "Nothing was charged" is true only if no money arrived.
    let uncharged =
        matches!(state, IntentState::Declined | IntentState::Cancelled | IntentState::Expired);
    let back = &page.intent.money_back;
    let body = (back.is_empty() || !uncharged).then_some(body);
    let back: Vec<_> = back.iter().map(|money| money_back(money, words)).collect();
    let again = uncharged.then(|| try_again(&page, words));
    let slug = page.article.slug;
    let others: Vec<_> = match state {
        IntentState::Paid => page.others.into_iter().take(OTHERS_MAX).collect(),
        _ => Vec::new(),
    };
    let others = (!others.is_empty()).then(|| {
        view! {
            <section class="others">
                <h2>{(words.others)(&payee)}</h2>
                {article_list(others, context.lang, false)}
            </section>
        }
    });
    let receipt = page.receipt.as_ref().map(|link| receipt(link, context.lang));
    let to_me = (state == IntentState::Paid).then(|| view! { <a href="/me">{words.to_me}</a> });
    // Tells `drafts.js` that the draft of this intent is no longer needed.
    let ended = (!waits).then(|| address::article(&slug));
    let class = format!("card outcome {}", if unknown { "unknown" } else { state.as_str() });
    let document = Document::private(
        title,
        view! {
            <section class=class data-ended=ended data-unpaid=uncharged.then_some("")>
                {icon(if unknown { DOTS } else { icon_path(state) })}
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
    Document { refresh_s: waits.then_some(REFRESH_S), ..document }
}

const fn title(state: IntentState, unknown: bool, words: &Words) -> &'static str {
    match state {
        IntentState::AwaitingPayment if unknown => words.unknown_title,
        IntentState::AwaitingPayment => words.awaiting_title,
        IntentState::Paid => words.paid_title,
        IntentState::Returned => words.returned_title,
        IntentState::Declined => words.declined_title,
        IntentState::Cancelled => words.cancelled_title,
        IntentState::Expired => words.expired_title,
    }
}

/// Three dots in a circle: the provider has not answered yet.
const DOTS: &str = "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM8 12h.01M12 12h.01M16 12h.01";

/// Returns the icon of a state. Each state has its own shape, so that none depends on colour alone.
const fn icon_path(state: IntentState) -> &'static str {
    match state {
        // In this order: clock, heart, arrow back, card, cross, hourglass.
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

/// Amount, article, note and status.
fn facts(page: &IntentPage, words: &'static Words) -> AnyView {
    let note = page.intent.note.clone().map(|note| {
        view! { <div><dt>{words.note}</dt><dd class="note" dir="auto">{note}</dd></div> }
    });
    let amount = page.intent.amount;
    // "Give" is right only while it can still be paid.
    let waits = page.intent.state == IntentState::AwaitingPayment;
    let sum = (!waits).then(|| {
        let amount = amount.to_string();
        view! { <div><dt>{words.amount}</dt><dd class="sum">{amount}</dd></div> }
    });
    view! {
        {waits.then(|| give_sentence(&page.article.account_name, amount, words))}
        <dl class="facts">
            {sum}
            <div><dt>{words.fact_article}</dt><dd dir="auto">{page.article.title.clone()}</dd></div>
            {note}
            <div><dt>{words.fact_state}</dt><dd>{status(page, words)}</dd></div>
        </dl>
    }
    .into_any()
}

/// The status in one word. It is the praise's once there is one, and the refund's if there is one.
fn status(page: &IntentPage, words: &Words) -> &'static str {
    let intent = &page.intent;
    if let Some(praise) = &intent.praise {
        return (words.praise_state)(praise.state);
    }
    let is = |state| intent.money_back.iter().any(|money| money.state == state);
    match intent.state {
        IntentState::Returned if is(MoneyBackState::InReview) => words.money_under_review,
        IntentState::Returned if is(MoneyBackState::Returning) => words.money_refunding,
        IntentState::Returned if !intent.money_back.is_empty() => words.money_refunded,
        state => (words.intent_state)(state),
    }
}

fn awaiting(page: &IntentPage, words: &'static Words) -> AnyView {
    let until = datetime::time(words, page.intent.expires_at, page.intent.amount.currency);
    let path = address::intent(&page.intent.id);
    let text = match page.pay_url {
        Some(_) => (words.awaiting_text)(&until),
        None => words.unknown_text.to_owned(),
    };
    view! {
        <p>{text}</p>
        <div class="actions">
            {page.pay_url.clone().map(|url| view! { <a class="button" href=url>{words.pay}</a> })}
            <a class="button quiet" href=path>{words.refresh}</a>
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
        let date = datetime::date(words, praise.due_at, page.intent.amount.currency);
        view! { <p class="hint">{(words.paid_due)(payee, &date)}</p> }
    });
    let thanks = page.thanks.clone().map(|thanks| quote((words.thanks_from)(payee), thanks));
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
                {refusal_after_payment(refusal, lang)}
            </div>
        }
    });
    view! { <p>{words.returned_text}</p> {why} }.into_any()
}

/// The link to the receipt. A guest is told to save it, because there is no other way back.
fn receipt(link: &ReceiptLink, lang: Lang) -> AnyView {
    let words = ReceiptWords::of(lang);
    let hint = link.for_guest.then(|| view! { <p class="hint">{words.save_link}</p> });
    let class = if link.for_guest { "receipt-link for-guest" } else { "receipt-link" };
    view! {
        <div class=class>
            <a class="button quiet" href=link.path.clone()>{words.receipt_link}</a>
            {hint}
        </div>
    }
    .into_any()
}

/// The button back to the form with all fields filled in. The key stays empty, because it is a new
/// intent.
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
            {hidden_fields(input)}
            <button class="button" name="step" value="edit">{words.try_again}</button>
        </form>
    }
    .into_any()
}
