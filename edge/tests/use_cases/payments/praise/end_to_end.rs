//! One praise from end to end: start, payment, ledger, counters, and what the reader and the writer
//! see.

use edge::pagination::Cursor;
use edge::provider::sandbox::cashier::CashierAction;
use edge::queries::{articles, reader_praises, studio, wall};
use serde_json::json;
use shared::api::PaymentAction;
use shared::calendar::Moment;
use shared::machine::{IntentState, PraiseState};
use shared::money::{Currency, Money};

use crate::support::people::{Account, Fixture};
use crate::support::world::World;

fn at(text: &str) -> Moment {
    Moment::from_rfc3339(text).unwrap()
}

/// Takes one praise through all steps, started and paid at two moments, and checks the resulting
/// days and dates.
fn one_praise(currency: Currency, started: &str, paid: &str, days: (&str, &str), due: &str) {
    let Fixture { world, account, article, reader } = Fixture::at(started, currency);
    let amount = Money::new(1000, currency);
    let mut request = world.praise_request(&reader, &article, 1000);
    request.note = Some("  Thank you for the snow 👨‍👩‍👧  ");

    let intent_id = world.start(&request).unwrap();
    let view = world.view(&reader, &intent_id);
    assert_eq!(view.intent.state, IntentState::AwaitingPayment);
    assert_eq!(view.intent.note.as_deref(), Some("Thank you for the snow 👨‍👩‍👧"));
    assert_eq!(view.intent.expires_at, world.now().plus_minutes(30));
    assert_eq!(view.payment().action, PaymentAction::Redirect);
    let order_id = world.order_of(&intent_id);
    assert_eq!(view.payment().url, Some(format!("/sandbox/cashier/{order_id}")));
    assert_eq!(
        world.rows("SELECT person_id, currency, day, reserved_minor FROM reader_day"),
        [json!({"person_id": reader.id, "currency": currency.code(), "day": days.0,
                "reserved_minor": 1000})],
    );
    for table in ["payment", "praise", "ledger_transaction", "article_day", "wall_count"] {
        assert_eq!(world.count(table), 0, "{table}");
    }

    world.set_now(at(paid));
    world.pay(&intent_id);

    let view = world.view(&reader, &intent_id);
    assert_eq!(view.intent.state, IntentState::Paid);
    assert_eq!(view.payment().action, PaymentAction::None);
    assert_eq!(view.thanks.as_deref(), Some("Thank you for reading."));
    let praise = view.intent.praise.unwrap();
    assert_eq!((praise.state, praise.due_at), (PraiseState::Held, at(due)));
    assert_eq!(
        world.rows(
            "SELECT intent_id, person_id, article_id, account_id, amount_minor, currency,
                    visibility, note, policy_version, paid_day, paid_at, booked_at, undo_until,
                    due_at, state FROM praise"
        ),
        [json!({
            "intent_id": intent_id, "person_id": reader.id, "article_id": article.id,
            "account_id": account.id, "amount_minor": 1000, "currency": currency.code(),
            "visibility": "public", "note": "Thank you for the snow 👨‍👩‍👧", "policy_version": 1,
            "paid_day": days.1, "paid_at": at(paid).ms(), "booked_at": at(paid).ms(),
            "undo_until": at(paid).plus_minutes(10).ms(), "due_at": at(due).ms(), "state": "held",
        })],
    );
    assert_eq!(
        world.rows(
            "SELECT order_number, amount_minor, currency, paid_at, booked_at, fate FROM payment"
        ),
        [json!({"order_number": order_id, "amount_minor": 1000, "currency": currency.code(),
                "paid_at": at(paid).ms(), "booked_at": at(paid).ms(), "fate": "praise"})],
    );

    // Ledger entries: provider_unsettled +A, writer_held −A, sealed, and nothing else.
    assert_eq!(
        world.rows("SELECT id, at, sealed FROM ledger_transaction"),
        [json!({"id": format!("praise.booked:{}", praise.id), "at": at(paid).ms(), "sealed": 1})],
    );
    assert_eq!(
        world.rows("SELECT line, account, owner, currency, amount_minor FROM ledger_entry"),
        [
            json!({"line": 1, "account": "provider_unsettled", "owner": "sandbox",
                   "currency": currency.code(), "amount_minor": 1000}),
            json!({"line": 2, "account": "writer_held", "owner": account.id,
                   "currency": currency.code(), "amount_minor": -1000}),
        ],
    );

    assert_eq!(world.events("intent"), [">awaiting_payment", "awaiting_payment>paid"]);
    assert_eq!(world.events("provider_order"), [">created", "created>open", "open>paid"]);
    assert_eq!(world.events("praise"), [">held"]);
    assert_eq!(world.events("refund"), [""; 0]);

    // Counters: the reader's by the day of the start, the others by the day of the payment.
    assert_eq!(
        world.rows("SELECT day, reserved_minor FROM reader_day"),
        [json!({"day": days.0, "reserved_minor": 1000})],
    );
    assert_eq!(
        world.rows("SELECT article_id, day, booked_minor FROM article_day"),
        [json!({"article_id": article.id, "day": days.1, "booked_minor": 1000})],
    );
    assert_eq!(
        world.rows("SELECT person_id, day, booked_minor FROM writer_day"),
        [json!({"person_id": account.owner.id, "day": days.1, "booked_minor": 1000})],
    );

    let wall = wall_of(&world, &article.slug);
    assert_eq!((wall.count, wall.anonymous_count, wall.items.len()), (1, 0, 1));
    assert_eq!(wall.items[0].name.as_deref(), Some("ana"));
    assert_eq!(wall.items[0].avatar.as_deref(), Some("a"));
    assert_eq!(wall.items[0].praised_at, at(paid));
    let shown =
        world.run(async |ctx| articles::find(ctx.db, &article.slug, ctx.now).await.unwrap());
    assert_eq!(shown.unwrap().summary.praise_count, 1);

    let gifts = world.run(async |ctx| {
        reader_praises::list(ctx.db, &reader.id, &Cursor::parse(None).unwrap()).await.unwrap()
    });
    assert_eq!(gifts.items.len(), 1);
    assert_eq!(gifts.items[0].id, praise.id);
    assert_eq!((gifts.items[0].amount, gifts.items[0].due_at), (amount, at(due)));
    assert_eq!(gifts.items[0].article.slug, article.slug);

    // The writer sees only a count until the undo window is over.
    world.set_now(at(paid).plus_minutes(10).plus_seconds(-1));
    assert_eq!(studio_of(&world, &account), (1, 0, 0, Vec::new()));
    world.advance_seconds(1);
    assert_eq!(studio_of(&world, &account), (0, 1000, 0, vec![praise.id]));
}

