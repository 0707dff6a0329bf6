//! Payouts under concurrency: two runs of the same job, a freeze in between, a dispute during a
//! transfer.

use super::*;

const DUE: &str = "2026-11-28T16:00:00Z";

/// Two praises that are due, before any job has run.
fn due() -> Fixture {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, account, article, reader } = &fixture;
    world.give_praise(reader, article, 1000);
    world.give_praise(reader, article, 2000);
    world.set_now(at(DUE));
    world.run(async |ctx| {
        settle::run(ctx, &settle::subject(&account.id, ctx.now)).await.unwrap();
    });
    assert_eq!(world.praises_in("due"), 2);
    fixture
}

#[test]
fn two_runs_of_a_payout_queue_one() {
    for seed in 0..12 {
        let Fixture { world, account, .. } = due();
        let ended =
            world.race(seed, 3, async |ctx, _| edge::payments::payout::run(ctx, &account.id).await);
        assert!(ended.iter().all(Result::is_ok), "{ended:?}");
        assert_eq!((world.count("payout"), world.count("payout_part")), (1, 1));
        world.advance_minutes(5);
        assert_eq!(world.on_cards(), 3000);
    }
}

#[test]
fn two_runs_share_one_waiting_payout() {
    for seed in 0..8 {
        let Fixture { world, account, .. } = due();
        world.raw("UPDATE bank_card SET removed_at = attached_at");
        let ended =
            world.race(seed, 3, async |ctx, _| edge::payments::payout::run(ctx, &account.id).await);
        assert!(ended.iter().all(Result::is_ok), "{ended:?}");
        assert_eq!(world.payouts(), ["2026-11-29 waiting no_card 0/0"]);
    }
}

#[test]
fn two_runs_of_a_transfer_send_it_once() {
    for seed in 0..24 {
        let Fixture { world, account, .. } = due();
        world.run(async |ctx| edge::payments::payout::run(ctx, &account.id).await.unwrap());
        let number = world.open_transfer();
        let fault = ["lost", "reply_lost", "slow", "refused"][seed as usize % 4];
        world.inject_provider_fault("pay_out", fault, 1);
        world.race(seed, 3, async |ctx, _| {
            let _ = edge::payments::payout::transfer::run(ctx, &number).await;
        });
        world.advance_minutes(10);
        world.advance_to(at("2026-11-30T00:00:00Z"));
        assert_eq!(world.on_cards(), 3000, "seed {seed}");
        let transfers =
            world.sandbox.query("SELECT number FROM sandbox_payout WHERE state = 'succeeded'");
        assert_eq!(transfers.len(), 1);
        assert_eq!(world.praises_in("paid_out"), 2);
    }
}

#[test]
fn concurrent_settlements_move_each_praise_once() {
    for seed in 0..8 {
        let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
        world.give_praise(&reader, &article, 1000);
        world.give_praise(&reader, &article, 2000);
        world.set_now(at(DUE));
        let subject = settle::subject(&account.id, world.now());
        let ended = world.race(seed, 3, async |ctx, _| settle::run(ctx, &subject).await);
        assert!(ended.iter().all(Result::is_ok), "{ended:?}");
        assert_eq!(world.praises_in("due"), 2);
        assert_eq!(world.balance("writer_due"), -3000);
        world.advance_minutes(1);
    }
}

#[test]
fn a_praise_that_left_meanwhile_is_skipped_and_the_rest_is_settled() {
    for seed in 0..8 {
        let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
        let gone = world.give_praise(&reader, &article, 1000);
        world.give_praise(&reader, &article, 2000);
        world.set_now(at(DUE));
        world.skip_self_check();
        // The nightly check would report the praise whose state changes below without a posting.
        world.raw("DELETE FROM job WHERE kind = 'self_check'");
        let gone = world.praise_of(&gone);
        let subject = settle::subject(&account.id, world.now());
        world.race(seed, 2, async |ctx, i| {
            if i == 0 {
                settle::run(ctx, &subject).await.unwrap();
                return;
            }
            crate::support::executor::yield_once().await;
            world.raw(&format!(
                "UPDATE praise SET state = 'returning', state_reason = 'writer' WHERE id = '{gone}'"
            ));
        });
        assert_eq!((world.praises_in("due"), world.praises_in("returning")), (1, 1), "seed {seed}");
        let moved = world.count("ledger_transaction WHERE id LIKE 'praise.due:%'");
        assert!((1..=2).contains(&moved));
        world.advance_minutes(1);
        assert_eq!(world.on_cards(), 2000);
    }
}

/// Freezes an article, with or without its praises; the freeze's job is held back.
fn freeze(world: &World, article: &Article, praises: bool) {
    let freeze_id = world.freeze_article(article);
    if praises {
        world.run(async |ctx| edge::payments::freeze::run(ctx, &freeze_id).await.unwrap());
    }
    world.raw("UPDATE job SET due_at = due_at + 30 * 86400000 WHERE kind = 'freeze'");
}

/// Lifts the freeze; its job is still held back.
fn lift(world: &World) {
    world.raw("UPDATE freeze SET state = 'lifted'; UPDATE article SET status = 'published'");
}

#[test]
fn frozen_praises_are_not_settled_or_paid_out_and_delay_no_others() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    let rain = world.article(&account, "Rain");
    let frozen = world.give_praise(&reader, &article, 1000);
    world.give_praise(&reader, &rain, 2000);
    freeze(&world, &article, false);
    world.advance_to(at(DUE).plus_minutes(60));
    assert_eq!(world.praise_state(&frozen), "held", "the freeze has not reached it yet");
    assert_eq!(world.on_cards(), 2000);
    assert_eq!(world.count("job WHERE kind = 'settle' AND done_at IS NULL"), 1);
    // The freeze was unfounded: the praises continue where they were, and the settlement job never
    // stopped polling.
    lift(&world);
    world.advance_minutes(10);
    assert_eq!(world.praise_state(&frozen), "paid_out", "in a second payout of the day");
    assert_eq!(world.on_cards(), 3000);
}

