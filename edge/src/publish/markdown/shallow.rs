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
    let lines = || markdown.split_inclusive(['\n', '\r']);
    if !lines().any(|line| split_long_prefix(line).is_some()) {
        return Cow::Borrowed(markdown);
    }
    let mut bounded = String::with_capacity(markdown.len());
    for line in lines() {
        match split_long_prefix(line) {
            Some((prefix, rest)) => {
                bounded.push_str(prefix);
                bounded.push(JOINER);
                bounded.push_str(rest);
            }
            None => bounded.push_str(line),
        }
    }
    Cow::Owned(bounded)
}

/// Counts the markers of quotes, lists and footnotes that a line begins with.
pub(super) fn markers(line: &str) -> usize {
    let (mut markers, mut rest) = (0, line);
    while let Some(length) = marker(rest) {
        markers += usize::from(!rest.starts_with([' ', '\t']));
        let Some(after) = rest.get(length..) else { break };
        rest = after;
    }
    markers
}

/// Splits a line where its prefix is too long; `None` if it is short enough.
fn split_long_prefix(line: &str) -> Option<(&str, &str)> {
    let mut end = 0;
    while end <= MAX_PREFIX {
        end += marker(line.get(end..)?)?;
    }
    line.split_at_checked(end)
}

/// The length of the white space or the marker at the start of a text; `None` if there is neither.
fn marker(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.as_bytes().get(digits..)?;
    match (digits, rest) {
        (0, [b' ' | b'\t' | b'>', ..]) => Some(1),
        (0, [b'-' | b'+' | b'*', b' ' | b'\t', ..]) => Some(2),
        (1..=9, [b'.' | b')', b' ' | b'\t', ..]) => Some(digits + 2),
        (0, [b'[', b'^', ..]) => text.lines().next()?.find("]:").map(|at| at + 2),
        _ => None,
    }
}
