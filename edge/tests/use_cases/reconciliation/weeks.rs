//! Days that follow one another without a gap, and the midnights between them.

use edge::provider::sandbox::bills::fee_minor;
use shared::money::Currency::{self, Cny, Usd};

use super::*;

#[test]
fn a_day_is_confirmed_with_its_fees() {
    for currency in Currency::ALL {
        let stage = Stage::new(currency);
        let Stage { world, article, reader, .. } = &stage;
        world.praised(reader, article, 1000);
        world.praised(&world.person("bo"), article, 888);
        assert_eq!(world.balance("provider_unsettled"), 1888);
        work_bill_of(world, currency, first_day());
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
        let stage = Stage::new(currency);
        let Stage { world, account, reader, .. } = &stage;
        // On the third and fifth day nothing happens.
        for day in [0, 1, 3, 5, 6] {
            let next = first_day().plus(day).starts_at(currency).plus_minutes(18 * 60);
            world.advance_to(next.max(world.now()));
            let article = world.article(account, &format!("Day {day}"));
            world.praised(reader, &article, 1000);
            let frozen = world.article(account, &format!("Frozen {day}"));
            let back = world.started(reader, &frozen, 500);
            world.frozen_for_good(&frozen);
            world.pay(&back);
            assert_eq!(world.state_of(&back), "returned");
        }
        work_bill_of(world, currency, first_day().plus(8));
        assert_eq!(world.count("bill WHERE worked_at IS NOT NULL"), 9);
        assert_eq!(world.count("bill WHERE row_count = 0"), 2);
        // On the last two days the first two were paid out.
        assert_eq!(world.count("bill_row WHERE kind = 'payout' AND state = 'matched'"), 2);
        assert_eq!(world.count("bill_row WHERE kind = 'refund' AND state = 'matched'"), 5);
        assert_eq!(world.count("bill_row WHERE state <> 'matched'"), 0);
        assert_eq!(world.balance("provider_unsettled"), 0);
        assert!(differences(world).is_empty());
        // The tenth day's is scheduled, and nothing after it.
        assert_eq!(world.count("job WHERE kind = 'reconcile' AND done_at IS NULL"), 1);
        assert_eq!(world.count("job WHERE kind = 'reconcile'"), 10);
    }
}

#[test]
fn both_currencies_have_their_own_days() {
    let stage = Stage::at("2026-11-22T15:59:00Z", Cny);
    let Stage { world, article, reader, .. } = &stage;
    let dollars = world.account(&world.person("mark"), "mark-writes", Usd);
    let dollars = world.article(&dollars, "Rain");
    world.praised(reader, article, 1000);
    world.praised(reader, &dollars, 1000);
    world.advance_to(at("2026-11-22T16:01:00Z"));
    world.praised(&world.person("bo"), article, 2000);
    world.praised(&world.person("bo"), &dollars, 2000);
    let subjects = world.rows("SELECT subject_id FROM job WHERE kind = 'reconcile' ORDER BY 1");
    let subjects: Vec<_> = subjects.iter().map(|row| row["subject_id"].as_str().unwrap()).collect();
    assert_eq!(subjects, ["CNY:2026-11-22", "USD:2026-11-22"]);
    // In Shanghai it was midnight between them.
    world.advance_to(at("2026-11-23T02:00:00Z"));
    let rows = |currency: Currency| world.count(&format!("bill_row WHERE currency = '{currency}'"));
    assert_eq!((rows(Cny), rows(Usd)), (1, 2));
    world.advance_to(at("2026-11-24T02:00:00Z"));
    assert_eq!((rows(Cny), rows(Usd)), (2, 2));
    assert_eq!(world.balance("provider_unsettled"), 0);
}

#[test]
fn nothing_is_asked_for_before_its_time() {
    for currency in Currency::ALL {
        let stage = Stage::new(currency);
        let Stage { world, article, reader, .. } = &stage;
        world.praised(reader, article, 1000);
        world.advance_to(at("2026-11-23T01:59:59.999Z"));
        assert_eq!(world.count("bill"), 0);
        world.advance_to(at("2026-11-23T02:00:00Z"));
        assert_eq!(world.count("bill"), 1);
    }
}

