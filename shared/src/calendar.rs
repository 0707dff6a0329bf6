//! Moments and days. Nothing here reads a clock: the current time is always an argument.
//!
//! A day is a calendar day in the time zone of a currency: Asia/Shanghai for CNY, UTC for USD. Both
//! have had a fixed offset since 1991, so no time-zone database is needed. There are no "business
//! days".

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::money::Currency;

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A moment in Unix milliseconds. In JSON it is RFC 3339 in UTC: `2026-11-22T09:30:00Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(i64);

impl Moment {
    /// Creates a moment from Unix milliseconds.
    pub const fn from_ms(ms: i64) -> Moment {
        Moment(ms)
    }

    /// Returns Unix milliseconds.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// `seconds` later.
    pub const fn plus_seconds(self, seconds: i64) -> Moment {
        Moment(self.0.saturating_add(seconds.saturating_mul(SECOND_MS)))
    }

    /// `minutes` later.
    pub const fn plus_minutes(self, minutes: i64) -> Moment {
        Moment(self.0.saturating_add(minutes.saturating_mul(MINUTE_MS)))
    }

    /// `days` times 24 hours later.
    pub const fn plus_days(self, days: i64) -> Moment {
        Moment(self.0.saturating_add(days.saturating_mul(DAY_MS)))
    }

    /// Formats as RFC 3339 in UTC, with milliseconds only if they are not zero.
    pub fn to_rfc3339(self) -> String {
        self.date_time(UtcOffset::UTC)
            .and_then(|at| at.format(&Rfc3339).ok())
            .unwrap_or_else(|| "out of range".to_owned())
    }

    /// Parses RFC 3339 with any offset.
    pub fn from_rfc3339(text: &str) -> Option<Moment> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        let ms = at.unix_timestamp().checked_mul(SECOND_MS)?;
        ms.checked_add(i64::from(at.millisecond())).map(Moment)
    }

    /// The day that contains this moment, in the time zone of `currency`.
    pub const fn day(self, currency: Currency) -> Day {
        Day(self.0.saturating_add(offset_ms(currency)).div_euclid(DAY_MS))
    }

    /// Date and time in the time zone of `currency`, for display.
    pub fn local(self, currency: Currency) -> Local {
        let minutes = self.0.saturating_add(offset_ms(currency)).div_euclid(MINUTE_MS);
        let (year, month, day) = Day(minutes.div_euclid(24 * 60)).year_month_day();
        let of_day = minutes.rem_euclid(24 * 60);
        Local { year, month, day, hour: (of_day / 60) as u8, minute: (of_day % 60) as u8 }
    }

    fn date_time(self, offset: UtcOffset) -> Option<OffsetDateTime> {
        let nanos = i128::from(self.0).saturating_mul(1_000_000);
        Some(OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?.to_offset(offset))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        let text = String::deserialize(deserializer)?;
        Moment::from_rfc3339(&text).ok_or_else(|| serde::de::Error::custom("not an RFC 3339 time"))
    }
}

/// A local date and time, for display.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    /// Calendar year.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

/// A calendar day, as the number of days since 1970-01-01. In the database: `2026-11-22`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(i64);

impl Day {
    /// `days` later.
    pub const fn plus(self, days: i64) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// Parses the format of the database, `2026-11-22`, for the years 1970 to 9999.
    pub fn parse(text: &str) -> Option<Day> {
        let midnight = Moment::from_rfc3339(&format!("{text}T00:00:00Z"))?;
        (midnight.0 >= 0).then_some(Day(midnight.0.div_euclid(DAY_MS)))
    }

    /// The start of this day in the time zone of `currency`.
    pub const fn starts_at(self, currency: Currency) -> Moment {
        Moment(self.0.saturating_mul(DAY_MS).saturating_sub(offset_ms(currency)))
    }

    /// The first day of the following month.
    pub fn next_month(self) -> Day {
        // Every month has a 28th, and four days after it the next month has begun.
        self.month_begins().plus(27).plus(4).month_begins()
    }

    /// The first day of this day's month.
    pub fn month_begins(self) -> Day {
        let (_, _, day) = self.year_month_day();
        self.plus(1_i64.saturating_sub(i64::from(day)))
    }

    /// The month in the format of the database: `2026-11`.
    pub fn month(self) -> String {
        let (year, month, _) = self.year_month_day();
        format!("{year:04}-{month:02}")
    }

    fn year_month_day(self) -> (i32, u8, u8) {
        let at = Moment(self.0.saturating_mul(DAY_MS)).date_time(UtcOffset::UTC);
        at.map_or((1970, 1, 1), |at| (at.year(), at.month() as u8, at.day()))
    }
}

/// ISO 8601: `2026-11-22`.
impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.year_month_day();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// When a praise paid at `paid_at` is due: `hold_days` after the day of payment, at midnight.
pub const fn due_at(paid_at: Moment, currency: Currency, hold_days: i64) -> Moment {
    paid_at.day(currency).plus(hold_days).starts_at(currency)
}

/// The UTC offset of a currency's time zone, in milliseconds.
const fn offset_ms(currency: Currency) -> i64 {
    match currency {
        Currency::Cny => 8 * HOUR_MS,
        Currency::Usd => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Moment {
        Moment::from_rfc3339(text).unwrap()
    }

    #[test]
    fn days_begin_at_midnight_in_the_currencys_time_zone() {
        assert_eq!(at("2026-11-22T15:59:59.999Z").day(Currency::Cny).to_string(), "2026-11-22");
        assert_eq!(at("2026-11-22T16:00:00Z").day(Currency::Cny).to_string(), "2026-11-23");
        assert_eq!(at("2026-11-22T23:59:59Z").day(Currency::Usd).to_string(), "2026-11-22");
        assert_eq!(at("2028-02-29T12:00:00Z").day(Currency::Usd).to_string(), "2028-02-29");
    }

    #[test]
    fn a_day_is_parsed_back() {
        for text in ["1970-01-01", "2026-11-22", "2028-02-29", "9999-12-31"] {
            assert_eq!(Day::parse(text).unwrap().to_string(), text);
        }
        for bad in [
            "",
            "2026-11-31",
            "2027-02-29",
            "2026-1-02",
            "26-11-22",
            "1969-12-31",
            "+026-11-22",
            "12026-11-22",
            "2026/11/22",
            "2026-11-22 ",
            " 2026-11-22",
            "2026-11-22T00:00:00Z",
        ] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn months_begin_in_the_currencys_time_zone() {
        assert_eq!(at("2026-11-30T16:00:00Z").day(Currency::Cny).month(), "2026-12");
        assert_eq!(at("2026-11-30T16:00:00Z").day(Currency::Usd).month(), "2026-11");
        let begins = at("2028-02-29T12:00:00Z").day(Currency::Usd).month_begins();
        assert_eq!(begins.to_string(), "2028-02-01");
        assert_eq!(begins.month_begins(), begins);
    }

    #[test]
    fn due_on_the_seventh_day_at_midnight() {
        let due = due_at(at("2026-11-22T15:59:59Z"), Currency::Cny, 7);
        assert_eq!(due.to_rfc3339(), "2026-11-28T16:00:00Z");
        assert_eq!(
            due_at(at("2026-11-22T16:00:00Z"), Currency::Cny, 7).to_rfc3339(),
            "2026-11-29T16:00:00Z"
        );
        assert_eq!(
            due_at(at("2026-12-28T01:00:00Z"), Currency::Usd, 7).to_rfc3339(),
            "2027-01-04T00:00:00Z"
        );
    }

    #[test]
    fn next_month_begins_on_its_first_day() {
        for (day, next) in [
            ("2026-11-30T23:00:00Z", "2026-12-01"),
            ("2026-12-01T00:00:00Z", "2027-01-01"),
            ("2026-12-31T00:00:00Z", "2027-01-01"),
            ("2028-02-28T00:00:00Z", "2028-03-01"),
            ("2028-01-31T00:00:00Z", "2028-02-01"),
        ] {
            assert_eq!(at(day).day(Currency::Usd).next_month().to_string(), next, "{day}");
        }
    }

    #[test]
    fn shows_local_time() {
        let local = at("2026-11-22T16:05:00Z").local(Currency::Cny);
        assert_eq!(local, Local { year: 2026, month: 11, day: 23, hour: 0, minute: 5 });
        let local = at("2026-11-22T23:59:00Z").local(Currency::Usd);
        assert_eq!((local.hour, local.minute), (23, 59));
    }

    #[test]
    fn adds_units_of_time() {
        let start = at("2026-11-28T23:59:58.250Z");
        assert_eq!(start.plus_seconds(2).to_rfc3339(), "2026-11-29T00:00:00.25Z");
        assert_eq!(start.plus_seconds(-8).to_rfc3339(), "2026-11-28T23:59:50.25Z");
        assert_eq!(start.plus_minutes(61).to_rfc3339(), "2026-11-29T01:00:58.25Z");
        assert_eq!(start.plus_minutes(-1).to_rfc3339(), "2026-11-28T23:58:58.25Z");
        assert_eq!(start.plus_days(3).to_rfc3339(), "2026-12-01T23:59:58.25Z");
        assert_eq!(start.plus_days(-28).to_rfc3339(), "2026-10-31T23:59:58.25Z");
    }

    #[test]
    fn a_moment_is_the_milliseconds_it_was_made_of() {
        for ms in [-7, 0, 250, 1_795_910_398_250] {
            assert_eq!(Moment::from_ms(ms).ms(), ms);
        }
    }

    #[test]
    fn a_moment_out_of_range_is_not_formatted() {
        assert_eq!(Moment::from_ms(i64::MAX).to_rfc3339(), "out of range");
    }

    #[test]
    fn is_serialised_as_rfc3339() {
        let moment = at("2026-11-22T17:30:00+08:00");
        let json = serde_json::to_string(&moment).unwrap();
        assert_eq!(json, "\"2026-11-22T09:30:00Z\"");
        assert_eq!(serde_json::from_str::<Moment>(&json).unwrap(), moment);
        assert!(serde_json::from_str::<Moment>("\"yesterday\"").is_err());
    }

    proptest! {
        #[test]
        fn a_moment_lies_within_its_day(ms in 0i64..4_102_444_800_000) {
            for currency in Currency::ALL {
                let moment = Moment::from_ms(ms);
                let day = moment.day(currency);
                prop_assert!(day.starts_at(currency) <= moment);
                prop_assert!(moment < day.plus(1).starts_at(currency));
                prop_assert_eq!(Moment::from_rfc3339(&moment.to_rfc3339()), Some(moment));
            }
        }

        #[test]
        fn a_day_has_only_one_form(text in "[0-9]{4}-[01]?[0-9]-[0-3]?[0-9]([ T]0?)?") {
            if let Some(day) = Day::parse(&text) {
                prop_assert_eq!(day.to_string(), text);
            }
        }
    }
}
