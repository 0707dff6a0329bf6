//! The policy in force, a row of the `policy` table, and the problems that its rules raise.

pub mod raise;
pub mod version;

use serde::Deserialize;
use shared::amount::AmountError;
use shared::calendar::Day;
use shared::money::{Currency, Money};
use shared::problem::Problem;

/// A SQL subquery for one column of the policy in force: `policy_in_force!("document",
/// "account.currency", "?2")` reads the policy of that currency at that moment. The column
/// `document` is the whole policy as JSON, for [`Policy`].
macro_rules! policy_in_force {
    ("document", $currency:literal, $at:literal) => {
        policy_in_force!("document" of "policy_document", $currency, $at)
    };
    ($column:literal, $currency:literal, $at:literal) => {
        policy_in_force!($column of "policy", $currency, $at)
    };
    ($column:literal of $table:literal, $currency:literal, $at:literal) => {
        concat!(
            "(SELECT in_force.",
            $column,
            " FROM ",
            $table,
            " AS in_force WHERE in_force.currency = ",
            $currency,
            " AND in_force.effective_from <= ",
            $at,
            " ORDER BY in_force.effective_from DESC LIMIT 1)"
        )
    };
}
pub(crate) use policy_in_force;

/// A version of the policy for one currency. Amounts are in its minor units.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Policy {
    /// The version; one sequence for all currencies.
    pub version: i64,
    /// The currency of the amounts.
    pub currency: Currency,
    /// Smallest amount of one praise.
    pub praise_min_minor: i64,
    /// Largest amount of one praise.
    pub praise_cap_minor: i64,
    /// The maximum amount that a signed-in reader may give in a day.
    pub reader_day_minor: i64,
    /// The maximum amount that a guest may give in a day.
    pub guest_day_minor: i64,
    /// The maximum amount that a card, wallet or openid may pay in a day.
    pub payer_day_minor: i64,
    /// The maximum amount that an article may receive in a day.
    pub article_day_minor: i64,
    /// The maximum amount that a writer may receive in a day.
    pub writer_day_minor: i64,
    /// Days from payment until a praise is due for payout.
    pub hold_days: i64,
    /// Minutes after booking during which the reader can undo a praise.
    pub undo_minutes: i64,
    /// How many versions of its articles an official account may publish in a day.
    pub account_day_publications: i64,
    /// Which kinds of account may receive: `individual` or `any`.
    pub receivers: String,
}

impl Policy {
    /// Returns the problem for a rule's code that the schema raised. `day` is the day whose limit
    /// is used up; the limit resets when the next day starts. The code of a reader's own limit
    /// carries the limit in minor units: `reader_own_day:5000`. An unknown code is
    /// [`Problem::Internal`].
    pub fn refusal(&self, rule: &str, guest: bool, day: Day) -> Problem {
        let money = |minor| Money::new(minor, self.currency);
        let reopens_at = day.plus(1).starts_at(self.currency);
        match rule {
            "global_stop" => Problem::GlobalStop,
            "not_accepting" => Problem::NotAccepting,
            "own_article" => Problem::OwnArticle,
            "currency" => Problem::Amount(AmountError::WrongCurrency(self.currency)),
            "praise_min" => {
                Problem::Amount(AmountError::BelowMinimum(money(self.praise_min_minor)))
            }
            "praise_cap" => Problem::Amount(AmountError::AboveCap(money(self.praise_cap_minor))),
            "reader_day_cap" => {
                let limit = if guest { self.guest_day_minor } else { self.reader_day_minor };
                Problem::ReaderDayCap { limit: money(limit), reopens_at }
            }
            "payer_day_cap" => {
                Problem::PayerDayCap { limit: money(self.payer_day_minor), reopens_at }
            }
            "article_day_cap" => {
                Problem::ArticleDayCap { limit: money(self.article_day_minor), reopens_at }
            }
            "writer_day_cap" => {
                Problem::WriterDayCap { limit: money(self.writer_day_minor), reopens_at }
            }
            own if own.starts_with("reader_own_") => {
                let Some((rule, minor)) = own.split_once(':') else { return Problem::Internal };
                let Ok(limit) = minor.parse().map(money) else { return Problem::Internal };
                match rule {
                    "reader_own_praise" => Problem::ReaderOwnPraise { limit },
                    "reader_own_day" => Problem::ReaderOwnDay { limit, reopens_at },
                    _ => {
                        let reopens_at = day.next_month().starts_at(self.currency);
                        Problem::ReaderOwnMonth { limit, reopens_at }
                    }
                }
            }
            "article_frozen" => Problem::ArticleFrozen,
            "account_suspended" => Problem::AccountSuspended,
            "intent_cancelled" => Problem::IntentCancelled,
            "paid_twice" => Problem::PaidTwice,
            _ => Problem::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::calendar::Moment;

    use super::*;

    #[test]
    fn a_rule_without_a_number_is_its_own_problem() {
        let policy = Policy {
            version: 1,
            currency: Currency::Cny,
            praise_min_minor: 100,
            praise_cap_minor: 20_000,
            reader_day_minor: 100_000,
            guest_day_minor: 20_000,
            payer_day_minor: 100_000,
            article_day_minor: 2_000_000,
            writer_day_minor: 5_000_000,
            hold_days: 7,
            undo_minutes: 10,
            account_day_publications: 50,
            receivers: "individual".to_owned(),
        };
        let day = Moment::from_ms(0).day(Currency::Cny);
        let refusal = |rule: &str| policy.refusal(rule, false, day);
        assert_eq!(refusal("paid_twice"), Problem::PaidTwice);
        assert_eq!(refusal("intent_cancelled"), Problem::IntentCancelled);
        let limit = Money::new(5_000, Currency::Cny);
        assert_eq!(refusal("reader_own_praise:5000"), Problem::ReaderOwnPraise { limit });
        // An unknown code must not be reported as another rule.
        for unknown in ["reader_own_day", "reader_own_day:many", "no_such_rule"] {
            assert_eq!(refusal(unknown), Problem::Internal, "{unknown}");
        }
    }
}
