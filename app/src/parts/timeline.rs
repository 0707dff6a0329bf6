//! The timeline of a praise: what happened, with dates, and what happens next.

use leptos::prelude::*;
use shared::api::timeline::{Coming, Timeline, TimelineEntry};
use shared::calendar::Day;
use shared::lang::Lang;
use shared::machine::FreezeRule;
use shared::money::Currency;

use crate::datetime;
use crate::words::Words;
use crate::words::receipt::ReceiptWords;
use crate::words::timeline::{Side, coming, happened, refund_reason};

/// The list, oldest first, with the next step at its end. Times are in the zone of `currency`.
pub(crate) fn timeline(timeline: Timeline, currency: Currency, side: Side, lang: Lang) -> AnyView {
    let words = Words::of(lang);
    let receipt = ReceiptWords::of(lang);
    let entries = timeline.entries.into_iter().map(|entry| {
        let at = datetime::date_time(words, entry.at, currency);
        let detail = detail(&entry, currency, side, lang);
        view! {
            <li>
                <strong>{happened(entry.what, side, lang)}</strong>
                {detail.map(|detail| view! { <p>{detail}</p> })}
                <p class="meta">{datetime::time_element(entry.at, at)}</p>
            </li>
        }
    });
    let next = timeline.next.map(|next| {
        // These steps go by days, so the time of day says nothing.
        let at = next.at.map(|at| {
            let text = match next.what {
                Coming::Due | Coming::Payout | Coming::PayoutSent => {
                    datetime::date(words, at, currency)
                }
                _ => (receipt.by)(&datetime::date_time(words, at, currency)),
            };
            view! { <p class="meta">{datetime::time_element(at, text)}</p> }
        });
        let waits =
            (next.what == Coming::PayoutWaits).then(|| view! { <p>{receipt.payout_waits}</p> });
        view! {
            <li class="coming">
                <strong>
                    <span class="hint">{receipt.next}</span>
                    " "
                    {coming(next.what, side, lang)}
                </strong>
                {waits}
                {at}
            </li>
        }
    });
    view! { <ol class="timeline">{entries.collect_view()}{next}</ol> }.into_any()
}

/// The reason, the end of a period, the day or the card of an event.
fn detail(entry: &TimelineEntry, currency: Currency, side: Side, lang: Lang) -> Option<String> {
    let words = Words::of(lang);
    let receipt = ReceiptWords::of(lang);
    let reason = entry.reason.as_deref().and_then(|reason| {
        let rule = FreezeRule::from_name(reason).map(receipt.freeze_rule);
        rule.or_else(|| refund_reason(reason, side, lang)).map(str::to_owned)
    });
    let until = entry.until.map(|until| (receipt.until)(&datetime::date(words, until, currency)));
    let day =
        entry.day.as_deref().and_then(Day::parse).map(|day| {
            (receipt.send_day)(&datetime::date(words, day.starts_at(currency), currency))
        });
    let card = entry.last4.as_ref().map(|last4| format!("•••• {last4}"));
    let parts: Vec<String> = [reason, until, day, card].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}
