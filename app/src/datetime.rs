//! Dates and times as people write them: 2026年11月29日, 29 November 2026.

use leptos::prelude::*;
use shared::calendar::Moment;
use shared::lang::Lang;
use shared::money::Currency;

use crate::words::article::ArticleWords;
use crate::words::{Words, Zone};

/// Returns the currency in whose time zone a page of this language shows moments that have nothing
/// to do with money: Beijing time in Chinese, UTC in English. A moment that belongs to an amount is
/// shown in the zone of its own currency, because the limits of that currency go by its days.
pub(crate) const fn zone_of(lang: Lang) -> Currency {
    match lang {
        Lang::ZhHans => Currency::Cny,
        Lang::En => Currency::Usd,
    }
}

/// Formats a date: `29 November 2026`.
pub(crate) fn date(words: &ArticleWords, moment: Moment, zone: Currency) -> String {
    let local = moment.local(zone);
    (words.date)(local.year, local.month, local.day)
}

/// Formats a time of day with its zone: `14:30 (UTC)`.
pub(crate) fn time(words: &Words, moment: Moment, zone: Currency) -> String {
    let local = moment.local(zone);
    let name = match zone {
        Currency::Cny => Zone::Beijing,
        Currency::Usd => Zone::Utc,
    };
    (words.time)(&format!("{:02}:{:02}", local.hour, local.minute), name)
}

/// Formats date and time: `29 November 2026 14:30 (UTC)`.
pub(crate) fn date_time(words: &Words, moment: Moment, zone: Currency) -> String {
    format!("{} {}", date(words, moment, zone), time(words, moment, zone))
}

/// Renders a `<time>` element that shows `text` and carries `moment` for machines.
pub(crate) fn time_element(moment: Moment, text: String) -> impl IntoView + use<> {
    view! { <time datetime=moment.to_rfc3339()>{text}</time> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_dates_as_people_do() {
        let moment = Moment::from_rfc3339("2026-11-28T16:05:00Z").unwrap();
        let (en, zh) = (Words::of(Lang::En), Words::of(Lang::ZhHans));
        assert_eq!(date(en, moment, Currency::Usd), "28 November 2026");
        assert_eq!(date(en, moment, Currency::Cny), "29 November 2026");
        assert_eq!(date(zh, moment, Currency::Cny), "2026年11月29日");
        assert_eq!(time(en, moment, Currency::Cny), "00:05 (Beijing)");
        assert_eq!(time(zh, moment, Currency::Cny), "00:05");
        assert_eq!(time(zh, moment, Currency::Usd), "16:05（UTC）");
    }
}
