//! Refunds under every outcome: unknown, slow, closed, abnormal, refused; and with every kind of
//! fault at every batch. In the end the reader has the money back exactly once.

use edge::database::Database;
use edge::failure::Failure;
use edge::payments::refund;
use edge::payments::reversal::{ReversalRight, reverse_praise};
use edge::people::operator::tasks;
use edge::provider::sandbox::cashier::CashierAction;
use edge::provider::{EventKind, Message, PaymentProvider, RefundReport, RefundRequest};
use edge::queue::jobs::{self, JobKind};
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::payments::praise::faults::{
    FlowFixture, deliver_until_received, product, provider, retry_at_cashier, retry_until_answered,
    run_jobs_for, start_until_payable, with_every_fault,
};
use crate::payments::reversal::{book_praise, praise_of};
use crate::support::people::{Fixture, Person};
use crate::support::world::World;

/// A praise that was undone, just before its refund is sent to the provider.
fn undone_praise() -> (Fixture, String) {
    let fixture = Fixture::new(Currency::Cny);
    let praise = book_praise(&fixture, 1000);
    let Fixture { world, reader, .. } = &fixture;
    world
        .run(async |ctx| reverse_praise(ctx, &reader.id, &praise, ReversalRight::Undo).await)
        .unwrap();
    (fixture, praise)
}

fn refund_of(world: &World) -> String {
    world.text("SELECT id FROM refund WHERE state <> 'closed'")
}

fn open_tasks(world: &World) -> Vec<String> {
    let rows = world.rows(
        "SELECT kind || ' ' || subject_id AS task FROM operator_task WHERE closed_at IS NULL",
    );
    rows.iter().map(|row| row["task"].as_str().unwrap().to_owned()).collect()
}

fn retry(world: &World, who: &Person, refund: &str) -> Result<(), Failure> {
    world.run(async |ctx| refund::retry_abnormal(ctx, &who.id, refund).await)
}

/// Asserts that the reader has the money back exactly once and nothing is left to do.
fn assert_refunded(world: &World, praise: &str) {
    let state = world.text(&format!("SELECT state FROM praise WHERE id = '{praise}'"));
    assert_eq!(state, "returned");
    let paid_back = world.sandbox.query("SELECT * FROM sandbox_refund WHERE state = 'succeeded'");
    assert_eq!(paid_back.len(), 1, "{paid_back:?}");
    assert_eq!(world.count("refund WHERE state = 'succeeded'"), 1);
    assert_eq!(world.balance("returning"), 0);
    assert_eq!(world.provider_balance(), 0);
    assert_eq!(world.count("outbox WHERE done_at IS NULL"), 0);
    let jobs = "job WHERE done_at IS NULL AND kind IN ('send_refund', 'poll_refund')";
    assert_eq!(world.count(jobs), 0);
    assert_eq!(open_tasks(world), [""; 0]);
}

#[test]
fn a_slow_refund_is_polled_until_it_succeeds() {
    let (Fixture { world, .. }, praise) = undone_praise();
    world.inject_provider_fault("refund", "slow", 1);
    world.run_jobs();
    assert_eq!(world.text("SELECT state FROM refund"), "sent");
    world.advance_seconds(60);
    assert_eq!(world.text("SELECT state FROM refund"), "sent");
    world.advance_seconds(60);
    assert_eq!(world.events("refund"), [">queued", "queued>sent", "sent>succeeded"]);
    assert_refunded(&world, &praise);
}

#[test]
fn a_message_about_a_refund_triggers_a_query() {
    let (Fixture { world, .. }, praise) = undone_praise();
    world.inject_provider_fault("refund", "slow", 1);
    world.run_jobs();
    let refund = refund_of(&world);
    for number in 1..=2 {
        let message = Message {
            event_id: format!("evt-{number}"),
            kind: EventKind::Refund { number: refund.clone() },
        };
        let signed = world.run(async |ctx| ctx.provider.sandbox.sign(&message, ctx.now).unwrap());
        world.deliver(&signed);
    }
    assert_refunded(&world, &praise);
    assert_eq!(world.count("provider_event WHERE outcome = 'noted'"), 2);
    // A message about an unknown refund changes nothing.
    let message = Message {
        event_id: "evt-3".into(),
        kind: EventKind::Refund { number: "ref_nothing".into() },
    };
    let signed = world.run(async |ctx| ctx.provider.sandbox.sign(&message, ctx.now).unwrap());
    world.deliver(&signed);
}

