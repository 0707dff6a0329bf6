//! Every way the product says no: a stable code, an HTTP status, and words in both languages that
//! name the rule and the way out. Pages and problem documents (RFC 9457) say the same.

mod words;

use serde::Serialize;

use crate::amount::AmountError;
use crate::calendar::Moment;
use crate::lang::Lang;
use crate::money::Money;
use crate::text::TextError;

/// Why a request is refused, with what its words need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing of ours has this address, or it is somebody else's.
    NotFound,
    /// The address exists, the method does not.
    MethodNotAllowed,
    /// No session, an unknown one, or one that has ended.
    SignInNeeded,
    /// A bearer token that is unknown, revoked, or made for something else.
    TokenRefused,
    /// An unsafe request that another site made the browser send.
    CrossSite,
    /// The body is larger than this many bytes.
    TooLarge(usize),
    /// The body has another content type than the one named.
    WrongContentType(&'static str),
    /// The body is not JSON (or not a form); nothing was read.
    BrokenBody,
    /// A field is missing or has another type than the one described.
    Field {
        /// Name of the field, dotted where it is nested: `amount.minor`.
        field: &'static str,
        /// What it has to be, in English and Chinese.
        expected: Expected,
    },
    /// The amount is not one that can be given.
    Amount(AmountError),
    /// A text is empty or too long.
    Text {
        /// Name of the field.
        field: &'static str,
        /// What is wrong with it.
        error: TextError,
    },
    /// No `Idempotency-Key` on a route that moves money.
    KeyMissing,
    /// An `Idempotency-Key` of another form than described.
    KeyMalformed,
    /// The key was used for another request.
    KeyReused,
    /// The article does not receive praise now.
    NotAccepting,
    /// The reader is the writer.
    OwnArticle,
    /// The reader's limit for a day.
    ReaderDayCap {
        /// The limit.
        limit: Money,
        /// When there is room again.
        reopens_at: Moment,
    },
    /// The article's limit for a day.
    ArticleDayCap {
        /// The limit.
        limit: Money,
        /// When there is room again.
        reopens_at: Moment,
    },
    /// The writer's limit for a day, over all official accounts.
    WriterDayCap {
        /// The limit.
        limit: Money,
        /// When there is room again.
        reopens_at: Moment,
    },
    /// The limit for one praise that the reader has set.
    ReaderOwnPraise {
        /// The limit.
        limit: Money,
    },
    /// The limit for a day that the reader has set.
    ReaderOwnDay {
        /// The limit.
        limit: Money,
        /// When there is room again.
        reopens_at: Moment,
    },
    /// The limit for a month that the reader has set.
    ReaderOwnMonth {
        /// The limit.
        limit: Money,
        /// When there is room again.
        reopens_at: Moment,
    },
    /// Too many attempts to start.
    TooManyAttempts {
        /// How many are allowed in the window that is full.
        limit: i64,
        /// Seconds of that window.
        window_s: i64,
        /// Seconds until it ends.
        wait_s: i64,
        /// When it ends.
        reopens_at: Moment,
    },
    /// The minutes for undoing are over.
    UndoOver,
    /// A praise is no longer the reader's to take back.
    TakeBackOver,
    /// The reader has taken back as often as a month allows.
    TakeBackMonth {
        /// When the next month begins.
        reopens_at: Moment,
    },
    /// An invitation that is unknown, used, revoked or over.
    InvitationOver,
    /// A bank card that the provider does not know.
    CardRefused,
    /// It takes another operator than the one who proposed it.
    TwoPersons,
    /// What would be moved is no longer what was shown.
    CountsChanged,
    /// The days for an appeal are over.
    AppealOver,
    /// A writer's debt is not written off so soon after income.
    WriteOffEarly {
        /// From when it can be.
        opens_at: Moment,
    },
    /// Money that arrived after the reader had cancelled.
    IntentCancelled,
    /// A second payment for one intent.
    PaidTwice,
    /// Money arrived that does not fit what was asked for; an operator decides about it.
    PaymentInReview,
    /// The article is frozen.
    ArticleFrozen,
    /// The official account is suspended.
    AccountSuspended,
    /// No new praises anywhere for now.
    GlobalStop,
    /// The step is not possible in the state it is in.
    WrongState,
    /// The handle, slug or name is already somebody's.
    Taken(&'static str),
    /// The database or the provider did not answer; nothing is lost.
    Unavailable,
    /// This deployment cannot run as it is configured, for the reason named.
    NotConfigured(&'static str),
    /// A fault of ours; the log has it under the request id.
    Internal,
}

/// What a field has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A whole number of minor units.
    WholeNumber,
    /// A text.
    Text,
    /// An object.
    Object,
    /// One of these values.
    OneOf(&'static str),
    /// Whatever the words say, in English and in Chinese.
    Words(&'static str, &'static str),
}

impl Problem {
    /// The stable code. It never changes once published.
    pub const fn code(&self) -> &'static str {
        match self {
            Problem::NotFound => "not_found",
            Problem::MethodNotAllowed => "method_not_allowed",
            Problem::SignInNeeded => "sign_in_needed",
            Problem::TokenRefused => "token_refused",
            Problem::CrossSite => "cross_site",
            Problem::TooLarge(_) => "body.too_large",
            Problem::WrongContentType(_) => "body.wrong_content_type",
            Problem::BrokenBody => "body.broken",
            Problem::Field { .. } => "field.invalid",
            Problem::Amount(error) => error.code(),
            Problem::Text { error: TextError::Empty, .. } => "text.empty",
            Problem::Text { error: TextError::TooLong(_), .. } => "text.too_long",
            Problem::KeyMissing => "key.missing",
            Problem::KeyMalformed => "key.malformed",
            Problem::KeyReused => "key.reused",
            Problem::NotAccepting => "rule.not_accepting",
            Problem::OwnArticle => "rule.own_article",
            Problem::ReaderDayCap { .. } => "rule.reader_day_cap",
            Problem::ArticleDayCap { .. } => "rule.article_day_cap",
            Problem::WriterDayCap { .. } => "rule.writer_day_cap",
            Problem::ReaderOwnPraise { .. } => "rule.reader_own_praise",
            Problem::ReaderOwnDay { .. } => "rule.reader_own_day",
            Problem::ReaderOwnMonth { .. } => "rule.reader_own_month",
            Problem::TooManyAttempts { .. } => "rule.attempts",
            Problem::UndoOver => "rule.undo_over",
            Problem::TakeBackOver => "rule.take_back_over",
            Problem::TakeBackMonth { .. } => "rule.take_back_month",
            Problem::InvitationOver => "rule.invitation_over",
            Problem::CardRefused => "card.refused",
            Problem::TwoPersons => "rule.two_persons",
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
            Problem::TooLarge(_) => 413,
            Problem::WrongContentType(_) => 415,
            Problem::BrokenBody | Problem::KeyMissing | Problem::KeyMalformed => 400,
            Problem::Field { .. } | Problem::Amount(_) | Problem::Text { .. } => 422,
            Problem::KeyReused => 422,
            Problem::WrongState
            | Problem::Taken(_)
            | Problem::UndoOver
            | Problem::TakeBackOver
            | Problem::CountsChanged
            | Problem::AppealOver => 409,
            Problem::CardRefused => 422,
            Problem::TooManyAttempts { .. } => 429,
            Problem::NotAccepting
            | Problem::OwnArticle
            | Problem::ReaderDayCap { .. }
            | Problem::ArticleDayCap { .. }
            | Problem::WriterDayCap { .. }
            | Problem::ReaderOwnPraise { .. }
            | Problem::ReaderOwnDay { .. }
            | Problem::ReaderOwnMonth { .. }
            | Problem::TakeBackMonth { .. }
            | Problem::InvitationOver
            | Problem::TwoPersons
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

    /// The field of the request it is about, where there is one.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Problem::Field { field, .. } | Problem::Text { field, .. } | Problem::Taken(field) => {
                Some(field)
            }
            Problem::Amount(_) => Some("amount"),
            _ => None,
        }
    }

    /// The number of the rule, where there is one.
    pub const fn limit(&self) -> Option<Money> {
        match self {
            Problem::Amount(AmountError::BelowMinimum(limit) | AmountError::AboveCap(limit)) => {
                Some(*limit)
            }
            Problem::ReaderDayCap { limit, .. }
            | Problem::ArticleDayCap { limit, .. }
            | Problem::WriterDayCap { limit, .. }
            | Problem::ReaderOwnPraise { limit }
            | Problem::ReaderOwnDay { limit, .. }
            | Problem::ReaderOwnMonth { limit, .. } => Some(*limit),
            _ => None,
        }
    }

    /// When the rule gives room again, where it is a matter of time.
    pub const fn reopens_at(&self) -> Option<Moment> {
        match self {
            Problem::ReaderDayCap { reopens_at, .. }
            | Problem::ArticleDayCap { reopens_at, .. }
            | Problem::WriterDayCap { reopens_at, .. }
            | Problem::ReaderOwnDay { reopens_at, .. }
            | Problem::ReaderOwnMonth { reopens_at, .. }
            | Problem::TakeBackMonth { reopens_at }
            | Problem::WriteOffEarly { opens_at: reopens_at }
            | Problem::TooManyAttempts { reopens_at, .. } => Some(*reopens_at),
            _ => None,
        }
    }

    /// Seconds for `Retry-After`, where trying again helps.
    pub const fn retry_after_s(&self) -> Option<i64> {
        match self {
            Problem::TooManyAttempts { wait_s, .. } => Some(*wait_s),
            Problem::Unavailable => Some(5),
            Problem::GlobalStop => Some(600),
            _ => None,
        }
    }

    /// The document sent as `application/problem+json`.
    pub fn document(&self, lang: Lang, request_id: &str) -> ProblemDocument {
        ProblemDocument {
            kind: format!("/problems/{}", self.code()),
            title: self.title(lang).to_owned(),
            status: self.status(),
            detail: self.detail(lang),
            code: self.code().to_owned(),
            request_id: request_id.to_owned(),
            field: self.field().map(str::to_owned),
            limit: self.limit(),
            reopens_at: self.reopens_at(),
        }
    }
}

/// An RFC 9457 problem document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProblemDocument {
    /// URI reference of this kind of problem; relative to the API's origin.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in the language asked for.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// What it means and the way out, in the language asked for.
    pub detail: String,
    /// Stable code for programs.
    pub code: String,
    /// What to tell us; the log knows it.
    pub request_id: String,
    /// The field it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The number of the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Money>,
    /// When the rule gives room again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub reopens_at: Option<Moment>,
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
}
