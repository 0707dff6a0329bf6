//! Forged messages: of ten thousand altered messages none is accepted, and none leaves a trace.

use edge::payments::webhook::{self, Received};
use edge::provider::sandbox::Sandbox;
use edge::provider::{
    DisputeOutcome, DisputeReport, EventKind, Message, OrderReport, PaidReport, SignedMessage,
};
use shared::calendar::Moment;
use shared::money::{Currency, Money};

use crate::support::people::Fixture;
use crate::support::rng::{CountingEntropy, Rng};
use crate::support::world::{World, database};

const FORGERIES: usize = 10_000;

/// Genuine messages, signed by the provider; each of them would change something.
fn genuine(world: &World, order: &str) -> Vec<SignedMessage> {
    let amount = Money::new(1000, Currency::Cny);
    let paid =
        PaidReport { transaction_id: "tx-1".into(), amount, paid_at: world.now(), payer: None };
    let dispute = DisputeReport {
        number: "dsp-1".into(),
        transaction_id: "tx-1".into(),
        amount,
        opened_at: world.now(),
        outcome: DisputeOutcome::Open,
    };
    let number = order.to_owned();
    let order = |report| EventKind::Order { number: number.clone(), report };
    let kinds = [
        order(OrderReport::Paid(paid)),
        order(OrderReport::Declined),
        order(OrderReport::Closed),
        EventKind::Refund { number: "ref_1".into() },
        EventKind::Payout { number: "ptp_1".into() },
        EventKind::Dispute(dispute),
    ];
    let sign = |(i, kind)| {
        let message = Message { event_id: format!("evt-{i}"), kind };
        world.run(async |ctx| ctx.provider.sandbox.sign(&message, ctx.now).unwrap())
    };
    kinds.into_iter().enumerate().map(sign).collect()
}

/// The same messages, signed with the key of another sandbox.
fn foreign(messages: &[SignedMessage], now: Moment) -> Vec<SignedMessage> {
    let db = crate::support::faulty_database::FaultyDatabase::new(database("migrations-sandbox"));
    let entropy = CountingEntropy::new();
    // Skips the first keys, which the world's own sandbox has drawn.
    for _ in 0..10 {
        edge::entropy::Entropy::bytes(&entropy);
    }
    crate::support::executor::run_to_end(async {
        let sandbox = Sandbox::open(&db, &entropy).await.unwrap();
        let again = |message: &SignedMessage| {
            let message: Message = serde_json::from_str(&message.body).unwrap();
            sandbox.sign(&message, now).unwrap()
        };
        messages.iter().map(again).collect()
    })
    .unwrap()
}

/// Flips one bit of one byte and keeps the text valid UTF-8.
fn flip(rng: &mut Rng, text: &mut String) {
    let mut bytes = std::mem::take(text).into_bytes();
    if let Some(at) = (!bytes.is_empty()).then(|| rng.below(bytes.len())) {
        bytes[at] ^= 1 << rng.below(7);
    }
    *text = String::from_utf8_lossy(&bytes).into_owned();
}

/// A message that the provider never sent in this form.
fn forged(
    rng: &mut Rng,
    genuine: &[SignedMessage],
    foreign: &[SignedMessage],
    now: Moment,
) -> SignedMessage {
    let place = rng.below(genuine.len());
    let other = (place + 1 + rng.below(genuine.len() - 1)) % genuine.len();
    let mut sent = genuine[place].clone();
    let SignedMessage { timestamp, signature, body } = &mut sent;
    match rng.below(16) {
        0 => flip(rng, body),
        1 => flip(rng, signature),
        2 => flip(rng, timestamp),
        3 => *signature = genuine[other].signature.clone(),
        4 => *body = genuine[other].body.clone(),
        5 => std::mem::swap(timestamp, signature),
        6 => std::mem::swap(body, signature),
        7 => [timestamp, signature, body][rng.below(3)].clear(),
        8 => body.truncate(rng.below(body.len())),
        9 => signature.truncate(rng.below(signature.len())),
        // The same JSON, formatted differently.
        10 => {
            let value: serde_json::Value = serde_json::from_str(body).unwrap();
            *body = serde_json::to_string_pretty(&value).unwrap();
        }
        11 => {
            *body = body.replacen("1000", ["9999", "1001", "100", "10000", "1e3"][rng.below(5)], 1)
                + " "
        }
        12 => *signature = signature.to_uppercase() + &"a".repeat(rng.below(2)),
        13 => *timestamp = format!("{}{timestamp}", ["0", "+", " ", "-"][rng.below(4)]),
        // A past or future timestamp with the signature of the present one.
        14 => *timestamp = (now.ms() / 1000 + 1 + rng.below(1_000_000) as i64).to_string(),
        _ => return foreign[place].clone(),
    }
    sent
}

#[test]
fn ten_thousand_altered_messages_are_refused_and_store_nothing() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let order = world.order_of(&world.start_praise(&reader, &article, 1000));
    let genuine = genuine(&world, &order);
    let foreign = foreign(&genuine, world.now());
    let before = world.dump();
    let mut rng = Rng::new(7);
    for number in 1..=FORGERIES {
        let sent = forged(&mut rng, &genuine, &foreign, world.now());
        assert!(!genuine.contains(&sent), "nothing was changed: {sent:?}");
        let received = world.run(async |ctx| webhook::receive(ctx, &sent).await.unwrap());
        assert_eq!(received, Received::Invalid, "{sent:?}");
        if number % 1000 == 0 {
            assert_eq!(world.dump(), before, "among the last before {number}");
        }
    }
    // The changes are what makes them invalid: each unchanged message is accepted.
    for message in &genuine {
        let received = world.run(async |ctx| webhook::receive(ctx, message).await.unwrap());
        assert!(matches!(received, Received::Stored(_)), "{message:?}");
    }
    assert_ne!(world.dump(), before);
}

#[test]
fn a_genuine_message_is_valid_for_five_minutes_either_way() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let order = world.order_of(&world.start_praise(&reader, &article, 1000));
    let genuine = genuine(&world, &order);
    let before = world.dump();
    let signed_at = world.now();
    for away_s in [301, 302, 3600, 86_400, -301, -302, -3600] {
        world.set_now(signed_at.plus_seconds(away_s));
        for message in &genuine {
            let received = world.run(async |ctx| webhook::receive(ctx, message).await.unwrap());
            assert_eq!(received, Received::Invalid, "{away_s} {message:?}");
        }
    }
    world.set_now(signed_at);
    assert_eq!(world.dump(), before);
}
