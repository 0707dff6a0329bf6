//! Dates and times as people write them: 2026年11月29日, 29 November 2026.

use leptos::prelude::*;
use shared::calendar::Moment;
use shared::lang::Lang;
use shared::money::Currency;

use crate::words::reading::ReadingWords;
use crate::words::{Words, Zone};

/// The currency whose zone a moment is shown in. Where money is concerned that is the money's own,
/// because its days decide; elsewhere it follows the page: Beijing time in Chinese, UTC in English.
pub(crate) const fn home(lang: Lang) -> Currency {
    match lang {
        Lang::ZhHans => Currency::Cny,
        Lang::En => Currency::Usd,
    }
}

/// `29 November 2026`
pub(crate) fn date(words: &ReadingWords, moment: Moment, at: Currency) -> String {
    let local = moment.local(at);
    (words.date)(local.year, local.month, local.day)
}

/// `14:30 (UTC)`
pub(crate) fn time(words: &Words, moment: Moment, at: Currency) -> String {
    let local = moment.local(at);
    let zone = match at {
        Currency::Cny => Zone::Beijing,
        Currency::Usd => Zone::Utc,
    };
    (words.time)(&format!("{:02}:{:02}", local.hour, local.minute), zone)
}

/// `29 November 2026, 14:30 (UTC)`
pub(crate) fn date_time(words: &Words, moment: Moment, at: Currency) -> String {
    format!("{} {}", date(words, moment, at), time(words, moment, at))
}

/// A `<time>` that says `text` and means `moment`.
pub(crate) fn stamp(moment: Moment, text: String) -> impl IntoView + use<> {
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
