//! The moment a praise becomes due: its reader takes it back, an operator freezes its article, and
//! the payout claims it. Exactly one of the three wins.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use shared::api::Intent;
use shared::calendar::Moment;
use shared::money::Currency::Cny;
use tests::{Person, Writer};

use crate::{ExclusiveSite, in_threads, rounds};

/// The number of praises. Each has its own reader, writer and article.
pub(crate) fn many() -> usize {
    rounds(30, 200)
}

/// The race begins this long before the praises are due, and ends this long after.
pub(crate) const BEFORE_MS: i64 = 3_000;
/// How long a slow machine may take to move the clock.
const LEAD_MS: i64 = 10_000;

/// A praise and the people who compete for it.
pub(crate) struct ContestedPraise {
    pub(crate) reader: Person,
    pub(crate) writer: Writer,
    pub(crate) slug: String,
    /// Our number of the order that paid for it.
    pub(crate) order: String,
    pub(crate) id: String,
}

/// How often each of the three won.
#[derive(Debug, Default)]
struct Outcomes {
    taken_back: usize,
    frozen: usize,
    paid_out: usize,
}

/// Creates the praises. Returns them with the moment at which all of them are due.
pub(crate) fn contested_praises(site: &ExclusiveSite) -> (Vec<ContestedPraise>, Moment) {
    let slots: Vec<std::sync::Mutex<Option<(ContestedPraise, Moment)>>> =
        (0..many()).map(|_| std::sync::Mutex::new(None)).collect();
    in_threads(6, many(), |number| {
        let writer = site.writer("Ann", Cny);
        let slug = writer.article();
        let reader = site.person("Ben");
        let started = reader.start(&slug, writer.money(1_000));
        reader.at_cashier(&started, "pay");
        let intent: Intent = reader.intent(&started.intent.id);
        let praise = intent.praise.expect("it is paid");
        let order = tests::person::order(&started);
        let contested = ContestedPraise { reader, writer, slug, order, id: praise.id };
        *slots[number].lock().expect("nobody else uses it") = Some((contested, praise.due_at));
    });
    let all: Vec<_> = slots
        .into_iter()
        .map(|slot| slot.into_inner().expect("nobody uses it").expect("it was created"))
        .collect();
    let due_at = all[0].1;
    assert!(all.iter().all(|(_, due)| *due == due_at), "they are due at different times");
    (all.into_iter().map(|(praise, _)| praise).collect(), due_at)
}

/// Moves the clock to shortly before the moment at which all praises are due. Returns when the race
/// begins.
pub(crate) fn shortly_before(site: &ExclusiveSite, due_at: Moment) -> Instant {
    site.advance_to(Moment::from_ms(due_at.ms() - BEFORE_MS - LEAD_MS));
    let left_ms = due_at.ms() - BEFORE_MS - site.now().ms();
    let left_ms = u64::try_from(left_ms).expect("moving the clock took longer than LEAD_MS");
    Instant::now() + Duration::from_millis(left_ms)
}

#[test]
fn of_take_back_freeze_and_payout_exactly_one_wins_every_time() {
    let site = ExclusiveSite::new();
    site.avoid_midnight();
    let (praises, due_at) = contested_praises(&site);
    let start = shortly_before(&site, due_at);
    // An operator's rights end twelve hours after the sign-in, and the clock has just moved by a week.
    let [operator, ..] = site.operators();
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
        let (praises, operator, site) = (&praises, &operator, &site);
        let back: Vec<_> = (0..many())
            .map(|number| {
                scope.spawn(move || {
                    thread::sleep(wanted_at(number).saturating_duration_since(Instant::now()));
                    let path = format!("/api/v1/praises/{}/take-back", praises[number].id);
                    praises[number].reader.call("POST", &path).send().status
                })
            })
            .collect();
        let frozen: Vec<_> = (0..many())
            .map(|number| {
                scope.spawn(move || {
                    thread::sleep(wanted_at(number).saturating_duration_since(Instant::now()));
                    let body =
                        json!({ "article": praises[number].slug, "version": 1, "rule": "selling" });
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
    // Pending refunds and transfers arrive.
    site.advance_s(1_800);

    let mut outcomes = Outcomes::default();
    for (praise, taken) in praises.iter().zip(taken) {
        let path = format!("/api/v1/praises/{}", praise.id);
        let state = praise.reader.get(&path).expect(200).json()["praise"]["state"].clone();
        let path = format!("/api/v1/studio/accounts/{}/payouts", praise.writer.handle);
        let payouts = praise.writer.person.get(&path).expect(200).json();
        let paid = payouts["items"]
            .as_array()
            .is_some_and(|items| items.iter().any(|item| item["state"] == "succeeded"));
        match state.as_str() {
            Some("returned") => outcomes.taken_back += 1,
            Some("frozen") => outcomes.frozen += 1,
            Some("paid_out") => outcomes.paid_out += 1,
            other => panic!("{} is {other:?}", praise.id),
        }
        assert_eq!(state == "returned", taken, "{} is {state}", praise.id);
        assert_eq!(state == "paid_out", paid, "{} is {state}: {payouts}", praise.id);
    }
    eprintln!("{outcomes:?}");
    assert_eq!(outcomes.taken_back + outcomes.frozen + outcomes.paid_out, many());
    // Each of the three must win sometimes, otherwise there was no race.
    assert!(
        outcomes.taken_back > 0 && outcomes.frozen > 0 && outcomes.paid_out > 0,
        "{outcomes:?}"
    );
}
