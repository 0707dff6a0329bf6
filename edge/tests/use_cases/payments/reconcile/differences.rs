//! Every kind of difference in a bill is found and recorded, and only the account concerned waits.

use shared::money::Currency::{self, Cny};

use super::*;

/// A day on which two writers were praised: `wen-writes` first, with 10.00, then `li-writes` with
/// 5.00.
fn two_writers(currency: Currency) -> (Fixture, crate::support::people::Account, [String; 2]) {
    let fixture = Fixture::new(currency);
    let Fixture { world, article, reader, .. } = &fixture;
    let other = world.account(&world.person("li"), "li-writes", currency);
    let rain = world.article(&other, "Rain");
    let first = world.give_praise(reader, article, 1000);
    world.advance_minutes(5);
    let second = world.give_praise(reader, &rain, 500);
    (fixture, other, [first, second])
}

#[test]
fn a_missing_row_is_a_difference_after_the_next_days_bill() {
    for currency in Currency::ALL {
        let (fixture, other, [first, _]) = two_writers(currency);
        let world = &fixture.world;
        inject_bill_fault(
            world,
            currency,
            first_day(),
            "missing_row",
            &transaction_of(world, &first),
        );
        process_bills_of(world, currency, first_day());
        // The row may still be on tomorrow's bill.
        assert!(differences(world).is_empty());
        process_bills_of(world, currency, first_day().plus(1));
        assert_eq!(differences(world), ["only_ours payment 1000 - wen-writes *"]);
        assert!(is_blocked(world, &fixture.account.id));
        assert!(!is_blocked(world, &other.id));
        assert_eq!(world.count("operator_task WHERE kind = 'bill_difference'"), 1);
        assert_eq!(world.balance("provider_unsettled"), 1000);
        // The difference is recorded only once.
        process_bills_of(world, currency, first_day().plus(4));
        assert_eq!(differences(world).len(), 1);
    }
}

#[test]
fn a_row_on_the_next_days_bill_is_no_difference() {
    for currency in Currency::ALL {
        let (fixture, ..) = two_writers(currency);
        let world = &fixture.world;
        inject_bill_fault(world, currency, first_day(), "late_row", "");
        process_bills_of(world, currency, first_day());
        assert_eq!(world.balance("provider_unsettled"), 1000);
        process_bills_of(world, currency, first_day().plus(1));
        assert_eq!(world.balance("provider_unsettled"), 0);
        assert!(differences(world).is_empty());
    }
}

#[test]
fn an_amount_that_is_off_by_one_is_found_at_once() {
    for currency in Currency::ALL {
        let (fixture, other, [_, second]) = two_writers(currency);
        let world = &fixture.world;
        inject_bill_fault(
            world,
            currency,
            first_day(),
            "amount_off",
            &transaction_of(world, &second),
        );
        process_bills_of(world, currency, first_day());
        assert_eq!(differences(world), ["amount_differs payment 500 501 li-writes *"]);
        assert!(is_blocked(world, &other.id));
        assert!(!is_blocked(world, &fixture.account.id));
        process_bills_of(world, currency, first_day().plus(3));
        assert_eq!(differences(world).len(), 1);
    }
}

#[test]
fn a_duplicate_row_is_found_at_once() {
    for currency in Currency::ALL {
        let (fixture, ..) = two_writers(currency);
        let world = &fixture.world;
        inject_bill_fault(world, currency, first_day(), "duplicate_row", "");
        process_bills_of(world, currency, first_day());
        assert_eq!(differences(world), ["duplicate payment 1000 1000 wen-writes *"]);
        assert_eq!(world.balance("provider_unsettled"), 0);
        process_bills_of(world, currency, first_day().plus(3));
        assert_eq!(differences(world).len(), 1);
    }
}

