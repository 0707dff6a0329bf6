//! The problems that operations answer with. Statuses, codes and titles come from the problems
//! themselves, so that the document always agrees with the code.

use std::collections::BTreeMap;

use shared::amount::AmountError;
use shared::calendar::Moment;
use shared::lang::Lang;
use shared::limits::NOTE_MAX_GRAPHEMES;
use shared::money::{Currency, Money};
use shared::problem::{Expected, Problem, ProblemDocument, WaitingIntent};
use shared::text::{MARKS_MAX, TextError};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type};
use utoipa::{IntoResponses, ToSchema};

/// Defines one type per set of problems, for the `responses` of handlers.
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
    /// Only the problems that any operation can answer with.
    Always = [];
    /// A public list.
    List = [cursor()];
    /// A public resource.
    One = [missing()];
    /// A list of a public resource.
    ListOfOne = [cursor(), missing()];
    /// A resource of the person signed in.
    Own = [signed_in()];
    /// A list of the person signed in.
    OwnList = [signed_in(), cursor()];
    /// A resource of the person signed in, by its id.
    OwnOne = [signed_in(), missing()];
    /// A list of a resource of the person signed in.
    OwnListOfOne = [signed_in(), cursor(), missing()];
    /// A change, without a body, of a resource of the person signed in.
    ChangeOwnOne = [unsafe_method(), signed_in(), missing()];
    /// Writing off a debt.
    WriteOff = [
        unsafe_method(),
        signed_in(),
        missing(),
        vec![Problem::WrongState, Problem::WriteOffEarly { opens_at: MOMENT }],
    ];
    /// Undoing a praise.
    Undo = [
        unsafe_method(),
        signed_in(),
        missing(),
        vec![Problem::UndoOver, Problem::UndoDay { reopens_at: MOMENT }, Problem::WrongState],
    ];
    /// Taking a praise back.
    TakeBack = [
        unsafe_method(),
        signed_in(),
        missing(),
        vec![
            Problem::TakeBackOver,
            Problem::TakeBackMonth { reopens_at: MOMENT },
            Problem::ArticleFrozen,
            Problem::WrongState,
        ],
    ];
    /// Changing who sees a praise.
    ChangeVisibility =
        [unsafe_method(), signed_in(), missing(), json_body(), vec![Problem::WrongState]];
    /// A reply to a praise.
    Reply = [
        unsafe_method(),
        signed_in(),
        missing(),
        json_body(),
        vec![
            Problem::Text { field: "text", error: TextError::TooLong(NOTE_MAX_GRAPHEMES) },
            too_many_marks(),
            Problem::WrongState,
        ],
    ];
    /// Returning a praise, by its writer.
    ReturnPraise =
        [unsafe_method(), signed_in(), missing(), vec![Problem::ArticleFrozen, Problem::WrongState]];
    /// Returning a praise or retrying a refund, by an operator.
    OperatorReturn = [unsafe_method(), signed_in(), missing(), vec![Problem::WrongState]];
    /// Resolving a payment in suspense.
    ResolveSuspense = [
        unsafe_method(),
        signed_in(),
        missing(),
        json_body(),
        vec![
            Problem::WrongState,
            Problem::ArticleFrozen,
            Problem::AccountSuspended,
            Problem::OwnArticle,
            Problem::ReaderDayCap { limit: MONEY, reopens_at: MOMENT },
            Problem::PayerDayCap { limit: MONEY, reopens_at: MOMENT },
            Problem::ArticleDayCap { limit: MONEY, reopens_at: MOMENT },
            Problem::WriterDayCap { limit: MONEY, reopens_at: MOMENT },
        ],
    ];
    /// Changing name and language.
    UpdateMe = [unsafe_method(), signed_in(), json_body(), vec![too_long(), too_many_marks()]];
    /// Ending all sessions of the person.
    EndSessions = [unsafe_method(), signed_in()];
    /// Changing the reader's own limits.
    UpdateLimits = [unsafe_method(), signed_in(), json_body()];
    /// Redeeming an invitation code.
    RedeemInvitation = [unsafe_method(), signed_in(), json_body(), vec![Problem::InvitationOver]];
    /// Attaching a bank card.
    AttachCard = [unsafe_method(), signed_in(), missing(), json_body(), vec![Problem::CardRefused]];
    /// Making an invitation.
    MakeInvitation = [
        unsafe_method(),
        signed_in(),
        missing(),
        json_body(),
        vec![too_long(), too_many_marks()],
    ];
    /// Creating a token.
    CreateToken = [
        unsafe_method(),
        signed_in(),
        json_body(),
        vec![empty(), too_long(), too_many_marks(), Problem::TooManyTokens(0)],
    ];
    /// Publishing an article.
    Publish = [
        unsafe_method(),
        signed_in(),
        vec![Problem::TokenRefused],
        json_body(),
        vec![empty(), too_long(), too_many_marks(), Problem::Taken("slug")],
        vec![
            Problem::ArticleFrozen,
            Problem::AccountSuspended,
            Problem::TooMuchMarkup(0),
            Problem::PageTooLarge,
            Problem::PublishQuota { limit: 0, reopens_at: MOMENT },
        ],
    ];
    /// Appealing against a freeze.
    Appeal = [
        unsafe_method(),
        signed_in(),
        missing(),
        json_body(),
        vec![empty(), too_long(), too_many_marks(), Problem::AppealOver, Problem::WrongState],
    ];
    /// An operator's decision.
    OperatorDecision =
        [unsafe_method(), signed_in(), missing(), json_body(), vec![Problem::WrongState]];
    /// An operator's action with a text.
    OperatorText =
        [unsafe_method(), signed_in(), missing(), json_body(), text_refusals()];
    /// The approval of a second operator.
    ApproveAction = [
        unsafe_method(),
        signed_in(),
        missing(),
        json_body(),
        vec![Problem::TwoPersons, Problem::CountsChanged, Problem::WrongState],
    ];
    /// Proposing to dissolve a link.
    ProposeDissolution = [
        unsafe_method(),
        signed_in(),
        missing(),
        json_body(),
        vec![empty(), too_long(), too_many_marks(), Problem::WrongState],
    ];
    /// The approval of what a second operator was shown.
    ApproveShown = [
        unsafe_method(),
        signed_in(),
        missing(),
        json_body(),
        vec![Problem::TwoPersons, Problem::WrongState],
    ];
    /// Confirming a link that waits for an operator.
    ConfirmLink = [
        unsafe_method(),
        signed_in(),
        missing(),
        vec![Problem::TooFewOperators, Problem::WrongState],
    ];
    WithdrawAction = [unsafe_method(), signed_in(), missing(), vec![Problem::WrongState]];
    /// Starting a praise.
    StartPraise = [
        unsafe_method(),
        signed_in(),
        missing(),
        json_body(),
        vec![Problem::KeyMissing, Problem::KeyMalformed],
        vec![
            Problem::Amount(AmountError::BelowMinimum(MONEY)),
            Problem::Amount(AmountError::AboveCap(MONEY)),
            Problem::Amount(AmountError::WrongCurrency(MONEY.currency)),
            too_long(),
            too_many_marks(),
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
            open_intents(),
            Problem::TooManyAttempts { limit: 0, window_s: 0, wait_s: 0, reopens_at: MOMENT },
        ],
    ];
    /// Adding a version of the policy.
    AddPolicy = [unsafe_method(), signed_in(), missing(), json_body(), vec![Problem::WrongState]];
    /// Proposing a version of the policy that raises a cap.
    ProposeRaise =
        [unsafe_method(), signed_in(), missing(), json_body(), text_refusals()];
    /// Proposing how to explain a difference.
    ProposeExplanation = [
        unsafe_method(),
        signed_in(),
        missing(),
        json_body(),
        vec![empty(), too_long(), too_many_marks(), Problem::WrongState],
    ];
    /// Closing a task or an abnormal refund.
    CloseTask = [
        unsafe_method(),
        signed_in(),
        missing(),
        json_body(),
        vec![empty(), too_long(), too_many_marks(), Problem::WrongState],
    ];
    /// Proposing to book the operator's own funds.
    ProposeFunds = [
        unsafe_method(),
        signed_in(),
        missing(),
        json_body(),
        vec![empty(), too_long(), too_many_marks(), Problem::Taken("reference")],
    ];
    /// A provider's message. A wrong signature is answered in the provider's own form, not as a
    /// problem.
    Notify = [
        missing(),
        vec![Problem::TooLarge(0), Problem::BodyTimeout(0), Problem::BrokenBody],
    ];
}

