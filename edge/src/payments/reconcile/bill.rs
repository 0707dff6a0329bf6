//! The provider's bill of one day in one currency: read whole, or refused whole.
//!
//! A file is UTF-8 text with a byte order mark. Its first line is [`HEADER`]; each line after it is
//! a row; then come [`SUMMARY`] and one line with the number of rows, the sum of their amounts and
//! the sum of their fees. Lines end with a line feed, with or without a carriage return before it.
//! Values are separated by commas, and each is prefixed by a backtick, so that no spreadsheet takes
//! one for a formula:
//!
//! ```text
//! time,kind,number,reference,currency,amount,fee
//! `2026-11-22T17:30:00+08:00,`payment,`sbx1f…,`ord_0…,`CNY,`10.00,`0.06000
//! count,amount,fee
//! `1,`10.00,`0.06000
//! ```
//!
//! Amounts are in major units with exactly two decimals: what came in is positive, what went out
//! negative. Fees have up to five decimals and are never negative; each row's is rounded half up to
//! the minor unit. No floating-point number takes part.

use std::fmt;

use serde::{Deserialize, Serialize};
use shared::calendar::Moment;
use shared::money::Currency;

use crate::digest::sha256;
use crate::provider::BillFile;

/// The first line.
pub const HEADER: &str = "time,kind,number,reference,currency,amount,fee";
/// The line before the summary.
pub const SUMMARY: &str = "count,amount,fee";

/// A file longer than this is refused unread: 16 MiB, some 120,000 rows.
const BYTES_MAX: usize = 16 << 20;
/// Digits before the point of an amount: a thousand times what a double carries as minor units
/// would need more.
const WHOLE_DIGITS_MAX: usize = 13;
/// Characters of a number or reference.
const NUMBER_MAX: usize = 64;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A reader paid.
    Payment,
    /// A reader got it back.
    Refund,
    /// A writer was sent money.
    Payout,
    /// A bank took a payment to look at it.
    Dispute,
    /// A bank gave one back.
    DisputeWon,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 5] =
        [Kind::Payment, Kind::Refund, Kind::Payout, Kind::Dispute, Kind::DisputeWon];

    /// As in files and in the record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Payment => "payment",
            Kind::Refund => "refund",
            Kind::Payout => "payout",
            Kind::Dispute => "dispute",
            Kind::DisputeWon => "dispute_won",
        }
    }

    /// Whether money comes in by it.
    pub const fn comes_in(self) -> bool {
        matches!(self, Kind::Payment | Kind::DisputeWon)
    }
}

/// One row of a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file; the header is line 1.
    pub line: usize,
    /// The provider's time.
    pub at: Moment,
    /// What it is about.
    pub kind: Kind,
    /// The provider's number of a payment or dispute, ours of a refund or payout.
    pub number: String,
    /// Our order of a payment, the provider's payment of a dispute; may be empty.
    pub reference: String,
    /// Minor units; what came in is positive. Never zero.
    pub amount_minor: i64,
    /// Minor units that the provider took, rounded half up.
    pub fee_minor: i64,
}

/// Why a bill is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where; 0 when it is about the whole file.
    pub line: usize,
    /// What is wrong there.
    pub cause: Cause,
}

/// What is wrong with a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Longer than any bill.
    TooLong,
    /// Its SHA-256 is not the one that was given.
    Hash,
    /// No byte order mark.
    Mark,
    /// It does not end with the end of a line: the rest is missing.
    Cut,
    /// Another first line.
    Header,
    /// Another number of values in a line.
    Columns,
    /// A value without its backtick.
    Backtick,
    /// Not a time.
    Time,
    /// No kind of ours.
    Kind,
    /// Not a number or reference.
    Number,
    /// Another currency than the bill's.
    Currency,
    /// Not an amount, zero, or of the wrong sign for its kind.
    Amount,
    /// Not a fee.
    Fee,
    /// No summary before the end.
    NoSummary,
    /// Another number of rows than the summary says.
    Count,
    /// Another sum than the summary says.
    Total,
    /// Another sum of fees than the summary says.
    FeeTotal,
    /// Something after the summary.
    Trailing,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{:?}", self.cause),
            line => write!(f, "{:?} in line {line}", self.cause),
        }
    }
}

/// Reads a bill whose hash is the one that the provider gave.
pub fn read(file: &BillFile, currency: Currency) -> Result<Vec<Row>, Refused> {
    if file.text.len() > BYTES_MAX {
        return Err(Refused { line: 0, cause: Cause::TooLong });
    }
    if sha256(&file.text) != file.sha256 {
        return Err(Refused { line: 0, cause: Cause::Hash });
    }
    rows(&file.text, currency)
}

