//! Problems as JSON, in the form of RFC 9457.

use serde::{Deserialize, Serialize};

use crate::calendar::Moment;
use crate::money::{Currency, Money};

/// An attempt that waits for its payment, offered in place of a new one. It has no amount, because
/// problem documents are also sent to the public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaitingIntent {
    /// `int_…`. It is continued on the page `/i/{id}`, and cancelled there or by the API.
    pub id: String,
    /// Slug of the article.
    pub article: String,
    /// Title of the article.
    pub title: String,
    /// The currency of its amount.
    pub currency: Currency,
    /// Until when it can be paid.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Moment,
}

/// An RFC 9457 problem document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProblemDocument {
    /// URI reference of this kind of problem: the page that explains it, relative to the API's
    /// origin.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in the language asked for.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What it means and what to do next, in the language asked for.
    pub detail: String,
    /// Stable code for programs.
    pub code: String,
    /// Id of the request, for support: the log has it too.
    pub request_id: String,
    /// The field that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The amount of the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Money>,
    /// When the request is possible again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub reopens_at: Option<Moment>,
    /// The attempt that can be continued or cancelled instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_intent: Option<WaitingIntent>,
}
