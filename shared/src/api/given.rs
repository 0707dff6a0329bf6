//! A praise with its reader's possible actions, and operators' decisions about payments.

use serde::{Deserialize, Serialize};

use super::ReaderPraise;
use crate::calendar::Moment;
use crate::machine::{RefundState, Visibility};
use crate::money::Money;

/// A praise with everything its reader can do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PraiseDetail {
    /// The praise.
    pub praise: ReaderPraise,
    /// When its money was booked.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub booked_at: Moment,
    /// Until when it is undone with one tap; only then does its writer see it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub undo_until: Moment,
    /// What its reader can do now, and until when.
    pub can: Vec<PraiseOption>,
    /// How many more praises the reader can undo today, by the day of the praise's currency.
    pub undos_left: i64,
    /// When the reader can undo again, if only the daily limit prevents it now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub undo_reopens_at: Option<Moment>,
    /// How many more praises the reader can take back this month.
    pub take_backs_left: i64,
}

/// Something that can be done about a praise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PraiseOption {
    /// What.
    pub action: PraiseAction,
    /// Until when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub until: Moment,
}

/// What a reader does about a praise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PraiseAction {
    /// As if it had not been.
    Undo,
    /// The whole amount comes back.
    TakeBack,
}

/// Another visibility for a praise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeVisibility {
    /// Who sees it from now on.
    pub visibility: Visibility,
}

/// A praise that goes back, as whoever sent it back is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Returning {
    /// `prs_…`
    pub id: String,
    /// Where it stands: `returning`, or `returned`.
    pub state: crate::machine::PraiseState,
}

/// A payment nobody can explain, as operators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuspenseCase {
    /// `sus_…`
    pub id: String,
    /// Why: `unknown_order`, or `amount_differs`.
    pub reason: String,
    /// What arrived.
    pub amount: Money,
    /// The number of the order that the provider names.
    pub order_number: String,
    /// The provider's number of the payment.
    pub transaction_id: String,
    /// When it was paid, by the provider's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub paid_at: Moment,
    /// Since when it waits for an operator.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub opened_at: Moment,
}

/// What an operator decides about a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResolveSuspense {
    /// `return` sends the money back, `to_praise` gives it to an attempt.
    pub resolution: String,
    /// `int_…` of that attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent_id: Option<String>,
}

/// A refund, as operators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefundRef {
    /// `ref_…`
    pub id: String,
    /// Where it stands.
    pub state: RefundState,
}
