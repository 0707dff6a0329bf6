//! What travels over HTTP under `/api/v1`: snake_case JSON, money as minor units with a currency,
//! times as RFC 3339 in UTC. No public shape has a place for the amount of a praise.

mod given;
pub mod operator;
mod payouts;
#[cfg(feature = "openapi")]
mod schema;
pub mod timeline;

use serde::{Deserialize, Serialize};

pub use given::{
    ChangeVisibility, PraiseAction, PraiseDetail, PraiseOption, RefundRef, ResolveSuspense,
    Returning, SuspenseCase,
};
pub use payouts::{Payout, PayoutDetail, PayoutEvent, PayoutLine, PayoutPart};

use crate::calendar::Moment;
use crate::lang::Lang;
use crate::machine::{IntentState, PraiseState, Visibility};
use crate::money::{Currency, Money};

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

/// The official account of an article, as the public sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountRef {
    /// Name in the address: `/@{handle}`.
    pub handle: String,
    /// Name shown.
    pub name: String,
    /// Letter of its tile.
    pub avatar: String,
}

/// An article in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleSummary {
    /// `art_…`
    pub id: String,
    /// Name in the address: `/a/{slug}`.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Its first sentences, as text.
    pub summary: String,
    /// Language it is written in.
    pub lang: Lang,
    /// Who published it.
    pub account: AccountRef,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub published_at: Moment,
    /// How many persons praised it.
    pub praise_count: i64,
}

/// An article, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Article {
    /// The same as in a list.
    #[serde(flatten)]
    pub summary: ArticleSummary,
    /// Who wrote it, where that is not the account itself.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub author: Option<String>,
    /// Sanitised HTML. The same for every reader, whoever praised.
    pub html: String,
    /// Whether and how it receives praise.
    pub praise: PraiseOffer,
}

/// Whether and how an article receives praise. When it does not, the reason is the writer's
/// business: only `accepting` is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PraiseOffer {
    /// Whether a praise can be started.
    pub accepting: bool,
    /// How, when it can.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<PraiseTerms>,
}

/// What a praise sheet needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PraiseTerms {
    /// What the account receives.
    pub currency: Currency,
    /// Amounts offered, ascending, in minor units.
    pub presets_minor: Vec<i64>,
    /// Smallest praise, in minor units.
    pub min_minor: i64,
    /// Largest praise, in minor units.
    pub cap_minor: i64,
    /// The writer's one line.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub ask: Option<String>,
}

/// The wall of an article: who praised, never how much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Wall {
    /// Persons with a praise that stands.
    pub count: i64,
    /// Those of them who are not shown by name.
    pub anonymous_count: i64,
    /// The others, newest first, each once.
    pub items: Vec<WallTile>,
    /// Pass as `cursor` for more; `null` on the last page.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
}

/// One person on the wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WallTile {
    /// The name the person chose; `null` shows as "a reader" in the page's language.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub name: Option<String>,
    /// Letter of the tile; `null` without a name.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub avatar: Option<String>,
    /// When the newest public praise was booked.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub praised_at: Moment,
}

/// `POST /api/v1/articles/{slug}/praises`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartPraise {
    /// What to give, in the account's currency.
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
    /// When it was paid, by the provider's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub paid_at: Moment,
    /// When it is to be paid out.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub due_at: Moment,
}

/// An article that something is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleRef {
    /// Name in the address.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Name of the official account.
    pub account_name: String,
}

/// The person signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// `per_…`
    pub id: String,
    /// Name on the wall; `null` shows as "a reader".
    #[cfg_attr(feature = "openapi", schema(required))]
    pub name: Option<String>,
    /// Language chosen.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub lang: Option<Lang>,
}

/// `PUT /api/v1/me`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateMe {
    /// Name on the wall; `null` or empty for none.
    pub name: Option<String>,
    /// Language; `null` to follow the browser.
    pub lang: Option<Lang>,
}

/// `GET /api/v1/me/limits`: what the reader may give, with the limits of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReaderLimits {
    /// One per currency.
    pub items: Vec<CurrencyLimits>,
}

/// A reader's limits in one currency, and what of them is used. Day and month are those of the
/// currency's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CurrencyLimits {
    /// What the amounts are in.
    pub currency: Currency,
    /// For one praise.
    pub praise: OwnLimit,
    /// For a day.
    pub day: OwnLimit,
    /// For a month.
    pub month: OwnLimit,
    /// What today's attempts and praises hold.
    pub used_today: Money,
    /// What this month's hold.
    pub used_this_month: Money,
}

/// A limit: the product's, and the reader's own below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnLimit {
    /// The product's limit.
    pub most: Money,
    /// The reader's own; `null` where there is none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub limit: Option<Money>,
    /// A raise that waits; `null` where there is none.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub raise: Option<LimitRaise>,
}

/// A raise of a reader's own limit, which counts from a moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LimitRaise {
    /// What the limit will be; `null`: none of the reader's own.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub limit: Option<Money>,
    /// From when on.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub from: Moment,
}

/// `PUT /api/v1/me/limits`: what is left out stays as it is, `null` gives the own limit up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateLimits {
    /// What the amounts are in.
    pub currency: Currency,
    /// For one praise, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub praise_minor: Option<Option<i64>>,
    /// For a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub day_minor: Option<Option<i64>>,
    /// For a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub month_minor: Option<Option<i64>>,
}

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
    pub timeline: timeline::Timeline,
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
    /// The text, as Markdown, at most 1 MB.
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
}
