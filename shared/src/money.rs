//! Money: integer minor units with a currency, never a float and never a number alone.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize};

/// The largest number of minor units that is exact everywhere: JavaScript and D1 pass integers as
/// doubles, which are exact up to 2^53 − 1.
pub const MINOR_MAX: i64 = 9_007_199_254_740_991;

/// A currency that an official account can receive. Fixed when the account is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Currency {
    /// Renminbi; minor unit fen, 100 to the yuan.
    #[serde(rename = "CNY")]
    Cny,
    /// US dollar; minor unit cent, 100 to the dollar.
    #[serde(rename = "USD")]
    Usd,
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Currency, D::Error> {
        crate::names::deserialize(deserializer, Currency::from_code)
    }
}

impl Currency {
    /// Every currency, in the order in which lists show them.
    pub const ALL: [Currency; 2] = [Currency::Cny, Currency::Usd];

    /// ISO 4217 code: `CNY`, `USD`.
    pub const fn code(self) -> &'static str {
        match self {
            Currency::Cny => "CNY",
            Currency::Usd => "USD",
        }
    }

    /// The currency with exactly this ISO 4217 code, if it is supported.
    pub fn from_code(code: &str) -> Option<Currency> {
        Currency::ALL.into_iter().find(|currency| currency.code() == code)
    }

    /// The number of decimal places.
    pub const fn exponent(self) -> u32 {
        match self {
            Currency::Cny | Currency::Usd => 2,
        }
    }

    /// The sign before an amount: `¥`, `$`.
    pub const fn sign(self) -> &'static str {
        match self {
            Currency::Cny => "¥",
            Currency::Usd => "$",
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount of money in minor units (fen, cents) of one currency.
///
/// On the wire: `{"minor":1000,"currency":"CNY"}`. Shown: `¥10.00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Money {
    /// Minor units; may be negative in ledger legs, never in a praise.
    pub minor: i64,
    /// What the units are of.
    pub currency: Currency,
}

impl Money {
    /// `minor` units of `currency`.
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    /// The sum, or `None` if the currencies differ or the sum is beyond ±[`MINOR_MAX`].
    pub fn checked_add(self, other: Money) -> Option<Money> {
        if self.currency != other.currency {
            return None;
        }
        let minor = self.minor.checked_add(other.minor)?;
        (minor.abs() <= MINOR_MAX).then_some(Money { minor, ..self })
    }

    /// The amount in major units, exactly: 1000 fen → 10.00.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.exponent())
    }

    /// The major units without a sign of the currency, for a form field: `10.00`.
    pub fn to_major_string(self) -> String {
        self.to_decimal().to_string()
    }

    /// For a preset: `¥5` if there are no fen or cents, else `¥8.88`.
    pub fn to_short_string(self) -> String {
        let text = self.to_string();
        text.strip_suffix(".00").map(str::to_owned).unwrap_or(text)
    }
}

/// For display: `¥10.00`, `$3.00`, `-$3.00`, `¥31,000.00`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = self.to_decimal().abs().to_string();
        let whole = digits.find('.').unwrap_or(digits.len());
        write!(f, "{sign}{}", self.currency.sign())?;
        for (at, digit) in digits.char_indices() {
            let left = whole.saturating_sub(at);
            if at > 0 && left > 0 && left.is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_money_as_people_write_it() {
        assert_eq!(Money::new(1000, Currency::Cny).to_string(), "¥10.00");
        assert_eq!(Money::new(888, Currency::Cny).to_string(), "¥8.88");
        assert_eq!(Money::new(5, Currency::Usd).to_string(), "$0.05");
        assert_eq!(Money::new(0, Currency::Cny).to_string(), "¥0.00");
        assert_eq!(Money::new(-300, Currency::Usd).to_string(), "-$3.00");
        assert_eq!(Money::new(99_999, Currency::Cny).to_string(), "¥999.99");
        assert_eq!(Money::new(100_000, Currency::Cny).to_string(), "¥1,000.00");
        assert_eq!(Money::new(-123_456_789, Currency::Usd).to_string(), "-$1,234,567.89");
        assert_eq!(Money::new(100_000, Currency::Cny).to_major_string(), "1000.00");
        assert_eq!(Money::new(500, Currency::Cny).to_short_string(), "¥5");
        assert_eq!(Money::new(550, Currency::Cny).to_short_string(), "¥5.50");
    }

    #[test]
    fn a_currency_is_found_by_its_code() {
        assert_eq!(Currency::ALL.map(Currency::code), ["CNY", "USD"]);
        for currency in Currency::ALL {
            assert_eq!(Currency::from_code(currency.code()), Some(currency));
            assert_eq!(serde_json::to_value(currency).unwrap(), currency.code());
        }
        for unknown in ["", "EUR", "cny", "USD "] {
            assert_eq!(Currency::from_code(unknown), None, "{unknown:?}");
        }
    }

    #[test]
    fn adds_only_within_a_currency_and_within_range() {
        let yuan = Money::new(100, Currency::Cny);
        assert_eq!(yuan.checked_add(yuan), Some(Money::new(200, Currency::Cny)));
        assert_eq!(yuan.checked_add(Money::new(100, Currency::Usd)), None);
        assert_eq!(Money::new(MINOR_MAX, Currency::Cny).checked_add(yuan), None);
    }

    #[test]
    fn is_serialised_as_minor_units_and_code() {
        let json = serde_json::to_string(&Money::new(1000, Currency::Cny)).unwrap();
        assert_eq!(json, r#"{"minor":1000,"currency":"CNY"}"#);
        assert!(serde_json::from_str::<Money>(r#"{"minor":0.5,"currency":"CNY"}"#).is_err());
        assert!(serde_json::from_str::<Money>(r#"{"minor":1,"currency":"EUR"}"#).is_err());
    }
}
