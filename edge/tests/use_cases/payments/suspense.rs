//! Suspense: an operator returns an unexplained payment or assigns it to the attempt that it was
//! meant for. This happens exactly once, whatever fails on the way.

use edge::failure::Failure;
use edge::payments::reversal::{ReversalRight, reverse_praise};
use edge::payments::suspense::{Resolution, open_cases, resolve};
use edge::provider::sandbox::cashier::CashierAction;
use serde_json::json;
use shared::calendar::Moment;
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::payments::praise::faults::{
    FlowFixture, deliver_until_received, product, provider, retry_at_cashier, retry_until_answered,
    run_jobs_for, start_until_payable, with_every_fault,
};
use crate::payments::praise::late_payments::end_attempt;
use crate::support::people::{Fixture, Person};
use crate::support::world::World;

/// Receives money for an order that does not exist here. Returns the id of its case.
fn receive_unexplained(world: &World, number: u32, of: Money) -> String {
    let order = format!("ord_nobody{number}");
    let report = world.provider_receives_unknown_order(&order, &format!("tx-{number}"), of);
    world.deliver(&world.sign_report(&format!("evt-{number}"), &order, report));
    case_of(world, number)
}

fn case_of(world: &World, number: u32) -> String {
    world.text(&format!(
        "SELECT c.id FROM suspense_case AS c JOIN payment ON payment.id = c.payment_id
         WHERE transaction_id = 'tx-{number}'"
    ))
}

fn assign_to(intent_id: &str) -> Resolution {
    Resolution::ToPraise { intent_id: intent_id.to_owned() }
}

fn decide(world: &World, who: &Person, case: &str, how: &Resolution) -> Result<(), Failure> {
    world.run(async |ctx| resolve(ctx, &who.id, case, how).await)
}

fn refused(world: &World, who: &Person, case: &str, how: &Resolution) -> Problem {
    let before = world.dump();
    let answer = decide(world, who, case, how);
    assert_eq!(world.dump(), before, "a refused decision changed something");
    match answer {
        Err(Failure::Refused(problem)) => problem,
        other => panic!("{how:?} was not refused: {other:?}"),
    }
}

/// A case of ¥10, an expired attempt of ¥10, and an operator.
fn suspense_fixture() -> (Fixture, String, String, Person) {
    suspense_fixture_in(Fixture::new(Currency::Cny))
}

fn suspense_fixture_in(fixture: Fixture) -> (Fixture, String, String, Person) {
    let Fixture { world, article, reader, .. } = &fixture;
    let intent_id = world.start_praise(reader, article, 1000);
    end_attempt(world, &intent_id, "expired");
    let case = receive_unexplained(world, 1, Money::new(1000, Currency::Cny));
    let operator = world.person("operator");
    (fixture, case, intent_id, operator)
}

/// Asserts that the case and its task were closed by this operator exactly once.
fn assert_closed(world: &World, case: &str, outcome: &str) {
    assert_eq!(world.count("suspense_case WHERE closed_at IS NULL"), 0);
    assert_eq!(world.balance("suspense"), 0);
    let task = format!("SELECT outcome FROM operator_task WHERE subject_id = '{case}'");
    assert_eq!(world.text(&task), outcome);
    let audited = world
        .count(&format!("operator_audit WHERE action = 'suspense.resolve' AND subject = '{case}'"));
    assert_eq!(audited, 1);
}

#[test]
fn unexplained_money_is_refunded_to_its_source() {
    for currency in Currency::ALL {
        let Fixture { world, .. } = Fixture::new(currency);
        let case = receive_unexplained(&world, 1, Money::new(700, currency));
        let listed = || world.run(async |ctx| open_cases(ctx.db).await.unwrap());
        assert_eq!((listed().len(), &listed()[0].id), (1, &case));
        assert_eq!(listed()[0].amount, Money::new(700, currency));
        let operator = world.person("operator");
        decide(&world, &operator, &case, &Resolution::Return).unwrap();
        assert_closed(&world, &case, "returned");
        assert_eq!(listed(), []);
        assert_eq!(world.balance("returning"), -700);
        world.check();
        // Idempotent, and the decision cannot be changed afterwards.
        decide(&world, &operator, &case, &Resolution::Return).unwrap();
        let other = refused(&world, &operator, &case, &assign_to("int_any"));
        assert_eq!(other, Problem::WrongState);
        world.run_jobs();
        assert_eq!(world.text("SELECT state FROM refund"), "succeeded");
        assert_eq!(world.sandbox.query("SELECT * FROM sandbox_refund").len(), 1);
        assert_eq!((world.balance("returning"), world.balance("provider_unsettled")), (0, 0));
    }
}

