//! The words of every page, one struct per language: a translation that is missing does not
//! compile. Words of refusals are in [`shared::problem`], so that the API says the same.

use std::ops::Deref;

use shared::api::NotReady;
use shared::lang::Lang;
use shared::machine::{IntentState, PraiseState, Visibility};

#[cfg(feature = "sandbox")]
pub(crate) mod cashier;
mod en;
#[cfg(feature = "ssr")]
pub(crate) mod problem_entry;
pub(crate) mod reading;
pub(crate) mod receipt;
mod zh_hans;

use reading::ReadingWords;

/// Everything a page says in one language. `&str` is said as it stands; a function puts names and
/// numbers where the language wants them.
pub(crate) struct Words {
    /// What an article page says, and what other pages say likewise.
    pub reading: &'static ReadingWords,

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
    pub older: &'static str,
    /// Of an article that is shown again without a network.
    pub kept: &'static str,
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
    pub review: &'static str,
    pub review_title: &'static str,
    pub review_note: &'static str,
    pub review_visibility: &'static str,
    pub all_of_it: fn(&str) -> String,
    pub edit: &'static str,
    pub back_to_article: &'static str,
    pub check_fields: &'static str,
    pub open_title: fn(usize) -> String,
    pub open_until: fn(&str) -> String,
    pub resume: &'static str,
    pub cancel: &'static str,

    // `/i/{id}`
    pub awaiting_title: &'static str,
    pub awaiting_text: fn(&str) -> String,
    pub waiting_title: &'static str,
    pub waiting_text: &'static str,
    pub look_again: &'static str,
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
    /// An amount that arrived on a date, after its time or not.
    pub money_arrived: fn(&str, &str, bool) -> String,
    pub money_in_review: &'static str,
    /// Sent back on a date, under a number.
    pub money_returning: fn(&str, &str) -> String,
    /// Sent back on a date, under a number, and back on another date.
    pub money_returned: fn(&str, &str, &str) -> String,
    pub money_back_by_bank: &'static str,
    pub money_back_title: &'static str,
    pub the_limit: fn(&str) -> String,
    pub try_again: &'static str,
    pub reopens: fn(&str) -> String,
    pub to_me: &'static str,
    pub your_amount: &'static str,
    pub your_note: &'static str,
    pub read_on: fn(&str) -> String,

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
    pub praised_on: fn(&str) -> String,
    pub seen_by: fn(&str, Visibility) -> String,

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
    pub studio_received: &'static str,
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
    pub token_revoke: fn(&str) -> String,
    pub revoke: &'static str,

    // Errors.
    pub request_id: &'static str,
    pub to_home: &'static str,
    pub to_sign_in: &'static str,
    /// The title of a page on which something has to be looked at again.
    pub error: fn(&str) -> String,

    // Time.
    /// A time of day (`14:30`) with the zone's name: [`Zone`].
    pub time: fn(&str, Zone) -> String,
}

/// The words of an article are read like its own.
impl Deref for Words {
    type Target = ReadingWords;

    fn deref(&self) -> &ReadingWords {
        self.reading
    }
}

/// The zone a time of day is given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Asia/Shanghai.
    Beijing,
    /// UTC.
    Utc,
}

impl Words {
    /// The words of a language.
    pub(crate) const fn of(lang: Lang) -> &'static Words {
        match lang {
            Lang::En => &en::WORDS,
            Lang::ZhHans => &zh_hans::WORDS,
        }
    }
}
