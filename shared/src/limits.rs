//! All caps and limits, in one table per currency. The migrations insert the same numbers as the
//! first policy in D1, and a test compares the two.

#![expect(
    clippy::inconsistent_digit_grouping,
    reason = "minor units are written so that the last two digits read as fen or cents"
)]

use crate::money::{Currency, Money};

/// The caps and limits of one currency. Amounts are minor units of that currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The currency of the amounts.
    pub currency: Currency,
    /// Smallest praise.
    pub praise_min_minor: i64,
    /// Largest praise.
    pub praise_cap_minor: i64,
    /// A reader's daily cap, over all writers. Starting an intent uses it.
    pub reader_day_minor: i64,
    /// The daily cap of a guest, who has no account.
    pub guest_day_minor: i64,
    /// The daily cap of a payer: one card, wallet or openid, for all persons who pay with it.
    pub payer_day_minor: i64,
    /// An article's daily cap.
    pub article_day_minor: i64,
    /// A writer's daily cap, over all official accounts of the person.
    pub writer_day_minor: i64,
    /// How many versions of its articles an official account may publish in a day.
    pub account_day_publications: i64,
    /// Days from the day of the payment until the praise is due.
    pub hold_days: i64,
    /// Minutes after the booking in which the reader can undo.
    pub undo_minutes: i64,
    /// The preset amounts of an official account until its writer changes them.
    pub default_presets_minor: [i64; 6],
}

impl Limits {
    /// The defaults of a currency: version 1 of its policy.
    pub const fn of(currency: Currency) -> &'static Limits {
        match currency {
            Currency::Cny => &CNY,
            Currency::Usd => &USD,
        }
    }

    /// Smallest praise.
    pub const fn praise_min(&self) -> Money {
        Money::new(self.praise_min_minor, self.currency)
    }

    /// Largest praise.
    pub const fn praise_cap(&self) -> Money {
        Money::new(self.praise_cap_minor, self.currency)
    }
}

/// The dollar amounts are chosen, not converted from yuan.
const CNY: Limits = Limits {
    currency: Currency::Cny,
    praise_min_minor: 1_00,
    praise_cap_minor: 200_00,
    reader_day_minor: 1_000_00,
    guest_day_minor: 200_00,
    payer_day_minor: 1_000_00,
    article_day_minor: 20_000_00,
    writer_day_minor: 50_000_00,
    account_day_publications: 50,
    hold_days: 7,
    undo_minutes: 10,
    default_presets_minor: [1_00, 2_00, 5_00, 10_00, 50_00, 200_00],
};

const USD: Limits = Limits {
    currency: Currency::Usd,
    praise_min_minor: 1_00,
    praise_cap_minor: 30_00,
    reader_day_minor: 150_00,
    guest_day_minor: 30_00,
    payer_day_minor: 150_00,
    article_day_minor: 3_000_00,
    writer_day_minor: 7_500_00,
    account_day_publications: 50,
    hold_days: 7,
    undo_minutes: 10,
    default_presets_minor: [1_00, 2_00, 3_00, 5_00, 10_00, 30_00],
};

