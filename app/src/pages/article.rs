//! `/a/{slug}`: an article. Links to other articles open in place.

use leptos::prelude::*;
use shared::api::ArticleNotReady;

use crate::article;
use crate::document::Document;
use crate::page::{ArticlePage, PageContext};
use crate::parts::{name_on_wall, not_ready};
use crate::words::Words;

pub(super) fn page(
    context: &PageContext,
    page: ArticlePage,
    why: Option<ArticleNotReady>,
) -> Document {
    let (title, summary) =
        (page.article.summary.title.clone(), page.article.summary.summary.clone());
    let notice = why.map(|why| notice(why, Words::of(context.lang)));
    let main = article::view(context.lang, name_on_wall(context), page);
    let main = view! {
        {notice}
        {main}
    };
    Document { description: Some(summary), navigation: true, ..Document::public(title, main) }
}

/// Tells the writer why the article has no praise button.
fn notice(why: ArticleNotReady, words: &'static Words) -> AnyView {
    let article = [
        (why.stopped, words.not_ready_stopped),
        (why.frozen, words.not_ready_frozen),
        (why.off, words.not_ready_article_off),
    ];
    let article = article.into_iter().filter_map(|(applies, text)| applies.then_some(text));
    let account = why.account.into_iter().map(words.not_ready);
    not_ready(article.chain(account).collect(), words)
}
