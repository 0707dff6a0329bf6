//! Transfers: the provider's daily limit per card, several payouts a day, payouts that are dropped
//! before they are sent, sent back later, or contradicted by the provider.

use super::*;

/// Each of the readers gives the largest praise `times` times. Returns the total in minor units.
fn give_largest_praises(world: &World, article: &Article, readers: usize, times: usize) -> i64 {
    for _ in 0..readers {
        let reader = world.person(&format!("reader-{}", world.count("person")));
        for _ in 0..times {
            world.give_praise(&reader, article, 3000);
        }
    }
    (readers * times) as i64 * 3000
}

/// `day gross/debt state` for each transfer, in order.
fn transfers(world: &World) -> Vec<String> {
    let rows = world.rows(
        "SELECT send_day || ' ' || part.gross_minor || '/' || part.debt_minor || ' ' || part.state
                  AS line
         FROM payout_part AS part JOIN payout ON payout.id = payout_id
         ORDER BY payout.created_at, payout.id",
    );
    rows.iter().map(|row| row["line"].as_str().unwrap().to_owned()).collect()
}

/// Two accounts of one writer with the same card.
fn two_accounts_one_card(world: &World) -> (Account, Account) {
    let writer = world.person("wen");
    let first = world.account(&writer, "wen-writes", Currency::Usd);
    let second = world.account(&writer, "wen-draws", Currency::Usd);
    world.raw("UPDATE bank_card SET removed_at = attached_at");
    for account in [&first, &second] {
        world.raw(&format!(
            "INSERT INTO bank_card (id, account_id, provider, token, fingerprint, last4,
                                    attached_at, usable_from)
             SELECT 'crd2-' || account_id, account_id, provider, 'sbxcard_7777777777777777',
                    'print-7', '7777', attached_at, usable_from
             FROM bank_card WHERE account_id = '{}'",
            account.id,
        ));
    }
    (first, second)
}

#[test]
fn two_accounts_with_one_card_share_its_daily_limit() {
    let world = World::at("2026-11-24T10:00:00Z");
    let (first, second) = two_accounts_one_card(&world);
    let (snow, rain) = (world.article(&first, "Snow"), world.article(&second, "Rain"));
    // $1,800 each, and the card's daily limit is $3,000.
    let total =
        give_largest_praises(&world, &snow, 12, 5) + give_largest_praises(&world, &rain, 12, 5);
    world.advance_to(at("2026-12-01T00:00:00Z"));
    assert_eq!(world.on_cards(), 300_000);
    assert_eq!(world.praises_in("in_payout"), 0, "nothing is planned for a later day");
    assert_eq!(world.praises_in("due"), 20);
    assert_eq!(world.count("payout WHERE state = 'succeeded'"), 2);
    let waiting = world.text("SELECT state_reason FROM payout WHERE state = 'waiting'");
    assert_eq!(waiting, "card_day_limit");
    world.advance_to(at("2026-12-01T23:59:59Z"));
    assert_eq!(world.on_cards(), 300_000);
    world.advance_to(at("2026-12-02T00:00:00Z"));
    assert_eq!(world.on_cards(), total);
    assert_eq!(world.count("payout WHERE state = 'succeeded'"), 3);
    assert_eq!(world.number("SELECT max(sent_minor) FROM payee_day"), 300_000);
    let failed = world.sandbox.query("SELECT number FROM sandbox_payout WHERE state = 'failed'");
    assert!(failed.is_empty(), "the provider never had to refuse");
}

