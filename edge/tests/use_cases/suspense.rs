//! Money that nobody could explain: an operator sends it back or makes it the praise it was meant
//! for, once, whatever goes wrong on the way.

use edge::failure::Failure;
use edge::payments::reversal::{ReversalRight, reverse_praise};
use edge::payments::suspense::{Resolution, open_cases, resolve};
use edge::provider::sandbox::cashier::Deed;
use serde_json::json;
use shared::calendar::Moment;
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::crash::{
    Scene, everywhere, insist, insist_on_an_order, insist_on_deed, insist_on_message, live,
    product, provider,
};
use crate::late::ended;
use crate::world::World;
use crate::world::people::{Person, Stage};

/// Money that came for an order nobody here knows; the case about it.
fn unexplained(world: &World, number: u32, of: Money) -> String {
    let order = format!("ord_nobody{number}");
    let report = world.provider_takes_unasked(&order, &format!("tx-{number}"), of);
    world.deliver(&world.says(&format!("evt-{number}"), &order, report));
    case_of(world, number)
}

fn case_of(world: &World, number: u32) -> String {
    world.text(&format!(
        "SELECT c.id FROM suspense_case AS c JOIN payment ON payment.id = c.payment_id
         WHERE transaction_id = 'tx-{number}'"
    ))
}

fn to_praise(intent_id: &str) -> Resolution {
    Resolution::ToPraise { intent_id: intent_id.to_owned() }
}

fn decide(world: &World, who: &Person, case: &str, how: &Resolution) -> Result<(), Failure> {
    world.act(async |ctx| resolve(ctx, &who.id, case, how).await)
}

fn refused(world: &World, who: &Person, case: &str, how: &Resolution) -> Problem {
    let before = world.everything();
    let answer = decide(world, who, case, how);
    assert_eq!(world.everything(), before, "what was refused has changed something");
    match answer {
        Err(Failure::Refused(problem)) => problem,
        other => panic!("{how:?} was not refused: {other:?}"),
    }
}

/// A case of ¥10, an attempt of ¥10 that has expired, and an operator.
fn scene() -> (Stage, String, String, Person) {
    scene_in(Stage::new(Currency::Cny))
}

fn scene_in(stage: Stage) -> (Stage, String, String, Person) {
    let Stage { world, article, reader, .. } = &stage;
    let intent_id = world.started(reader, article, 1000);
    ended(world, &intent_id, "expired");
    let case = unexplained(world, 1, Money::new(1000, Currency::Cny));
    let operator = world.person("operator");
    (stage, case, intent_id, operator)
}

/// The case and its task are closed, by this operator, once.
fn is_closed(world: &World, case: &str, outcome: &str) {
    assert_eq!(world.count("suspense_case WHERE closed_at IS NULL"), 0);
    assert_eq!(world.balance("suspense"), 0);
    let task = format!("SELECT outcome FROM operator_task WHERE subject_id = '{case}'");
    assert_eq!(world.text(&task), outcome);
    let deeds = world
        .count(&format!("operator_audit WHERE action = 'suspense.resolve' AND subject = '{case}'"));
    assert_eq!(deeds, 1);
}

#[test]
fn what_nobody_can_explain_goes_back_by_the_way_it_came() {
    for currency in Currency::ALL {
        let Stage { world, .. } = Stage::new(currency);
        let case = unexplained(&world, 1, Money::new(700, currency));
        let listed = || world.act(async |ctx| open_cases(ctx.db).await.unwrap());
        assert_eq!((listed().len(), &listed()[0].id), (1, &case));
        assert_eq!(listed()[0].amount, Money::new(700, currency));
        let operator = world.person("operator");
        decide(&world, &operator, &case, &Resolution::Return).unwrap();
        is_closed(&world, &case, "returned");
        assert_eq!(listed(), []);
        assert_eq!(world.balance("returning"), -700);
        world.check();
        // Asked twice, it is one request; and it is not decided otherwise afterwards.
        decide(&world, &operator, &case, &Resolution::Return).unwrap();
        let other = refused(&world, &operator, &case, &to_praise("int_any"));
        assert_eq!(other, Problem::WrongState);
        world.run_jobs();
        assert_eq!(world.text("SELECT state FROM refund"), "succeeded");
        assert_eq!(world.sandbox.query("SELECT * FROM sandbox_refund").len(), 1);
        assert_eq!((world.balance("returning"), world.balance("provider_unsettled")), (0, 0));
    }
}

