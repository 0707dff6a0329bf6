//! Identity, accounts and names: sign-ins, sessions, tokens, official accounts, and the names on
//! the wall.

use edge::pagination::Cursor;
use edge::people::account::{self, NewAccount};
use edge::people::identity::{self, token};
use edge::queries::{reader_praises, studio, wall};
use shared::api::UpdateMe;
use shared::lang::Lang;
use shared::limits::{LIST_PAGE, WALL_PAGE};
use shared::machine::Visibility;
use shared::money::Currency;
use shared::problem::Problem;

use crate::support::people::Fixture;
use crate::support::world::{PraiseRequest, World};

fn session(world: &World, token: &str) -> Option<identity::Session> {
    world.run(async |ctx| identity::session(ctx.db, token, ctx.now).await.unwrap())
}

#[test]
fn two_sign_ins_of_one_subject_are_one_person() {
    let world = World::new();
    let (first, second) = (world.person("ana"), world.person("ana"));
    assert_eq!(first.id, second.id);
    assert_ne!(first.token, second.token);
    assert_ne!(world.person("bo").id, first.id);
    assert_eq!((world.count("person"), world.count("session")), (2, 3));
}

#[test]
fn signing_in_ends_the_former_session_of_the_browser_and_no_other() {
    let world = World::new();
    let (guest, ana, elsewhere) = (world.person("bo"), world.person("ana"), world.person("ana"));
    let sign_in = |former: &str| {
        world.run(async |ctx| {
            let (db, entropy) = (ctx.db, ctx.entropy);
            identity::sign_in(db, entropy, ctx.now, "sandbox", "ana", None, Some(former))
                .await
                .unwrap()
        })
    };
    let first = sign_in(&guest.token);
    assert_eq!(session(&world, &guest.token), None);
    assert_eq!(session(&world, &first).unwrap().person_id, ana.id);
    let second = sign_in(&first);
    assert_eq!(session(&world, &first), None);
    for open in [&second, &ana.token, &elsewhere.token] {
        assert!(session(&world, open).is_some());
    }
}

#[test]
fn concurrent_first_sign_ins_make_one_person() {
    for seed in 0..20 {
        let world = World::new();
        let tokens = world.race(seed, 5, async |ctx, _| {
            let (db, entropy) = (ctx.db, ctx.entropy);
            identity::sign_in(db, entropy, ctx.now, "sandbox", "ana", Some("Ana"), None).await
        });
        for token in tokens {
            assert!(session(&world, &token.unwrap()).is_some(), "seed {seed}");
        }
        assert_eq!((world.count("person"), world.count("identity")), (1, 1), "seed {seed}");
    }
}

#[test]
fn a_session_is_stored_hashed_and_ends_after_thirty_days_or_signing_out() {
    let world = World::new();
    let (ana, bo) = (world.person("ana"), world.person("bo"));
    assert!(!world.dump().contains(&ana.token), "the token itself was stored");
    let hash = identity::hash(&ana.token);
    assert_eq!(
        session(&world, &hash),
        None,
        "the session's hash is accepted in place of its token"
    );
    assert_eq!(session(&world, &ana.token).unwrap().person_id, ana.id);
    let signed_in = world.now();
    world.set_now(signed_in.plus_days(30).plus_seconds(-1));
    assert!(session(&world, &ana.token).is_some());
    world.run(async |ctx| identity::sign_out(ctx.db, &ana.token).await.unwrap());
    world.run(async |ctx| identity::sign_out(ctx.db, &ana.token).await.unwrap());
    assert_eq!(session(&world, &ana.token), None);
    assert!(session(&world, &bo.token).is_some(), "somebody else was signed out");
    world.set_now(signed_in.plus_days(30));
    assert_eq!(session(&world, &bo.token), None);
    world.run(async |ctx| edge::job_runner::delete_expired(ctx.db, ctx.now).await.unwrap());
    assert_eq!(world.count("session"), 0);
}

