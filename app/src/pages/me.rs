//! `/me`: what a reader gave, and how they are called.

use leptos::prelude::*;
use shared::api::{MoneyBackOf, MonthTotal, ReaderPraise};
use shared::lang::Lang;
use shared::limits::NAME_MAX_GRAPHEMES;
use shared::machine::PraiseState;
use shared::problem::Problem;
use shared::text::TextError;

use crate::address;
use crate::document::Document;
use crate::page::{Frame, MePage};
use crate::pages::praise_form::open_intents;
use crate::parts::money_back::money_back;
use crate::parts::older;
use crate::parts::praise_fields::problem;
use crate::when;
use crate::words::Words;
use crate::words::receipt::ReceiptWords;

pub(super) fn page(frame: &Frame, mut page: MePage) -> Document {
    let words = Words::of(frame.lang);
    let receipt = ReceiptWords::of(frame.lang);
    let open = open_intents(std::mem::take(&mut page.open), words);
    let praises = std::mem::take(&mut page.praises);
    let cursor = page.next_cursor.take();
    let back = went_back(&std::mem::take(&mut page.money_back), words);
    let leave = leave(page.guest, words, receipt);
    let given = if praises.is_empty() {
        view! { <p class="empty">{words.me_empty}</p> }.into_any()
    } else {
        let rows = praises.into_iter().map(|praise| row(praise, frame.lang)).collect_view();
        view! { <ul class="plain rows">{rows}</ul> }.into_any()
    };
    Document::private(
        words.me_title,
        view! {
            <h1>{words.me_title}</h1>
            {open}
            {this_month(&page.this_month, frame.lang)}
            <section class="given">
                <h2 class="spoken">{words.me_praises}</h2>
                {given}
                {older("/me", cursor, words)}
            </section>
            {back}
            <p class="back"><a href="/me/limits">{receipt.limits_link}</a></p>
            {about(frame.lang, page)}
            {leave}
        },
    )
}

/// The way out; for a guest, who can come back by receipts only, with what that means, and the way in.
fn leave(guest: bool, words: &'static Words, receipt: &'static ReceiptWords) -> AnyView {
    let without_account = guest.then(|| {
        view! {
            <p class="hint">{receipt.guest_here}</p>
            <p><a class="button quiet" href="/sign-in?return=/me">{words.nav_sign_in}</a></p>
        }
    });
    view! {
        <form class="sign-out" method="post" action="/sign-out">
            {without_account}
            <button class="button quiet">
                {if guest { receipt.forget } else { words.sign_out }}
            </button>
        </form>
    }
    .into_any()
}

/// What this month comes to, where there is something.
fn this_month(totals: &[MonthTotal], lang: Lang) -> Option<AnyView> {
    let receipt = ReceiptWords::of(lang);
    let sums = totals.iter().map(|month| {
        view! { <dd>{(receipt.month_total)(&month.total.to_string(), month.writers)}</dd> }
    });
    let sums = sums.collect_view();
    (!totals.is_empty()).then(|| {
        view! { <dl class="month"><div><dt>{receipt.this_month}</dt>{sums}</div></dl> }.into_any()
    })
}

/// Payments that did not become a praise, and where each of them is.
fn went_back(money: &[MoneyBackOf], words: &'static Words) -> Option<AnyView> {
    let rows = money.iter().map(|one| {
        let at = address::intent(&one.intent_id);
        view! {
            <li class="row">
                <div class="row-head">
                    <a href=at>{one.article.title.clone()}</a>
                    <strong class="sum">{one.money.amount.to_string()}</strong>
                </div>
                <p class="meta"><span>{one.article.account_name.clone()}</span></p>
                {money_back(&one.money, words)}
            </li>
        }
    });
    (!money.is_empty()).then(|| {
        view! {
            <section class="given money-back-list">
                <h2>{words.money_back_title}</h2>
                <ul class="plain rows">{rows.collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

fn row(praise: ReaderPraise, lang: Lang) -> AnyView {
    let (words, receipt) = (Words::of(lang), ReceiptWords::of(lang));
    let currency = praise.amount.currency;
    let date = |moment| when::date(words, moment, currency);
    let paid = (words.praised_on)(&date(praise.paid_at));
    let held = (praise.state == PraiseState::Held)
        .then(|| when::stamp(praise.due_at, (words.held_until)(&date(praise.due_at))));
    let spoken = (receipt.open)(&praise.article.title);
    let seen_by = (words.seen_by)(&praise.article.account_name, praise.visibility);
    view! {
        <li class="row">
            <div class="row-head">
                <a href=address::article(&praise.article.slug)>{praise.article.title}</a>
                <strong class="sum">{praise.amount.to_string()}</strong>
            </div>
            <p class="meta">
                <span>{praise.article.account_name}</span>
                {when::stamp(praise.paid_at, paid)}
                <span>{seen_by}</span>
            </p>
            {praise.note.map(|note| view! { <p class="note">{note}</p> })}
            <div class="row-foot">
                <p class="meta">
                    <span class=format!("state {}", praise.state.as_str())>
                        {(words.praise_state)(praise.state)}
                    </span>
                    {held}
                </p>
                <a href=address::my_praise(&praise.id)>
                    <span aria-hidden="true">{receipt.title}</span>
                    <span class="spoken">{spoken}</span>
                </a>
            </div>
        </li>
    }
    .into_any()
}

fn about(lang: Lang, page: MePage) -> AnyView {
    let words = Words::of(lang);
    let wrong = page.problem.map(|problem| match problem {
        Problem::Text { error: TextError::TooLong(max), .. } => (words.name_too_long)(max),
        other => other.detail(lang),
    });
    let error_id = wrong.is_some().then(|| "name-error".to_owned());
    let described = if wrong.is_some() { "name-hint name-error" } else { "name-hint" };
    let chosen = page.lang;
    let languages = Lang::ALL.map(|lang| {
        view! {
            <option value=lang.tag() lang=lang.tag() selected=chosen == Some(lang)>
                {lang.own_name()}
            </option>
        }
    });
    view! {
        <section class="card" id="about">
            <h2>{words.me_about}</h2>
            {page.saved.then(|| view! { <p class="saved" role="status">{words.saved}</p> })}
            <form method="post" action="/me">
                <div class="field">
                    <label for="name">{words.name_label}</label>
                    <input
                        type="text"
                        id="name"
                        name="name"
                        autocomplete="nickname"
                        value=page.name
                        aria-invalid=wrong.is_some().then_some("true")
                        aria-describedby=described
                    />
                    <p class="hint" id="name-hint">{(words.name_hint)(NAME_MAX_GRAPHEMES)}</p>
                    {problem(wrong, error_id)}
                </div>
                <div class="field">
                    <label for="lang">{words.lang_label}</label>
                    <select id="lang" name="lang">
                        <option value="" selected=chosen.is_none()>{words.lang_follow}</option>
                        {languages}
                    </select>
                </div>
                <button class="button">{words.save}</button>
            </form>
        </section>
    }
    .into_any()
}
