//! Helpers to write HTML and to classify HTML tags in the author's Markdown.

use pulldown_cmark::HeadingLevel;

/// The end tag of a paragraph. The writer also compares with it to recognise a paragraph.
pub(super) const PARAGRAPH_END: &str = "</p>\n";

/// The author's levels of the headings that the next heading can be nested in, from the top.
#[derive(Default)]
pub(super) struct Outline(Vec<HeadingLevel>);

impl Outline {
    /// Returns the start and end tag of the next heading. Headings begin at `<h2>`, because the
    /// title is the page's `<h1>`. Skipped levels are closed up, because screen reader users
    /// navigate by heading levels.
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

/// Writes the start tag of a link. The address must have been checked by `link_address`.
pub(super) fn open_link(address: &str, html: &mut String) {
    html.push_str("<a href=\"");
    escape(address, html);
    html.push_str("\">");
}

/// Escapes text for the content of an element or a quoted attribute.
pub(super) fn escape(text: &str, html: &mut String) {
    for part in text.split_inclusive(['&', '<', '>', '"']) {
        let mut plain = part.chars();
        let escaped = match plain.next_back() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('"') => "&quot;",
            _ => {
                html.push_str(part);
                continue;
            }
        };
        html.push_str(plain.as_str());
        html.push_str(escaped);
    }
}

/// How an HTML tag in the Markdown affects the text around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RawTag {
    /// A line break.
    Break,
    /// The start or the end of an element whose text gets a paragraph of its own.
    Paragraph,
    /// The start of a script or a style sheet: the text after it is code.
    CodeStart,
    /// The end of a script or a style sheet: the text after it is prose again.
    CodeEnd,
    /// No effect.
    Other,
}

/// Classifies a start or end tag.
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
