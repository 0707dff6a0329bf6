//! How long to wait, and until when, as part of a sentence.

use crate::lang::Lang;
use crate::money::Currency;

/// When a daily limit resets: days begin at midnight in the currency's own zone.
pub(super) const fn midnight(currency: Currency, lang: Lang) -> &'static str {
    match (currency, lang) {
        (Currency::Cny, Lang::En) => "midnight in Beijing",
        (Currency::Cny, Lang::ZhHans) => "北京时间零点",
        (Currency::Usd, Lang::En) => "midnight UTC",
        (Currency::Usd, Lang::ZhHans) => "UTC 零点",
    }
}

/// The window in which attempts are counted.
pub(super) fn window(seconds: i64, lang: Lang) -> String {
    match (seconds, lang) {
        (60, Lang::En) => "a minute".into(),
        (60, Lang::ZhHans) => "每分钟".into(),
        (86_400, Lang::En) => "a day".into(),
        (86_400, Lang::ZhHans) => "每天".into(),
        (seconds, Lang::En) => format!("within {}", duration(seconds, lang)),
        (seconds, Lang::ZhHans) => format!("每 {}内", duration(seconds, lang)),
    }
}

/// A time to wait, rounded up to seconds, minutes or hours: `20 seconds`, `3 小时`.
pub(super) fn duration(seconds: i64, lang: Lang) -> String {
    let (number, one, many, zh) = match seconds {
        ..=119 => (seconds, "second", "seconds", "秒"),
        120..=7_199 => (round_up(seconds, 60), "minute", "minutes", "分钟"),
        _ => (round_up(seconds, 3_600), "hour", "hours", "小时"),
    };
    match lang {
        Lang::En => format!("{number} {}", if number == 1 { one } else { many }),
        Lang::ZhHans => format!("{number} {zh}"),
    }
}

const fn round_up(seconds: i64, unit: i64) -> i64 {
    (seconds + unit - 1) / unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_is_that_of_the_currencys_time_zone() {
        assert_eq!(midnight(Currency::Cny, Lang::En), "midnight in Beijing");
        assert_eq!(midnight(Currency::Cny, Lang::ZhHans), "北京时间零点");
        assert_eq!(midnight(Currency::Usd, Lang::En), "midnight UTC");
        assert_eq!(midnight(Currency::Usd, Lang::ZhHans), "UTC 零点");
    }

    #[test]
    fn a_wait_is_told_in_the_unit_that_fits() {
        for (seconds, en, zh) in [
            (1, "1 second", "1 秒"),
            (59, "59 seconds", "59 秒"),
            (119, "119 seconds", "119 秒"),
            (120, "2 minutes", "2 分钟"),
            (121, "3 minutes", "3 分钟"),
            (3_600, "60 minutes", "60 分钟"),
            (7_199, "120 minutes", "120 分钟"),
            (7_200, "2 hours", "2 小时"),
            (7_201, "3 hours", "3 小时"),
            (86_399, "24 hours", "24 小时"),
        ] {
            assert_eq!(duration(seconds, Lang::En), en);
            assert_eq!(duration(seconds, Lang::ZhHans), zh);
        }
        assert_eq!(window(60, Lang::En), "a minute");
        assert_eq!(window(60, Lang::ZhHans), "每分钟");
        assert_eq!(window(86_400, Lang::En), "a day");
        assert_eq!(window(86_400, Lang::ZhHans), "每天");
        assert_eq!(window(300, Lang::En), "within 5 minutes");
        assert_eq!(window(300, Lang::ZhHans), "每 5 分钟内");
    }
}
