//! `/a/{slug}`: an article. From here readers move on in place.

use crate::article;
use crate::document::Document;
use crate::page::{ArticlePage, Frame};
use crate::parts::praise_fields::name_on_wall;

pub(super) fn page(frame: &Frame, page: ArticlePage) -> Document {
    let (title, summary) =
        (page.article.summary.title.clone(), page.article.summary.summary.clone());
    let main = article::view(frame.lang, name_on_wall(frame), page);
    Document { description: Some(summary), moving: true, ..Document::public(title, main) }
}