#[test]
fn concurrent_payouts_to_one_card_never_exceed_its_daily_limit() {
    for seed in 0..6 {
        let world = World::at("2026-11-24T10:00:00Z");
        let (first, second) = two_accounts_one_card(&world);
        let (snow, rain) = (world.article(&first, "Snow"), world.article(&second, "Rain"));
        let total =
            give_largest_praises(&world, &snow, 11, 5) + give_largest_praises(&world, &rain, 11, 5);
        // Everything is due, and both payouts begin at the same time.
        world.set_now(at("2026-12-01T00:00:00Z"));
        world.run(async |ctx| {
            for account in [&first, &second] {
                edge::payments::settle::run(ctx, &settle::subject(&account.id, ctx.now))
                    .await
                    .unwrap();
            }
        });
        let accounts = [&first.id, &second.id];
        let ended =
            world.race(seed, 2, async |ctx, i| edge::payments::payout::run(ctx, accounts[i]).await);
        assert!(ended.iter().all(Result::is_ok), "{ended:?}");
        assert!(world.number("SELECT max(sent_minor) FROM payee_day") <= 300_000);
        world.advance_to(at("2026-12-02T00:10:00Z"));
        assert_eq!(world.on_cards(), total, "seed {seed}");
        let failed =
            world.sandbox.query("SELECT number FROM sandbox_payout WHERE state = 'failed'");
        assert!(failed.is_empty());
    }
}

#[test]
fn a_failed_transfer_retries_only_its_own_praises() {
    let world = World::at("2026-11-24T10:00:00Z");
    let (first, second) = two_accounts_one_card(&world);
    let (snow, rain) = (world.article(&first, "Snow"), world.article(&second, "Rain"));
    let total =
        give_largest_praises(&world, &snow, 11, 5) + give_largest_praises(&world, &rain, 11, 5);
    world.advance_to(at("2026-12-01T23:59:59Z"));
    world.inject_provider_fault("pay_out", "refused", 1);
    world.advance_to(at("2026-12-02T12:00:00Z"));
    let mut states: Vec<_> =
        transfers(&world).iter().map(|p| p.rsplit_once(' ').unwrap().1.to_owned()).collect();
    states.sort();
    assert_eq!(states, ["failed", "succeeded", "succeeded"]);
    let due = world.number("SELECT sum(amount_minor) FROM praise WHERE state = 'due'");
    assert_eq!(world.on_cards() + due, total);
    world.advance_to(at("2026-12-03T00:00:00Z"));
    assert_eq!(world.on_cards(), total);
    assert_eq!(world.text("SELECT max(day) FROM payout"), "2026-12-03");
}

/// A praise whose payout is queued and not sent.
fn queued() -> Fixture {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, account, article, reader } = &fixture;
    world.give_praise(reader, article, 1000);
    world.set_now(at(DUE));
    world.run(async |ctx| {
        settle::run(ctx, &settle::subject(&account.id, ctx.now)).await.unwrap();
        edge::payments::payout::run(ctx, &account.id).await.unwrap();
    });
    assert_eq!(world.text("SELECT state FROM payout_part"), "queued");
    fixture
}

const DUE: &str = "2026-11-28T16:00:00Z";

#[test]
fn a_queued_payout_is_dropped_when_its_card_is_removed() {
    let Fixture { world, account, .. } = queued();
    world.run(async |ctx| {
        edge::people::payee::remove(ctx.db, ctx.now, &account.owner.id, &account.handle)
            .await
            .unwrap();
    });
    world.advance_minutes(5);
    assert_eq!(world.payouts()[0], "2026-11-29 dropped card_removed 1000/0");
    assert_eq!(world.on_cards(), 0);
    assert!(!world.provider_calls.borrow().contains(&"pay_out"));
    assert_eq!(world.praises_in("due"), 1);
    assert_eq!(world.balance("paying_out"), 0);
    assert_eq!(world.balance("writer_due"), -1000);
    assert_eq!(world.number("SELECT sum(sent_minor) FROM payee_day"), 0, "room came back");
    assert_eq!(world.text("SELECT state_reason FROM payout WHERE state = 'waiting'"), "no_card");
}

