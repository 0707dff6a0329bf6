//! `/@{handle}`: an official account and its articles.

use leptos::prelude::*;

use crate::address;
use crate::document::Document;
use crate::page::{AccountPage, PageContext};
use crate::parts::{article_list, next_page_link, tile};
use crate::preview::Preview;
use crate::words::Words;

pub(super) fn page(context: &PageContext, page: AccountPage) -> Document {
    let words = Words::of(context.lang);
    let path = address::account(&page.account.handle);
    let name = page.account.name;
    let description = page.about.clone().unwrap_or_else(|| name.clone());
    let empty = page.articles.is_empty();
    let document = Document::public(
        name.clone(),
        view! {
            <header class="account-head">
                {tile(page.account.avatar)}
                <h1 dir="auto">{name}</h1>
                <p class="handle">{format!("@{}", page.account.handle)}</p>
                {page.about.map(|about| view! { <p class="about" dir="auto">{about}</p> })}
            </header>
            <h2 class="visually-hidden">{words.home_title}</h2>
            {empty.then(|| view! { <p class="empty">{words.account_empty}</p> })}
            {article_list(page.articles, context.lang, false)}
            {next_page_link(&path, page.next_cursor, words.older_articles)}
        },
    );
    Document { preview: Some(Preview::of_page(description, path)), ..document }
}
