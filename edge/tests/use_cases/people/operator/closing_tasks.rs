//! Operator tasks about messages that could not be booked: an operator examines them and closes
//! them with a reason.

use edge::failure::Failure;
use edge::people::operator::tasks::{REASON_MAX, look_at};
use serde_json::json;
use shared::money::{Currency, Money};
use shared::problem::Problem;

use super::store;
use crate::support::payment_states::{PaymentFixture, PaymentState};
use crate::support::people::{Fixture, Person};
use crate::support::world::World;
use crate::support::world::paid;

fn close_task(
    world: &World,
    operator: &Person,
    kind: &str,
    subject: &str,
    reason: &str,
) -> Result<(), Failure> {
    world.run(async |ctx| look_at(ctx, &operator.id, kind, subject, reason).await)
}

const WRONG_STATE: Result<(), Failure> = Err(Failure::Refused(Problem::WrongState));

/// Delivers a message about money that never arrived, which opens a task.
fn open_contradicted_task(world: &World, event_id: &str) {
    let report = paid("tx-never", Money::new(700, Currency::Usd), world.now());
    world.deliver(&world.sign_report(event_id, "ord_nobody", report));
}

#[test]
fn a_contradicted_message_is_closed_with_a_reason_and_a_name() {
    let Fixture { world, .. } = Fixture::new(Currency::Cny);
    let (chen, ruth) = (world.person("chen"), world.person("ruth"));
    open_contradicted_task(&world, "evt-1");
    let open = "operator_task WHERE closed_at IS NULL";
    assert_eq!(world.count(open), 1);
    let close = |operator: &Person, kind, subject, reason: &str| {
        close_task(&world, operator, kind, subject, reason)
    };
    for (kind, subject) in [("contradicted", "evt-2"), ("suspense", "evt-1"), ("", "")] {
        let nothing = close(&chen, kind, subject, "seen");
        assert_eq!(nothing, Err(Failure::Refused(Problem::NotFound)));
    }
    for reason in ["  ", &"x".repeat(REASON_MAX + 1)] {
        let refused = close(&chen, "contradicted", "evt-1", reason);
        assert!(matches!(refused, Err(Failure::Refused(Problem::Text { field: "reason", .. }))));
    }
    assert_eq!(world.count(open), 1);
    world.advance_minutes(5);
    close(&chen, "contradicted", "evt-1", " a test of theirs ").unwrap();
    close(&ruth, "contradicted", "evt-1", "a test of theirs").unwrap();
    assert_eq!(close(&ruth, "contradicted", "evt-1", "something else"), WRONG_STATE);
    let task = world.rows("SELECT closed_at, outcome FROM operator_task");
    assert_eq!(task, [json!({ "closed_at": world.now().ms(), "outcome": "looked_at" })]);
    let audit = world.rows(
        "SELECT person_id, action, subject, detail FROM operator_audit WHERE action LIKE 'task.%'",
    );
    assert_eq!(audit.len(), 1);
    assert_eq!(audit[0]["person_id"], chen.id.as_str());
    assert_eq!(
        (audit[0]["action"].as_str(), audit[0]["subject"].as_str()),
        (Some("task.close"), Some("evt-1"))
    );
    let detail = audit[0]["detail"].as_str().unwrap();
    assert_eq!(detail, json!({ "kind": "contradicted", "reason": "a test of theirs" }).to_string());
    // The same message again does not open a second task.
    open_contradicted_task(&world, "evt-1");
    assert_eq!(world.count(open), 0);
    // Another message opens another task.
    open_contradicted_task(&world, "evt-3");
    assert_eq!(world.count(open), 1);
}

#[test]
fn of_two_concurrent_operators_one_closes_it() {
    for seed in 0..8 {
        let Fixture { world, .. } = Fixture::new(Currency::Cny);
        let operators = [world.person("chen"), world.person("ruth")];
        open_contradicted_task(&world, "evt-1");
        let ended = world.race(seed, 2, async |ctx, i| {
            look_at(ctx, &operators[i].id, "contradicted", "evt-1", &format!("seen by {i}")).await
        });
        assert_eq!(ended.iter().filter(|one| one.is_ok()).count(), 1, "{ended:?}");
        assert!(ended.contains(&WRONG_STATE));
        assert_eq!(world.count("operator_audit WHERE action = 'task.close'"), 1);
    }
}

#[test]
fn tasks_that_end_by_themselves_are_not_closed_by_hand() {
    let places = [PaymentState::Held, PaymentState::Suspense];
    for (place, kind) in places.into_iter().zip(["dispute", "suspense"]) {
        let payment = PaymentFixture::in_state(place, Currency::Cny);
        let world = payment.world();
        let operator = world.person("chen");
        if place == PaymentState::Held {
            let number = world.run(async |ctx| {
                ctx.provider
                    .sandbox
                    .open_dispute(&payment.order_id, ctx.now)
                    .await
                    .unwrap()
                    .unwrap()
            });
            let message = world.run(async |ctx| {
                ctx.provider.sandbox.dispute_message(&number, ctx.now).await.unwrap().unwrap()
            });
            world.deliver(&message);
        }
        let task = format!("SELECT subject_id FROM operator_task WHERE kind = '{kind}'");
        let subject = world.text(&task);
        assert_eq!(close_task(world, &operator, kind, &subject, "seen"), WRONG_STATE);
        assert_eq!(world.count("operator_task WHERE closed_at IS NULL"), 1);
        assert_eq!(world.count("operator_audit WHERE action = 'task.close'"), 0);
    }
}

#[test]
fn a_task_about_a_dispute_of_an_unknown_payment_is_closed_by_hand() {
    let world = World::new();
    let operator = world.person("chen");
    let alarm = edge::people::operator::tasks::open(
        "dispute",
        "bank-77",
        "dispute of a payment that is not known",
        world.now(),
        world.now().plus_days(7),
    );
    store(&world, vec![alarm]);
    close_task(&world, &operator, "dispute", "bank-77", "of another shop").unwrap();
    assert_eq!(world.text("SELECT outcome FROM operator_task"), "looked_at");
    // A task that was closed because the dispute was booked after all is not closed again.
    let other = edge::people::operator::tasks::open(
        "dispute",
        "bank-78",
        "dispute of a payment that is not known",
        world.now(),
        world.now().plus_days(7),
    );
    let booked = edge::people::operator::tasks::close("dispute", "bank-78", "booked", world.now());
    store(&world, vec![other, booked]);
    assert_eq!(close_task(&world, &operator, "dispute", "bank-78", "seen"), WRONG_STATE);
}
