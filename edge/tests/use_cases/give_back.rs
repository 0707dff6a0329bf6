//! A praise goes back: by whose right, until when, how often, and what comes back with it.

use edge::failure::Failure;
use edge::pagination::Cursor;
use edge::payments::freeze;
use edge::payments::reversal::{ReversalRight, change_visibility, reverse_praise};
use edge::queries::{gifts, studio, wall};
use shared::api::PraiseAction;
use shared::calendar::Moment;
use shared::machine::{FreezeRule, Visibility};
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::world::executor::give_way;
use crate::world::people::{Person, Stage};
use crate::world::{Ctx, World};

/// The praise of an intent.
pub fn praise_of(world: &World, intent_id: &str) -> String {
    world.text(&format!("SELECT id FROM praise WHERE intent_id = '{intent_id}'"))
}

/// A praise that is booked; its id.
pub fn given(stage: &Stage, minor: i64) -> String {
    let Stage { world, article, reader, .. } = stage;
    praise_of(world, &world.praised(reader, article, minor))
}

fn ask(world: &World, who: &Person, praise: &str, right: ReversalRight) -> Result<(), Failure> {
    world.act(async |ctx| reverse_praise(ctx, &who.id, praise, right).await)
}

fn refused(world: &World, who: &Person, praise: &str, right: ReversalRight) -> Problem {
    let before = world.everything();
    let answer = ask(world, who, praise, right);
    assert_eq!(world.everything(), before, "{right:?}: what was refused has changed something");
    match answer {
        Err(Failure::Refused(problem)) => problem,
        other => panic!("{right:?} was not refused: {other:?}"),
    }
}

fn state(world: &World, praise: &str) -> String {
    world.text(&format!("SELECT state FROM praise WHERE id = '{praise}'"))
}

/// When a praise is due, and until when it is undone.
fn times(world: &World, praise: &str) -> (Moment, Moment) {
    let read = |column| {
        Moment::from_ms(world.number(&format!("SELECT {column} FROM praise WHERE id = '{praise}'")))
    };
    (read("undo_until"), read("due_at"))
}

/// What the article, the writer and the reader have used of their days.
fn room(world: &World) -> [i64; 3] {
    [
        "reserved_minor) FROM reader_day",
        "booked_minor) FROM article_day",
        "booked_minor) FROM writer_day",
    ]
    .map(|sum| world.number(&format!("SELECT sum({sum}")))
}

#[test]
fn undone_within_its_minutes_a_praise_is_as_if_it_had_not_been() {
    for currency in Currency::ALL {
        let stage = Stage::new(currency);
        let Stage { world, account, reader, .. } = &stage;
        let praise = given(&stage, 1000);
        let (undo_until, _) = times(world, &praise);
        assert_eq!(undo_until, world.now().plus_minutes(10));
        assert_eq!(room(world), [1000; 3]);
        world.set_now(Moment::from_ms(undo_until.ms() - 1));
        ask(world, reader, &praise, ReversalRight::Undo).unwrap();
        assert_eq!(state(world, &praise), "returning");
        assert_eq!(room(world), [0; 3]);
        assert_eq!((world.balance("writer_held"), world.balance("returning")), (0, -1000));
        world.check();
        // Asked twice, it is one request.
        ask(world, reader, &praise, ReversalRight::Undo).unwrap();
        ask(world, reader, &praise, ReversalRight::TakeBack).unwrap();
        world.run_jobs();
        assert_eq!(state(world, &praise), "returned");
        ask(world, reader, &praise, ReversalRight::Undo).unwrap();
        assert_eq!((world.balance("returning"), world.balance("provider_unsettled")), (0, 0));
        assert_eq!(world.events("praise"), [">held", "held>returning", "returning>returned"]);
        assert_eq!(world.count("refund"), 1);
        assert_eq!(world.count("take_back_month"), 0);
        // The writer never sees it: not as a row, not as a number, not as theirs to return.
        world.advance_minutes(20);
        let owner = &account.owner;
        assert_eq!(refused(world, owner, &praise, ReversalRight::Writer), Problem::NotFound);
        world.act(async |ctx| {
            let cursor = Cursor::parse(None).unwrap();
            let page = studio::praises(ctx.db, &owner.id, &account.handle, &cursor, ctx.now);
            assert!(page.await.unwrap().unwrap().items.is_empty());
        });
    }
}

