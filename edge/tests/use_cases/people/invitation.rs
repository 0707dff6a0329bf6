//! Invitations: nobody receives money without one, and each code works once.

use edge::pagination::Cursor;
use edge::people::invitation;
use edge::queries::{articles, studio};
use shared::api::{ArticleNotReady, MadeInvitation, NotReady};
use shared::calendar::Moment;
use shared::money::Currency;
use shared::problem::Problem;

use crate::support::faulty_database::Fault;
use crate::support::people::{Account, Fixture, Person};
use crate::support::world::World;

fn made(world: &World, days: Option<i64>) -> MadeInvitation {
    let operator = world.person("chen");
    world.run(async |ctx| {
        invitation::make(ctx.db, ctx.entropy, ctx.now, &operator.id, Some(" for Lu "), days)
            .await
            .unwrap()
    })
}

fn redeem(world: &World, person: &Person, code: &str) -> Result<(), Problem> {
    let redeemed =
        world.run(async |ctx| invitation::redeem(ctx.db, ctx.now, &person.id, code).await);
    redeemed.map_err(|failure| failure.problem())
}

fn revoke(world: &World, id: &str) -> Result<(), Problem> {
    let operator = world.person("chen");
    let revoked =
        world.run(async |ctx| invitation::revoke(ctx.db, ctx.now, &operator.id, id).await);
    revoked.map_err(|failure| failure.problem())
}

fn not_ready(world: &World, account: &Account) -> Vec<NotReady> {
    let owner = &account.owner.id;
    let accounts =
        world.run(async |ctx| studio::list_accounts(ctx.db, owner, ctx.now).await.unwrap());
    accounts.into_iter().find(|one| one.id == account.id).unwrap().not_ready
}

/// The reason that the article's page shows to this person.
fn why_not(world: &World, person_id: &str, article_id: &str) -> Option<ArticleNotReady> {
    world.run(async |ctx| {
        studio::find_not_ready(ctx.db, person_id, article_id, ctx.now).await.unwrap()
    })
}

fn accepting(world: &World, slug: &str) -> bool {
    let article = world.run(async |ctx| articles::find(ctx.db, slug, ctx.now).await.unwrap());
    article.unwrap().praise.accepting
}

#[test]
fn a_code_is_shown_once_and_stored_hashed() {
    let world = World::new();
    let lu = world.person("lu");
    let first = made(&world, None);
    assert_eq!(first.expires_at, world.now().plus_days(14));
    assert_ne!(made(&world, None).code, first.code);
    assert!(!world.dump().contains(&first.code), "the code itself was stored");
    let typed = format!(" {} -{}", first.code[..9].to_uppercase(), &first.code[9..]);
    redeem(&world, &lu, &typed).unwrap();
    let row = &world.rows(&format!("SELECT * FROM invitation WHERE id = '{}'", first.id))[0];
    assert_eq!(row["used_by"], lu.id.as_str());
    assert_eq!(row["used_at"], world.now().ms());
    assert_eq!(row["note"], "for Lu");
    // The answer was lost and the writer tries again.
    let before = world.dump();
    world.set_now(world.now().plus_days(20));
    redeem(&world, &lu, &first.code).unwrap();
    assert_eq!(world.dump(), before);
}

#[test]
fn every_invalid_code_is_refused_in_the_same_way() {
    let world = World::new();
    let (lu, bo) = (world.person("lu"), world.person("bo"));
    let [used, revoked] = [made(&world, None), made(&world, None)];
    redeem(&world, &lu, &used.code).unwrap();
    revoke(&world, &revoked.id).unwrap();
    let before = (world.dump(), world.product.batches());
    for code in ["", "x", &used.code, &revoked.code, &"7".repeat(20_000)] {
        assert_eq!(redeem(&world, &bo, code), Err(Problem::InvitationOver), "{code:.30}");
    }
    assert_eq!(world.dump(), before.0);
    assert_eq!(world.product.batches() - before.1, 5, "one round trip each, whatever is wrong");
}

