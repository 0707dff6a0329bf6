//! Every reason for which a payout waits, how it is resolved, and that nothing waits for ever.

use edge::people::operator::Operators;
use edge::people::payee;

use super::*;

/// A fixture in which a praise given now is due on 29 November in Shanghai.
fn fixture() -> Fixture {
    let fixture = Fixture::new(Currency::Cny);
    fixture.world.give_praise(&fixture.reader, &fixture.article, 1000);
    fixture
}

const DUE: &str = "2026-11-28T16:00:00Z";

fn remove_card(world: &World, account: &Account) {
    world.run(async |ctx| {
        payee::remove(ctx.db, ctx.now, &account.owner.id, &account.handle).await.unwrap();
    });
}

fn attach_card(world: &World, account: &Account, digits: &str) {
    world.run(async |ctx| {
        let token = format!("sbxcard_{digits}");
        let nobody = Operators::default();
        payee::attach(ctx, &nobody, &account.owner.id, &account.handle, &token).await.unwrap();
    });
}

fn difference(world: &World, id: &str, account: &Account) {
    world.raw(&format!(
        "INSERT INTO bill_difference (id, kind, provider, movement_kind, number, currency,
                                      ours_minor, account_id, opened_at)
         VALUES ('{id}', 'only_ours', 'sandbox', 'payment', '{id}', 'CNY', 1000, '{account}', {now})",
        account = account.id,
        now = world.now().ms(),
    ));
}

#[test]
fn without_a_card_everything_due_waits_in_one_payout_until_there_is_one() {
    let Fixture { world, account, article, reader } =
        Fixture::at("2026-11-22T15:45:00Z", Currency::Cny);
    let [first, second] = [1000, 2000].map(|minor| world.start_praise(&reader, &article, minor));
    world.pay(&first);
    remove_card(&world, &account);
    // In Shanghai the next day has begun. An attempt that was started is still booked, and its
    // praise waits.
    world.advance_minutes(20);
    world.pay(&second);
    assert_eq!(world.praise_state(&second), "held");
    world.advance_to(at("2026-12-02T12:00:00Z"));
    assert_eq!(world.payouts(), ["2026-11-29 waiting no_card 0/0"], "the same payout, for days");
    assert_eq!(world.balance("writer_due"), -3000);
    world.raw(&format!(
        "INSERT INTO bank_card (id, account_id, provider, token, fingerprint, last4, attached_at,
                                usable_from)
         VALUES ('crd-new', '{}', 'sandbox', 'sbxcard_4444444444444444', 'print-4', '4444',
                 {now}, {now})",
        account.id,
        now = world.now().ms(),
    ));
    world.wake_payout(&account);
    assert_eq!(world.payouts(), ["2026-11-29 succeeded - 3000/0"]);
    assert_eq!(world.events("payout")[..2], [">waiting", "waiting>queued"]);
    assert_eq!(world.on_cards(), 3000);
}

#[test]
fn attaching_a_card_releases_the_waiting_payout() {
    let Fixture { world, account, .. } = fixture();
    remove_card(&world, &account);
    world.advance_to(at(DUE).plus_minutes(30));
    assert_eq!(world.payouts(), ["2026-11-29 waiting no_card 0/0"]);
    attach_card(&world, &account, "5555555555555555");
    world.run_jobs();
    let usable = at(DUE).plus_minutes(30).plus_minutes(72 * 60);
    assert_eq!(world.number("SELECT max(usable_from) FROM bank_card"), usable.ms());
    world.advance_to(usable.plus_seconds(-1));
    assert_eq!(world.payouts(), ["2026-11-29 waiting card_changed 0/0"]);
    world.advance_to(usable);
    assert_eq!(world.payouts(), ["2026-11-29 succeeded - 1000/0"], "at exactly that moment");
    let cards = world.sandbox.query("SELECT card FROM sandbox_payout");
    assert_eq!(cards[0]["card"], "sbxcard_5555555555555555");
}