#[test]
fn money_of_a_day_before_the_first_begins_there_and_fills_the_gap() {
    let stage = Stage::at("2026-11-22T09:30:00Z", Cny);
    let Stage { world, article, reader, .. } = &stage;
    world.praised(reader, article, 1000);
    work_bill_of(world, Cny, first_day());
    // Somebody paid two days ago, of which nobody knew.
    let late = world.started(&world.person("bo"), article, 500);
    world.pay_silently(&late);
    let (order, paid_at) = (world.order_of(&late), at("2026-11-20T09:30:00Z").ms());
    let sql = format!("UPDATE sandbox_order SET paid_at = {paid_at} WHERE number = '{order}'");
    world.sandbox.raw(&sql).unwrap();
    world.act(async |ctx| edge::payments::praise::order::refresh(ctx, &order).await.unwrap());
    assert_eq!(world.count("job WHERE subject_id = 'CNY:2026-11-20'"), 1);
    world.advance_minutes(1);
    for day in ["2026-11-20", "2026-11-21", "2026-11-22"] {
        assert_eq!(world.count(&format!("bill WHERE day = '{day}' AND worked_at > 0")), 1, "{day}");
    }
    assert_eq!(world.balance("provider_unsettled"), 0);
    assert!(differences(world).is_empty());
}

#[test]
fn a_refund_that_we_heard_of_after_midnight_is_on_the_bill_of_the_day_before() {
    for (currency, midnight) in [(Cny, "2026-11-22T16:00:00Z"), (Usd, "2026-11-23T00:00:00Z")] {
        let stage = Stage::new(currency);
        let Stage { world, article, reader, .. } = &stage;
        world.advance_to(at(midnight).plus_seconds(-20));
        let back = world.started(reader, article, 1000);
        world.frozen_for_good(article);
        world.order_fault("refund", "reply_lost", 1);
        world.pay(&back);
        world.run_jobs();
        world.advance_seconds(300);
        let ours = world.number("SELECT at FROM movement WHERE kind = 'refund'");
        assert!(ours >= at(midnight).ms(), "{currency}: {ours}");
        work_bill_of(world, currency, first_day());
        assert_eq!(world.count("bill_row WHERE state = 'matched'"), 2);
        work_bill_of(world, currency, first_day().plus(2));
        assert!(differences(world).is_empty());
        assert_eq!(world.balance("provider_unsettled"), 0);
    }
}

#[test]
fn what_the_operator_puts_in_pays_the_fees() {
    let stage = Stage::new(Usd);
    let Stage { world, article, reader, .. } = &stage;
    world.praised(reader, article, 1000);
    work_bill_of(world, Usd, first_day());
    let operator = world.person("op");
    let add = |minor, reference: &str| {
        world.act(async |ctx| {
            let amount = shared::money::Money::new(minor, Usd);
            reconcile::funds::add_funds(ctx, &operator.id, amount, reference).await
        })
    };
    add(5000, "bank-1").unwrap();
    let before = world.everything();
    add(5000, "bank-1").unwrap();
    assert_eq!(world.everything(), before);
    assert_eq!(world.balance("provider_settled"), 1000 - 59 + 5000);
    assert_eq!(world.balance("operator_funds"), -5000);
    assert_eq!(world.count("operator_audit WHERE action = 'funds.add'"), 1);
    for (minor, reference, code) in [
        (6000, "bank-1", "taken"),
        (0, "bank-2", "field.invalid"),
        (-1, "bank-2", "field.invalid"),
        (1, "", "field.invalid"),
        (1, "a b", "field.invalid"),
        (1, &"x".repeat(65), "field.invalid"),
    ] {
        let refused = add(minor, reference).unwrap_err();
        assert_eq!(refused.problem().code(), code, "{minor} {reference}");
    }
    assert_eq!(world.everything(), before);
}
