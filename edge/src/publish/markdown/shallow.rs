//! A bound on how deep quotes and lists may open, before the parser sees them.
//!
//! The parser walks every open quote and list again at every line. A line that opens a hundred
//! thousand of them and a hundred thousand lines after it would keep it busy for minutes.

use std::borrow::Cow;

/// How much of a line may open or continue quotes, lists and footnotes, in bytes.
const MAX_PREFIX: usize = 256;

/// Invisible, and no markup: what follows it on a line is text. The writer of HTML drops it.
pub(super) const JOINER: char = '\u{2060}';

/// The Markdown with a joiner in each line that begins with more than `MAX_PREFIX` bytes of white
/// space and markers, so that the rest of the line opens nothing.
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

/// Where the prefix of a line grows too long; `None` if it does not.
fn long_prefix(line: &str) -> Option<usize> {
    let mut end = 0;
    while end <= MAX_PREFIX {
        end += marker(&line[end..])?;
    }
    Some(end)
}

/// The length of the white space or of the marker that a text begins with.
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
