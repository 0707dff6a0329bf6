//! Text that people write and others read: names, notes, titles, labels, reasons.

mod characters;
mod tables;

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizer;
use unicode_segmentation::UnicodeSegmentation;

pub use characters::{is_combining, is_visible};
use characters::{is_mark, is_stacked};
pub use tables::{digit, is_ignorable};

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Nothing visible.
    Empty,
    /// More than this many graphemes.
    TooLong(usize),
    /// More than this many marks on one letter.
    TooManyMarks(usize),
}

/// The maximum number of combining marks on one letter. Vowels and accents of Hebrew need three, the
/// letters of Tibetan and Burmese up to six.
pub const MARKS_MAX: usize = 6;
/// How many of them may be stacked above or below it.
const STACKED_MARKS_MAX: usize = 4;

/// The bytes and code points that a text may have for each grapheme of its limit.
const BYTES_PER_GRAPHEME: usize = 32;
const CHARS_PER_GRAPHEME: usize = 8;

/// Cleans a text of at most `max` graphemes before it is stored: composes it (NFC), normalises line
/// ends, trims, and removes invisible characters and those that change the direction of other text.
///
/// An emoji of several code points counts as one grapheme, as people see it. A text is also too long if
/// it has more than 32 bytes or 8 code points for each of the `max` graphemes: the database has the
/// same limits.
pub fn clean(text: &str, max: usize) -> Result<String, TextError> {
    let text = shown(&nfc(&text.replace("\r\n", "\n")));
    let text = text.trim();
    if !text.chars().any(is_visible) {
        return Err(TextError::Empty);
    }
    if text.len() > max * BYTES_PER_GRAPHEME
        || text.chars().count() > max * CHARS_PER_GRAPHEME
        || graphemes(text) > max
    {
        return Err(TextError::TooLong(max));
    }
    if has_too_many_marks(text) {
        return Err(TextError::TooManyMarks(MARKS_MAX));
    }
    Ok(text.to_owned())
}

/// Like [`clean`], but joins everything on one line: each run of white space becomes one space.
pub fn clean_line(text: &str, max: usize) -> Result<String, TextError> {
    // `clean` may remove an invisible character between two spaces.
    one_line(&clean(&one_line(text, max)?, max)?, max)
}

/// Joins words by single spaces, up to the length at which the text is refused in any case.
fn one_line(text: &str, max: usize) -> Result<String, TextError> {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if line.len() > max * BYTES_PER_GRAPHEME {
            return Err(TextError::TooLong(max));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    Ok(line)
}

/// Composes letters and their accents (Unicode's NFC), so that composed and decomposed spellings are
/// equal.
fn nfc(text: &str) -> String {
    ComposingNormalizer::new_nfc().normalize(text).into_owned()
}

/// Composes a text and replaces characters that are other forms of the same (Unicode's NFKC):
/// full-width letters, ligatures.
pub fn nfkc(text: &str) -> String {
    ComposingNormalizer::new_nfkc().normalize(text).into_owned()
}

/// Isolates a text within a sentence by invisible characters, if it contains a letter that is written
/// from right to left: otherwise it would reorder the words around it. Like `<bdi>`, where no element
/// can stand.
pub fn isolated(text: &str) -> Cow<'_, str> {
    match text.chars().any(tables::is_right_to_left) {
        true => Cow::Owned(format!("\u{2068}{text}\u{2069}")),
        false => Cow::Borrowed(text),
    }
}

/// Whether some letter carries more marks than a script needs.
fn has_too_many_marks(text: &str) -> bool {
    let (mut marks, mut stacked) = (0, 0);
    text.chars().any(|c| {
        if !is_mark(c) {
            (marks, stacked) = (0, 0);
            return false;
        }
        marks += 1;
        stacked += usize::from(is_stacked(c));
        marks > MARKS_MAX || stacked > STACKED_MARKS_MAX
    })
}

