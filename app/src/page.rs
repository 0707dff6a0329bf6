//! What each page needs to be rendered: plain data, filled by the Worker. A page knows nothing of
//! the database, and nothing here can hold the amount of somebody else's praise.

use shared::api::{
    AccountRef, Article, ArticleNotReady, ArticleRef, ArticleSummary, CreatedToken, CurrencyLimits,
    Intent, MoneyBackOf, MonthTotal, PraiseDetail, PraiseTerms, ReaderLimits, ReaderPraise, Room,
    StudioAccount, StudioPraise, TokenRef, Wall, timeline::Timeline,
};
use shared::lang::Lang;
use shared::money::{Currency, Money};
use shared::problem::Problem;

/// What is around every page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Language of the page (an article keeps its own).
    pub lang: Lang,
    /// Path and query of this page, percent-encoded: where the language form and the sign-in lead
    /// back to.
    pub path: String,
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// Addresses of the built assets.
    pub assets: Assets,
    /// Whether this is a sandbox, where no money is real. Every page then says so.
    pub sandbox: bool,
}

/// The person signed in, as far as the frame shows them.
#[derive(Clone, Debug, Default)]
pub struct Viewer {
    /// Tells this person from others who use the same browser; means nothing elsewhere.
    pub tag: String,
    /// Name on the wall, which the praise form tells; `None` shows as "a reader".
    pub name: Option<String>,
    /// Whether they own an official account: shows the way to the studio.
    pub writes: bool,
}

/// Addresses of the built assets, with their hash.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The style sheet.
    pub css: String,
    /// `app/client/boot.js`, which loads the client bundle when there is time for it. Without it or
    /// the bundle, pages work as plain links and forms.
    pub boot_js: Option<String>,
    /// `app/client/drafts.js`, which keeps what is typed into a praise form while its tab is open.
    pub drafts_js: Option<String>,
    /// The reader's client bundle: the script.
    pub reader_js: Option<String>,
    /// The reader's client bundle: its wasm, so that both are fetched at once.
    pub reader_wasm: Option<String>,
    /// `app/client/navigation.js`, by which an article's readers move on in place.
    pub navigation_js: Option<String>,
}

/// A page.
#[derive(Clone, Debug)]
pub enum Content {
    /// `/`
    Home(Home),
    /// `/a/{slug}`
    Article(Box<ArticlePage>),
    /// An article that cannot receive, as its writer sees it: with why not.
    OwnArticle(Box<ArticlePage>, ArticleNotReady),
    /// `/a/{slug}/praise`
    PraiseForm(Box<PraiseForm>),
    /// `/i/{id}`
    Intent(Box<IntentPage>),
    /// `/@{handle}`
    Account(AccountPage),
    /// `/me`
    Me(MePage),
    /// `/me/praises/{id}`
    Praise(Box<PraisePage>),
    /// `/me/limits`
    Limits(Box<LimitsPage>),
    /// `/sign-in`
    SignIn(SignInPage),
    /// `/studio`
    Studio(StudioPage),
    /// `/studio/praises/{id}`
    StudioPraise(Box<StudioPraisePage>),
    /// `/studio/tokens`
    StudioTokens(StudioTokensPage),
    /// `/sandbox/cashier/{order}`
    #[cfg(feature = "sandbox")]
    Cashier(CashierPage),
    /// Every error.
    Problem(ProblemPage),
}

/// `/`: every article, newest first.
#[derive(Clone, Debug)]
pub struct Home {
    /// The articles of this page of the list.
    pub articles: Vec<ArticleSummary>,
    /// For the link to older articles: `?cursor=`.
    pub next_cursor: Option<String>,
}

/// `/a/{slug}`: an article. It is the same whoever looks at it and whoever praised it.
#[derive(Clone, Debug)]
pub struct ArticlePage {
    /// The article.
    pub article: Article,
    /// Who praised it.
    pub wall: Wall,
    /// Whether `wall` is a later page of the wall (`?wall=`): offers the way back to the newest.
    pub wall_continued: bool,
    /// Other articles of the account, newest first.
    pub others: Vec<ArticleSummary>,
    /// The sheet that a tap on Praise opens in place. Without it the button is only the link to
    /// `/a/{slug}/praise`, which is right for a viewer who first has to sign in.
    pub sheet: Option<Sheet>,
}

/// What the praise sheet needs beside the article.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Fresh key of this rendering, for the hidden field.
    pub key: String,
    /// What the reader can still give, where that is known.
    pub room: Option<Room>,
}

