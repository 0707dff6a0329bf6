//! What the bill knows and we do not: lost messages heal themselves.

use edge::provider::sandbox::cashier::Deed;
use shared::money::Currency;

use super::*;

/// An attempt that expired here, and was paid there without anybody hearing of it.
fn paid_unheard_of(stage: &Stage, minor: i64) -> String {
    let Stage { world, article, reader, .. } = stage;
    let intent_id = world.started(reader, article, minor);
    world.advance_minutes(60);
    assert_eq!(world.state_of(&intent_id), "expired");
    world.provider_takes(&world.order_of(&intent_id), &format!("tx-{minor}"), minor);
    intent_id
}

#[test]
fn a_payment_of_which_the_message_was_lost_is_booked_and_confirmed() {
    for currency in Currency::ALL {
        let stage = Stage::new(currency);
        let world = &stage.world;
        world.praised(&world.person("bo"), &stage.article, 500);
        let lost = paid_unheard_of(&stage, 1000);
        work_bill_of(world, currency, first_day());
        assert_eq!(world.state_of(&lost), "paid");
        assert_eq!(world.count("bill_row WHERE state = 'matched'"), 2);
        assert_eq!(world.balance("provider_unsettled"), 0);
        work_bill_of(world, currency, first_day().plus(2));
        assert!(differences(world).is_empty());
    }
}

#[test]
fn a_row_that_nobody_answers_about_is_no_difference_before_somebody_does() {
    let stage = Stage::new(Currency::Cny);
    let world = &stage.world;
    world.praised(&world.person("bo"), &stage.article, 500);
    let lost = paid_unheard_of(&stage, 1000);
    world.order_fault("query_order", "lost", 5);
    world.advance_to(at("2026-11-23T02:49:59Z"));
    assert_eq!(world.state_of(&lost), "expired");
    assert_eq!(world.count("bill"), 1);
    assert_eq!(world.count("bill WHERE worked_at IS NULL"), 1);
    world.advance_to(at("2026-11-23T02:50:00Z"));
    assert_eq!(world.state_of(&lost), "paid");
    assert_eq!(world.count("bill WHERE worked_at IS NULL"), 0);
    assert_eq!(world.balance("provider_unsettled"), 0);
}

#[test]
fn a_row_is_not_taken_at_its_word() {
    let stage = Stage::new(Currency::Cny);
    let Stage { world, article, reader, .. } = &stage;
    world.praised(&world.person("bo"), article, 500);
    // The bill has a payment for an order of which the provider itself says that it was declined.
    let declined = world.started(reader, article, 1000);
    let message = world.deed(&declined, Deed::Decline).remove(0);
    world.deliver(&message);
    spoil(world, Currency::Cny, first_day(), "extra_row", "");
    let order = world.order_of(&declined);
    let rows = world.act(async |ctx| {
        let bill = edge::provider::PaymentProvider::bill(
            ctx.provider,
            Currency::Cny,
            first_day(),
            at("2026-11-23T02:00:00Z"),
        );
        bill.await.unwrap().text
    });
    assert!(!rows.contains(&order));
    work_bill_of(world, Currency::Cny, first_day().plus(1));
    assert_eq!(differences(world), ["only_theirs payment - 500 wen-writes *"]);
    assert_eq!(world.state_of(&declined), "declined");
    assert_eq!(world.count("payment"), 1);
}

#[test]
fn money_that_is_booked_after_its_row_was_a_difference_explains_it() {
    let stage = Stage::new(Currency::Cny);
    let Stage { world, article, account, .. } = &stage;
    world.praised(&world.person("bo"), article, 500);
    let lost = paid_unheard_of(&stage, 1000);
    let order = world.order_of(&lost);
    // The provider bills it, and forgets the order while it is asked.
    let set = |state: &str| {
        let sql = format!("UPDATE sandbox_order SET state = '{state}' WHERE number = '{order}'");
        world.sandbox.raw(&sql).unwrap();
    };
    world.advance_to(at("2026-11-23T01:59:00Z"));
    world.set_now(at("2026-11-23T02:00:00Z"));
    world.order_fault("query_order", "lost", 1);
    world.run_jobs();
    assert_eq!(world.count("bill_row WHERE state = 'open'"), 1);
    set("closed");
    work_bill_of(world, Currency::Cny, first_day().plus(1));
    assert_eq!(differences(world), ["only_theirs payment - 1000 wen-writes *"]);
    assert!(is_blocked(world, &account.id));
    set("paid");
    world.act(async |ctx| edge::payments::praise::order::refresh(ctx, &order).await.unwrap());
    assert_eq!(world.state_of(&lost), "paid");
    work_bill_of(world, Currency::Cny, first_day().plus(2));
    assert_eq!(differences(world), ["only_theirs payment - 1000 wen-writes"]);
    assert_eq!(
        world.text("SELECT explanation FROM bill_difference"),
        "matched on the bill of 2026-11-22"
    );
    assert_eq!(world.balance("provider_unsettled"), 0);
}

#[test]
fn a_dispute_that_nobody_told_us_of_is_booked_and_so_is_its_end() {
    for currency in Currency::ALL {
        let stage = Stage::new(currency);
        let Stage { world, article, reader, .. } = &stage;
        let order = world.order_of(&world.praised(reader, article, 1000));
        world.advance_minutes(30);
        let number = world.act(async |ctx| {
            ctx.provider.sandbox.open_dispute(&order, ctx.now).await.unwrap().unwrap()
        });
        work_bill_of(world, currency, first_day());
        assert_eq!(world.text("SELECT state FROM dispute"), "open");
        assert_eq!(world.text("SELECT state FROM praise"), "disputed");
        assert_eq!(world.count("movement WHERE matched_at IS NULL"), 0);
        world.act(async |ctx| {
            let won = edge::provider::sandbox::disputes::Decision::Won;
            assert!(ctx.provider.sandbox.decide_dispute(&number, won, ctx.now).await.unwrap());
        });
        work_bill_of(world, currency, first_day().plus(1));
        assert_eq!(world.text("SELECT state FROM dispute"), "won");
        assert_eq!(world.text("SELECT state FROM praise"), "held");
        assert_eq!(world.count("movement WHERE matched_at IS NULL"), 0);
        work_bill_of(world, currency, first_day().plus(3));
        assert!(differences(world).is_empty());
    }
}

#[test]
fn a_transfer_of_which_nobody_heard_how_it_ended_is_asked_about() {
    let stage = Stage::new(Currency::Cny);
    let Stage { world, article, reader, .. } = &stage;
    world.praised(reader, article, 1000);
    world.advance_to(at("2026-11-28T15:59:00Z"));
    world.order_fault("pay_out", "reply_lost", 1);
    world.advance_to(at("2026-11-28T16:00:00Z"));
    assert_eq!(world.text("SELECT state FROM payout_part"), "sent");
    // Whatever else would ask, does not.
    world.raw("UPDATE job SET due_at = due_at + 864000000 WHERE kind = 'move_payout'");
    work_bill_of(world, Currency::Cny, first_day().plus(7));
    assert_eq!(world.text("SELECT state FROM payout_part"), "succeeded");
    assert_eq!(world.count("movement WHERE matched_at IS NULL"), 0);
}
