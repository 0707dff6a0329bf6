//! The subject of a reconciliation job: one currency's calendar day.

use shared::calendar::{Day, Moment};
use shared::money::Currency;

/// Most rows and movements that one batch moves.
pub(super) const CHUNK: usize = 300;

/// The day that a job is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The bill's currency.
    pub currency: Currency,
    /// The currency's own calendar day.
    pub day: Day,
}

impl Subject {
    /// Reads `CNY:2026-11-22`.
    pub fn parse(text: &str) -> Option<Subject> {
        let (code, day) = text.split_once(':')?;
        Some(Subject { currency: Currency::from_code(code)?, day: Day::parse(day)? })
    }

    /// When the provider has the day's bill ready: 10:00 in Shanghai of the next day for CNY, 02:00
    /// UTC of the next day for USD.
    pub const fn ready_at(self) -> Moment {
        let hours = match self.currency {
            Currency::Cny => 10,
            Currency::Usd => 2,
        };
        self.day.plus(1).starts_at(self.currency).plus_minutes(hours * 60)
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.currency, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_its_bill_at_ten_in_shanghai_and_two_utc() {
        let ready = |text: &str| Subject::parse(text).unwrap().ready_at().to_rfc3339();
        assert_eq!(ready("CNY:2026-11-22"), "2026-11-23T02:00:00Z");
        assert_eq!(ready("USD:2026-12-31"), "2027-01-01T02:00:00Z");
        assert_eq!(Subject::parse("USD:2026-12-31").unwrap().to_string(), "USD:2026-12-31");
        for bad in ["", "CNY", "EUR:2026-11-22", "CNY:2026-11-31", "CNY:2026-11-22:"] {
            assert_eq!(Subject::parse(bad), None, "{bad}");
        }
    }
}
