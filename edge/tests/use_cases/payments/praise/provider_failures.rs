//! Provider failures: requests and replies are lost, calls are refused, and orders are closed too
//! late.

use edge::http::sandbox::clock;
use edge::payments::praise::intent::View;
use edge::provider::sandbox::cashier::CashierAction;
use shared::api::PaymentAction;
use shared::machine::IntentState;
use shared::money::Currency;
use shared::problem::Problem;

use crate::support::people::Fixture;
use crate::support::world::{World, run_due};

fn calls(world: &World, name: &str) -> usize {
    world.provider_calls.borrow().iter().filter(|call| **call == name).count()
}

#[test]
fn a_lost_order_is_sent_again_under_the_same_number() {
    for kind in ["lost", "reply_lost"] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        world.inject_provider_fault("create_order", kind, 2);
        let intent_id = world.start_praise(&reader, &article, 1000);
        let view = world.view(&reader, &intent_id);
        assert_eq!(view.payment().action, PaymentAction::Wait, "{kind}");
        assert_eq!(view.intent.state, IntentState::AwaitingPayment, "{kind}");
        world.advance_seconds(10);
        assert_eq!(world.view(&reader, &intent_id).payment().action, PaymentAction::Wait);
        world.advance_seconds(30);
        assert_eq!(world.view(&reader, &intent_id).payment().action, PaymentAction::Redirect);
        assert_eq!(calls(&world, "create_order"), 3, "{kind}");
        let order_id = world.order_of(&intent_id);
        let known = world.sandbox.query("SELECT number FROM sandbox_order");
        assert_eq!(known, [serde_json::json!({"number": order_id})], "{kind}");
        assert_eq!(world.count("outbox WHERE done_at IS NULL"), 0);
        world.pay(&intent_id);
        assert_eq!(world.count("praise"), 1);
    }
}

#[test]
fn a_replayed_key_sends_a_lost_order_again() {
    for kind in ["lost", "reply_lost"] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        world.inject_provider_fault("create_order", kind, 1);
        let request = world.praise_request(&reader, &article, 1000);
        let intent_id = world.start(&request).unwrap();
        assert_eq!(world.view(&reader, &intent_id).payment().action, PaymentAction::Wait);
        assert_eq!(world.start(&request).unwrap(), intent_id);
        assert_eq!(world.view(&reader, &intent_id).payment().action, PaymentAction::Redirect);
        assert_eq!(world.sandbox.query("SELECT * FROM sandbox_order").len(), 1);
        world.pay(&intent_id);
    }
}

#[test]
fn an_order_paid_although_its_creation_was_never_answered_is_booked() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    world.inject_provider_fault("create_order", "reply_lost", 100);
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.pay(&intent_id);
    assert_eq!(world.state_of(&intent_id), "paid");
    assert_eq!(world.events("provider_order"), [">created", "created>paid"]);
    world.advance_minutes(60);
    assert_eq!(calls(&world, "create_order"), 1);
}

#[test]
fn a_refused_repetition_does_not_end_an_open_order() {
    for paid_before in [false, true] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let intent_id = world.start_praise(&reader, &article, 1000);
        let order_id = world.order_of(&intent_id);
        if paid_before {
            world.pay_silently(&intent_id);
        }
        // Another request found the order unsent and makes the same call later.
        world.inject_provider_fault("create_order", "refused", 1);
        world.run(async |ctx| {
            let read = edge::database::Statement::new("SELECT 1 AS one", []);
            edge::payments::praise::order::send(ctx, &order_id, "{}", read).await.unwrap();
        });
        let expected = if paid_before { "paid" } else { "awaiting_payment" };
        assert_eq!(world.state_of(&intent_id), expected);
        if !paid_before {
            world.pay_silently(&intent_id);
            world.advance_minutes(5);
            assert_eq!(world.state_of(&intent_id), "paid", "nothing polls it any more");
        }
    }
}

#[test]
fn a_cancellation_without_an_answer_is_carried_out() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.inject_provider_fault("query_order", "lost", 1);
    assert_eq!(world.cancel(&intent_id).unwrap_err().problem(), Problem::Unavailable);
    world.advance_minutes(2);
    assert_eq!(world.state_of(&intent_id), "cancelled");
    assert_eq!(world.reserved(&reader.id), 0);
}