/// Removes control characters and other invisible ones, except where they change how their neighbours
/// look: joiners between two characters, variation selectors after one, and the tags of a flag.
fn shown(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut in_flag = false;
    while let Some(c) = chars.next() {
        let last = kept.chars().next_back().filter(|last| !last.is_whitespace());
        let after_character = last.is_some_and(|last| !is_ignorable(last) || is_selector(last));
        in_flag = c == BLACK_FLAG || (in_flag && is_tag(c));
        let keep = match c {
            '\n' | '\t' => true,
            ZWNJ | ZWJ => {
                let next = chars.peek().filter(|next| !next.is_whitespace());
                after_character && next.is_some_and(|next| !is_ignorable(*next))
            }
            c if is_selector(c) => after_character && !last.is_some_and(is_selector),
            c if is_tag(c) => in_flag,
            c => !c.is_control() && !is_ignorable(c),
        };
        if keep {
            kept.push(if c == '\t' { ' ' } else { c });
        }
    }
    kept
}

const ZWNJ: char = '\u{200C}';
const ZWJ: char = '\u{200D}';
/// The flags of England, Scotland and Wales are this flag and invisible letters behind it.
const BLACK_FLAG: char = '\u{1F3F4}';

fn is_tag(c: char) -> bool {
    matches!(c, '\u{E0020}'..='\u{E007F}')
}

/// Whether it is a variation selector: it says how the character before it is drawn.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}' | '\u{180F}')
}

/// Counts user-perceived characters.
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

