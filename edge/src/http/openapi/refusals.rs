//! The problems that operations answer with. Statuses, codes and titles come from the problems
//! themselves, so that the document cannot say anything else.

use std::collections::BTreeMap;

use shared::amount::AmountError;
use shared::calendar::Moment;
use shared::lang::Lang;
use shared::limits::NOTE_MAX_GRAPHEMES;
use shared::money::{Currency, Money};
use shared::problem::{Expected, Problem, ProblemDocument};
use shared::text::TextError;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type};
use utoipa::{IntoResponses, ToSchema};

/// One type per set of problems, to stand in the `responses` of handlers.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = [$($problems:expr),* $(,)?];)+) => {$(
        $(#[$doc])*
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                by_status(&[$($problems,)* always()].concat())
            }
        }
    )+};
}

refusals! {
    /// Nothing but what can happen anywhere.
    Always = [];
    /// A public list.
    List = [cursor()];
    /// A public thing.
    One = [missing()];
    /// A public list of a thing.
    ListOfOne = [cursor(), missing()];
    /// Something of the person signed in.
    Own = [signed_in()];
    /// A list of the person signed in.
    OwnList = [signed_in(), cursor()];
    /// One of several things of the person signed in.
    OwnOne = [signed_in(), missing()];
    /// A list of one of several things of the person signed in.
    OwnListOfOne = [signed_in(), cursor(), missing()];
    /// A change, without a body, of one of several things of the person signed in.
    ChangeOwnOne = [same_site(), signed_in(), missing()];
    /// A debt that is written off.
    WriteOff = [
        same_site(),
        signed_in(),
        missing(),
        vec![Problem::WrongState, Problem::WriteOffEarly { opens_at: MOMENT }],
    ];
    /// A praise that is undone.
    Undo = [same_site(), signed_in(), missing(), vec![Problem::UndoOver, Problem::WrongState]];
    /// A praise that is taken back.
    TakeBack = [
        same_site(),
        signed_in(),
        missing(),
        vec![
            Problem::TakeBackOver,
            Problem::TakeBackMonth { reopens_at: MOMENT },
            Problem::ArticleFrozen,
            Problem::WrongState,
        ],
    ];
    /// Who sees a praise.
    ChangeVisibility =
        [same_site(), signed_in(), missing(), json_body(), vec![Problem::WrongState]];
    /// A reply to a praise.
    Reply = [
        same_site(),
        signed_in(),
        missing(),
        json_body(),
        vec![
            Problem::Text { field: "text", error: TextError::TooLong(NOTE_MAX_GRAPHEMES) },
            Problem::WrongState,
        ],
    ];
    /// A praise that its writer returns.
    ReturnPraise =
        [same_site(), signed_in(), missing(), vec![Problem::ArticleFrozen, Problem::WrongState]];
    /// What an operator sends on its way.
    OperatorReturn = [same_site(), signed_in(), missing(), vec![Problem::WrongState]];
    /// A payment nobody could explain.
    ResolveSuspense = [
        same_site(),
        signed_in(),
        missing(),
        json_body(),
        vec![
            Problem::WrongState,
            Problem::ArticleFrozen,
            Problem::AccountSuspended,
            Problem::OwnArticle,
            Problem::ReaderDayCap { limit: MONEY, reopens_at: MOMENT },
            Problem::ArticleDayCap { limit: MONEY, reopens_at: MOMENT },
            Problem::WriterDayCap { limit: MONEY, reopens_at: MOMENT },
        ],
    ];
    /// Name and language.
    UpdateMe = [same_site(), signed_in(), json_body(), vec![too_long()]];
    /// Limits of one's own.
    UpdateLimits = [same_site(), signed_in(), json_body()];
    /// A code.
    RedeemInvitation = [same_site(), signed_in(), json_body(), vec![Problem::InvitationOver]];
    /// A bank card.
    AttachCard = [same_site(), signed_in(), missing(), json_body(), vec![Problem::CardRefused]];
    /// A new invitation.
    MakeInvitation = [same_site(), signed_in(), missing(), json_body(), vec![too_long()]];
    /// A new token.
    CreateToken = [same_site(), signed_in(), json_body(), vec![empty(), too_long()]];
    /// An article.
    Publish = [
        same_site(),
        signed_in(),
        vec![Problem::TokenRefused],
        json_body(),
        vec![empty(), too_long(), Problem::Taken("slug")],
    ];
    /// An appeal.
    Appeal = [
        same_site(),
        signed_in(),
        missing(),
        json_body(),
        vec![empty(), too_long(), Problem::AppealOver, Problem::WrongState],
    ];
    /// What an operator decides.
    OperatorDecision =
        [same_site(), signed_in(), missing(), json_body(), vec![Problem::WrongState]];
    /// What an operator says.
    OperatorText =
        [same_site(), signed_in(), missing(), json_body(), vec![empty(), too_long()]];
    /// What a second operator decides.
    ApproveAction = [
        same_site(),
        signed_in(),
        missing(),
        json_body(),
        vec![Problem::TwoPersons, Problem::CountsChanged, Problem::WrongState],
    ];
    /// What an operator takes back.
    WithdrawAction = [same_site(), signed_in(), missing(), vec![Problem::WrongState]];
    /// A new praise.
    StartPraise = [
        same_site(),
        signed_in(),
        missing(),
        json_body(),
        vec![Problem::KeyMissing, Problem::KeyMalformed],
        vec![
            Problem::Amount(AmountError::BelowMinimum(MONEY)),
            Problem::Amount(AmountError::AboveCap(MONEY)),
            Problem::Amount(AmountError::WrongCurrency(MONEY.currency)),
            too_long(),
            Problem::KeyReused,
        ],
        vec![
            Problem::NotAccepting,
            Problem::OwnArticle,
            Problem::ReaderDayCap { limit: MONEY, reopens_at: MOMENT },
            Problem::ArticleDayCap { limit: MONEY, reopens_at: MOMENT },
            Problem::WriterDayCap { limit: MONEY, reopens_at: MOMENT },
            Problem::ReaderOwnPraise { limit: MONEY },
            Problem::ReaderOwnDay { limit: MONEY, reopens_at: MOMENT },
            Problem::ReaderOwnMonth { limit: MONEY, reopens_at: MOMENT },
            Problem::GlobalStop,
            Problem::TooManyAttempts { limit: 0, window_s: 0, wait_s: 0, reopens_at: MOMENT },
        ],
    ];
    /// A new version of the rules.
    AddPolicy = [same_site(), signed_in(), missing(), json_body(), vec![Problem::WrongState]];
    /// An explanation of a difference.
    ExplainDifference = [
        same_site(),
        signed_in(),
        missing(),
        json_body(),
        vec![empty(), too_long(), Problem::WrongState],
    ];
    /// What an operator has looked at.
    CloseMatter = [
        same_site(),
        signed_in(),
        missing(),
        json_body(),
        vec![empty(), too_long(), Problem::WrongState],
    ];
    /// Money that was added.
    AddFunds = [
        same_site(),
        signed_in(),
        missing(),
        json_body(),
        vec![Problem::Taken("reference")],
    ];
    /// A provider's message. What is not signed is answered in the provider's own form.
    Notify = [missing(), vec![Problem::TooLarge(0), Problem::BrokenBody]];
}

