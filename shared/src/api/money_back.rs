//! Payments that did not become a praise, as their reader sees them until the money is back.

use serde::{Deserialize, Serialize};

use super::{ArticleRef, RefundRef};
use crate::calendar::Moment;
use crate::money::Money;

/// Where money stands that arrived for an attempt and did not become its praise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MoneyBackState {
    /// It does not fit, and an operator decides about it.
    InReview,
    /// On its way back.
    Returning,
    /// Back with the reader.
    Returned,
    /// The reader's bank has given it back.
    BackByBank,
}

/// Money that arrived for an attempt and did not become its praise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MoneyBack {
    /// What arrived.
    pub amount: Money,
    /// When it was paid.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub paid_at: Moment,
    /// Whether the time to pay was over by then.
    pub late: bool,
    /// Why it is no praise, as a stable word: `amount_differs`, `paid_twice`, a rule.
    pub reason: String,
    /// Where it stands.
    pub state: MoneyBackState,
    /// When it was sent back.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_back_at: Option<Moment>,
    /// When it was back.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_at: Option<Moment>,
    /// The refund that brings it back, under the number that the provider has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund: Option<RefundRef>,
}

/// The same among everything of a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyBackOf {
    /// The attempt: `int_…`
    pub intent_id: String,
    /// The article that it was for.
    pub article: ArticleRef,
    /// The money.
    pub money: MoneyBack,
}
