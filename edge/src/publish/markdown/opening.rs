//! Removes a title and an author at the start of the text, because the page already shows them.

use std::borrow::Cow;

use comrak::Arena;
use comrak::nodes::{Node, NodeValue};

use super::syntax::parse;

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
    let head = head(markdown);
    let lines = line_starts(head);
    let line = |number: usize| lines.get(number).copied().unwrap_or(head.len());
    let arena = Arena::new();
    for block in parse(&arena, head).children() {
        let place = block.data.borrow().sourcepos;
        // The head may end in the middle of this block, so the block is not compared.
        if line(place.end.line) == head.len() && head.len() < markdown.len() {
            break;
        }
        let Some(left) = block_lines(block).and_then(|lines| without(&lines, &expected)) else {
            break;
        };
        expected = left;
        // Lines are counted from one.
        kept.push_str(markdown.get(kept_to..line(place.start.line - 1)).unwrap_or_default());
        kept_to = line(place.end.line);
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

/// Where each line starts.
fn line_starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
            starts.push(at + 1);
        }
    }
    starts
}

/// The text of each line of a heading or paragraph. `None` if it contains anything but text and
/// emphasis, or is something else.
fn block_lines(block: Node<'_>) -> Option<Vec<String>> {
    if !matches!(block.data.borrow().value, NodeValue::Heading(_) | NodeValue::Paragraph) {
        return None;
    }
    let mut lines = vec![String::new()];
    for node in block.descendants().skip(1) {
        match &node.data.borrow().value {
            NodeValue::Text(text) => lines.last_mut()?.push_str(text),
            NodeValue::SoftBreak | NodeValue::LineBreak => lines.push(String::new()),
            NodeValue::Emph | NodeValue::Strong => {}
            _ => return None,
        }
    }
    Some(lines)
}

/// Removes each line of a block from `expected` and returns the rest. `None` if a line is not in
/// `expected`.
fn without(lines: &[String], expected: &[Vec<String>]) -> Option<Vec<Vec<String>>> {
    let mut left = expected.to_vec();
    for line in lines {
        let line = letters(line);
        let at = left.iter().position(|texts| !line.is_empty() && texts.contains(&line))?;
        left.remove(at);
    }
    Some(left)
}

/// Keeps only letters and digits, in lower case: `·鲁迅·` gives 鲁迅, `三　十　五` gives 三十五.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