#[test]
fn a_code_expires_to_the_millisecond() {
    for days in [None, Some(1), Some(90)] {
        let world = World::new();
        let (lu, bo) = (world.person("lu"), world.person("bo"));
        let [first, second] = [made(&world, days), made(&world, days)];
        let end = world.now().plus_days(days.unwrap_or(14));
        assert_eq!(first.expires_at, end);
        world.set_now(Moment::from_ms(end.ms() - 1));
        redeem(&world, &lu, &first.code).unwrap();
        world.set_now(end);
        assert_eq!(redeem(&world, &bo, &second.code), Err(Problem::InvitationOver));
    }
    let world = World::new();
    let operator = world.person("chen");
    for days in [0, -1, 91, i64::MAX] {
        let refused = world.run(async |ctx| {
            let (db, entropy) = (ctx.db, ctx.entropy);
            invitation::make(db, entropy, ctx.now, &operator.id, None, Some(days)).await
        });
        assert_eq!(refused.unwrap_err().problem().field(), Some("days"), "{days}");
    }
    let refused = world.run(async |ctx| {
        let long = "雪".repeat(61);
        let (db, entropy) = (ctx.db, ctx.entropy);
        invitation::make(db, entropy, ctx.now, &operator.id, Some(&long), None).await
    });
    assert_eq!(refused.unwrap_err().problem().field(), Some("note"));
    assert_eq!(world.count("invitation"), 0);
}

#[test]
fn of_many_people_with_one_code_exactly_one_is_invited() {
    for seed in 0..20 {
        let world = World::new();
        let code = made(&world, None).code;
        let people: Vec<_> = (0..8).map(|n| world.person(&format!("writer-{n}"))).collect();
        let ended = world.race(seed, people.len(), async |ctx, n| {
            invitation::redeem(ctx.db, ctx.now, &people[n].id, &code).await
        });
        let refused = ended.iter().filter_map(|one| one.as_ref().err());
        let refused: Vec<_> = refused.map(|failure| failure.problem()).collect();
        assert_eq!(refused, vec![Problem::InvitationOver; 7], "seed {seed}");
        assert_eq!(world.count("invitation WHERE used_by IS NOT NULL"), 1);
    }
}

#[test]
fn after_a_fault_the_code_is_used_by_the_person_who_retries() {
    for fault in Fault::ALL {
        let world = World::new();
        let lu = world.person("lu");
        let made = made(&world, None);
        world.product.fail_once(0, fault);
        let tried = world
            .try_request(async |ctx| invitation::redeem(ctx.db, ctx.now, &lu.id, &made.code).await);
        assert!(!matches!(tried, Some(Ok(Ok(())))), "{fault:?} went unnoticed");
        redeem(&world, &lu, &made.code).unwrap();
        assert_eq!(world.count("invitation WHERE used_by IS NOT NULL"), 1, "{fault:?}");
    }
}

#[test]
fn revoking_stops_only_new_praises_on_every_account() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    let second = world.account(&account.owner, "wen-too", Currency::Cny);
    let other = world.article(&second, "Rain");
    world.give_praise(&reader, &article, 1000);
    let waiting = world.start_praise(&reader, &article, 2000);
    let id = world.text("SELECT id FROM invitation");
    revoke(&world, &id).unwrap();
    revoke(&world, &id).unwrap();
    assert_eq!(revoke(&world, "inv_nobody"), Err(Problem::NotFound));
    for one in [&article, &other] {
        assert!(!accepting(&world, &one.slug));
        let refused = world.start(&world.praise_request(&reader, one, 1000)).unwrap_err();
        assert_eq!(refused.problem(), Problem::NotAccepting);
    }
    assert_eq!(not_ready(&world, &account), [NotReady::NoInvitation]);
    assert_eq!(not_ready(&world, &second), [NotReady::NoInvitation]);
    // An attempt that was open is still booked, and what was held continues.
    world.pay(&waiting);
    assert_eq!(world.state_of(&waiting), "paid");
    world.advance_to(world.now().plus_days(8));
    assert_eq!(world.count("praise WHERE state = 'paid_out'"), 2);
    // With a new invitation everything is open again.
    world.invite(&account.owner);
    assert!(accepting(&world, &article.slug) && accepting(&world, &other.slug));
    assert_eq!(world.count("operator_audit WHERE action = 'invitation.revoke'"), 1);
    assert_eq!(world.count("operator_audit WHERE action = 'invitation.make'"), 2);
}

