//! The data of each page: plain structs that the Worker fills and `render` turns into HTML. Pages
//! do not access the database, and no struct here has a field for the amount of another reader's
//! praise.

use shared::api::{
    AccountRef, Article, ArticleNotReady, ArticleRef, ArticleSummary, CreatedToken, CurrencyLimits,
    Intent, MoneyBackOf, MonthTotal, PraiseDetail, PraiseTerms, ReaderLimits, ReaderPraise, Room,
    StudioAccount, StudioPraise, TokenRef, Wall, timeline::Timeline,
};
use shared::lang::Lang;
use shared::money::{Currency, Money};
use shared::problem::Problem;

/// What every page needs besides its own data: the language, who looks at it, the assets.
#[derive(Clone, Debug)]
pub struct PageContext {
    /// Language of the page. An article keeps its own.
    pub lang: Lang,
    /// Path and query of this page, percent-encoded. The language form and the sign-in lead back to
    /// it.
    pub path: String,
    /// Scheme and host of this site, without a slash: `https://praise.example`.
    pub origin: String,
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// Paths of the built assets.
    pub assets: Assets,
    /// Whether this is a sandbox without real money. Every page then says so.
    pub sandbox: bool,
}

/// The person who is signed in.
#[derive(Clone, Debug, Default)]
pub struct Viewer {
    /// A hash of the person's id. It separates the drafts of people who share a browser.
    pub id_hash: String,
    /// Name on the wall, shown in the praise form. `None` shows as "a reader".
    pub name: Option<String>,
    /// Whether they own an official account. The header then links to the studio.
    pub is_writer: bool,
}

/// Paths of the built assets, each with the hash of its content.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The style sheet.
    pub css: String,
    /// `app/client/boot.js`, which loads the client bundle once the page is idle. Without it or the
    /// bundle, pages work as plain links and forms.
    pub boot_js: Option<String>,
    /// `app/client/drafts.js`, which stores the drafts of praise forms while their tab is open.
    pub drafts_js: Option<String>,
    /// The script of the reader's client bundle.
    pub reader_js: Option<String>,
    /// The wasm module of the reader's client bundle. It is named here so that `boot.js` fetches it
    /// together with the script.
    pub reader_wasm: Option<String>,
    /// `app/client/navigation.js`, which opens the next article in place.
    pub navigation_js: Option<String>,
}

/// The content of a page.
#[derive(Clone, Debug)]
pub enum Content {
    /// `/`
    Home(Home),
    /// `/a/{slug}`
    Article(Box<ArticlePage>),
    /// An article that cannot receive praise, as its writer sees it: with the reasons.
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
    /// `/problems/{code}`
    ProblemEntry(ProblemEntryPage),
    /// Any error.
    Problem(ProblemPage),
}

/// `/`: every article, newest first.
#[derive(Clone, Debug)]
pub struct Home {
    /// The articles of this page of the list.
    pub articles: Vec<ArticleSummary>,
    /// Value of `?cursor=` in the link to older articles.
    pub next_cursor: Option<String>,
}

/// `/a/{slug}`: an article. Its text is the same for every viewer.
#[derive(Clone, Debug)]
pub struct ArticlePage {
    /// The article.
    pub article: Article,
    /// Who praised it.
    pub wall: Wall,
    /// Whether `wall` is a later page of the wall (`?wall=`). The page then links to the first one.
    pub wall_continued: bool,
    /// Other articles of the account, newest first.
    pub others: Vec<ArticleSummary>,
    /// The sheet that a tap on Praise opens in place. Without it the button is only a link to
    /// `/a/{slug}/praise`, for a viewer who has to sign in first.
    pub sheet: Option<Sheet>,
}

/// What the praise sheet needs besides the article.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Idempotency key for the hidden field, new in every rendering.
    pub key: String,
    /// What the reader's limits leave, if known.
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
    /// Currency, presets and bounds of the amount.
    pub terms: PraiseTerms,
    /// The fields as submitted so far.
    pub input: PraiseInput,
    /// The fields or the review.
    pub step: PraiseStep,
    /// What is wrong. A problem with a field is shown beside it, the others above the form.
    pub problems: Vec<Problem>,
    /// What the reader's limits leave, if known.
    pub room: Option<Room>,
    /// This reader's intents for this article that wait for payment.
    pub open: Vec<OpenIntent>,
}

