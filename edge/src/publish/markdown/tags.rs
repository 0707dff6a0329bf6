//! Helpers to write HTML.

/// The end tag of a paragraph. The writer also compares with it to recognise a paragraph.
pub(super) const PARAGRAPH_END: &str = "</p>\n";

/// The levels, as typed, of the headings that are still open.
#[derive(Default)]
pub(super) struct Outline(Vec<u8>);

impl Outline {
    /// Returns the start and end tag of the next heading. Headings begin at `<h2>`, because the
    /// title is the page's `<h1>`. Skipped levels are closed up, because screen reader users
    /// navigate by heading levels.
    pub(super) fn heading(&mut self, level: u8) -> (&'static str, &'static str) {
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

/// Escapes text for the content of an element. Quotation marks stay as they are: escaped, each would
/// take six bytes.
pub(super) fn escape_text(text: &str, html: &mut String) {
    for part in text.split_inclusive('"') {
        match part.strip_suffix('"') {
            Some(text) => {
                escape(text, html);
                html.push('"');
            }
            None => escape(part, html),
        }
    }
}

/// Escapes text for a quoted attribute.
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