#[test]
fn a_due_praise_of_a_frozen_article_is_not_claimed() {
    let Fixture { world, account, article, .. } = due();
    freeze(&world, &article, false);
    world.run(async |ctx| {
        let tomorrow = jobs::Next::At(at("2026-11-29T16:00:00Z"));
        assert_eq!(edge::payments::payout::run(ctx, &account.id).await, Ok(tomorrow));
    });
    assert_eq!(world.count("payout"), 0);
    freeze(&world, &article, true);
    world.run(async |ctx| {
        assert_eq!(edge::payments::payout::run(ctx, &account.id).await, Ok(jobs::Next::Done));
    });
    world.advance_minutes(10);
}

#[test]
fn a_freeze_between_reading_and_queueing_stops_the_payout() {
    for seed in 0..8 {
        let Fixture { world, account, article, .. } = due();
        let open = world.freeze_request(&article.slug, shared::machine::FreezeRule::Selling);
        world.race(seed, 2, async |ctx, i| {
            if i == 0 {
                edge::payments::payout::run(ctx, &account.id).await.unwrap();
                return;
            }
            crate::support::executor::yield_once().await;
            edge::payments::freeze::freeze(ctx, &account.owner.id, &open).await.unwrap();
        });
        let claimed = world.praises_in("in_payout");
        assert_eq!(claimed, 2 * world.count("payout"), "seed {seed}");
        assert_eq!(claimed + world.praises_in("due"), 2);
        world.run_jobs();
    }
}

#[test]
fn a_freeze_does_not_stop_a_transfer_in_progress() {
    let Fixture { world, account, article, .. } = due();
    world.inject_provider_fault("pay_out", "slow", 1);
    world.run(async |ctx| edge::payments::payout::run(ctx, &account.id).await.unwrap());
    let number = world.text("SELECT id FROM payout_part");
    world.run(async |ctx| edge::payments::payout::transfer::run(ctx, &number).await.unwrap());
    freeze(&world, &article, true);
    world.advance_minutes(10);
    assert_eq!(world.on_cards(), 3000);
    assert_eq!(world.praises_in("paid_out"), 2);
}

#[test]
fn a_transfer_that_fails_while_its_article_is_frozen_leaves_its_praises_frozen() {
    let Fixture { world, account, article, .. } = due();
    world.inject_provider_fault("pay_out", "refused", 1);
    world.run(async |ctx| edge::payments::payout::run(ctx, &account.id).await.unwrap());
    freeze(&world, &article, true);
    world.advance_minutes(10);
    assert_eq!(world.praises_in("frozen"), 2);
    assert_eq!(world.balance("writer_due"), -3000, "their due date has passed in the meantime");
    world.advance_to(at("2026-12-05T00:00:00Z"));
    assert_eq!(world.on_cards(), 0);
}

/// A bank disputes a praise that is in a payout: so far only our own balance is affected.
fn dispute(world: &World, praise_id: &str) -> String {
    let order = world.text(&format!(
        "SELECT order_number FROM payment JOIN praise ON praise.payment_id = payment.id
         WHERE praise.id = '{praise_id}'"
    ));
    let message = world.run(async |ctx| {
        let sandbox = &ctx.provider.sandbox;
        let number = sandbox.open_dispute(&order, ctx.now).await.unwrap().unwrap();
        sandbox.dispute_message(&number, ctx.now).await.unwrap().unwrap()
    });
    world.deliver(&message);
    let id = world.text(&format!("SELECT id FROM dispute WHERE praise_id = '{praise_id}'"));
    assert_eq!(world.number(&format!("SELECT aside FROM dispute WHERE id = '{id}'")), 0);
    id
}

#[test]
fn a_disputed_praise_whose_transfer_fails_is_set_aside() {
    let Fixture { world, account, article, .. } = due();
    world.inject_provider_fault("pay_out", "refused", 1);
    world.run(async |ctx| edge::payments::payout::run(ctx, &account.id).await.unwrap());
    let praise = world.text("SELECT id FROM praise WHERE amount_minor = 1000");
    let id = dispute(&world, &praise);
    world.advance_minutes(5);
    assert_eq!(world.text(&format!("SELECT state FROM praise WHERE id = '{praise}'")), "disputed");
    assert_eq!(world.number(&format!("SELECT aside FROM dispute WHERE id = '{id}'")), 1);
    assert_eq!(world.balance("writer_disputed"), -1000);
    assert_eq!(world.balance("writer_due"), -2000);
    world.advance_to(at("2026-11-29T16:00:00Z"));
    assert_eq!(world.on_cards(), 2000, "the other one is retried");
    assert_eq!(world.praises_in("paid_out"), 1);
    assert_eq!(world.count(&format!("wall_person WHERE article_id = '{}'", article.id)), 1);
}

#[test]
fn a_disputed_praise_whose_transfer_succeeds_is_paid_out() {
    let Fixture { world, account, .. } = due();
    world.run(async |ctx| edge::payments::payout::run(ctx, &account.id).await.unwrap());
    dispute(&world, &world.text("SELECT id FROM praise WHERE amount_minor = 1000"));
    world.advance_minutes(5);
    assert_eq!(world.praises_in("paid_out"), 2);
    assert_eq!(world.balance("writer_disputed"), 0);
}
