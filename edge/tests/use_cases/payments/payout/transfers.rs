//! Transfers: the provider's daily limit per card, and payouts split over several days.

use edge::people::payee;

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
         ORDER BY payout.created_at, payout.id, place",
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
    assert_eq!(world.count("payout"), 2);
    assert_eq!(world.praises_in("in_payout"), 20);
    let mut sent: Vec<_> =
        transfers(&world).iter().map(|p| p.rsplit_once(' ').unwrap().1.to_owned()).collect();
    sent.sort();
    assert_eq!(sent, ["queued", "succeeded", "succeeded"]);
    assert_eq!(world.count("payout WHERE state = 'sent'"), 1, "it is not complete yet");
    world.advance_to(at("2026-12-01T23:59:59Z"));
    assert_eq!(world.on_cards(), 300_000);
    world.advance_to(at("2026-12-02T00:00:00Z"));
    assert_eq!(world.on_cards(), total);
    assert_eq!(world.count("payout WHERE state = 'succeeded'"), 2);
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
    // One of its transfers has reached the card, so the payout has succeeded with the rest of its
    // praises.
    assert_eq!(world.count("payout WHERE state = 'succeeded'"), 2);
    let due = world.number("SELECT sum(amount_minor) FROM praise WHERE state = 'due'");
    assert_eq!(world.on_cards() + due, total);
    world.advance_to(at("2026-12-03T00:00:00Z"));
    assert_eq!(world.on_cards(), total);
    assert_eq!(world.text("SELECT max(day) FROM payout"), "2026-12-03");
}

#[test]
fn a_removed_card_still_receives_queued_transfers() {
    let world = World::at("2026-11-24T10:00:00Z");
    let (first, second) = two_accounts_one_card(&world);
    let (snow, rain) = (world.article(&first, "Snow"), world.article(&second, "Rain"));
    let total =
        give_largest_praises(&world, &snow, 11, 5) + give_largest_praises(&world, &rain, 11, 5);
    world.advance_to(at("2026-12-01T12:00:00Z"));
    for account in [&first, &second] {
        world.run(async |ctx| {
            payee::remove(ctx.db, ctx.now, &account.owner.id, &account.handle).await.unwrap();
        });
    }
    world.advance_to(at("2026-12-02T00:00:00Z"));
    assert_eq!(world.on_cards(), total);
}

#[test]
fn a_transfer_is_not_sent_before_its_day() {
    let world = World::at("2026-11-24T10:00:00Z");
    let (first, second) = two_accounts_one_card(&world);
    let (snow, rain) = (world.article(&first, "Snow"), world.article(&second, "Rain"));
    give_largest_praises(&world, &snow, 11, 5);
    give_largest_praises(&world, &rain, 11, 5);
    world.advance_to(at("2026-12-01T12:00:00Z"));
    let later = world.open_transfer();
    let next = world.run(async |ctx| edge::payments::payout::transfer::run(ctx, &later).await);
    assert_eq!(next, Ok(jobs::Next::At(at("2026-12-02T00:00:00Z"))));
    assert_eq!(world.on_cards(), 300_000);
    world.advance_to(at("2026-12-02T00:00:00Z"));
}
