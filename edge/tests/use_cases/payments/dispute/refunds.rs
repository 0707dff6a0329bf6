//! Disputes of payments that are being refunded: the money is returned once, and what is left of
//! the refund is closed.

use edge::provider::sandbox::disputes::Decision;
use edge::queue::jobs::{self, JobKind};
use shared::money::Currency;
use shared::problem::Problem;
use shared::text::TextError;

use crate::support::payment_states::{AMOUNT, PaymentFixture, PaymentState};

#[test]
fn an_unsent_refund_waits_for_the_dispute_and_is_dropped_when_it_is_lost() {
    for decision in Decision::ALL {
        let payment = PaymentFixture::in_state(PaymentState::Returning, Currency::Cny);
        let world = payment.world();
        let number = payment.dispute();
        world.advance_to(world.now().plus_days(3));
        assert_eq!(world.text("SELECT state FROM refund"), "queued");
        assert!(!world.provider_calls.borrow().contains(&"refund"));
        payment.decide(&number, decision);
        world.advance_minutes(1);
        world.check();
        let lost = decision == Decision::Lost;
        assert_eq!(payment.state(), if lost { "lost" } else { "returned" });
        assert_eq!(
            world.text("SELECT state FROM refund"),
            if lost { "closed" } else { "succeeded" }
        );
        assert_eq!(world.provider_calls.borrow().contains(&"refund"), !lost);
        for account in ["returning", "operator_loss", "dispute_clearing", "writer_debt"] {
            assert_eq!(world.balance(account), 0, "{account}");
        }
        assert_eq!(world.provider_balance(), 0);
        assert_eq!(world.open_jobs(), 0);
    }
}

#[test]
fn a_return_by_a_rule_is_dropped_when_the_dispute_is_lost() {
    let payment = PaymentFixture::in_state(PaymentState::Refused, Currency::Usd);
    let world = payment.world();
    let number = payment.dispute();
    payment.decide(&number, Decision::Lost);
    world.advance_minutes(1);
    assert_eq!(world.text("SELECT state FROM refund"), "closed");
    assert!(!world.provider_calls.borrow().contains(&"refund"));
    for account in ["returning", "operator_loss", "dispute_clearing"] {
        assert_eq!(world.balance(account), 0, "{account}");
    }
    assert_eq!(world.provider_balance(), 0);
    world.check();
}

#[test]
fn a_closed_refund_is_not_replaced_when_the_dispute_is_lost() {
    let payment = PaymentFixture::in_state(PaymentState::Returning, Currency::Cny);
    let world = payment.world();
    world.inject_provider_fault("refund", "abnormal", 1);
    world.advance_minutes(1);
    assert_eq!(world.text("SELECT state FROM refund"), "abnormal");
    let number = payment.dispute();
    let refund_id = world.text("SELECT id FROM refund");
    let operator = world.person("olga").id;
    let retry = || {
        world.run(async |ctx| {
            edge::payments::refund::retry_abnormal(ctx, &operator, &refund_id).await
        })
    };
    assert!(retry().is_err(), "no refund while the dispute is open");
    payment.decide(&number, Decision::Lost);
    assert!(retry().is_err(), "the bank has returned the money");
    assert_eq!(world.balance("operator_loss"), AMOUNT);
    world.sandbox.raw("UPDATE sandbox_refund SET state = 'closed'").unwrap();
    world.run(async |ctx| {
        let wake = jobs::wake(JobKind::PollRefund, &refund_id, ctx.now);
        edge::database::Database::batch(ctx.db, vec![wake]).await.unwrap();
    });
    world.run_jobs();
    assert_eq!(world.count("refund"), 1);
    assert_eq!(payment.state(), "lost");
    assert_eq!(world.balance("operator_loss"), 0);
    assert_eq!(world.balance("returning"), 0);
    assert_eq!(world.open_jobs(), 0);
    world.check();
}

#[test]
fn an_operator_closes_an_undeliverable_refund_after_a_lost_dispute() {
    let payment = PaymentFixture::in_state(PaymentState::Returning, Currency::Cny);
    let world = payment.world();
    world.inject_provider_fault("refund", "abnormal", 1);
    world.advance_minutes(1);
    let refund_id = world.text("SELECT id FROM refund");
    let operator = world.person("olga").id;
    let close = |reason: &'static str| {
        world.run(async |ctx| {
            edge::payments::refund::close_abnormal(ctx, &operator, &refund_id, reason).await
        })
    };
    let refused = |reason, problem: Problem| {
        let answer = close(reason);
        assert!(
            matches!(&answer, Err(told) if told.problem() == problem),
            "{answer:?}, not {problem:?}"
        );
        assert_eq!(world.text("SELECT state FROM refund"), "abnormal");
    };
    refused("Given up.", Problem::WrongState);
    let number = payment.dispute();
    refused("The bank looks at it.", Problem::WrongState);
    payment.decide(&number, Decision::Lost);
    refused(" ", Problem::Text { field: "reason", error: TextError::Empty });
    world.inject_provider_fault("query_refund", "lost", 1);
    refused("The bank gave it back.", Problem::Unavailable);
    world.sandbox.raw("UPDATE sandbox_refund SET state = 'processing', asks_left = 0").unwrap();
    refused("The bank gave it back.", Problem::WrongState);
    world.sandbox.raw("UPDATE sandbox_refund SET state = 'abnormal'").unwrap();
    assert_eq!(world.balance("operator_loss"), AMOUNT);
    for _ in 0..2 {
        close("The bank gave it back.").unwrap();
    }
    assert!(close("Another reason.").is_err());
    assert_eq!(world.text("SELECT state FROM refund"), "closed");
    assert_eq!(payment.state(), "lost");
    for account in ["returning", "operator_loss", "dispute_clearing", "writer_debt"] {
        assert_eq!(world.balance(account), 0, "{account}");
    }
    assert_eq!(world.count("operator_audit WHERE action = 'refund.close'"), 1);
    assert_eq!(world.count("operator_task WHERE closed_at IS NULL"), 0);
    assert_eq!(world.open_jobs(), 0);
    world.check();
}

#[test]
fn a_refund_that_arrived_after_all_is_not_closed_by_an_operator() {
    let payment = PaymentFixture::in_state(PaymentState::Returning, Currency::Cny);
    let world = payment.world();
    world.inject_provider_fault("refund", "abnormal", 1);
    world.advance_minutes(1);
    let refund_id = world.text("SELECT id FROM refund");
    let number = payment.dispute();
    payment.decide(&number, Decision::Lost);
    world.sandbox.raw("UPDATE sandbox_refund SET state = 'succeeded'").unwrap();
    let operator = world.person("olga").id;
    world
        .run(async |ctx| {
            edge::payments::refund::close_abnormal(ctx, &operator, &refund_id, "Looked at.").await
        })
        .unwrap();
    assert_eq!(world.text("SELECT state FROM refund"), "succeeded");
    assert_eq!(world.count("operator_audit WHERE action = 'refund.close'"), 0);
    assert_eq!(world.balance("operator_loss"), AMOUNT, "returned twice");
}