#[test]
fn a_refused_order_ends_the_attempt_and_releases_its_room() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    world.inject_provider_fault("create_order", "refused", 1);
    let request = world.praise_request(&reader, &article, 1000);
    let intent_id = world.start(&request).unwrap();
    let view = world.view(&reader, &intent_id);
    assert_eq!(view.intent.state, IntentState::Declined);
    assert_eq!(view.payment().action, PaymentAction::None);
    assert_eq!(world.text("SELECT state_reason FROM intent"), "order_refused");
    assert_eq!(world.reserved(&reader.id), 0);
    assert_eq!(world.start(&request).unwrap(), intent_id);
    world.advance_minutes(60);
    assert_eq!(calls(&world, "create_order"), 1);
}

#[test]
fn an_order_the_provider_never_got_expires() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    world.inject_provider_fault("create_order", "lost", 1000);
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.advance_minutes(29);
    assert_eq!(world.state_of(&intent_id), "awaiting_payment");
    world.advance_minutes(1);
    assert_eq!(world.state_of(&intent_id), "expired");
    assert_eq!(world.text("SELECT state_reason FROM intent"), "never_created");
    assert_eq!(world.reserved(&reader.id), 0);
    let sent = calls(&world, "create_order");
    world.advance_minutes(60);
    assert_eq!(calls(&world, "create_order"), sent, "a finished attempt was sent again");
}

#[test]
fn an_attempt_expires_only_after_query_close_query() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    let end = world.now().plus_minutes(30);
    world.advance_to(end.plus_seconds(-1));
    assert_eq!(calls(&world, "close_order"), 0);
    assert!(calls(&world, "query_order") >= 30, "the provider was hardly queried");
    world.provider_calls.borrow_mut().clear();
    world.advance_to(end);
    assert_eq!(*world.provider_calls.borrow(), ["query_order", "close_order", "query_order"]);
    assert_eq!(world.state_of(&intent_id), "expired");
    assert_eq!(world.events("provider_order").last().unwrap(), "open>closed");
    assert_eq!(world.reserved(&reader.id), 0);
    assert_eq!(world.open_jobs(), 0);
    // A closed order cannot be paid.
    assert!(world.sandbox.query("SELECT state FROM sandbox_order")[0]["state"] == "closed");
}

#[test]
fn an_attempt_does_not_expire_while_closing_fails() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.inject_provider_fault("close_order", "lost", 3);
    world.advance_minutes(32);
    assert_eq!(calls(&world, "close_order"), 3);
    assert_eq!(
        (world.state_of(&intent_id).as_str(), world.reserved(&reader.id)),
        ("awaiting_payment", 1000)
    );
    world.advance_minutes(1);
    assert_eq!((world.state_of(&intent_id).as_str(), world.reserved(&reader.id)), ("expired", 0));
}

#[test]
fn an_attempt_does_not_expire_while_queries_fail() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.inject_provider_fault("query_order", "lost", 1000);
    world.advance_minutes(40);
    assert_eq!(world.state_of(&intent_id), "awaiting_payment");
    assert_eq!(calls(&world, "close_order"), 0, "closed without knowing its state");
    world.inject_provider_fault("query_order", "lost", 0);
    world.advance_minutes(1);
    assert_eq!(world.state_of(&intent_id), "expired");
}

#[test]
fn an_attempt_paid_at_the_last_moment_is_booked_and_not_expired() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.inject_provider_fault("query_order", "lost", 1000);
    world.advance_minutes(29);
    world.pay_silently(&intent_id);
    world.advance_minutes(10);
    assert_eq!(world.state_of(&intent_id), "awaiting_payment");
    world.inject_provider_fault("query_order", "lost", 0);
    world.advance_minutes(1);
    assert_eq!(world.state_of(&intent_id), "paid");
    assert_eq!(calls(&world, "close_order"), 0);
}

#[test]
fn cancelling_queries_closes_and_queries_again() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.provider_calls.borrow_mut().clear();
    world.cancel(&intent_id).unwrap();
    assert_eq!(*world.provider_calls.borrow(), ["query_order", "close_order", "query_order"]);
    assert_eq!(world.state_of(&intent_id), "cancelled");
    assert_eq!(world.reserved(&reader.id), 0);
    assert_eq!(world.open_jobs(), 0);
    let before = world.dump();
    world.cancel(&intent_id).unwrap();
    assert_eq!(world.dump(), before);
    assert!(
        world
            .at_cashier(&intent_id, CashierAction::Pay)
            .iter()
            .all(|message| !message.body.contains("\"paid\""))
    );
}