#[test]
fn an_unknown_row_is_a_difference_after_the_next_days_bill() {
    for currency in Currency::ALL {
        let (fixture, other, [_, second]) = two_writers(currency);
        let world = &fixture.world;
        // A row about one of our orders blocks that order's account. A row about an unknown order
        // blocks nobody.
        inject_bill_fault(
            world,
            currency,
            first_day(),
            "extra_row",
            &transaction_of(world, &second),
        );
        inject_bill_fault(world, currency, first_day(), "extra_row", "nobody");
        process_bills_of(world, currency, first_day());
        assert!(differences(world).is_empty());
        assert_eq!(world.count("bill_row WHERE state = 'open'"), 2);
        process_bills_of(world, currency, first_day().plus(1));
        assert_eq!(
            differences(world),
            ["only_theirs payment - 100 - *", "only_theirs payment - 500 li-writes *"]
        );
        assert!(is_blocked(world, &other.id));
        assert!(!is_blocked(world, &fixture.account.id));
    }
}

#[test]
fn an_unknown_row_three_times_is_one_unknown_and_two_duplicates() {
    let fixture = Fixture::new(Cny);
    let Fixture { world, article, reader, .. } = &fixture;
    let lost = world.start_praise(reader, article, 1000);
    world.advance_minutes(60);
    let order = world.order_of(&lost);
    world.provider_receives(&order, "tx-odd", 1000);
    world.advance_minutes(1);
    world.give_praise(&world.person("bo"), article, 500);
    // Renamed at the provider, because it would be queried about an order of ours.
    world
        .sandbox
        .raw(&format!("UPDATE sandbox_order SET number = 'odd' WHERE number = '{order}'"))
        .unwrap();
    // By its number, and as the first row of the day.
    inject_bill_fault(world, Cny, first_day(), "duplicate_row", "tx-odd");
    inject_bill_fault(world, Cny, first_day(), "duplicate_row", "");
    process_bills_of(world, Cny, first_day().plus(1));
    assert_eq!(
        differences(world),
        [
            "duplicate payment 1000 1000 - *",
            "duplicate payment 1000 1000 - *",
            "only_theirs payment - 1000 - *"
        ]
    );
    assert_eq!(world.count("bill_row WHERE number = 'tx-odd' AND state = 'difference'"), 3);
    process_bills_of(world, Cny, first_day().plus(3));
    assert_eq!(differences(world).len(), 3);
}

#[test]
fn an_invalid_bill_is_refused_and_requested_again() {
    for currency in Currency::ALL {
        let (fixture, ..) = two_writers(currency);
        let world = &fixture.world;
        for fault in ["wrong_hash", "not_ready", "lost"] {
            world.inject_provider_fault("bill", fault, 2);
        }
        world.advance_to(at("2026-11-23T02:00:00Z"));
        assert_eq!((world.count("bill"), world.count("bill_row")), (0, 0));
        assert_eq!(world.balance("provider_unsettled"), 1500);
        // It is requested again after 10, 20, 30, 45, 67 and 100 minutes.
        world.advance_to(at("2026-11-23T03:39:59Z"));
        assert_eq!(world.count("bill"), 0);
        world.advance_to(at("2026-11-23T03:40:00Z"));
        assert_eq!(world.count("bill_row WHERE state = 'matched'"), 2);
    }
}

#[test]
fn the_same_bill_again_changes_nothing() {
    let (fixture, ..) = two_writers(Cny);
    let world = &fixture.world;
    inject_bill_fault(world, Cny, first_day(), "extra_row", "");
    process_bills_of(world, Cny, first_day());
    process_bills_of(world, Cny, first_day().plus(1));
    let before = world.dump();
    for day in [first_day(), first_day().plus(1)] {
        let subject = format!("CNY:{day}");
        let next = world.run(async |ctx| reconcile::run(ctx, &subject).await.unwrap());
        assert_eq!(next, edge::queue::jobs::Next::Done);
    }
    assert_eq!(world.dump(), before);
}

