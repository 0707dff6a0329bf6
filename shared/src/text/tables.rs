//! Properties of characters as small tables, because the client needs them, too: Unicode's own data
//! would make it 6 KB larger. A test compares them with that data for every character.

/// The zero of each script that has decimal digits. Nine more digits follow it.
const ZEROS: [u32; 77] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66,
    0xDE6, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0,
    0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50, 0x11D50,
    0x11DA0, 0x11DE0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE,
    0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];

/// Ranges of invisible characters: `Default_Ignorable_Code_Point`, and other format characters.
const INVISIBLE: [(u32, u32); 18] = [
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
];

/// Whether a character is invisible.
pub fn is_ignorable(c: char) -> bool {
    let c = u32::from(c);
    INVISIBLE.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

/// Whether it belongs to a script that is written from right to left. Unicode keeps these ranges for
/// such scripts.
pub(super) fn is_right_to_left(c: char) -> bool {
    matches!(u32::from(c), 0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x10800..=0x10FFF
        | 0x1E800..=0x1EFFF)
}

/// The value of a decimal digit in any script.
pub fn digit(c: char) -> Option<u8> {
    let values = ZEROS.iter().filter_map(|zero| u32::from(c).checked_sub(*zero));
    values.filter(|value| *value < 10).find_map(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use icu_properties::props::{
        BidiClass, DefaultIgnorableCodePoint, GeneralCategory, PrependedConcatenationMark,
    };
    use icu_properties::{CodePointMapData, CodePointSetData};

    use super::*;

    #[test]
    fn the_tables_are_those_of_unicode() {
        let category = CodePointMapData::<GeneralCategory>::new();
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
        let visible_format = CodePointSetData::new::<PrependedConcatenationMark>();
        let direction = CodePointMapData::<BidiClass>::new();
        for c in '\0'..=char::MAX {
            let bidi = direction.get(c);
            if matches!(bidi, BidiClass::RightToLeft | BidiClass::ArabicLetter) && c != '\u{200F}' {
                assert!(is_right_to_left(c), "{c:?}");
            }
            let is_digit = category.get(c) == GeneralCategory::DecimalNumber;
            assert_eq!(digit(c).is_some(), is_digit, "{c:?}");
            let is_format = category.get(c) == GeneralCategory::Format;
            let is_invisible = ignorable.contains(c) || (is_format && !visible_format.contains(c));
            assert_eq!(is_ignorable(c), is_invisible, "{c:?}");
        }
    }
}
