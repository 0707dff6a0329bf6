//! How much markup Markdown has. The parser and the sanitiser keep a few hundred bytes for every piece
//! of text between two marks, so the memory that an article needs depends on the marks more than on
//! its length: a megabyte of asterisks and letters made the Worker's memory grow by 126 MB.

/// Characters that can begin or end a piece of text.
const MARKS: &[u8] = b"!&*<>[\\]^_`|~";

/// Counts the characters that can be markup, and the lines that are not empty.
pub fn count_marks(markdown: &str) -> usize {
    let marks = markdown.bytes().filter(|byte| MARKS.contains(byte)).count();
    let lines = markdown.lines().filter(|line| !line.trim().is_empty()).count();
    marks.saturating_add(lines)
}

#[cfg(test)]
mod tests {
    use super::count_marks;

    #[test]
    fn marks_and_lines_are_counted() {
        assert_eq!(count_marks(""), 0);
        assert_eq!(count_marks("雪下了，一天。\n\n  \n第二天。\n"), 2);
        assert_eq!(count_marks("**It** snowed[^1]."), 1 + 4 + 3);
        assert_eq!(count_marks("| a | b |\n|---|---|\n"), 2 + 6);
    }
}