#[test]
fn signing_out_everywhere_ends_all_sessions_of_the_person_and_of_nobody_else() {
    let world = World::new();
    let (laptop, phone, bo) = (world.person("ana"), world.person("ana"), world.person("bo"));
    assert_eq!(laptop.id, phone.id);
    for _ in 0..2 {
        world.run(async |ctx| identity::sign_out_everywhere(ctx.db, &laptop.id).await.unwrap());
        assert_eq!(session(&world, &laptop.token), None);
        assert_eq!(session(&world, &phone.token), None);
        assert!(session(&world, &bo.token).is_some(), "somebody else was signed out");
    }
    let again = world.person("ana");
    assert!(session(&world, &again.token).is_some());
}

#[test]
fn a_session_gives_the_rights_of_an_operator_for_twelve_hours() {
    let world = World::new();
    let signed_in = world.now();
    let ana = world.person("ana");
    let is_fresh = |seconds: i64| {
        world.set_now(signed_in.plus_seconds(seconds));
        session(&world, &ana.token).unwrap().is_fresh(world.now())
    };
    assert!(is_fresh(0) && is_fresh(12 * 60 * 60 - 1));
    // The person stays signed in as a reader.
    assert!(!is_fresh(12 * 60 * 60) && !is_fresh(29 * 24 * 60 * 60));
}

#[test]
fn a_token_opens_its_scope_until_it_is_revoked_by_its_owner() {
    let world = World::new();
    let (wen, bo) = (world.person("wen"), world.person("bo"));
    let made = world.run(async |ctx| {
        token::create(ctx.db, ctx.entropy, ctx.now, &wen.id, " my laptop ").await.unwrap()
    });
    assert_eq!(made.scope, token::PUBLISH);
    assert!(!world.dump().contains(&made.token), "the token itself was stored");
    let opens = |token: &str, scope: &str| {
        world.run(async |ctx| token::person(ctx.db, token, scope, ctx.now).await.unwrap())
    };
    assert_eq!(opens(&made.token, token::PUBLISH), Some(wen.id.clone()));
    assert_eq!(opens(&made.token, "everything"), None);
    assert_eq!(opens(&identity::hash(&made.token), token::PUBLISH), None);
    assert_eq!(opens(&wen.token, token::PUBLISH), None, "a session is not a token");
    assert_eq!(session(&world, &made.token), None, "a token is not a session");
    let listed = |id: &str| world.run(async |ctx| token::list(ctx.db, id, ctx.now).await.unwrap());
    assert_eq!(listed(&wen.id)[0].label, "my laptop");
    assert!(listed(&bo.id).is_empty());
    let revoke = |person: &str| {
        world.run(async |ctx| token::revoke(ctx.db, ctx.now, person, &made.id).await)
    };
    assert_eq!(revoke(&bo.id).unwrap_err().problem(), Problem::NotFound);
    assert!(opens(&made.token, token::PUBLISH).is_some(), "somebody else revoked it");
    revoke(&wen.id).unwrap();
    assert_eq!(opens(&made.token, token::PUBLISH), None);
    assert!(listed(&wen.id).is_empty());
    assert_eq!(revoke(&wen.id).unwrap_err().problem(), Problem::NotFound);
    let too_long = "雪".repeat(61);
    for label in ["", too_long.as_str()] {
        let refused = world
            .run(async |ctx| token::create(ctx.db, ctx.entropy, ctx.now, &wen.id, label).await);
        assert_eq!(refused.unwrap_err().problem().field(), Some("label"));
    }
}

#[test]
fn tokens_expire_after_a_year_and_are_ten_at_most() {
    let world = World::new();
    let (wen, bo) = (world.person("wen"), world.person("bo"));
    let create = |person: &str| {
        world.run(async |ctx| token::create(ctx.db, ctx.entropy, ctx.now, person, "CI").await)
    };
    let listed = || world.run(async |ctx| token::list(ctx.db, &wen.id, ctx.now).await.unwrap());
    let first = create(&wen.id).unwrap();
    assert_eq!(first.expires_at, world.now().plus_days(365));
    for _ in 1..10 {
        create(&wen.id).unwrap();
    }
    assert_eq!(create(&wen.id).unwrap_err().problem(), Problem::TooManyTokens(10));
    assert_eq!(listed().len(), 10);
    create(&bo.id).expect("another person has tokens of their own");
    world.run(async |ctx| token::revoke(ctx.db, ctx.now, &wen.id, &first.id).await.unwrap());
    let second = create(&wen.id).expect("a revoked token does not count");
    let opens = || {
        world.run(async |ctx| {
            token::person(ctx.db, &second.token, token::PUBLISH, ctx.now).await.unwrap()
        })
    };
    world.set_now(second.expires_at.plus_seconds(-1));
    assert_eq!(opens().as_ref(), Some(&wen.id));
    world.set_now(second.expires_at);
    assert_eq!((opens(), listed().len()), (None, 0));
    create(&wen.id).expect("expired tokens do not count");
}

