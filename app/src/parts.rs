//! Components that several pages share.

use leptos::prelude::*;
use shared::api::{AccountRef, ArticleSummary, StudioPraise};
use shared::lang::Lang;
use shared::machine::{PraiseState, Visibility};
use shared::money::Money;

use crate::address;
use crate::datetime;
use crate::page::PageContext;
use crate::words::Words;
use crate::words::article::ArticleWords;

#[cfg(feature = "ssr")]
pub(crate) mod money_back;
#[cfg(feature = "ssr")]
pub(crate) mod open_intents;
pub(crate) mod praise_fields;
#[cfg(feature = "ssr")]
pub(crate) mod refusal;
#[cfg(feature = "ssr")]
pub(crate) mod timeline;
pub(crate) mod wall;

const SEAL: &str = "M9 1h14a8 8 0 0 1 8 8v14a8 8 0 0 1-8 8H9a8 8 0 0 1-8-8V9a8 8 0 0 1 8-8Z";
const HEART: &str = "M16 24.5C11.2 21 7.5 17.8 7.5 13.7 7.5 11 9.5 9 12 9c1.6 0 3.1.8 4 2.2.9-1.4 2.4-2.2 4-2.2 2.5 0 4.5 2 4.5 4.7 0 4.1-3.7 7.3-8.5 10.8Z";

/// The site's logo: a seal with a heart cut out of it.
pub(crate) fn logo() -> impl IntoView + use<> {
    view! {
        <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
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

/// A letter tile. All tiles look the same, so that none shows how much somebody gave.
pub(crate) fn tile(letter: String) -> impl IntoView + use<> {
    view! { <span class="tile" aria-hidden="true">{letter}</span> }
}

/// An official account with its tile, as a link.
pub(crate) fn account_link(account: AccountRef) -> impl IntoView + use<> {
    view! {
        <a class="account" href=address::account(&account.handle)>
            {tile(account.avatar)}
            <span dir="auto">{account.name}</span>
        </a>
    }
}

/// Returns what the viewer is called on the wall.
pub(crate) fn name_on_wall(context: &PageContext) -> String {
    let name = context.viewer.as_ref().and_then(|viewer| viewer.name.clone());
    name.unwrap_or_else(|| Words::of(context.lang).a_reader.to_owned())
}

/// The reasons why an article or an account cannot receive praise, shown to its writer only.
/// Nothing if there are none.
pub(crate) fn not_ready(reasons: Vec<&'static str>, words: &'static Words) -> AnyView {
    let list = (!reasons.is_empty()).then(|| {
        let reasons = reasons.into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view();
        view! {
            <aside class="not-ready">
                <p class="title">{words.not_ready_title}</p>
                <ul>{reasons}</ul>
                <p class="hint">{words.not_ready_hint}</p>
            </aside>
        }
    });
    list.into_any()
}

/// A message of an official account: its thanks, or a reply.
pub(crate) fn quote(heading: String, text: String) -> AnyView {
    view! {
        <figure class="thanks">
            <figcaption>{heading}</figcaption>
            <blockquote dir="auto">{text}</blockquote>
        </figure>
    }
    .into_any()
}

/// The sentence "Give ¥10.00 to 林小雨".
pub(crate) fn give_sentence(payee: &str, amount: Money, words: &Words) -> AnyView {
    amount_sentence((words.give)(payee), amount)
}

/// A sentence that contains an amount, given the text before and after it.
pub(crate) fn amount_sentence((before, after): (String, String), amount: Money) -> AnyView {
    // Leptos renders an empty text as a space.
    let after = (!after.is_empty()).then_some(after);
    view! { <p class="give">{before}<strong>{amount.to_string()}</strong>{after}</p> }.into_any()
}

/// A list of articles.
pub(crate) fn article_list(
    articles: Vec<ArticleSummary>,
    lang: Lang,
    with_account: bool,
) -> impl IntoView + use<> {
    let words = ArticleWords::of(lang);
    let items = articles.into_iter().map(|article| {
        let date = datetime::date(words, article.published_at, datetime::zone_of(lang));
        let praised = (article.praise_count > 0).then(|| {
            view! { <span>{(words.people_praised)(article.praise_count)}</span> }
        });
        view! {
            <li class="entry">
                <a class="entry-link" href=address::article(&article.slug)>
                    <h3 lang=article.lang.tag() dir="auto">{article.title}</h3>
                    <p lang=article.lang.tag() dir="auto">{article.summary}</p>
                </a>
                <p class="meta">
                    {with_account.then(|| account_link(article.account))}
                    {datetime::time_element(article.published_at, date)}
                    {praised}
                </p>
            </li>
        }
    });
    view! { <ul class="entries">{items.collect_view()}</ul> }
}

/// Returns what the studio calls the reader of a praise.
pub(crate) fn reader_name(praise: &StudioPraise, words: &Words) -> String {
    match (praise.visibility, &praise.reader_name) {
        (Visibility::Anonymous, _) => words.studio_anonymous.to_owned(),
        (_, Some(name)) => name.clone(),
        (_, None) => words.a_reader.to_owned(),
    }
}

/// Says who can see the reader's name on a praise in this state.
pub(crate) fn seen_by(
    payee: &str,
    visibility: Visibility,
    state: PraiseState,
    words: &Words,
) -> String {
    match visibility {
        Visibility::Public if !state.stands() => words.off_the_wall.to_owned(),
        visibility => (words.seen_by)(payee, visibility),
    }
}

/// The state of a praise as a chip.
pub(crate) fn state_chip(state: PraiseState, words: &'static Words) -> impl IntoView + use<> {
    let class = format!("state {}", state.as_str());
    view! { <span class=class>{(words.praise_state)(state)}</span> }
}

/// The link to the next page of a list.
pub(crate) fn next_page_link(
    path: &str,
    cursor: Option<String>,
    label: &'static str,
) -> impl IntoView + use<> {
    cursor.map(|cursor| {
        let href = address::next_page(path, &cursor);
        view! { <p class="more"><a class="button quiet" rel="next" href=href>{label}</a></p> }
    })
}

/// The link back to an article.
pub(crate) fn back_to_article(slug: &str, words: &'static Words) -> AnyView {
    view! { <a href=address::article(slug)>{words.back_to_article}</a> }.into_any()
}
