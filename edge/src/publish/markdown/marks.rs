//! How much markup Markdown has. The parser and the sanitiser keep a few hundred bytes for every piece
//! of text between two marks, so the memory that an article needs depends on the marks more than on
//! its length: a megabyte of asterisks and letters made the Worker's memory grow by 126 MB.

use super::shallow;
use super::text::visible;

/// Characters that can begin or end a piece of text.
const MARKS: &[u8] = b"!\"$&*<>[\\]^_`|~";

/// Counts the characters that can be markup, the lines that are not empty, and twice the markers of
/// quotes and lists that they begin with: a list's marker opens a list and an item. Hidden characters
/// are removed first, because the parser does not get them either.
pub fn count_marks(markdown: &str) -> usize {
    let markdown = visible(markdown);
    let marks = markdown.bytes().filter(|byte| MARKS.contains(byte)).count();
    let lines = markdown.split(['\n', '\r']).filter(|line| !line.trim().is_empty());
    lines.map(|line| 1 + 2 * shallow::markers(line)).fold(marks, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::count_marks;

    #[test]
    fn marks_lines_and_markers_are_counted() {
        assert_eq!(count_marks(""), 0);
        assert_eq!(count_marks("雪下了，一天。\n\n  \n第二天。\n"), 2);
        assert_eq!(count_marks("**It** snowed[^1]."), 1 + 4 + 3);
        assert_eq!(count_marks("| a | b |\n|---|---|\n"), 2 + 6);
        assert_eq!(count_marks("+ - 1. 2) a\n  + b"), 2 + 2 * 5);
        assert_eq!(count_marks("$a$ \"b\""), 1 + 4);
        for end in ["\n", "\r", "\r\n", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}"] {
            assert_eq!(count_marks(&format!("a{end}b{end}-{end}")), 3, "{end:?}");
        }
        assert_eq!(count_marks("-\u{200B} a"), 3, "hidden characters do not hide a marker");
    }
}