#[test]
fn cancelling_a_paid_attempt_books_it() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.pay_silently(&intent_id);
    world.cancel(&intent_id).unwrap();
    let View { intent, .. } = world.view(&reader, &intent_id);
    assert_eq!(intent.state, IntentState::Paid);
    assert!(intent.praise.is_some());
    assert_eq!(calls(&world, "close_order"), 0);
}

#[test]
fn cancelling_while_the_provider_is_silent_stores_only_the_wish() {
    for (operation, times) in [("query_order", 1), ("query_order", 2), ("close_order", 1)] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let intent_id = world.start_praise(&reader, &article, 1000);
        world.inject_provider_fault(operation, "lost", times);
        let before = world.dump();
        assert_eq!(world.cancel(&intent_id).unwrap_err().problem(), Problem::Unavailable);
        let mut after = world.dump();
        for column in ["cancel_asked_at", "queried_at"] {
            let stored = format!("\"{column}\":{}", world.now().ms());
            after = after.replace(&stored, &format!("\"{column}\":null"));
        }
        assert!(after == before, "{operation}: something else has changed");
        assert_eq!(world.count("intent WHERE cancel_asked_at IS NOT NULL"), 1);
        // A reader who wanted to cancel is not sent back to the attempt.
        let open = world.run(async |ctx| {
            edge::payments::praise::intent::list_open(ctx.db, &reader.id, None, ctx.now)
                .await
                .unwrap()
        });
        assert!(open.is_empty(), "{open:?}");
        world.inject_provider_fault(operation, "lost", 0);
        // The provider is not asked again within three seconds.
        let before = world.dump();
        world.provider_calls.borrow_mut().clear();
        world.set_now(world.now().plus_seconds(2));
        assert_eq!(world.cancel(&intent_id).unwrap_err().problem(), Problem::Unavailable);
        assert_eq!((world.dump(), world.provider_calls.borrow().len()), (before, 0));
        world.set_now(world.now().plus_seconds(1));
        world.cancel(&intent_id).unwrap();
        assert_eq!(world.state_of(&intent_id), "cancelled");
    }
}

#[test]
fn concurrent_cancelling_and_paying_have_one_result() {
    let mut ends = std::collections::BTreeMap::new();
    for seed in 0..40 {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let intent_id = world.start_praise(&reader, &article, 1000);
        let order_id = world.order_of(&intent_id);
        world.race(seed, 2, async |ctx, i| {
            // A batch that changes nothing, so that the seed decides who is first.
            edge::queue::jobs::next_due_at(ctx.db).await.unwrap();
            if i == 0 {
                let _ = edge::payments::praise::order::cancel(ctx, &order_id).await;
                return;
            }
            let deed =
                ctx.provider.sandbox.act(&order_id, CashierAction::Pay, ctx.now).await.unwrap();
            for message in deed {
                use edge::payments::webhook::{Received, process, receive};
                if let Received::Stored(message) = receive(ctx, &message).await.unwrap() {
                    process(ctx, &message).await.unwrap();
                }
            }
        });
        let state = world.state_of(&intent_id);
        let praises = world.count("praise");
        assert_eq!(praises, i64::from(state == "paid"), "seed {seed}: {state}");
        *ends.entry(state).or_insert(0) += 1;
        world.advance_minutes(40);
    }
    let seen: Vec<_> = ends.keys().map(String::as_str).collect();
    assert_eq!(seen, ["cancelled", "paid"], "{ends:?}");
}

