//! The supported Markdown syntax.

use std::sync::LazyLock;

use comrak::nodes::Node;
use comrak::{Arena, Options, parse_document};

/// CommonMark with tables, footnotes, strikethrough, task lists and formulas between dollar signs.
/// Emphasis works next to Chinese punctuation. Quotation marks stay as the author typed them.
static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    // Takes single tildes from strikethrough. The writer shows them as typed: `3~5度，4~6级` are two
    // ranges.
    options.extension.subscript = true;
    options.extension.tasklist = true;
    options.extension.math_dollars = true;
    options.extension.cjk_friendly_emphasis = true;
    // Otherwise footnotes without a reference would be dropped.
    options.parse.leave_footnote_definitions = true;
    options
});

/// Parses Markdown. Returns the root of the tree.
pub(super) fn parse<'a>(arena: &'a Arena<'a>, markdown: &str) -> Node<'a> {
    parse_document(arena, markdown, &OPTIONS)
}