#[test]
fn an_account_is_refused_by_field_and_a_taken_handle_by_name() {
    let world = World::new();
    let wen = world.person("wen");
    let good = NewAccount {
        handle: "wen-writes",
        name: "Wen",
        bio: "",
        currency: Currency::Usd,
        presets_minor: &[],
        ask: None,
        thanks: None,
    };
    let open = |new: &NewAccount<'_>| {
        let opened =
            world.run(async |ctx| account::open(ctx.db, ctx.entropy, ctx.now, &wen.id, new).await);
        opened.map_err(|failure| failure.problem())
    };
    let long = "雪".repeat(61);
    let bad = [
        (NewAccount { handle: "W", ..good.clone() }, "handle"),
        (NewAccount { handle: "文", ..good.clone() }, "handle"),
        (NewAccount { name: " ", ..good.clone() }, "name"),
        (NewAccount { name: &long, ..good.clone() }, "name"),
        (NewAccount { ask: Some(&long), ..good.clone() }, "ask"),
        (NewAccount { presets_minor: &[100, 200], ..good.clone() }, "presets_minor"),
        (NewAccount { presets_minor: &[100, 100, 200], ..good.clone() }, "presets_minor"),
        (NewAccount { presets_minor: &[300, 200, 100], ..good.clone() }, "presets_minor"),
        (NewAccount { presets_minor: &[99, 200, 300], ..good.clone() }, "presets_minor"),
        (NewAccount { presets_minor: &[100, 200, 3001], ..good.clone() }, "presets_minor"),
        (
            NewAccount { presets_minor: &[100, 200, 300, 400, 500, 600, 700], ..good.clone() },
            "presets_minor",
        ),
    ];
    let before = world.dump();
    for (new, field) in &bad {
        assert_eq!(open(new).unwrap_err().field(), Some(*field), "{new:?}");
    }
    assert_eq!(world.dump(), before);
    open(&NewAccount { presets_minor: &[100, 200, 3000], ..good.clone() }).unwrap();
    assert_eq!(open(&good).unwrap_err(), Problem::Taken("handle"));
    assert_eq!(world.text("SELECT presets FROM official_account"), "[100,200,3000]");
}

#[test]
fn the_wall_shows_the_current_name() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    let rename = |name: Option<&str>| {
        let update = UpdateMe { name: name.map(str::to_owned), lang: Some(Lang::En) };
        world.run(async |ctx| identity::update(ctx.db, &reader.id, &update).await)
    };
    let on_the_wall = || {
        let cursor = Cursor::parse(None).unwrap();
        let wall = world
            .run(async |ctx| wall::read(ctx.db, &article.slug, &cursor).await.unwrap().unwrap());
        (wall.items[0].name.clone(), wall.items[0].avatar.clone())
    };
    rename(Some("  Ana\nLi ")).unwrap();
    assert_eq!(on_the_wall(), (Some("Ana Li".into()), Some("A".into())));
    rename(Some("")).unwrap();
    assert_eq!(on_the_wall(), (None, None));
    let refused = rename(Some(&"雪".repeat(25))).unwrap_err().problem();
    assert_eq!(refused.field(), Some("name"));
    assert_eq!(on_the_wall(), (None, None));
}