#[test]
fn what_belongs_to_an_attempt_becomes_its_praise_as_if_it_had_just_been_told_of() {
    let (Stage { world, account, article, reader }, case, intent_id, operator) = scene();
    let paid_at = world.now();
    world.advance_to(world.now().plus_days(1));
    decide(&world, &operator, &case, &to_praise(&intent_id)).unwrap();
    is_closed(&world, &case, "praise");
    decide(&world, &operator, &case, &to_praise(&intent_id)).unwrap();
    assert_eq!(refused(&world, &operator, &case, &Resolution::Return), Problem::WrongState);
    assert_eq!(world.state_of(&intent_id), "paid");
    assert_eq!(world.reserved(&reader.id), 1000);
    assert_eq!(world.balance("writer_held"), -1000);
    // The hold goes by the day it was paid, the minutes of undoing by the booking.
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
    // Its row of the bill is the account's from now on.
    let blamed = world.text("SELECT account_id FROM movement WHERE kind = 'payment'");
    assert_eq!(blamed, account.id);
    // And like any other it goes back, once.
    let praise = praise[0]["id"].as_str().unwrap().to_owned();
    world
        .act(async |ctx| reverse_praise(ctx, &reader.id, &praise, ReversalRight::Undo).await)
        .unwrap();
    world.run_jobs();
    assert_eq!(world.text("SELECT state FROM praise"), "returned");
    assert_eq!(world.balance("provider_unsettled") + world.balance("provider_settled"), -6);
}

#[test]
fn money_explained_after_its_hold_becomes_due_by_itself() {
    let (Stage { world, .. }, case, intent_id, operator) = scene();
    world.advance_to(world.now().plus_days(30));
    decide(&world, &operator, &case, &to_praise(&intent_id)).unwrap();
    world.check();
    world.advance_minutes(9);
    assert_eq!(world.text("SELECT state FROM praise"), "held");
    world.advance_minutes(1);
    assert_eq!(world.number("SELECT matured FROM praise"), 1);
}

#[test]
fn only_an_attempt_that_fits_and_has_ended_without_money_is_given_it() {
    let (Stage { world, article, reader, .. }, case, _, operator) = scene();
    let another_amount = world.started(&reader, &article, 2000);
    ended(&world, &another_amount, "expired");
    for stranger in [another_amount.as_str(), "int_nothing"] {
        let refusal = refused(&world, &operator, &case, &to_praise(stranger));
        assert!(matches!(refusal, Problem::Field { field: "intent_id", .. }), "{refusal:?}");
    }
    let cancelled = world.started(&reader, &article, 1000);
    ended(&world, &cancelled, "cancelled");
    let open = world.started(&reader, &article, 1000);
    let paid = world.praised(&reader, &article, 1000);
    let in_review = world.started(&reader, &article, 1000);
    let report = world.provider_takes(&world.order_of(&in_review), "tx-odd", 999);
    world.deliver(&world.says("evt-odd", &world.order_of(&in_review), report));
    for intent in [&cancelled, &open, &paid, &in_review] {
        let refusal = refused(&world, &operator, &case, &to_praise(intent));
        assert_eq!(refusal, Problem::WrongState);
    }
    let missing = refused(&world, &operator, "sus_nothing", &Resolution::Return);
    assert_eq!(missing, Problem::NotFound);
}

