//! Provider failures and faults during payouts: the provider loses, delays and refuses transfers,
//! and every batch fails once. In the end the money is on the card exactly once and the database
//! agrees.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::*;
use crate::support::faulty_database::{Fault, FaultyDatabase};
use crate::support::world::{Ctx, run_due};

/// The due time of a praise given on 22 November in Shanghai: the start of 29 November there.
const DUE: &str = "2026-11-28T16:00:00Z";

fn fixture() -> Fixture {
    Fixture::new(Currency::Cny)
}

#[test]
fn a_lost_request_or_answer_is_queried_under_the_same_number() {
    for fault in ["lost", "reply_lost"] {
        let Fixture { world, article, reader, .. } = fixture();
        world.give_praise(&reader, &article, 1000);
        world.inject_provider_fault("pay_out", fault, 1);
        world.advance_to(at(DUE));
        assert_eq!(world.payouts(), ["2026-11-29 sent - 1000/0"], "{fault}");
        assert_eq!(world.balance("paying_out"), -1000);
        let number = world.open_transfer();
        world.advance_minutes(2);
        assert_eq!(world.payouts(), ["2026-11-29 succeeded - 1000/0"], "{fault}");
        let sent = world.sandbox.query("SELECT number FROM sandbox_payout");
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0]["number"], number.as_str());
    }
}

#[test]
fn nothing_is_decided_while_queries_fail_too() {
    let Fixture { world, article, reader, .. } = fixture();
    world.give_praise(&reader, &article, 1000);
    world.inject_provider_fault("pay_out", "reply_lost", 1);
    world.inject_provider_fault("query_payout", "lost", 5);
    world.advance_to(at(DUE).plus_minutes(5));
    assert_eq!(world.payouts(), ["2026-11-29 sent - 1000/0"]);
    world.advance_minutes(2);
    assert_eq!(world.payouts(), ["2026-11-29 succeeded - 1000/0"]);
    assert_eq!(world.on_cards(), 1000);
    let calls = world.provider_calls.borrow();
    assert_eq!(calls.iter().filter(|call| **call == "pay_out").count(), 1);
}

#[test]
fn a_slow_transfer_stays_sent_until_it_succeeds() {
    let Fixture { world, article, reader, .. } = fixture();
    world.give_praise(&reader, &article, 1000);
    world.inject_provider_fault("pay_out", "slow", 1);
    world.advance_to(at(DUE).plus_seconds(119));
    assert_eq!(world.payouts(), ["2026-11-29 sent - 1000/0"]);
    world.advance_seconds(1);
    assert_eq!(world.payouts(), ["2026-11-29 succeeded - 1000/0"]);
}

#[test]
fn a_transfer_that_its_receiver_confirms_succeeds() {
    let Fixture { world, article, reader, .. } = fixture();
    world.give_praise(&reader, &article, 1000);
    world.inject_provider_fault("pay_out", "confirm", 1);
    world.advance_to(at(DUE).plus_minutes(60));
    assert_eq!(world.payouts(), ["2026-11-29 awaiting_confirmation - 1000/0"]);
    assert_eq!(world.on_cards(), 0);
    world.receipt(Receipt::Confirm);
    assert_eq!(world.payouts(), ["2026-11-29 succeeded - 1000/0"], "without waiting for the job");
    assert_eq!(
        world.events("payout_part"),
        [">queued", "queued>sent", "sent>awaiting_confirmation", "awaiting_confirmation>succeeded"]
    );
}

#[test]
fn two_concurrent_copies_of_a_message_succeed() {
    for seed in 0..12 {
        let Fixture { world, article, reader, .. } = fixture();
        world.give_praise(&reader, &article, 1000);
        world.inject_provider_fault("pay_out", "confirm", 1);
        world.advance_to(at(DUE).plus_minutes(60));
        let part = world.open_transfer();
        let receipt = if seed % 2 == 0 { Receipt::Confirm } else { Receipt::Lapse };
        world.run(async |ctx| {
            ctx.provider.sandbox.receipt(&part, receipt, ctx.now).await.unwrap().unwrap()
        });
        let ended = world.race(seed, 2, async |ctx, _| {
            edge::payments::payout::transfer::run(ctx, &part).await.is_ok()
        });
        assert_eq!(ended, [true, true], "seed {seed}");
        assert_eq!(world.balance("paying_out"), 0);
    }
}

