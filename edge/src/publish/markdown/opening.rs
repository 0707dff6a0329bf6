//! Removes a title and an author at the start of the text, because the page already shows them.

use std::borrow::Cow;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::syntax::parser;

/// Only this much of an article is searched for its title and author.
const HEAD_BYTES: usize = 4096;

/// Returns the Markdown without leading headings or paragraphs that contain only the title or the
/// author. The search stops at the first block that contains anything else. Title and author are
/// each removed at most once. If nothing would be left, the Markdown is returned unchanged.
pub fn without_repeated_heading<'a>(
    markdown: &'a str,
    title: &str,
    author: Option<&str>,
) -> Cow<'a, str> {
    let mut expected = vec![vec![letters(title)]];
    if let Some(author) = author.map(letters).filter(|author| !author.is_empty()) {
        expected.push(vec![format!("by{author}"), format!("作者{author}"), author]);
    }
    let mut kept = String::new();
    let mut kept_to = 0;
    let mut block: Option<Block> = None;
    let head = head(markdown);
    for (event, range) in parser(head).into_offset_iter() {
        match (event, &mut block) {
            (Event::Start(Tag::Paragraph | Tag::Heading { .. }), None) => {
                block = Some(Block { start: range.start, lines: vec![String::new()] });
            }
            (Event::End(TagEnd::Paragraph | TagEnd::Heading(_)), Some(open)) => {
                // The head may end in the middle of this block, so the block is not compared.
                if range.end == head.len() && head.len() < markdown.len() {
                    break;
                }
                let Some(left) = open.without(&expected) else { break };
                expected = left;
                kept.push_str(markdown.get(kept_to..open.start).unwrap_or_default());
                kept_to = range.end;
                block = None;
            }
            (Event::Text(text), Some(open)) => open.text(&text),
            (Event::SoftBreak | Event::HardBreak, Some(open)) => open.lines.push(String::new()),
            (
                Event::Start(Tag::Emphasis | Tag::Strong)
                | Event::End(TagEnd::Emphasis | TagEnd::Strong),
                Some(_),
            ) => {}
            // Anything else is the article itself.
            _ => break,
        }
    }
    let rest = markdown.get(kept_to..).unwrap_or_default();
    if kept_to == 0 || (rest.trim().is_empty() && kept.trim().is_empty()) {
        return Cow::Borrowed(markdown);
    }
    if kept.trim().is_empty() {
        return Cow::Borrowed(rest.trim_start_matches(['\r', '\n']));
    }
    kept.push_str(rest);
    Cow::Owned(kept.trim_start_matches(['\r', '\n']).to_owned())
}

/// The complete lines within the first [`HEAD_BYTES`].
fn head(markdown: &str) -> &str {
    if markdown.len() <= HEAD_BYTES {
        return markdown;
    }
    let (head, _) = markdown.split_at(markdown.floor_char_boundary(HEAD_BYTES));
    head.rfind('\n').and_then(|at| head.get(..=at)).unwrap_or_default()
}

struct Block {
    start: usize,
    lines: Vec<String>,
}

impl Block {
    fn text(&mut self, text: &str) {
        if let Some(line) = self.lines.last_mut() {
            line.push_str(text);
        }
    }

    /// Removes each line of this block from `expected` and returns the rest. `None` if a line is
    /// not in `expected`.
    fn without(&self, expected: &[Vec<String>]) -> Option<Vec<Vec<String>>> {
        let mut left = expected.to_vec();
        for line in &self.lines {
            let line = letters(line);
            let at = left.iter().position(|texts| !line.is_empty() && texts.contains(&line))?;
            left.remove(at);
        }
        Some(left)
    }
}

/// Keeps only letters and digits, in lower case: `·鲁迅·` gives 鲁迅, `三　十　五` gives 三十五.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
