//! The types of the HTTP API under `/api/v1`: JSON in snake_case, money as minor units with a
//! currency, times as RFC 3339 in UTC. No public type has a field for the amount of a praise.

mod articles;
mod given;
mod invitations;
mod me;
mod money_back;
pub mod operator;
mod payouts;
mod praises;
pub mod reconciliation;
#[cfg(feature = "openapi")]
mod schema;
mod studio;
pub mod timeline;

use serde::{Deserialize, Serialize};

pub use articles::{
    AccountRef, Article, ArticleRef, ArticleSummary, ArticleWith, PraiseOffer, PraiseTerms, Wall,
    WallTile,
};
pub use given::{
    ChangeVisibility, PraiseAction, PraiseDetail, PraiseOption, RefundRef, ResolveSuspense,
    Returning, SuspenseCase,
};
pub use invitations::{Invitation, MadeInvitation, MakeInvitation};
pub use me::{
    CurrencyLimits, LimitRaise, Me, MonthTotal, OwnLimit, ReaderLimits, Room, UpdateLimits,
    UpdateMe,
};
pub use money_back::{MoneyBack, MoneyBackOf, MoneyBackState};
pub use payouts::{Payout, PayoutDetail, PayoutEvent, PayoutLine, PayoutPart};
pub use praises::{
    Intent, PaymentAction, PaymentStep, PraiseRef, ReaderPraise, Reply, StartPraise, StartedPraise,
};
pub use studio::{
    ArticleNotReady, AttachCard, AttachedCard, CreateToken, CreatedToken, NotReady, PublishArticle,
    PublishedArticle, RedeemInvitation, SayReply, StudioAccount, StudioPraise,
    StudioPraiseTimeline, TokenRef,
};

/// A list, page by page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// What is on this page.
    pub items: Vec<T>,
    /// Pass as `cursor` for the next page; `null` on the last.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
}