#[test]
fn a_lapsed_transfer_is_due_again_and_joins_the_next_payout() {
    let Fixture { world, article, reader, .. } = fixture();
    let intent_id = world.give_praise(&reader, &article, 1000);
    world.inject_provider_fault("pay_out", "confirm", 1);
    world.advance_to(at(DUE).plus_minutes(60));
    let first = world.open_transfer();
    world.receipt(Receipt::Lapse);
    assert_eq!(world.payouts(), ["2026-11-29 failed not_confirmed 1000/0"]);
    assert_eq!(world.praise_state(&intent_id), "due");
    assert_eq!(world.balance("writer_due"), -1000);
    assert_eq!(world.balance("paying_out"), 0);
    world.advance_to(at("2026-11-29T15:59:59Z"));
    assert_eq!(world.praise_state(&intent_id), "due");
    world.advance_to(at("2026-11-29T16:00:00Z"));
    assert_eq!(
        world.payouts(),
        ["2026-11-29 failed not_confirmed 1000/0", "2026-11-30 succeeded - 1000/0"]
    );
    assert_eq!(world.count(&format!("payout_line WHERE part_id = '{first}'")), 1);
    assert_eq!(world.on_cards(), 1000);
}

#[test]
fn a_refused_transfer_is_retried_under_a_new_number_the_next_day() {
    let Fixture { world, article, reader, .. } = fixture();
    world.give_praise(&reader, &article, 1000);
    world.inject_provider_fault("pay_out", "refused", 2);
    world.advance_to(at("2026-12-01T00:00:00Z"));
    assert_eq!(
        world.payouts(),
        [
            "2026-11-29 failed card_refused 1000/0",
            "2026-11-30 failed card_refused 1000/0",
            "2026-12-01 succeeded - 1000/0",
        ]
    );
    assert_eq!(world.sandbox.query("SELECT number FROM sandbox_payout").len(), 3);
    assert_eq!(world.on_cards(), 1000);
    assert_eq!(world.number("SELECT sum(sent_minor) FROM payee_day"), 1000, "room came back");
}

#[test]
fn the_same_number_with_other_bytes_is_refused() {
    let Fixture { world, article, reader, .. } = fixture();
    world.give_praise(&reader, &article, 1000);
    world.advance_to(at(DUE));
    let body = world.text("SELECT body FROM outbox WHERE operation = 'pay_out'");
    world.run(async |ctx| {
        use edge::provider::{PaymentProvider, PayoutReport, ProviderError};
        let again = ctx.provider.pay_out(&body, ctx.now).await;
        assert_eq!(again, Ok(PayoutReport::Succeeded));
        let other = body.replace("1000", "1001");
        let refused = ctx.provider.pay_out(&other, ctx.now).await;
        assert!(matches!(refused, Err(ProviderError::Refused(_))), "{refused:?}");
    });
    assert_eq!(world.on_cards(), 1000);
}

/// Runs the jobs until a moment; a job may fail or die.
fn run_jobs_until(world: &World, target: Moment) {
    for _ in 0..2000 {
        let due = world.number("SELECT coalesce(min(due_at), -1) FROM job WHERE done_at IS NULL");
        if due < 0 || due > target.ms() {
            return world.set_now(target);
        }
        world.set_now(world.now().max(Moment::from_ms(due)));
        world.try_request(async |ctx| run_due(ctx).await);
    }
    panic!("the jobs never finish");
}

/// A payout scenario: the provider's failure, and the day by which the money has arrived.
struct Scenario {
    fault: Option<&'static str>,
    waits_for: Option<Receipt>,
    /// Days after the due date.
    days: i64,
}

