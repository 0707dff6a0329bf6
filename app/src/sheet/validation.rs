//! Validation of the praise form. The sheet runs it on every keystroke, the Worker when the form is
//! submitted.

use shared::amount::{Amount, AmountError};
use shared::limits::NOTE_MAX_GRAPHEMES;
use shared::machine::Visibility;
use shared::money::{Currency, Money};

/// The value of the radio button for the custom amount.
pub const CUSTOM: &str = "custom";

/// Reads the amount from the fields `preset` and `amount`: a preset in minor units, or the custom
/// amount as typed. A typed amount also counts if no radio button is selected, because without
/// script typing does not select one.
pub fn parse_amount(preset: &str, typed: &str, currency: Currency) -> Result<Amount, AmountError> {
    if preset.is_empty() || preset == CUSTOM {
        return Amount::parse(typed, currency);
    }
    let minor = preset.parse().map_err(|_| AmountError::NotANumber)?;
    Amount::new(Money::new(minor, currency), currency)
}

/// Reads the amounts of `data-waiting`: minor units, separated by spaces.
pub fn parse_waiting(text: &str) -> Vec<i64> {
    text.split(' ').filter_map(|minor| minor.parse().ok()).collect()
}

/// Why the form cannot be submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormError {
    /// The amount is missing or invalid.
    Amount(AmountError),
    /// The reader's limits leave less than the amount.
    Room,
    /// The note is too long.
    Note,
    /// No visibility is chosen.
    Visibility,
}

/// Checks the form and returns the amount to pay, or the first error in the order of the fields.
///
/// `room_minor` is what the reader's limits leave, if that is less than the cap of a praise.
/// `waiting_minor` holds the amounts of the reader's intents for this article that wait for
/// payment. They have already reserved their room, so the same amount may be given again: it leads
/// to the same intent.
pub fn validate(
    amount: Result<Amount, AmountError>,
    room_minor: Option<i64>,
    waiting_minor: &[i64],
    note_graphemes: usize,
    visibility: &str,
) -> Result<Money, FormError> {
    let amount = amount.map_err(FormError::Amount)?;
    let minor = amount.money().minor;
    if room_minor.is_some_and(|room| minor > room) && !waiting_minor.contains(&minor) {
        return Err(FormError::Room);
    }
    if note_graphemes > NOTE_MAX_GRAPHEMES {
        return Err(FormError::Note);
    }
    if Visibility::from_name(visibility).is_none() {
        return Err(FormError::Visibility);
    }
    Ok(amount.money())
}

impl FormError {
    /// Returns whether the form is only incomplete, which is not shown as an error. While the
    /// reader is typing (`settled` is false), an amount that is not a number yet or still too small
    /// counts as incomplete too.
    pub const fn is_incomplete(self, settled: bool) -> bool {
        match self {
            FormError::Visibility | FormError::Amount(AmountError::Missing) => true,
            FormError::Amount(AmountError::NotANumber | AmountError::BelowMinimum(_)) => !settled,
            FormError::Amount(_) | FormError::Room | FormError::Note => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Currency::{Cny, Usd};

    fn minor(preset: &str, typed: &str, currency: Currency) -> Result<i64, AmountError> {
        parse_amount(preset, typed, currency).map(|amount| amount.money().minor)
    }

    #[test]
    fn reads_a_preset_or_the_typed_amount() {
        assert_eq!(minor("1000", "", Cny), Ok(1000));
        // The radio button decides, even if something was typed before.
        assert_eq!(minor("1000", "7", Cny), Ok(1000));
        assert_eq!(minor("custom", "８.８８", Cny), Ok(888));
        assert_eq!(minor("", "8,88", Usd), Ok(888));
        assert_eq!(minor("", "", Cny), Err(AmountError::Missing));
        assert_eq!(minor("custom", " ", Cny), Err(AmountError::Missing));
        assert_eq!(minor("ten", "", Cny), Err(AmountError::NotANumber));
        assert!(matches!(minor("-100", "", Cny), Err(AmountError::BelowMinimum(_))));
        assert!(matches!(minor("20001", "", Cny), Err(AmountError::AboveCap(_))));
        assert!(matches!(minor("3001", "", Usd), Err(AmountError::AboveCap(_))));
    }

    #[test]
    fn reads_waiting_amounts() {
        assert_eq!(parse_waiting("888 1000"), [888, 1000]);
        assert!(parse_waiting("").is_empty());
    }

    #[test]
    fn returns_the_first_error() {
        let ten = parse_amount("1000", "", Cny);
        assert_eq!(validate(ten, None, &[], 140, "public"), Ok(Money::new(1000, Cny)));
        assert_eq!(validate(ten, None, &[], 141, "public"), Err(FormError::Note));
        assert_eq!(validate(ten, None, &[], 0, ""), Err(FormError::Visibility));
        assert_eq!(validate(ten, None, &[], 0, "everybody"), Err(FormError::Visibility));
        assert_eq!(validate(ten, Some(1000), &[], 0, "public"), Ok(Money::new(1000, Cny)));
        assert_eq!(validate(ten, Some(999), &[500], 141, "public"), Err(FormError::Room));
        assert_eq!(validate(ten, Some(0), &[500, 1000], 0, "public"), Ok(Money::new(1000, Cny)));
        let none = parse_amount("", "", Cny);
        let missing = Err(FormError::Amount(AmountError::Missing));
        assert_eq!(validate(none, None, &[], 141, ""), missing);
    }

    #[test]
    fn shows_no_error_while_the_reader_is_typing() {
        let typing = |typed| {
            validate(parse_amount("custom", typed, Cny), None, &[], 0, "public").unwrap_err()
        };
        for half in ["", "0", "."] {
            assert!(typing(half).is_incomplete(false), "{half}");
        }
        assert!(!typing(".").is_incomplete(true));
        assert!(!typing("8.888").is_incomplete(false));
        assert!(!typing("201").is_incomplete(false));
    }
}