#[test]
fn after_ten_minutes_nothing_is_undone() {
    for currency in Currency::ALL {
        let stage = Stage::new(currency);
        let Stage { world, reader, .. } = &stage;
        let praise = given(&stage, 1000);
        world.set_now(times(world, &praise).0);
        assert_eq!(refused(world, reader, &praise, ReversalRight::Undo), Problem::UndoOver);
        // Also not by a statement that forgot to look at the clock.
        let rule = world.product.raw(&format!(
            "UPDATE praise SET state = 'returning', state_reason = 'undo', state_at = {}",
            world.now().ms()
        ));
        assert!(format!("{rule:?}").contains("undo_over"), "{rule:?}");
    }
}

#[test]
fn taken_back_until_the_millisecond_before_it_is_due() {
    for currency in Currency::ALL {
        let stage = Stage::new(currency);
        let Stage { world, reader, .. } = &stage;
        let (praise, other) = (given(&stage, 1000), given(&stage, 2000));
        let (_, due_at) = times(world, &praise);
        world.set_now(Moment::from_ms(due_at.ms() - 1));
        ask(world, reader, &praise, ReversalRight::TakeBack).unwrap();
        assert_eq!(state(world, &praise), "returning");
        // The day's room does not come back.
        assert_eq!(room(world), [3000; 3]);
        // Whether its money has been moved by then or not.
        world.set_now(due_at);
        assert_eq!(refused(world, reader, &other, ReversalRight::TakeBack), Problem::TakeBackOver);
        world.advance_minutes(5);
        assert_eq!(refused(world, reader, &other, ReversalRight::TakeBack), Problem::TakeBackOver);
        assert_eq!(state(world, &praise), "returned");
        assert_eq!(world.balance("returning"), 0);
    }
}

#[test]
fn three_are_taken_back_in_a_month_of_the_currency() {
    for (currency, before_midnight, midnight) in [
        (Currency::Cny, "2026-11-30T15:59:00Z", "2026-11-30T16:00:00Z"),
        (Currency::Usd, "2026-12-31T23:59:00Z", "2027-01-01T00:00:00Z"),
    ] {
        let stage = Stage::at(before_midnight, currency);
        let Stage { world, reader, article, .. } = &stage;
        let praises: Vec<_> = (0..7).map(|_| given(&stage, 1000)).collect();
        for praise in &praises[..3] {
            ask(world, reader, praise, ReversalRight::TakeBack).unwrap();
            // Asking again does not count.
            ask(world, reader, praise, ReversalRight::TakeBack).unwrap();
        }
        let reopens_at = Moment::from_rfc3339(midnight).unwrap();
        world.set_now(Moment::from_ms(reopens_at.ms() - 1));
        let refusal = refused(world, reader, &praises[3], ReversalRight::TakeBack);
        assert_eq!(refusal, Problem::TakeBackMonth { reopens_at });
        // Undoing is no taking back, and never runs out.
        ask(world, reader, &praises[4], ReversalRight::Undo).unwrap();
        // Whoever has a second sign-in has no second three.
        let other = world.person("second-sign-in");
        world.raw(&format!(
            "UPDATE person SET human_id = '{}', linked_at = {} WHERE id = '{}'",
            reader.id,
            world.now().ms(),
            other.id
        ));
        let theirs = praise_of(world, &world.praised(&other, article, 1000));
        let refusal = refused(world, &other, &theirs, ReversalRight::TakeBack);
        assert_eq!(refusal, Problem::TakeBackMonth { reopens_at });
        world.set_now(reopens_at);
        for praise in [&praises[3], &praises[5]] {
            ask(world, reader, praise, ReversalRight::TakeBack).unwrap();
        }
        ask(world, &other, &theirs, ReversalRight::TakeBack).unwrap();
        let refusal = refused(world, reader, &praises[6], ReversalRight::TakeBack);
        assert!(
            matches!(refusal, Problem::TakeBackMonth { reopens_at: later } if later > reopens_at)
        );
    }
}

