//! The daily bill of the sandbox, made from its own database: payments, refunds, payouts and
//! disputes, at the sandbox's own times. A day's bill is ready at 02:00 UTC of the next day, which is
//! 10:00 in Shanghai. Each download of it is the same.
//!
//! The fee of a payment is 0.6 % in CNY, and 2.9 % plus 30 cents in USD, rounded half up to the minor
//! unit. Nothing else has a fee, except a planted row. A day without rows has no bill: the answer is
//! that there were no transactions.

use std::fmt::Write;

use serde::Deserialize;
use shared::calendar::{Day, Moment};
use shared::money::{Currency, Money};

use super::{Sandbox, fault, unknown};
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::digest::sha256 as digest_of;
use crate::provider::{BillFile, DailyBill, ProviderError};

/// What [`spoil`] can do to a bill.
pub const FAULTS: &[&str] = &[
    "missing_row",
    "extra_row",
    "amount_off",
    "duplicate_row",
    "late_row",
    "unknown_row",
    "late_bill",
    "refused_bill",
    "unreadable_bill",
];

/// A line of a bill.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Line {
    /// When it happened.
    pub at: i64,
    /// `payment`, `refund`, `payout`, `payout_returned`, `dispute`, `dispute_won`, or in a planted
    /// row any other word.
    pub kind: String,
    /// Our number of a payment or dispute, the merchant's of the rest.
    pub number: String,
    /// The merchant's order of a payment, our payment of a dispute.
    pub reference: String,
    /// Minor units; positive if the money came in.
    pub amount_minor: i64,
    /// The fee of a planted row, which may be negative. Otherwise the sandbox's usual fee.
    pub fee_minor: Option<i64>,
}

/// Makes one day's bill wrong until [`mend`] is called: `missing_row`, `extra_row`, `amount_off` (by
/// one minor unit), `duplicate_row`, `late_row` (the row appears on the next day's bill), or
/// `unknown_row` (a deduction of a kind that the product does not know). `number` names the row; an
/// empty one means the first of the day.
///
/// Three faults concern the whole bill: `late_bill`, with the delay in days as `number`,
/// `refused_bill` and `unreadable_bill`.
pub async fn spoil<D: Database>(
    db: &D,
    currency: Currency,
    day: Day,
    fault: &str,
    number: &str,
) -> Result<(), DatabaseError> {
    let statement = Statement::new(
        "INSERT INTO sandbox_bill_fault (currency, day, fault, number) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
        [Value::from(currency), day.into(), fault.into(), number.into()],
    );
    db.batch(vec![statement]).await.map(drop)
}

/// Removes a fault that [`spoil`] has set on a day's bill.
pub async fn mend<D: Database>(
    db: &D,
    currency: Currency,
    day: Day,
    fault: &str,
) -> Result<(), DatabaseError> {
    let statement = Statement::new(
        "DELETE FROM sandbox_bill_fault WHERE currency = ?1 AND day = ?2 AND fault = ?3",
        [Value::from(currency), day.into(), fault.into()],
    );
    db.batch(vec![statement]).await.map(drop)
}

/// Adds a row without a transaction at the sandbox to a day's bill: for example an unknown payment,
/// an unknown kind, or a refunded fee.
pub async fn plant<D: Database>(
    db: &D,
    currency: Currency,
    day: Day,
    line: &Line,
) -> Result<(), DatabaseError> {
    let statement = Statement::new(
        "INSERT INTO sandbox_bill_line (currency, day, number, at, kind, reference, amount_minor,
                                        fee_minor)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
        [
            Value::from(currency),
            day.into(),
            (&line.number).into(),
            line.at.into(),
            (&line.kind).into(),
            (&line.reference).into(),
            line.amount_minor.into(),
            line.fee_minor.unwrap_or(0).into(),
        ],
    );
    db.batch(vec![statement]).await.map(drop)
}

