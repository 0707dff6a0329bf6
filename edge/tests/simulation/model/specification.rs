//! The rules of money, written a second time and independently of the code under test: the legal
//! transitions, the calendar, and the caps.

#![expect(
    clippy::inconsistent_digit_grouping,
    reason = "minor units are written so that the last two digits read as fen or cents"
)]

use shared::money::Currency;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How many attempts of a person may wait for payment.
pub const OPEN_INTENTS: i64 = 5;
/// How long an attempt waits for its payment.
pub const ATTEMPT_MS: i64 = 30 * 60 * 1000;
/// How long a praise can be undone.
const UNDO_MS: i64 = 10 * 60 * 1000;
/// Days until a praise is due.
const HOLD_DAYS: i64 = 7;

/// The caps of a policy; amounts in minor units.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Smallest praise.
    pub min: i64,
    /// Largest praise.
    pub cap: i64,
    /// A reader's daily cap.
    pub reader: i64,
    /// A guest's daily cap.
    pub guest: i64,
    /// An article's daily cap.
    pub article: i64,
    /// A writer's daily cap.
    pub writer: i64,
    /// Days until a praise is due.
    pub hold_days: i64,
    /// How long a praise can be undone, in milliseconds.
    pub undo_ms: i64,
}

/// The published caps.
pub const fn published(currency: Currency) -> Caps {
    match currency {
        Currency::Cny => Caps {
            min: 100,
            cap: 200_00,
            reader: 1_000_00,
            guest: 200_00,
            article: 20_000_00,
            writer: 50_000_00,
            hold_days: HOLD_DAYS,
            undo_ms: UNDO_MS,
        },
        Currency::Usd => Caps {
            min: 100,
            cap: 30_00,
            reader: 150_00,
            guest: 30_00,
            article: 3_000_00,
            writer: 7_500_00,
            hold_days: HOLD_DAYS,
            undo_ms: UNDO_MS,
        },
    }
}

/// Whether a state machine allows a transition; `""` is the state before creation.
pub fn allows(machine: &str, from: &str, to: &str) -> bool {
    let next: &[&str] = match (machine, from) {
        ("intent", "") => &["awaiting_payment"],
        ("intent", "awaiting_payment") => &["paid", "returned", "declined", "cancelled", "expired"],
        ("intent", "declined" | "expired") => &["paid", "returned"],
        ("intent", "cancelled") => &["returned"],
        ("provider_order", "") => &["created"],
        ("provider_order", "created") => &["open", "paid", "closed"],
        ("provider_order", "open") => &["paid", "closed"],
        ("provider_order", "closed") => &["paid"],
        ("praise", "") => &["held"],
        ("praise", "held") => &["due", "frozen", "returning", "disputed"],
        ("praise", "due") => &["frozen", "returning", "in_payout", "disputed", "lost"],
        ("praise", "frozen") => &["held", "due", "returning", "disputed"],
        ("praise", "in_payout") => &["paid_out", "due"],
        ("praise", "paid_out") => &["due"],
        ("praise", "returning") => &["returned", "lost"],
        ("praise", "disputed") => &["held", "due", "lost"],
        ("refund", "") => &["queued"],
        ("refund", "queued") => &["sent", "succeeded", "abnormal", "closed"],
        ("refund", "sent") => &["succeeded", "abnormal", "closed"],
        ("refund", "abnormal") => &["succeeded", "closed"],
        ("payout", "") => &["waiting", "queued"],
        ("payout", "waiting") => &["queued", "dropped"],
        ("payout" | "payout_part", "queued") => &["sent", "succeeded", "dropped"],
        ("payout" | "payout_part", "sent") => &["awaiting_confirmation", "succeeded", "failed"],
        ("payout" | "payout_part", "awaiting_confirmation") => &["succeeded", "failed"],
        ("payout" | "payout_part", "succeeded") => &["sent_back"],
        ("freeze", "") => &["open"],
        ("freeze", "open") => &["appealed", "lifted", "returning"],
        ("freeze", "appealed") => &["lifted", "returning"],
        ("freeze", "returning") => &["returned"],
        ("freeze", "returned") => &["returning"],
        ("dispute", "") => &["open"],
        ("dispute", "open") => &["won", "lost"],
        ("payout_part", "") => &["queued"],
        _ => &[],
    };
    next.contains(&to)
}

/// The offset from UTC, in milliseconds, of the time zone in which a currency's days are counted.
const fn east(currency: Currency) -> i64 {
    match currency {
        Currency::Cny => 8 * 60 * 60 * 1000,
        Currency::Usd => 0,
    }
}

/// The day of a moment, counted from 1 January 1970 in the currency's time zone.
pub const fn day(at: i64, currency: Currency) -> i64 {
    (at + east(currency)).div_euclid(DAY_MS)
}

/// When a day begins.
pub const fn day_begins(day: i64, currency: Currency) -> i64 {
    day * DAY_MS - east(currency)
}

/// When money paid at a moment is due.
pub const fn due(paid_at: i64, currency: Currency, hold_days: i64) -> i64 {
    day_begins(day(paid_at, currency) + hold_days, currency)
}

/// A day in the format of the database. Years are counted from March, so that a leap day comes
/// last.
pub fn day_text(day: i64) -> String {
    let from_march_0000 = day + 719_468;
    let era = from_march_0000.div_euclid(146_097);
    let of_era = from_march_0000.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