#[test]
fn pending_refunds_are_polled_less_and_less_often() {
    let (Fixture { world, .. }, _) = undone_praise();
    world.inject_provider_fault("refund", "lost", 1_000_000);
    world.run_jobs();
    world.advance_minutes(24 * 60);
    let asked =
        world.provider_calls.borrow().iter().filter(|call| **call == "query_refund").count();
    assert!((24..=60).contains(&asked), "asked {asked} times in a day");
    world.inject_provider_fault("refund", "lost", 0);
    world.advance_minutes(60);
    assert_eq!(world.text("SELECT state FROM refund"), "succeeded");
}

#[test]
fn a_closed_refund_is_replaced_under_a_new_number_and_linked() {
    let (Fixture { world, .. }, praise) = undone_praise();
    world.inject_provider_fault("refund", "closed", 2);
    world.run_jobs();
    let started = world.now();
    assert_eq!(world.count("refund"), 2);
    assert_eq!(world.count("refund WHERE state = 'closed'"), 1);
    world.check();
    // The replacement is sent an hour later, the one after that two hours later.
    world.advance_minutes(59);
    assert_eq!(world.count("refund"), 2);
    world.advance_to(started.plus_minutes(60));
    assert_eq!(world.count("refund"), 3);
    world.advance_minutes(119);
    assert_eq!(world.count("refund WHERE state = 'queued'"), 1);
    world.advance_minutes(1);
    assert_refunded(&world, &praise);
    let chain = world.rows("SELECT id, replaces_id, state FROM refund ORDER BY created_at");
    assert_eq!(chain[0]["replaces_id"], serde_json::Value::Null);
    assert_eq!(chain[1]["replaces_id"], chain[0]["id"]);
    assert_eq!(chain[2]["replaces_id"], chain[1]["id"]);
    assert_eq!(chain[2]["state"], "succeeded");
    let numbers = world.sandbox.query("SELECT number FROM sandbox_refund");
    assert_eq!(numbers.len(), 3);
}

#[test]
fn repeatedly_closed_refunds_are_retried_slowly_and_open_a_task() {
    let (Fixture { world, .. }, praise) = undone_praise();
    world.inject_provider_fault("refund", "closed", 1_000_000);
    world.run_jobs();
    assert_eq!(open_tasks(&world), [""; 0]);
    world.advance_minutes(60 + 120);
    let replacement = refund_of(&world);
    assert_eq!(open_tasks(&world), [format!("refund_abnormal {replacement}")]);
    world.advance_minutes(7 * 24 * 60);
    let tried = world.count("refund");
    assert!((10..=16).contains(&tried), "{tried} refunds in a week");
    assert_eq!(open_tasks(&world), [format!("refund_abnormal {}", refund_of(&world))]);
    world.check();
    world.inject_provider_fault("refund", "closed", 0);
    world.advance_minutes(24 * 60);
    assert_refunded(&world, &praise);
}