#[test]
fn a_lost_refund_is_sent_again_under_the_same_number_and_happens_once() {
    for kind in ["lost", "reply_lost"] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let intent_id = world.start_praise(&reader, &article, 1000);
        world.freeze_and_return(&article);
        world.pay(&intent_id);
        world.inject_provider_fault("refund", kind, 3);
        world.run_jobs();
        assert_eq!(world.text("SELECT state FROM refund"), "sent", "{kind}");
        assert_eq!(world.balance("returning"), -1000, "{kind}");
        world.advance_minutes(10);
        assert_eq!(world.text("SELECT state FROM refund"), "succeeded", "{kind}");
        assert_eq!(world.count("refund"), 1, "{kind}");
        let refund = world.text("SELECT id FROM refund");
        assert_eq!(
            world.sandbox.query("SELECT number, amount_minor FROM sandbox_refund"),
            [serde_json::json!({"number": refund, "amount_minor": 1000})],
        );
        assert_eq!((world.balance("returning"), world.balance("provider_unsettled")), (0, 0));
        assert_eq!(world.events("refund"), [">queued", "queued>sent", "sent>succeeded"]);
        assert_eq!(world.count("outbox WHERE done_at IS NULL"), 0);
        assert_eq!(world.open_jobs(), 0);
        // A lost refund is sent until it arrives; one that was carried out is only queried.
        assert_eq!(calls(&world, "refund"), if kind == "lost" { 4 } else { 1 }, "{kind}");
    }
}

#[test]
fn concurrent_runs_of_the_jobs_do_everything_once() {
    for seed in 0..20 {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        world.inject_provider_fault("create_order", "lost", 1);
        let waiting = world.start_praise(&reader, &article, 1000);
        let paid = world.start_praise(&reader, &article, 2000);
        let back = world.start_praise(&world.person("bo"), &article, 3000);
        world.pay_silently(&paid);
        world.pay(&back);
        world.set_now(world.now().plus_seconds(30));
        let ended = world.race(seed, 4, async |ctx, _| run_due(ctx).await);
        assert!(ended.iter().all(Result::is_ok), "seed {seed}: {ended:?}");
        assert_eq!(world.state_of(&paid), "paid", "seed {seed}");
        assert_eq!(world.count("praise"), 2, "seed {seed}");
        assert_eq!(world.sandbox.query("SELECT * FROM sandbox_order").len(), 3, "seed {seed}");
        assert_eq!(world.view(&reader, &waiting).payment().action, PaymentAction::Redirect);
    }
}

#[test]
fn a_job_that_keeps_failing_does_not_delay_the_others() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    world.raw(
        "INSERT INTO job (kind, subject_id, due_at) VALUES ('process_event', 'sandbox:bad', 0)",
    );
    world.raw(
        "INSERT INTO provider_event (provider, event_id, body, received_at)
         VALUES ('sandbox', 'bad', 'not a message', 0)",
    );
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.pay_silently(&intent_id);
    world.advance_seconds(60);
    assert_eq!(world.state_of(&intent_id), "paid");
    let attempts = "SELECT attempts FROM job WHERE subject_id = 'sandbox:bad'";
    assert_eq!(world.number(attempts), 2);
    // The interval between attempts grows.
    world.advance_minutes(240);
    let tried = world.number(attempts);
    assert!((8..=16).contains(&tried), "{tried} attempts in four hours");
}

#[test]
fn a_kind_with_very_many_jobs_does_not_delay_the_others() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.pay_silently(&intent_id);
    // Far more overdue refunds than one run of the jobs takes.
    world.raw(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000)
         INSERT INTO job (kind, subject_id, due_at) SELECT 'send_refund', 'ref_' || n, 0 FROM n",
    );
    world.set_now(world.now().plus_seconds(10));
    assert!(world.run_jobs() < 1000, "one run took them all");
    assert_eq!(world.state_of(&intent_id), "paid");
}

#[test]
fn the_sandbox_clock_only_moves_forward_and_runs_due_jobs() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.start_praise(&reader, &article, 1000);
    let real = world.now();
    let advance = |minutes| {
        world.run(async |ctx| {
            let sandbox = &ctx.provider.sandbox;
            let target = real.plus_minutes(minutes);
            clock::advance(ctx.db, sandbox, ctx.entropy, real, target).await.unwrap()
        })
    };
    let shown = || world.run(async |ctx| ctx.provider.sandbox.now(real));
    assert!(advance(31) > 30);
    assert_eq!(shown(), real.plus_minutes(31));
    assert_eq!(world.state_of(&intent_id), "expired");
    let expired_at = world.number("SELECT state_at FROM intent");
    assert_eq!(expired_at, real.plus_minutes(30).ms(), "a job did not run at its own moment");
    assert_eq!(advance(5), 0);
    assert_eq!(shown(), real.plus_minutes(31), "the clock went back");
    world.set_now(real.plus_minutes(31));
}