/// The fields of the praise form exactly as submitted, so that nothing typed is lost.
#[derive(Clone, Debug, Default)]
pub struct PraiseInput {
    /// Minor units of the preset chosen, `custom`, or empty.
    pub preset: String,
    /// The custom amount as typed.
    pub amount: String,
    /// The note as typed.
    pub note: String,
    /// A name of [`shared::machine::Visibility`], or empty. Nothing is preselected.
    pub visibility: String,
    /// The idempotency key in the hidden field.
    pub key: String,
}

/// Which of the two steps the form shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PraiseStep {
    /// The fields.
    Fill,
    /// "Give ¥10.00 to …": what was chosen, with a button to pay and one to edit it.
    Review {
        /// The amount that the fields mean.
        amount: Money,
    },
}

/// An intent that waits for payment, offered again.
#[derive(Clone, Debug)]
pub struct OpenIntent {
    /// The intent.
    pub intent: Intent,
    /// The article it is for.
    pub article: ArticleRef,
}

/// `/i/{id}`: the state of an intent.
#[derive(Clone, Debug)]
pub struct IntentPage {
    /// The intent, with its praise once there is one.
    pub intent: Intent,
    /// The article it is for.
    pub article: ArticleRef,
    /// Where to pay. `None` while the provider has not answered yet.
    pub pay_url: Option<String>,
    /// Why the money is refunded, in the state `returned`.
    pub refusal: Option<Problem>,
    /// The official account's thanks to everybody who praised.
    pub thanks: Option<String>,
    /// The receipt of its praise. `None` while there is no praise.
    pub receipt: Option<ReceiptLink>,
    /// Other articles of the account. At most three are shown.
    pub others: Vec<ArticleSummary>,
}

/// The link to a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptLink {
    /// Path of the receipt. For a guest it is a signed link.
    pub path: String,
    /// Whether the reader is a guest, who has no other way back to the receipt and is told to save
    /// the link.
    pub for_guest: bool,
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
    /// Value of `?cursor=` in the link to older articles.
    pub next_cursor: Option<String>,
}

/// `/me`: a reader's praises and profile.
///
/// `POST /me` takes `name` and `lang` (a tag, or empty to follow the browser).
#[derive(Clone, Debug, Default)]
pub struct MePage {
    /// Name on the wall, as stored or as typed.
    pub name: String,
    /// The language that the reader chose.
    pub lang: Option<Lang>,
    /// Whether the reader has no account.
    pub guest: bool,
    /// What is wrong with the name.
    pub problem: Option<Problem>,
    /// Whether the form was just saved.
    pub saved: bool,
    /// Intents that wait for payment.
    pub open: Vec<OpenIntent>,
    /// Praises of this month that were not refunded, one total per currency that has any.
    pub this_month: Vec<MonthTotal>,
    /// Praises, newest first.
    pub praises: Vec<ReaderPraise>,
    /// Value of `?cursor=` in the link to older praises.
    pub next_cursor: Option<String>,
    /// Payments that did not become a praise, newest first.
    pub money_back: Vec<MoneyBackOf>,
}

/// `/me/praises/{id}`: one praise of the reader.
///
/// `POST …/undo` and `…/take-back` take no fields, `POST …/visibility` takes `visibility`. A guest
/// reaches the same page by a signed link, `/r/{token}`.
#[derive(Clone, Debug)]
pub struct PraisePage {
    /// The praise, and what can be done about it.
    pub detail: PraiseDetail,
    /// What happened to it so far, and what happens next.
    pub timeline: Timeline,
    /// Path of this page: `/me/praises/{id}` or `/r/{token}`. Its forms post to paths below it.
    pub path: String,
    /// The name that the reader has set. The viewer of the page may be another person, with the link.
    pub reader_name: Option<String>,
    /// Whether the form offers only what shows the name to fewer people: for the holder of the link.
    pub can_only_narrow: bool,
    /// Why the last action was refused.
    pub refusal: Option<Problem>,
    /// Whether its visibility was just changed.
    pub changed: bool,
}

/// `/me/limits`: the reader's own limits.
///
/// `POST /me/limits` takes `currency`, and `praise`, `day` and `month` in major units as typed. An
/// empty field means no limit of one's own.
#[derive(Clone, Debug)]
pub struct LimitsPage {
    /// The limits in force.
    pub limits: ReaderLimits,
    /// Fields that were submitted and refused.
    pub typed: Option<LimitsInput>,
    /// The currency whose limits were just saved.
    pub saved: Option<Currency>,
}