#[test]
fn money_assigned_to_an_attempt_becomes_its_praise() {
    let (Fixture { world, account, article, reader }, case, intent_id, operator) =
        suspense_fixture();
    let paid_at = world.now();
    world.advance_to(world.now().plus_days(1));
    decide(&world, &operator, &case, &assign_to(&intent_id)).unwrap();
    assert_closed(&world, &case, "praise");
    decide(&world, &operator, &case, &assign_to(&intent_id)).unwrap();
    assert_eq!(refused(&world, &operator, &case, &Resolution::Return), Problem::WrongState);
    assert_eq!(world.state_of(&intent_id), "paid");
    assert_eq!(world.reserved(&reader.id), 1000);
    assert_eq!(world.balance("writer_held"), -1000);
    // The hold period counts from the payment, the undo window from the booking.
    let praise =
        world.rows("SELECT id, paid_day, paid_at, due_at, undo_until, article_id FROM praise");
    let due_at = shared::calendar::due_at(paid_at, Currency::Cny, 7);
    assert_eq!(
        praise,
        [json!({
            "id": praise[0]["id"], "paid_day": "2026-11-22", "paid_at": paid_at.ms(),
            "due_at": due_at.ms(), "undo_until": world.now().plus_minutes(10).ms(),
            "article_id": article.id,
        })]
    );
    let booked = "SELECT sum(booked_minor) FROM article_day WHERE day = '2026-11-22'";
    assert_eq!(world.number(booked), 1000);
    // Its row of the bill belongs to the account from now on.
    let blamed = world.text("SELECT account_id FROM movement WHERE kind = 'payment'");
    assert_eq!(blamed, account.id);
    // Like any other praise it can be returned once.
    let praise = praise[0]["id"].as_str().unwrap().to_owned();
    world
        .run(async |ctx| reverse_praise(ctx, &reader.id, &praise, ReversalRight::Undo).await)
        .unwrap();
    world.run_jobs();
    assert_eq!(world.text("SELECT state FROM praise"), "returned");
    assert_eq!(world.balance("provider_unsettled") + world.balance("provider_settled"), -6);
}

#[test]
fn money_assigned_after_the_hold_period_becomes_due() {
    let (Fixture { world, .. }, case, intent_id, operator) = suspense_fixture();
    world.advance_to(world.now().plus_days(30));
    decide(&world, &operator, &case, &assign_to(&intent_id)).unwrap();
    world.check();
    world.advance_minutes(9);
    assert_eq!(world.text("SELECT state FROM praise"), "held");
    world.advance_minutes(1);
    assert_eq!(world.number("SELECT matured FROM praise"), 1);
}

#[test]
fn money_is_assigned_only_to_a_matching_unpaid_attempt() {
    let (Fixture { world, article, reader, .. }, case, _, operator) = suspense_fixture();
    let another_amount = world.start_praise(&reader, &article, 2000);
    end_attempt(&world, &another_amount, "expired");
    for stranger in [another_amount.as_str(), "int_nothing"] {
        let refusal = refused(&world, &operator, &case, &assign_to(stranger));
        assert!(matches!(refusal, Problem::Field { field: "intent_id", .. }), "{refusal:?}");
    }
    let cancelled = world.start_praise(&reader, &article, 1000);
    end_attempt(&world, &cancelled, "cancelled");
    let open = world.start_praise(&reader, &article, 1000);
    let paid = world.give_praise(&reader, &article, 1000);
    let in_review = world.start_praise(&reader, &article, 1000);
    let report = world.provider_receives(&world.order_of(&in_review), "tx-odd", 999);
    world.deliver(&world.sign_report("evt-odd", &world.order_of(&in_review), report));
    for intent in [&cancelled, &open, &paid, &in_review] {
        let refusal = refused(&world, &operator, &case, &assign_to(intent));
        assert_eq!(refusal, Problem::WrongState);
    }
    let missing = refused(&world, &operator, "sus_nothing", &Resolution::Return);
    assert_eq!(missing, Problem::NotFound);
}

