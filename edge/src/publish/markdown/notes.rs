//! Footnotes: collected from anywhere in the text, numbered in the order of their first references,
//! and shown at the end.

use std::collections::HashMap;

use super::tags::PARAGRAPH_END;

/// An article's footnotes.
#[derive(Default)]
pub(super) struct Notes {
    by_name: HashMap<String, Note>,
    numbers_given: usize,
}

#[derive(Default)]
struct Note {
    /// How many other notes were mentioned before it.
    place: usize,
    html: String,
    number: Option<usize>,
}

impl Notes {
    /// Returns the HTML of a footnote, to append to.
    pub(super) fn text(&mut self, name: &str) -> &mut String {
        &mut self.note(name).html
    }

    /// Returns the number for a reference, and whether this is the first reference to the footnote.
    pub(super) fn refer(&mut self, name: &str) -> (usize, bool) {
        let next = self.numbers_given + 1;
        let note = self.note(name);
        if let Some(number) = note.number {
            return (number, false);
        }
        note.number = Some(next);
        self.numbers_given = next;
        (next, true)
    }

    fn note(&mut self, name: &str) -> &mut Note {
        let place = self.by_name.len();
        let new = || Note { place, ..Note::default() };
        self.by_name.entry(name.to_owned()).or_insert_with(new)
    }

    /// Writes the footnotes in the order of their numbers, then those without a reference.
    pub(super) fn write(self, html: &mut String) {
        if self.by_name.is_empty() {
            return;
        }
        let mut notes: Vec<_> = self.by_name.into_values().collect();
        notes.sort_by_key(|note| (note.number.unwrap_or(usize::MAX), note.place));
        html.push_str("<div>\n<hr>\n<ol>\n");
        for (index, note) in notes.iter().enumerate() {
            html.push_str(&format!("<li id=\"fn-{}\">", index + 1));
            let (text, end) = match note.html.strip_suffix(PARAGRAPH_END) {
                Some(text) => (text, PARAGRAPH_END),
                None => (note.html.as_str(), ""),
            };
            html.push_str(text);
            if let Some(number) = note.number {
                // U+FE0E makes browsers draw the arrow as text instead of an emoji.
                html.push_str(&format!(" <a href=\"#fnref-{number}\">↩\u{FE0E}</a>"));
            }
            html.push_str(end);
            html.push_str("</li>\n");
        }
        html.push_str("</ol>\n</div>\n");
    }
}
