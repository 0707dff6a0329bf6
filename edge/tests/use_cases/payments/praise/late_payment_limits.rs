//! Late payments and limits: a reader's own limits, a guest's daily cap, the limit on attempts.
//! What was reserved at the start stays reserved; an attempt that has ended is checked again.

use edge::limits::reader_limits;
use shared::api::UpdateLimits;
use shared::machine::IntentState;
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::payments::praise::late_payments::{end_attempt, late_payment};
use crate::support::people::{Fixture, Person};
use crate::support::world::World;

/// The amount of the praise, and a limit below it.
const GIVEN: i64 = 800;
const LOW: i64 = 500;

fn limit(currency: Currency, which: &str, minor: i64) -> UpdateLimits {
    let named = |name: &str| (which == name).then_some(Some(minor));
    UpdateLimits {
        currency,
        praise_minor: named("reader_own_praise"),
        day_minor: named("reader_own_day"),
        month_minor: named("reader_own_month"),
    }
}

fn set(world: &World, reader: &Person, update: &UpdateLimits) {
    world
        .run(async |ctx| reader_limits::update(ctx.db, ctx.now, &reader.id, update).await)
        .unwrap();
}

const OWN: [&str; 3] = ["reader_own_praise", "reader_own_day", "reader_own_month"];

/// Asserts that the payment was returned in full under this rule and holds no room. Returns the
/// refusal.
fn assert_returned(world: &World, reader: &Person, intent_id: &str, rule: &str) -> Problem {
    let view = world.view(reader, intent_id);
    assert_eq!(view.intent.state, IntentState::Returned, "{rule}");
    assert_eq!(view.intent.refusal, Some(format!("rule.{rule}")));
    world.run_jobs();
    assert_eq!(world.text("SELECT state FROM refund"), "succeeded");
    let told = world.view(reader, intent_id).intent.money_back;
    assert_eq!(told.iter().map(|one| one.reason.as_str()).collect::<Vec<_>>(), [rule]);
    assert_eq!((world.balance("returning"), world.provider_balance()), (0, 0));
    assert_eq!((world.count("praise"), world.reserved(&reader.id)), (0, 0));
    view.refusal.unwrap()
}

/// Asserts that the payment became a praise and holds its room.
fn assert_given(world: &World, reader: &Person, intent_id: &str, minor: i64) {
    assert_eq!(world.state_of(intent_id), "paid");
    assert_eq!((world.count("refund"), world.count("praise")), (0, 1));
    assert_eq!(world.reserved(&reader.id), minor);
    assert_eq!(world.balance("writer_held"), -minor);
}

#[test]
fn a_lowered_limit_applies_to_late_payments_and_not_to_reserved_ones() {
    for currency in Currency::ALL {
        for which in OWN {
            for how in ["waiting", "declined", "expired"] {
                for (minor, fits) in [(GIVEN, true), (GIVEN - 1, false), (LOW, false), (0, false)] {
                    let Fixture { world, article, reader, .. } = Fixture::new(currency);
                    let intent_id = world.start_praise(&reader, &article, GIVEN);
                    if how != "waiting" {
                        end_attempt(&world, &intent_id, how);
                    }
                    set(&world, &reader, &limit(currency, which, minor));
                    late_payment(&world, &intent_id, GIVEN);
                    if fits || how == "waiting" {
                        assert_given(&world, &reader, &intent_id, GIVEN);
                        continue;
                    }
                    let problem = assert_returned(&world, &reader, &intent_id, which);
                    assert_eq!(problem.limit(), Some(Money::new(minor, currency)), "{which} {how}");
                }
            }
        }
    }
}

#[test]
fn a_raised_limit_applies_to_late_payments_after_its_day() {
    for which in OWN {
        for waited in [false, true] {
            let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
            let intent_id = world.start_praise(&reader, &article, GIVEN);
            end_attempt(&world, &intent_id, "expired");
            set(&world, &reader, &limit(Currency::Cny, which, LOW));
            set(&world, &reader, &limit(Currency::Cny, which, GIVEN));
            let opens_at = world.now().plus_days(1);
            let at = if waited { opens_at } else { opens_at.plus_seconds(-1) };
            world.advance_to(at);
            late_payment(&world, &intent_id, GIVEN);
            match waited {
                true => assert_given(&world, &reader, &intent_id, GIVEN),
                false => drop(assert_returned(&world, &reader, &intent_id, which)),
            }
        }
    }
}

#[test]
fn praises_given_meanwhile_count_on_the_day_of_the_start() {
    for which in ["reader_own_day", "reader_own_month"] {
        for (room, fits) in [(GIVEN, true), (GIVEN - 1, false)] {
            let Fixture { world, article, reader, .. } = Fixture::new(Currency::Usd);
            let late = world.start_praise(&reader, &article, GIVEN);
            end_attempt(&world, &late, "declined");
            set(&world, &reader, &limit(Currency::Usd, which, LOW + room));
            world.give_praise(&reader, &article, LOW);
            late_payment(&world, &late, GIVEN);
            let view = world.view(&reader, &late);
            assert_eq!(view.intent.state == IntentState::Paid, fits, "{which}");
            assert_eq!(view.intent.refusal, (!fits).then(|| format!("rule.{which}")));
            assert_eq!(world.reserved(&reader.id), LOW + if fits { GIVEN } else { 0 });
        }
    }
}

#[test]
fn a_guests_daily_cap_applies_to_late_payments() {
    for (other, fits) in [(20_000 - GIVEN, true), (20_000 - GIVEN + 1, false)] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        world.raw(&format!("UPDATE person SET kind = 'guest' WHERE id = '{}'", reader.id));
        let late = world.start_praise(&reader, &article, GIVEN);
        end_attempt(&world, &late, "expired");
        world.give_praise(&reader, &article, other);
        late_payment(&world, &late, GIVEN);
        let view = world.view(&reader, &late);
        assert_eq!(view.intent.state == IntentState::Paid, fits);
        assert_eq!(view.intent.refusal.is_some(), !fits, "{:?}", view.refusal);
        if let Some(problem) = view.refusal {
            assert_eq!(problem.limit(), Some(Money::new(20_000, Currency::Cny)));
        }
    }
}

#[test]
fn a_payment_is_booked_even_when_the_attempts_are_used_up() {
    for how in ["waiting", "declined", "expired"] {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let intent_id = world.start_praise(&reader, &article, GIVEN);
        if how != "waiting" {
            end_attempt(&world, &intent_id, how);
        }
        // Both the minute's and the day's limit are reached.
        let mut last = None;
        for _ in 0..5 {
            world.set_now(world.now().plus_minutes(1));
            for _ in 0..61 {
                last = Some(
                    world.start(&world.praise_request(&reader, &article, 20_001)).unwrap_err(),
                );
            }
        }
        let refused = last.map(|failure| failure.problem());
        assert!(matches!(refused, Some(Problem::TooManyAttempts { .. })), "{refused:?}");
        let attempts = world.rows("SELECT * FROM attempt ORDER BY bucket, window_start");
        assert!(!attempts.is_empty());
        late_payment(&world, &intent_id, GIVEN);
        assert_given(&world, &reader, &intent_id, GIVEN);
        assert_eq!(world.rows("SELECT * FROM attempt ORDER BY bucket, window_start"), attempts);
    }
}
