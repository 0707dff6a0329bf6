//! `/a/{slug}`: an article. From here readers move on in place.

use leptos::prelude::*;
use shared::api::ArticleNotReady;

use crate::article;
use crate::document::Document;
use crate::page::{ArticlePage, Frame};
use crate::parts::not_ready;
use crate::parts::praise_fields::name_on_wall;
use crate::words::Words;

pub(super) fn page(frame: &Frame, page: ArticlePage, why: Option<ArticleNotReady>) -> Document {
    let (title, summary) =
        (page.article.summary.title.clone(), page.article.summary.summary.clone());
    let why_not = why.map(|why| why_not(why, Words::of(frame.lang)));
    let main = article::view(frame.lang, name_on_wall(frame), page);
    let main = view! {
        {why_not}
        {main}
    };
    Document { description: Some(summary), navigation: true, ..Document::public(title, main) }
}

/// Why there is no button, for the writer's eyes.
fn why_not(why: ArticleNotReady, words: &'static Words) -> AnyView {
    let of_the_article = [
        (why.stopped, words.not_ready_stopped),
        (why.frozen, words.not_ready_frozen),
        (why.off, words.not_ready_article_off),
    ];
    let of_the_article = of_the_article.into_iter().filter_map(|(is, said)| is.then_some(said));
    let account = why.account.into_iter().map(words.not_ready);
    not_ready(of_the_article.chain(account).collect(), words)
}
