//! The moment a praise becomes due: its bank disputes it, its reader takes it back, and the payout
//! claims it. Exactly one of the three wins, and whatever the bank then decides, the money is in
//! one place.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use shared::calendar::Moment;

use crate::due::{BEFORE_MS, Bone, MANY, bones};
use crate::{Alone, in_lanes};

/// How often each of the three won.
#[derive(Debug, Default)]
struct Tally {
    taken_back: usize,
    disputed: usize,
    paid_out: usize,
}

/// For each praise the reader and the bank act at random moments while the payouts run. Returns for
/// each whether the reader was told that it is returned, and the dispute's number.
fn race(site: &Alone, bones: &[Bone]) -> Vec<(bool, String)> {
    let start = Instant::now() + Duration::from_millis(500);
    let over = AtomicBool::new(false);
    let wait = |number: usize| {
        let after = 2 * BEFORE_MS as u64 * number as u64 / MANY as u64;
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
        let back: Vec<_> = (0..MANY)
            .map(|number| {
                scope.spawn(move || {
                    wait(number);
                    let path = format!("/api/v1/praises/{}/take-back", bones[number].praise);
                    bones[number].reader.call("POST", &path).send().status
                })
            })
            .collect();
        let disputed: Vec<_> = (0..MANY)
            .map(|number| {
                scope.spawn(move || {
                    wait(number);
                    let path = format!("/sandbox/api/orders/{}/dispute", bones[number].order);
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

fn state(bone: &Bone) -> String {
    let praise = bone.reader.get(&format!("/api/v1/praises/{}", bone.praise)).expect(200).json();
    praise["praise"]["state"].as_str().expect("a state").to_owned()
}

/// Whether the writer's card has received it.
fn paid(bone: &Bone) -> bool {
    let path = format!("/api/v1/studio/accounts/{}/payouts", bone.writer.handle);
    let payouts = bone.writer.person.get(&path).expect(200).json();
    let items = payouts["items"].as_array().expect("a list").iter();
    let paid: Vec<_> = items.filter(|item| item["state"] == "succeeded").collect();
    assert!(paid.len() <= 1, "{} was paid out twice: {payouts}", bone.praise);
    !paid.is_empty()
}

#[test]
fn of_dispute_take_back_and_payout_exactly_one_wins_two_hundred_times() {
    let site = Alone::new();
    site.avoid_midnight();
    let (bones, due_at) = bones(&site);
    site.advance_to(Moment::from_ms(due_at.ms() - BEFORE_MS - 500));
    let told = race(&site, &bones);
    // Completes what was begun, except what waits for a bank.
    site.advance_s(1_800);

    let mut tally = Tally::default();
    let mut before = Vec::with_capacity(MANY);
    for (bone, (taken, _)) in bones.iter().zip(&told) {
        let state = state(bone);
        match state.as_str() {
            // The refund was either sent before the dispute was opened, or waits for it.
            "returned" | "returning" => tally.taken_back += 1,
            "disputed" => tally.disputed += 1,
            "paid_out" => tally.paid_out += 1,
            other => panic!("{} is {other}", bone.praise),
        }
        assert_eq!(state.starts_with("return"), *taken, "{} is {state}", bone.praise);
        assert_eq!(state == "paid_out", paid(bone), "{} is {state}", bone.praise);
        before.push(state);
    }
    eprintln!("{tally:?}");
    assert_eq!(tally.taken_back + tally.disputed + tally.paid_out, MANY);
    // Each of the three won at least once, otherwise there was no race.
    assert!(tally.taken_back > 0 && tally.disputed > 0 && tally.paid_out > 0, "{tally:?}");

    // The bank decides every second dispute for the reader.
    let lost = |number: usize| number % 2 == 1;
    in_lanes(6, MANY, |number| {
        let path = format!("/sandbox/api/disputes/{}/decide", told[number].1);
        let outcome = json!({ "outcome": if lost(number) { "lost" } else { "won" } });
        site.call("POST", &path).json(&outcome).send().expect(204);
    });
    site.advance_s(86_400);
    for (number, (bone, before)) in bones.iter().zip(&before).enumerate() {
        let after = state(bone);
        let fits: &[&str] = match (before.as_str(), lost(number)) {
            ("returned", _) | ("returning", false) => &["returned"],
            ("returning" | "disputed", true) => &["lost"],
            ("disputed", false) | ("paid_out", _) => &["paid_out"],
            other => panic!("{other:?}"),
        };
        assert!(fits.contains(&after.as_str()), "{} was {before}, is {after}", bone.praise);
        assert_eq!(after == "paid_out", paid(bone), "{} is {after}", bone.praise);
    }
}