#[test]
fn while_its_article_is_under_review_a_praise_is_undone_but_not_taken_back() {
    let stage = Stage::new(Currency::Cny);
    let Stage { world, account, article, reader } = &stage;
    let (undone, kept, not_moved_yet) =
        (given(&stage, 1000), given(&stage, 2000), given(&stage, 3000));
    world.frozen(article);
    world.raw(&format!(
        "UPDATE praise SET state = 'frozen', state_at = {} WHERE id <> '{not_moved_yet}'",
        world.now().ms()
    ));
    for praise in [&kept, &not_moved_yet] {
        assert_eq!(refused(world, reader, praise, ReversalRight::TakeBack), Problem::ArticleFrozen);
    }
    ask(world, reader, &undone, ReversalRight::Undo).unwrap();
    assert_eq!(room(world), [5000; 3]);
    world.set_now(times(world, &kept).0);
    for praise in [&kept, &not_moved_yet] {
        assert_eq!(
            refused(world, &account.owner, praise, ReversalRight::Writer),
            Problem::ArticleFrozen
        );
        ask(world, &world.person("operator"), praise, ReversalRight::Operator).unwrap();
    }
    world.run_jobs();
    assert_eq!(world.count("praise WHERE state = 'returned'"), 3);
}

#[test]
fn a_writer_returns_what_is_theirs_to_see() {
    for currency in Currency::ALL {
        let stage = Stage::new(currency);
        let Stage { world, account, reader, .. } = &stage;
        let owner = &account.owner;
        let (praise, later) = (given(&stage, 1000), given(&stage, 2000));
        let (undo_until, due_at) = times(world, &praise);
        world.set_now(Moment::from_ms(undo_until.ms() - 1));
        assert_eq!(refused(world, owner, &praise, ReversalRight::Writer), Problem::NotFound);
        world.set_now(undo_until);
        ask(world, owner, &praise, ReversalRight::Writer).unwrap();
        ask(world, owner, &praise, ReversalRight::Writer).unwrap();
        assert_eq!(room(world), [3000; 3]);
        assert_eq!(world.count("take_back_month"), 0);
        // Also when it is due, until it is in a payout; without a card there is none.
        let now = world.now().ms();
        world.raw(&format!("UPDATE bank_card SET removed_at = {now}"));
        world.advance_to(due_at);
        assert_eq!(state(world, &later), "due");
        assert_eq!(world.balance("writer_due") + world.balance("writer_held"), -2000);
        ask(world, owner, &later, ReversalRight::Writer).unwrap();
        assert_eq!(world.balance("writer_due") + world.balance("writer_held"), 0);
        world.run_jobs();
        assert_eq!(world.count("praise WHERE state = 'returned'"), 2);
        ask(world, reader, &later, ReversalRight::TakeBack).unwrap();
    }
}

#[test]
fn somebody_elses_praise_is_not_there() {
    let stage = Stage::new(Currency::Cny);
    let Stage { world, account, reader, .. } = &stage;
    let praise = given(&stage, 1000);
    let stranger = world.person("stranger");
    world.set_now(times(world, &praise).0);
    for right in [ReversalRight::Undo, ReversalRight::TakeBack, ReversalRight::Writer] {
        assert_eq!(refused(world, &stranger, &praise, right), Problem::NotFound);
        assert_eq!(refused(world, reader, "prs_nothing", right), Problem::NotFound);
    }
    assert_eq!(refused(world, &account.owner, &praise, ReversalRight::TakeBack), Problem::NotFound);
    assert_eq!(refused(world, reader, &praise, ReversalRight::Writer), Problem::NotFound);
    assert_eq!(
        refused(world, &stranger, "prs_nothing", ReversalRight::Operator),
        Problem::NotFound
    );
}