/// Pays out two praises while the batch number `ahead` of the jobs, counted from the due moment,
/// fails. Returns whether the run had fewer batches than that.
fn pay_out_with_fault(
    fixture: &Fixture,
    scenario: &Scenario,
    database: fn(&World) -> &FaultyDatabase,
    ahead: usize,
    fault: Fault,
) -> bool {
    let Fixture { world, article, .. } = fixture;
    let reader = world.person("ana");
    for minor in [1000, 2000] {
        world.give_praise(&reader, article, minor);
    }
    let due = Moment::from_ms(world.number("SELECT max(due_at) FROM praise"));
    world.advance_to(due.plus_seconds(-1));
    if let Some(kind) = scenario.fault {
        world.inject_provider_fault("pay_out", kind, 1);
    }
    database(world).fail_once(ahead, fault);
    run_jobs_until(world, due.plus_minutes(60));
    if let Some(receipt) = scenario.waits_for {
        let number = world.open_transfer();
        // If the receiver's own confirmation is what failed, it is repeated.
        for _ in 0..2 {
            let receive =
                async |ctx: &Ctx<'_>| ctx.provider.sandbox.receipt(&number, receipt, ctx.now).await;
            world.try_request(receive);
        }
    }
    run_jobs_until(world, due.plus_days(scenario.days).plus_minutes(120));
    let passed = database(world).stop_failing();
    // If the injected fault was lost together with the provider's own batch, the first transfer
    // succeeds.
    let tried = world.count("payout");
    assert!((1..=1 + scenario.days).contains(&tried), "{tried} payouts");
    let transfers = world.sandbox.query("SELECT number FROM sandbox_payout").len();
    assert_eq!(transfers as i64, tried, "a transfer for each payout, none of them twice");
    assert_eq!(world.on_cards(), 3000);
    assert_eq!(world.count("payout WHERE state = 'succeeded'"), 1);
    assert_eq!(world.praises_in("paid_out"), world.count("praise"));
    for account in ["writer_held", "writer_due", "paying_out"] {
        assert_eq!(world.balance(account), 0, "{account}");
    }
    assert_eq!(world.provider_balance(), 0);
    world.check();
    passed
}

fn with_every_fault(scenario: &Scenario, at_least: usize) {
    let databases: [fn(&World) -> &FaultyDatabase; 2] =
        [|world| &world.product, |world| &world.sandbox];
    for (name, database) in ["product", "provider"].into_iter().zip(databases) {
        let mut batches = 0;
        for fault in Fault::ALL {
            for ahead in 0.. {
                let fixture = fixture();
                fixture.world.postpone_nightly_check();
                let gone = catch_unwind(AssertUnwindSafe(|| {
                    pay_out_with_fault(&fixture, scenario, database, ahead, fault)
                }));
                match gone {
                    Ok(true) => break,
                    Ok(false) => batches = batches.max(ahead + 1),
                    Err(panic) => {
                        eprintln!("{name}: {fault:?} at batch {ahead}");
                        resume_unwind(panic);
                    }
                }
            }
        }
        assert!(batches >= at_least, "{name}: only {batches} batches were reached");
    }
}

#[test]
fn a_payout_survives_every_fault() {
    with_every_fault(&Scenario { fault: None, waits_for: None, days: 0 }, 4);
}

#[test]
fn a_payout_whose_answer_is_lost_survives_every_fault() {
    with_every_fault(&Scenario { fault: Some("reply_lost"), waits_for: None, days: 0 }, 4);
}

#[test]
fn a_payout_that_never_arrived_survives_every_fault() {
    with_every_fault(&Scenario { fault: Some("lost"), waits_for: None, days: 0 }, 4);
}

#[test]
fn a_slow_payout_survives_every_fault() {
    with_every_fault(&Scenario { fault: Some("slow"), waits_for: None, days: 0 }, 4);
}

#[test]
fn a_payout_that_fails_and_is_tried_again_survives_every_fault() {
    with_every_fault(&Scenario { fault: Some("refused"), waits_for: None, days: 1 }, 6);
}

#[test]
fn a_payout_that_is_confirmed_survives_every_fault() {
    let scenario = Scenario { fault: Some("confirm"), waits_for: Some(Receipt::Confirm), days: 0 };
    with_every_fault(&scenario, 4);
}

#[test]
fn a_payout_that_lapses_survives_every_fault() {
    let scenario = Scenario { fault: Some("confirm"), waits_for: Some(Receipt::Lapse), days: 1 };
    with_every_fault(&scenario, 6);
}