/// `/a/{slug}/praise`: the form as a page.
///
/// The form posts to the same address: `preset` (minor units, or `custom`), `amount` (as typed),
/// `note`, `visibility`, `key`, and `step` = `review` | `edit` | `pay`.
#[derive(Clone, Debug)]
pub struct PraiseForm {
    /// The article.
    pub article: ArticleRef,
    /// What can be given.
    pub terms: PraiseTerms,
    /// What has been typed so far.
    pub input: PraiseInput,
    /// Form or confirmation.
    pub step: PraiseStep,
    /// What is wrong. Problems with a field stand beside it, the others above the form.
    pub problems: Vec<Problem>,
    /// What the reader can still give, where that is known.
    pub room: Option<Room>,
    /// Attempts of this reader for this article that still wait for their payment.
    pub open: Vec<OpenIntent>,
}

/// The fields of the praise form exactly as submitted, so that nothing typed is ever lost.
#[derive(Clone, Debug, Default)]
pub struct PraiseInput {
    /// Minor units of the preset chosen, `custom`, or empty.
    pub preset: String,
    /// The custom amount as typed.
    pub amount: String,
    /// The note as typed.
    pub note: String,
    /// A name of [`shared::machine::Visibility`], or empty: nothing is chosen for the reader.
    pub visibility: String,
    /// The hidden key.
    pub key: String,
}

/// Which of the two steps the form shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PraiseStep {
    /// The fields.
    Fill,
    /// "Give ¥10.00 to …": what was chosen, with a button to pay and one to go back.
    Review {
        /// The amount that the fields mean.
        amount: Money,
    },
}

/// An attempt that waits for its payment, offered again.
#[derive(Clone, Debug)]
pub struct OpenIntent {
    /// The attempt.
    pub intent: Intent,
    /// What it is for.
    pub article: ArticleRef,
}

/// `/i/{id}`: what became of an attempt.
#[derive(Clone, Debug)]
pub struct IntentPage {
    /// The attempt, and its praise once there is one.
    pub intent: Intent,
    /// What it is for.
    pub article: ArticleRef,
    /// Where to go on paying. `None` while it waits: the provider has not answered yet.
    pub pay_url: Option<String>,
    /// Why the money goes back, when the state is `returned`.
    pub refusal: Option<Problem>,
    /// What the official account says to those who praised.
    pub thanks: Option<String>,
    /// The receipt of its praise, for a guest by a signed link; `None` while there is no praise.
    pub receipt: Option<ReceiptLink>,
    /// Other articles of the account; at most three are shown.
    pub others: Vec<ArticleSummary>,
}

/// Where the receipt of a praise is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptLink {
    /// Its path.
    pub path: String,
    /// Whether it is all that its reader has to come back with, and worth keeping.
    pub keep: bool,
}

/// `/@{handle}`: an official account.
#[derive(Clone, Debug)]
pub struct AccountPage {
    /// The account.
    pub account: AccountRef,
    /// A line about it.
    pub about: Option<String>,
    /// Its articles, newest first.
    pub articles: Vec<ArticleSummary>,
    /// For the link to older articles: `?cursor=`.
    pub next_cursor: Option<String>,
}

/// `/me`: what a reader gave.
///
/// `POST /me` takes `name` and `lang` (a tag, or empty to follow the browser).
#[derive(Clone, Debug, Default)]
pub struct MePage {
    /// Name on the wall, as stored or as typed.
    pub name: String,
    /// Language chosen.
    pub lang: Option<Lang>,
    /// Whether the reader is here without an account.
    pub guest: bool,
    /// What is wrong with the name.
    pub problem: Option<Problem>,
    /// Whether the form was just saved.
    pub saved: bool,
    /// Attempts that still wait for their payment.
    pub open: Vec<OpenIntent>,
    /// What was given this month and stands, per currency; none where there is nothing.
    pub this_month: Vec<MonthTotal>,
    /// Praises, newest first.
    pub praises: Vec<ReaderPraise>,
    /// For the link to older praises: `?cursor=`.
    pub next_cursor: Option<String>,
    /// Money that arrived and did not become a praise, newest first.
    pub money_back: Vec<MoneyBackOf>,
}

/// `/me/praises/{id}`: one praise of the reader.
///
/// `POST …/undo` and `…/take-back` take nothing, `POST …/visibility` takes `visibility`. Whoever
/// praised without an account comes to the same page by a signed link, `/r/{token}`.
#[derive(Clone, Debug)]
pub struct PraisePage {
    /// The praise, and what can be done about it.
    pub detail: PraiseDetail,
    /// What happened to it.
    pub timeline: Timeline,
    /// The address of this page, which its forms post below: `/me/praises/{id}` or `/r/{token}`.
    pub path: String,
    /// Why what was asked for just now was refused.
    pub refusal: Option<Problem>,
    /// Whether its visibility was just changed.
    pub changed: bool,
}

/// `/me/limits`: the reader's own limits.
///
/// `POST /me/limits` takes `currency`, and `praise`, `day` and `month` in major units as typed, empty
/// for none.
#[derive(Clone, Debug)]
pub struct LimitsPage {
    /// The limits as they stand.
    pub limits: ReaderLimits,
    /// What was typed and not taken.
    pub typed: Option<TypedLimits>,
    /// In which currency limits were just saved.
    pub saved: Option<Currency>,
}

