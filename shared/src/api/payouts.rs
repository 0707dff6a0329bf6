//! Payouts as their writer sees them.

use serde::{Deserialize, Serialize};

use crate::calendar::Moment;
use crate::machine::{PartState, PayoutState};
use crate::money::Money;

/// What was, or is to be, paid to the bank card of an account for one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Payout {
    /// `pyt_…`
    pub id: String,
    /// Its day in the account's currency: `2026-11-29`.
    pub day: String,
    /// Where it stands.
    pub state: PayoutState,
    /// While it waits, what blocks it: `no_card`, `card_changed`, `card_unconfirmed`,
    /// `card_day_limit`, `bill_unexplained`, `records_inconsistent`, `transfer_unclear`,
    /// `kind_not_allowed` or `account_suspended`. When it was dropped: `card_removed`,
    /// `account_suspended`, `article_frozen`, `transfer_unclear` or `nothing_left`. When it has
    /// failed or was sent back, the provider's word for why. When two operators have reversed it,
    /// `never_left`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What to do about it, in the language of the request, where there is something to do or to
    /// wait for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_do: Option<String>,
    /// When it goes on by itself, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub until: Option<Moment>,
    /// What its praises come to; while it waits, what is due now.
    pub gross: Money,
    /// What of that the writer owes.
    pub debt: Money,
    /// What reaches the card.
    pub net: Money,
    /// Last four digits of the card; `null` until it is queued.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub card_last4: Option<String>,
    /// How many praises it holds; while it waits, how many are due now.
    pub praises: i64,
    /// Its transfer; none while it waits.
    pub parts: Vec<PayoutPart>,
}

/// One transfer of a payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayoutPart {
    /// `ptp_…`: the provider's number of it, too.
    pub id: String,
    /// The day on which it was queued. It counts towards the card's limit of that day.
    pub day: String,
    /// Where it stands.
    pub state: PartState,
    /// Why it has failed, was dropped or was sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What its praises come to.
    pub gross: Money,
    /// What of that the writer owes.
    pub debt: Money,
    /// What reaches the card.
    pub net: Money,
}

/// A payout with everything in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayoutDetail {
    /// The same as in a list.
    #[serde(flatten)]
    pub payout: Payout,
    /// Its praises in the order they became due; none while it waits.
    pub lines: Vec<PayoutLine>,
    /// What happened to it and to its parts, oldest first.
    pub events: Vec<PayoutEvent>,
}

/// A praise in a payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayoutLine {
    /// `prs_…`
    pub praise_id: String,
    /// `ptp_…`: in which transfer.
    pub part_id: String,
    /// What was given.
    pub amount: Money,
    /// When that transfer had failed, was dropped or was sent back, and the praise was due again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub released_at: Option<Moment>,
}

/// Something that happened to a payout or one of its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayoutEvent {
    /// `pyt_…` or `ptp_…`
    pub subject_id: String,
    /// The state it was in; empty for its beginning.
    pub from: String,
    /// The state it came to.
    pub to: String,
    /// Why, where there is a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Moment,
}
