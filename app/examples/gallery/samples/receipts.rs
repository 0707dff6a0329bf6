//! Receipts in the states that look different, and a reader's own limits.

use shared::api::timeline::{Coming, Happened, NextStep, Timeline, TimelineEntry};
use shared::calendar::due_at;
use shared::text::TextError;

use super::*;

/// An event, some minutes after the praise was paid.
fn happened(minutes: i64, what: Happened) -> TimelineEntry {
    let at = NOW.plus_minutes(minutes);
    TimelineEntry { at, what, reason: None, until: None, day: None, last4: None }
}

fn next(what: Coming, at: Option<Moment>) -> Option<NextStep> {
    Some(NextStep { what, at, reason: None })
}

/// A praise that can still be undone.
pub fn held(lang: Lang) -> PraisePage {
    let note = pick(lang, NOTE_ZH, NOTE_EN);
    let praise = praise(lang, PraiseState::Held, 888, Some(note));
    let due_at = praise.due_at;
    let until = Some(due_at);
    let entries =
        vec![happened(0, Happened::Paid), TimelineEntry { until, ..happened(0, Happened::Held) }];
    PraisePage {
        detail: PraiseDetail {
            praise,
            booked_at: NOW,
            undo_until: NOW.plus_minutes(10),
            can: vec![
                PraiseOption { action: PraiseAction::Undo, until: NOW.plus_minutes(10) },
                PraiseOption { action: PraiseAction::TakeBack, until: due_at },
            ],
            undos_left: 10,
            undo_reopens_at: None,
            take_backs_left: 3,
        },
        timeline: Timeline { entries, next: next(Coming::Due, until) },
        path: "/me/praises/prs_0123456789abcdefghjkmnpqrs".to_owned(),
        reader_name: Some("小满".to_owned()),
        can_only_narrow: false,
        refusal: None,
        changed: false,
    }
}

/// A praise whose undo window is over. Undoing it has just been refused.
pub fn undo_over(lang: Lang) -> PraisePage {
    let mut page = held(lang);
    page.detail.can.remove(0);
    page.detail.take_backs_left = 1;
    page.refusal = Some(Problem::UndoOver);
    page
}

/// A praise whose article is under review.
pub fn frozen(lang: Lang) -> PraisePage {
    let mut page = held(lang);
    page.detail.praise.state = PraiseState::Frozen;
    page.detail.can.clear();
    let until = NOW.plus_days(8);
    page.timeline.entries.push(TimelineEntry {
        reason: Some("selling".to_owned()),
        until: Some(until),
        ..happened(1500, Happened::Frozen)
    });
    page.timeline.next = next(Coming::Appeal, Some(until));
    page
}

/// A praise that was paid out.
pub fn paid_out(lang: Lang) -> PraisePage {
    let mut page = held(lang);
    let home = currency(lang);
    let due = due_at(NOW, home, 7);
    page.detail.praise.state = PraiseState::PaidOut;
    page.detail.can.clear();
    page.detail.take_backs_left = 0;
    page.detail.praise.reply = Some(reply(lang));
    page.changed = true;
    let after =
        |minutes, what| TimelineEntry { at: due.plus_minutes(minutes), ..happened(0, what) };
    let day = Some(due.day(home).to_string());
    page.timeline.entries.extend([
        after(0, Happened::Due),
        TimelineEntry { day, ..after(0, Happened::PayoutQueued) },
        after(1, Happened::PayoutSent),
        after(9, Happened::PaidOut),
    ]);
    page.timeline.next = None;
    page
}

/// A praise that its reader has taken back.
pub fn returning(lang: Lang) -> PraisePage {
    let mut page = held(lang);
    page.detail.praise.state = PraiseState::Returning;
    page.detail.can.clear();
    let reason = Some("take_back".to_owned());
    page.timeline.entries.push(TimelineEntry { reason, ..happened(95, Happened::Returning) });
    page.timeline.next = next(Coming::Arrives, Some(NOW.plus_days(7)));
    page
}

/// A praise as its writer sees it, without a reply.
pub fn received(lang: Lang) -> StudioPraisePage {
    let praise = studio(lang).accounts[0].praises[1].clone();
    StudioPraisePage { praise, timeline: held(lang).timeline, typed: String::new(), problem: None }
}

/// The same with a reply that is too long.
pub fn reply_too_long(lang: Lang) -> StudioPraisePage {
    let typed = pick(lang, NOTE_ZH, NOTE_EN).repeat(6);
    let problem = Problem::Text { field: "text", error: TextError::TooLong(140) };
    StudioPraisePage { typed, problem: Some(problem), ..received(lang) }
}

/// Limits in both currencies, one with a pending raise.
pub fn limits() -> LimitsPage {
    let one = |currency: Currency| {
        let money = |minor| Money::new(minor, currency);
        let product = Limits::of(currency);
        let none = |most| OwnLimit { most, limit: None, raise: None };
        CurrencyLimits {
            currency,
            praise: none(product.praise_cap()),
            day: none(money(product.reader_day_minor)),
            month: none(money(product.reader_day_minor * 31)),
            used_today: money(888),
            used_this_month: money(5200),
        }
    };
    let mut items = Currency::ALL.map(one).to_vec();
    let yuan = |minor| Some(Money::new(minor, Currency::Cny));
    items[0].praise.limit = yuan(2000);
    items[0].day.limit = yuan(5000);
    let raise = LimitRaise { limit: yuan(10_000), from: NOW.plus_days(1) };
    items[0].day.raise = Some(raise);
    LimitsPage { limits: ReaderLimits { items }, typed: None, saved: Some(Currency::Cny) }
}

/// The same with an invalid field.
pub fn limits_wrong() -> LimitsPage {
    let typed = LimitsInput {
        currency: Currency::Usd,
        praise: "thirty".to_owned(),
        day: String::new(),
        month: "200".to_owned(),
        wrong: vec!["praise"],
    };
    LimitsPage { typed: Some(typed), saved: None, ..limits() }
}
