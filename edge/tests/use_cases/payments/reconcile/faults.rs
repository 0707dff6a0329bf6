//! Fault injection for reconciliation: databases fail and requests die, and the result must be the
//! same as without the fault.

use edge::queue::jobs::Next;
use shared::money::Currency::{self, Cny};

use super::*;
use crate::support::faulty_database::Fault;
use crate::support::world::run_due;

/// Everything that reconciliation writes, without the times.
fn outcome(world: &World) -> String {
    let mut text = differences(world).join("\n");
    for sql in [
        "SELECT provider, kind, number, amount_minor, matched_at IS NULL AS open FROM movement",
        "SELECT day, line, kind, number, amount_minor, fee_minor, state FROM bill_row",
        "SELECT currency, day, row_count, sha256, worked_at IS NULL AS open FROM bill",
        "SELECT account, owner, currency, balance_minor FROM ledger_balance",
        "SELECT subject_id, done_at IS NULL AS open FROM job WHERE kind = 'reconcile'",
        "SELECT detail, outcome FROM operator_task ORDER BY detail",
        "SELECT state FROM intent ORDER BY id",
    ] {
        text.push_str(&format!("\n{:?}", world.rows(sql)));
    }
    text
}

/// Three days with rows of every kind: correct, late, missing, duplicate, with another amount, and
/// unknown.
fn mixed_days() -> Fixture {
    let fixture = Fixture::new(Cny);
    let Fixture { world, article, account, reader } = &fixture;
    world.postpone_nightly_check();
    let mut numbers = Vec::new();
    for name in ["bo", "cy", "di", "ed", "fa"] {
        let intent = world.give_praise(&world.person(name), article, 500);
        numbers.push(transaction_of(world, &intent));
        world.advance_minutes(1);
    }
    let lost = world.start_praise(reader, &world.article(account, "Hail"), 700);
    world.advance_minutes(60);
    world.provider_receives(&world.order_of(&lost), "tx-lost", 700);
    for (fault, number) in [
        ("late_row", numbers[0].as_str()),
        ("missing_row", &numbers[1]),
        ("duplicate_row", &numbers[2]),
        ("amount_off", &numbers[3]),
        ("extra_row", "nobody"),
    ] {
        inject_bill_fault(world, Cny, first_day(), fault, number);
    }
    world.advance_to(at("2026-11-23T01:59:00Z"));
    fixture
}

/// Runs the jobs until a moment; a job may fail or die.
fn run_jobs_until(world: &World, target: Moment) {
    for _ in 0..200 {
        let due = world.number("SELECT coalesce(min(due_at), -1) FROM job WHERE done_at IS NULL");
        if due < 0 || due > target.ms() {
            return world.set_now(target);
        }
        world.set_now(world.now().max(Moment::from_ms(due)));
        world.try_request(async |ctx| run_due(ctx).await);
    }
    panic!("the jobs never finish");
}

#[test]
fn every_batch_of_three_days_may_fail_with_every_fault() {
    let end = at("2026-11-25T03:00:00Z");
    let calm = mixed_days();
    run_jobs_until(&calm.world, end);
    let expected = outcome(&calm.world);
    assert_eq!(
        differences(&calm.world),
        [
            "amount_differs payment 500 501 wen-writes *",
            "duplicate payment 500 500 wen-writes *",
            "only_ours payment 500 - wen-writes *",
            "only_theirs payment - 100 - *",
        ]
    );
    let mut batches = 0;
    for fault in Fault::ALL {
        for number in 0.. {
            let fixture = mixed_days();
            fixture.world.product.fail_once(number, fault);
            run_jobs_until(&fixture.world, end);
            let went_on_calmly = fixture.world.product.stop_failing();
            assert_eq!(outcome(&fixture.world), expected, "{fault:?} at batch {number}");
            if went_on_calmly {
                break;
            }
            batches += 1;
        }
    }
    assert!(batches > 100, "{batches}");
}

#[test]
fn every_batch_of_the_provider_may_fail_with_every_fault() {
    let end = at("2026-11-25T03:00:00Z");
    let calm = mixed_days();
    run_jobs_until(&calm.world, end);
    let expected = outcome(&calm.world);
    for fault in Fault::ALL {
        for number in 0.. {
            let fixture = mixed_days();
            fixture.world.sandbox.fail_once(number, fault);
            run_jobs_until(&fixture.world, end);
            let went_on_calmly = fixture.world.sandbox.stop_failing();
            assert_eq!(outcome(&fixture.world), expected, "{fault:?} at batch {number}");
            if went_on_calmly {
                break;
            }
        }
    }
}

#[test]
fn concurrent_runs_of_one_day_are_idempotent() {
    for seed in 0..40 {
        let fixture = mixed_days();
        let world = &fixture.world;
        for (moment, day) in
            [("2026-11-23T02:00:00Z", "2026-11-22"), ("2026-11-24T02:00:00Z", "2026-11-23")]
        {
            world.set_now(at(moment));
            let subject = format!("CNY:{day}");
            let ended = world.race(seed, 3, async |ctx, _| {
                let mut next = reconcile::run(ctx, &subject).await;
                while next == Ok(Next::At(ctx.now)) {
                    next = reconcile::run(ctx, &subject).await;
                }
                next
            });
            assert_eq!(ended, [Ok(Next::Done), Ok(Next::Done), Ok(Next::Done)]);
            world.run_jobs();
        }
        assert_eq!(differences(world).len(), 4);
    }
}

#[test]
fn a_day_with_thousands_of_rows_is_processed_in_chunks() {
    let fixture = Fixture::new(Currency::Usd);
    let Fixture { world, article, .. } = &fixture;
    let count = 2000;
    let first = world.give_praise(&world.person("bo"), article, 1000);
    // The provider knows thousands of payments that exist nowhere else.
    let paid_at = world.number("SELECT at FROM movement");
    world
        .sandbox
        .raw(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
             INSERT INTO sandbox_order (number, request, amount_minor, currency, payee,
               description, return_url, expires_at, state, transaction_id, paid_at, paid_minor)
             SELECT 'ord-' || i, '', 300, 'USD', '', '', '', {paid_at}, 'paid', 'tx-' || i,
                    {paid_at}, 300 FROM n"
        ))
        .unwrap();
    process_bills_of(world, Currency::Usd, first_day());
    assert_eq!(world.count("bill_row"), count + 1);
    assert_eq!(world.count("bill_row WHERE state = 'matched'"), 1);
    process_bills_of(world, Currency::Usd, first_day().plus(1));
    assert_eq!(world.count("bill_difference"), count);
    assert_eq!(transaction_of(world, &first).len(), 27);
}
