//! Other events for a praise while its dispute is open.

use edge::provider::sandbox::disputes::Decision;
use shared::money::Currency;

use super::ended;
use crate::world::places::{Place, Placed};

#[test]
fn a_praise_won_after_a_mass_return_is_returned() {
    let placed = Placed::at(Place::Held, Currency::Cny);
    let world = placed.world();
    let number = placed.dispute();
    placed.freeze();
    for state in ["returning", "returned"] {
        world.raw(&format!("UPDATE freeze SET state = '{state}', state_at = state_at + 1"));
    }
    placed.decide(&number, Decision::Won);
    assert_eq!(placed.state(), "frozen");
    assert_eq!(world.text("SELECT state FROM freeze"), "returning");
    assert_eq!(world.count("job WHERE kind = 'freeze' AND done_at IS NULL"), 1);
    ended(&placed, &number, "won");
}

#[test]
fn a_suspense_case_cannot_be_decided_while_disputed() {
    let placed = Placed::at(Place::Suspense, Currency::Cny);
    placed.dispute();
    let error = placed.world().product.raw("UPDATE payment SET fate = 'return'").unwrap_err();
    assert_eq!(error.rule(), Some("dispute_open"));
}
