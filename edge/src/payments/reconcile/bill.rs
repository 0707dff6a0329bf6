//! Parses the provider's bill of one day in one currency. One invalid line refuses the whole bill.
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
//! Amounts are in major units with exactly two decimals: incoming is positive, outgoing negative.
//! Fees have up to five decimals, and are negative where a fee was given back; each row's fee is
//! rounded to the minor unit, half away from zero. All calculations use integers.
//!
//! A row of a kind that the product does not know is [`Kind::Other`]. It keeps the provider's word,
//! and may have any amount.

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

/// A longer file is refused without parsing it: 16 MiB, about 120,000 rows.
const BYTES_MAX: usize = 16 << 20;
/// The maximum number of digits before an amount's decimal point: with five decimals, 18 fit `i64`.
const WHOLE_DIGITS_MAX: usize = 13;
/// The maximum length of a number or reference, in characters.
const NUMBER_MAX: usize = 64;
/// The maximum length of the provider's word for a kind, in characters.
const PROVIDER_KIND_MAX: usize = 64;

/// The kind of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A reader paid.
    Payment,
    /// A reader was refunded.
    Refund,
    /// A writer was paid.
    Payout,
    /// The writer's bank sent a payout back.
    PayoutReturned,
    /// A bank took a disputed payment.
    Dispute,
    /// A bank gave a disputed payment back.
    DisputeWon,
    /// Any kind that the product does not know.
    Other,
}

impl Kind {
    /// Every kind that has movements: all but [`Kind::Other`].
    pub const ALL: [Kind; 6] = [
        Kind::Payment,
        Kind::Refund,
        Kind::Payout,
        Kind::PayoutReturned,
        Kind::Dispute,
        Kind::DisputeWon,
    ];

    /// Returns its name in bills and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Payment => "payment",
            Kind::Refund => "refund",
            Kind::Payout => "payout",
            Kind::PayoutReturned => "payout_returned",
            Kind::Dispute => "dispute",
            Kind::DisputeWon => "dispute_won",
            Kind::Other => "other",
        }
    }

    /// Returns whether its amounts are incoming, and so positive.
    pub const fn is_incoming(self) -> bool {
        matches!(self, Kind::Payment | Kind::PayoutReturned | Kind::DisputeWon)
    }

    /// Returns whether a row of this kind can have this amount.
    const fn allows(self, amount_minor: i64) -> bool {
        match self {
            Kind::Other => true,
            _ => amount_minor != 0 && (amount_minor > 0) == self.is_incoming(),
        }
    }
}

/// One row of a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file; the header is line 1.
    pub line: usize,
    /// The provider's time.
    pub at: Moment,
    /// The kind of the row.
    pub kind: Kind,
    /// The provider's own word for the kind.
    pub provider_kind: String,
    /// For a payment or dispute the provider's number, for a refund or payout ours.
    pub number: String,
    /// For a payment our order, for a dispute the provider's payment; may be empty.
    pub reference: String,
    /// Minor units; incoming is positive. Only a row of an unknown kind may have zero.
    pub amount_minor: i64,
    /// The provider's fee in minor units; negative if it was given back.
    pub fee_minor: i64,
}

/// Why a bill is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BillError {
    /// The line; 0 if the error is about the whole file.
    pub line: usize,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The file is longer than the maximum.
    TooLong,
    /// Its SHA-256 differs from the provider's.
    Hash,
    /// No byte order mark.
    ByteOrderMark,
    /// The file does not end with a line feed, so the rest is missing.
    Truncated,
    /// The first line is not the header.
    Header,
    /// A line has too few or too many values.
    Columns,
    /// A value without its backtick.
    Backtick,
    /// Not a valid time.
    Time,
    /// Not a valid word for a kind.
    Kind,
    /// Not a valid number or reference.
    Number,
    /// Not the bill's currency.
    Currency,
    /// Not a valid amount, zero, or with the wrong sign for the kind.
    Amount,
    /// Not a valid fee.
    Fee,
    /// The file ends without a summary.
    NoSummary,
    /// The number of rows differs from the summary.
    Count,
    /// The sum of amounts differs from the summary.
    Total,
    /// The sum of fees differs from the summary.
    FeeTotal,
    /// There is text after the summary.
    Trailing,
}

impl fmt::Display for BillError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{:?}", self.fault),
            line => write!(f, "{:?} in line {line}", self.fault),
        }
    }
}

/// Parses a bill after checking its length and its hash.
pub fn read(file: &BillFile, currency: Currency) -> Result<Vec<Row>, BillError> {
    if file.text.len() > BYTES_MAX {
        return Err(BillError { line: 0, fault: Fault::TooLong });
    }
    if sha256(&file.text) != file.sha256 {
        return Err(BillError { line: 0, fault: Fault::Hash });
    }
    rows(&file.text, currency)
}

