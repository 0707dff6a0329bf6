//! The rules in force: a row of the policy table, and what a refusal by it looks like.

pub mod version;

use serde::Deserialize;
use shared::amount::AmountError;
use shared::calendar::Day;
use shared::money::{Currency, Money};
use shared::problem::Problem;

/// SQL of one column of the policy in force, as a subquery:
/// `policy_in_force!("document", "account.currency", "?2")` is the policy of that currency at that
/// moment. `document` is the whole policy as JSON, for [`Policy`].
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

/// A version of the rules for one currency. Amounts are minor units of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Policy {
    /// Which version.
    pub version: i64,
    /// What the amounts are in.
    pub currency: Currency,
    /// Smallest praise.
    pub praise_min_minor: i64,
    /// Largest praise.
    pub praise_cap_minor: i64,
    /// A reader's day.
    pub reader_day_minor: i64,
    /// A guest's day.
    pub guest_day_minor: i64,
    /// An article's day.
    pub article_day_minor: i64,
    /// A writer's day.
    pub writer_day_minor: i64,
    /// Days until a praise is due.
    pub hold_days: i64,
    /// Minutes during which a praise is undone with one tap.
    pub undo_minutes: i64,
    /// Which kinds of account receive: `individual` or `any`.
    pub receivers: String,
}

impl Policy {
    /// What a rule's code, raised by the schema, says to the reader. `day` is the day whose room is
    /// used up: it opens again when the next one starts. A limit of the reader's own comes with its
    /// number: `reader_own_day:5000`.
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
