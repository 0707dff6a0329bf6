//! The moment a praise becomes due: the bank disputes it, its reader takes it back, and the payout
//! claims it. Exactly one of the three wins, and whatever the bank then decides, the money is in
//! one place.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::freeze_at_due_time::{
    BEFORE_MS, ContestedPraise, contested_praises, many, shortly_before,
};
use crate::{ExclusiveSite, in_threads};

/// How often each of the three won.
#[derive(Debug, Default)]
struct Outcomes {
    taken_back: usize,
    disputed: usize,
    paid_out: usize,
}

/// For each praise in turn, its reader takes it back and the bank disputes it at the same moment,
/// while the payouts run. Returns for each praise whether the take-back was accepted, and the
/// dispute's number.
fn race(site: &ExclusiveSite, praises: &[ContestedPraise], start: Instant) -> Vec<(bool, String)> {
    let over = AtomicBool::new(false);
    let wait = |number: usize| {
        let after = 2 * BEFORE_MS as u64 * number as u64 / many() as u64;
        let wanted_at = start + Duration::from_millis(after);
        thread::sleep(wanted_at.saturating_duration_since(Instant::now()));
    };
    let wait = &wait;
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    site.run_jobs();
                }
            });
        }
        let back: Vec<_> = (0..many())
            .map(|number| {
                scope.spawn(move || {
                    wait(number);
                    let path = format!("/api/v1/praises/{}/take-back", praises[number].id);
                    praises[number].reader.call("POST", &path).send().status
                })
            })
            .collect();
        let disputed: Vec<_> = (0..many())
            .map(|number| {
                scope.spawn(move || {
                    wait(number);
                    let path = format!("/sandbox/api/orders/{}/dispute", praises[number].order);
                    let answer = site.call("POST", &path).json(&json!({})).send().expect(201);
                    answer.json()["number"].as_str().expect("a number").to_owned()
                })
            })
            .collect();
        let back = back.into_iter().map(|one| match one.join().expect("an answer") {
            200 => true,
            409 | 403 => false,
            status => panic!("taking back was answered {status}"),
        });
        let back: Vec<bool> = back.collect();
        let numbers: Vec<String> =
            disputed.into_iter().map(|one| one.join().expect("an answer")).collect();
        over.store(true, Ordering::Relaxed);
        back.into_iter().zip(numbers).collect()
    })
}

fn state(praise: &ContestedPraise) -> String {
    let praise = praise.reader.get(&format!("/api/v1/praises/{}", praise.id)).expect(200).json();
    praise["praise"]["state"].as_str().expect("a state").to_owned()
}

/// Whether the praise was paid out to the writer's card.
fn paid(praise: &ContestedPraise) -> bool {
    let path = format!("/api/v1/studio/accounts/{}/payouts", praise.writer.handle);
    let payouts = praise.writer.person.get(&path).expect(200).json();
    let items = payouts["items"].as_array().expect("a list").iter();
    let paid: Vec<_> = items.filter(|item| item["state"] == "succeeded").collect();
    assert!(paid.len() <= 1, "{} was paid out twice: {payouts}", praise.id);
    !paid.is_empty()
}

#[test]
fn of_dispute_take_back_and_payout_exactly_one_wins_every_time() {
    let site = ExclusiveSite::new();
    site.avoid_midnight();
    let (praises, due_at) = contested_praises(&site);
    let start = shortly_before(&site, due_at);
    let told = race(&site, &praises, start);
    // Pending refunds and transfers arrive, unless they wait for the bank.
    site.advance_s(1_800);

    let mut outcomes = Outcomes::default();
    let mut before = Vec::with_capacity(many());
    for (praise, (taken, _)) in praises.iter().zip(&told) {
        let state = state(praise);
        match state.as_str() {
            // The refund was either sent before the dispute was opened, or waits for it.
            "returned" | "returning" => outcomes.taken_back += 1,
            "disputed" => outcomes.disputed += 1,
            "paid_out" => outcomes.paid_out += 1,
            other => panic!("{} is {other}", praise.id),
        }
        assert_eq!(state.starts_with("return"), *taken, "{} is {state}", praise.id);
        assert_eq!(state == "paid_out", paid(praise), "{} is {state}", praise.id);
        before.push(state);
    }
    eprintln!("{outcomes:?}");
    assert_eq!(outcomes.taken_back + outcomes.disputed + outcomes.paid_out, many());
    // Each of the three must win sometimes, otherwise there was no race.
    assert!(
        outcomes.taken_back > 0 && outcomes.disputed > 0 && outcomes.paid_out > 0,
        "{outcomes:?}"
    );

    // The bank decides every second dispute for the reader.
    let lost = |number: usize| number % 2 == 1;
    in_threads(6, many(), |number| {
        let path = format!("/sandbox/api/disputes/{}/decide", told[number].1);
        let outcome = json!({ "outcome": if lost(number) { "lost" } else { "won" } });
        site.call("POST", &path).json(&outcome).send().expect(204);
    });
    site.advance_s(86_400);
    for (number, (praise, before)) in praises.iter().zip(&before).enumerate() {
        let after = state(praise);
        let fits: &[&str] = match (before.as_str(), lost(number)) {
            ("returned", _) | ("returning", false) => &["returned"],
            ("returning" | "disputed", true) => &["lost"],
            ("disputed", false) | ("paid_out", _) => &["paid_out"],
            other => panic!("{other:?}"),
        };
        assert!(fits.contains(&after.as_str()), "{} was {before}, is {after}", praise.id);
        assert_eq!(after == "paid_out", paid(praise), "{} is {after}", praise.id);
    }
}