/// Maximum length of a note to the writer. Graphemes are user-perceived characters.
pub const NOTE_MAX_GRAPHEMES: usize = 140;
/// Maximum length of a writer's appeal against the freeze of an article.
pub const APPEAL_MAX_GRAPHEMES: usize = 2_000;
/// Periods of 24 hours after the freeze of an article in which its writer may appeal.
pub const APPEAL_DAYS: i64 = 7;
/// Periods of 24 hours after an appeal in which operators decide about it.
pub const DECIDE_DAYS: i64 = 14;
/// Maximum length of an operator's reason for stopping new praises everywhere.
pub const STOP_REASON_MAX_GRAPHEMES: usize = 500;
/// Maximum length of the line with which an account asks for praise.
pub const ASK_MAX_GRAPHEMES: usize = 60;
/// Maximum length of a name on the wall.
pub const NAME_MAX_GRAPHEMES: usize = 24;
/// Maximum length of an article's title.
pub const TITLE_MAX_GRAPHEMES: usize = 120;
/// Maximum size of an article's Markdown.
pub const ARTICLE_MAX_BYTES: usize = 524_288;
/// Maximum number of marks in an article's Markdown: characters that can be markup, lines, and (twice) the
/// markers of lists and quotes. Each
/// takes far more memory than its text while the article is rendered.
pub const ARTICLE_MAX_MARKS: usize = 10_000;
/// Maximum size of a JSON request body, unless an endpoint allows more.
pub const JSON_MAX_BYTES: usize = 16_384;
/// Seconds within which a request body has to arrive. A route with a larger size limit adds some.
pub const BODY_SECONDS: u64 = 10;
/// Minimum number of presets of an official account.
pub const PRESETS_MIN: usize = 3;
/// Maximum number of presets of an official account.
pub const PRESETS_MAX: usize = 6;
/// Tiles on a page of the wall.
pub const WALL_PAGE: usize = 24;
/// Items on a page of a list.
pub const LIST_PAGE: usize = 20;
/// Minutes until an unpaid intent expires.
pub const INTENT_MINUTES: i64 = 30;
/// Days without income after which a writer's debt may be written off.
pub const WRITE_OFF_DAYS: i64 = 180;
/// Days until an idempotency key expires.
pub const KEY_DAYS: i64 = 7;
/// Days that a finished job is kept, for troubleshooting.
pub const DONE_JOB_DAYS: i64 = 30;
/// How many attempts of one person may wait for payment. The trigger `intent_start` enforces it.
pub const OPEN_INTENTS_MAX: i64 = 5;
/// Seconds until the call that creates an order is sent again, if the provider did not answer.
pub const ORDER_RETRY_S: i64 = 30;
/// Seconds after its start at which an order is first queried: often while the reader waits.
pub const FIRST_ORDER_POLLS_S: [i64; 5] = [5, 10, 20, 40, 60];
/// Seconds between two later queries, until the order is final.
pub const ORDER_POLL_S: i64 = 60;
/// Days until a session expires.
pub const SESSION_DAYS: i64 = 30;
/// Hours after sign-in during which an operator's session has the rights of an operator.
pub const OPERATOR_SESSION_HOURS: i64 = 12;

/// Attempts to start a praise per minute and human.
pub const STARTS_PER_MINUTE: i64 = 60;
/// Attempts to start a praise per day and human.
pub const STARTS_PER_DAY: i64 = 300;
/// Attempts to start a praise per minute and IP address.
pub const STARTS_PER_ADDRESS_MINUTE: i64 = 600;
/// Requests that cost more than a read, per minute and session: those that change something or ask
/// the payment provider.
pub const REQUESTS_PER_MINUTE: i64 = 300;
/// The same per minute and IP address: many people can share one.
pub const REQUESTS_PER_ADDRESS_MINUTE: i64 = 3_000;
/// The same per minute and IPv6 network of 48 bits.
pub const REQUESTS_PER_SITE_MINUTE: i64 = 9_000;
/// Seconds between two queries of the same order that readers cause by looking at it.
pub const ORDER_QUERY_SECONDS: i64 = 3;
/// Tokens that a writer may have at a time.
pub const TOKENS_MAX: i64 = 10;
/// Days until a token expires.
pub const TOKEN_DAYS: i64 = 365;
/// New guests per hour and IP address: enough for people who share an address, not for a script.
/// Of an IPv6 address the first 64 bits count, because one household can choose the rest.
pub const GUESTS_PER_ADDRESS_HOUR: i64 = 60;
/// New guests per hour and IPv6 network of 48 bits, which is what one customer gets at most.
pub const GUESTS_PER_SITE_HOUR: i64 = 600;
/// Days of the longest month. A reader's own monthly limit is at most this many daily caps.
pub const MONTH_DAYS_MAX: i64 = 31;
/// Days until an invitation code expires, unless the operator chooses another number.
pub const INVITATION_DAYS: i64 = 14;
/// Maximum number of days until an invitation code expires.
pub const INVITATION_DAYS_MAX: i64 = 90;
/// Maximum length of an operator's note about an invitation.
pub const INVITATION_NOTE_MAX_GRAPHEMES: usize = 60;
/// Hours until a changed bank card can be paid to.
pub const CARD_WAIT_HOURS: i64 = 72;
/// Hours until a raised limit of a reader is in force.
pub const RAISE_WAIT_HOURS: i64 = 24;
/// How many praises one human can take back in a month. The triggers on `take_back_month` enforce it.
pub const TAKE_BACKS_PER_MONTH: i64 = 3;

