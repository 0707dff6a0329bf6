//! The provider's daily bill.

use edge::payments::reconcile::bill::{self, Kind, Row};
use edge::provider::BillFile;
use edge::provider::sandbox::bills::{Line, fee_minor, file};
use sha2::{Digest, Sha256};
use shared::money::{Currency, Money};

use super::rng::Rng;
use super::{feed, text};

const NUMBER: &[char] = &['a', 'z', 'Q', '0', '7', '_', '-', '.'];

fn lines(rng: &mut Rng) -> Vec<Line> {
    let line = |rng: &mut Rng| {
        let known = Kind::ALL.get(rng.below(Kind::ALL.len() + 1)).copied();
        let kind = known.unwrap_or(Kind::Other);
        let amount = 1 + (rng.next() >> (20 + rng.below(44))) as i64 % 999_999_999_999_999;
        Line {
            at: (rng.next() % 4_102_444_800_000) as i64,
            kind: if kind == Kind::Other { "调账".to_owned() } else { kind.as_str().to_owned() },
            number: format!("n{}", text::of(rng, NUMBER, 40)),
            reference: text::of(rng, NUMBER, 40),
            amount_minor: if kind.is_incoming() { amount } else { -amount },
            fee_minor: (rng.below(4) == 0).then(|| rng.below(2_000) as i64 - 1_000),
        }
    };
    (0..rng.below(6)).map(|_| line(rng)).collect()
}

fn same(row: &Row, line: &Line, currency: Currency) -> bool {
    row.at.ms() == line.at
        && row.provider_kind == line.kind
        && (row.kind == Kind::Other || row.kind.as_str() == line.kind)
        && row.number == line.number
        && row.reference == line.reference
        && row.amount_minor == line.amount_minor
        && row.fee_minor
            == line.fee_minor.unwrap_or_else(|| fee_minor(&line.kind, line.amount_minor, currency))
}

/// Asserts that every accepted row is in the text literally, and that the text contains nothing
/// else.
fn check_accepted(text: &str, rows: &[Row], currency: Currency) {
    let in_file: Vec<&str> = text.lines().collect();
    assert_eq!(rows.len() + 3, in_file.len(), "{text}");
    let mut sum = 0_i128;
    for (row, place) in rows.iter().zip(2..) {
        assert_eq!(row.line, place, "{text}");
        if row.kind != Kind::Other {
            assert_eq!(row.kind.is_incoming(), row.amount_minor > 0, "{text}");
            assert!(row.amount_minor != 0, "{text}");
        }
        assert!(!row.number.is_empty(), "{text}");
        let amount = Money::new(row.amount_minor, currency).to_major_string();
        let Row { number, reference, provider_kind, .. } = row;
        let part = format!(",`{provider_kind},`{number},`{reference},`{currency},`{amount},`");
        assert!(in_file[place - 1].contains(&part), "{part} in {text}");
        sum += i128::from(row.amount_minor);
    }
    let total = Money::new(sum as i64, currency).to_major_string();
    let summary = format!("`{},`{total},`", rows.len());
    assert!(in_file.last().is_some_and(|last| last.starts_with(&summary)), "{text}");
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn bills() {
    feed("bill", |rng| {
        let currency = Currency::ALL[rng.below(2)];
        let lines = lines(rng);
        let good = file(&lines, currency);
        let text = match rng.below(8) {
            0 | 1 => {
                let given = BillFile { text: good.clone(), sha256: hash(&good) };
                let rows = bill::read(&given, currency).unwrap();
                assert_eq!(rows.len(), lines.len());
                assert!(rows.iter().zip(&lines).all(|(row, line)| same(row, line, currency)));
                let other = Currency::ALL[usize::from(currency == Currency::Cny)];
                assert_eq!(bill::read(&given, other).is_ok(), lines.is_empty(), "{good}");
                good
            }
            2 => text::noise(rng, 200),
            3 => format!("\u{feff}{}", text::noise(rng, 200)),
            _ => {
                let changed = text::mutated(rng, &good);
                // Any change of the text is detected by the hash alone.
                let given = BillFile { text: changed.clone(), sha256: hash(&good) };
                assert_eq!(bill::read(&given, currency).is_ok(), changed == good, "{changed}");
                changed
            }
        };
        let rows = bill::rows(&text, currency);
        if let Ok(rows) = &rows {
            check_accepted(&text, rows, currency);
        }
        rows.is_ok()
    });
}

/// Processing time grows linearly with the length, also for a text that is almost a bill.
#[test]
fn long_bills_take_time_in_proportion() {
    let row = "`2026-11-22T09:30:00Z,`payment,`sbx1,`ord_1,`CNY,`10.00,`0.06000\n";
    let bill = |rows: usize| {
        format!(
            "\u{feff}{}\n{}{}\n`{rows},`{rows}0.00,`0\n",
            bill::HEADER,
            row.repeat(rows),
            bill::SUMMARY
        )
    };
    let commas = |many: usize| format!("\u{feff}{}\n{}\n", bill::HEADER, ",".repeat(many));
    let quickest = |text: &str| {
        let time = || {
            let started = std::time::Instant::now();
            // The total of the fees is wrong, which is detected only at the very end.
            assert!(bill::rows(text, Currency::Cny).is_err());
            started.elapsed()
        };
        (0..5).map(|_| time()).min().unwrap()
    };
    for (short, long) in [(bill(5_000), bill(40_000)), (commas(300_000), commas(2_400_000))] {
        let (short, long) = (quickest(&short), quickest(&long));
        assert!(long < short * 40 + std::time::Duration::from_millis(5), "{short:?} {long:?}");
    }
}
