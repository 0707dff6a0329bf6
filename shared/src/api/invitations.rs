//! Invitations, as operators create and list them.

use serde::{Deserialize, Serialize};

use crate::calendar::Moment;

/// `POST /api/v1/operator/invitations`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MakeInvitation {
    /// Words for the other operators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Days that the code opens, 1 to 90; 14 where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
}

/// An invitation that was just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeInvitation {
    /// `inv_…`
    pub id: String,
    /// The code, shown this once.
    pub code: String,
    /// Until when it opens.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Moment,
}

/// An invitation as operators see it. The code itself is known to nobody but who was told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// `inv_…`
    pub id: String,
    /// Which operator: `per_…`.
    pub made_by: String,
    /// Words for the other operators.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub note: Option<String>,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub made_at: Moment,
    /// Until when the code opens.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Moment,
    /// Who was invited: `per_…`.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub used_by: Option<String>,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime, required))]
    pub used_at: Option<Moment>,
    /// When it was revoked.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime, required))]
    pub revoked_at: Option<Moment>,
}
