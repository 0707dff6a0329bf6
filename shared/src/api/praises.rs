//! A reader's intent, how to pay it, and the praise that it becomes.

use serde::{Deserialize, Serialize};

use super::{ArticleRef, MoneyBack};
use crate::calendar::Moment;
use crate::machine::{IntentState, PraiseState, Visibility};
use crate::money::Money;

/// `POST /api/v1/articles/{slug}/praises`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartPraise {
    /// What to give, in the account's currency.
    #[serde(deserialize_with = "crate::object::deserialize")]
    pub amount: Money,
    /// Who sees it.
    pub visibility: Visibility,
    /// To the writer, at most 140 characters as people count them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Answer to `StartPraise`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartedPraise {
    /// The intent, existing or new.
    pub intent: Intent,
    /// How to pay it.
    pub payment: PaymentStep,
}

/// A reader's attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Intent {
    /// `int_…`
    pub id: String,
    /// Where it stands.
    pub state: IntentState,
    /// What it gives.
    pub amount: Money,
    /// Slug of the article.
    pub article: String,
    /// Who sees it.
    pub visibility: Visibility,
    /// The note that goes with it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub note: Option<String>,
    /// Until when it can be paid.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Moment,
    /// The rule that sent the money back, when the state is `returned`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// The praise, once its money is booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub praise: Option<PraiseRef>,
    /// Other money that arrived for it, oldest first: looked at, on its way back, or back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub money_back: Vec<MoneyBack>,
}

/// What a reader sees of a praise in an intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PraiseRef {
    /// `prs_…`
    pub id: String,
    /// Where it stands.
    pub state: PraiseState,
    /// When it is to be paid out.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub due_at: Moment,
}

/// How to pay an intent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentStep {
    /// Which provider.
    pub provider: String,
    /// What to do.
    pub action: PaymentAction,
    /// Where to go, when the action is `redirect`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What a reader's app does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentAction {
    /// Go to `url` and pay there.
    Redirect,
    /// The provider has not answered yet: ask for the intent until it has.
    Wait,
    /// There is nothing to pay any more; the intent's state says why.
    None,
}

/// What a writer has said to somebody who praised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reply {
    /// The words.
    pub text: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub replied_at: Moment,
}

/// A praise as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReaderPraise {
    /// `prs_…`
    pub id: String,
    /// Where it stands.
    pub state: PraiseState,
    /// What was given.
    pub amount: Money,
    /// The article praised.
    pub article: ArticleRef,
    /// Who sees it.
    pub visibility: Visibility,
    /// The note that went with it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub note: Option<String>,
    /// What the writer has replied; `null` where nothing was said.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub reply: Option<Reply>,
    /// When it was paid, by the provider's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub paid_at: Moment,
    /// When it is to be paid out.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub due_at: Moment,
}
