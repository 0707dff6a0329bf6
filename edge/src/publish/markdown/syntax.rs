//! Which Markdown is understood.

use pulldown_cmark::{Options, Parser};

/// CommonMark with tables, footnotes and strikethrough. Quotation marks stay as the author typed them.
pub(super) fn parser(markdown: &str) -> Parser<'_> {
    let extensions =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    Parser::new_ext(markdown, extensions)
}
