//! The writer's bank sends back a payout after its praise was lost in a dispute.

use edge::payments::payout;
use edge::provider::sandbox::disputes::Decision;
use edge::provider::sandbox::payouts::Receipt;
use shared::money::Currency;

use crate::support::payment_states::{PaymentFixture, PaymentState};

impl PaymentFixture {
    /// The bank sends back the transfer of the fixture's praise, and the message is delivered.
    fn send_back(&self) {
        let world = self.world();
        let number = world.text(
            "SELECT part_id FROM payout_line JOIN praise ON praise.id = praise_id
             ORDER BY praise.paid_at LIMIT 1",
        );
        let message = world.run(async |ctx| {
            ctx.provider.sandbox.send_back(&number, ctx.now).await.unwrap().unwrap()
        });
        world.deliver(&message);
    }

    /// Attaches the account's card again, and lets the next day's payout leave.
    fn confirm_card_and_pay_out(&self) {
        let (world, account) = (self.world(), &self.fixture.account);
        let token = world.text("SELECT token FROM bank_card WHERE removed_at IS NULL");
        world.attach_card(&account.owner, &account.handle, &token);
        world.advance_to(world.now().plus_days(1).plus_minutes(5));
    }

    /// The amounts of the transfers that reached a card and stayed there.
    fn on_cards(&self) -> Vec<i64> {
        let rows = self.world().sandbox.query(
            "SELECT amount_minor AS minor FROM sandbox_payout WHERE state = 'succeeded'
             ORDER BY amount_minor",
        );
        rows.iter().map(|row| row["minor"].as_i64().unwrap()).collect()
    }
}

/// A praise of 1000 was paid out, and then the reader's bank took it back.
fn lost_after_the_payout() -> PaymentFixture {
    let payment = PaymentFixture::in_state(PaymentState::PaidOut, Currency::Cny);
    let number = payment.dispute();
    payment.decide(&number, Decision::Lost);
    assert_eq!(payment.world().balance("writer_debt"), 1000);
    payment
}

#[test]
fn the_debt_is_netted_from_the_same_praise() {
    let payment = lost_after_the_payout();
    let world = payment.world();
    payment.send_back();
    assert_eq!(payment.state(), "due");
    assert_eq!((world.balance("writer_debt"), world.balance("writer_due")), (1000, -1000));
    payment.confirm_card_and_pay_out();
    assert_eq!(payment.state(), "paid_out");
    assert_eq!((world.balance("writer_debt"), world.balance("writer_due")), (0, 0));
    assert!(payment.on_cards().is_empty());
}

#[test]
fn a_debt_that_another_praise_has_paid_is_not_cancelled_again() {
    let payment = lost_after_the_payout();
    let world = payment.world();
    let second = world.give_praise(&world.person("bo"), &payment.fixture.article, 2500);
    world.advance_to(world.now().plus_days(8));
    assert_eq!(world.balance("writer_debt"), 0);
    assert_eq!(payment.on_cards(), [1000, 1500]);
    payment.send_back();
    let first = "SELECT state FROM praise WHERE amount_minor = 1000";
    assert_eq!(world.text(first), "due");
    assert_eq!((world.balance("writer_debt"), world.balance("writer_due")), (0, -1000));
    payment.confirm_card_and_pay_out();
    assert_eq!(world.text(first), "paid_out");
    assert_eq!(payment.on_cards(), [1000, 1500], "of 3500, the bank has taken 1000 back");
    assert_eq!(world.state_of(&second), "paid");
}

#[test]
fn a_debt_that_was_written_off_stays_so() {
    let payment = lost_after_the_payout();
    let world = payment.world();
    world.advance_to(world.now().plus_days(181));
    let operator = world.person("olga");
    world.run(async |ctx| {
        payout::write_off::write_off(ctx, &operator.id, &payment.fixture.account.id).await.unwrap()
    });
    payment.send_back();
    assert_eq!(payment.state(), "due");
    assert_eq!((world.balance("writer_debt"), world.balance("writer_due")), (0, -1000));
}

#[test]
fn a_freeze_of_its_article_neither_holds_it_up_nor_waits_for_it() {
    let payment = lost_after_the_payout();
    let world = payment.world();
    payment.freeze();
    payment.send_back();
    assert_eq!(payment.state(), "due", "its reader already has the money");
    // Nobody appeals, and the deadline passes.
    world.advance_to(world.now().plus_days(9));
    assert_eq!(world.text("SELECT state FROM freeze"), "returned");
    assert_eq!(world.count("refund"), 0);
    payment.confirm_card_and_pay_out();
    assert_eq!(payment.state(), "paid_out");
    assert_eq!((world.balance("writer_debt"), world.balance("writer_due")), (0, 0));
}

#[test]
fn after_a_mass_return_it_makes_up_for_what_other_praises_have_paid() {
    let payment = lost_after_the_payout();
    let (world, account) = (payment.world(), &payment.fixture.account);
    let rain = world.article(account, "Rain");
    world.give_praise(&world.person("bo"), &rain, 2500);
    world.advance_to(world.now().plus_days(8));
    assert_eq!(payment.on_cards(), [1000, 1500]);
    world.freeze_and_return(&payment.fixture.article);
    payment.send_back();
    payment.confirm_card_and_pay_out();
    assert_eq!(payment.on_cards(), [1000, 1500], "the bank has taken 1000 of 3500 back");
    assert_eq!(world.text("SELECT state FROM freeze"), "returned");
    assert_eq!((world.balance("writer_debt"), world.balance("writer_due")), (0, 0));
}

#[test]
fn a_praise_lost_while_its_second_payout_is_on_the_way_ends_as_lost() {
    let payment = PaymentFixture::in_state(PaymentState::PaidOut, Currency::Cny);
    let world = payment.world();
    payment.send_back();
    world.inject_provider_fault("pay_out", "confirm", 1);
    payment.confirm_card_and_pay_out();
    assert_eq!(payment.state(), "in_payout");
    let number = payment.dispute();
    payment.decide(&number, Decision::Lost);
    let transfer = world.text("SELECT id FROM payout_part WHERE state = 'awaiting_confirmation'");
    let message = world.run(async |ctx| {
        ctx.provider.sandbox.receipt(&transfer, Receipt::Lapse, ctx.now).await.unwrap().unwrap()
    });
    world.deliver(&message);
    assert_eq!(payment.state(), "lost");
    assert_eq!((world.balance("writer_debt"), world.balance("writer_due")), (0, 0));
}
