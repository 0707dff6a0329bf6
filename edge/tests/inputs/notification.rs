//! Provider messages: their signature and their contents.

use edge::database::sqlite::Sqlite;
use edge::entropy::Entropy;
use edge::provider::sandbox::Sandbox;
use edge::provider::{
    DisputeOutcome, DisputeReport, EventKind, Message, OrderReport, PaidReport, PaymentProvider,
    SignedMessage,
};
use futures_util::FutureExt;
use shared::calendar::Moment;
use shared::money::{Currency, Money};

use super::rng::{CountingEntropy, Rng};
use super::{feed, text};

const ID: &[char] = &['a', 'z', '0', '9', '_', '"', '\\', '雪', '\u{0}'];

fn message(rng: &mut Rng) -> Message {
    let mut id = || text::of(rng, ID, 30);
    let (event_id, number, transaction_id) = (id(), id(), id());
    let mut moment = || Moment::from_ms((rng.next() % 4_102_444_800_000) as i64);
    let (at, then) = (moment(), moment());
    let minor = (rng.next() >> (11 + rng.below(53))) as i64;
    let amount = Money::new(minor, Currency::ALL[rng.below(2)]);
    let payer = (rng.below(2) == 0).then(|| text::of(rng, ID, 30));
    let report = |rng: &mut Rng| match rng.below(4) {
        0 => OrderReport::Waiting,
        1 => OrderReport::Declined,
        2 => OrderReport::Closed,
        _ => OrderReport::Paid(PaidReport {
            transaction_id: transaction_id.clone(),
            amount,
            paid_at: at,
            payer: payer.clone(),
        }),
    };
    let kind = match rng.below(4) {
        0 => EventKind::Refund { number },
        1 => EventKind::Payout { number },
        2 => EventKind::Dispute(DisputeReport {
            number,
            transaction_id: transaction_id.clone(),
            amount,
            opened_at: at,
            outcome: match rng.below(3) {
                0 => DisputeOutcome::Open,
                1 => DisputeOutcome::Won { at: then },
                _ => DisputeOutcome::Lost { at: then },
            },
        }),
        _ => EventKind::Order { number, report: report(rng) },
    };
    Message { event_id, kind }
}

/// A message with one part changed, or none.
fn changed(rng: &mut Rng, good: &SignedMessage) -> SignedMessage {
    let mut sent = good.clone();
    match rng.below(9) {
        0 => {}
        1 => sent.body = text::mutated(rng, &good.body),
        2 => sent.signature = text::mutated(rng, &good.signature),
        3 => sent.timestamp = text::mutated(rng, &good.timestamp),
        4 => std::mem::swap(&mut sent.timestamp, &mut sent.signature),
        5 => sent.signature = good.signature.to_uppercase(),
        6 => sent.timestamp = format!("{}{}", text::one(rng, &["0", "+", " "]), good.timestamp),
        7 => sent.body = format!("{}{}", good.body, text::one(rng, &["\n", " ", "}", "\u{0}"])),
        // As if the header were missing.
        _ => match rng.below(3) {
            0 => sent.timestamp.clear(),
            1 => sent.signature.clear(),
            _ => sent.body.clear(),
        },
    }
    sent
}

fn database() -> Sqlite {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations-sandbox");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    let texts: Vec<String> =
        files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    Sqlite::with_migrations(&texts).unwrap()
}

#[test]
fn notifications() {
    let db = database();
    let entropy = CountingEntropy::new();
    assert_ne!(entropy.bytes(), entropy.bytes());
    let sandbox = Sandbox::open(&db, &entropy).now_or_never().unwrap().unwrap();
    feed("notification", |rng| {
        let now = Moment::from_ms((rng.next() % 4_102_444_800_000) as i64);
        let said = message(rng);
        let good = sandbox.sign(&said, now).unwrap();
        let sent = changed(rng, &good);
        // The signature is valid up to and including five minutes before and after now.
        let age_s = rng.below(1200) as i64 - 600;
        let received_at = Moment::from_ms(now.ms() / 1000 * 1000).plus_seconds(age_s);
        let read = sandbox.verify(&sent, received_at).now_or_never().unwrap();
        let right = sent == good && (-300..=300).contains(&age_s);
        assert_eq!(read.as_ref().ok(), right.then_some(&said), "{sent:?} {age_s}");
        // A body that can be parsed, signed or not, is unchanged when it is serialised again.
        if let Ok(message) = sandbox.parse(&sent.body) {
            let again = serde_json::to_string(&message).unwrap();
            assert_eq!(sandbox.parse(&again).ok(), Some(message), "{sent:?}");
        }
        let _ = sandbox.parse(&text::noise(rng, 60));
        read.is_ok()
    });
}
