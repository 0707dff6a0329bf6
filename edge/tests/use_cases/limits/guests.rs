//! How many new guests an address and an IPv6 network may have in an hour.

use edge::limits::attempts;
use shared::money::Currency;
use shared::problem::Problem;

use super::hashed;
use crate::support::people::Fixture;
use crate::support::world::World;

/// A world whose clock is in the middle of an hour.
fn world() -> World {
    Fixture::at("2026-11-22T09:30:00Z", Currency::Cny).world
}

fn begins(world: &World, address: &str) -> Option<Problem> {
    let address = hashed(address);
    world.run(async |ctx| attempts::count_guest(ctx.db, &address, ctx.now).await.unwrap())
}

#[test]
fn an_address_may_have_sixty_new_guests_an_hour() {
    let world = world();
    let end = world.now().plus_minutes(30);
    for n in 0..60 {
        assert_eq!(begins(&world, "203.0.113.7"), None, "{n}");
    }
    let refused = Problem::TooManyGuests { limit: 60, wait_s: 30 * 60, reopens_at: end };
    assert_eq!(begins(&world, "203.0.113.7"), Some(refused.clone()));
    assert_eq!((refused.status(), refused.retry_after_s()), (429, Some(30 * 60)));
    assert_eq!(begins(&world, "203.0.113.8"), None, "another address has its own hour");
    // Deleting expired rows does not reset the count before the hour ends.
    world.set_now(end.plus_seconds(-1));
    world.run(async |ctx| edge::job_runner::delete_expired(ctx.db, ctx.now).await.unwrap());
    assert!(begins(&world, "203.0.113.7").is_some());
    world.set_now(end);
    assert_eq!(begins(&world, "203.0.113.7"), None);
    world.run(async |ctx| edge::job_runner::delete_expired(ctx.db, ctx.now).await.unwrap());
    assert_eq!(world.count("attempt WHERE bucket LIKE 'guest-%'"), 1);
    assert!(!world.dump().contains("203.0.113"), "the address itself was stored");
}

#[test]
fn an_ipv6_network_may_have_six_hundred_new_guests_an_hour() {
    let world = world();
    // Sixty from each of ten /64 networks.
    for network in 0..10 {
        for n in 0..60 {
            let address = format!("2001:db8:7:{network}::{n}");
            assert_eq!(begins(&world, &address), None, "{address}");
        }
    }
    let limit = |address: &str| match begins(&world, address) {
        Some(Problem::TooManyGuests { limit, .. }) => limit,
        other => panic!("{other:?}"),
    };
    assert_eq!(limit("2001:db8:7:0::ffff"), 60, "its own /64 network is full");
    assert_eq!(limit("2001:db8:7:a::1"), 600, "the /48 network is full");
    assert_eq!(begins(&world, "2001:db8:8::1"), None);
}

#[test]
fn refused_guests_of_one_address_do_not_use_up_the_room_of_its_neighbours() {
    let world = world();
    for _ in 0..700 {
        begins(&world, "2001:db8:7:1::1");
    }
    assert_eq!(begins(&world, "2001:db8:7:2::1"), None);
}
