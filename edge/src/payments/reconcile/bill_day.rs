//! The subject of a reconciliation job: a calendar day of one currency.

use shared::calendar::{Day, Moment};
use shared::money::Currency;

/// The maximum number of bill rows or movements in one batch.
pub(super) const CHUNK: usize = 300;

/// A day for which a provider makes a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BillDay {
    /// The bill's currency.
    pub currency: Currency,
    /// The currency's own calendar day.
    pub day: Day,
}

impl BillDay {
    /// Parses `CNY:2026-11-22`.
    pub fn parse(text: &str) -> Option<BillDay> {
        let (code, day) = text.split_once(':')?;
        Some(BillDay { currency: Currency::from_code(code)?, day: Day::parse(day)? })
    }

    /// Returns when the provider has the bill ready: on the next day, at 10:00 in Shanghai for CNY
    /// and at 02:00 UTC for USD.
    pub const fn ready_at(self) -> Moment {
        let hours = match self.currency {
            Currency::Cny => 10,
            Currency::Usd => 2,
        };
        self.day.plus(1).starts_at(self.currency).plus_minutes(hours * 60)
    }
}

impl std::fmt::Display for BillDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.currency, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_is_ready_at_ten_in_shanghai_or_two_utc() {
        let ready = |text: &str| BillDay::parse(text).unwrap().ready_at().to_rfc3339();
        assert_eq!(ready("CNY:2026-11-22"), "2026-11-23T02:00:00Z");
        assert_eq!(ready("USD:2026-12-31"), "2027-01-01T02:00:00Z");
        assert_eq!(BillDay::parse("USD:2026-12-31").unwrap().to_string(), "USD:2026-12-31");
        for bad in ["", "CNY", "EUR:2026-11-22", "CNY:2026-11-31", "CNY:2026-11-22:"] {
            assert_eq!(BillDay::parse(bad), None, "{bad}");
        }
    }
}
