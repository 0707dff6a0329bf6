//! What two operators decide about the provider's money: how a difference from a bill is explained,
//! and the operator's own funds.

use serde::{Deserialize, Serialize};

use crate::calendar::Moment;
use crate::money::Money;

crate::names! {
    /// Where the money of a difference goes.
    ExplanationPosting {
        /// The operator bears it.
        OperatorLoss = "operator_loss",
        /// The provider took it as a fee, or gave a fee back.
        ProviderFee = "provider_fee",
        /// The money is on the bill only. It becomes a payment in suspense.
        Suspense = "suspense",
        /// Our movement never happened, or a payout that we booked as failed has arrived.
        Reversal = "reversal",
        /// The bill's row is a movement of ours under another number.
        BelongsTo = "belongs_to",
    }
}

/// A row of ours: a movement, or a transfer of the operator's own money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OurRow {
    /// `payment`, `refund`, `payout`, `payout_returned`, `dispute`, `dispute_won`, or `funds`.
    pub kind: String,
    /// Its number; of funds, their reference.
    pub number: String,
}

/// `POST /api/v1/operator/differences/{id}/explanations`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposeExplanation {
    /// Where the money goes.
    pub posting: ExplanationPosting,
    /// Our record that the bill's row belongs to; only for `belongs_to`.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub belongs_to: Option<OurRow>,
    /// For the record: the cause, and who confirmed it.
    #[cfg_attr(feature = "openapi", schema(max_length = 250))]
    pub reason: String,
}

/// How one operator explains a difference, until another approves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Explanation {
    /// `opa_…`
    pub id: String,
    /// The difference: `dif_…`
    pub difference_id: String,
    /// Where the money goes.
    pub posting: ExplanationPosting,
    /// The amount that we booked minus the amount on the bill.
    pub amount: Money,
    /// The row of ours that the bill's row belongs to.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub belongs_to: Option<OurRow>,
    /// The cause, and who confirmed it.
    pub reason: String,
    /// What the other operator agrees to: SHA-256 over all of it.
    pub shown_hash: String,
    /// Who proposed it: `per_…`
    pub proposed_by: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub proposed_at: Moment,
}

/// `POST /api/v1/operator/funds`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposeFunds {
    /// Positive for money added, negative for money withdrawn. A wrong entry is corrected by the
    /// opposite amount. Never zero.
    #[serde(deserialize_with = "crate::object::deserialize")]
    pub amount: Money,
    /// The bank's or provider's id of the transfer. Each id is booked only once.
    #[cfg_attr(feature = "openapi", schema(max_length = 64, pattern = "^[A-Za-z0-9._-]+$"))]
    pub reference: String,
    /// For the record: why.
    #[cfg_attr(feature = "openapi", schema(max_length = 250))]
    pub reason: String,
}

/// A transfer of the operator's own money to or from the provider. Two operators book it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FundsTransfer {
    /// `opa_…`
    pub id: String,
    /// Positive where money is added.
    pub amount: Money,
    /// The bank's or provider's id of the transfer.
    pub reference: String,
    /// Why.
    pub reason: String,
    /// What the other operator agrees to: SHA-256 over all of it.
    pub shown_hash: String,
    /// Who proposed it: `per_…`
    pub proposed_by: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub proposed_at: Moment,
    /// Who approved it: `per_…`
    #[cfg_attr(feature = "openapi", schema(required))]
    pub approved_by: Option<String>,
    /// When it was booked.
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<String>, format = DateTime))]
    pub approved_at: Option<Moment>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_posting_has_the_same_name_in_json_and_in_the_database() {
        for posting in ExplanationPosting::ALL {
            let json = serde_json::to_value(posting).unwrap();
            assert_eq!(json, posting.as_str());
            assert_eq!(serde_json::from_value::<ExplanationPosting>(json).unwrap(), *posting);
        }
        assert_eq!(ExplanationPosting::OperatorLoss.as_str(), "operator_loss");
    }
}
