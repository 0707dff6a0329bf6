//! Classes of characters: hidden ones, line ends, and scripts without spaces between words.

use std::borrow::Cow;

/// Removes characters that are invisible, change the direction of the following text, or control a
/// terminal. Joiners stay, because emoji and many scripts need them. Unicode line and paragraph
/// separators become line ends. The writer calls this again on text that was decoded from entities
/// such as `&#8238;`.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| is_hidden(c) || is_line_end(c)) {
        return Cow::Borrowed(text);
    }
    text.chars()
        .filter(|c| !is_hidden(*c))
        .map(|c| if is_line_end(c) { '\n' } else { c })
        .collect::<String>()
        .into()
}

fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}'
        | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Scripts written without spaces between words, and their full-width punctuation.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{312F}' | '\u{3190}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}'
        | '\u{20000}'..='\u{3FFFF}')
}