/// The fields of one currency's limits as submitted, so that nothing typed is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitsInput {
    /// The currency.
    pub currency: Currency,
    /// Limit of one praise.
    pub praise: String,
    /// Limit of a day.
    pub day: String,
    /// Limit of a month.
    pub month: String,
    /// Names of the fields that are invalid.
    pub wrong: Vec<&'static str>,
}

impl LimitsInput {
    /// Returns the fields as they show the stored limits. Where a raise is pending, the field shows
    /// the raised limit.
    pub fn of(limits: &CurrencyLimits) -> LimitsInput {
        let field = |own: &shared::api::OwnLimit| {
            let limit = own.raise.as_ref().map_or(own.limit, |raise| raise.limit);
            limit.map(Money::to_major_string).unwrap_or_default()
        };
        LimitsInput {
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
    /// Path of this site to open after the sign-in.
    pub return_to: String,
    /// The people to choose from.
    pub people: Vec<SandboxPerson>,
    /// Whether one can continue as a guest: `POST /guest` takes `return`.
    pub guests: bool,
    /// The problem to show when this network has reached its hourly limit of new guests.
    pub refusal: Option<Problem>,
}

/// A person of the sandbox whom one can sign in as.
#[derive(Clone, Debug)]
pub struct SandboxPerson {
    /// Sign-in provider.
    pub provider: String,
    /// The person's subject at that provider.
    pub subject: String,
    /// The name shown.
    pub label: String,
    /// The person's role.
    pub role: Role,
    /// `label` of another identity of the same person.
    pub same_as: Option<String>,
}

/// The role of a person of the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads and praises.
    Reader,
    /// Owns official accounts.
    Writer,
    /// Operates the deployment.
    Operator,
}

/// `/studio`: the praises of a writer's accounts.
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
    /// Praises whose undo window is over, newest first.
    pub praises: Vec<StudioPraise>,
    /// Value of `cursor` in the link to older praises: `?account={handle}&cursor=`.
    pub next_cursor: Option<String>,
}

/// `/studio/praises/{id}`: one praise as its writer sees it.
///
/// `POST …/reply` takes `text`.
#[derive(Clone, Debug)]
pub struct StudioPraisePage {
    /// The praise.
    pub praise: StudioPraise,
    /// What happened to it so far, and what happens next: the same events that its reader sees.
    pub timeline: Timeline,
    /// The reply as typed.
    pub typed: String,
    /// Why the reply was refused.
    pub problem: Option<Problem>,
}

/// `/studio/tokens`: the writer's API tokens.
///
/// `POST /studio/tokens` takes `label`; `POST /studio/tokens/{id}/revoke` takes no fields.
#[derive(Clone, Debug, Default)]
pub struct StudioTokensPage {
    /// The tokens, newest first.
    pub tokens: Vec<TokenRef>,
    /// A token that was just created. It is shown only once.
    pub created: Option<CreatedToken>,
    /// The label as typed.
    pub label: String,
    /// What is wrong with the label.
    pub problem: Option<Problem>,
}

/// `/sandbox/cashier/{order}`: the sandbox provider's own page.
///
/// `POST` to the same address takes `action` = `pay` | `pay_silently` | `decline` | `leave`.
#[cfg(feature = "sandbox")]
#[derive(Clone, Debug)]
pub struct CashierPage {
    /// The provider's order number, as in the path.
    pub order: String,
    /// Name of the payee.
    pub payee: String,
    /// Title of the article.
    pub description: String,
    /// The amount to pay.
    pub amount: Money,
    /// When the order expires.
    pub expires_at: shared::calendar::Moment,
    /// State of the order.
    pub state: CashierState,
    /// Path of this site that the reader returns to.
    pub return_path: String,
}

/// State of an order at the sandbox cashier.
#[cfg(feature = "sandbox")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CashierState {
    /// It can be paid.
    Open,
    /// It was paid.
    Paid,
    /// It can no longer be paid.
    Closed,
}

/// `/problems/{code}`: what a problem means, and what to do about it.
#[derive(Clone, Debug)]
pub struct ProblemEntryPage {
    /// The problem with sample values: [`Problem::sample`].
    pub problem: Problem,
}

/// An error as a page.
#[derive(Clone, Debug)]
pub struct ProblemPage {
    /// What went wrong.
    pub problem: Problem,
    /// The id under which the log knows this request. Readers quote it when they ask for help.
    pub request_id: String,
}