pub(super) async fn bill<D: Database>(
    sandbox: &Sandbox<D>,
    currency: Currency,
    day: Day,
    now: Moment,
) -> Result<DailyBill, ProviderError> {
    let hours = match currency {
        Currency::Cny => 10,
        Currency::Usd => 2,
    };
    let ready_at = day.plus(1).starts_at(currency).plus_minutes(hours * 60);
    if now < ready_at {
        return Err(ProviderError::NotFound);
    }
    let fault = fault::take(&sandbox.db, "bill").await.map_err(unknown)?;
    match fault.as_deref() {
        Some("not_ready") => return Err(ProviderError::NotFound),
        Some("lost") => return Err(ProviderError::Unknown("the request was lost".into())),
        Some("wrong_hash") | None => {}
        Some(fault) => spoil(&sandbox.db, currency, day, fault, "").await.map_err(unknown)?,
    }
    let mut readable = true;
    for Fault { fault, number } in faults(&sandbox.db, currency, day).await.map_err(unknown)? {
        match fault.as_str() {
            "late_bill" if now < ready_at.plus_days(number.parse().unwrap_or(1)) => {
                return Err(ProviderError::NotFound);
            }
            "refused_bill" => return Err(ProviderError::Refused("no bill for this day".into())),
            "unreadable_bill" => readable = false,
            _ => {}
        }
    }
    let lines = lines(&sandbox.db, currency, day).await.map_err(unknown)?;
    if lines.is_empty() && readable {
        return Ok(DailyBill::NoTransactions);
    }
    let mut text = file(&lines, currency);
    if !readable {
        text.push_str("an unexpected line\r\n");
    }
    let mut sha256 = digest_of(&text);
    if fault.as_deref() == Some("wrong_hash") {
        sha256 = digest_of("of something else");
    }
    Ok(DailyBill::File(BillFile { text, sha256 }))
}

/// The lines of a day's bill, with its planted error if it has one.
async fn lines<D: Database>(
    db: &D,
    currency: Currency,
    day: Day,
) -> Result<Vec<Line>, DatabaseError> {
    let mut lines = happened(db, currency, day).await?;
    let mut appended = Vec::new();
    for Fault { fault, number } in faults(db, currency, day).await? {
        let place = lines.iter().position(|line| number.is_empty() || line.number == number);
        match (fault.as_str(), place) {
            ("missing_row" | "late_row", Some(place)) => drop(lines.remove(place)),
            ("amount_off", Some(place)) => {
                lines.iter_mut().skip(place).take(1).for_each(|line| line.amount_minor += 1);
            }
            ("duplicate_row", Some(place)) => appended.extend(lines.get(place).cloned()),
            ("extra_row", place) => {
                appended.push(extra(place.and_then(|at| lines.get(at)), currency, day));
            }
            ("unknown_row", _) => appended.push(Line {
                at: day.starts_at(currency).ms(),
                kind: "risk_reserve".into(),
                number: format!("reserve.{currency}.{day}"),
                reference: String::new(),
                amount_minor: -100,
                fee_minor: Some(0),
            }),
            _ => {}
        }
    }
    // The row that was late on the day before.
    let before = day.plus(-1);
    for Fault { fault, number } in faults(db, currency, before).await? {
        let lines = happened(db, currency, before).await?;
        let late = lines.into_iter().find(|line| number.is_empty() || line.number == number);
        appended.extend(late.filter(|_| fault == "late_row"));
    }
    lines.extend(appended);
    Ok(lines)
}

/// A row about a payment that never happened: for another row's order, or for an unknown one.
fn extra(like: Option<&Line>, currency: Currency, day: Day) -> Line {
    match like {
        Some(line) => Line { number: format!("{}.x", line.number), ..line.clone() },
        None => Line {
            at: day.starts_at(currency).ms(),
            kind: "payment".into(),
            number: format!("sbx.{day}.x"),
            reference: String::new(),
            amount_minor: 100,
            fee_minor: None,
        },
    }
}

#[derive(Deserialize)]
struct Fault {
    fault: String,
    number: String,
}

async fn faults<D: Database>(
    db: &D,
    currency: Currency,
    day: Day,
) -> Result<Vec<Fault>, DatabaseError> {
    let statement = Statement::new(
        "SELECT fault, number FROM sandbox_bill_fault WHERE currency = ?1 AND day = ?2
         ORDER BY fault, number",
        [Value::from(currency), day.into()],
    );
    Results::from(db.batch(vec![statement]).await?).take().decode()
}

