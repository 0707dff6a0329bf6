//! Payee bank cards: attaching, replacing and removing them, when they become usable, and who sees
//! them.

use edge::failure::Failure;
use edge::people::account;
use edge::people::operator::Operators;
use edge::people::payee;
use shared::api::AttachedCard;
use shared::calendar::Moment;
use shared::money::Currency;
use shared::problem::Problem;

use crate::support::faulty_database::Fault;
use crate::support::people::{Account, Fixture, Person};
use crate::support::world::World;

const FIRST: &str = "sbxcard_6222020200112233";
const SECOND: &str = "sbxcard_6222020200445566";

fn attach(
    world: &World,
    person: &Person,
    handle: &str,
    token: &str,
) -> Result<AttachedCard, Problem> {
    let attached = world.run(async |ctx| {
        payee::attach(ctx, &Operators::default(), &person.id, handle, token).await
    });
    attached.map_err(|failure| failure.problem())
}

fn remove(world: &World, account: &Account) {
    let (owner, handle) = (&account.owner.id, &account.handle);
    world.run(async |ctx| payee::remove(ctx.db, ctx.now, owner, handle).await.unwrap());
}

/// An account that has had the card [`FIRST`] for ten days.
fn fixture() -> Fixture {
    let fixture = Fixture::new(Currency::Cny);
    remove(&fixture.world, &fixture.account);
    fixture.world.attach_card(&fixture.account.owner, &fixture.account.handle, FIRST);
    fixture.world.set_now(fixture.world.now().plus_days(10));
    fixture
}

#[test]
fn only_token_fingerprint_and_last_four_digits_are_stored() {
    let Fixture { world, account, .. } = Fixture::new(Currency::Cny);
    let card = attach(&world, &account.owner, &account.handle, FIRST).unwrap();
    assert_eq!(card.last4, "2233");
    let kept = world.rows("SELECT * FROM bank_card WHERE removed_at IS NULL");
    let digits = FIRST.strip_prefix("sbxcard_").unwrap();
    for (column, value) in kept[0].as_object().unwrap() {
        let tells = value.as_str().is_some_and(|text| text.contains(digits));
        assert_eq!(tells, column == "token", "{column}");
    }
}

#[test]
fn only_the_owner_sees_changes_and_removes_a_card() {
    let Fixture { world, account, reader, .. } = fixture();
    let handle = &account.handle;
    let before = (world.dump(), world.provider_calls.borrow().len());
    assert_eq!(attach(&world, &reader, handle, SECOND), Err(Problem::NotFound));
    assert_eq!(attach(&world, &account.owner, "nobody", SECOND), Err(Problem::NotFound));
    let seen = |id: &str| world.run(async |ctx| payee::find(ctx.db, id, handle).await.unwrap());
    assert_eq!(seen(&reader.id), None);
    let removed = world.run(async |ctx| payee::remove(ctx.db, ctx.now, &reader.id, handle).await);
    assert_eq!(removed.unwrap_err().problem(), Problem::NotFound);
    assert_eq!((world.dump(), world.provider_calls.borrow().len()), before);
    assert_eq!(seen(&account.owner.id).unwrap().last4, "2233");
    remove(&world, &account);
    remove(&world, &account);
    assert_eq!(seen(&account.owner.id), None);
    assert_eq!(world.count("bank_card WHERE removed_at IS NULL"), 0);
}

#[test]
fn a_token_that_the_provider_does_not_know_is_refused() {
    let Fixture { world, account, .. } = fixture();
    let before = world.dump();
    for token in ["", "x", "sbxcard_", "sbxcard_12345678901", "sbxcard_1234567890123x", "622202"] {
        let refused = attach(&world, &account.owner, &account.handle, token);
        assert_eq!(refused, Err(Problem::CardRefused), "{token}");
    }
    assert_eq!(world.dump(), before);
}

#[test]
fn attaching_the_same_card_again_changes_nothing() {
    let Fixture { world, account, .. } = fixture();
    let before = world.dump();
    let card = attach(&world, &account.owner, &account.handle, FIRST).unwrap();
    assert!(card.usable_from < world.now());
    assert_eq!(world.dump(), before);
}