/// Reads the text of a bill.
pub fn rows(text: &str, currency: Currency) -> Result<Vec<Row>, Refused> {
    let text = text.strip_prefix('\u{feff}').ok_or(Refused { line: 1, cause: Cause::Mark })?;
    if !text.is_empty() && !text.ends_with('\n') {
        return Err(Refused { line: text.lines().count(), cause: Cause::Cut });
    }
    let mut lines = text.lines().zip(1..);
    if lines.next().is_none_or(|(first, _)| first != HEADER) {
        return Err(Refused { line: 1, cause: Cause::Header });
    }
    let mut rows = Vec::new();
    // Wider than any row, so that no sum of rows leaves them.
    let (mut amount, mut fee) = (0_i128, 0_i128);
    let mut last = 1;
    for (text, line) in lines.by_ref() {
        last = line;
        let refused = |cause| Refused { line, cause };
        if text == SUMMARY {
            let (text, line) = lines.next().ok_or(refused(Cause::NoSummary))?;
            check_summary(text, rows.len(), amount, fee)
                .map_err(|cause| Refused { line, cause })?;
            return match lines.next() {
                None => Ok(rows),
                Some((_, line)) => Err(Refused { line, cause: Cause::Trailing }),
            };
        }
        let (row, exact_fee) = row(text, line, currency).map_err(refused)?;
        amount += i128::from(row.amount_minor);
        fee += i128::from(exact_fee);
        rows.push(row);
    }
    Err(Refused { line: last, cause: Cause::NoSummary })
}

fn row(text: &str, line: usize, currency: Currency) -> Result<(Row, i64), Cause> {
    let [time, kind, number, reference, code, amount, fee] = values(text)?;
    let at = Moment::from_rfc3339(time).filter(|at| at.ms() >= 0).ok_or(Cause::Time)?;
    let kind = Kind::ALL.into_iter().find(|k| k.as_str() == kind).ok_or(Cause::Kind)?;
    if number.is_empty() || !is_number(number) || !is_number(reference) {
        return Err(Cause::Number);
    }
    if code != currency.code() {
        return Err(Cause::Currency);
    }
    let amount_minor = signed(amount).ok_or(Cause::Amount)?;
    if amount_minor == 0 || (amount_minor > 0) != kind.comes_in() {
        return Err(Cause::Amount);
    }
    let exact_fee = decimal(fee, 0, 5).ok_or(Cause::Fee)?;
    let (number, reference) = (number.to_owned(), reference.to_owned());
    let fee_minor = (exact_fee + 500) / 1000;
    Ok((Row { line, at, kind, number, reference, amount_minor, fee_minor }, exact_fee))
}

fn check_summary(text: &str, rows: usize, amount: i128, fee: i128) -> Result<(), Cause> {
    let [count, total, fees] = values(text)?;
    if count != rows.to_string() {
        return Err(Cause::Count);
    }
    if i128::from(signed(total).ok_or(Cause::Total)?) != amount {
        return Err(Cause::Total);
    }
    if i128::from(decimal(fees, 0, 5).ok_or(Cause::FeeTotal)?) != fee {
        return Err(Cause::FeeTotal);
    }
    Ok(())
}

/// The values of a line without their backticks; there must be `N`.
fn values<const N: usize>(line: &str) -> Result<[&str; N], Cause> {
    let mut values = [""; N];
    let mut parts = line.split(',');
    for value in &mut values {
        let part = parts.next().ok_or(Cause::Columns)?;
        *value = part.strip_prefix('`').ok_or(Cause::Backtick)?;
    }
    if parts.next().is_some() { Err(Cause::Columns) } else { Ok(values) }
}

fn is_number(text: &str) -> bool {
    text.len() <= NUMBER_MAX
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// `-12.30` as −1230: exactly two decimals, and no zero below zero.
fn signed(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(rest) => decimal(rest, 2, 2).filter(|minor| *minor > 0).map(|minor| -minor / 1000),
        None => decimal(text, 2, 2).map(|minor| minor / 1000),
    }
}

/// A plain decimal number with `least` to `most` decimals, most 5, as hundred-thousandths. `1.5`
/// and `0.5`, never `01.5`, `.5` or `1.`.
fn decimal(text: &str, least: usize, most: usize) -> Option<i64> {
    let (whole, places) = match text.split_once('.') {
        Some((whole, places)) => (whole, (1..=most).contains(&places.len()).then_some(places)?),
        None => (text, ""),
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let canonical = !whole.starts_with('0') || whole == "0";
    if places.len() < least
        || !(1..=WHOLE_DIGITS_MAX).contains(&whole.len())
        || !digits(whole)
        || !digits(places)
        || !canonical
    {
        return None;
    }
    // 18 digits at most, which fit.
    format!("{whole}{places:0<5}").parse().ok()
}

#[cfg(test)]
mod tests;
