//! Recovery of payments, disputes and transfers whose messages were lost: the bill shows them and
//! they are booked.

use edge::database::Database;
use edge::provider::sandbox::cashier::CashierAction;
use edge::queue::jobs::Next;
use shared::money::Currency;

use super::*;

/// An attempt that expired here although it was paid at the provider.
fn expired_but_paid(fixture: &Fixture, minor: i64) -> String {
    let Fixture { world, article, reader, .. } = fixture;
    let intent_id = world.start_praise(reader, article, minor);
    world.advance_minutes(60);
    assert_eq!(world.state_of(&intent_id), "expired");
    world.provider_receives(&world.order_of(&intent_id), &format!("tx-{minor}"), minor);
    intent_id
}

#[test]
fn a_payment_whose_message_was_lost_is_booked_and_confirmed() {
    for currency in Currency::ALL {
        let fixture = Fixture::new(currency);
        let world = &fixture.world;
        world.give_praise(&world.person("bo"), &fixture.article, 500);
        let lost = expired_but_paid(&fixture, 1000);
        process_bills_of(world, currency, first_day());
        assert_eq!(world.state_of(&lost), "paid");
        assert_eq!(world.count("bill_row WHERE state = 'matched'"), 2);
        assert_eq!(world.balance("provider_unsettled"), 0);
        process_bills_of(world, currency, first_day().plus(2));
        assert!(differences(world).is_empty());
    }
}

#[test]
fn an_unanswered_row_is_no_difference_until_it_is_answered() {
    let fixture = Fixture::new(Currency::Cny);
    let world = &fixture.world;
    world.give_praise(&world.person("bo"), &fixture.article, 500);
    let lost = expired_but_paid(&fixture, 1000);
    world.inject_provider_fault("query_order", "lost", 5);
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
fn a_row_is_queried_before_the_run_of_another_day_makes_it_a_difference() {
    let fixture = Fixture::new(Currency::Cny);
    let world = &fixture.world;
    let lost = expired_but_paid(&fixture, 1000);
    let [first, second] = [first_day(), first_day().plus(1)];
    inject_bill_fault(world, Currency::Cny, first, "late_bill", "3");
    inject_bill_fault(world, Currency::Cny, second, "refused_bill", "");
    let arrives = BillDay { currency: Currency::Cny, day: first }.ready_at().plus_days(3);
    world.advance_to(arrives.plus_seconds(-1));
    world.set_now(arrives);
    // The first day's run stores its bill. The second day's run comes before the first continues.
    world.run(async |ctx| {
        for day in [first, second] {
            edge::payments::reconcile::run(ctx, &format!("CNY:{day}")).await.unwrap();
        }
    });
    assert_eq!(world.count("bill_row WHERE queried_at IS NULL"), 1);
    assert!(differences(world).is_empty());
    world.advance_to(arrives.plus_days(1));
    assert_eq!(world.state_of(&lost), "paid");
    assert!(differences(world).is_empty());
}

#[test]
fn a_row_is_not_booked_without_the_providers_answer() {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, article, reader, .. } = &fixture;
    world.give_praise(&world.person("bo"), article, 500);
    // The bill has a payment for an order that the provider itself reports as declined.
    let declined = world.start_praise(reader, article, 1000);
    let message = world.at_cashier(&declined, CashierAction::Decline).remove(0);
    world.deliver(&message);
    inject_bill_fault(world, Currency::Cny, first_day(), "extra_row", "");
    let order = world.order_of(&declined);
    let rows = world.run(async |ctx| {
        let bill = edge::provider::PaymentProvider::bill(
            ctx.provider,
            Currency::Cny,
            first_day(),
            at("2026-11-23T02:00:00Z"),
        );
        match bill.await.unwrap() {
            edge::provider::DailyBill::File(file) => file.text,
            edge::provider::DailyBill::NoTransactions => String::new(),
        }
    });
    assert!(!rows.contains(&order));
    process_bills_of(world, Currency::Cny, first_day().plus(1));
    assert_eq!(differences(world), ["only_theirs payment - 500 wen-writes *"]);
    assert_eq!(world.state_of(&declined), "declined");
    assert_eq!(world.count("payment"), 1);
}

#[test]
fn a_payment_booked_later_closes_its_difference() {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, article, account, .. } = &fixture;
    world.give_praise(&world.person("bo"), article, 500);
    let lost = expired_but_paid(&fixture, 1000);
    let order = world.order_of(&lost);
    // The provider bills it but does not know the order while it is queried.
    let set = |state: &str| {
        let sql = format!("UPDATE sandbox_order SET state = '{state}' WHERE number = '{order}'");
        world.sandbox.raw(&sql).unwrap();
    };
    world.advance_to(at("2026-11-23T01:59:00Z"));
    world.set_now(at("2026-11-23T02:00:00Z"));
    world.inject_provider_fault("query_order", "lost", 1);
    world.run_jobs();
    assert_eq!(world.count("bill_row WHERE state = 'open'"), 1);
    set("closed");
    process_bills_of(world, Currency::Cny, first_day().plus(1));
    assert_eq!(differences(world), ["only_theirs payment - 1000 wen-writes *"]);
    assert!(is_blocked(world, &account.id));
    set("paid");
    world.run(async |ctx| edge::payments::praise::order::poll(ctx, &order).await.unwrap());
    assert_eq!(world.state_of(&lost), "paid");
    process_bills_of(world, Currency::Cny, first_day().plus(2));
    assert_eq!(differences(world), ["only_theirs payment - 1000 wen-writes"]);
    assert_eq!(
        world.text("SELECT explanation FROM bill_difference"),
        "matched on the bill of 2026-11-22"
    );
    assert_eq!(world.balance("provider_unsettled"), 0);
}