#[test]
fn a_changed_card_is_paid_to_after_its_days_of_waiting() {
    let Fixture { world, account, .. } = fixture();
    world.advance_to(at(DUE).plus_minutes(-60));
    attach_card(&world, &account, "5555555555555555");
    world.advance_to(at(DUE));
    assert_eq!(world.payouts(), ["2026-11-29 waiting card_changed 0/0"]);
    world.advance_to(at(DUE).plus_minutes(71 * 60).plus_seconds(-1));
    assert_eq!(world.on_cards(), 0);
    world.advance_to(at(DUE).plus_minutes(71 * 60));
    assert_eq!(world.payouts(), ["2026-11-29 succeeded - 1000/0"]);
}

/// Two operators explain the open difference.
fn explain(world: &World) {
    world.raw(
        "INSERT INTO bill_explanation (id, difference_id, posting, amount_minor, reason, shown_hash,
                                       proposed_by, proposed_at)
         SELECT 'act-' || id, id, 'operator_loss', 0, 'a late row', 'hash',
                (SELECT min(id) FROM person), opened_at
         FROM bill_difference WHERE closed_at IS NULL;
         UPDATE bill_explanation
         SET approved_by = (SELECT max(id) FROM person), approved_at = proposed_at
         WHERE approved_at IS NULL;
         UPDATE bill_difference SET closed_at = opened_at, explanation = 'a late row'
         WHERE closed_at IS NULL",
    );
}

#[test]
fn a_difference_in_the_bill_stops_only_its_own_account() {
    let Fixture { world, account, reader, .. } = fixture();
    let other = world.account(&world.person("li"), "li-writes", Currency::Cny);
    let rain = world.article(&other, "Rain");
    world.give_praise(&reader, &rain, 2000);
    difference(&world, "dif-1", &account);
    world.advance_to(at(DUE));
    assert_eq!(world.on_cards(), 2000);
    assert_eq!(world.count("payout WHERE state_reason = 'bill_unexplained'"), 1);
    explain(&world);
    // Even if nothing wakes the job, it finds the resolution the next day.
    world.advance_to(at("2026-11-29T15:59:59Z"));
    assert_eq!(world.on_cards(), 2000);
    world.advance_to(at("2026-11-29T16:00:00Z"));
    assert_eq!(world.on_cards(), 3000);
    assert_eq!(world.count("payout WHERE day = '2026-11-29' AND state = 'succeeded'"), 2);
}

#[test]
fn an_account_of_a_kind_that_does_not_receive_waits_until_the_rules_change() {
    let Fixture { world, .. } = fixture();
    world.raw("UPDATE official_account SET kind = 'organization'");
    world.advance_to(at(DUE));
    assert_eq!(world.payouts(), ["2026-11-29 waiting kind_not_allowed 0/0"]);
    world.raw(&format!(
        "INSERT INTO policy (version, currency, effective_from, praise_min_minor, praise_cap_minor,
                             reader_day_minor, guest_day_minor, payer_day_minor, article_day_minor,
                             writer_day_minor, hold_days, undo_minutes, receivers)
         SELECT 2, currency, {}, praise_min_minor, praise_cap_minor, reader_day_minor,
                guest_day_minor, payer_day_minor, article_day_minor, writer_day_minor, hold_days,
                undo_minutes, 'any'
         FROM policy WHERE currency = 'CNY'",
        at("2026-11-30T00:00:00Z").ms(),
    ));
    world.advance_to(at("2026-11-30T15:59:59Z"));
    assert_eq!(world.payouts(), ["2026-11-29 waiting kind_not_allowed 0/0"]);
    world.advance_to(at("2026-11-30T16:00:00Z"));
    assert_eq!(world.payouts(), ["2026-11-29 succeeded - 1000/0"]);
}

