//! When the provider is asked about an order that is not final.

use shared::money::Currency;

use crate::support::people::Fixture;

#[test]
fn an_open_order_is_queried_often_at_first_and_then_once_a_minute_until_it_is_final() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let started = world.now();
    let intent_id = world.start_praise(&reader, &article, 1000);
    let mut polls = Vec::new();
    let due_at =
        || world.number("SELECT due_at FROM job WHERE kind = 'poll_order' AND done_at IS NULL");
    while world.state_of(&intent_id) == "awaiting_payment" {
        let due_at = shared::calendar::Moment::from_ms(due_at());
        polls.push((due_at.ms() - started.ms()) / 1000);
        world.advance_to(due_at);
    }
    let minutes = (2..=30).map(|minute| minute * 60);
    let expected: Vec<i64> = [5, 10, 20, 40, 60].into_iter().chain(minutes).collect();
    assert_eq!(polls, expected);
    assert_eq!(world.state_of(&intent_id), "expired");
}

#[test]
fn a_late_run_does_not_move_the_later_queries() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let started = world.now();
    world.start_praise(&reader, &article, 1000);
    for (age_s, next_s) in [(12, 20), (57, 60), (61, 120), (200, 240)] {
        world.set_now(started.plus_seconds(age_s));
        world.run_jobs();
        let due_at = world.number("SELECT due_at FROM job WHERE kind = 'poll_order'");
        assert_eq!((due_at - started.ms()) / 1000, next_s);
    }
}

#[test]
fn an_order_that_does_not_end_on_time_is_queried_once_a_minute() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let started = world.now();
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.set_now(started.plus_minutes(30));
    world.inject_provider_fault("query_order", "lost", 6);
    for minute in 31..=33 {
        world.run_jobs();
        assert_eq!(world.state_of(&intent_id), "awaiting_payment");
        let due_at = world.number("SELECT due_at FROM job WHERE kind = 'poll_order'");
        assert_eq!(due_at, started.plus_minutes(minute).ms());
        world.set_now(started.plus_minutes(minute));
    }
    world.advance_minutes(10);
    assert_eq!(world.state_of(&intent_id), "expired");
}