/// The writer's studio: confirming, held and due amounts, and the ids of the visible rows.
fn studio_of(world: &World, account: &Account) -> (i64, i64, i64, Vec<String>) {
    world.run(async |ctx| {
        let accounts = studio::list_accounts(ctx.db, &account.owner.id, ctx.now).await.unwrap();
        let cursor = Cursor::parse(None).unwrap();
        let praises =
            studio::list_praises(ctx.db, &account.owner.id, &account.handle, &cursor, ctx.now)
                .await
                .unwrap()
                .unwrap();
        let ids = praises.items.into_iter().map(|praise| praise.id).collect();
        let account = &accounts[0];
        (account.confirming, account.held.minor, account.due.minor, ids)
    })
}

fn wall_of(world: &World, slug: &str) -> shared::api::Wall {
    let cursor = Cursor::parse(None).unwrap();
    world.run(async |ctx| wall::read(ctx.db, slug, &cursor).await.unwrap().unwrap())
}

#[test]
fn a_praise_in_yuan_is_booked_and_shown_to_reader_and_writer() {
    one_praise(
        Currency::Cny,
        "2026-11-22T09:30:00Z",
        "2026-11-22T09:31:00Z",
        ("2026-11-22", "2026-11-22"),
        "2026-11-28T16:00:00Z",
    );
}

