//! `/`

use leptos::prelude::*;

use crate::document::Document;
use crate::page::{Frame, Home};
use crate::parts::{article_list, older};
use crate::words::Words;

pub(super) fn page(frame: &Frame, page: Home) -> Document {
    let words = Words::of(frame.lang);
    let empty = page.articles.is_empty().then(|| view! { <p class="empty">{words.home_empty}</p> });
    let document = Document::public(
        words.home_title,
        view! {
            <h1 class="hero">{words.home_intro}</h1>
            <h2 class="spoken">{words.home_title}</h2>
            {empty}
            {article_list(page.articles, frame.lang, true)}
            {older("/", page.next_cursor, words)}
        },
    );
    Document { description: Some(words.tagline.to_owned()), ..document }
}
