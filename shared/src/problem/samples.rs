//! One problem of every code with typical values, for documentation and for `/problems/{code}`.

use super::{Expected, Problem, WaitingIntent};
use crate::amount::AmountError;
use crate::calendar::Moment;
use crate::lang::Lang;
use crate::limits::{
    ARTICLE_MAX_MARKS, BODY_SECONDS, GUESTS_PER_ADDRESS_HOUR, JSON_MAX_BYTES, Limits,
    NOTE_MAX_GRAPHEMES, REQUESTS_PER_MINUTE, STARTS_PER_MINUTE, TOKENS_MAX,
};
use crate::money::{Currency, Money};
use crate::text::{MARKS_MAX, TextError};

impl Problem {
    /// One problem of every code, in the order of the variants. Amounts are the default limits of
    /// the currency that readers of `lang` mostly use; times are the epoch.
    pub fn samples(lang: Lang) -> Vec<Problem> {
        let currency = match lang {
            Lang::ZhHans => Currency::Cny,
            Lang::En => Currency::Usd,
        };
        let limits = Limits::of(currency);
        let money = |minor| Money::new(minor, currency);
        let reopens_at = Moment::from_ms(0);
        vec![
            Problem::NotFound,
            Problem::MethodNotAllowed,
            Problem::EncodedBody,
            Problem::SignInNeeded,
            Problem::TokenRefused,
            Problem::CrossSite,
            Problem::TooLarge(JSON_MAX_BYTES),
            Problem::WrongContentType("application/json"),
            Problem::BrokenBody,
            Problem::DuplicateMember("amount".to_owned()),
            Problem::BodyTimeout(BODY_SECONDS),
            Problem::Field { field: "amount.minor", expected: Expected::WholeNumber },
            Problem::Amount(AmountError::Missing),
            Problem::Amount(AmountError::NotANumber),
            Problem::Amount(AmountError::TooPrecise),
            Problem::Amount(AmountError::BelowMinimum(limits.praise_min())),
            Problem::Amount(AmountError::AboveCap(limits.praise_cap())),
            Problem::Amount(AmountError::WrongCurrency(currency)),
            Problem::Text { field: "title", error: TextError::Empty },
            Problem::Text { field: "note", error: TextError::TooLong(NOTE_MAX_GRAPHEMES) },
            Problem::Text { field: "name", error: TextError::TooManyMarks(MARKS_MAX) },
            Problem::KeyMissing,
            Problem::KeyMalformed,
            Problem::KeyReused,
            Problem::NotAccepting,
            Problem::OwnArticle,
            Problem::ReaderDayCap { limit: money(limits.reader_day_minor), reopens_at },
            Problem::PayerDayCap { limit: money(limits.payer_day_minor), reopens_at },
            Problem::ArticleDayCap { limit: money(limits.article_day_minor), reopens_at },
            Problem::WriterDayCap { limit: money(limits.writer_day_minor), reopens_at },
            Problem::ReaderOwnPraise { limit: money(500) },
            Problem::ReaderOwnDay { limit: money(2_000), reopens_at },
            Problem::ReaderOwnMonth { limit: money(10_000), reopens_at },
            Problem::OpenIntents {
                oldest: Box::new(WaitingIntent {
                    id: String::new(),
                    article: String::new(),
                    title: String::new(),
                    currency,
                    expires_at: reopens_at,
                }),
                reopens_at,
            },
            Problem::TooManyGuests { limit: GUESTS_PER_ADDRESS_HOUR, wait_s: 1_200, reopens_at },
            Problem::TooManyAttempts {
                limit: STARTS_PER_MINUTE,
                window_s: 60,
                wait_s: 20,
                reopens_at,
            },
            Problem::TooManyRequests { limit: REQUESTS_PER_MINUTE, wait_s: 20, reopens_at },
            Problem::PublishQuota { limit: limits.account_day_publications, reopens_at },
            Problem::TooMuchMarkup(ARTICLE_MAX_MARKS),
            Problem::PageTooLarge,
            Problem::TooManyTokens(TOKENS_MAX),
            Problem::UndoOver,
            Problem::UndoDay { reopens_at },
            Problem::TakeBackOver,
            Problem::TakeBackMonth { reopens_at },
            Problem::InvitationOver,
            Problem::CardRefused,
            Problem::TwoPersons,
            Problem::TooFewOperators,
            Problem::CountsChanged,
            Problem::AppealOver,
            Problem::WriteOffEarly { opens_at: reopens_at },
            Problem::IntentCancelled,
            Problem::PaidTwice,
            Problem::PaymentInReview,
            Problem::ArticleFrozen,
            Problem::AccountSuspended,
            Problem::GlobalStop,
            Problem::WrongState,
            Problem::Taken("slug"),
            Problem::Unavailable,
            Problem::NotConfigured("ENVIRONMENT has to be production or sandbox"),
            Problem::Internal,
        ]
    }

