//! The timeline of a praise: every state with its date, and what comes next. Its reader and its
//! writer see the same.

use leptos::prelude::*;
use shared::api::timeline::{Coming, Timeline, TimelineEntry};
use shared::calendar::Day;
use shared::lang::Lang;
use shared::machine::FreezeRule;
use shared::money::Currency;

use crate::when;
use crate::words::Words;
use crate::words::receipt::ReceiptWords;

/// The list, oldest first, with the next step at its end. Times are those of `currency`'s zone.
pub(crate) fn timeline(timeline: Timeline, currency: Currency, lang: Lang) -> AnyView {
    let words = Words::of(lang);
    let receipt = ReceiptWords::of(lang);
    let happened = timeline.entries.into_iter().map(|entry| {
        let at = when::date_time(words, entry.at, currency);
        let detail = detail(&entry, currency, lang);
        view! {
            <li>
                <strong>{entry.what.words(lang)}</strong>
                {detail.map(|detail| view! { <p>{detail}</p> })}
                <p class="meta">{when::stamp(entry.at, at)}</p>
            </li>
        }
    });
    let next = timeline.next.map(|next| {
        // A day is meant where a day decides; the time of day says no more.
        let at = next.at.map(|at| {
            let text = match next.what {
                Coming::Due | Coming::Payout | Coming::PayoutSent => when::date(words, at, currency),
                _ => (receipt.by)(&when::date_time(words, at, currency)),
            };
            view! { <p class="meta">{when::stamp(at, text)}</p> }
        });
        let waits = (next.what == Coming::PayoutWaits).then(|| view! { <p>{receipt.waits}</p> });
        view! {
            <li class="coming">
                <strong><span class="hint">{receipt.next}</span> " " {next.what.words(lang)}</strong>
                {waits}
                {at}
            </li>
        }
    });
    view! { <ol class="timeline">{happened.collect_view()}{next}</ol> }.into_any()
}

/// Why, or until when.
fn detail(entry: &TimelineEntry, currency: Currency, lang: Lang) -> Option<String> {
    let words = Words::of(lang);
    let receipt = ReceiptWords::of(lang);
    let reason = entry.reason.as_deref();
    let rule = reason.and_then(FreezeRule::from_name).map(receipt.freeze_rule);
    let why = rule.or_else(|| reason.and_then(receipt.right)).map(str::to_owned);
    let until = entry.until.map(|until| (receipt.until)(&when::date(words, until, currency)));
    let day = entry
        .day
        .as_deref()
        .and_then(Day::parse)
        .map(|day| (receipt.send_day)(&when::date(words, day.starts_at(currency), currency)));
    let card = entry.last4.as_ref().map(|last4| format!("•••• {last4}"));
    let parts: Vec<String> = [why, until, day, card].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}
