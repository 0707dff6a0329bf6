//! Renders an article's Markdown to the HTML that readers see, and to the summary shown in lists.
//!
//! There are two lines of defence. The first is the HTML writer: it passes on no tag, attribute or
//! address of the author unchecked, and writes only its own. The second is a sanitiser that parses the
//! result as a browser would and keeps only what is on its list. Both would have to fail for foreign
//! markup to reach a page.
//!
//! Everything here is pure: no clock, no network, no database.

mod notes;
mod opening;
mod shallow;
mod summary;
mod tags;
mod writer;

use std::borrow::Cow;
use std::sync::LazyLock;

use ammonia::{Builder, Url, UrlRelative};
use pulldown_cmark::{Options, Parser};

pub use opening::without_repeated_heading;

/// An article as it is stored when it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Sanitised HTML, ready to stand under the page's `<h1>`. It may be several times as long as
    /// its Markdown where that is dense with links or table cells: whoever stores it checks.
    pub html: String,
    /// The first sentences as plain text (not HTML), on one line: about 120 Chinese characters or
    /// 200 letters, and `…` where a sentence is cut. Empty for an article without prose.
    pub summary: String,
}

/// The deepest nesting of quotes, lists and emphasis that is written as HTML. Deeper levels keep
/// their text only: no reader can tell them apart, and HTML parsers walk all open levels at every
/// new paragraph.
const MAX_DEPTH: usize = 24;

/// The `rel` of every link: praises must not become a market for backlinks, and the linked page must
/// not learn anything about the reader.
const LINK_REL: &str = "nofollow noopener noreferrer ugc";

/// Renders an article. Never fails: what cannot be shown as markup is shown as text.
pub fn render(markdown: &str) -> Rendered {
    let markdown = visible(markdown);
    let written = writer::write(&shallow::shallow(&markdown));
    Rendered { html: SANITISER.clean(&written.html).to_string(), summary: written.summary }
}

/// CommonMark with tables, footnotes and strikethrough. Quotation marks stay as the author typed them.
fn parser(markdown: &str) -> Parser<'_> {
    let extensions =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    Parser::new_ext(markdown, extensions)
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
        // Focusable, so that a keyboard can scroll long lines of code.
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

/// The only addresses without a scheme: links from a footnote's number to its text and back.
fn footnote_fragment(address: &str) -> Option<Cow<'_, str>> {
    let id = address.strip_prefix('#')?;
    is_footnote_id(id).then_some(Cow::Borrowed(address))
}

/// `fn-1` is a footnote, `fnref-1` the place that refers to it. The page around the article uses
/// neither prefix.
fn is_footnote_id(id: &str) -> bool {
    id.strip_prefix("fn-")
        .or_else(|| id.strip_prefix("fnref-"))
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Most bytes of an address. Servers refuse longer ones as well.
const MAX_ADDRESS_BYTES: usize = 4096;

/// Whether a link may lead to this address: an absolute web or mail address.
fn link_address(address: &str) -> Option<String> {
    let address = visible(address.trim());
    if address.len() > MAX_ADDRESS_BYTES {
        return None;
    }
    let url = Url::parse(&address).ok()?;
    match url.scheme() {
        // Browsers read `http:x` as an address with a host; other parsers do not.
        "http" | "https" => address.as_bytes().get(url.scheme().len()..)?.starts_with(b"://"),
        "mailto" => !url.path().is_empty(),
        _ => false,
    }
    .then(|| quoted(&address))
}

/// The address with what delimits addresses in text and in HTML percent-encoded, as CommonMark's
/// own writer has it, and without what a browser would drop: `<https://a.org"x>` is permitted.
fn quoted(address: &str) -> String {
    let mut quoted = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            '"' => quoted.push_str("%22"),
            '<' => quoted.push_str("%3C"),
            '>' => quoted.push_str("%3E"),
            ' ' => quoted.push_str("%20"),
            '\t' | '\n' | '\r' => {}
            c => quoted.push(c),
        }
    }
    quoted
}

/// The text without characters that show nothing, turn the direction of what follows, or control
/// a terminal. Joiners stay, because emoji and many scripts need them; separators become line
/// ends. Done again on what entities (`&#8238;`) decode to.
fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| is_hidden(c) || is_line_end(c)) {
        return Cow::Borrowed(text);
    }
    text.chars()
        .filter(|c| !is_hidden(*c))
        .map(|c| if is_line_end(c) { '\n' } else { c })
        .collect::<String>()
        .into()
}

fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}'
        | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Scripts written without spaces between words, and their full-width punctuation.
fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{312F}' | '\u{3190}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}'
        | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests;
