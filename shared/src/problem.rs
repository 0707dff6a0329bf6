//! Every way the product refuses a request. A problem has a stable code, an HTTP status, and words
//! in both languages that name the rule and the way out. Error pages and problem documents
//! (RFC 9457) say the same, and `/problems/{code}` explains each code.

mod document;
mod samples;
mod words;

use crate::amount::AmountError;
use crate::calendar::Moment;
use crate::lang::Lang;
use crate::money::Money;
use crate::text::TextError;

pub use document::{ProblemDocument, WaitingIntent};
pub use words::{Expected, Phrase, SCHEMA_CHECKS, SCHEMA_RULES, SchemaRule};

/// Why a request is refused, with the values that its words need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing has this address, or it belongs to somebody else.
    NotFound,
    /// The address exists but does not take this method.
    MethodNotAllowed,
    /// The body is compressed, or encoded in another way.
    EncodedBody,
    /// There is no session, or it is unknown or has ended.
    SignInNeeded,
    /// The bearer token is unknown, revoked, or has another scope.
    TokenRefused,
    /// Another site made the browser send an unsafe request.
    CrossSite,
    /// The body has more than this many bytes.
    TooLarge(usize),
    /// The body does not have the content type named here.
    WrongContentType(&'static str),
    /// The body is not JSON, or not a form. Nothing was read.
    BrokenBody,
    /// An object in the body has two members with this name.
    DuplicateMember(String),
    /// The body had not arrived after this many seconds.
    BodyTimeout(u64),
    /// A field is missing or has the wrong type or value.
    Field {
        /// Name of the field, with dots where it is nested: `amount.minor`.
        field: &'static str,
        /// What it has to be.
        expected: Expected,
    },
    /// The amount cannot be given.
    Amount(AmountError),
    /// A text is empty or too long.
    Text {
        /// Name of the field.
        field: &'static str,
        /// What is wrong with it.
        error: TextError,
    },
    /// A route that moves money was called without `Idempotency-Key`.
    KeyMissing,
    /// The `Idempotency-Key` has the wrong form.
    KeyMalformed,
    /// The `Idempotency-Key` was used for another request.
    KeyReused,
    /// The article does not receive praise now.
    NotAccepting,
    /// The reader is the writer.
    OwnArticle,
    /// The reader's limit for a day.
    ReaderDayCap {
        /// The limit.
        limit: Money,
        /// When the limit resets.
        reopens_at: Moment,
    },
    /// The limit for a day of the card, wallet or openid that paid.
    PayerDayCap {
        /// The limit.
        limit: Money,
        /// When the limit resets.
        reopens_at: Moment,
    },
    /// The article's limit for a day.
    ArticleDayCap {
        /// The limit.
        limit: Money,
        /// When the limit resets.
        reopens_at: Moment,
    },
    /// The writer's limit for a day, over all official accounts.
    WriterDayCap {
        /// The limit.
        limit: Money,
        /// When the limit resets.
        reopens_at: Moment,
    },
    /// The limit for one praise that readers have set for themselves.
    ReaderOwnPraise {
        /// The limit.
        limit: Money,
    },
    /// The limit for a day that readers have set for themselves.
    ReaderOwnDay {
        /// The limit.
        limit: Money,
        /// When the limit resets.
        reopens_at: Moment,
    },
    /// The limit for a month that readers have set for themselves.
    ReaderOwnMonth {
        /// The limit.
        limit: Money,
        /// When the limit resets.
        reopens_at: Moment,
    },
    /// The reader has reached the maximum number of attempts that wait for payment.
    OpenIntents {
        /// The one that has waited longest.
        oldest: Box<WaitingIntent>,
        /// When it expires, at the latest.
        reopens_at: Moment,
    },
    /// Too many new guests from one address or network in an hour.
    TooManyGuests {
        /// New guests that an hour allows.
        limit: i64,
        /// Seconds until the hour ends.
        wait_s: i64,
        /// When the hour ends.
        reopens_at: Moment,
    },
    /// Too many attempts in a window of time.
    TooManyAttempts {
        /// Attempts that the window allows.
        limit: i64,
        /// Length of the window in seconds.
        window_s: i64,
        /// Seconds until the window ends.
        wait_s: i64,
        /// When the window ends.
        reopens_at: Moment,
    },
    /// Too many requests of a kind that is limited, in one minute.
    TooManyRequests {
        /// Requests that a minute allows.
        limit: i64,
        /// Seconds until the minute ends.
        wait_s: i64,
        /// When the minute ends.
        reopens_at: Moment,
    },
    /// The official account has published as often as a day allows.
    PublishQuota {
        /// Publications that a day allows.
        limit: i64,
        /// When the next day begins.
        reopens_at: Moment,
    },
    /// The article has more marks of markup than this.
    TooMuchMarkup(usize),
    /// The article's page would be too large.
    PageTooLarge,
    /// The writer has as many valid tokens as allowed: this many.
    TooManyTokens(i64),
    /// The time to undo a praise is over.
    UndoOver,
    /// The reader has undone as many praises as a day allows.
    UndoDay {
        /// When the next day begins.
        reopens_at: Moment,
    },
    /// The time to take a praise back is over.
    TakeBackOver,
    /// The reader has taken back as many praises as a month allows.
    TakeBackMonth {
        /// When the next month begins.
        reopens_at: Moment,
    },
    /// The invitation is unknown, used, revoked or expired.
    InvitationOver,
    /// The payment provider does not know the bank card.
    CardRefused,
    /// The operator who proposed an action cannot approve it.
    TwoPersons,
    /// Fewer than two humans would be operators.
    TooFewOperators,
    /// An action would move other praises or amounts than those that were shown.
    CountsChanged,
    /// The time to appeal against a freeze is over.
    AppealOver,
    /// The writer has had income too recently for the debt to be written off.
    WriteOffEarly {
        /// From when it can be.
        opens_at: Moment,
    },
    /// Money arrived after the reader had cancelled.
    IntentCancelled,
    /// A second payment arrived for one attempt.
    PaidTwice,
    /// Another amount arrived than the one asked for. An operator decides about it.
    PaymentInReview,
    /// The article is frozen.
    ArticleFrozen,
    /// The official account is suspended.
    AccountSuspended,
    /// Operators have stopped all new praises.
    GlobalStop,
    /// The current state does not allow this step.
    WrongState,
    /// Somebody else has this handle, slug or reference; the field is named.
    Taken(&'static str),
    /// The database or the provider did not answer. Nothing is lost.
    Unavailable,
    /// This deployment cannot run as it is configured, for the reason given.
    NotConfigured(&'static str),
    /// A fault of ours. The log has it under the request id.
    Internal,
}

impl Problem {
    /// The stable code for programs. It never changes once published.
    pub const fn code(&self) -> &'static str {
        match self {
            Problem::NotFound => "not_found",
            Problem::MethodNotAllowed => "method_not_allowed",
            Problem::EncodedBody => "body.encoded",
            Problem::SignInNeeded => "sign_in_needed",
            Problem::TokenRefused => "token_refused",
            Problem::CrossSite => "cross_site",
            Problem::TooLarge(_) => "body.too_large",
            Problem::WrongContentType(_) => "body.wrong_content_type",
            Problem::BrokenBody => "body.broken",
            Problem::DuplicateMember(_) => "body.duplicate_member",
            Problem::BodyTimeout(_) => "body.timeout",
            Problem::Field { .. } => "field.invalid",
            Problem::Amount(error) => error.code(),
            Problem::Text { error: TextError::Empty, .. } => "text.empty",
            Problem::Text { error: TextError::TooLong(_), .. } => "text.too_long",
            Problem::Text { error: TextError::TooManyMarks(_), .. } => "text.too_many_marks",
            Problem::KeyMissing => "key.missing",
            Problem::KeyMalformed => "key.malformed",
            Problem::KeyReused => "key.reused",
            Problem::NotAccepting => "rule.not_accepting",
            Problem::OwnArticle => "rule.own_article",
            Problem::ReaderDayCap { .. } => "rule.reader_day_cap",
            Problem::PayerDayCap { .. } => "rule.payer_day_cap",
            Problem::ArticleDayCap { .. } => "rule.article_day_cap",
            Problem::WriterDayCap { .. } => "rule.writer_day_cap",
            Problem::ReaderOwnPraise { .. } => "rule.reader_own_praise",
            Problem::ReaderOwnDay { .. } => "rule.reader_own_day",
            Problem::ReaderOwnMonth { .. } => "rule.reader_own_month",
            Problem::OpenIntents { .. } => "rule.open_intents",
            Problem::TooManyGuests { .. } => "rule.guests",
            Problem::TooManyAttempts { .. } => "rule.attempts",
            Problem::TooManyRequests { .. } => "too_many_requests",
            Problem::PublishQuota { .. } => "rule.publish_quota",
            Problem::TooMuchMarkup(_) => "text.too_much_markup",
            Problem::PageTooLarge => "text.page_too_large",
            Problem::TooManyTokens(_) => "rule.too_many_tokens",
            Problem::UndoOver => "rule.undo_over",
            Problem::UndoDay { .. } => "rule.undo_day",
            Problem::TakeBackOver => "rule.take_back_over",
            Problem::TakeBackMonth { .. } => "rule.take_back_month",
            Problem::InvitationOver => "rule.invitation_over",
            Problem::CardRefused => "card.refused",
            Problem::TwoPersons => "rule.two_persons",
            Problem::TooFewOperators => "rule.too_few_operators",
            Problem::CountsChanged => "state.counts_changed",
            Problem::AppealOver => "rule.appeal_over",
            Problem::WriteOffEarly { .. } => "rule.write_off_early",
            Problem::IntentCancelled => "rule.intent_cancelled",
            Problem::PaidTwice => "rule.paid_twice",
            Problem::PaymentInReview => "payment.in_review",
            Problem::ArticleFrozen => "rule.article_frozen",
            Problem::AccountSuspended => "rule.account_suspended",
            Problem::GlobalStop => "rule.global_stop",
            Problem::WrongState => "state.not_possible",
            Problem::Taken(_) => "taken",
            Problem::Unavailable => "unavailable",
            Problem::NotConfigured(_) => "not_configured",
            Problem::Internal => "internal",
        }
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Problem::NotFound => 404,
            Problem::MethodNotAllowed => 405,
            Problem::SignInNeeded | Problem::TokenRefused => 401,
            Problem::CrossSite => 403,
            Problem::BodyTimeout(_) => 408,
            Problem::TooLarge(_) | Problem::TooMuchMarkup(_) | Problem::PageTooLarge => 413,
            Problem::WrongContentType(_) | Problem::EncodedBody => 415,
            Problem::BrokenBody
            | Problem::DuplicateMember(_)
            | Problem::KeyMissing
            | Problem::KeyMalformed => 400,
            Problem::Field { .. } | Problem::Amount(_) | Problem::Text { .. } => 422,
            Problem::KeyReused => 422,
            Problem::WrongState
            | Problem::Taken(_)
            | Problem::OpenIntents { .. }
            | Problem::UndoOver
            | Problem::TakeBackOver
            | Problem::CountsChanged
            | Problem::TooManyTokens(_)
            | Problem::AppealOver => 409,
            Problem::CardRefused => 422,
            Problem::TooManyAttempts { .. }
            | Problem::TooManyGuests { .. }
            | Problem::TooManyRequests { .. } => 429,
            Problem::NotAccepting
            | Problem::OwnArticle
            | Problem::ReaderDayCap { .. }
            | Problem::PayerDayCap { .. }
            | Problem::ArticleDayCap { .. }
            | Problem::WriterDayCap { .. }
            | Problem::ReaderOwnPraise { .. }
            | Problem::ReaderOwnDay { .. }
            | Problem::ReaderOwnMonth { .. }
            | Problem::PublishQuota { .. }
            | Problem::UndoDay { .. }
            | Problem::TakeBackMonth { .. }
            | Problem::InvitationOver
            | Problem::TwoPersons
            | Problem::TooFewOperators
            | Problem::WriteOffEarly { .. }
            | Problem::IntentCancelled
            | Problem::PaidTwice
            | Problem::PaymentInReview
            | Problem::ArticleFrozen
            | Problem::AccountSuspended => 403,
            Problem::GlobalStop | Problem::Unavailable | Problem::NotConfigured(_) => 503,
            Problem::Internal => 500,
        }
    }

    /// The field of the request that is wrong, if one is.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Problem::Field { field, .. } | Problem::Text { field, .. } | Problem::Taken(field) => {
                Some(field)
            }
            Problem::Amount(_) => Some("amount"),
            _ => None,
        }
    }

    /// The amount of the rule, if it has one.
    pub const fn limit(&self) -> Option<Money> {
        match self {
            Problem::Amount(AmountError::BelowMinimum(limit) | AmountError::AboveCap(limit)) => {
                Some(*limit)
            }
            Problem::ReaderDayCap { limit, .. }
            | Problem::PayerDayCap { limit, .. }
            | Problem::ArticleDayCap { limit, .. }
            | Problem::WriterDayCap { limit, .. }
            | Problem::ReaderOwnPraise { limit }
            | Problem::ReaderOwnDay { limit, .. }
            | Problem::ReaderOwnMonth { limit, .. } => Some(*limit),
            _ => None,
        }
    }

    /// When the request is possible again, if that depends on time.
    pub const fn reopens_at(&self) -> Option<Moment> {
        match self {
            Problem::ReaderDayCap { reopens_at, .. }
            | Problem::PayerDayCap { reopens_at, .. }
            | Problem::ArticleDayCap { reopens_at, .. }
            | Problem::WriterDayCap { reopens_at, .. }
            | Problem::ReaderOwnDay { reopens_at, .. }
            | Problem::ReaderOwnMonth { reopens_at, .. }
            | Problem::UndoDay { reopens_at }
            | Problem::TakeBackMonth { reopens_at }
            | Problem::WriteOffEarly { opens_at: reopens_at }
            | Problem::OpenIntents { reopens_at, .. }
            | Problem::TooManyGuests { reopens_at, .. }
            | Problem::TooManyAttempts { reopens_at, .. }
            | Problem::TooManyRequests { reopens_at, .. }
            | Problem::PublishQuota { reopens_at, .. } => Some(*reopens_at),
            _ => None,
        }
    }

    /// Seconds for the `Retry-After` header, if trying again helps.
    pub const fn retry_after_s(&self) -> Option<i64> {
        match self {
            Problem::TooManyAttempts { wait_s, .. }
            | Problem::TooManyGuests { wait_s, .. }
            | Problem::TooManyRequests { wait_s, .. } => Some(*wait_s),
            Problem::Unavailable => Some(5),
            Problem::GlobalStop => Some(600),
            _ => None,
        }
    }

    /// The attempt that can be continued or cancelled instead, if there is one.
    pub fn open_intent(&self) -> Option<&WaitingIntent> {
        match self {
            Problem::OpenIntents { oldest, .. } => Some(oldest),
            _ => None,
        }
    }

    /// The address of the page that explains this kind of problem: the `type` of the document.
    pub fn path(&self) -> String {
        format!("/problems/{}", self.code())
    }

    /// The document that is sent as `application/problem+json`.
    pub fn document(&self, lang: Lang, request_id: &str) -> ProblemDocument {
        ProblemDocument {
            kind: self.path(),
            title: self.title(lang).to_owned(),
            status: self.status(),
            detail: self.detail(lang),
            code: self.code().to_owned(),
            request_id: request_id.to_owned(),
            field: self.field().map(str::to_owned),
            limit: self.limit(),
            reopens_at: self.reopens_at(),
            open_intent: self.open_intent().cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::money::Currency;

    #[test]
    fn a_refusal_names_rule_number_and_time() {
        let problem = Problem::ReaderDayCap {
            limit: Money::new(Limits::of(Currency::Cny).reader_day_minor, Currency::Cny),
            reopens_at: Moment::from_ms(0),
        };
        let json = serde_json::to_value(problem.document(Lang::En, "req_1")).unwrap();
        assert_eq!(json["code"], "rule.reader_day_cap");
        assert_eq!(json["limit"]["minor"], 100_000);
        assert_eq!(json["reopens_at"], "1970-01-01T00:00:00Z");
        assert!(json["detail"].as_str().unwrap().contains("¥1,000.00"));
    }

    #[test]
    fn speaks_both_languages() {
        let problem =
            Problem::Amount(AmountError::AboveCap(Limits::of(Currency::Usd).praise_cap()));
        assert_eq!(problem.detail(Lang::En), "The largest praise is $30.00.");
        assert_eq!(problem.detail(Lang::ZhHans), "最高金额为 $30.00。");
    }

    #[test]
    fn each_problem_has_its_own_code_and_an_error_status() {
        let mut codes = std::collections::BTreeSet::new();
        for problem in Problem::samples(Lang::En) {
            let (code, status) = (problem.code(), problem.status());
            assert!((400..600).contains(&status), "{code}: {status}");
            assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b"._".contains(&b)), "{code}");
            assert_eq!(problem.path(), format!("/problems/{code}"));
            // A field can be wrong in several ways.
            assert!(codes.insert(code) || code == "field.invalid", "{code} is used twice");
        }
        let statuses = [
            (Problem::NotFound, 404),
            (Problem::MethodNotAllowed, 405),
            (Problem::SignInNeeded, 401),
            (Problem::CrossSite, 403),
            (Problem::TooLarge(1), 413),
            (Problem::WrongContentType("application/json"), 415),
            (Problem::BodyTimeout(10), 408),
            (Problem::KeyMissing, 400),
            (Problem::KeyReused, 422),
            (Problem::UndoOver, 409),
            (Problem::OwnArticle, 403),
            (Problem::Internal, 500),
        ];
        for (problem, status) in statuses {
            assert_eq!(problem.status(), status, "{}", problem.code());
        }
    }

    #[test]
    fn a_problem_names_its_field_and_its_number() {
        let money = Money::new(500, Currency::Usd);
        let reopens_at = Moment::from_ms(7);
        let error = TextError::Empty;
        assert_eq!(Problem::Text { field: "note", error }.field(), Some("note"));
        assert_eq!(Problem::Taken("handle").field(), Some("handle"));
        assert_eq!(Problem::Amount(AmountError::Missing).field(), Some("amount"));
        assert_eq!(Problem::NotFound.field(), None);
        for (problem, reopens) in [
            (Problem::Amount(AmountError::BelowMinimum(money)), None),
            (Problem::Amount(AmountError::AboveCap(money)), None),
            (Problem::ReaderDayCap { limit: money, reopens_at }, Some(reopens_at)),
            (Problem::ArticleDayCap { limit: money, reopens_at }, Some(reopens_at)),
            (Problem::WriterDayCap { limit: money, reopens_at }, Some(reopens_at)),
            (Problem::ReaderOwnPraise { limit: money }, None),
            (Problem::ReaderOwnDay { limit: money, reopens_at }, Some(reopens_at)),
            (Problem::ReaderOwnMonth { limit: money, reopens_at }, Some(reopens_at)),
        ] {
            assert_eq!(problem.limit(), Some(money), "{}", problem.code());
            assert_eq!(problem.reopens_at(), reopens, "{}", problem.code());
        }
        assert_eq!(Problem::Amount(AmountError::Missing).limit(), None);
        assert_eq!(Problem::NotFound.reopens_at(), None);
        assert_eq!(Problem::TakeBackMonth { reopens_at }.reopens_at(), Some(reopens_at));
        let early = Problem::WriteOffEarly { opens_at: reopens_at };
        assert_eq!(early.reopens_at(), Some(reopens_at));
    }

    #[test]
    fn a_client_is_told_when_to_try_again() {
        assert_eq!(Problem::Unavailable.retry_after_s(), Some(5));
        assert_eq!(Problem::GlobalStop.retry_after_s(), Some(600));
        assert_eq!(Problem::NotFound.retry_after_s(), None);
        let attempts = Problem::samples(Lang::En)
            .into_iter()
            .find(|problem| matches!(problem, Problem::TooManyAttempts { .. }))
            .unwrap();
        let Problem::TooManyAttempts { wait_s, reopens_at, .. } = &attempts else { unreachable!() };
        assert_eq!(attempts.retry_after_s(), Some(*wait_s));
        assert_eq!(attempts.reopens_at(), Some(*reopens_at));
    }

    #[test]
    fn a_deployment_that_is_not_configured_is_unavailable() {
        let problem = Problem::NotConfigured("no payment provider is configured");
        assert_eq!((problem.status(), problem.code()), (503, "not_configured"));
    }
}