    /// The sample with this code, if there is such a code.
    pub fn sample(code: &str, lang: Lang) -> Option<Problem> {
        Problem::samples(lang).into_iter().find(|problem| problem.code() == code)
    }

    /// Whether its sentences contain values that differ from one refusal to the next: an amount, a
    /// field, a time.
    pub const fn has_values(&self) -> bool {
        matches!(
            self,
            Problem::TooLarge(_)
                | Problem::WrongContentType(_)
                | Problem::DuplicateMember(_)
                | Problem::BodyTimeout(_)
                | Problem::TooManyAttempts { .. }
                | Problem::TooManyGuests { .. }
                | Problem::TooManyRequests { .. }
                | Problem::PublishQuota { .. }
                | Problem::TooMuchMarkup(_)
                | Problem::TooManyTokens(_)
                | Problem::NotConfigured(_)
                | Problem::Amount(AmountError::WrongCurrency(_))
                | Problem::Field { .. }
                | Problem::Text { .. }
                | Problem::Taken(_)
        ) || self.limit().is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The texts in quotes within a function of a source file.
    fn quoted_in<'a>(source: &'a str, start: &str) -> BTreeSet<&'a str> {
        let body = source.split_once(start).expect("the function").1;
        let body = body.split("\n    }\n").next().expect("its end");
        body.split('"').skip(1).step_by(2).collect()
    }

    #[test]
    fn there_is_a_sample_of_every_code_and_one_only() {
        let mut codes = quoted_in(include_str!("../problem.rs"), "pub const fn code(&self)");
        codes.extend(quoted_in(include_str!("../amount.rs"), "pub const fn code(self)"));
        assert!(codes.len() > 40, "code() is written in another way: {codes:?}");
        for lang in Lang::ALL {
            let samples = Problem::samples(lang);
            let sampled: BTreeSet<&str> = samples.iter().map(Problem::code).collect();
            assert_eq!(sampled, codes);
            assert_eq!(samples.len(), codes.len(), "a code has two samples");
        }
    }

    #[test]
    fn a_code_is_found_and_an_unknown_one_is_not() {
        let found = Problem::sample("rule.own_article", Lang::En);
        assert_eq!(found, Some(Problem::OwnArticle));
        assert_eq!(Problem::sample("rule.nothing", Lang::En), None);
        assert_eq!(Problem::sample("", Lang::En), None);
    }

    #[test]
    fn a_sentence_with_values_says_so() {
        // Samples of the two languages differ in their currency, so their amounts differ.
        for (one, other) in Problem::samples(Lang::En).iter().zip(Problem::samples(Lang::ZhHans)) {
            let differs = one.detail(Lang::En) != other.detail(Lang::En);
            assert!(one.has_values() || !differs, "{} has values", one.code());
        }
        assert!(!Problem::NotFound.has_values());
    }
}
