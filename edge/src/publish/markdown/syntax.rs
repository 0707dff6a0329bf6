//! The supported Markdown syntax.

use pulldown_cmark::{Options, Parser};

/// Parses CommonMark with tables, footnotes and strikethrough. Smart punctuation is off, because
/// quotation marks should stay as the author typed them.
pub(super) fn parser(markdown: &str) -> Parser<'_> {
    let extensions =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    Parser::new_ext(markdown, extensions)
}
