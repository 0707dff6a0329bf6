//! `/`: the list of articles.

use leptos::prelude::*;

use crate::document::Document;
use crate::page::{Home, PageContext};
use crate::parts::{article_list, next_page_link};
use crate::preview::Preview;
use crate::words::Words;

pub(super) fn page(context: &PageContext, page: Home) -> Document {
    let words = Words::of(context.lang);
    let empty = page.articles.is_empty().then(|| view! { <p class="empty">{words.home_empty}</p> });
    let document = Document::public(
        words.home_title,
        view! {
            <h1 class="hero">{words.home_intro}</h1>
            <h2 class="visually-hidden">{words.home_title}</h2>
            {empty}
            {article_list(page.articles, context.lang, true)}
            {next_page_link("/", page.next_cursor, words.older_articles)}
        },
    );
    Document { preview: Some(Preview::of_page(words.tagline, &context.path)), ..document }
}