#[test]
fn many_lost_payments_are_queried_in_several_runs_each_of_them_once() {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, article, .. } = &fixture;
    world.give_praise(&world.person("bo"), article, 500);
    let lost: Vec<String> = (0..30)
        .map(|n| world.start_praise(&world.person(&format!("reader-{n}")), article, 1000))
        .collect();
    world.advance_minutes(60);
    for (n, intent_id) in lost.iter().enumerate() {
        assert_eq!(world.state_of(intent_id), "expired");
        world.provider_receives(&world.order_of(intent_id), &format!("tx-{n}"), 1000);
    }
    world.set_now(at("2026-11-23T02:00:00Z"));
    let run = || {
        let before = world.product.statements_sent();
        let next = world.run(async |ctx| reconcile::run(ctx, "CNY:2026-11-22").await.unwrap());
        (next, world.product.statements_sent() - before)
    };
    run();
    assert_eq!(world.count("bill"), 1);
    // The provider denies every third of them from now on.
    for intent_id in lost.iter().step_by(3) {
        let order = world.order_of(intent_id);
        let sql = format!("UPDATE sandbox_order SET state = 'closed' WHERE number = '{order}'");
        world.sandbox.raw(&sql).unwrap();
    }
    world.provider_calls.borrow_mut().clear();
    let mut runs = 0;
    loop {
        let (next, sent) = run();
        assert!(sent <= 250, "{sent} statements");
        runs += 1;
        if next == Next::Done {
            break;
        }
        assert_eq!(next, Next::At(world.now()));
        assert!(runs < 40, "it never finishes");
    }
    assert!(runs > 3, "{runs} runs");
    let calls = world.provider_calls.borrow();
    assert_eq!(calls.iter().filter(|call| **call == "query_order").count(), lost.len());
    drop(calls);
    let paid = lost.iter().filter(|intent_id| world.state_of(intent_id) == "paid").count();
    assert_eq!(paid, 20);
    // The next day asks about the others again, and then they are differences.
    process_bills_of(world, Currency::Cny, first_day().plus(1));
    assert_eq!(differences(world).len(), 10);
}

#[test]
fn an_unreported_dispute_and_its_decision_are_booked() {
    for currency in Currency::ALL {
        let fixture = Fixture::new(currency);
        let Fixture { world, article, reader, .. } = &fixture;
        let order = world.order_of(&world.give_praise(reader, article, 1000));
        world.advance_minutes(30);
        let number = world.run(async |ctx| {
            ctx.provider.sandbox.open_dispute(&order, ctx.now).await.unwrap().unwrap()
        });
        process_bills_of(world, currency, first_day());
        assert_eq!(world.text("SELECT state FROM dispute"), "open");
        assert_eq!(world.text("SELECT state FROM praise"), "disputed");
        assert_eq!(world.count("movement WHERE matched_at IS NULL"), 0);
        world.run(async |ctx| {
            let won = edge::provider::sandbox::disputes::Decision::Won;
            assert!(ctx.provider.sandbox.decide_dispute(&number, won, ctx.now).await.unwrap());
        });
        process_bills_of(world, currency, first_day().plus(1));
        assert_eq!(world.text("SELECT state FROM dispute"), "won");
        assert_eq!(world.text("SELECT state FROM praise"), "held");
        assert_eq!(world.count("movement WHERE matched_at IS NULL"), 0);
        process_bills_of(world, currency, first_day().plus(3));
        assert!(differences(world).is_empty());
    }
}

#[test]
fn a_transfer_with_an_unknown_result_is_queried() {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, article, reader, .. } = &fixture;
    world.give_praise(reader, article, 1000);
    world.advance_to(at("2026-11-28T15:59:00Z"));
    world.inject_provider_fault("pay_out", "reply_lost", 1);
    world.advance_to(at("2026-11-28T16:00:00Z"));
    assert_eq!(world.text("SELECT state FROM payout_part"), "sent");
    // Everything else that would query the transfer is postponed.
    world.raw("UPDATE job SET due_at = due_at + 864000000 WHERE kind = 'move_payout'");
    process_bills_of(world, Currency::Cny, first_day().plus(7));
    assert_eq!(world.text("SELECT state FROM payout_part"), "succeeded");
    assert_eq!(world.count("movement WHERE matched_at IS NULL"), 0);
}
