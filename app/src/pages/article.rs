//! `/a/{slug}`: an article. Links to other articles open in place.

use leptos::prelude::*;
use shared::api::{Article, ArticleNotReady};

use crate::address;
use crate::article;
use crate::document::Document;
use crate::page::{ArticlePage, PageContext};
use crate::parts::{name_on_wall, not_ready};
use crate::preview::{ArticlePreview, Preview};
use crate::words::Words;

pub(super) fn page(
    context: &PageContext,
    page: ArticlePage,
    why: Option<ArticleNotReady>,
) -> Document {
    let title = page.article.summary.title.clone();
    let preview = preview(&page.article);
    let notice = why.map(|why| notice(why, Words::of(context.lang)));
    let main = article::view(context.lang, name_on_wall(context), page);
    let main = view! {
        {notice}
        {main}
    };
    Document { preview: Some(preview), navigation: true, ..Document::public(title, main) }
}

fn preview(article: &Article) -> Preview {
    let account = article.summary.account.name.clone();
    Preview {
        description: article.summary.summary.clone(),
        path: address::article(&article.summary.slug),
        article: Some(ArticlePreview {
            author: article.author.clone().unwrap_or_else(|| account.clone()),
            account,
            lang: article.summary.lang,
            published_at: article.summary.published_at,
            updated_at: article.updated_at,
        }),
    }
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
