//! Limits how deep quotes and lists can be nested, before the Markdown is parsed.
//!
//! At every line the parser walks all open quotes and lists. A line that opens 100,000 of them,
//! followed by 100,000 more lines, would keep it busy for minutes.

use std::borrow::Cow;

/// The maximum length, in bytes, of the part of a line that opens or continues quotes, lists and
/// footnotes.
const MAX_PREFIX: usize = 256;

/// An invisible character that is not markup, so the rest of its line is parsed as text. The HTML
/// writer removes it.
pub(super) const JOINER: char = '\u{2060}';

/// Inserts a joiner into each line that begins with more than `MAX_PREFIX` bytes of white space and
/// markers, so that the rest of the line cannot open another level.
pub(super) fn shallow(markdown: &str) -> Cow<'_, str> {
    let mut bounded = String::new();
    let mut copied = 0;
    let mut start = 0;
    for line in markdown.split_inclusive(['\n', '\r']) {
        if let Some(end) = long_prefix(line) {
            bounded.push_str(&markdown[copied..start + end]);
            bounded.push(JOINER);
            copied = start + end;
        }
        start += line.len();
    }
    if copied == 0 {
        return Cow::Borrowed(markdown);
    }
    bounded.push_str(&markdown[copied..]);
    Cow::Owned(bounded)
}

/// The position at which the prefix of a line is too long; `None` if it is short enough.
fn long_prefix(line: &str) -> Option<usize> {
    let mut end = 0;
    while end <= MAX_PREFIX {
        end += marker(&line[end..])?;
    }
    Some(end)
}

/// The length of the white space or the marker at the start of a text; `None` if there is neither.
fn marker(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text.as_bytes()[digits..];
    match (digits, rest) {
        (0, [b' ' | b'\t' | b'>', ..]) => Some(1),
        (0, [b'-' | b'+' | b'*', b' ' | b'\t', ..]) => Some(2),
        (1..=9, [b'.' | b')', b' ' | b'\t', ..]) => Some(digits + 2),
        (0, [b'[', b'^', ..]) => text.lines().next()?.find("]:").map(|at| at + 2),
        _ => None,
    }
}
