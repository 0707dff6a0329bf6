//! `/me`: a reader's praises and profile.

use leptos::prelude::*;
use shared::api::{MoneyBackOf, MonthTotal, ReaderPraise};
use shared::lang::Lang;
use shared::limits::NAME_MAX_GRAPHEMES;
use shared::machine::PraiseState;
use shared::problem::Problem;
use shared::text::TextError;

use crate::address;
use crate::datetime;
use crate::document::Document;
use crate::page::{MePage, PageContext};
use crate::parts::money_back::money_back;
use crate::parts::open_intents::open_intents;
use crate::parts::praise_fields::field_error;
use crate::parts::{next_page_link, seen_by, state_chip};
use crate::words::Words;
use crate::words::receipt::ReceiptWords;

pub(super) fn page(context: &PageContext, mut page: MePage) -> Document {
    let words = Words::of(context.lang);
    let receipt = ReceiptWords::of(context.lang);
    let open = open_intents(std::mem::take(&mut page.open), words);
    let praises = std::mem::take(&mut page.praises);
    let cursor = page.next_cursor.take();
    let rejected = rejected_payments(&std::mem::take(&mut page.money_back), words);
    let sign_out = sign_out(page.guest, words, receipt);
    let list = if praises.is_empty() {
        view! { <p class="empty">{words.me_empty}</p> }.into_any()
    } else {
        let rows = praises.into_iter().map(|praise| row(praise, context.lang)).collect_view();
        view! { <ul class="plain rows">{rows}</ul> }.into_any()
    };
    Document::private(
        words.me_title,
        view! {
            <h1>{words.me_title}</h1>
            {open}
            {this_month(&page.this_month, context.lang)}
            <section class="praises">
                <h2 class="visually-hidden">{words.me_praises}</h2>
                {list}
                {next_page_link("/me", cursor, words.older_praises)}
            </section>
            {rejected}
            <p class="back"><a href="/me/limits">{receipt.limits_link}</a></p>
            {profile(context.lang, page)}
            {sign_out}
        },
    )
}

/// The sign-out button. For a guest it forgets the browser, so it explains what that means and
/// offers to sign in instead.
fn sign_out(guest: bool, words: &'static Words, receipt: &'static ReceiptWords) -> AnyView {
    let notice = guest.then(|| {
        view! {
            <p class="hint">{receipt.guest_here}</p>
            <p><a class="button quiet" href="/sign-in?return=/me">{words.nav_sign_in}</a></p>
        }
    });
    // A guest is signed in on this device only.
    let everywhere = (!guest).then(|| {
        view! {
            <form class="sign-out-everywhere" method="post" action="/sign-out-everywhere">
                <button class="button quiet">{words.sign_out_everywhere}</button>
            </form>
        }
    });
    view! {
        <form class="sign-out" method="post" action="/sign-out">
            {notice}
            <button class="button quiet">
                {if guest { receipt.forget } else { words.sign_out }}
            </button>
        </form>
        {everywhere}
    }
    .into_any()
}

/// The totals of this month, or nothing if there are none.
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

/// Payments that did not become a praise, with where the money is. Nothing if there are none.
fn rejected_payments(money: &[MoneyBackOf], words: &'static Words) -> Option<AnyView> {
    let rows = money.iter().map(|payment| {
        let path = address::intent(&payment.intent_id);
        view! {
            <li class="row">
                <div class="row-head">
                    <a href=path dir="auto">{payment.article.title.clone()}</a>
                    <strong class="sum">{payment.money.amount.to_string()}</strong>
                </div>
                <p class="meta"><span>{payment.article.account_name.clone()}</span></p>
                {money_back(&payment.money, words)}
            </li>
        }
    });
    (!money.is_empty()).then(|| {
        view! {
            <section class="praises money-back-list">
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
    let date = |moment| datetime::date(words, moment, currency);
    let paid = date(praise.paid_at);
    let held = (praise.state == PraiseState::Held)
        .then(|| datetime::time_element(praise.due_at, (words.held_until)(&date(praise.due_at))));
    let label = (receipt.open)(&praise.article.title);
    let seen_by = seen_by(&praise.article.account_name, praise.visibility, praise.state, words);
    view! {
        <li class="row">
            <div class="row-head">
                <a href=address::article(&praise.article.slug) dir="auto">{praise.article.title}</a>
                <strong class="sum">{praise.amount.to_string()}</strong>
            </div>
            <p class="meta">
                <span dir="auto">{praise.article.account_name}</span>
                {datetime::time_element(praise.paid_at, paid)}
                <span>{seen_by}</span>
            </p>
            {praise.note.map(|note| view! { <p class="note" dir="auto">{note}</p> })}
            <div class="row-foot">
                <p class="meta">
                    {state_chip(praise.state, words)}
                    {held}
                </p>
                <a href=address::my_praise(&praise.id)>
                    <span aria-hidden="true">{receipt.title}</span>
                    <span class="visually-hidden">{label}</span>
                </a>
            </div>
        </li>
    }
    .into_any()
}

fn profile(lang: Lang, page: MePage) -> AnyView {
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
                    {field_error(wrong, error_id)}
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
