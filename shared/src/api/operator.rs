//! Operators' decisions: freezes of articles (also as the writer sees them), the global stop, the
//! state of official accounts, and the links between persons who are one human.

use serde::{Deserialize, Serialize};

use crate::calendar::Moment;
use crate::lang::Lang;
use crate::machine::{AccountKind, AccountStatus, FreezeEnd, FreezeRule, FreezeState, PraiseState};
use crate::money::Money;

/// `POST /api/v1/operator/freezes`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenFreeze {
    /// Name of the article in its address.
    pub article: String,
    /// The version that is suspected, as the operator has read it. The writer may have published
    /// another since.
    pub version: i64,
    /// The rule that it is suspected to break.
    pub rule: FreezeRule,
}

/// Where a freeze stands, and its dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Freeze {
    /// `frz_…`
    pub id: String,
    /// Name of the article in its address.
    pub article: String,
    /// The rule that it is suspected to break.
    pub rule: FreezeRule,
    /// Where it stands.
    pub state: FreezeState,
    /// Why it stands there: `mass_return`, `appeal_missed`, `appeal_undecided`, `unfreeze`
    /// or `dispute_won`.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub state_reason: Option<String>,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub state_at: Moment,
    /// When the article was frozen.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub opened_at: Moment,
    /// Until when the writer may appeal; without an appeal everything then goes back.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub appeal_until: Moment,
    /// What the writer said.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub appeal: Option<String>,
    /// When the writer said it.
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<String>, format = DateTime))]
    pub appealed_at: Option<Moment>,
    /// Until when the appeal is decided; undecided, everything then goes back.
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<String>, format = DateTime))]
    pub decide_until: Option<Moment>,
}

/// Praises that are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// How many.
    pub praises: i64,
    /// What they come to.
    pub amount: Money,
}

/// The praises of an article in one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StateCounts {
    /// The state.
    pub state: PraiseState,
    /// How many.
    pub praises: i64,
    /// What they come to.
    pub amount: Money,
}

/// A freeze as operators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperatorFreeze {
    /// Where it stands.
    pub freeze: Freeze,
    /// The version of the article that is judged.
    pub version: VersionRef,
    /// Every version of the article, the newest first.
    pub versions: Vec<VersionRef>,
    /// What its end would move now: praises that are held, due or frozen.
    pub counts: Counts,
    /// Every praise of the article, by state.
    pub praises: Vec<StateCounts>,
    /// What one operator has proposed and another has not approved yet.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub action: Option<FreezeAction>,
}

/// How often browsers reported a violation of the content security policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BrowserReports {
    /// The UTC day: `2026-11-29`
    pub day: String,
    /// The directive that was violated; `other` for one that our policy does not have.
    pub directive: String,
    /// How often.
    pub reports: i64,
}

/// A version of an article, without its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionRef {
    /// Its number: 1 is the first that was published.
    pub version: i64,
    /// The title.
    pub title: String,
    /// The author, if it is not the account.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub author: Option<String>,
    /// The language.
    pub lang: Lang,
    /// When it was published.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub published_at: Moment,
    /// SHA-256 of title, author, language, Markdown and HTML.
    pub content_hash: String,
}

/// A version of an article with its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleVersion {
    /// Which version it is.
    pub version: VersionRef,
    /// What the writer sent.
    pub markdown: String,
    /// What readers saw.
    pub html: String,
}

/// `POST /api/v1/operator/freezes/{id}/actions`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposeAction {
    /// What is to become of the freeze.
    pub kind: FreezeEnd,
}

/// The end of a freeze that one operator has proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FreezeAction {
    /// `opa_…`
    pub id: String,
    /// What is to become of the freeze.
    pub kind: FreezeEnd,
    /// The freeze: `frz_…`
    pub freeze_id: String,
    /// What it would move, as it was when it was proposed.
    pub counts: Counts,
    /// What the other operator agrees to: SHA-256 of kind, freeze, counts and the hash of the
    /// version.
    pub shown_hash: String,
    /// Who proposed it: `per_…`
    pub proposed_by: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub proposed_at: Moment,
}

/// `POST /api/v1/operator/actions/{id}/approve`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApproveAction {
    /// The hash that came with the proposal.
    pub shown_hash: String,
}

/// `POST /api/v1/studio/articles/{slug}/appeal`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Appeal {
    /// What the writer says to it.
    pub text: String,
}

/// `PUT /api/v1/operator/stop`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GlobalStop {
    /// Why nothing new may start.
    pub reason: String,
}

/// `POST /api/v1/operator/tasks/close`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CloseTask {
    /// `contradicted`, `payout_contradicted`, `job_failed` or `dispute`, as listed.
    pub kind: String,
    /// The id of what it is about, as listed.
    pub subject_id: String,
    /// For the record: what it was.
    #[cfg_attr(feature = "openapi", schema(max_length = 250))]
    pub reason: String,
}

/// `POST /api/v1/operator/refunds/{id}/close`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CloseRefund {
    /// For the record: how it is known that the provider never delivers it.
    #[cfg_attr(feature = "openapi", schema(max_length = 250))]
    pub reason: String,
}

/// `PUT /api/v1/operator/accounts/{handle}`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeAccount {
    /// Whether it receives; left out, it stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AccountStatus>,
    /// Of what kind it is; left out, it stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AccountKind>,
}

/// How an official account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountStanding {
    /// Name in the address.
    pub handle: String,
    /// Whether it receives.
    pub status: AccountStatus,
    /// Of what kind it is.
    pub kind: AccountKind,
}

/// A link between two persons who are paid to the same verified payee, and so are one human.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HumanLink {
    /// `lnk_…`
    pub id: String,
    /// The two persons: `per_…`
    pub persons: Vec<String>,
    /// The provider that has verified the payees.
    pub provider: String,
    /// When the provider reported the same payee for both.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub found_at: Moment,
    /// Since when it is in force; `null` while it waits for an operator.
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<String>, format = DateTime))]
    pub made_at: Option<Moment>,
    /// The operator who confirmed a link that waited: `per_…`
    #[cfg_attr(feature = "openapi", schema(required))]
    pub confirmed_by: Option<String>,
    /// When it was dissolved.
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<String>, format = DateTime))]
    pub dissolved_at: Option<Moment>,
    /// The open proposal to dissolve it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub dissolution: Option<LinkDissolution>,
}

/// A proposal to dissolve a link, which another operator can approve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkDissolution {
    /// `opa_…`
    pub id: String,
    /// The link: `lnk_…`
    pub link_id: String,
    /// Why the two persons are not one human.
    pub reason: String,
    /// SHA-256 of the link and the reason. The other operator sends it back to approve them.
    pub shown_hash: String,
    /// Who proposed it: `per_…`
    pub proposed_by: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub proposed_at: Moment,
}

/// `POST /api/v1/operator/links/{id}/dissolutions`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposeDissolution {
    /// For the record: why the two persons are not one human.
    #[cfg_attr(feature = "openapi", schema(max_length = 250))]
    pub reason: String,
}

/// The approval by a second operator, of an explanation, a transfer of funds, a raised cap or the
/// dissolution of a link: `POST /api/v1/operator/…/{id}/approve`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApproveShown {
    /// The hash that came with the proposal.
    pub shown_hash: String,
}
