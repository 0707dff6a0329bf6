//! Renders an article's Markdown to the HTML that readers see, and to the summary shown in lists.
//!
//! There are two lines of defence. The first is the HTML writer: it never copies a tag or
//! an attribute of the author but writes its own, and it checks every URL. The second is a sanitiser that parses the result as a browser
//! would and keeps only what is on its allow list. Untrusted markup reaches a page only if both
//! fail.
//!
//! Pure functions: no clock, no network, no database.

mod links;
mod marks;
mod math;
mod notes;
mod opening;
mod raw;
mod shallow;
mod summary;
mod syntax;
mod tags;
mod text;
mod writer;

use std::borrow::Cow;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

pub use marks::count_marks;
pub use opening::without_repeated_heading;
use text::visible;

/// An article as it is stored when it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Sanitised HTML for the part of the page below its `<h1>`. It can be several times as long as
    /// Markdown with many links or table cells, so the caller has to check the length.
    pub html: String,
    /// The first sentences as plain text (not HTML), on one line: about 120 Chinese characters or
    /// 200 letters, with `…` if a sentence was cut. Of an article without prose, the first text.
    pub summary: String,
    /// Whether a reader sees anything of the article.
    pub anything_visible: bool,
}

/// The `rel` of every link: praise must not become a way to buy backlinks, and the linked page must
/// not learn where the reader came from.
const LINK_REL: &str = "nofollow noopener noreferrer ugc";

/// Renders an article. Never fails: Markdown that is not understood is shown as plain text.
pub fn render(markdown: &str) -> Rendered {
    let markdown = visible(markdown);
    let written = writer::write(&shallow::shallow(&markdown));
    let mut html = String::new();
    for part in written.parts {
        html.push_str(&SANITISER.clean(&part).to_string());
    }
    Rendered { html, summary: written.summary, anything_visible: written.anything_visible }
}

const BLOCKS: [&str; 19] = [
    "blockquote",
    "div",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

const PHRASES: [&str; 24] = [
    "a", "abbr", "bdi", "br", "cite", "code", "del", "dfn", "em", "ins", "kbd", "mark", "q", "rp",
    "rt", "ruby", "s", "samp", "small", "strong", "sub", "sup", "u", "var",
];

const FORMULAS: [&str; 26] = [
    "annotation",
    "math",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "semantics",
];

const FORMULA_ATTRIBUTES: [&str; 22] = [
    "accent",
    "accentunder",
    "columnspan",
    "depth",
    "displaystyle",
    "fence",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .add_tags(BLOCKS)
        .add_tags(PHRASES)
        .add_tags(FORMULAS)
        .add_tag_attributes("a", ["href", "id"])
        .add_tag_attributes("li", ["id"])
        .add_tag_attributes("ol", ["start"])
        .add_tag_attributes("abbr", ["title"])
        // Focusable, so that long lines of code can be scrolled with the keyboard.
        .add_tag_attribute_values("pre", "tabindex", ["0"])
        .add_allowed_classes("td", ["center", "right"])
        .add_allowed_classes("th", ["center", "right"])
        .add_tag_attribute_values("math", "display", ["block", "inline"])
        .add_tag_attribute_values("math", "tabindex", ["0"])
        .add_tag_attribute_values("annotation", "encoding", ["application/x-tex"])
        .add_allowed_classes("mtd", ["left", "right"])
        .add_clean_content_tags(["script", "style", "template", "iframe", "noscript"])
        .url_schemes(["http", "https", "mailto"].into())
        .url_relative(UrlRelative::Custom(Box::new(footnote_fragment)))
        .link_rel(Some(LINK_REL))
        .attribute_filter(|_, attribute, value| match attribute {
            "id" => is_footnote_id(value).then_some(Cow::Borrowed(value)),
            _ => Some(Cow::Borrowed(value)),
        });
    for formula in FORMULAS {
        builder.add_tag_attributes(formula, FORMULA_ATTRIBUTES);
    }
    // Each block is written in the direction of its own first letter.
    for block in ["h2", "h3", "h4", "h5", "h6", "li", "p", "td", "th"] {
        builder.set_tag_attribute_value(block, "dir", "auto");
    }
    builder
});

/// The only relative URLs that are allowed: links from a footnote's number to its text and back.
fn footnote_fragment(address: &str) -> Option<Cow<'_, str>> {
    let id = address.strip_prefix('#')?;
    is_footnote_id(id).then_some(Cow::Borrowed(address))
}

/// `fn-1` is a footnote, `fnref-1` the first reference to it. The page around the article uses no
/// ids with these prefixes.
fn is_footnote_id(id: &str) -> bool {
    id.strip_prefix("fn-")
        .or_else(|| id.strip_prefix("fnref-"))
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests;
