//! Validated amounts of praises. The sheet, the form and the API all parse amounts here, so that
//! they accept the same notations and have the same errors.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

use std::str::FromStr;

use rust_decimal::Decimal;

use crate::limits::Limits;
use crate::money::{Currency, Money};
use crate::text::{digit, is_ignorable};

/// The amount of a praise. It is always within the minimum and the cap of its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount(Money);

/// Why something is not an [`Amount`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountError {
    /// Nothing was chosen or typed.
    Missing,
    /// Not a plain decimal number: letters, a sign, an exponent, two points.
    NotANumber,
    /// More decimal places than the currency has.
    TooPrecise,
    /// Less than the smallest praise, which is included.
    BelowMinimum(Money),
    /// More than the largest praise, which is included.
    AboveCap(Money),
    /// Not the currency of the official account, which is included.
    WrongCurrency(Currency),
}

impl AmountError {
    /// The stable code of the problem document.
    pub const fn code(self) -> &'static str {
        match self {
            AmountError::Missing => "amount.missing",
            AmountError::NotANumber => "amount.not_a_number",
            AmountError::TooPrecise => "amount.too_precise",
            AmountError::BelowMinimum(_) => "rule.praise_min",
            AmountError::AboveCap(_) => "rule.praise_cap",
            AmountError::WrongCurrency(_) => "rule.currency",
        }
    }
}

impl Amount {
    /// Checks money that a client sent, for an account that receives `currency`.
    pub fn new(money: Money, currency: Currency) -> Result<Amount, AmountError> {
        let limits = Limits::of(currency);
        if money.currency != currency {
            return Err(AmountError::WrongCurrency(currency));
        }
        if money.minor < limits.praise_min_minor {
            return Err(AmountError::BelowMinimum(limits.praise_min()));
        }
        if money.minor > limits.praise_cap_minor {
            return Err(AmountError::AboveCap(limits.praise_cap()));
        }
        Ok(Amount(money))
    }

    /// Parses what a person typed or pasted, in major units: `8.88`, `８.８８`, `8,88`, ` 10 `, `¥5`,
    /// `5¥`, `CNY 5`, `10元`, `10.`, `٥٫٥`.
    ///
    /// Chinese keyboards type full-width digits and points; many European ones a decimal comma. Digits
    /// of any script are read, if all are of one script. Invisible characters are ignored. A
    /// comma before three digits is a thousands separator only if a point follows (`1,000.00`).
    /// `1,000` is ambiguous and refused, because it has too many decimal places.
    pub fn parse(typed: &str, currency: Currency) -> Result<Amount, AmountError> {
        Amount::new(read(typed, currency)?, currency)
    }

    /// The amount as money.
    pub const fn money(self) -> Money {
        self.0
    }
}

/// Parses money like [`Amount::parse`], but without minimum and cap: a limit may be zero, or more
/// than any praise. More than 15 digits before the point are above the cap.
pub fn read(typed: &str, currency: Currency) -> Result<Money, AmountError> {
    let text = plain(typed).ok_or(AmountError::NotANumber)?;
    let text = without_currency_in_front(text.trim(), currency);
    let text = without_currency_behind(text, currency);
    if text.is_empty() {
        return Err(AmountError::Missing);
    }
    let text = ungrouped(text).replace(',', ".");
    // There may be nothing after the point: `10.` is 10.
    let (whole, places) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(places) {
        return Err(AmountError::NotANumber);
    }
    if places.len() > currency.exponent() as usize {
        return Err(AmountError::TooPrecise);
    }
    let whole = whole.trim_start_matches('0');
    // So many digits are above every cap and could overflow.
    if whole.len() > 15 {
        return Err(AmountError::AboveCap(Limits::of(currency).praise_cap()));
    }
    let mut decimal =
        Decimal::from_str(&format!("0{whole}.{places}0")).map_err(|_| AmountError::NotANumber)?;
    decimal.rescale(currency.exponent());
    let minor = i64::try_from(decimal.mantissa()).map_err(|_| AmountError::NotANumber)?;
    Ok(Money::new(minor, currency))
}

/// Removes a sign or a code of the currency from the start of the text.
fn without_currency_in_front(text: &str, currency: Currency) -> &str {
    let names: &[&str] = match currency {
        Currency::Cny => &["CN¥", "¥", "CNY", "RMB", "人民币"],
        Currency::Usd => &["US$", "$", "USD", "美元"],
    };
    let without = |name: &&str| {
        let (start, rest) = text.split_at_checked(name.len())?;
        start.eq_ignore_ascii_case(name).then_some(rest)
    };
    names.iter().find_map(without).unwrap_or(text).trim_start()
}

