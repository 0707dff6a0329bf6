//! Renders an article's Markdown to the HTML that readers see, and to the summary shown in lists.
//!
//! There are two lines of defence. The first is the HTML writer: it drops the author's own tags and
//! attributes, and checks every URL. The second is a sanitiser that parses the result as a browser
//! would and keeps only what is on its allow list. Untrusted markup reaches a page only if both
//! fail.
//!
//! Pure functions: no clock, no network, no database.

mod links;
mod marks;
mod notes;
mod opening;
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
    /// 200 letters, with `…` if a sentence was cut. Empty for an article without prose.
    pub summary: String,
}

/// The `rel` of every link: praise must not become a way to buy backlinks, and the linked page must
/// not learn where the reader came from.
const LINK_REL: &str = "nofollow noopener noreferrer ugc";

/// Renders an article. Never fails: Markdown that is not understood is shown as plain text.
pub fn render(markdown: &str) -> Rendered {
    let markdown = visible(markdown);
    let mut html = String::with_capacity(markdown.len() + markdown.len() / 4);
    let summary = writer::write(&shallow::shallow(&markdown), |part| {
        html.push_str(&SANITISER.clean(part).to_string());
    });
    Rendered { html, summary }
}

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .add_tags([
            "a",
            "blockquote",
            "br",
            "code",
            "del",
            "div",
            "em",
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
            "strong",
            "sup",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ])
        .add_tag_attributes("a", ["href", "id"])
        .add_tag_attributes("li", ["id"])
        .add_tag_attributes("ol", ["start"])
        // Focusable, so that long lines of code can be scrolled with the keyboard.
        .add_tag_attribute_values("pre", "tabindex", ["0"])
        .add_allowed_classes("td", ["center", "right"])
        .add_allowed_classes("th", ["center", "right"])
        .add_clean_content_tags(["script", "style", "template", "iframe", "noscript"])
        .url_schemes(["http", "https", "mailto"].into())
        .url_relative(UrlRelative::Custom(Box::new(footnote_fragment)))
        .link_rel(Some(LINK_REL))
        .attribute_filter(|_, attribute, value| match attribute {
            "id" => is_footnote_id(value).then_some(Cow::Borrowed(value)),
            _ => Some(Cow::Borrowed(value)),
        });
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