#[test]
fn the_reason_is_updated_to_the_current_obstacle() {
    let Fixture { world, account, .. } = fixture();
    let reason = || world.text("SELECT state_reason FROM payout");
    remove_card(&world, &account);
    difference(&world, "dif-1", &account);
    world.advance_to(at(DUE));
    assert_eq!(reason(), "no_card");
    attach_card(&world, &account, "5555555555555555");
    world.wake_payout(&account);
    assert_eq!(reason(), "card_changed");
    world.advance_minutes(72 * 60);
    assert_eq!(reason(), "bill_unexplained");
    world.raw("UPDATE official_account SET kind = 'organization'");
    explain(&world);
    world.wake_payout(&account);
    assert_eq!(reason(), "kind_not_allowed");
    world.raw("UPDATE official_account SET kind = 'individual'");
    world.wake_payout(&account);
    assert_eq!(world.payouts(), ["2026-11-29 succeeded - 1000/0"]);
    assert_eq!(world.count("event WHERE machine = 'payout' AND to_state = 'waiting'"), 1);
}

#[test]
fn praises_due_during_a_wait_join_it_and_the_next_day_has_its_own() {
    let Fixture { world, account, article, .. } = fixture();
    world.advance_to(at("2026-11-23T17:00:00Z"));
    give_praise_by_new_reader(&world, &article, 2000);
    difference(&world, "dif-1", &account);
    world.advance_to(at("2026-11-30T16:00:00Z"));
    assert_eq!(world.payouts(), ["2026-11-29 waiting bill_unexplained 0/0"]);
    explain(&world);
    world.wake_payout(&account);
    assert_eq!(world.payouts(), ["2026-11-29 succeeded - 3000/0"]);
    give_praise_by_new_reader(&world, &article, 4000);
    world.advance_to(at("2026-12-08T00:00:00Z"));
    assert_eq!(world.payouts()[1..], ["2026-12-08 succeeded - 4000/0"]);
}

#[test]
fn what_is_due_after_the_payout_of_a_day_waits_with_its_reason() {
    let Fixture { world, account, article, .. } = fixture();
    world.advance_to(at(DUE));
    assert_eq!(world.payouts(), ["2026-11-29 succeeded - 1000/0"]);
    let late = world.start_praise(&world.person("bo"), &article, 2000);
    world.pay_silently(&late);
    world
        .sandbox
        .raw("UPDATE sandbox_order SET paid_at = paid_at - 8 * 86400000 WHERE amount_minor = 2000")
        .unwrap();
    remove_card(&world, &account);
    world.advance_minutes(15);
    assert_eq!(world.praise_state(&late), "due");
    assert_eq!(
        world.payouts(),
        ["2026-11-29 succeeded - 1000/0", "2026-11-29 waiting no_card 0/0"]
    );
}

#[test]
fn a_payout_with_nothing_left_to_pay_ends() {
    let Fixture { world, account, .. } = fixture();
    remove_card(&world, &account);
    world.advance_to(at(DUE));
    assert_eq!(world.payouts(), ["2026-11-29 waiting no_card 0/0"]);
    // The writer returned the praise meanwhile; the refund itself is not part of this test.
    world.skip_self_check();
    world.raw("UPDATE praise SET state = 'returning', state_reason = 'writer'");
    world.advance_to(at("2026-11-29T16:00:00Z"));
    assert_eq!(world.payouts(), ["2026-11-29 dropped nothing_left 0/0"]);
    assert_eq!(world.count("job WHERE kind = 'pay_out' AND done_at IS NULL"), 0);
}

#[test]
fn an_unknown_account_has_no_payout() {
    let world = World::new();
    world.run(async |ctx| {
        assert_eq!(edge::payments::payout::run(ctx, "acc_nobody").await, Ok(jobs::Next::Done));
        assert_eq!(
            edge::payments::payout::transfer::run(ctx, "ptp_nobody").await,
            Ok(jobs::Next::Done)
        );
    });
}
