//! Properties of characters that only the edge needs, from Unicode's data.

use icu_properties::CodePointMapData;
use icu_properties::props::{CanonicalCombiningClass, GeneralCategory};

use super::tables::is_ignorable;

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

/// Whether a character is visible by itself: not white space, not invisible, no combining mark.
pub fn is_visible(c: char) -> bool {
    !(c.is_whitespace() || c.is_control() || is_ignorable(c) || is_mark(c) || is_drawn_blank(c))
}

/// Characters that are drawn as an empty space, although Unicode's properties do not say so: a braille
/// cell without dots, a note without a head, two hieroglyphs.
fn is_drawn_blank(c: char) -> bool {
    matches!(c, '\u{2800}' | '\u{1D159}' | '\u{13441}' | '\u{13442}')
}

/// Whether it is drawn on the letter before it. Variation selectors are not.
pub(super) fn is_mark(c: char) -> bool {
    matches!(category(c), GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark)
        && !is_ignorable(c)
}

/// Whether it is part of the letter before it: a vowel sign, an accent.
pub fn is_combining(c: char) -> bool {
    is_mark(c) || category(c) == GeneralCategory::SpacingMark
}

/// Whether several such marks are drawn above each other.
pub(super) fn is_stacked(c: char) -> bool {
    CodePointMapData::<CanonicalCombiningClass>::new().get(c)
        != CanonicalCombiningClass::NotReordered
}
