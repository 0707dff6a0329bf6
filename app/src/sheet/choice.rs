//! What the fields of the praise form mean. The sheet asks with every keystroke, the Worker once
//! the form is sent.

use shared::amount::{Amount, AmountError};
use shared::limits::NOTE_MAX_GRAPHEMES;
use shared::machine::Visibility;
use shared::money::{Currency, Money};

/// The value of the radio that stands for the custom amount.
pub const CUSTOM: &str = "custom";

/// Reads the amount from the fields `preset` and `amount`: a preset in minor units, or what was
/// typed. Something typed with no radio chosen counts as well, because without script nothing
/// chooses the radio while typing.
pub fn amount(preset: &str, typed: &str, currency: Currency) -> Result<Amount, AmountError> {
    if preset.is_empty() || preset == CUSTOM {
        return Amount::parse(typed, currency);
    }
    let minor = preset.parse().map_err(|_| AmountError::NotANumber)?;
    Amount::new(Money::new(minor, currency), currency)
}

/// The numbers on `data-waiting`, in minor units and apart by spaces.
pub fn minors(text: &str) -> Vec<i64> {
    text.split(' ').filter_map(|minor| minor.parse().ok()).collect()
}

/// What stands between a form and its payment; the first of them in the order of the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The amount.
    Amount(AmountError),
    /// The reader's limits leave less.
    Room,
    /// The note is too long.
    Note,
    /// Nobody has said who may see it.
    Visibility,
}

/// Whether the form can be sent, and for how much. `room_minor` is what the reader's limits leave,
/// where that is less than a praise may be. `waiting_minor` are the amounts of this reader's attempts
/// that wait for their payment here: what they have taken of the limits is there for the same again.
pub fn judge(
    amount: Result<Amount, AmountError>,
    room_minor: Option<i64>,
    waiting_minor: &[i64],
    note_graphemes: usize,
    visibility: &str,
) -> Result<Money, Obstacle> {
    let amount = amount.map_err(Obstacle::Amount)?;
    let minor = amount.money().minor;
    if room_minor.is_some_and(|room| minor > room) && !waiting_minor.contains(&minor) {
        return Err(Obstacle::Room);
    }
    if note_graphemes > NOTE_MAX_GRAPHEMES {
        return Err(Obstacle::Note);
    }
    if Visibility::from_name(visibility).is_none() {
        return Err(Obstacle::Visibility);
    }
    Ok(amount.money())
}

impl Obstacle {
    /// Whether it is only something not done yet, which nobody needs to be told off for. While a
    /// number is being typed (`settled` is false), that it is no number yet or too small is not
    /// worth a word either.
    pub const fn is_pending(self, settled: bool) -> bool {
        match self {
            Obstacle::Visibility | Obstacle::Amount(AmountError::Missing) => true,
            Obstacle::Amount(AmountError::NotANumber | AmountError::BelowMinimum(_)) => !settled,
            Obstacle::Amount(_) | Obstacle::Room | Obstacle::Note => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Currency::{Cny, Usd};

    fn minor(preset: &str, typed: &str, currency: Currency) -> Result<i64, AmountError> {
        amount(preset, typed, currency).map(|amount| amount.money().minor)
    }

    #[test]
    fn reads_a_preset_or_what_was_typed() {
        assert_eq!(minor("1000", "", Cny), Ok(1000));
        // The radio decides, whatever was typed before.
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
    fn reads_what_waits() {
        assert_eq!(minors("888 1000"), [888, 1000]);
        assert!(minors("").is_empty());
    }

    #[test]
    fn names_the_first_obstacle() {
        let ten = amount("1000", "", Cny);
        assert_eq!(judge(ten, None, &[], 140, "public"), Ok(Money::new(1000, Cny)));
        assert_eq!(judge(ten, None, &[], 141, "public"), Err(Obstacle::Note));
        assert_eq!(judge(ten, None, &[], 0, ""), Err(Obstacle::Visibility));
        assert_eq!(judge(ten, None, &[], 0, "everybody"), Err(Obstacle::Visibility));
        assert_eq!(judge(ten, Some(1000), &[], 0, "public"), Ok(Money::new(1000, Cny)));
        assert_eq!(judge(ten, Some(999), &[500], 141, "public"), Err(Obstacle::Room));
        assert_eq!(judge(ten, Some(0), &[500, 1000], 0, "public"), Ok(Money::new(1000, Cny)));
        let none = amount("", "", Cny);
        assert_eq!(judge(none, None, &[], 141, ""), Err(Obstacle::Amount(AmountError::Missing)));
    }

    #[test]
    fn says_nothing_while_somebody_is_typing() {
        let typing =
            |typed| judge(amount("custom", typed, Cny), None, &[], 0, "public").unwrap_err();
        for half in ["", "0", "."] {
            assert!(typing(half).is_pending(false), "{half}");
        }
        assert!(!typing(".").is_pending(true));
        assert!(!typing("8.888").is_pending(false));
        assert!(!typing("201").is_pending(false));
    }
}