#[test]
fn the_studio_and_the_start_check_the_same_requirements() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Usd);
    let handle = &account.handle;
    let owner = &account.owner;
    assert_eq!(not_ready(&world, &account), []);
    let ways: [(&str, &str, NotReady); 4] = [
        ("UPDATE bank_card SET removed_at = attached_at", "", NotReady::NoCard),
        (
            "UPDATE official_account SET kind = 'organization'",
            "UPDATE official_account SET kind = 'individual'",
            NotReady::KindNotAllowed,
        ),
        (
            "UPDATE official_account SET status = 'suspended'",
            "UPDATE official_account SET status = 'active'",
            NotReady::Suspended,
        ),
        (
            "UPDATE official_account SET praise_on = 0",
            "UPDATE official_account SET praise_on = 1",
            NotReady::Off,
        ),
    ];
    for (off, on, reason) in ways {
        world.raw(off);
        assert_eq!(not_ready(&world, &account), [reason]);
        assert_eq!(why_not(&world, &owner.id, &article.id).unwrap().account, [reason]);
        assert!(!accepting(&world, &article.slug));
        let refused = world.start(&world.praise_request(&reader, &article, 1000)).unwrap_err();
        assert_eq!(refused.problem(), Problem::NotAccepting, "{off}");
        world.raw(on);
        if reason == NotReady::NoCard {
            world.attach_card(owner, handle, "sbxcard_6222020200112233");
        }
        assert_eq!(not_ready(&world, &account), []);
        assert!(accepting(&world, &article.slug));
        world.start_praise(&reader, &article, 100);
    }
    // Reasons that do not concern the account are nobody else's either.
    let fine = ArticleNotReady { account: vec![], off: false, frozen: false, stopped: false };
    assert_eq!(why_not(&world, &owner.id, &article.id), Some(fine.clone()));
    assert_eq!(why_not(&world, &reader.id, &article.id), None);
    world.raw("UPDATE article SET praise_on = 0");
    assert_eq!(
        why_not(&world, &owner.id, &article.id).unwrap(),
        ArticleNotReady { off: true, ..fine }
    );
    world.raw("UPDATE article SET praise_on = 1");
    // A kind of account that another policy version allows.
    world.raw("UPDATE official_account SET kind = 'organization'");
    world.raw(&format!(
        "CREATE TEMP TABLE draft AS SELECT * FROM policy WHERE currency = 'USD';
         UPDATE draft SET version = 2, effective_from = {}, receivers = 'any';
         INSERT INTO policy SELECT * FROM draft; DROP TABLE draft;",
        world.now().plus_seconds(1).ms(),
    ));
    assert_eq!(not_ready(&world, &account), [NotReady::KindNotAllowed]);
    world.set_now(world.now().plus_seconds(1));
    assert_eq!(not_ready(&world, &account), []);
    assert!(accepting(&world, &article.slug));
    world.start_praise(&reader, &article, 100);
}

#[test]
fn an_invitation_does_not_count_for_a_linked_person() {
    let Fixture { world, account, .. } = Fixture::new(Currency::Cny);
    let lu = world.account(&world.person("lu"), "lu-writes", Currency::Cny);
    let article = world.article(&lu, "Rain");
    world.link(&account.owner, &lu.owner);
    world.raw(&format!("UPDATE invitation SET revoked_at = 1 WHERE used_by = '{}'", lu.owner.id));
    assert_eq!(not_ready(&world, &lu), [NotReady::NoInvitation]);
    assert!(!accepting(&world, &article.slug));
    assert_eq!(not_ready(&world, &account), []);
}

#[test]
fn operators_list_all_invitations_without_their_codes() {
    let world = World::new();
    let codes: Vec<_> = (0..45).map(|_| made(&world, None).code).collect();
    let (mut seen, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let page = world.run(async |ctx| {
            let cursor = Cursor::parse(cursor.as_deref()).unwrap();
            invitation::list(ctx.db, &cursor).await.unwrap()
        });
        let json = serde_json::to_string(&page).unwrap();
        assert!(codes.iter().all(|code| !json.contains(code)));
        seen.extend(page.items.into_iter().map(|one| one.id));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let total = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), total), (45, 45));
}