/// How many praises one human can undo in a day. The triggers on `undo_day` enforce it.
pub const UNDOS_PER_DAY: i64 = 10;

/// The age in seconds at which an order that is `age_s` old is queried next.
pub fn next_order_poll_s(age_s: i64) -> i64 {
    let first = FIRST_ORDER_POLLS_S.into_iter().find(|poll_s| *poll_s > age_s);
    first.unwrap_or_else(|| (age_s.div_euclid(ORDER_POLL_S) + 1) * ORDER_POLL_S)
}

/// Checks the relations between the limits at compile time.
const fn check(limits: &Limits) {
    assert!(0 < limits.praise_min_minor);
    assert!(limits.praise_min_minor <= limits.praise_cap_minor);
    assert!(limits.praise_cap_minor <= limits.guest_day_minor);
    assert!(limits.guest_day_minor <= limits.reader_day_minor);
    assert!(limits.praise_cap_minor <= limits.payer_day_minor);
    assert!(limits.reader_day_minor <= limits.article_day_minor);
    assert!(limits.article_day_minor <= limits.writer_day_minor);
    assert!(limits.hold_days > 0 && limits.undo_minutes > 0);
    assert!(limits.undo_minutes < limits.hold_days * 24 * 60);
    let presets = &limits.default_presets_minor;
    assert!(presets.len() >= PRESETS_MIN && presets.len() <= PRESETS_MAX);
    let mut last = limits.praise_min_minor - 1;
    let mut rest = presets.as_slice();
    while let [preset, more @ ..] = rest {
        assert!(last < *preset && *preset <= limits.praise_cap_minor);
        last = *preset;
        rest = more;
    }
}

const _: () = check(&CNY);
const _: () = check(&USD);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_order_is_queried_often_at_first_and_then_once_a_minute() {
        let mut age_s = 0;
        let mut polls = Vec::new();
        while polls.len() < 8 {
            age_s = next_order_poll_s(age_s);
            polls.push(age_s);
        }
        assert_eq!(polls, [5, 10, 20, 40, 60, 120, 180, 240]);
    }

    #[test]
    fn limits_that_contradict_each_other_are_refused() {
        type Change = fn(&mut Limits);
        let wrong: [(&str, Change); 13] = [
            ("no smallest praise", |it| it.praise_min_minor = 0),
            ("no praise is allowed", |it| it.praise_cap_minor = it.praise_min_minor - 1),
            ("a guest's day", |it| it.guest_day_minor = it.praise_cap_minor - 1),
            ("a reader's day", |it| it.reader_day_minor = it.guest_day_minor - 1),
            ("a payer's day", |it| it.payer_day_minor = it.praise_cap_minor - 1),
            ("an article's day", |it| it.article_day_minor = it.reader_day_minor - 1),
            ("a writer's day", |it| it.writer_day_minor = it.article_day_minor - 1),
            ("due at once", |it| it.hold_days = 0),
            ("no time to undo", |it| it.undo_minutes = 0),
            ("undone after it is due", |it| it.undo_minutes = it.hold_days * 24 * 60),
            ("the first preset", |it| it.default_presets_minor[0] = it.praise_min_minor - 1),
            ("the last preset", |it| it.default_presets_minor[5] = it.praise_cap_minor + 1),
            ("presets twice", |it| it.default_presets_minor[5] = it.default_presets_minor[4]),
        ];
        for currency in Currency::ALL {
            check(Limits::of(currency));
            for (name, change) in wrong {
                let mut limits = *Limits::of(currency);
                change(&mut limits);
                assert!(std::panic::catch_unwind(|| check(&limits)).is_err(), "{name}");
            }
        }
    }

    proptest! {
        #[test]
        fn the_next_query_is_later_and_at_most_a_minute_away(age_s in 0..10_000_000_i64) {
            let next_s = next_order_poll_s(age_s);
            prop_assert!(next_s > age_s && next_s <= age_s + ORDER_POLL_S);
            // A query that runs late does not move the ones after it.
            prop_assert!(FIRST_ORDER_POLLS_S.contains(&next_s) || next_s % ORDER_POLL_S == 0);
        }
    }
}