#[test]
fn what_an_operator_returns_is_recorded_with_it() {
    let stage = Stage::new(Currency::Cny);
    let Stage { world, .. } = &stage;
    let praise = given(&stage, 1000);
    let operator = world.person("operator");
    ask(world, &operator, &praise, ReversalRight::Operator).unwrap();
    ask(world, &operator, &praise, ReversalRight::Operator).unwrap();
    let audit = world.rows(
        "SELECT person_id, action, subject, detail FROM operator_audit
                            WHERE action LIKE 'praise.%'",
    );
    assert_eq!(
        audit,
        [serde_json::json!({
            "person_id": operator.id, "action": "praise.return", "subject": praise,
            "detail": r#"{"amount":{"currency":"CNY","minor":1000},"from":"held"}"#,
        })]
    );
    assert_eq!(room(world), [1000; 3]);
}

#[test]
fn what_is_disputed_or_paid_out_does_not_go_back() {
    for (state, reader_is_told) in
        [("disputed", Problem::WrongState), ("paid_out", Problem::TakeBackOver)]
    {
        let stage = Stage::new(Currency::Cny);
        let Stage { world, account, reader, .. } = &stage;
        let praise = given(&stage, 1000);
        world.set_now(times(world, &praise).0);
        world.tampered();
        for trigger in ["praise_step", "praise_disputed", "praise_matures", "praise_claimed"] {
            world.raw(&format!("DROP TRIGGER IF EXISTS {trigger}"));
        }
        world.raw(&format!(
            "UPDATE praise SET matured = {}, state = '{state}'",
            i64::from(state == "paid_out")
        ));
        assert_eq!(refused(world, reader, &praise, ReversalRight::TakeBack), reader_is_told);
        for (who, right) in
            [(&account.owner, ReversalRight::Writer), (reader, ReversalRight::Operator)]
        {
            assert_eq!(refused(world, who, &praise, right), Problem::WrongState);
        }
    }
}

#[test]
fn the_wall_and_its_count_follow() {
    let stage = Stage::new(Currency::Cny);
    let Stage { world, article, reader, .. } = &stage;
    let count = || {
        world.act(async |ctx| {
            let start = Cursor::parse(None).unwrap();
            let wall = wall::read(ctx.db, &article.slug, &start).await.unwrap().unwrap();
            wall.count
        })
    };
    let (first, second) = (given(&stage, 1000), given(&stage, 1000));
    let bo = world.person("bo");
    let mut quiet = world.wish(&bo, article, 1000);
    quiet.visibility = Visibility::Anonymous;
    world.pay(&world.start(&quiet).unwrap());
    assert_eq!(count(), 2);
    ask(world, reader, &first, ReversalRight::Undo).unwrap();
    assert_eq!(count(), 2);
    ask(world, reader, &second, ReversalRight::TakeBack).unwrap();
    assert_eq!(count(), 1);
    assert_eq!(world.number("SELECT persons_public FROM wall_count"), 0);
}

#[test]
fn a_reader_sees_what_can_be_done_about_a_praise_and_until_when() {
    let stage = Stage::new(Currency::Usd);
    let Stage { world, article, reader, .. } = &stage;
    let praise = given(&stage, 1000);
    let (undo_until, due_at) = times(world, &praise);
    let look = |who: &Person| {
        world.act(async |ctx| gifts::one(ctx.db, &who.id, &praise, ctx.now).await.unwrap())
    };
    let can = || {
        let options = look(reader).unwrap().can;
        options.into_iter().map(|option| (option.action, option.until)).collect::<Vec<_>>()
    };
    let (undo, take_back) = ((PraiseAction::Undo, undo_until), (PraiseAction::TakeBack, due_at));
    assert_eq!(can(), [undo, take_back]);
    assert!(look(&world.person("stranger")).is_none());
    let seen = look(reader).unwrap();
    assert_eq!(seen.praise.amount, Money::new(1000, Currency::Usd));
    assert_eq!(
        (seen.booked_at, seen.undo_until, seen.praise.due_at),
        (world.now(), undo_until, due_at)
    );
    world.set_now(undo_until);
    assert_eq!(can(), [take_back]);
    world.raw("UPDATE article SET status = 'frozen'");
    assert_eq!(can(), []);
    world.raw("UPDATE article SET status = 'published'");
    // Three others are taken back, and nothing is left for this one until next month.
    for left in [2, 1, 0] {
        let other = praise_of(world, &world.praised(reader, article, 1000));
        ask(world, reader, &other, ReversalRight::TakeBack).unwrap();
        assert_eq!(look(reader).unwrap().take_backs_left, left);
    }
    assert_eq!(can(), []);
    world.set_now(due_at);
    assert_eq!(can(), []);
}