#[test]
fn an_abnormal_refund_opens_a_task_and_succeeds_by_the_providers_retry() {
    let (Fixture { world, .. }, praise) = undone_praise();
    let operator = world.person("operator");
    world.inject_provider_fault("refund", "abnormal", 1);
    world.run_jobs();
    let refund = refund_of(&world);
    assert_eq!(world.text("SELECT state FROM refund"), "abnormal");
    assert_eq!(world.text("SELECT state FROM praise"), "returning");
    assert_eq!(open_tasks(&world), [format!("refund_abnormal {refund}")]);
    assert_eq!(world.number("SELECT deadline FROM operator_task"), world.now().plus_days(7).ms());
    world.check();
    // It is queried every day.
    let asked =
        || world.provider_calls.borrow().iter().filter(|call| **call == "query_refund").count();
    world.advance_to(world.now().plus_days(3));
    assert_eq!(asked(), 3);
    assert_eq!(world.count("operator_task"), 1);
    // The provider's own retry fails, then its answer is lost, then it takes some time, and then it
    // succeeds.
    world.inject_provider_fault("retry_refund", "abnormal", 1);
    retry(&world, &operator, &refund).unwrap();
    assert_eq!(world.text("SELECT state FROM refund"), "abnormal");
    world.inject_provider_fault("retry_refund", "lost", 1);
    let unknown = retry(&world, &operator, &refund);
    assert_eq!(unknown, Err(Failure::Refused(Problem::Unavailable)));
    world.inject_provider_fault("retry_refund", "slow", 1);
    retry(&world, &operator, &refund).unwrap();
    assert_eq!(world.text("SELECT state FROM refund"), "abnormal");
    world.check();
    world.advance_to(world.now().plus_days(1));
    assert_refunded(&world, &praise);
    assert_eq!(world.text("SELECT outcome FROM operator_task"), "succeeded");
    let audit = world.rows(
        "SELECT person_id, action, subject FROM operator_audit
                            WHERE action LIKE 'refund.%'",
    );
    assert_eq!(audit.len(), 3);
    assert!(audit.iter().all(|row| row["action"] == "refund.retry" && row["subject"] == *refund));
    // A refund that has succeeded is no longer a task for anybody.
    retry(&world, &operator, &refund).unwrap();
    assert_eq!(world.count("operator_audit WHERE action = 'refund.retry'"), 3);
}

#[test]
fn an_abnormal_refund_that_is_closed_in_the_end_is_replaced() {
    let (Fixture { world, .. }, praise) = undone_praise();
    let operator = world.person("operator");
    world.inject_provider_fault("refund", "abnormal", 1);
    world.run_jobs();
    let first = refund_of(&world);
    world.inject_provider_fault("retry_refund", "closed", 1);
    retry(&world, &operator, &first).unwrap();
    assert_eq!(world.text(&format!("SELECT state FROM refund WHERE id = '{first}'")), "closed");
    assert_eq!(open_tasks(&world), [""; 0]);
    let refusal = retry(&world, &operator, &first);
    assert_eq!(refusal, Err(Failure::Refused(Problem::WrongState)));
    world.advance_minutes(60);
    assert_refunded(&world, &praise);
}

#[test]
fn a_closed_refund_that_succeeds_opens_a_task_and_books_nothing() {
    let (Fixture { world, .. }, _) = undone_praise();
    let operator = world.person("operator");
    world.inject_provider_fault("refund", "closed", 1);
    world.run_jobs();
    let first = world.text("SELECT id FROM refund WHERE state = 'closed'");
    let tell = |event: &str| {
        let kind = EventKind::Refund { number: first.clone() };
        let message = Message { event_id: event.into(), kind };
        let signed = world.run(async |ctx| ctx.provider.sandbox.sign(&message, ctx.now).unwrap());
        world.deliver(&signed);
    };
    tell("evt-closed");
    assert_eq!(open_tasks(&world), [""; 0], "it is closed there, too");
    let legs = world.count("ledger_entry");
    let sql = format!("UPDATE sandbox_refund SET state = 'succeeded' WHERE number = '{first}'");
    world.sandbox.raw(&sql).unwrap();
    tell("evt-1");
    tell("evt-2");
    assert_eq!(open_tasks(&world), [format!("contradicted {first}")]);
    assert_eq!(world.count("ledger_entry"), legs, "booked from an unverified message");
    assert_eq!(world.text(&format!("SELECT state FROM refund WHERE id = '{first}'")), "closed");
    world
        .run(async |ctx| {
            let reason = "The provider takes it back.";
            tasks::look_at(ctx, &operator.id, "contradicted", &first, reason).await
        })
        .unwrap();
    assert_eq!(open_tasks(&world), [""; 0]);
    world.check();
}

