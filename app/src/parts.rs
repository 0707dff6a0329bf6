//! What pages are made of.

use leptos::prelude::*;
use shared::api::{AccountRef, ArticleSummary};
use shared::lang::Lang;
use shared::money::Money;

use crate::address;
use crate::when;
use crate::words::Words;
use crate::words::reading::ReadingWords;

pub(crate) mod money_back;
pub(crate) mod praise_fields;
#[cfg(feature = "ssr")]
pub(crate) mod timeline;
pub(crate) mod wall;

const SEAL: &str = "M9 1h14a8 8 0 0 1 8 8v14a8 8 0 0 1-8 8H9a8 8 0 0 1-8-8V9a8 8 0 0 1 8-8Z";
const HEART: &str = "M16 24.5C11.2 21 7.5 17.8 7.5 13.7 7.5 11 9.5 9 12 9c1.6 0 3.1.8 4 2.2.9-1.4 2.4-2.2 4-2.2 2.5 0 4.5 2 4.5 4.7 0 4.1-3.7 7.3-8.5 10.8Z";

/// The mark of the site: a seal with a heart cut out of it.
pub(crate) fn mark() -> impl IntoView + use<> {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
            <path d=SEAL></path>
            <path class="heart" d=HEART></path>
        </svg>
    }
}

/// A line icon of a state page.
pub(crate) fn icon(path: &'static str) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
    .into_any()
}

/// A letter tile. All are equal: nothing about a tile says how much somebody gave.
pub(crate) fn tile(letter: String) -> impl IntoView + use<> {
    view! { <span class="tile" aria-hidden="true">{letter}</span> }
}

/// An official account with its tile, linked.
pub(crate) fn account_link(account: AccountRef) -> impl IntoView + use<> {
    view! {
        <a class="account" href=address::account(&account.handle)>
            {tile(account.avatar)}
            <span>{account.name}</span>
        </a>
    }
}

/// Why something of a writer's cannot be praised, for nobody else's eyes. Nothing where it can.
pub(crate) fn not_ready(why: Vec<&'static str>, words: &'static Words) -> AnyView {
    let list = (!why.is_empty()).then(|| {
        let why = why.into_iter().map(|one| view! { <li>{one}</li> }).collect_view();
        view! {
            <aside class="not-ready">
                <p class="title">{words.not_ready_title}</p>
                <ul>{why}</ul>
                <p class="hint">{words.not_ready_hint}</p>
            </aside>
        }
    });
    list.into_any()
}

/// What an official account says: its thanks, or a reply.
pub(crate) fn said(heading: String, text: String) -> AnyView {
    view! {
        <figure class="thanks">
            <figcaption>{heading}</figcaption>
            <blockquote>{text}</blockquote>
        </figure>
    }
    .into_any()
}

/// "Give ¥10.00 to 林小雨"
pub(crate) fn give(payee: &str, amount: Money, words: &Words) -> AnyView {
    around_amount((words.give)(payee), amount)
}

/// A line with an amount in it, given what stands before and after.
pub(crate) fn around_amount((before, after): (String, String), amount: Money) -> AnyView {
    // An empty text would become a space.
    let after = (!after.is_empty()).then_some(after);
    view! { <p class="give">{before}<strong>{amount.to_string()}</strong>{after}</p> }.into_any()
}

/// Articles, one under the other.
pub(crate) fn article_list(
    articles: Vec<ArticleSummary>,
    lang: Lang,
    with_account: bool,
) -> impl IntoView + use<> {
    let words = ReadingWords::of(lang);
    let items = articles.into_iter().map(|article| {
        let date = when::date(words, article.published_at, when::home(lang));
        let praised = (article.praise_count > 0).then(|| {
            view! { <span>{(words.people_praised)(article.praise_count)}</span> }
        });
        view! {
            <li class="entry">
                <a class="entry-link" href=address::article(&article.slug)>
                    <h3 lang=article.lang.tag()>{article.title}</h3>
                    <p lang=article.lang.tag()>{article.summary}</p>
                </a>
                <p class="meta">
                    {with_account.then(|| account_link(article.account))}
                    {when::stamp(article.published_at, date)}
                    {praised}
                </p>
            </li>
        }
    });
    view! { <ul class="entries">{items.collect_view()}</ul> }
}

/// The way to the next page of a list.
pub(crate) fn older(
    path: &str,
    cursor: Option<String>,
    words: &'static Words,
) -> impl IntoView + use<> {
    cursor.map(|cursor| {
        let href = address::next_page(path, &cursor);
        view! { <p class="more"><a class="button quiet" rel="next" href=href>{words.older}</a></p> }
    })
}
