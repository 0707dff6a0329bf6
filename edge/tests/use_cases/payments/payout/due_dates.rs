//! Due dates: when held money becomes due, and which day's payout it belongs to.

use super::*;

/// A praise given at one moment is held until another and then transferred to the card.
fn held_until(currency: Currency, paid: &str, due: &str, day: &str) {
    let Fixture { world, article, reader, .. } = Fixture::at(paid, currency);
    let intent_id = world.give_praise(&reader, &article, 1000);
    world.advance_to(at(due).plus_seconds(-1));
    assert_eq!(world.praise_state(&intent_id), "held", "{paid}");
    assert_eq!(world.on_cards(), 0);
    world.advance_to(at(due));
    assert_eq!(world.praise_state(&intent_id), "paid_out", "{paid}");
    assert_eq!(world.on_cards(), 1000);
    assert_eq!(world.payouts(), [format!("{day} succeeded - 1000/0")]);
    assert_eq!(world.balance("writer_held"), 0);
    assert_eq!(world.balance("writer_due"), 0);
    assert_eq!(world.balance("paying_out"), 0);
    assert_eq!(world.provider_balance(), 0);
}

#[test]
fn a_praise_is_due_on_the_seventh_day_at_midnight_of_its_currency() {
    let cny = Currency::Cny;
    held_until(cny, "2026-11-22T15:59:59Z", "2026-11-28T16:00:00Z", "2026-11-29");
    held_until(cny, "2026-11-22T16:00:00Z", "2026-11-29T16:00:00Z", "2026-11-30");
    let usd = Currency::Usd;
    held_until(usd, "2026-11-22T23:59:59Z", "2026-11-29T00:00:00Z", "2026-11-29");
    held_until(usd, "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z", "2026-11-30");
}

#[test]
fn due_dates_cross_month_and_year_ends() {
    let cny = Currency::Cny;
    held_until(cny, "2026-11-25T04:00:00Z", "2026-12-01T16:00:00Z", "2026-12-02");
    held_until(cny, "2026-12-27T16:00:00Z", "2027-01-03T16:00:00Z", "2027-01-04");
    held_until(cny, "2028-02-22T15:59:59Z", "2028-02-28T16:00:00Z", "2028-02-29");
    let usd = Currency::Usd;
    held_until(usd, "2026-11-23T12:00:00Z", "2026-11-30T00:00:00Z", "2026-11-30");
    held_until(usd, "2026-11-24T12:00:00Z", "2026-12-01T00:00:00Z", "2026-12-01");
    held_until(usd, "2026-12-31T23:59:59Z", "2027-01-07T00:00:00Z", "2027-01-07");
    held_until(usd, "2028-02-23T00:00:00Z", "2028-03-01T00:00:00Z", "2028-03-01");
}

#[test]
fn praises_due_on_one_day_share_a_payout() {
    let Fixture { world, article, .. } = Fixture::at("2026-11-22T15:00:00Z", Currency::Cny);
    for minor in [1000, 2000] {
        give_praise_by_new_reader(&world, &article, minor);
    }
    world.advance_to(at("2026-11-22T16:30:00Z"));
    give_praise_by_new_reader(&world, &article, 4000);
    world.advance_to(at("2026-11-30T12:00:00Z"));
    assert_eq!(world.payouts(), ["2026-11-29 succeeded - 3000/0", "2026-11-30 succeeded - 4000/0"]);
    assert_eq!(world.count("payout_part"), 2);
    assert_eq!(world.events("payout"), [">queued", "queued>sent", "sent>succeeded"].repeat(2));
}

#[test]
fn praises_booked_after_their_due_date_are_paid_out_the_same_day() {
    let Fixture { world, article, reader, .. } = Fixture::at("2026-11-22T15:00:00Z", Currency::Cny);
    give_praise_by_new_reader(&world, &article, 1000);
    let late = world.start_praise(&reader, &article, 2000);
    let order = world.order_of(&late);
    let report = world.provider_receives(&order, "tx-late", 2000);
    // The payment is not known here until its due date, after that day's payout.
    world.set_now(at("2026-11-29T04:00:00Z"));
    world.run_jobs();
    assert_eq!(world.praise_state(&late), "held", "found by polling; its reader may undo it");
    assert!(matches!(report, edge::provider::OrderReport::Paid(_)));
    let second = world.start_praise(&world.person("bo"), &article, 3000);
    world.pay_silently(&second);
    world
        .sandbox
        .raw(
            "UPDATE sandbox_order SET paid_at = paid_at - 8 * 86400000
                       WHERE amount_minor = 3000",
        )
        .unwrap();
    world.advance_minutes(5);
    assert_eq!(world.praise_state(&second), "held");
    world.advance_minutes(10);
    assert_eq!(world.praises_in("paid_out"), 3, "the day can have several payouts");
    assert_eq!(
        world.payouts(),
        [
            "2026-11-29 succeeded - 1000/0",
            "2026-11-29 succeeded - 2000/0",
            "2026-11-29 succeeded - 3000/0",
        ]
    );
    assert_eq!(world.on_cards(), 6000);
}

#[test]
fn an_early_settlement_waits_and_one_without_a_subject_fails() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Usd);
    world.give_praise(&reader, &article, 1000);
    let due = at("2026-11-29T00:00:00Z");
    world.run(async |ctx| {
        let subject = settle::subject(&account.id, due);
        assert_eq!(settle::run(ctx, &subject).await, Ok(jobs::Next::At(due)));
        for nobody in ["", "acc_x", "acc_x:y"] {
            assert!(settle::run(ctx, nobody).await.is_err(), "{nobody}");
        }
    });
    assert_eq!(world.praises_in("held"), 1);
}

#[test]
fn more_than_one_chunk_becomes_due_and_is_paid_out() {
    let Fixture { world, article, .. } = Fixture::new(Currency::Usd);
    let readers = 64;
    for _ in 0..readers {
        let reader = world.person(&format!("reader-{}", world.count("person")));
        for _ in 0..10 {
            world.give_praise(&reader, &article, 100);
        }
    }
    world.advance_to(at("2026-11-29T00:00:00Z"));
    assert_eq!(world.praises_in("paid_out"), readers * 10);
    assert_eq!(world.payouts(), ["2026-11-29 succeeded - 64000/0"]);
    assert_eq!(world.on_cards(), 64000);
}
