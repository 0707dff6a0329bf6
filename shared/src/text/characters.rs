//! Unicode's properties of characters, as far as only the edge needs them.

use icu_properties::CodePointMapData;
use icu_properties::props::{CanonicalCombiningClass, GeneralCategory};

use super::tables::is_ignorable;

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

/// Whether a reader sees something: not white space, nothing without a shape. Combining marks
/// alone do not count.
pub fn is_visible(c: char) -> bool {
    !(c.is_whitespace() || c.is_control() || is_ignorable(c) || is_mark(c) || is_drawn_blank(c))
}

/// Characters that have a shape by Unicode's properties, which is an empty space: a braille cell
/// without dots, a note without head, two hieroglyphs.
fn is_drawn_blank(c: char) -> bool {
    matches!(c, '\u{2800}' | '\u{1D159}' | '\u{13441}' | '\u{13442}')
}

/// Whether it is drawn on the letter before it. Selectors of a variant are not counted.
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
