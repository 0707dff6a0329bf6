//! Decides what one payout contains: whole praises, in the order in which they became due, as many
//! as fit what the provider still sends to the payee today. The writer's debt is netted first.

use serde::Deserialize;

use super::facts::LINES_MAX;

/// A praise to be paid out.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Line {
    pub id: String,
    pub amount_minor: i64,
}

/// The content of one payout: the first `lines` of the praises that are due, and its amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub lines: usize,
    pub gross_minor: i64,
    pub debt_minor: i64,
}

impl Plan {
    /// Returns the amount that is sent: gross less netted debt.
    pub(super) const fn net_minor(&self) -> i64 {
        self.gross_minor - self.debt_minor
    }
}

/// Takes as many lines from the front as fit. `debt_minor` is what the writer owes, of which at most
/// the total of the lines is netted. `room_minor` is what the payee can still be sent today. Returns
/// `None` if not even the first line fits.
pub(super) fn plan(lines: &[Line], debt_minor: i64, room_minor: i64) -> Option<Plan> {
    let (mut count, mut gross) = (0, 0);
    for line in lines.iter().take(LINES_MAX) {
        let larger = gross + line.amount_minor;
        if larger - debt_minor.min(larger) > room_minor {
            break;
        }
        gross = larger;
        count += 1;
    }
    (count > 0).then(|| Plan {
        lines: count,
        gross_minor: gross,
        debt_minor: debt_minor.min(gross),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(amounts: &[i64]) -> Vec<Line> {
        let line = |(place, amount): (usize, &i64)| Line {
            id: format!("prs_{place}"),
            amount_minor: *amount,
        };
        amounts.iter().enumerate().map(line).collect()
    }

    /// Returns the number of lines, gross and debt.
    fn planned(amounts: &[i64], debt: i64, room: i64) -> Option<(usize, i64, i64)> {
        let plan = plan(&lines(amounts), debt, room)?;
        Some((plan.lines, plan.gross_minor, plan.debt_minor))
    }

    #[test]
    fn takes_whole_praises_up_to_the_room() {
        assert_eq!(planned(&[400, 600], 0, 1000), Some((2, 1000, 0)));
        assert_eq!(planned(&[400, 601], 0, 1000), Some((1, 400, 0)));
        assert_eq!(planned(&[400, 601, 1], 0, 1000), Some((1, 400, 0)), "the order is kept");
        assert_eq!(planned(&[400], 0, 399), None);
        assert_eq!(planned(&[], 0, 1000), None);
    }

    #[test]
    fn debt_is_netted_first_and_takes_no_room() {
        assert_eq!(planned(&[400, 600, 500], 500, 1000), Some((3, 1500, 500)));
        assert_eq!(planned(&[400, 600], 5000, 0), Some((2, 1000, 1000)));
        assert_eq!(planned(&[400, 600], 300, 100), Some((1, 400, 300)));
        assert_eq!(planned(&[400, 600], 300, 99), None);
    }

    #[test]
    fn holds_a_thousand_praises_and_no_more() {
        let many = vec![1; LINES_MAX + 1];
        assert_eq!(planned(&many, 0, i64::MAX), Some((LINES_MAX, LINES_MAX as i64, 0)));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_doubled_or_too_much(
            amounts in prop::collection::vec(1i64..=1000, 0..40),
            debt in 0i64..5000,
            room in 0i64..5000,
        ) {
            let all = lines(&amounts);
            match plan(&all, debt, room) {
                None => prop_assert!(
                    amounts.first().is_none_or(|first| first - debt.min(*first) > room)
                ),
                Some(plan) => {
                    let gross: i64 = amounts[..plan.lines].iter().sum();
                    prop_assert_eq!(plan.gross_minor, gross);
                    prop_assert_eq!(plan.debt_minor, debt.min(gross));
                    prop_assert!(plan.net_minor() <= room);
                    if let Some(next) = amounts.get(plan.lines) {
                        let larger = gross + next;
                        prop_assert!(larger - debt.min(larger) > room);
                    }
                }
            }
        }
    }
}
