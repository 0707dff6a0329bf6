//! Text that people write: its length in graphemes, and the characters that are removed from it.

use unicode_segmentation::UnicodeSegmentation;

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Nothing but white space.
    Empty,
    /// More than this many graphemes.
    TooLong(usize),
}

/// Cleans a text of at most `max` graphemes before it is stored: normalises line ends, trims, and
/// removes characters that are invisible or change the reading direction.
///
/// An emoji of several code points counts as one grapheme, as people see it. Zero-width joiners
/// stay, because emoji and many scripts need them. A text with far more bytes or code points than
/// graphemes (stacked combining marks) is refused as too long, because the database limits both
/// bytes and code points.
pub fn clean(text: &str, max: usize) -> Result<String, TextError> {
    let text: String = text.replace("\r\n", "\n").chars().filter(|c| !is_removed(*c)).collect();
    let text = text.trim();
    if text.chars().all(is_blank) {
        return Err(TextError::Empty);
    }
    if text.len() > max * 32 || text.chars().count() > max * 8 || graphemes(text) > max {
        return Err(TextError::TooLong(max));
    }
    Ok(text.to_owned())
}

/// Like [`clean`], but joins everything on one line: each run of white space becomes one space.
pub fn clean_line(text: &str, max: usize) -> Result<String, TextError> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    clean(&line, max)
}

/// Whether nothing is visible in a text that consists only of such characters.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{AD}'
                | '\u{115F}'
                | '\u{1160}'
                | '\u{200C}'
                | '\u{200D}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{FE0E}'
                | '\u{FE0F}'
                | '\u{FFA0}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// Counts user-perceived characters.
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

/// The first grapheme, for a letter tile; `None` for an empty text.
pub fn initial(text: &str) -> Option<&str> {
    text.trim().graphemes(true).next()
}

/// Control characters, zero-width spaces and direction overrides, but not ZWJ and ZWNJ.
fn is_removed(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{B}'..='\u{1F}' | '\u{7F}'..='\u{9F}'
        | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counts_as_people_count() {
        assert_eq!(graphemes("写得好👨‍👩‍👧"), 4);
        assert_eq!(clean(&"好".repeat(140), 140).map(|t| graphemes(&t)), Ok(140));
        assert_eq!(clean(&"好".repeat(141), 140), Err(TextError::TooLong(140)));
        assert!(clean(&"👨‍👩‍👧".repeat(140), 140).is_ok());
        assert_eq!(
            clean(&format!("a{}", "\u{301}".repeat(5000)), 140),
            Err(TextError::TooLong(140))
        );
    }

    #[test]
    fn removes_invisible_and_direction_characters() {
        assert_eq!(clean("a\u{202E}b\u{200B}c\u{0}", 10), Ok("abc".to_owned()));
        assert_eq!(clean("  \r\n ", 10), Err(TextError::Empty));
        assert_eq!(clean("\u{200D}\u{3164}", 10), Err(TextError::Empty));
        assert_eq!(
            clean_line(&"e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}".repeat(24), 24),
            Err(TextError::TooLong(24))
        );
        assert_eq!(clean_line(" two\nlines ", 20), Ok("two lines".to_owned()));
    }

    #[test]
    fn a_character_has_at_most_eight_code_points() {
        let stacked = |marks| format!("👍{}", "🏽".repeat(marks));
        assert_eq!(graphemes(&stacked(8)), 1);
        assert_eq!(clean(&stacked(7), 1), Ok(stacked(7)));
        assert_eq!(clean(&stacked(8), 1), Err(TextError::TooLong(1)));
    }

    #[test]
    fn the_initial_is_the_first_visible_character() {
        assert_eq!(initial("林小雨"), Some("林"));
        assert_eq!(initial(" Zoë"), Some("Z"));
        assert_eq!(initial("👨‍👩‍👧 at home"), Some("👨‍👩‍👧"));
        assert_eq!(initial("e\u{301}tude"), Some("e\u{301}"));
        assert_eq!(initial(""), None);
        assert_eq!(initial(" \n"), None);
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in ".{0,200}") {
            if let Ok(once) = clean(&text, 200) {
                prop_assert_eq!(clean(&once, 200), Ok(once));
            }
        }
    }
}
