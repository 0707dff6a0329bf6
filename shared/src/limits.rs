//! Every cap and limit, in one table per currency. The policy table in D1 is seeded with the same
//! numbers, and a test compares the two.

#![expect(
    clippy::inconsistent_digit_grouping,
    reason = "minor units are written so that the last two digits read as fen or cents"
)]

use crate::money::{Currency, Money};

/// Caps and limits in force for one currency. Amounts are minor units of that currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// What the amounts are in.
    pub currency: Currency,
    /// Smallest praise.
    pub praise_min_minor: i64,
    /// Largest praise.
    pub praise_cap_minor: i64,
    /// What one reader may start in a day, over all writers.
    pub reader_day_minor: i64,
    /// The same for a guest without an account.
    pub guest_day_minor: i64,
    /// What one article may receive in a day.
    pub article_day_minor: i64,
    /// What one writer (a person, over all official accounts) may receive in a day.
    pub writer_day_minor: i64,
    /// Days from the day a praise was paid until it is due.
    pub hold_days: i64,
    /// Minutes after booking during which the reader undoes with one tap.
    pub undo_minutes: i64,
    /// What an official account offers until its writer chooses otherwise.
    pub default_presets_minor: [i64; 6],
}

impl Limits {
    /// The defaults for a currency: version 1 of the policy.
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

/// Two fixed tables: the dollar caps are not converted ones.
const CNY: Limits = Limits {
    currency: Currency::Cny,
    praise_min_minor: 1_00,
    praise_cap_minor: 200_00,
    reader_day_minor: 1_000_00,
    guest_day_minor: 200_00,
    article_day_minor: 20_000_00,
    writer_day_minor: 50_000_00,
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
    article_day_minor: 3_000_00,
    writer_day_minor: 7_500_00,
    hold_days: 7,
    undo_minutes: 10,
    default_presets_minor: [1_00, 2_00, 3_00, 5_00, 10_00, 30_00],
};

/// A note to the writer is at most this many graphemes: what a person counts as characters.
pub const NOTE_MAX_GRAPHEMES: usize = 140;
/// A writer's appeal against the freeze of an article.
pub const APPEAL_MAX_GRAPHEMES: usize = 2_000;
/// Days of 24 hours, from the freeze of an article, in which its writer may appeal.
pub const APPEAL_DAYS: i64 = 7;
/// Days of 24 hours, from the appeal, in which operators decide it.
pub const DECIDE_DAYS: i64 = 14;
/// Why operators stop new praises everywhere.
pub const STOP_REASON_MAX_GRAPHEMES: usize = 500;
/// A writer's one-line ask.
pub const ASK_MAX_GRAPHEMES: usize = 60;
/// A name shown on the wall.
pub const NAME_MAX_GRAPHEMES: usize = 24;
/// An article's title.
pub const TITLE_MAX_GRAPHEMES: usize = 120;
/// An article's Markdown, in bytes.
pub const ARTICLE_MAX_BYTES: usize = 1_048_576;
/// The body of a JSON request, in bytes, where nothing larger is expected.
pub const JSON_MAX_BYTES: usize = 16_384;
/// How many presets an official account offers.
pub const PRESETS_MIN: usize = 3;
/// How many presets an official account offers at most.
pub const PRESETS_MAX: usize = 6;
/// Tiles of the wall shown before "more".
pub const WALL_PAGE: usize = 24;
/// Items in a list answer.
pub const LIST_PAGE: usize = 20;
/// Minutes that an intent waits for its payment.
pub const INTENT_MINUTES: i64 = 30;
/// Days without income after which what a writer owes may be written off.
pub const WRITE_OFF_DAYS: i64 = 180;
/// Days that an idempotency key is kept.
pub const KEY_DAYS: i64 = 7;
/// Days that a job is kept after it was done, for whoever looks into what happened.
pub const DONE_JOB_DAYS: i64 = 30;
/// Seconds between two questions about an order that is not final.
pub const ORDER_POLL_S: i64 = 30;
/// Days that a sign-in lasts.
pub const SESSION_DAYS: i64 = 30;

/// Attempts to start a praise in a minute, per human.
pub const STARTS_PER_MINUTE: i64 = 60;
/// Attempts to start a praise in a day, per human.
pub const STARTS_PER_DAY: i64 = 300;
/// Attempts to start a praise in a minute, per address.
pub const STARTS_PER_ADDRESS_MINUTE: i64 = 600;
/// Guests who may begin in a minute, per address: a train full of people, not a machine.
pub const GUESTS_PER_ADDRESS_MINUTE: i64 = 60;
/// Days that a reader's own limit for a month may cover: a month has at most so many.
pub const MONTH_DAYS_MAX: i64 = 31;
/// Days that an invitation code opens, where its maker says nothing.
pub const INVITATION_DAYS: i64 = 14;
/// Days that an invitation code opens at most.
pub const INVITATION_DAYS_MAX: i64 = 90;
/// An operator's note with an invitation.
pub const INVITATION_NOTE_MAX_GRAPHEMES: usize = 60;
/// Hours until a changed bank card is paid to.
pub const CARD_WAIT_HOURS: i64 = 72;
/// Hours until a reader's own limit, raised by the reader, counts.
pub const RAISE_WAIT_HOURS: i64 = 24;
/// How many praises one human can take back in a month. The triggers on `take_back_month` enforce it.
pub const TAKE_BACKS_PER_MONTH: i64 = 3;

/// How the limits relate, checked when this is compiled.
const fn check(limits: &Limits) {
    assert!(0 < limits.praise_min_minor);
    assert!(limits.praise_min_minor <= limits.praise_cap_minor);
    assert!(limits.praise_cap_minor <= limits.guest_day_minor);
    assert!(limits.guest_day_minor <= limits.reader_day_minor);
    assert!(limits.reader_day_minor <= limits.article_day_minor);
    assert!(limits.article_day_minor <= limits.writer_day_minor);
    assert!(limits.hold_days > 0 && limits.undo_minutes > 0);
    assert!(limits.undo_minutes < limits.hold_days * 24 * 60);
    let presets = &limits.default_presets_minor;
    assert!(presets.len() >= PRESETS_MIN && presets.len() <= PRESETS_MAX);
    assert!(presets[0] >= limits.praise_min_minor);
    assert!(presets[presets.len() - 1] <= limits.praise_cap_minor);
    let mut i = 1;
    while i < presets.len() {
        assert!(presets[i - 1] < presets[i]);
        i += 1;
    }
}

const _: () = check(&CNY);
const _: () = check(&USD);