/// Removes a sign, a code or a name of the currency from the end of the text.
fn without_currency_behind(text: &str, currency: Currency) -> &str {
    let names: &[&str] = match currency {
        Currency::Cny => &["元", "块", "块钱", "圆", "人民币", "¥", "CNY", "RMB"],
        Currency::Usd => &["美元", "美金", "US$", "$", "USD"],
    };
    let without = |name: &&str| {
        let (rest, end) = text.split_at_checked(text.len().checked_sub(name.len())?)?;
        end.eq_ignore_ascii_case(name).then_some(rest)
    };
    names.iter().find_map(without).unwrap_or(text).trim_end()
}

/// Removes the thousands separators that we display ourselves, if the text has a decimal point.
fn ungrouped(text: &str) -> String {
    let Some((whole, places)) = text.split_once('.') else { return text.to_owned() };
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    if (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3) {
        format!("{first}{}.{places}", rest.concat())
    } else {
        text.to_owned()
    }
}

/// Writes digits of any script, full-width characters, and the decimal points of Chinese and Arabic in
/// ASCII, without invisible characters. `None` for digits of several scripts: an Arabic five looks
/// like a zero among others.
fn plain(typed: &str) -> Option<String> {
    let mut zero = None;
    let mut plain = String::with_capacity(typed.len());
    for c in typed.chars().filter(|c| !is_ignorable(*c)) {
        let Some(value) = digit(c) else {
            plain.push(match c {
                '，' | '٬' => ',',
                '．' | '。' | '٫' => '.',
                '￥' => '¥',
                '＄' => '$',
                other => other,
            });
            continue;
        };
        let value = u32::from(value);
        let zero_of_script = match u32::from(c).saturating_sub(value) {
            FULL_WIDTH_ZERO => ASCII_ZERO,
            zero => zero,
        };
        if *zero.get_or_insert(zero_of_script) != zero_of_script {
            return None;
        }
        plain.push(char::from_digit(value, 10)?);
    }
    Some(plain)
}