/// The first grapheme, for a letter tile; `None` for an empty text.
pub fn initial(text: &str) -> Option<&str> {
    text.trim().graphemes(true).next()
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
        let stacked = format!("a{}", "\u{301}".repeat(5000));
        assert_eq!(clean(&stacked, 140), Err(TextError::TooLong(140)));
    }

    #[test]
    fn removes_what_has_no_shape() {
        for (typed, kept) in [
            ("a\u{202E}b\u{200B}c\u{0}", "abc"),
            ("\u{200F}a\u{200E}", "a"),
            ("\u{2067}a\u{2069}", "a"),
            ("a\u{AD}b\u{FEFF}c\u{2060}d", "abcd"),
            ("a\u{34F}b\u{180E}c\u{61C}d", "abcd"),
            ("a\u{3164}b\u{FFA0}c\u{115F}d", "abcd"),
            ("a\u{E0041}\u{E0042}b", "ab"),
            ("a\u{FFF9}b\u{FFFB}c", "abc"),
            ("a\u{1D173}b", "ab"),
            ("a\tb", "a b"),
            ("a\u{7F}\u{9B}b", "ab"),
        ] {
            assert_eq!(clean(typed, 10).as_deref(), Ok(kept), "{typed:?}");
            assert_eq!(clean_line(typed, 10).as_deref(), Ok(kept), "{typed:?}");
        }
        assert_eq!(clean_line(" two\nlines ", 20), Ok("two lines".to_owned()));
        assert_eq!(clean_line("a \u{200B} b", 20), Ok("a b".to_owned()));
        assert_eq!(clean("a\r\nb", 20), Ok("a\nb".to_owned()));
    }

    #[test]
    fn keeps_what_changes_the_shape_of_a_neighbour() {
        for kept in [
            "👨\u{200D}👩\u{200D}👧",
            "❤\u{FE0F}",
            "❤\u{FE0F}\u{200D}🔥",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "می\u{200C}خواهم",
            "ක්\u{200D}ර",
            "葛\u{E0100}城",
            "\u{1820}\u{180B}",
            "\u{600}12",
        ] {
            assert_eq!(clean(kept, 20).as_deref(), Ok(kept), "{kept:?}");
        }
        for (typed, kept) in [
            ("\u{200D}a\u{200D}", "a"),
            ("a \u{200D} b", "a  b"),
            ("a\u{200D}\u{200D}b", "a\u{200D}b"),
            ("\u{FE0F}a", "a"),
            ("❤\u{FE0F}\u{FE0F}", "❤\u{FE0F}"),
        ] {
            assert_eq!(clean(typed, 20).as_deref(), Ok(kept), "{typed:?}");
        }
    }

    #[test]
    fn nothing_to_see_is_empty() {
        for nothing in [
            "",
            "  \r\n ",
            "\u{200D}\u{3164}",
            "\u{AD}",
            "\u{2800}\u{2800}",
            "\u{115F}\u{1160}",
            "\u{FE0F}",
            "\u{E0041}",
            "\u{301}",
            "\u{1D159}",
            "\u{180E}",
            "\u{2028}",
            "\u{A0}\u{3000}",
            "\u{202E}",
            "\u{1160}",
        ] {
            assert_eq!(clean(nothing, 10), Err(TextError::Empty), "{nothing:?}");
            assert_eq!(clean_line(nothing, 10), Err(TextError::Empty), "{nothing:?}");
        }
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same() {
        for (decomposed, composed) in [
            ("re\u{301}sume\u{301}", "résumé"),
            ("\u{1112}\u{1161}\u{11AB}", "한"),
            ("か\u{3099}", "が"),
        ] {
            assert_eq!(clean(decomposed, 10).as_deref(), Ok(composed));
        }
    }

    #[test]
    fn a_letter_carries_the_marks_that_its_script_needs() {
        for word in ["שָׁבַ֑רְתְּ", "བསྒྲུབས", "སྐྱྭཾ", "ကျွန်ုပ်", "ស្ត្រី", "क्ष्म्यृं", "ที่สุด", "Việt Nam", "ṩ̇", "é̂"]
        {
            assert!(clean(word, 30).is_ok(), "{word}");
        }
        for (stacked, marks) in
            [("\u{301}", 5), ("\u{489}", 7), ("\u{20DD}", 7), ("\u{E47}", 7), ("\u{5B4}", 5)]
        {
            let name = format!("Wex{}", stacked.repeat(marks));
            assert_eq!(clean(&name, 24), Err(TextError::TooManyMarks(MARKS_MAX)), "{name}");
        }
    }

    #[test]
    fn a_character_has_at_most_eight_code_points() {
        let stacked = |marks| format!("👍{}", "🏽".repeat(marks));
        assert_eq!(graphemes(&stacked(8)), 1);
        assert_eq!(clean(&stacked(7), 1), Ok(stacked(7)));
        assert_eq!(clean(&stacked(8), 1), Err(TextError::TooLong(1)));
    }

    #[test]
    fn digits_of_every_script_have_their_value() {
        for digits in [
            "0123456789",
            "٠١٢٣٤٥٦٧٨٩",
            "۰۱۲۳۴۵۶۷۸۹",
            "०१२३४५६७८९",
            "০১২৩৪৫৬৭৮৯",
            "０１２３４５６７８９",
            "๐๑๒๓๔๕๖๗๘๙",
            "𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡",
            "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿",
        ] {
            let values: Vec<_> = digits.chars().map(digit).collect();
            assert_eq!(values, (0..10).map(Some).collect::<Vec<_>>(), "{digits}");
        }
        for other in ['a', '五', '½', '²', '①', 'Ⅴ', '十'] {
            assert_eq!(digit(other), None, "{other}");
        }
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
            if let Ok(once) = clean_line(&text, 200) {
                prop_assert_eq!(clean_line(&once, 200), Ok(once));
            }
        }

        #[test]
        fn no_character_without_a_shape_stands_alone(text in "[\\PC\\p{Cf}\\p{Cc}]{0,40}") {
            if let Ok(kept) = clean(&text, 200) {
                prop_assert!(kept.chars().any(is_visible));
                prop_assert!(!kept.starts_with(is_ignorable), "{kept:?}");
                prop_assert!(!kept.contains(|c: char| c.is_control() && c != '\n'));
            }
        }
    }
}