/// Everything that happened on a day, oldest first.
async fn happened<D: Database>(
    db: &D,
    currency: Currency,
    day: Day,
) -> Result<Vec<Line>, DatabaseError> {
    let (from, to) = (day.starts_at(currency), day.plus(1).starts_at(currency));
    let values = || [Value::from(currency), from.into(), to.into()];
    let statements = vec![
        Statement::new(
            "SELECT paid_at AS at, 'payment' AS kind, transaction_id AS number,
                    number AS reference, paid_minor AS amount_minor
             FROM sandbox_order
             WHERE currency = ?1 AND state = 'paid' AND paid_at >= ?2 AND paid_at < ?3",
            values(),
        ),
        Statement::new(
            "SELECT refund.at, 'refund' AS kind, refund.number, paid.transaction_id AS reference,
                    -refund.amount_minor AS amount_minor
             FROM sandbox_refund AS refund
             JOIN sandbox_order AS paid ON paid.number = refund.order_number
             WHERE paid.currency = ?1 AND refund.state = 'succeeded'
               AND refund.at >= ?2 AND refund.at < ?3",
            values(),
        ),
        Statement::new(
            "SELECT ended_at AS at, 'payout' AS kind, number, card AS reference,
                    -amount_minor AS amount_minor
             FROM sandbox_payout
             WHERE currency = ?1 AND state IN ('succeeded', 'sent_back')
               AND ended_at >= ?2 AND ended_at < ?3
             UNION ALL
             SELECT sent_back_at, 'payout_returned', number, card, amount_minor
             FROM sandbox_payout
             WHERE currency = ?1 AND sent_back_at >= ?2 AND sent_back_at < ?3",
            values(),
        ),
        Statement::new(
            "SELECT opened_at AS at, 'dispute' AS kind, number, transaction_id AS reference,
                    -amount_minor AS amount_minor
             FROM sandbox_dispute
             WHERE currency = ?1 AND opened_at >= ?2 AND opened_at < ?3
             UNION ALL
             SELECT ended_at, 'dispute_won', number, transaction_id, amount_minor
             FROM sandbox_dispute
             WHERE currency = ?1 AND state = 'won' AND ended_at >= ?2 AND ended_at < ?3",
            values(),
        ),
        Statement::new(
            "SELECT at, kind, number, reference, amount_minor, fee_minor FROM sandbox_bill_line
             WHERE currency = ?1 AND day = ?2",
            [Value::from(currency), day.into()],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    let mut lines: Vec<Line> = results.take().decode()?;
    for _ in 0..4 {
        lines.extend(results.take().decode::<Line>()?);
    }
    lines.sort_by(|a, b| (a.at, &a.kind, &a.number).cmp(&(b.at, &b.kind, &b.number)));
    Ok(lines)
}

/// Writes the lines as a file.
pub fn file(lines: &[Line], currency: Currency) -> String {
    let mut text = String::from("\u{feff}time,kind,number,reference,currency,amount,fee\r\n");
    let (mut total, mut fees) = (0, 0);
    for line in lines {
        let Line { at, kind, number, reference, amount_minor, .. } = line;
        let fee = line.fee_minor.unwrap_or_else(|| fee_minor(kind, *amount_minor, currency));
        total += amount_minor;
        fees += fee;
        let at = Moment::from_ms(*at).to_rfc3339();
        let [amount, fee] = [*amount_minor, fee].map(|minor| major(minor, currency));
        let code = currency.code();
        // Writing to a String never fails.
        let _ =
            write!(text, "`{at},`{kind},`{number},`{reference},`{code},`{amount},`{fee}000\r\n");
    }
    let [total, fees] = [total, fees].map(|minor| major(minor, currency));
    let count = lines.len();
    let _ = write!(text, "count,amount,fee\r\n`{count},`{total},`{fees}000\r\n");
    text
}

fn major(minor: i64, currency: Currency) -> String {
    Money::new(minor, currency).to_major_string()
}

/// The sandbox's fee.
pub fn fee_minor(kind: &str, amount_minor: i64, currency: Currency) -> i64 {
    match (kind, currency) {
        ("payment", Currency::Cny) => (amount_minor * 6 + 500) / 1000,
        ("payment", Currency::Usd) => (amount_minor * 29 + 500) / 1000 + 30,
        _ => 0,
    }
}