const ASCII_ZERO: u32 = '0' as u32;
const FULL_WIDTH_ZERO: u32 = '０' as u32;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use Currency::{Cny, Usd};

    fn minor(typed: &str, currency: Currency) -> Result<i64, AmountError> {
        Amount::parse(typed, currency).map(|amount| amount.money().minor)
    }

    #[test]
    fn reads_what_people_type() {
        for (typed, expected) in [
            ("10", 1000),
            ("8.88", 888),
            ("８.８８", 888),
            ("８．８８", 888),
            ("8,88", 888),
            ("8。8", 880),
            (" 1 ", 100),
            ("１００", 10000),
            ("¥5", 500),
            ("￥5", 500),
            ("200", 20000),
            ("200.00", 20000),
            ("0001.5", 150),
            ("10.", 1000),
            ("１０元", 1000),
            ("8.8 块", 880),
            ("8块钱", 800),
            ("¥5 rmb", 500),
            ("\u{202A}5\u{202C}", 500),
            ("\u{200E}5", 500),
            ("5\u{200B}", 500),
            ("5\u{FEFF}", 500),
            ("1\u{2060}0", 1000),
            ("5¥", 500),
            ("5 ￥", 500),
            ("CNY 5", 500),
            ("cny5", 500),
            ("RMB 5.5", 550),
            ("CN¥5", 500),
            ("人民币5元", 500),
            ("5 人民币", 500),
            ("٥", 500),
            ("۵٫۵", 550),
            ("٨٫٨٨", 888),
            ("१०", 1000),
            ("\u{A0}5\u{A0}", 500),
            ("\u{3000}5", 500),
            ("¥\u{A0}5", 500),
        ] {
            assert_eq!(minor(typed, Cny), Ok(expected), "{typed}");
        }
        for typed in ["$30", "30 usd", "30美元", "USD 30", "US$30", "30 US$", "30$", "美元30"] {
            assert_eq!(minor(typed, Usd), Ok(3000), "{typed}");
        }
    }

    #[test]
    fn refuses_the_rest_by_name() {
        let (min, cap) = (Limits::of(Cny).praise_min(), Limits::of(Cny).praise_cap());
        for (typed, error) in [
            ("", AmountError::Missing),
            ("  ", AmountError::Missing),
            ("¥", AmountError::Missing),
            ("-1", AmountError::NotANumber),
            ("+1", AmountError::NotANumber),
            ("1e3", AmountError::NotANumber),
            ("NaN", AmountError::NotANumber),
            ("1.2.3", AmountError::NotANumber),
            (".", AmountError::NotANumber),
            ("1..", AmountError::NotANumber),
            ("1.5.", AmountError::NotANumber),
            ("1.元.", AmountError::NotANumber),
            ("五元", AmountError::NotANumber),
            ("5٥", AmountError::NotANumber),
            ("５५", AmountError::NotANumber),
            ("5²", AmountError::NotANumber),
            ("5 5", AmountError::NotANumber),
            ("5\u{A0}000", AmountError::NotANumber),
            ("−5", AmountError::NotANumber),
            ("5-", AmountError::NotANumber),
            ("HK$5", AmountError::NotANumber),
            ("USD 5", AmountError::NotANumber),
            ("5 USD", AmountError::NotANumber),
            ("CNY CNY 5", AmountError::NotANumber),
            ("5,5,5", AmountError::NotANumber),
            ("5'000", AmountError::NotANumber),
            ("CNY", AmountError::Missing),
            ("\u{200B}", AmountError::Missing),
            ("5美元", AmountError::NotANumber),
            ("5元元", AmountError::NotANumber),
            ("元", AmountError::Missing),
            (".5", AmountError::NotANumber),
            ("$5", AmountError::NotANumber),
            ("8.888", AmountError::TooPrecise),
            ("1,000", AmountError::TooPrecise),
            ("0", AmountError::BelowMinimum(min)),
            ("0.5", AmountError::BelowMinimum(min)),
            ("0.99", AmountError::BelowMinimum(min)),
            ("200.01", AmountError::AboveCap(cap)),
            ("201", AmountError::AboveCap(cap)),
            ("9007199254740992", AmountError::AboveCap(cap)),
            ("99999999999999999999999999999999", AmountError::AboveCap(cap)),
        ] {
            assert_eq!(minor(typed, Cny), Err(error), "{typed}");
        }
        assert_eq!(minor("30.01", Usd), Err(AmountError::AboveCap(Limits::of(Usd).praise_cap())));
    }

    #[test]
    fn thousands_separators_need_a_decimal_point() {
        for (typed, minor) in [
            ("1,000.00", 100_000),
            ("¥1,000.", 100_000),
            ("１，０００．５元", 100_050),
            ("8,88", 888),
        ] {
            assert_eq!(read(typed, Cny), Ok(Money::new(minor, Cny)), "{typed}");
        }
        assert_eq!(read("1,000", Cny), Err(AmountError::TooPrecise));
        for wrong in [
            "1,00.00",
            "1,0000.00",
            ",000.00",
            "1,,000.00",
            "1.000.00",
            "1.000,00",
            "¥,100.5",
            "1000,000.00",
        ] {
            assert!(read(wrong, Cny).is_err(), "{wrong}");
        }
    }

    #[test]
    fn refuses_another_currency() {
        assert_eq!(Amount::new(Money::new(500, Usd), Cny), Err(AmountError::WrongCurrency(Cny)),);
    }

    fn currency() -> impl Strategy<Value = Currency> {
        prop_oneof![Just(Cny), Just(Usd)]
    }

    proptest! {
        #[test]
        fn any_text_is_an_amount_within_bounds_or_an_error(typed in ".*", currency in currency()) {
            if let Ok(amount) = Amount::parse(&typed, currency) {
                let limits = Limits::of(currency);
                let minor = amount.money().minor;
                prop_assert!((limits.praise_min_minor..=limits.praise_cap_minor).contains(&minor));
            }
        }

        #[test]
        fn digits_and_points_never_panic(typed in "[0-9０-９.,．，。 ¥$+-eE]{0,40}", currency in currency()) {
            let _ = Amount::parse(&typed, currency);
        }

        #[test]
        fn money_of_any_size_reads_back_as_it_is_shown(
            minor in 0i64..=99_999_999_999_999_999,
            currency in currency(),
        ) {
            let money = Money::new(minor, currency);
            prop_assert_eq!(read(&money.to_string(), currency), Ok(money));
            prop_assert_eq!(read(&money.to_major_string(), currency), Ok(money));
        }

        #[test]
        fn what_is_shown_reads_back(minor in 100i64..=20000) {
            let money = Money::new(minor, Cny);
            prop_assert_eq!(Amount::parse(&money.to_string(), Cny).unwrap().money(), money);
            prop_assert_eq!(Amount::parse(&money.to_major_string(), Cny).unwrap().money(), money);
            prop_assert_eq!(Amount::parse(&money.to_short_string(), Cny).unwrap().money(), money);
        }
    }
}
