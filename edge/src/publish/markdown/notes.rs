//! Footnotes: collected from anywhere in the text, numbered in the order of their first references,
//! and shown at the end.

use std::collections::HashMap;

use super::tags::PARAGRAPH_END;

/// An article's footnotes.
#[derive(Default)]
pub(super) struct Notes {
    notes: Vec<Note>,
    by_name: HashMap<String, usize>,
    numbers_given: usize,
}

#[derive(Default)]
struct Note {
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
        let index = match self.by_name.get(name) {
            Some(index) => *index,
            None => {
                self.by_name.insert(name.to_owned(), self.notes.len());
                self.notes.push(Note::default());
                self.notes.len() - 1
            }
        };
        &mut self.notes[index]
    }

    /// Writes the footnotes in the order of their numbers, then those without a reference.
    pub(super) fn write(mut self, html: &mut String) {
        if self.notes.is_empty() {
            return;
        }
        self.notes.sort_by_key(|note| note.number.unwrap_or(usize::MAX));
        html.push_str("<div>\n<hr>\n<ol>\n");
        for (index, note) in self.notes.iter().enumerate() {
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
