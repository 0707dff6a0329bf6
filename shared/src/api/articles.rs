//! Articles, with their accounts and walls.

use serde::{Deserialize, Serialize};

use crate::calendar::Moment;
use crate::lang::Lang;
use crate::money::Currency;

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
    /// The number of this version: each change that is published is another.
    pub version: i64,
    /// When this version was published.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub updated_at: Moment,
    /// Who wrote it, where that is not the account itself.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub author: Option<String>,
    /// Sanitised HTML. The same for every reader, whoever praised.
    pub html: String,
    /// Whether and how it receives praise.
    pub praise: PraiseOffer,
}

/// An article with what was asked for beside it: `?with=wall,others`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleWith {
    /// The article.
    #[serde(flatten)]
    pub article: Article,
    /// The first page of its wall, when `with` names `wall`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall: Option<Wall>,
    /// The newest other articles of its account, when `with` names `others`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<Vec<ArticleSummary>>,
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