#[test]
fn a_later_bill_that_explains_a_difference_closes_it() {
    let (fixture, _, [first, _]) = two_writers(Cny);
    let Fixture { world, account, .. } = &fixture;
    let number = transaction_of(world, &first);
    inject_bill_fault(world, Cny, first_day(), "missing_row", &number);
    process_bills_of(world, Cny, first_day().plus(1));
    assert!(is_blocked(world, &account.id));
    world.raw("DELETE FROM job WHERE kind = 'pay_out'");
    // The provider bills it three days late.
    world
        .sandbox
        .raw(&format!(
            "UPDATE sandbox_order SET paid_at = paid_at + 3 * 86400000
             WHERE transaction_id = '{number}'"
        ))
        .unwrap();
    process_bills_of(world, Cny, first_day().plus(3));
    assert!(!is_blocked(world, &account.id));
    assert_eq!(
        world.text("SELECT explanation FROM bill_difference"),
        "matched on the bill of 2026-11-25"
    );
    assert_eq!(world.text("SELECT outcome FROM operator_task"), "matched");
    assert_eq!(world.count("job WHERE kind = 'pay_out'"), 1);
    assert_eq!(world.balance("provider_unsettled"), 0);
}

#[test]
fn operators_see_each_day_and_each_difference() {
    let (fixture, ..) = two_writers(Cny);
    let world = &fixture.world;
    inject_bill_fault(world, Cny, first_day(), "amount_off", "");
    inject_bill_fault(world, Cny, first_day(), "extra_row", "nobody");
    process_bills_of(world, Cny, first_day());
    let read = |world: &World| {
        world.run(async |ctx| {
            let all = edge::pagination::Cursor::parse(None).unwrap();
            let days = edge::queries::reconciliation::list_days(ctx.db, &all).await.unwrap();
            let differences = edge::queries::reconciliation::list_differences(ctx.db, &all).await;
            (days, differences.unwrap())
        })
    };
    let (days, differences) = read(world);
    let told: Vec<_> = days
        .items
        .iter()
        .map(|d| (d.day.as_str(), d.state.as_str(), d.rows, d.matched, d.open, d.differences))
        .collect();
    assert_eq!(told, [("2026-11-23", "waiting", 0, 0, 0, 0), ("2026-11-22", "worked", 3, 1, 1, 1)]);
    assert_eq!(days.items[0].next_at, Some(at("2026-11-24T02:00:00Z")));
    let [one] = &differences.items[..] else { panic!("{differences:?}") };
    assert_eq!((one.kind.as_str(), one.movement.as_str()), ("amount_differs", "payment"));
    assert_eq!((one.ours.unwrap().minor, one.theirs.unwrap().minor), (1000, 1001));
    assert_eq!((one.account.as_deref(), one.closed_at), (Some("wen-writes"), None));
    assert_eq!(one.fee.unwrap().minor, 6);
    assert_eq!(
        (one.day.as_deref(), one.provider_kind.as_deref()),
        (Some("2026-11-22"), Some("payment"))
    );
    assert_eq!(one.proposal, None);
    let proposal = propose(world, &one.id, ExplanationPosting::ProviderFee, "A slip.").unwrap();
    assert_eq!(read(world).1.items[0].proposal.as_ref(), Some(&proposal));
    approve(world, &proposal.id, &proposal.shown_hash).unwrap();
    let (_, differences) = read(world);
    assert_eq!(differences.items[0].explanation.as_deref(), Some("A slip."));
    // Twenty days a page, and no day twice.
    process_bills_of(world, Cny, first_day().plus(29));
    let mut seen = Vec::new();
    let mut cursor = None;
    for _ in 0..3 {
        let place = edge::pagination::Cursor::parse(cursor.as_deref()).unwrap();
        let page = world.run(async |ctx| {
            edge::queries::reconciliation::list_days(ctx.db, &place).await.unwrap()
        });
        seen.extend(page.items.into_iter().map(|day| day.day));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 31);
    assert!(seen.is_sorted_by(|a, b| a > b));
}
