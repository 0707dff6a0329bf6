//! Unicode's properties of characters.

use icu_properties::props::{
    CanonicalCombiningClass, DefaultIgnorableCodePoint, GeneralCategory, PrependedConcatenationMark,
};
use icu_properties::{CodePointMapData, CodePointSetData};

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

/// Whether a character has no shape of its own.
pub(super) fn is_ignorable(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || (category(c) == GeneralCategory::Format
            && !CodePointSetData::new::<PrependedConcatenationMark>().contains(c))
}

/// Whether a reader sees something: not white space, nothing without a shape, no mark without its
/// letter.
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

/// Whether several such marks are drawn above each other.
pub(super) fn is_stacked(c: char) -> bool {
    CodePointMapData::<CanonicalCombiningClass>::new().get(c)
        != CanonicalCombiningClass::NotReordered
}

/// The value of a decimal digit in any script.
pub fn digit(c: char) -> Option<u8> {
    if let Some(ascii) = c.to_digit(10) {
        return u8::try_from(ascii).ok();
    }
    if category(c) != GeneralCategory::DecimalNumber {
        return None;
    }
    // Digits stand in rows from zero to nine. Nothing but another row stands directly before one.
    let before = (0..u32::from(c)).rev().map_while(char::from_u32);
    let earlier = before.take_while(|c| category(*c) == GeneralCategory::DecimalNumber).count();
    u8::try_from(earlier % 10).ok()
}