#[test]
fn who_sees_a_praise_is_changed_while_it_stands_and_the_wall_follows() {
    let stage = Stage::new(Currency::Cny);
    let Stage { world, reader, .. } = &stage;
    let praise = given(&stage, 1000);
    let change = |who: &Person, id: &str, to| {
        world.act(async |ctx| change_visibility(ctx.db, &who.id, id, to).await)
    };
    let public = || world.number("SELECT persons_public FROM wall_count");
    assert_eq!(public(), 1);
    change(reader, &praise, Visibility::Anonymous).unwrap();
    assert_eq!(public(), 0);
    change(reader, &praise, Visibility::Public).unwrap();
    change(reader, &praise, Visibility::Public).unwrap();
    assert_eq!(public(), 1);
    for (who, id) in [(&world.person("stranger"), praise.as_str()), (reader, "prs_nothing")] {
        let refusal = change(who, id, Visibility::Writer);
        assert_eq!(refusal, Err(Failure::Refused(Problem::NotFound)));
    }
    ask(world, reader, &praise, ReversalRight::Undo).unwrap();
    let refusal = change(reader, &praise, Visibility::Writer);
    assert_eq!(refusal, Err(Failure::Refused(Problem::WrongState)));
    world.run_jobs();
}

/// What a racer does.
async fn race_on(
    ctx: &Ctx<'_>,
    praise: &str,
    racer: usize,
    slowly: u64,
    who: &[&Person; 3],
) -> Result<(), Failure> {
    let [reader, writer, operator] = who;
    match racer {
        0 | 1 => reverse_praise(ctx, &reader.id, praise, ReversalRight::TakeBack).await,
        2 => reverse_praise(ctx, &writer.id, praise, ReversalRight::Writer).await,
        3 => reverse_praise(ctx, &operator.id, praise, ReversalRight::Operator).await,
        4 => reverse_praise(ctx, &reader.id, praise, ReversalRight::Undo).await,
        _ => {
            // The article comes under review in the meantime, sometimes after the others' first step.
            for _ in 0..slowly {
                give_way().await;
            }
            let rule = FreezeRule::Selling;
            let (freeze_id, _) = freeze::freeze(ctx, &operator.id, "snow", rule).await?;
            freeze::run(ctx, &freeze_id).await?;
            Ok(())
        }
    }
}

#[test]
fn whoever_is_first_gives_it_back_and_it_goes_back_once() {
    let mut outcomes = std::collections::BTreeSet::new();
    for seed in 0..60 {
        for after_undo in [false, true] {
            let stage = Stage::new(Currency::Cny);
            let Stage { world, account, reader, .. } = &stage;
            let praise = given(&stage, 1000);
            let operator = world.person("operator");
            if after_undo {
                world.set_now(times(world, &praise).0);
            }
            let who = [reader, &account.owner, &operator];
            let ended = world.race(seed, 6, async |ctx, racer| {
                race_on(ctx, &praise, racer, seed % 6, &who).await
            });
            for (racer, answer) in ended.iter().enumerate() {
                let fine = match answer {
                    Ok(()) => true,
                    Err(Failure::Refused(Problem::ArticleFrozen)) => racer <= 2,
                    Err(Failure::Refused(Problem::UndoOver)) => racer == 4 && after_undo,
                    Err(Failure::Refused(Problem::NotFound)) => racer == 2,
                    _ => false,
                };
                assert!(fine, "seed {seed}, racer {racer}: {answer:?}");
            }
            outcomes.insert(world.text("SELECT state_reason FROM praise"));
            world.run_jobs();
            assert_eq!(state(world, &praise), "returned", "seed {seed}");
            assert_eq!(world.count("refund"), 1);
            assert_eq!(world.sandbox.query("SELECT * FROM sandbox_refund").len(), 1);
            let undone = world.count("praise WHERE state_reason = 'undo'");
            assert_eq!(room(world), [1000 * (1 - undone); 3]);
        }
    }
    assert_eq!(outcomes.len(), 4, "not everybody was first once: {outcomes:?}");
}