/// Parses the text of a bill. Fails with the first fault.
pub fn rows(text: &str, currency: Currency) -> Result<Vec<Row>, BillError> {
    let text =
        text.strip_prefix('\u{feff}').ok_or(BillError { line: 1, fault: Fault::ByteOrderMark })?;
    if !text.is_empty() && !text.ends_with('\n') {
        return Err(BillError { line: text.lines().count(), fault: Fault::Truncated });
    }
    let mut lines = text.lines().zip(1..);
    if lines.next().is_none_or(|(first, _)| first != HEADER) {
        return Err(BillError { line: 1, fault: Fault::Header });
    }
    let mut rows = Vec::new();
    // Wider than a row's amount, so that the sums cannot overflow.
    let (mut amount, mut fee) = (0_i128, 0_i128);
    let mut last = 1;
    for (text, line) in lines.by_ref() {
        last = line;
        let error = |fault| BillError { line, fault };
        if text == SUMMARY {
            let (text, line) = lines.next().ok_or(error(Fault::NoSummary))?;
            check_summary(text, rows.len(), amount, fee)
                .map_err(|fault| BillError { line, fault })?;
            return match lines.next() {
                None => Ok(rows),
                Some((_, line)) => Err(BillError { line, fault: Fault::Trailing }),
            };
        }
        let (row, exact_fee) = row(text, line, currency).map_err(error)?;
        amount += i128::from(row.amount_minor);
        fee += i128::from(exact_fee);
        rows.push(row);
    }
    Err(BillError { line: last, fault: Fault::NoSummary })
}

fn row(text: &str, line: usize, currency: Currency) -> Result<(Row, i64), Fault> {
    let [time, kind, number, reference, code, amount, fee] = values(text)?;
    let at = Moment::from_rfc3339(time).filter(|at| at.ms() >= 0).ok_or(Fault::Time)?;
    let provider_kind = kind;
    if !(1..=PROVIDER_KIND_MAX).contains(&provider_kind.chars().count())
        || provider_kind.chars().any(char::is_control)
    {
        return Err(Fault::Kind);
    }
    let kind = Kind::ALL.into_iter().find(|k| k.as_str() == kind).unwrap_or(Kind::Other);
    if number.is_empty() || !is_number(number) || !is_number(reference) {
        return Err(Fault::Number);
    }
    if code != currency.code() {
        return Err(Fault::Currency);
    }
    let amount_minor = signed_minor(amount).ok_or(Fault::Amount)?;
    if !kind.allows(amount_minor) {
        return Err(Fault::Amount);
    }
    let exact_fee = signed(fee, 0, 5).ok_or(Fault::Fee)?;
    let fee_minor = (exact_fee.abs() + 500) / 1000 * exact_fee.signum();
    let row = Row {
        line,
        at,
        kind,
        provider_kind: provider_kind.to_owned(),
        number: number.to_owned(),
        reference: reference.to_owned(),
        amount_minor,
        fee_minor,
    };
    Ok((row, exact_fee))
}

fn check_summary(text: &str, rows: usize, amount: i128, fee: i128) -> Result<(), Fault> {
    let [count, total, fees] = values(text)?;
    if count != rows.to_string() {
        return Err(Fault::Count);
    }
    if i128::from(signed_minor(total).ok_or(Fault::Total)?) != amount {
        return Err(Fault::Total);
    }
    if i128::from(signed(fees, 0, 5).ok_or(Fault::FeeTotal)?) != fee {
        return Err(Fault::FeeTotal);
    }
    Ok(())
}

/// Splits a line into exactly `N` values and strips their backticks.
fn values<const N: usize>(line: &str) -> Result<[&str; N], Fault> {
    let mut values = [""; N];
    let mut parts = line.split(',');
    for value in &mut values {
        let part = parts.next().ok_or(Fault::Columns)?;
        *value = part.strip_prefix('`').ok_or(Fault::Backtick)?;
    }
    if parts.next().is_some() { Err(Fault::Columns) } else { Ok(values) }
}

fn is_number(text: &str) -> bool {
    text.len() <= NUMBER_MAX
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// Parses `-12.30` as −1230 minor units: exactly two decimals.
fn signed_minor(text: &str) -> Option<i64> {
    signed(text, 2, 2).map(|value| value / 1000)
}

/// Parses a [`decimal`] that may be negative, but not a negative zero.
fn signed(text: &str, min: usize, max: usize) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(rest) => decimal(rest, min, max).filter(|value| *value > 0).map(|value| -value),
        None => decimal(text, min, max),
    }
}

/// Parses a decimal number with `min` to `max` decimals, at most 5, as hundred-thousandths. Accepts
/// `1.5` and `0.5`, but not `01.5`, `.5` or `1.`.
fn decimal(text: &str, min: usize, max: usize) -> Option<i64> {
    let (whole, places) = match text.split_once('.') {
        Some((whole, places)) => (whole, (1..=max).contains(&places.len()).then_some(places)?),
        None => (text, ""),
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let canonical = !whole.starts_with('0') || whole == "0";
    if places.len() < min
        || !(1..=WHOLE_DIGITS_MAX).contains(&whole.len())
        || !digits(whole)
        || !digits(places)
        || !canonical
    {
        return None;
    }
    // At most 18 digits, which fit an `i64`.
    format!("{whole}{places:0<5}").parse().ok()
}

#[cfg(test)]
mod tests;