#[test]
fn a_queued_payout_is_dropped_when_its_account_is_suspended_and_follows_later() {
    let Fixture { world, .. } = queued();
    world.raw("UPDATE official_account SET status = 'suspended'");
    world.advance_minutes(5);
    assert_eq!(world.payouts()[0], "2026-11-29 dropped account_suspended 1000/0");
    let waiting = "SELECT state_reason FROM payout WHERE state = 'waiting'";
    assert_eq!(world.text(waiting), "account_suspended");
    world.advance_to(at("2026-12-02T00:00:00Z"));
    assert_eq!(world.on_cards(), 0);
    world.raw("UPDATE official_account SET status = 'active'");
    world.advance_to(at("2026-12-03T00:00:00Z"));
    assert_eq!(world.on_cards(), 1000);
}

#[test]
fn a_queued_payout_is_dropped_when_one_of_its_articles_is_frozen() {
    let Fixture { world, article, .. } = queued();
    world.freeze_article(&article);
    world.advance_minutes(5);
    assert_eq!(world.payouts(), ["2026-11-29 dropped article_frozen 1000/0"]);
    assert_eq!(world.praises_in("frozen"), 1);
    assert_eq!(world.on_cards(), 0);
}

#[test]
fn a_payout_holds_a_thousand_praises_and_a_day_can_have_several_payouts() {
    let Fixture { world, account, article, .. } = Fixture::new(Currency::Cny);
    world.bulk_praise(&article, 2_500);
    world.advance_to(at(DUE).plus_minutes(5));
    let sizes = world
        .rows("SELECT count(*) AS size FROM payout_line GROUP BY part_id ORDER BY count(*) DESC");
    let sizes: Vec<_> = sizes.iter().map(|row| row["size"].as_i64().unwrap()).collect();
    assert_eq!(sizes, [1000, 1000, 500]);
    let days = world.rows("SELECT DISTINCT day FROM payout");
    assert_eq!(days.len(), 1, "all of them on one day");
    assert_eq!(world.on_cards(), 250_000);
    assert_eq!(world.praises_in("paid_out"), 2_500);
    assert_eq!(world.count(&format!("payout WHERE account_id = '{}'", account.id)), 3);
}

#[test]
fn a_refused_send_that_is_not_found_stays_unknown_and_keeps_its_number() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    // The calls are refused and queries find nothing. An earlier call may still be on its way.
    world.inject_provider_fault("pay_out", "no_balance", 1_000_000);
    world.advance_to(at(DUE).plus_minutes(60));
    assert_eq!(world.payouts(), ["2026-11-29 sent - 1000/0"]);
    let number = world.open_transfer();
    let tasks = "SELECT kind || ' ' || subject_id FROM operator_task WHERE closed_at IS NULL";
    world.advance_to(at(DUE).plus_minutes(24 * 60 + 2));
    assert_eq!(world.text(tasks), format!("payout_unknown {number}"));
    assert_eq!(world.payouts(), ["2026-11-29 sent - 1000/0"]);
    world.inject_provider_fault("pay_out", "no_balance", 0);
    world.advance_minutes(5);
    assert_eq!(world.payouts(), ["2026-11-29 succeeded - 1000/0"]);
    let sent = world.sandbox.query("SELECT number FROM sandbox_payout");
    assert_eq!((sent.len(), sent[0]["number"].as_str()), (1, Some(number.as_str())));
    assert_eq!(world.count("operator_task WHERE closed_at IS NULL"), 0);
}

/// The writer's bank sends back the only transfer, and the message about it is delivered.
fn send_back(world: &World) {
    let number = world.text("SELECT id FROM payout_part WHERE state = 'succeeded'");
    let message = world
        .run(async |ctx| ctx.provider.sandbox.send_back(&number, ctx.now).await.unwrap().unwrap());
    world.deliver(&message);
}

