//! Every day is reconciled on its own: a day without a bill never stops the next one.

use shared::money::Currency::{self, Cny};

use super::*;

/// Gives one praise on each of three days. The bill of the first day has this fault.
fn three_days(currency: Currency, fault: &str, number: &str) -> Fixture {
    let fixture = Fixture::new(currency);
    let Fixture { world, article, .. } = &fixture;
    inject_bill_fault(world, currency, first_day(), fault, number);
    for (day, name) in ["ann", "bo", "cy"].into_iter().enumerate() {
        world.advance_to(
            first_day().plus(day as i64).starts_at(currency).plus_minutes(18 * 60).max(world.now()),
        );
        world.give_praise(&world.person(name), article, 500);
    }
    fixture
}

fn open_task(world: &World) -> i64 {
    world.count("operator_task WHERE kind = 'bill_missing' AND closed_at IS NULL")
}

#[test]
fn no_transactions_is_an_answer_and_finishes_the_day() {
    for currency in Currency::ALL {
        let fixture = Fixture::new(currency);
        let Fixture { world, article, reader, .. } = &fixture;
        world.give_praise(reader, article, 500);
        process_bills_of(world, currency, first_day().plus(3));
        assert_eq!(world.count("bill WHERE worked_at IS NOT NULL"), 4);
        assert_eq!(world.count("bill WHERE row_count = 0 AND sha256 = ''"), 3);
        assert_eq!(open_task(world), 0);
    }
}

#[test]
fn a_day_without_a_bill_does_not_stop_the_next_days() {
    for currency in Currency::ALL {
        for fault in ["late_bill", "refused_bill", "unreadable_bill"] {
            let fixture = three_days(currency, fault, "1000");
            let world = &fixture.world;
            process_bills_of(world, currency, first_day().plus(2));
            assert_eq!(world.count("bill WHERE worked_at IS NOT NULL"), 2, "{fault}");
            assert_eq!(world.count("bill_row WHERE state = 'matched'"), 2, "{fault}");
            assert_eq!(open_task(world), 1, "{fault}");
            // The movement that is on the missing bill is not a difference.
            assert!(differences(world).is_empty(), "{fault}");
            assert!(!is_blocked(world, &fixture.account.id), "{fault}");
        }
    }
}

#[test]
fn a_missing_bill_is_a_task_after_a_day_until_it_arrives() {
    let fixture = three_days(Cny, "late_bill", "3");
    let world = &fixture.world;
    let ready = BillDay { currency: Cny, day: first_day() }.ready_at();
    let fixture_day = fixture.world.now();
    assert!(fixture_day > ready.plus_days(1));
    assert_eq!(open_task(world), 1);
    assert_eq!(
        world.text("SELECT subject_id FROM operator_task WHERE kind = 'bill_missing'"),
        "CNY:2026-11-22"
    );
    assert_eq!(
        world.number("SELECT opened_at FROM operator_task WHERE kind = 'bill_missing'"),
        ready.plus_days(1).ms()
    );
    let days = world.run(async |ctx| {
        let all = edge::pagination::Cursor::parse(None).unwrap();
        edge::queries::reconciliation::list_days(ctx.db, &all).await.unwrap().items
    });
    let first = days.iter().find(|day| day.day == "2026-11-22").unwrap();
    assert_eq!(first.state, "missing");
    // The bill is requested at least once a day, so a day after it is ready, it has been read.
    world.advance_to(ready.plus_days(3).plus_days(1));
    assert_eq!(open_task(world), 0);
    assert_eq!(
        world.text("SELECT outcome FROM operator_task WHERE kind = 'bill_missing'"),
        "arrived"
    );
    assert_eq!(world.count("bill_row WHERE day = '2026-11-22' AND state = 'matched'"), 1);
    assert_eq!(world.balance("provider_unsettled"), 0);
}

#[test]
fn a_missing_bill_is_requested_at_growing_intervals() {
    let fixture = Fixture::new(Cny);
    let Fixture { world, article, reader, .. } = &fixture;
    world.give_praise(reader, article, 500);
    inject_bill_fault(world, Cny, first_day(), "late_bill", "1000");
    let ready = BillDay { currency: Cny, day: first_day() }.ready_at();
    world.advance_to(ready.plus_seconds(-1));
    world.provider_calls.borrow_mut().clear();
    world.advance_to(ready.plus_minutes(23 * 60));
    let calls = world.provider_calls.borrow().iter().filter(|call| **call == "bill").count();
    assert!((8..=14).contains(&calls), "{calls}");
}

#[test]
fn a_row_waits_one_day_for_its_movement_even_if_the_next_bill_is_missing() {
    let fixture = Fixture::new(Cny);
    let Fixture { world, article, reader, .. } = &fixture;
    world.give_praise(reader, article, 500);
    inject_bill_fault(world, Cny, first_day(), "extra_row", "nobody");
    let missing = world.give_praise(&world.person("bo"), article, 1000);
    inject_bill_fault(world, Cny, first_day(), "missing_row", &transaction_of(world, &missing));
    inject_bill_fault(world, Cny, first_day().plus(1), "refused_bill", "");
    process_bills_of(world, Cny, first_day());
    assert!(differences(world).is_empty());
    let next = BillDay { currency: Cny, day: first_day().plus(1) }.ready_at();
    world.advance_to(next.plus_days(1).plus_seconds(-1));
    assert!(differences(world).is_empty());
    world.advance_to(next.plus_days(1).plus_minutes(1));
    assert_eq!(
        differences(world),
        ["only_ours payment 1000 - wen-writes *", "only_theirs payment - 100 - *"]
    );
}