#[test]
fn the_wall_counts_people_and_names_those_who_are_public() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let give = |person: &crate::support::people::Person, visibility| {
        let request = PraiseRequest { visibility, ..world.praise_request(person, &article, 100) };
        let intent_id = world.start(&request).unwrap();
        world.pay(&intent_id);
        world.set_now(world.now().plus_seconds(1));
    };
    let (bo, cai) = (world.person("bo"), world.person("cai"));
    give(&reader, Visibility::Public);
    give(&bo, Visibility::Anonymous);
    give(&cai, Visibility::Writer);
    give(&reader, Visibility::Anonymous);
    give(&bo, Visibility::Public);
    give(&bo, Visibility::Public);
    let cursor = Cursor::parse(None).unwrap();
    let read = || {
        world.run(async |ctx| wall::read(ctx.db, &article.slug, &cursor).await.unwrap().unwrap())
    };
    let wall = read();
    assert_eq!((wall.count, wall.anonymous_count), (3, 1));
    let names: Vec<_> = wall.items.iter().map(|tile| tile.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["bo", "ana"]);
    // Only a name, a letter and a time; never an amount.
    let json = serde_json::to_value(&wall).unwrap();
    let fields: Vec<_> = json["items"][0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, ["avatar", "name", "praised_at"]);
}

#[test]
fn pages_of_long_lists_contain_every_item_once() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    let many = WALL_PAGE * 2 + 1;
    for n in 0..many {
        // Several in the same millisecond, so that the time alone does not decide the order.
        if n % 3 == 0 {
            world.set_now(world.now().plus_seconds(1));
        }
        world.give_praise(&world.person(&format!("reader-{n}")), &article, 100);
    }
    for _ in 0..LIST_PAGE * 2 + 1 {
        world.give_praise(&reader, &article, 100);
    }
    world.advance_minutes(10);
    fn pages(mut next: impl FnMut(&Cursor) -> (Vec<String>, Option<String>)) -> Vec<usize> {
        let (mut all, mut lengths, mut cursor) = (Vec::new(), Vec::new(), None::<String>);
        loop {
            let (items, more) = next(&Cursor::parse(cursor.as_deref()).unwrap());
            lengths.push(items.len());
            all.extend(items);
            match more {
                Some(more) => cursor = Some(more),
                None => break,
            }
        }
        let total = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), total, "somebody came twice");
        lengths
    }
    let on_the_wall = pages(|cursor| {
        let wall = world
            .run(async |ctx| wall::read(ctx.db, &article.slug, cursor).await.unwrap().unwrap());
        // A cursor must not reveal the identity of a person without a name.
        assert!(wall.next_cursor.as_ref().is_none_or(|cursor| !cursor.contains("per_")));
        (wall.items.into_iter().map(|tile| tile.name.unwrap()).collect(), wall.next_cursor)
    });
    assert_eq!(on_the_wall, [WALL_PAGE, WALL_PAGE, 2]);
    let given = pages(|cursor| {
        let page =
            world.run(async |ctx| reader_praises::list(ctx.db, &reader.id, cursor).await.unwrap());
        (page.items.into_iter().map(|praise| praise.id).collect(), page.next_cursor)
    });
    assert_eq!(given, [LIST_PAGE, LIST_PAGE, 1]);
    let received = pages(|cursor| {
        let (owner, handle) = (&account.owner.id, &account.handle);
        let page = world.run(async |ctx| {
            studio::list_praises(ctx.db, owner, handle, cursor, ctx.now).await.unwrap().unwrap()
        });
        (page.items.into_iter().map(|praise| praise.id).collect(), page.next_cursor)
    });
    assert_eq!(received.iter().sum::<usize>(), many + LIST_PAGE * 2 + 1);
}

#[test]
fn a_writer_sees_note_and_name_according_to_the_visibility() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    for &visibility in Visibility::ALL {
        let note = visibility.as_str();
        let request = PraiseRequest {
            visibility,
            note: Some(note),
            ..world.praise_request(&reader, &article, 100)
        };
        let intent_id = world.start(&request).unwrap();
        world.pay(&intent_id);
    }
    let cursor = Cursor::parse(None).unwrap();
    let seen = |person: &str| {
        world.run(async |ctx| {
            studio::list_praises(ctx.db, person, &account.handle, &cursor, ctx.now).await.unwrap()
        })
    };
    assert!(seen(&account.owner.id).unwrap().items.is_empty(), "seen before the undo window ended");
    world.advance_minutes(10);
    for praise in seen(&account.owner.id).unwrap().items {
        let named = praise.visibility != Visibility::Anonymous;
        assert_eq!(praise.reader_name.as_deref(), named.then_some("ana"));
        assert_eq!(praise.note.as_deref(), Some(praise.visibility.as_str()));
    }
    assert!(seen(&reader.id).is_none(), "somebody else's studio was shown");
}
