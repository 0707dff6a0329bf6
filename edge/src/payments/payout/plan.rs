//! Splits a payout into transfers. A transfer contains whole praises, in the order in which they
//! became due, and fits the payee's limit for its day. The writer's debt is netted from the first
//! transfers.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use shared::calendar::Day;

/// A praise to be paid out.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Line {
    pub id: String,
    pub amount_minor: i64,
}

/// The total of a payee's transfers on a day, sent or queued, and the limit of that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PayeeDay {
    pub sent_minor: i64,
    pub limit_minor: i64,
}

/// A planned transfer: its day, a range of the lines, and its amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub day: Day,
    pub lines: Range<usize>,
    pub gross_minor: i64,
    pub debt_minor: i64,
}

impl Part {
    /// Returns the amount that is sent: gross less netted debt.
    pub(super) const fn net_minor(&self) -> i64 {
        self.gross_minor - self.debt_minor
    }
}

/// Splits the lines into parts, one a day from `today` on. `debt_minor` is what the writer owes; at
/// most the lines' total is netted. `payee_days` has the days on which the payee already has
/// transfers, keyed by `YYYY-MM-DD`; the other days have the whole `limit_minor`. Returns `None` if
/// a praise exceeds the limit of a whole day, so that it could never be sent.
pub(super) fn split(
    lines: &[Line],
    debt_minor: i64,
    today: Day,
    payee_days: &BTreeMap<String, PayeeDay>,
    limit_minor: i64,
) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let (mut next, mut debt, mut day) = (0, debt_minor, today);
    while next < lines.len() {
        let unused = PayeeDay { sent_minor: 0, limit_minor };
        let used = payee_days.get(&day.to_string()).copied();
        let payee_day = used.unwrap_or(unused);
        let left = payee_day.limit_minor - payee_day.sent_minor;
        let (mut end, mut gross) = (next, 0);
        while let Some(line) = lines.get(end) {
            let larger = gross + line.amount_minor;
            if larger - debt.min(larger) > left {
                break;
            }
            gross = larger;
            end += 1;
        }
        if end > next {
            let netted = debt.min(gross);
            parts.push(Part { day, lines: next..end, gross_minor: gross, debt_minor: netted });
            debt -= netted;
            next = end;
        } else if used.is_none() {
            return None;
        }
        day = day.plus(1);
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::calendar::Moment;
    use shared::money::Currency;

    use super::*;

    fn lines(amounts: &[i64]) -> Vec<Line> {
        let line = |(place, amount): (usize, &i64)| Line {
            id: format!("prs_{place}"),
            amount_minor: *amount,
        };
        amounts.iter().enumerate().map(line).collect()
    }

    fn today() -> Day {
        Moment::from_rfc3339("2026-11-30T03:00:00Z").unwrap().day(Currency::Cny)
    }

    fn payee_days(sent: &[(i64, i64)]) -> BTreeMap<String, PayeeDay> {
        let payee_day = |(ahead, sent_minor): &(i64, i64)| {
            let payee_day = PayeeDay { sent_minor: *sent_minor, limit_minor: 1000 };
            (today().plus(*ahead).to_string(), payee_day)
        };
        sent.iter().map(payee_day).collect()
    }

    /// Returns day, gross and debt of each part. `sent` holds days ahead and amounts sent.
    fn split_as(amounts: &[i64], debt: i64, sent: &[(i64, i64)]) -> Vec<(String, i64, i64)> {
        let parts = split(&lines(amounts), debt, today(), &payee_days(sent), 1000).unwrap();
        parts.iter().map(|p| (p.day.to_string(), p.gross_minor, p.debt_minor)).collect()
    }

    fn day(name: &str, gross: i64, debt: i64) -> (String, i64, i64) {
        (name.to_owned(), gross, debt)
    }

    #[test]
    fn whole_praises_fill_one_day_after_the_other() {
        assert_eq!(split_as(&[400, 600], 0, &[]), [day("2026-11-30", 1000, 0)]);
        assert_eq!(
            split_as(&[400, 601, 399], 0, &[]),
            [day("2026-11-30", 400, 0), day("2026-12-01", 1000, 0)]
        );
    }

    #[test]
    fn other_transfers_to_the_card_reduce_its_daily_limit() {
        assert_eq!(
            split_as(&[400, 400], 0, &[(0, 600), (1, 700)]),
            [day("2026-11-30", 400, 0), day("2026-12-02", 400, 0)]
        );
    }

    #[test]
    fn debt_is_netted_from_the_first_parts_and_does_not_use_the_limit() {
        assert_eq!(split_as(&[400, 600, 500], 500, &[]), [day("2026-11-30", 1500, 500)]);
        assert_eq!(split_as(&[400, 600], 5000, &[(0, 1000)]), [day("2026-11-30", 1000, 1000)]);
        assert_eq!(
            split_as(&[400, 600], 300, &[(0, 950)]),
            [day("2026-12-01", 1000, 300)],
            "the amount after netting has to fit the day"
        );
        assert_eq!(
            split_as(&[400, 600, 900], 700, &[(0, 900)]),
            [day("2026-11-30", 400, 400), day("2026-12-01", 600, 300), day("2026-12-02", 900, 0)],
        );
    }

    #[test]
    fn a_praise_above_the_limit_of_a_whole_day_is_refused() {
        assert_eq!(split(&lines(&[400, 1001]), 0, today(), &payee_days(&[(0, 10)]), 1000), None);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_doubled_or_too_much(
            amounts in prop::collection::vec(1i64..=1000, 0..40),
            debt in 0i64..5000,
            sent in prop::collection::vec((0i64..6, 0i64..=1000), 0..6),
        ) {
            let payee_days = payee_days(&sent);
            let all = lines(&amounts);
            let parts = split(&all, debt, today(), &payee_days, 1000).unwrap();
            let mut next = 0;
            for part in &parts {
                prop_assert_eq!(part.lines.start, next);
                prop_assert!(part.lines.end > next);
                next = part.lines.end;
                let gross: i64 = all[part.lines.clone()].iter().map(|l| l.amount_minor).sum();
                prop_assert_eq!(part.gross_minor, gross);
                prop_assert!((0..=gross).contains(&part.debt_minor));
                let taken = payee_days.get(&part.day.to_string()).map_or(0, |used| used.sent_minor);
                prop_assert!(part.net_minor() <= 1000 - taken);
            }
            prop_assert_eq!(next, all.len());
            let netted: i64 = parts.iter().map(|part| part.debt_minor).sum();
            prop_assert_eq!(netted, debt.min(amounts.iter().sum()));
            prop_assert!(parts.windows(2).all(|pair| pair[0].day < pair[1].day));
        }
    }
}
