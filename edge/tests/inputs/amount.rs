//! Amounts as people type them.

use std::collections::BTreeSet;

use shared::amount::Amount;
use shared::limits::Limits;
use shared::money::{Currency, Money};
use shared::text::{digit, is_ignorable};

use super::rng::Rng;
use super::{feed, text};

const TYPED: &[char] = &[
    '0', '1', '2', '5', '9', '０', '５', '９', '.', ',', '，', '．', '。', ' ', '¥', '￥', '$',
    '＄', '+', '-', 'e', 'E', '_', '元', '块', '钱', '٣', '٫', '\u{200E}', '\u{3000}',
];

/// The value of a text in minor units, read digit by digit; `None` if it is not an amount.
fn oracle(typed: &str, currency: Currency) -> Option<u128> {
    let mut text = String::new();
    let mut scripts = BTreeSet::new();
    for c in typed.chars().filter(|c| !is_ignorable(*c)) {
        text.push(match (digit(c), c) {
            (Some(value), c) => {
                let zero = u32::from(c) - u32::from(value);
                scripts.insert(if zero == u32::from('０') { u32::from('0') } else { zero });
                char::from(b'0' + value)
            }
            (None, '￥') => '¥',
            (None, '＄') => '$',
            (None, '，' | '٬') => ',',
            (None, '．' | '。' | '٫') => '.',
            (None, c) => c.to_ascii_uppercase(),
        });
    }
    if scripts.len() > 1 {
        return None;
    }
    let (front, behind): (&[&str], &[&str]) = match currency {
        Currency::Cny => (
            &["CN¥", "¥", "CNY", "RMB", "人民币"],
            &["元", "块", "块钱", "圆", "人民币", "¥", "CNY", "RMB"],
        ),
        Currency::Usd => (&["US$", "$", "USD", "美元"], &["美元", "美金", "US$", "$", "USD"]),
    };
    let text = text.trim();
    let text = front.iter().find_map(|name| text.strip_prefix(name)).unwrap_or(text).trim_start();
    let text = behind.iter().find_map(|name| text.strip_suffix(name)).unwrap_or(text).trim_end();
    let mut chars: Vec<char> = text.chars().collect();
    // Commas are separators if a point follows and there is one before each third digit.
    if let Some(point) = chars.iter().position(|c| *c == '.') {
        let (whole, places) = chars.split_at(point);
        let mut groups = whole.split(|c| *c == ',');
        let first = groups.next().unwrap().len();
        if (1..=3).contains(&first) && groups.all(|group| group.len() == 3) {
            let digits = whole.iter().filter(|c| **c != ',');
            chars = digits.chain(places).copied().collect();
        }
    }
    let (mut minor, mut digits, mut places) = (0_u128, 0, None::<u32>);
    for c in chars {
        let value = match c {
            '0'..='9' => c as u128 - '0' as u128,
            '.' | ',' if digits > 0 && places.is_none() => {
                places = Some(0);
                continue;
            }
            _ => return None,
        };
        digits += 1;
        places = places.map(|places| places + 1);
        // The exact value no longer matters far above every cap.
        minor = (minor * 10 + value).min(u128::MAX / 1000);
    }
    match places {
        None | Some(0) if digits > 0 => Some(minor * 100),
        Some(1) => Some(minor * 10),
        Some(2) => Some(minor),
        _ => None,
    }
}

fn valid(rng: &mut Rng, currency: Currency) -> (String, i64) {
    let Limits { praise_min_minor: min, praise_cap_minor: cap, .. } = Limits::of(currency);
    let minor = min + rng.below((cap - min + 1) as usize) as i64;
    let money = Money::new(minor, currency);
    let unit = match currency {
        Currency::Cny => text::one(rng, &["元", " 块", "块钱", "CNY", "rmb", "¥", " ￥"]),
        Currency::Usd => text::one(rng, &["美元", " usd", "$", " US$"]),
    };
    let typed = match rng.below(6) {
        0 => money.to_major_string(),
        1 => money.to_string(),
        2 => money.to_short_string(),
        3 => format!("{}{unit}", money.to_short_string()),
        // Like `1,000.00` with its first digit overwritten.
        4 => format!("0,{:03}.{:02}", minor / 100, minor % 100),
        _ => money.to_major_string().replace('.', text::one(rng, &[",", "。", "．", "，"])),
    };
    (typed, minor)
}

#[test]
fn amounts() {
    feed("amount", |rng| {
        let currency = Currency::ALL[rng.below(2)];
        let (good, minor) = valid(rng, currency);
        let typed = match rng.below(4) {
            0 => {
                // The displayed amount parses back to the same value.
                assert_eq!(Amount::parse(&good, currency).unwrap().money().minor, minor, "{good}");
                good
            }
            1 => text::mutated(rng, &good),
            2 => text::of(rng, TYPED, 12),
            _ => text::noise(rng, 20),
        };
        let limits = Limits::of(currency);
        let bounds = limits.praise_min_minor as u128..=limits.praise_cap_minor as u128;
        let expected = oracle(&typed, currency).filter(|minor| bounds.contains(minor));
        let read = Amount::parse(&typed, currency).ok().map(|amount| amount.money());
        assert_eq!(read.map(|money| money.minor as u128), expected, "{typed:?} {currency}");
        assert!(read.is_none_or(|money| money.currency == currency));
        read.is_some()
    });
}