#[test]
fn a_praise_in_dollars_is_booked_and_shown_to_reader_and_writer() {
    one_praise(
        Currency::Usd,
        "2026-11-22T09:30:00Z",
        "2026-11-22T09:31:00Z",
        ("2026-11-22", "2026-11-22"),
        "2026-11-29T00:00:00Z",
    );
}

#[test]
fn yuan_paid_in_the_last_millisecond_of_a_shanghai_day_belong_to_that_day() {
    one_praise(
        Currency::Cny,
        "2026-11-22T15:50:00Z",
        "2026-11-22T15:59:59.999Z",
        ("2026-11-22", "2026-11-22"),
        "2026-11-28T16:00:00Z",
    );
}

#[test]
fn yuan_started_before_and_paid_at_midnight_in_shanghai_count_on_both_days() {
    one_praise(
        Currency::Cny,
        "2026-11-22T15:59:59.999Z",
        "2026-11-22T16:00:00Z",
        ("2026-11-22", "2026-11-23"),
        "2026-11-29T16:00:00Z",
    );
}

#[test]
fn dollars_paid_in_the_last_millisecond_of_a_utc_day_belong_to_that_day() {
    one_praise(
        Currency::Usd,
        "2026-11-22T23:50:00Z",
        "2026-11-22T23:59:59.999Z",
        ("2026-11-22", "2026-11-22"),
        "2026-11-29T00:00:00Z",
    );
}

#[test]
fn dollars_started_before_and_paid_at_midnight_utc_count_on_both_days() {
    one_praise(
        Currency::Usd,
        "2026-12-31T23:59:59.999Z",
        "2027-01-01T00:00:00Z",
        ("2026-12-31", "2027-01-01"),
        "2027-01-08T00:00:00Z",
    );
}

#[test]
fn money_paid_before_midnight_and_booked_after_belongs_to_the_day_it_was_paid() {
    for (currency, paid, booked, day, due) in [
        (
            Currency::Cny,
            "2026-11-22T15:59:59Z",
            "2026-11-22T16:20:00Z",
            "2026-11-22",
            "2026-11-28T16:00:00Z",
        ),
        (
            Currency::Usd,
            "2026-11-22T23:59:59Z",
            "2026-11-23T00:20:00Z",
            "2026-11-22",
            "2026-11-29T00:00:00Z",
        ),
    ] {
        let Fixture { world, article, reader, .. } = Fixture::at(paid, currency);
        let intent_id = world.start_praise(&reader, &article, 1000);
        world.pay_silently(&intent_id);
        world.set_now(at(booked));
        world.run_jobs();
        assert_eq!(
            world.rows("SELECT paid_day, paid_at, booked_at, undo_until, due_at FROM praise"),
            [json!({
                "paid_day": day, "paid_at": at(paid).ms(), "booked_at": at(booked).ms(),
                "undo_until": at(booked).plus_minutes(10).ms(), "due_at": at(due).ms(),
            })],
        );
        assert_eq!(world.text("SELECT day FROM article_day"), day);
        assert_eq!(world.text("SELECT day FROM writer_day"), day);
        assert_eq!(world.number("SELECT at FROM ledger_transaction"), at(booked).ms());
    }
}

#[test]
fn starting_takes_three_round_trips_and_booking_two() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let request = world.praise_request(&reader, &article, 1000);
    let before = world.product.batches();
    let intent_id = world.start(&request).unwrap();
    let started = world.product.batches();
    assert_eq!(started - before, 3, "to start");
    let message = world.at_cashier(&intent_id, CashierAction::Pay).remove(0);
    world.deliver(&message);
    assert_eq!(world.product.batches() - started, 2, "to book");
    assert_eq!(world.count("praise"), 1);
}