// Codes and titles do not depend on these.
const MONEY: Money = Money::new(0, Currency::Cny);
const MOMENT: Moment = Moment::from_ms(0);

fn always() -> Vec<Problem> {
    vec![Problem::Internal, Problem::Unavailable, Problem::NotConfigured("")]
}

fn missing() -> Vec<Problem> {
    vec![Problem::NotFound]
}

fn signed_in() -> Vec<Problem> {
    vec![Problem::SignInNeeded]
}

fn same_site() -> Vec<Problem> {
    vec![Problem::CrossSite]
}

fn cursor() -> Vec<Problem> {
    vec![field()]
}

fn json_body() -> Vec<Problem> {
    vec![Problem::BrokenBody, Problem::TooLarge(0), Problem::WrongContentType(""), field()]
}

fn field() -> Problem {
    Problem::Field { field: "", expected: Expected::Text }
}

fn empty() -> Problem {
    Problem::Text { field: "", error: TextError::Empty }
}

fn too_long() -> Problem {
    Problem::Text { field: "", error: TextError::TooLong(0) }
}

/// One response per status, which names every code that comes with it.
fn by_status(problems: &[Problem]) -> BTreeMap<String, RefOr<Response>> {
    let mut grouped: BTreeMap<u16, Vec<&Problem>> = BTreeMap::new();
    for problem in problems {
        grouped.entry(problem.status()).or_default().push(problem);
    }
    grouped.into_iter().map(|(status, same)| (status.to_string(), response(&same).into())).collect()
}

fn response(problems: &[&Problem]) -> Response {
    let codes = problems.iter().map(|p| format!("- `{}`: {}", p.code(), p.title(Lang::En)));
    let schema = Ref::from_schema_name(ProblemDocument::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let response = ResponseBuilder::new()
        .description(codes.collect::<Vec<_>>().join("\n"))
        .content("application/problem+json", content);
    if problems.iter().all(|problem| problem.retry_after_s().is_none()) {
        return response.build();
    }
    let seconds = HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
        .description(Some("Seconds after which trying again helps, where it does."));
    response.header("Retry-After", seconds.build()).build()
}
