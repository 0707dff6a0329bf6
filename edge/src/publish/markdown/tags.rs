//! The small pieces of HTML, and what is read from the author's tags.

use pulldown_cmark::HeadingLevel;

/// How a paragraph ends, which some places look for.
pub(super) const PARAGRAPH_END: &str = "</p>\n";

/// The outline of an article so far: the author's level of each heading that the next may lie under.
#[derive(Default)]
pub(super) struct Outline(Vec<HeadingLevel>);

impl Outline {
    /// Start and end tag of the next heading. The page's `<h1>` is the article's title, and levels
    /// that the author skipped are closed up: whoever listens to a page moves through it by them.
    pub(super) fn heading(&mut self, level: HeadingLevel) -> (&'static str, &'static str) {
        while self.0.last().is_some_and(|above| *above >= level) {
            self.0.pop();
        }
        self.0.push(level);
        match self.0.len() {
            1 => ("<h2>", "</h2>\n"),
            2 => ("<h3>", "</h3>\n"),
            3 => ("<h4>", "</h4>\n"),
            4 => ("<h5>", "</h5>\n"),
            _ => ("<h6>", "</h6>\n"),
        }
    }
}

/// The start tag of a link to an address that was found to be permitted.
pub(super) fn open_link(address: &str, html: &mut String) {
    html.push_str("<a href=\"");
    escape(address, html);
    html.push_str("\">");
}

/// Text as HTML, in an element or in a quoted attribute.
pub(super) fn escape(text: &str, html: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
}

/// What an author's own tag means for the text around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RawTag {
    /// A line break.
    Break,
    /// The start or the end of something that stands in a paragraph of its own.
    Paragraph,
    /// The start of a script or a style sheet: the text after it is code.
    CodeStart,
    /// The end of a script or a style sheet: the text after it is prose again.
    CodeEnd,
    /// Nothing.
    Other,
}

/// Reads an author's tag.
pub(super) fn raw_tag(tag: &str) -> RawTag {
    let name: String = tag
        .trim_start_matches(['<', '/'])
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    match name.as_str() {
        "br" => RawTag::Break,
        "script" | "style" if tag.starts_with("</") => RawTag::CodeEnd,
        "script" | "style" => RawTag::CodeStart,
        "address" | "article" | "blockquote" | "dd" | "div" | "dt" | "figcaption" | "figure"
        | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "li" | "p" | "pre" | "summary"
        | "td" | "th" | "tr" => RawTag::Paragraph,
        _ => RawTag::Other,
    }
}
