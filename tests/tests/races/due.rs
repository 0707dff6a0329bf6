//! The moment a praise becomes due: its reader wants it back, an operator freezes its article, and
//! the payout claims it. Exactly one of the three gets it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use shared::api::Intent;
use shared::calendar::Moment;
use shared::money::Currency::Cny;
use tests::{Person, Writer};

use crate::{Alone, in_lanes, rounds};

/// How many praises there are, each with a reader, a writer and an article of its own.
pub(crate) fn many() -> usize {
    rounds(60, 200)
}

/// When the first of them is wanted, before it is due; the last is wanted as long after.
pub(crate) const BEFORE_MS: i64 = 3_000;
/// How long a slow machine may take to move the clock.
const LEAD_MS: i64 = 10_000;

/// One praise and who is about it.
pub(crate) struct Bone {
    pub(crate) reader: Person,
    pub(crate) writer: Writer,
    pub(crate) slug: String,
    /// Our number of the order it was paid with.
    pub(crate) order: String,
    pub(crate) praise: String,
}

/// What the three came to.
#[derive(Debug, Default)]
struct Tally {
    taken_back: usize,
    frozen: usize,
    paid_out: usize,
}

/// So many of them, and the moment at which they are due.
pub(crate) fn bones(site: &Alone) -> (Vec<Bone>, Moment) {
    let slots: Vec<std::sync::Mutex<Option<(Bone, Moment)>>> =
        (0..many()).map(|_| std::sync::Mutex::new(None)).collect();
    in_lanes(6, many(), |number| {
        let writer = site.writer("Ann", Cny);
        let slug = writer.article();
        let reader = site.person("Ben");
        let started = reader.start(&slug, writer.money(1_000));
        reader.at_cashier(&started, "pay");
        let intent: Intent = reader.intent(&started.intent.id);
        let praise = intent.praise.expect("it is paid");
        let order = tests::person::order(&started);
        let bone = Bone { reader, writer, slug, order, praise: praise.id };
        *slots[number].lock().expect("nobody else has it") = Some((bone, praise.due_at));
    });
    let all: Vec<_> = slots
        .into_iter()
        .map(|slot| slot.into_inner().expect("nobody has it").expect("it was made"))
        .collect();
    let due_at = all[0].1;
    assert!(all.iter().all(|(_, due)| *due == due_at), "they are due at different times");
    (all.into_iter().map(|(bone, _)| bone).collect(), due_at)
}

/// Moves the clock to shortly before the moment at which all are due. Returns when the race begins:
/// as long before that moment as it goes on after it, by the site's clock.
pub(crate) fn shortly_before(site: &Alone, due_at: Moment) -> Instant {
    site.advance_to(Moment::from_ms(due_at.ms() - BEFORE_MS - LEAD_MS));
    let left_ms = due_at.ms() - BEFORE_MS - site.now().ms();
    let left_ms = u64::try_from(left_ms).expect("moving the clock took longer than LEAD_MS");
    Instant::now() + Duration::from_millis(left_ms)
}

#[test]
fn of_take_back_freeze_and_payout_exactly_one_wins_every_time() {
    let site = Alone::new();
    site.wait_for_a_day_long_enough();
    let [operator, ..] = site.operators();
    let (bones, due_at) = bones(&site);
    let start = shortly_before(&site, due_at);
    let over = AtomicBool::new(false);
    let wanted_at = |number: usize| {
        start + Duration::from_millis(2 * BEFORE_MS as u64 * number as u64 / many() as u64)
    };
    let taken: Vec<bool> = thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    site.run_jobs();
                }
            });
        }
        let (bones, operator, site) = (&bones, &operator, &site);
        let back: Vec<_> = (0..many())
            .map(|number| {
                scope.spawn(move || {
                    thread::sleep(wanted_at(number).saturating_duration_since(Instant::now()));
                    let path = format!("/api/v1/praises/{}/take-back", bones[number].praise);
                    bones[number].reader.call("POST", &path).send().status
                })
            })
            .collect();
        let frozen: Vec<_> = (0..many())
            .map(|number| {
                scope.spawn(move || {
                    thread::sleep(wanted_at(number).saturating_duration_since(Instant::now()));
                    let body = json!({ "article": bones[number].slug, "rule": "selling" });
                    operator.call("POST", "/api/v1/operator/freezes").json(&body).send().expect(201)
                })
            })
            .collect();
        let back = back.into_iter().map(|one| match one.join().expect("an answer") {
            200 => true,
            409 | 403 => false,
            status => panic!("taking back was answered {status}"),
        });
        let back = back.collect();
        frozen.into_iter().for_each(|one| drop(one.join().expect("an answer")));
        let _ = site;
        over.store(true, Ordering::Relaxed);
        back
    });
    // What was begun is ended: refunds and transfers on their way arrive.
    site.advance_s(1_800);

    let mut tally = Tally::default();
    for (bone, taken) in bones.iter().zip(taken) {
        let path = format!("/api/v1/praises/{}", bone.praise);
        let state = bone.reader.get(&path).expect(200).json()["praise"]["state"].clone();
        let path = format!("/api/v1/studio/accounts/{}/payouts", bone.writer.handle);
        let payouts = bone.writer.person.get(&path).expect(200).json();
        let paid = payouts["items"]
            .as_array()
            .is_some_and(|items| items.iter().any(|item| item["state"] == "succeeded"));
        match state.as_str() {
            Some("returned") => tally.taken_back += 1,
            Some("frozen") => tally.frozen += 1,
            Some("paid_out") => tally.paid_out += 1,
            other => panic!("{} is {other:?}", bone.praise),
        }
        assert_eq!(state == "returned", taken, "{} is {state}", bone.praise);
        assert_eq!(state == "paid_out", paid, "{} is {state}: {payouts}", bone.praise);
    }
    eprintln!("{tally:?}");
    assert_eq!(tally.taken_back + tally.frozen + tally.paid_out, many());
    // Each of the three is in it: nobody wins a race that nobody else runs.
    assert!(tally.taken_back > 0 && tally.frozen > 0 && tally.paid_out > 0, "{tally:?}");
}
