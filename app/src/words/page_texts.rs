//! The texts that pages show, in one struct per language: a missing translation does not compile.

use std::ops::Deref;

use shared::api::NotReady;
use shared::machine::{IntentState, PraiseState, Visibility};

use super::article::ArticleWords;

/// The texts that pages show in one language. A `&str` is a complete text; a function inserts names
/// and numbers where the language wants them.
pub(crate) struct Words {
    /// The texts of an article's page, which other pages use too.
    pub article: &'static ArticleWords,

    // Around every page.
    pub site: &'static str,
    pub tagline: &'static str,
    pub skip: &'static str,
    pub nav: &'static str,
    pub nav_me: &'static str,
    pub nav_studio: &'static str,
    pub nav_sign_in: &'static str,
    pub language: &'static str,
    pub sandbox: &'static str,
    pub older_articles: &'static str,
    pub older_praises: &'static str,
    /// Without a network, for an article that is shown from the cache.
    pub stale_article: &'static str,
    /// Without a network, for an article that is not in the cache.
    pub offline: &'static str,

    // People and articles.
    pub praise_state: fn(PraiseState) -> &'static str,
    pub intent_state: fn(IntentState) -> &'static str,
    pub held_until: fn(&str) -> String,

    // `/`
    pub home_title: &'static str,
    pub home_intro: &'static str,
    pub home_empty: &'static str,

    // `/a/{slug}` and `/@{handle}`
    pub account_empty: &'static str,

    // `/a/{slug}/praise` and the sheet
    pub form_for: fn(&str) -> String,
    pub note: &'static str,
    pub visibility_label: &'static str,
    pub review: &'static str,
    pub review_title: &'static str,
    pub all_of_it: fn(&str) -> String,
    pub edit: &'static str,
    pub back_to_article: &'static str,
    /// Argument: the labels of the fields that have an error.
    pub check_fields: fn(&[&str]) -> String,
    pub open_title: fn(usize) -> String,
    pub open_until: fn(&str) -> String,
    pub resume: &'static str,
    pub cancel: &'static str,

    // `/i/{id}`
    pub awaiting_title: &'static str,
    pub awaiting_text: fn(&str) -> String,
    pub unknown_title: &'static str,
    pub unknown_text: &'static str,
    pub refresh: &'static str,
    pub paid_title: &'static str,
    pub paid_text: fn(&str) -> String,
    pub paid_due: fn(&str, &str) -> String,
    pub thanks_from: fn(&str) -> String,
    pub declined_title: &'static str,
    pub declined_text: &'static str,
    pub cancelled_title: &'static str,
    pub cancelled_text: &'static str,
    pub expired_title: &'static str,
    pub expired_text: &'static str,
    pub returned_title: &'static str,
    pub returned_text: &'static str,
    pub returned_why: &'static str,
    /// Arguments: amount, date of arrival, whether the intent had expired by then.
    pub money_arrived: fn(&str, &str, bool) -> String,
    pub money_in_review: &'static str,
    /// Arguments: date the refund was sent, its number.
    pub money_returning: fn(&str, &str) -> String,
    /// Arguments: date the refund was sent, its number, date it arrived.
    pub money_returned: fn(&str, &str, &str) -> String,
    pub money_back_by_bank: &'static str,
    pub money_back_title: &'static str,
    pub money_under_review: &'static str,
    pub money_refunding: &'static str,
    pub money_refunded: &'static str,
    pub the_limit: fn(&str) -> String,
    pub try_again: &'static str,
    pub reopens: fn(&str) -> String,
    pub to_me: &'static str,

    // `/me`
    pub me_title: &'static str,
    pub me_praises: &'static str,
    pub me_empty: &'static str,
    pub me_about: &'static str,
    pub name_label: &'static str,
    pub name_hint: fn(usize) -> String,
    pub name_too_long: fn(usize) -> String,
    pub lang_label: &'static str,
    pub lang_follow: &'static str,
    pub save: &'static str,
    pub saved: &'static str,
    pub sign_out: &'static str,
    pub sign_out_everywhere: &'static str,
    /// Who can see the name of a praise. Arguments: payee, choice.
    pub seen_by: fn(&str, Visibility) -> String,
    /// Instead of that, once a public praise was refunded or disputed.
    pub off_the_wall: &'static str,

    // `/sign-in`
    pub sign_in_title: &'static str,
    pub sign_in_intro: &'static str,
    pub role_reader: &'static str,
    pub role_writer: &'static str,
    pub role_operator: &'static str,
    pub same_as: fn(&str) -> String,
    pub nobody: &'static str,

    // `/studio`
    pub studio_title: &'static str,
    pub studio_empty: &'static str,
    pub not_ready_title: &'static str,
    pub not_ready_hint: &'static str,
    pub not_ready: fn(NotReady) -> &'static str,
    pub not_ready_article_off: &'static str,
    pub not_ready_frozen: &'static str,
    pub not_ready_stopped: &'static str,
    pub studio_confirming: &'static str,
    pub studio_confirming_hint: fn(i64) -> String,
    pub studio_held: &'static str,
    pub studio_due: &'static str,
    pub studio_articles: &'static str,
    pub studio_praises: &'static str,
    pub studio_no_praises: &'static str,
    pub studio_praise: &'static str,
    pub studio_details: &'static str,
    pub studio_anonymous: &'static str,
    pub studio_from: fn(&str) -> String,
    pub reply_done: &'static str,
    pub reply_label: &'static str,
    pub reply_hint: fn(usize) -> String,
    pub reply_too_long: fn(usize) -> String,
    pub reply_empty: &'static str,
    pub reply_send: &'static str,
    pub reply_open: fn(&str) -> String,
    pub fact_article: &'static str,
    pub fact_state: &'static str,

    // `/studio/tokens`
    pub tokens_title: &'static str,
    pub tokens_intro: &'static str,
    pub tokens_empty: &'static str,
    pub tokens_list: &'static str,
    pub token_label: &'static str,
    pub token_hint: &'static str,
    pub token_create: &'static str,
    pub token_created: &'static str,
    pub token_once: &'static str,
    pub token_scope: fn(&str) -> String,
    pub token_made: fn(&str) -> String,
    pub token_expires: fn(&str) -> String,
    pub token_revoke: fn(&str) -> String,
    pub revoke: &'static str,

    // Errors.
    pub request_id: &'static str,
    pub to_home: &'static str,
    pub to_sign_in: &'static str,
    /// The title of a page whose form has an error.
    pub error: fn(&str) -> String,

    // Time.
    /// A time of day (`14:30`) with the name of its zone.
    pub time: fn(&str, Zone) -> String,
}

/// Gives access to the texts of an article as if they were fields of `Words`.
impl Deref for Words {
    type Target = ArticleWords;

    fn deref(&self) -> &ArticleWords {
        self.article
    }
}

/// The time zone of a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Asia/Shanghai.
    Beijing,
    /// UTC.
    Utc,
}
