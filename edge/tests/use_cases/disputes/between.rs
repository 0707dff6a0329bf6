//! Other events for a praise while its dispute is open.

use edge::provider::sandbox::disputes::Decision;
use shared::money::Currency;

use super::ended;
use crate::world::places::{Place, Placed};

#[test]
fn won_after_the_rest_of_its_article_was_returned_it_is_returned_next() {
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
fn money_in_suspense_is_nobodys_to_decide_about_while_it_is_disputed() {
    let placed = Placed::at(Place::Suspense, Currency::Cny);
    placed.dispute();
    let error = placed.world().product.raw("UPDATE payment SET fate = 'return'").unwrap_err();
    assert_eq!(error.rule(), Some("dispute_open"));
}
