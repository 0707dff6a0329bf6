//! Consecutive daily bills without a gap, and the midnights between them.

use edge::provider::sandbox::bills::fee_minor;
use shared::money::Currency::{self, Cny, Usd};

use super::*;

#[test]
fn a_day_is_confirmed_with_its_fees() {
    for currency in Currency::ALL {
        let fixture = Fixture::new(currency);
        let Fixture { world, article, reader, .. } = &fixture;
        world.give_praise(reader, article, 1000);
        world.give_praise(&world.person("bo"), article, 888);
        assert_eq!(world.balance("provider_unsettled"), 1888);
        process_bills_of(world, currency, first_day());
        let fees = fee_minor("payment", 1000, currency) + fee_minor("payment", 888, currency);
        assert_eq!(fees, if currency == Cny { 11 } else { 115 });
        assert_eq!(world.balance("provider_unsettled"), 0);
        assert_eq!(world.balance("provider_settled"), 1888 - fees);
        assert_eq!(world.balance("provider_fee"), fees);
        assert_eq!(world.count("movement WHERE matched_at IS NOT NULL"), 2);
        assert_eq!(world.count("bill_row WHERE state = 'matched'"), 2);
        assert!(differences(world).is_empty());
    }
}

#[test]
fn a_week_is_confirmed_day_by_day_and_no_day_is_left_out() {
    for currency in Currency::ALL {
        let fixture = Fixture::new(currency);
        let Fixture { world, account, reader, .. } = &fixture;
        // Nothing happens on the third and the fifth day.
        for day in [0, 1, 3, 5, 6] {
            let next = first_day().plus(day).starts_at(currency).plus_minutes(18 * 60);
            world.advance_to(next.max(world.now()));
            let article = world.article(account, &format!("Day {day}"));
            world.give_praise(reader, &article, 1000);
            let frozen = world.article(account, &format!("Frozen {day}"));
            let back = world.start_praise(reader, &frozen, 500);
            world.freeze_and_return(&frozen);
            world.pay(&back);
            assert_eq!(world.state_of(&back), "returned");
        }
        process_bills_of(world, currency, first_day().plus(8));
        assert_eq!(world.count("bill WHERE worked_at IS NOT NULL"), 9);
        assert_eq!(world.count("bill WHERE row_count = 0"), 2);
        // The payouts of the first two days were made on the last two days.
        assert_eq!(world.count("bill_row WHERE kind = 'payout' AND state = 'matched'"), 2);
        assert_eq!(world.count("bill_row WHERE kind = 'refund' AND state = 'matched'"), 5);
        assert_eq!(world.count("bill_row WHERE state <> 'matched'"), 0);
        assert_eq!(world.balance("provider_unsettled"), 0);
        assert!(differences(world).is_empty());
        // Only the tenth day's job is scheduled.
        assert_eq!(world.count("job WHERE kind = 'reconcile' AND done_at IS NULL"), 1);
        assert_eq!(world.count("job WHERE kind = 'reconcile'"), 10);
    }
}

#[test]
fn both_currencies_have_their_own_days() {
    let fixture = Fixture::at("2026-11-22T15:59:00Z", Cny);
    let Fixture { world, article, reader, .. } = &fixture;
    let dollars = world.account(&world.person("mark"), "mark-writes", Usd);
    let dollars = world.article(&dollars, "Rain");
    world.give_praise(reader, article, 1000);
    world.give_praise(reader, &dollars, 1000);
    world.advance_to(at("2026-11-22T16:01:00Z"));
    world.give_praise(&world.person("bo"), article, 2000);
    world.give_praise(&world.person("bo"), &dollars, 2000);
    let subjects = world.rows("SELECT subject_id FROM job WHERE kind = 'reconcile' ORDER BY 1");
    let subjects: Vec<_> = subjects.iter().map(|row| row["subject_id"].as_str().unwrap()).collect();
    assert_eq!(subjects, ["CNY:2026-11-22", "USD:2026-11-22"]);
    // Midnight in Shanghai was between them.
    world.advance_to(at("2026-11-23T02:00:00Z"));
    let rows = |currency: Currency| world.count(&format!("bill_row WHERE currency = '{currency}'"));
    assert_eq!((rows(Cny), rows(Usd)), (1, 2));
    world.advance_to(at("2026-11-24T02:00:00Z"));
    assert_eq!((rows(Cny), rows(Usd)), (2, 2));
    assert_eq!(world.balance("provider_unsettled"), 0);
}

#[test]
fn no_bill_is_requested_before_its_time() {
    for currency in Currency::ALL {
        let fixture = Fixture::new(currency);
        let Fixture { world, article, reader, .. } = &fixture;
        world.give_praise(reader, article, 1000);
        world.advance_to(at("2026-11-23T01:59:59.999Z"));
        assert_eq!(world.count("bill"), 0);
        world.advance_to(at("2026-11-23T02:00:00Z"));
        assert_eq!(world.count("bill"), 1);
    }
}

#[test]
fn a_payment_before_the_first_day_extends_the_bills_without_a_gap() {
    let fixture = Fixture::at("2026-11-22T09:30:00Z", Cny);
    let Fixture { world, article, reader, .. } = &fixture;
    world.give_praise(reader, article, 1000);
    process_bills_of(world, Cny, first_day());
    // A payment of two days ago that was not known here.
    let late = world.start_praise(&world.person("bo"), article, 500);
    world.pay_silently(&late);
    let (order, paid_at) = (world.order_of(&late), at("2026-11-20T09:30:00Z").ms());
    let sql = format!("UPDATE sandbox_order SET paid_at = {paid_at} WHERE number = '{order}'");
    world.sandbox.raw(&sql).unwrap();
    world.run(async |ctx| edge::payments::praise::order::refresh(ctx, &order).await.unwrap());
    assert_eq!(world.count("job WHERE subject_id = 'CNY:2026-11-20'"), 1);
    world.advance_minutes(1);
    for day in ["2026-11-20", "2026-11-21", "2026-11-22"] {
        assert_eq!(world.count(&format!("bill WHERE day = '{day}' AND worked_at > 0")), 1, "{day}");
    }
    assert_eq!(world.balance("provider_unsettled"), 0);
    assert!(differences(world).is_empty());
}

#[test]
fn a_refund_reported_after_midnight_is_on_the_previous_days_bill() {
    for (currency, midnight) in [(Cny, "2026-11-22T16:00:00Z"), (Usd, "2026-11-23T00:00:00Z")] {
        let fixture = Fixture::new(currency);
        let Fixture { world, article, reader, .. } = &fixture;
        world.advance_to(at(midnight).plus_seconds(-20));
        let back = world.start_praise(reader, article, 1000);
        world.freeze_and_return(article);
        world.inject_provider_fault("refund", "reply_lost", 1);
        world.pay(&back);
        world.run_jobs();
        world.advance_seconds(300);
        let ours = world.number("SELECT at FROM movement WHERE kind = 'refund'");
        assert!(ours >= at(midnight).ms(), "{currency}: {ours}");
        process_bills_of(world, currency, first_day());
        assert_eq!(world.count("bill_row WHERE state = 'matched'"), 2);
        process_bills_of(world, currency, first_day().plus(2));
        assert!(differences(world).is_empty());
        assert_eq!(world.balance("provider_unsettled"), 0);
    }
}
