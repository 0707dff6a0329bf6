//! The writer's side of the API: praises, accounts, cards, articles and tokens.

use serde::{Deserialize, Serialize};

use super::timeline::Timeline;
use super::{ArticleRef, Reply};
use crate::calendar::Moment;
use crate::lang::Lang;
use crate::machine::{PraiseState, Visibility};
use crate::money::{Currency, Money};

/// A praise as its writer sees it, once the reader can no longer undo it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StudioPraise {
    /// `prs_…`
    pub id: String,
    /// Where it stands.
    pub state: PraiseState,
    /// What was given.
    pub amount: Money,
    /// Name of the reader; `null` where there is none or the praise is anonymous.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub reader_name: Option<String>,
    /// Who sees it.
    pub visibility: Visibility,
    /// The note that came with it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub note: Option<String>,
    /// What the writer has replied; `null` where nothing was said.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub reply: Option<Reply>,
    /// The article praised.
    pub article: ArticleRef,
    /// When it was paid, by the provider's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub paid_at: Moment,
    /// Held until.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub due_at: Moment,
}

/// `GET /api/v1/studio/praises/{id}`: a praise as its writer sees it, with what happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StudioPraiseTimeline {
    /// The praise.
    pub praise: StudioPraise,
    /// The same that its reader has.
    pub timeline: Timeline,
}

/// `POST /api/v1/studio/praises/{id}/reply`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SayReply {
    /// At most 140 characters as people count them.
    pub text: String,
}

/// An official account as its writer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StudioAccount {
    /// `acc_…`
    pub id: String,
    /// Name in the address.
    pub handle: String,
    /// Name shown.
    pub name: String,
    /// What it receives.
    pub currency: Currency,
    /// Praises that their readers can still undo: a number and nothing else.
    pub confirming: i64,
    /// Held now, without those.
    pub held: Money,
    /// Due for the next payout.
    pub due: Money,
    /// Number of articles.
    pub articles: i64,
    /// Why it receives no new praise; empty while it does.
    pub not_ready: Vec<NotReady>,
}

/// Why an official account receives no new praise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum NotReady {
    /// Its owner has not been invited, or the invitation was revoked.
    NoInvitation,
    /// No bank card is attached.
    NoCard,
    /// Accounts of its kind do not receive.
    KindNotAllowed,
    /// An operator has suspended it.
    Suspended,
    /// Its writer has switched praise off.
    Off,
}

/// Why an article receives no new praise, for its writer's eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleNotReady {
    /// What of its account forbids it.
    pub account: Vec<NotReady>,
    /// Praise is switched off for the article.
    pub off: bool,
    /// The article is under review.
    pub frozen: bool,
    /// Nobody receives at the moment.
    pub stopped: bool,
}

/// `POST /api/v1/studio/invitation`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RedeemInvitation {
    /// The code; capitals, spaces and hyphens do not matter.
    pub code: String,
}

/// `PUT /api/v1/studio/accounts/{handle}/card`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachCard {
    /// What the payment provider's own page has made of the card.
    pub token: String,
}

/// The bank card of an official account, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachedCard {
    /// The last four digits.
    pub last4: String,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub attached_at: Moment,
    /// From when on it is paid to.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub usable_from: Moment,
}

/// `POST /api/v1/studio/articles`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishArticle {
    /// Handle of the official account; may be left out by somebody who has just one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Title.
    pub title: String,
    /// Language it is written in.
    pub lang: Lang,
    /// Who wrote it, where that is not the account itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Name in the address; made from the title when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// The text, as Markdown, at most 512 KB.
    pub markdown: String,
}

/// Answer to `PublishArticle`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishedArticle {
    /// `art_…`
    pub id: String,
    /// Name in the address.
    pub slug: String,
    /// Path of the page: `/a/{slug}`, percent-encoded.
    pub path: String,
    /// `true` when it is new, `false` when an article of this account with this slug was replaced.
    pub created: bool,
}

/// `POST /api/v1/studio/tokens`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateToken {
    /// What the writer calls it.
    pub label: String,
}

/// A writer's token, once, in clear. Only its hash is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedToken {
    /// `tok_…`
    pub id: String,
    /// For `Authorization: Bearer …`. Shown once.
    pub token: String,
    /// What it may do: `publish`.
    pub scope: String,
    /// Until when it is valid.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Moment,
}

/// A writer's token as listed: never the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenRef {
    /// `tok_…`
    pub id: String,
    /// What the writer calls it.
    pub label: String,
    /// What it may do: `publish`.
    pub scope: String,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Moment,
    /// Until when it is valid.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Moment,
}