#[test]
fn a_payout_that_the_bank_sends_back_is_due_again_and_waits_for_the_card() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    let intent_id = world.give_praise(&reader, &article, 1000);
    world.advance_to(at(DUE));
    assert_eq!(world.praise_state(&intent_id), "paid_out");
    world.advance_to(at(DUE).plus_days(3));
    send_back(&world);
    assert_eq!(world.praise_state(&intent_id), "due");
    assert_eq!(world.payouts()[0], "2026-11-29 sent_back account_closed 1000/0");
    assert_eq!(world.balance("writer_due"), -1000);
    assert_eq!(world.balance("paying_out"), 0);
    world.advance_to(at(DUE).plus_days(5));
    let waiting = "SELECT state_reason FROM payout WHERE state = 'waiting'";
    assert_eq!(world.text(waiting), "card_unconfirmed");
    assert_eq!(world.on_cards(), 0);
    // Attaching the same card again confirms it, without a new waiting period.
    let token = world.text("SELECT token FROM bank_card WHERE removed_at IS NULL");
    world.attach_card(&account.owner, &account.handle, &token);
    assert_eq!(world.count("bank_card"), 2);
    world.advance_to(at(DUE).plus_days(6));
    assert_eq!(world.on_cards(), 1000);
    assert_eq!(world.praise_state(&intent_id), "paid_out");
    // Both movements are on the provider's bills.
    assert_eq!(world.count("movement WHERE kind = 'payout_returned'"), 1);
    assert_eq!(world.count("bill_row WHERE kind = 'payout_returned' AND state = 'matched'"), 1);
}

#[test]
fn a_failed_payout_that_arrived_after_all_stops_the_next_one_until_an_operator_decides() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    world.inject_provider_fault("pay_out", "refused", 1);
    world.advance_to(at(DUE).plus_minutes(5));
    assert_eq!(world.payouts(), ["2026-11-29 failed card_refused 1000/0"]);
    let number = world.text("SELECT id FROM payout_part");
    world.sandbox.raw("UPDATE sandbox_payout SET state = 'succeeded'").unwrap();
    world.skip_self_check();
    world.run(async |ctx| {
        edge::payments::payout::transfer::run(ctx, &number).await.unwrap();
    });
    let task = "SELECT kind || ' ' || subject_id FROM operator_task WHERE closed_at IS NULL";
    assert_eq!(world.text(task), format!("payout_contradicted {number}"));
    world.advance_to(at("2026-11-30T12:00:00Z"));
    let waiting = "SELECT state_reason FROM payout WHERE state = 'waiting'";
    assert_eq!(world.text(waiting), "transfer_unclear");
    assert_eq!(world.count("payout_part"), 1);
}

#[test]
fn a_queued_payout_is_dropped_while_an_earlier_transfer_is_in_doubt() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    world.inject_provider_fault("pay_out", "refused", 1);
    world.advance_to(at(DUE).plus_minutes(5));
    let number = world.text("SELECT id FROM payout_part");
    world.set_now(at(DUE).plus_days(1));
    world.run(async |ctx| edge::payments::payout::run(ctx, &account.id).await.unwrap());
    assert_eq!(world.text("SELECT state FROM payout_part WHERE state <> 'failed'"), "queued");
    // Only now the provider says that the failed transfer has arrived.
    world.sandbox.raw("UPDATE sandbox_payout SET state = 'succeeded'").unwrap();
    world.skip_self_check();
    world.run(async |ctx| {
        edge::payments::payout::transfer::run(ctx, &number).await.unwrap();
    });
    world.advance_minutes(5);
    assert_eq!(world.payouts()[1], "2026-11-30 dropped transfer_unclear 1000/0");
    assert_eq!(world.on_cards(), 1000);
    assert_eq!(world.praises_in("due"), 1);
}

#[test]
fn a_payout_sent_back_after_its_article_was_returned_goes_to_the_reader() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let intent_id = world.give_praise(&reader, &article, 1000);
    world.advance_to(at(DUE));
    assert_eq!(world.praise_state(&intent_id), "paid_out");
    world.freeze_and_return(&article);
    assert_eq!(world.text("SELECT state FROM freeze"), "returned");
    send_back(&world);
    assert_eq!(world.praise_state(&intent_id), "frozen");
    world.advance_minutes(20);
    assert_eq!(world.praise_state(&intent_id), "returned");
    assert_eq!(world.text("SELECT state FROM freeze"), "returned");
    assert_eq!(world.provider_balance(), 0);
}