/// The fields of one currency's limits as submitted, so that nothing typed is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedLimits {
    /// Of which currency.
    pub currency: Currency,
    /// For one praise.
    pub praise: String,
    /// For a day.
    pub day: String,
    /// For a month.
    pub month: String,
    /// The names of the fields that are not right.
    pub wrong: Vec<&'static str>,
}

impl TypedLimits {
    /// The fields as they show what is kept: where a raise waits, what it will be.
    pub fn of(limits: &CurrencyLimits) -> TypedLimits {
        let field = |own: &shared::api::OwnLimit| {
            let limit = own.raise.as_ref().map_or(own.limit, |raise| raise.limit);
            limit.map(Money::to_major_string).unwrap_or_default()
        };
        TypedLimits {
            currency: limits.currency,
            praise: field(&limits.praise),
            day: field(&limits.day),
            month: field(&limits.month),
            wrong: Vec::new(),
        }
    }
}

/// `/sign-in` in the sandbox: choose a person.
///
/// `POST /sign-in` takes `provider`, `subject` and `return`.
#[derive(Clone, Debug)]
pub struct SignInPage {
    /// Where to go afterwards: a path of this site.
    pub return_to: String,
    /// Who can be chosen.
    pub people: Vec<SandboxPerson>,
    /// Whether one can go on without an account: `POST /guest` takes `return`.
    pub guests: bool,
}

/// Somebody who can be signed in as.
#[derive(Clone, Debug)]
pub struct SandboxPerson {
    /// Sign-in provider.
    pub provider: String,
    /// The person at that provider.
    pub subject: String,
    /// Name shown.
    pub label: String,
    /// What they can do.
    pub role: Role,
    /// `label` of another sign-in that is the same person.
    pub same_as: Option<String>,
}

/// What a person of the sandbox can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads and praises.
    Reader,
    /// Owns official accounts.
    Writer,
    /// Runs the place.
    Operator,
}

/// `/studio`: what a writer's accounts received.
#[derive(Clone, Debug)]
pub struct StudioPage {
    /// Each account with its praises.
    pub accounts: Vec<StudioSection>,
}

/// One account of the studio.
#[derive(Clone, Debug)]
pub struct StudioSection {
    /// The account and its numbers.
    pub account: StudioAccount,
    /// Praises that their readers can no longer undo, newest first.
    pub praises: Vec<StudioPraise>,
    /// For the link to older praises: `?account={handle}&cursor=`.
    pub next_cursor: Option<String>,
}

/// `/studio/praises/{id}`: one praise as its writer sees it.
///
/// `POST …/reply` takes `text`.
#[derive(Clone, Debug)]
pub struct StudioPraisePage {
    /// The praise.
    pub praise: StudioPraise,
    /// What happened to it: the same that its reader has.
    pub timeline: Timeline,
    /// The reply as typed.
    pub typed: String,
    /// What is wrong with it.
    pub problem: Option<Problem>,
}

/// `/studio/tokens`: the writer's tokens.
///
/// `POST /studio/tokens` takes `label`; `POST /studio/tokens/{id}/revoke` takes nothing.
#[derive(Clone, Debug, Default)]
pub struct StudioTokensPage {
    /// The tokens, newest first.
    pub tokens: Vec<TokenRef>,
    /// A token made just now; shown this once.
    pub created: Option<CreatedToken>,
    /// What was typed as the label.
    pub label: String,
    /// What is wrong with it.
    pub problem: Option<Problem>,
}

/// `/sandbox/cashier/{order}`: the sandbox provider's own page.
///
/// `POST` to the same address takes `action` = `pay` | `pay_silently` | `decline` | `leave`.
#[cfg(feature = "sandbox")]
#[derive(Clone, Debug)]
pub struct CashierPage {
    /// The provider's number of the order, as in the address.
    pub order: String,
    /// Who receives.
    pub payee: String,
    /// What it is for.
    pub description: String,
    /// How much.
    pub amount: Money,
    /// Until when it can be paid.
    pub expires_at: shared::calendar::Moment,
    /// Whether it can still be paid.
    pub state: CashierState,
    /// Where the reader goes back to: a path of this site.
    pub return_path: String,
}

/// Whether an order at the sandbox cashier can still be paid.
#[cfg(feature = "sandbox")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CashierState {
    /// It can.
    Open,
    /// It has been.
    Paid,
    /// It cannot any more.
    Closed,
}

/// Every error, as a page.
#[derive(Clone, Debug)]
pub struct ProblemPage {
    /// What went wrong.
    pub problem: Problem,
    /// What to tell us; the log knows it.
    pub request_id: String,
}
