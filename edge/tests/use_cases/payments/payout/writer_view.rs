//! The payouts that a writer reads, and that nobody else can read.

use edge::pagination::Cursor;
use edge::queries::payouts;
use shared::api::{Page, Payout, PayoutDetail};
use shared::lang::Lang;
use shared::machine::{PartState, PayoutState};
use shared::money::Money;

use super::*;

const DUE: &str = "2026-11-28T16:00:00Z";

fn list_from(
    world: &World,
    person: &Person,
    handle: &str,
    cursor: Option<&str>,
) -> Option<Page<Payout>> {
    let cursor = Cursor::parse(cursor).unwrap();
    world.run(async |ctx| {
        payouts::list(ctx.db, &person.id, handle, &cursor, Lang::En).await.unwrap()
    })
}

fn list(world: &World, account: &Account) -> Vec<Payout> {
    list_from(world, &account.owner, &account.handle, None).unwrap().items
}

fn one(world: &World, person: &Person, id: &str) -> Option<PayoutDetail> {
    world.run(async |ctx| payouts::find(ctx.db, &person.id, id, Lang::ZhHans).await.unwrap())
}

fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

#[test]
fn a_waiting_payout_shows_amount_action_and_deadline() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    world.give_praise(&reader, &article, 2000);
    world.raw("UPDATE bank_card SET removed_at = attached_at");
    world.advance_to(at(DUE));
    let waiting = list(&world, &account).remove(0);
    assert_eq!(waiting.state, PayoutState::Waiting);
    assert_eq!(waiting.day, "2026-11-29");
    assert_eq!(waiting.reason.as_deref(), Some("no_card"));
    assert!(waiting.to_do.unwrap().starts_with("Attach a bank card"));
    assert_eq!(waiting.until, None);
    assert_eq!((waiting.gross, waiting.debt, waiting.net), (cny(3000), cny(0), cny(3000)));
    assert_eq!((waiting.praises, waiting.card_last4), (2, None));
    assert!(waiting.parts.is_empty());

    let usable = world.now().plus_minutes(72 * 60);
    world.raw(&format!(
        "INSERT INTO bank_card (id, account_id, provider, token, fingerprint, last4, attached_at,
                                usable_from)
         VALUES ('crd-new', '{}', 'sandbox', 'sbxcard_5555555555555555', 'print-5', '5555',
                 {}, {})",
        account.id,
        world.now().ms(),
        usable.ms(),
    ));
    world.wake_payout(&account);
    let waiting = list(&world, &account).remove(0);
    assert_eq!(waiting.reason.as_deref(), Some("card_changed"));
    assert_eq!(waiting.until, Some(usable));
    let detail = one(&world, &account.owner, &waiting.id).unwrap();
    assert!(detail.payout.to_do.unwrap().contains("银行卡更换过"));
    assert!(detail.lines.is_empty());
}

#[test]
fn a_payout_shows_its_praises_transfers_and_dates() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    let intents = [1000, 2000].map(|minor| world.give_praise(&reader, &article, minor));
    world.inject_provider_fault("pay_out", "refused", 1);
    world.advance_to(at("2026-11-30T00:00:00Z"));
    let payouts = list(&world, &account);
    assert_eq!(payouts.len(), 2);
    let (second, first) = (&payouts[0], &payouts[1]);
    assert_eq!((second.state, first.state), (PayoutState::Succeeded, PayoutState::Failed));
    assert_eq!(first.reason.as_deref(), Some("card_refused"));
    assert_eq!((second.net, second.praises), (cny(3000), 2));
    assert_eq!(second.card_last4.as_deref(), Some("0000"));
    assert_eq!((second.parts.len(), second.parts[0].state), (1, PartState::Succeeded));
    assert_eq!(first.parts[0].reason.as_deref(), Some("card_refused"));

    let detail = one(&world, &account.owner, &first.id).unwrap();
    assert_eq!(&detail.payout, first);
    assert!(detail.lines.iter().all(|line| line.released_at.is_some()));
    let detail = one(&world, &account.owner, &second.id).unwrap();
    let mut praises: Vec<_> = detail.lines.iter().map(|line| line.praise_id.clone()).collect();
    praises.sort();
    let mut expected = intents.map(|intent_id| world.praise_of(&intent_id));
    expected.sort();
    assert_eq!(praises, expected);
    assert_eq!(detail.lines.iter().map(|line| line.amount.minor).sum::<i64>(), 3000);
    assert!(detail.lines.iter().all(|line| line.released_at.is_none()));
    let steps: Vec<_> = detail
        .events
        .iter()
        .filter(|event| event.subject_id == second.id)
        .map(|event| (event.from.as_str(), event.to.as_str()))
        .collect();
    assert_eq!(steps, [("", "queued"), ("queued", "sent"), ("sent", "succeeded")]);
    assert!(detail.events.iter().all(|event| event.at == at("2026-11-29T16:00:00Z")));
}

#[test]
fn another_writers_payouts_are_not_found() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    world.advance_to(at(DUE));
    let id = list(&world, &account).remove(0).id;
    let other = world.account(&world.person("li"), "li-writes", Currency::Cny);
    for stranger in [&reader, &other.owner] {
        assert_eq!(list_from(&world, stranger, &account.handle, None), None);
        assert_eq!(one(&world, stranger, &id), None);
    }
    assert_eq!(one(&world, &account.owner, "pyt_nothing"), None);
    assert_eq!(list(&world, &other), []);
}

#[test]
fn pages_of_payouts_leave_nothing_out() {
    let Fixture { world, account, article, .. } = Fixture::new(Currency::Usd);
    let days = 23;
    for _ in 0..days {
        world.give_praise(&world.person("ana"), &article, 100);
        world.advance_to(world.now().plus_days(1));
    }
    world.advance_to(world.now().plus_days(8));
    let first = list_from(&world, &account.owner, &account.handle, None).unwrap();
    let cursor = first.next_cursor.as_deref();
    assert_eq!(first.items.len(), 20);
    let rest = list_from(&world, &account.owner, &account.handle, cursor).unwrap();
    assert_eq!((rest.items.len(), rest.next_cursor), (3, None));
    let days_listed: Vec<_> =
        first.items.iter().chain(&rest.items).map(|payout| payout.day.clone()).collect();
    assert!(days_listed.is_sorted_by(|newer, older| newer > older), "{days_listed:?}");
}