#[test]
fn a_rule_that_would_send_the_money_back_refuses_it_and_the_case_stays_open() {
    for problem in [Problem::ArticleFrozen, Problem::AccountSuspended] {
        let (Stage { world, article, .. }, case, intent_id, operator) = scene();
        match problem {
            Problem::ArticleFrozen => world.frozen_for_good(&article),
            _ => world.raw("UPDATE official_account SET status = 'suspended'"),
        }
        assert_eq!(refused(&world, &operator, &case, &to_praise(&intent_id)), problem);
        decide(&world, &operator, &case, &Resolution::Return).unwrap();
    }
    // The article's day is full by the policy of the day it was paid.
    let stage = Stage::new(Currency::Cny);
    stage.world.raw(&format!(
        "INSERT INTO policy (version, currency, effective_from, praise_min_minor,
           praise_cap_minor, reader_day_minor, guest_day_minor, article_day_minor,
           writer_day_minor, hold_days, undo_minutes)
         VALUES (2, 'CNY', {}, 100, 20000, 100000, 20000, 20000, 5000000, 7, 10)",
        stage.world.now().ms()
    ));
    let (Stage { world, article, .. }, case, intent_id, operator) = scene_in(stage);
    let other = world.person("bo");
    let in_time = world.started(&other, &article, 20_000);
    world.pay(&in_time);
    let refusal = refused(&world, &operator, &case, &to_praise(&intent_id));
    let limit = Money::new(20_000, Currency::Cny);
    let reopens_at = Moment::from_rfc3339("2026-11-22T16:00:00Z").unwrap();
    assert_eq!(refusal, Problem::ArticleDayCap { limit, reopens_at });
    assert_eq!(world.count("suspense_case WHERE closed_at IS NULL"), 1);
}

#[test]
fn two_operators_at_once_decide_once() {
    let mut outcomes = std::collections::BTreeSet::new();
    for seed in 0..30 {
        let (Stage { world, .. }, case, intent_id, operator) = scene();
        let answers = world.race(seed, 4, async |ctx, racer| {
            let how = if racer % 2 == 0 { Resolution::Return } else { to_praise(&intent_id) };
            resolve(ctx, &operator.id, &case, &how).await
        });
        let fate = world.text("SELECT fate FROM payment");
        for (racer, answer) in answers.into_iter().enumerate() {
            let won = (racer % 2 == 0) == (fate == "return");
            let expected = if won { Ok(()) } else { Err(Failure::Refused(Problem::WrongState)) };
            assert_eq!(answer, expected, "seed {seed}, racer {racer}");
        }
        outcomes.insert(fate);
        world.run_jobs();
        assert_eq!(world.count("operator_audit WHERE action = 'suspense.resolve'"), 1);
    }
    assert_eq!(outcomes.len(), 2, "{outcomes:?}");
}

/// Money that came unasked in an everyday world, resolved in one way or the other.
fn way(scene: &Scene<'_>, back: bool) {
    let world = scene.world;
    let number = world.count("suspense_case") as u32 + 1;
    let wish = scene.wish();
    let intent_id = insist_on_an_order(world, &wish);
    let messages = insist_on_deed(world, &intent_id, Deed::Decline);
    insist_on_message(world, &messages[0]);
    live(world, 60);
    let order = format!("ord_nobody{number}");
    let of = Money::new(1000, Currency::Cny);
    world.provider_takes_unasked(&order, &format!("tx-{number}"), of);
    let report = edge::provider::OrderReport::Paid(edge::provider::PaidReport {
        transaction_id: format!("tx-{number}"),
        amount: of,
        paid_at: world.now(),
    });
    let message = edge::provider::Message {
        event_id: format!("evt-{number}"),
        news: edge::provider::News::Order { number: order, report },
    };
    let signed = insist(world, async |ctx| Ok(ctx.provider.sandbox.sign(&message, ctx.now)?));
    insist_on_message(world, &signed);
    live(world, 300);
    let case = case_of(world, number);
    let how = if back { Resolution::Return } else { to_praise(&intent_id) };
    insist(world, async |ctx| resolve(ctx, &scene.reader.id, &case, &how).await);
    live(world, 300);
    is_closed(world, &case, if back { "returned" } else { "praise" });
    let payment = format!("payment WHERE transaction_id = 'tx-{number}'");
    assert_eq!(world.count(&payment), 1);
    let praises = world.count(&format!("praise WHERE intent_id = '{intent_id}'"));
    assert_eq!(praises, i64::from(!back));
    let refunds = world
        .sandbox
        .query(&format!("SELECT * FROM sandbox_refund WHERE transaction_id = 'tx-{number}'"));
    assert_eq!(refunds.len() as i64, i64::from(back));
    assert_eq!(world.reserved(&scene.reader.id), if back { 0 } else { 1000 });
}

#[test]
fn resolving_survives_every_fault() {
    for at in [product, provider] {
        everywhere(|scene| way(scene, true), at, 12);
        everywhere(|scene| way(scene, false), at, 8);
    }
}
