//! Other events for a praise while its dispute is open.

use edge::provider::sandbox::disputes::Decision;
use shared::money::Currency;

use super::assert_ended;
use crate::support::payment_states::{PaymentFixture, PaymentState};

#[test]
fn a_praise_won_after_a_mass_return_is_returned() {
    let payment = PaymentFixture::in_state(PaymentState::Held, Currency::Cny);
    let world = payment.world();
    let number = payment.dispute();
    payment.freeze();
    for state in ["returning", "returned"] {
        world.raw(&format!("UPDATE freeze SET state = '{state}', state_at = state_at + 1"));
    }
    payment.decide(&number, Decision::Won);
    assert_eq!(payment.state(), "frozen");
    assert_eq!(world.text("SELECT state FROM freeze"), "returning");
    assert_eq!(world.count("job WHERE kind = 'freeze' AND done_at IS NULL"), 1);
    assert_ended(&payment, &number, "won");
}

#[test]
fn a_suspense_case_cannot_be_decided_while_disputed() {
    let payment = PaymentFixture::in_state(PaymentState::Suspense, Currency::Cny);
    payment.dispute();
    let error = payment.world().product.raw("UPDATE payment SET fate = 'return'").unwrap_err();
    assert_eq!(error.rule(), Some("dispute_open"));
}