#[test]
fn a_closed_refund_is_queried_until_the_provider_answers() {
    let (Fixture { world, .. }, _) = undone_praise();
    world.inject_provider_fault("refund", "closed", 1);
    world.run_jobs();
    let first = world.text("SELECT id FROM refund WHERE state = 'closed'");
    let poll = format!("job WHERE kind = 'poll_refund' AND subject_id = '{first}'");
    let sql = format!("UPDATE sandbox_refund SET state = 'succeeded' WHERE number = '{first}'");
    world.sandbox.raw(&sql).unwrap();
    world.run(async |ctx| {
        let wake = jobs::wake(JobKind::PollRefund, &first, ctx.now);
        ctx.db.batch(vec![wake]).await.unwrap();
    });
    world.inject_provider_fault("query_refund", "lost", 2);
    world.run_jobs();
    assert_eq!(world.count(&format!("{poll} AND done_at IS NULL AND attempts = 1")), 1);
    assert_eq!(open_tasks(&world), [""; 0]);
    world.advance_seconds(30);
    assert_eq!(world.count(&format!("{poll} AND done_at IS NULL AND attempts = 2")), 1);
    world.advance_seconds(60);
    assert_eq!(world.count(&format!("{poll} AND done_at IS NOT NULL")), 1);
    assert_eq!(open_tasks(&world), [format!("contradicted {first}")]);
}

#[test]
fn only_abnormal_refunds_use_the_providers_retry() {
    let (Fixture { world, .. }, _) = undone_praise();
    let operator = world.person("operator");
    let refund = refund_of(&world);
    let before = world.dump();
    let refusals = [
        (retry(&world, &operator, &refund), Problem::WrongState),
        (retry(&world, &operator, "ref_nothing"), Problem::NotFound),
    ];
    for (answer, problem) in refusals {
        assert_eq!(answer, Err(Failure::Refused(problem)));
    }
    assert_eq!(world.dump(), before);
    world.run_jobs();
}

#[test]
fn the_sandbox_refunds_no_payment_twice() {
    let (Fixture { world, .. }, praise) = undone_praise();
    let body = world.text("SELECT body FROM outbox WHERE operation = 'refund'");
    let first: RefundRequest = serde_json::from_str(&body).unwrap();
    let send = |request: &RefundRequest| {
        let body = serde_json::to_string(request).unwrap();
        world.run(async |ctx| ctx.provider.refund(&body, ctx.now).await)
    };
    assert_eq!(send(&first), Ok(RefundReport::Succeeded));
    assert_eq!(send(&first), Ok(RefundReport::Succeeded));
    let cheeky = [
        RefundRequest { number: "ref_other".into(), ..first.clone() },
        RefundRequest { amount: Money::new(999, Currency::Cny), ..first.clone() },
        RefundRequest {
            number: "ref_part".into(),
            amount: Money::new(1, Currency::Cny),
            ..first.clone()
        },
        RefundRequest { number: "ref_tx".into(), transaction_id: "tx".into(), ..first.clone() },
    ];
    for request in &cheeky {
        assert!(send(request).is_err(), "{request:?}");
    }
    assert_eq!(world.sandbox.query("SELECT * FROM sandbox_refund").len(), 1);
    world.run_jobs();
    assert_refunded(&world, &praise);
}

#[test]
fn a_refused_refund_opens_a_task() {
    let (Fixture { world, .. }, praise) = undone_praise();
    // The provider has lost the payment.
    let transaction = world.text("SELECT transaction_id FROM payment");
    world
        .sandbox
        .raw("UPDATE sandbox_order SET state = 'closed', transaction_id = 'gone'")
        .unwrap();
    world.run_jobs();
    assert_eq!(world.text("SELECT state FROM refund"), "abnormal");
    assert_eq!(open_tasks(&world).len(), 1);
    world.check();
    // The refund is sent again every day under the same number until the provider has the payment
    // again.
    world.advance_to(world.now().plus_days(1).plus_minutes(60));
    assert_eq!(world.text("SELECT state FROM refund"), "abnormal");
    let sql = format!("UPDATE sandbox_order SET state = 'paid', transaction_id = '{transaction}'");
    world.sandbox.raw(&sql).unwrap();
    retry(&world, &world.person("operator"), &refund_of(&world)).unwrap();
    assert_refunded(&world, &praise);
    assert_eq!(world.count("refund"), 1);
}