// Placeholders: codes and titles do not depend on these values.
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

/// What any request that changes something can be refused with.
fn unsafe_method() -> Vec<Problem> {
    vec![Problem::CrossSite, Problem::TooManyRequests { limit: 0, wait_s: 0, reopens_at: MOMENT }]
}

fn cursor() -> Vec<Problem> {
    vec![field()]
}

fn json_body() -> Vec<Problem> {
    vec![
        Problem::BrokenBody,
        Problem::DuplicateMember(String::new()),
        Problem::TooLarge(0),
        Problem::WrongContentType(""),
        Problem::EncodedBody,
        Problem::BodyTimeout(0),
        field(),
    ]
}

fn field() -> Problem {
    Problem::Field { field: "", expected: Expected::Text }
}

fn open_intents() -> Problem {
    let oldest = WaitingIntent {
        id: String::new(),
        article: String::new(),
        title: String::new(),
        currency: MONEY.currency,
        expires_at: MOMENT,
    };
    Problem::OpenIntents { oldest: Box::new(oldest), reopens_at: MOMENT }
}

fn empty() -> Problem {
    Problem::Text { field: "", error: TextError::Empty }
}

fn too_long() -> Problem {
    Problem::Text { field: "", error: TextError::TooLong(0) }
}

/// Of a text that must not be empty.
fn text_refusals() -> Vec<Problem> {
    vec![empty(), too_long(), too_many_marks()]
}

fn too_many_marks() -> Problem {
    Problem::Text { field: "", error: TextError::TooManyMarks(MARKS_MAX) }
}

/// One response per status; its description lists the codes with this status.
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