#[test]
fn a_rule_that_would_return_the_money_refuses_the_assignment() {
    for problem in [Problem::ArticleFrozen, Problem::AccountSuspended] {
        let (Fixture { world, article, .. }, case, intent_id, operator) = suspense_fixture();
        match problem {
            Problem::ArticleFrozen => world.freeze_and_return(&article),
            _ => world.raw("UPDATE official_account SET status = 'suspended'"),
        }
        assert_eq!(refused(&world, &operator, &case, &assign_to(&intent_id)), problem);
        decide(&world, &operator, &case, &Resolution::Return).unwrap();
    }
    // The article's cap of the day of payment is used up.
    let fixture = Fixture::new(Currency::Cny);
    fixture.world.raw(&format!(
        "INSERT INTO policy (version, currency, effective_from, praise_min_minor,
           praise_cap_minor, reader_day_minor, guest_day_minor, payer_day_minor, article_day_minor,
           writer_day_minor, hold_days, undo_minutes)
         VALUES (2, 'CNY', {}, 100, 20000, 100000, 20000, 100000, 20000, 5000000, 7, 10)",
        fixture.world.now().ms()
    ));
    let (Fixture { world, article, .. }, case, intent_id, operator) = suspense_fixture_in(fixture);
    let other = world.person("bo");
    let in_time = world.start_praise(&other, &article, 20_000);
    world.pay(&in_time);
    let refusal = refused(&world, &operator, &case, &assign_to(&intent_id));
    let limit = Money::new(20_000, Currency::Cny);
    let reopens_at = Moment::from_rfc3339("2026-11-22T16:00:00Z").unwrap();
    assert_eq!(refusal, Problem::ArticleDayCap { limit, reopens_at });
    assert_eq!(world.count("suspense_case WHERE closed_at IS NULL"), 1);
}

#[test]
fn two_concurrent_operators_decide_once() {
    let mut outcomes = std::collections::BTreeSet::new();
    for seed in 0..30 {
        let (Fixture { world, .. }, case, intent_id, operator) = suspense_fixture();
        let answers = world.race(seed, 4, async |ctx, competitor| {
            let how = if competitor % 2 == 0 { Resolution::Return } else { assign_to(&intent_id) };
            resolve(ctx, &operator.id, &case, &how).await
        });
        let fate = world.text("SELECT fate FROM payment");
        for (competitor, answer) in answers.into_iter().enumerate() {
            let won = (competitor % 2 == 0) == (fate == "return");
            let expected = if won { Ok(()) } else { Err(Failure::Refused(Problem::WrongState)) };
            assert_eq!(answer, expected, "seed {seed}, competitor {competitor}");
        }
        outcomes.insert(fate);
        world.run_jobs();
        assert_eq!(world.count("operator_audit WHERE action = 'suspense.resolve'"), 1);
    }
    assert_eq!(outcomes.len(), 2, "{outcomes:?}");
}

/// A flow in which an unknown payment arrives in a shared world and is returned or assigned.
fn flow(fixture: &FlowFixture<'_>, back: bool) {
    let world = fixture.world;
    let number = world.count("suspense_case") as u32 + 1;
    let request = fixture.praise_request();
    let intent_id = start_until_payable(world, &request);
    let messages = retry_at_cashier(world, &intent_id, CashierAction::Decline);
    deliver_until_received(world, &messages[0]);
    run_jobs_for(world, 60);
    let order = format!("ord_nobody{number}");
    let of = Money::new(1000, Currency::Cny);
    world.provider_receives_unknown_order(&order, &format!("tx-{number}"), of);
    let report = edge::provider::OrderReport::Paid(edge::provider::PaidReport {
        transaction_id: format!("tx-{number}"),
        amount: of,
        paid_at: world.now(),
        payer: None,
    });
    let message = edge::provider::Message {
        event_id: format!("evt-{number}"),
        kind: edge::provider::EventKind::Order { number: order, report },
    };
    let signed = retry_until_answered(world, async |ctx| {
        Ok(ctx.provider.sandbox.sign(&message, ctx.now)?)
    });
    deliver_until_received(world, &signed);
    run_jobs_for(world, 300);
    let case = case_of(world, number);
    let how = if back { Resolution::Return } else { assign_to(&intent_id) };
    retry_until_answered(world, async |ctx| resolve(ctx, &fixture.reader.id, &case, &how).await);
    run_jobs_for(world, 300);
    assert_closed(world, &case, if back { "returned" } else { "praise" });
    let payment = format!("payment WHERE transaction_id = 'tx-{number}'");
    assert_eq!(world.count(&payment), 1);
    let praises = world.count(&format!("praise WHERE intent_id = '{intent_id}'"));
    assert_eq!(praises, i64::from(!back));
    let refunds = world
        .sandbox
        .query(&format!("SELECT * FROM sandbox_refund WHERE transaction_id = 'tx-{number}'"));
    assert_eq!(refunds.len() as i64, i64::from(back));
    assert_eq!(world.reserved(&fixture.reader.id), if back { 0 } else { 1000 });
}

#[test]
fn resolving_survives_every_fault() {
    for at in [product, provider] {
        with_every_fault(|fixture| flow(fixture, true), at, 12);
        with_every_fault(|fixture| flow(fixture, false), at, 8);
    }
}