/// A flow in which a reader reverses a praise while the given fault is injected at the provider.
fn flow(fixture: &FlowFixture<'_>, fault: Option<&str>, right: ReversalRight) {
    let world = fixture.world;
    let intent_id = start_until_payable(world, &fixture.praise_request());
    let messages = retry_at_cashier(world, &intent_id, CashierAction::Pay);
    deliver_until_received(world, &messages[0]);
    run_jobs_for(world, 120);
    let praise = praise_of(world, &intent_id);
    if let Some(fault) = fault {
        let sql = format!(
            "INSERT INTO sandbox_fault (operation, fault, remaining) VALUES ('refund', '{fault}', 1)
             ON CONFLICT DO UPDATE SET remaining = 1"
        );
        world.sandbox.raw(&sql).unwrap();
    }
    retry_until_answered(world, async |ctx| {
        reverse_praise(ctx, &fixture.reader.id, &praise, right).await
    });
    run_jobs_for(world, 3 * 3600);
    if fault == Some("abnormal") {
        let refund = world.text(&format!("SELECT id FROM refund WHERE praise_id = '{praise}'"));
        retry_until_answered(world, async |ctx| {
            refund::retry_abnormal(ctx, &fixture.reader.id, &refund).await
        });
        run_jobs_for(world, 3 * 3600);
    }
    let state = world.text(&format!("SELECT state FROM praise WHERE id = '{praise}'"));
    assert_eq!(state, "returned");
    let order_id = world.order_of(&intent_id);
    let refunds =
        |state| world.count(&format!("refund WHERE praise_id = '{praise}' AND state = '{state}'"));
    // The injected fault may have been used up by a call whose answer was lost.
    let closed = refunds("closed");
    assert_eq!(refunds("succeeded"), 1);
    assert!(closed <= i64::from(fault == Some("closed")), "{closed} are closed");
    let there = world.sandbox.query(&format!(
        "SELECT state FROM sandbox_refund WHERE order_number = '{order_id}' ORDER BY state DESC"
    ));
    assert_eq!(there.len() as i64, 1 + closed, "{there:?}");
    assert_eq!(there[0]["state"], "succeeded");
    let reserved = if right == ReversalRight::Undo { 0 } else { 1000 };
    assert_eq!(world.reserved(&fixture.reader.id), reserved);
    let month =
        format!("SELECT used FROM take_back_month WHERE person_id = '{}'", fixture.reader.id);
    assert_eq!(world.number(&month), i64::from(right == ReversalRight::TakeBack));
    assert_eq!(world.count("outbox WHERE done_at IS NULL"), 0);
    assert_eq!(open_tasks(world), [""; 0]);
    assert_eq!(world.balance("returning"), 0);
}

#[test]
fn undo_survives_every_fault() {
    with_every_fault(|fixture| flow(fixture, None, ReversalRight::Undo), product, 12);
    with_every_fault(|fixture| flow(fixture, None, ReversalRight::Undo), provider, 12);
}

#[test]
fn take_back_survives_every_fault_with_a_slow_provider() {
    with_every_fault(|fixture| flow(fixture, Some("slow"), ReversalRight::TakeBack), product, 14);
    with_every_fault(|fixture| flow(fixture, Some("slow"), ReversalRight::TakeBack), provider, 14);
}

#[test]
fn a_refund_that_is_closed_once_survives_every_fault() {
    with_every_fault(|fixture| flow(fixture, Some("closed"), ReversalRight::TakeBack), product, 14);
    with_every_fault(
        |fixture| flow(fixture, Some("closed"), ReversalRight::TakeBack),
        provider,
        14,
    );
}

#[test]
fn a_refund_that_is_abnormal_survives_every_fault() {
    with_every_fault(
        |fixture| flow(fixture, Some("abnormal"), ReversalRight::TakeBack),
        product,
        14,
    );
    with_every_fault(
        |fixture| flow(fixture, Some("abnormal"), ReversalRight::TakeBack),
        provider,
        14,
    );
}