#[test]
fn a_first_card_is_usable_at_once_and_another_after_72_hours() {
    let Fixture { world, account, .. } = fixture();
    let (owner, handle) = (&account.owner, account.handle.as_str());
    let now = world.now();
    // The card that was attached when the account was created was its first.
    assert_eq!(world.count("bank_card WHERE usable_from = attached_at"), 1);
    // The same card removed and attached again does not have to wait.
    remove(&world, &account);
    assert_eq!(attach(&world, owner, handle, FIRST).unwrap().usable_from, now);
    // A different card has to wait. Removing and attaching it again does not shorten the wait.
    let changed = attach(&world, owner, handle, SECOND).unwrap();
    let usable_from = now.plus_minutes(72 * 60);
    assert_eq!(changed.usable_from, usable_from);
    world.set_now(now.plus_minutes(60));
    remove(&world, &account);
    assert_eq!(attach(&world, owner, handle, SECOND).unwrap().usable_from, usable_from);
    // Going back to the first card does not avoid the wait either.
    let back = attach(&world, owner, handle, FIRST).unwrap();
    assert_eq!(back.usable_from, now.plus_minutes(73 * 60));
    remove(&world, &account);
    world.set_now(back.usable_from.plus_days(1));
    let again = attach(&world, owner, handle, FIRST).unwrap();
    assert_eq!(again.usable_from, world.now());
    // The first card of another account counts as a first card, even if other accounts use the same
    // card.
    let other = account::NewAccount {
        handle: "wen-too",
        name: "Wen too",
        bio: "",
        currency: Currency::Usd,
        presets_minor: &[],
        ask: None,
        thanks: None,
    };
    world.run(async |ctx| {
        account::open(ctx.db, ctx.entropy, ctx.now, &owner.id, &other).await.unwrap();
    });
    assert_eq!(attach(&world, owner, "wen-too", FIRST).unwrap().usable_from, world.now());
}

#[test]
fn a_changed_card_is_paid_to_after_72_hours_to_the_millisecond() {
    let Fixture { world, account, article, reader } = fixture();
    world.give_praise(&reader, &article, 1000);
    let due = Moment::from_ms(world.number("SELECT due_at FROM praise"));
    // The wait then ends after the praise is due, in the middle of a day.
    let changed_at = due.plus_minutes(-60 * 24);
    world.advance_to(changed_at);
    let card = attach(&world, &account.owner, &account.handle, SECOND).unwrap();
    world.advance_to(Moment::from_ms(card.usable_from.ms() - 1));
    assert_eq!(world.text("SELECT state FROM praise"), "due");
    assert_eq!(world.text("SELECT state_reason FROM payout"), "card_changed");
    world.advance_to(card.usable_from.plus_minutes(5));
    assert_eq!(world.text("SELECT state FROM praise"), "paid_out");
    let sent = world.text("SELECT min(body) FROM outbox WHERE operation = 'pay_out'");
    assert!(sent.contains(SECOND), "{sent}");
}

#[test]
fn a_waiting_payout_goes_to_the_first_card_attached() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    let token = world.text("SELECT token FROM bank_card");
    remove(&world, &account);
    let due = Moment::from_ms(world.number("SELECT due_at FROM praise"));
    world.advance_to(due.plus_minutes(60));
    assert_eq!(world.text("SELECT state_reason FROM payout"), "no_card");
    attach(&world, &account.owner, &account.handle, &token).unwrap();
    world.advance_minutes(5);
    assert_eq!(world.text("SELECT state FROM praise"), "paid_out");
}

#[test]
fn concurrently_attached_cards_leave_one() {
    for seed in 0..20 {
        let Fixture { world, account, .. } = fixture();
        let (owner, handle) = (&account.owner.id, &account.handle);
        let ended = world.race(seed, 6, async |ctx, n| {
            let token = format!("sbxcard_62220202001100{:02}", n % 3);
            payee::attach(ctx, &Operators::default(), owner, handle, &token).await
        });
        // A request that loses the race too often is asked to try again.
        for failure in ended.into_iter().filter_map(Result::err) {
            assert_eq!(failure, Failure::from(Problem::Unavailable), "seed {seed}");
        }
        assert_eq!(world.count("bank_card WHERE removed_at IS NULL"), 1, "seed {seed}");
    }
}

#[test]
fn every_fault_leaves_the_old_card_or_the_new_one() {
    for fault in Fault::ALL {
        for ahead in 0.. {
            let Fixture { world, account, .. } = fixture();
            let (owner, handle) = (&account.owner.id, &account.handle);
            world.product.fail_once(ahead, fault);
            world.try_request(async |ctx| {
                payee::attach(ctx, &Operators::default(), owner, handle, SECOND).await
            });
            let passed = world.product.stop_failing();
            world.check();
            assert_eq!(world.count("bank_card WHERE removed_at IS NULL"), 1, "{fault:?} {ahead}");
            let card = attach(&world, &account.owner, handle, SECOND).unwrap();
            assert_eq!(card.usable_from, world.now().plus_minutes(72 * 60));
            assert_eq!(world.count("bank_card WHERE token = 'sbxcard_6222020200445566'"), 1);
            if passed {
                assert!(ahead >= 4, "only {ahead} batches");
                break;
            }
        }
    }
}
