//! How many requests that change something a session and an address may send in a minute.

use edge::limits::requests;
use edge::people::identity;
use shared::limits::{REQUESTS_PER_ADDRESS_MINUTE, REQUESTS_PER_MINUTE, REQUESTS_PER_SITE_MINUTE};
use shared::money::Currency;
use shared::problem::Problem;

use super::hashed;
use crate::support::people::Fixture;
use crate::support::world::World;

fn world() -> World {
    Fixture::at("2026-11-22T09:30:20Z", Currency::Cny).world
}

fn send(world: &World, token: Option<&str>, address: Option<&str>) -> Option<Problem> {
    let hash = token.map(identity::hash);
    let address = address.map(hashed);
    let buckets = requests::buckets(hash.as_deref(), address.as_ref());
    world.run(async |ctx| {
        let full = requests::count(ctx.db, &buckets, ctx.now).await.unwrap();
        full.map(|full| full.refusal(ctx.now))
    })
}

/// Counts `used` requests at once.
fn set_used(world: &World, kind: &str, used: i64) {
    assert_eq!(world.count(&format!("attempt WHERE bucket LIKE '{kind}:%'")), 1);
    world.raw(&format!("UPDATE attempt SET used = {used} WHERE bucket LIKE '{kind}:%'"));
}

#[test]
fn a_session_may_change_something_three_hundred_times_a_minute() {
    let world = world();
    let (wen, bo) = (world.person("wen"), world.person("bo"));
    for _ in 0..300 {
        assert_eq!(send(&world, Some(&wen.token), None), None);
    }
    let reopens_at = world.now().plus_seconds(40);
    let limit = REQUESTS_PER_MINUTE;
    let refused = Problem::TooManyRequests { limit, wait_s: 40, reopens_at };
    assert_eq!(send(&world, Some(&wen.token), None), Some(refused.clone()));
    assert_eq!((refused.status(), refused.retry_after_s()), (429, Some(40)));
    assert_eq!(send(&world, Some(&bo.token), None), None, "another session has its own minute");
    world.set_now(reopens_at);
    assert_eq!(send(&world, Some(&wen.token), None), None);
}

#[test]
fn an_invented_session_inserts_no_row() {
    let world = world();
    assert_eq!(send(&world, Some("invented"), None), None);
    assert_eq!(send(&world, None, None), None);
    assert_eq!(world.count("attempt"), 0);
    send(&world, Some("invented"), Some("203.0.113.7"));
    send(&world, Some("another"), Some("203.0.113.7"));
    assert_eq!(world.number("SELECT sum(used) FROM attempt"), 2);
    assert_eq!(world.count("attempt"), 1);
}

#[test]
fn an_address_and_its_network_have_limits_of_their_own() {
    let world = world();
    let limit = |address: &str| match send(&world, None, Some(address)) {
        Some(Problem::TooManyRequests { limit, .. }) => Some(limit),
        None => None,
        other => panic!("{other:?}"),
    };
    assert_eq!(limit("203.0.113.7"), None);
    set_used(&world, "request-address-minute", REQUESTS_PER_ADDRESS_MINUTE - 1);
    assert_eq!(limit("203.0.113.7"), None);
    assert_eq!(limit("203.0.113.7"), Some(REQUESTS_PER_ADDRESS_MINUTE));
    assert_eq!(limit("203.0.113.8"), None);
    assert_eq!(limit("2001:db8:7:1::1"), None);
    set_used(&world, "request-site-minute", REQUESTS_PER_SITE_MINUTE);
    let rows = world.count("attempt");
    assert_eq!(limit("2001:db8:7:2::1"), Some(REQUESTS_PER_SITE_MINUTE));
    assert_eq!(world.count("attempt"), rows, "a full network gets no further rows");
    assert_eq!(limit("2001:db8:8::1"), None);
    // The rows are deleted once their minute is over.
    world.set_now(world.now().plus_minutes(1));
    world.run(async |ctx| edge::job_runner::delete_expired(ctx.db, ctx.now).await.unwrap());
    assert_eq!(world.count("attempt"), 0);
}
