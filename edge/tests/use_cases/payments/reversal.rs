//! Reversals: who may return a praise, until when, how often, and which room becomes free again.

use edge::failure::Failure;
use edge::pagination::Cursor;
use edge::payments::freeze;
use edge::payments::reversal::{ReversalRight, VisibilityRight, change_visibility, reverse_praise};
use edge::queries::{reader_praises, studio, wall};
use shared::api::PraiseAction;
use shared::api::operator::OpenFreeze;
use shared::calendar::Moment;
use shared::machine::{FreezeRule, Visibility};
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::support::executor::yield_once;
use crate::support::people::{Fixture, Person};
use crate::support::world::{Ctx, World};

/// The id of the praise of an intent.
pub fn praise_of(world: &World, intent_id: &str) -> String {
    world.text(&format!("SELECT id FROM praise WHERE intent_id = '{intent_id}'"))
}

/// Books a praise and returns its id.
pub fn book_praise(fixture: &Fixture, minor: i64) -> String {
    let Fixture { world, article, reader, .. } = fixture;
    praise_of(world, &world.give_praise(reader, article, minor))
}

fn reverse(world: &World, who: &Person, praise: &str, right: ReversalRight) -> Result<(), Failure> {
    world.run(async |ctx| reverse_praise(ctx, &who.id, praise, right).await)
}

fn refused(world: &World, who: &Person, praise: &str, right: ReversalRight) -> Problem {
    let before = world.dump();
    let answer = reverse(world, who, praise, right);
    assert_eq!(world.dump(), before, "{right:?}: a refused request changed something");
    match answer {
        Err(Failure::Refused(problem)) => problem,
        other => panic!("{right:?} was not refused: {other:?}"),
    }
}

fn state(world: &World, praise: &str) -> String {
    world.text(&format!("SELECT state FROM praise WHERE id = '{praise}'"))
}

/// When a praise is due, and when its undo window ends.
fn deadlines(world: &World, praise: &str) -> (Moment, Moment) {
    let read = |column| {
        Moment::from_ms(world.number(&format!("SELECT {column} FROM praise WHERE id = '{praise}'")))
    };
    (read("undo_until"), read("due_at"))
}

/// What the article, the writer and the reader have used of their daily caps.
fn used_room(world: &World) -> [i64; 3] {
    [
        "reserved_minor) FROM reader_day",
        "booked_minor) FROM article_day",
        "booked_minor) FROM writer_day",
    ]
    .map(|sum| world.number(&format!("SELECT sum({sum}")))
}

#[test]
fn undo_within_the_window_removes_every_trace() {
    for currency in Currency::ALL {
        let fixture = Fixture::new(currency);
        let Fixture { world, account, reader, .. } = &fixture;
        let praise = book_praise(&fixture, 1000);
        let (undo_until, _) = deadlines(world, &praise);
        assert_eq!(undo_until, world.now().plus_minutes(10));
        assert_eq!(used_room(world), [1000; 3]);
        world.set_now(Moment::from_ms(undo_until.ms() - 1));
        reverse(world, reader, &praise, ReversalRight::Undo).unwrap();
        assert_eq!(state(world, &praise), "returning");
        assert_eq!(used_room(world), [0; 3]);
        assert_eq!((world.balance("writer_held"), world.balance("returning")), (0, -1000));
        world.check();
        // Idempotent: the second request changes nothing.
        reverse(world, reader, &praise, ReversalRight::Undo).unwrap();
        reverse(world, reader, &praise, ReversalRight::TakeBack).unwrap();
        world.run_jobs();
        assert_eq!(state(world, &praise), "returned");
        reverse(world, reader, &praise, ReversalRight::Undo).unwrap();
        assert_eq!((world.balance("returning"), world.balance("provider_unsettled")), (0, 0));
        assert_eq!(world.events("praise"), [">held", "held>returning", "returning>returned"]);
        assert_eq!(world.count("refund"), 1);
        assert_eq!(world.count("take_back_month"), 0);
        // The writer never sees it: neither as a row, nor in a count, nor as something to return.
        world.advance_minutes(20);
        let owner = &account.owner;
        assert_eq!(refused(world, owner, &praise, ReversalRight::Writer), Problem::NotFound);
        world.run(async |ctx| {
            let cursor = Cursor::parse(None).unwrap();
            let page = studio::list_praises(ctx.db, &owner.id, &account.handle, &cursor, ctx.now);
            assert!(page.await.unwrap().unwrap().items.is_empty());
        });
    }
}

#[test]
fn undo_is_refused_after_ten_minutes() {
    for currency in Currency::ALL {
        let fixture = Fixture::new(currency);
        let Fixture { world, reader, .. } = &fixture;
        let praise = book_praise(&fixture, 1000);
        world.set_now(deadlines(world, &praise).0);
        assert_eq!(refused(world, reader, &praise, ReversalRight::Undo), Problem::UndoOver);
        // The schema refuses it too, for a statement that forgot to check the time.
        let rule = world.product.raw(&format!(
            "UPDATE praise SET state = 'returning', state_reason = 'undo', state_at = {}",
            world.now().ms()
        ));
        assert!(format!("{rule:?}").contains("undo_over"), "{rule:?}");
    }
}

#[test]
fn take_back_is_possible_until_the_millisecond_before_due() {
    for currency in Currency::ALL {
        let fixture = Fixture::new(currency);
        let Fixture { world, reader, .. } = &fixture;
        let (praise, other) = (book_praise(&fixture, 1000), book_praise(&fixture, 2000));
        let (_, due_at) = deadlines(world, &praise);
        world.set_now(Moment::from_ms(due_at.ms() - 1));
        reverse(world, reader, &praise, ReversalRight::TakeBack).unwrap();
        assert_eq!(state(world, &praise), "returning");
        // A take-back does not free the room of the day.
        assert_eq!(used_room(world), [3000; 3]);
        // This holds whether or not the settlement job has run by then.
        world.set_now(due_at);
        assert_eq!(refused(world, reader, &other, ReversalRight::TakeBack), Problem::TakeBackOver);
        world.advance_minutes(5);
        assert_eq!(refused(world, reader, &other, ReversalRight::TakeBack), Problem::TakeBackOver);
        assert_eq!(state(world, &praise), "returned");
        assert_eq!(world.balance("returning"), 0);
    }
}

#[test]
fn three_take_backs_are_allowed_per_month_in_the_currencys_time_zone() {
    for (currency, before_midnight, midnight) in [
        (Currency::Cny, "2026-11-30T15:59:00Z", "2026-11-30T16:00:00Z"),
        (Currency::Usd, "2026-12-31T23:59:00Z", "2027-01-01T00:00:00Z"),
    ] {
        let fixture = Fixture::at(before_midnight, currency);
        let Fixture { world, reader, article, .. } = &fixture;
        let praises: Vec<_> = (0..7).map(|_| book_praise(&fixture, 1000)).collect();
        for praise in &praises[..3] {
            reverse(world, reader, praise, ReversalRight::TakeBack).unwrap();
            // Repeating the request does not count again.
            reverse(world, reader, praise, ReversalRight::TakeBack).unwrap();
        }
        let reopens_at = Moment::from_rfc3339(midnight).unwrap();
        world.set_now(Moment::from_ms(reopens_at.ms() - 1));
        let refusal = refused(world, reader, &praises[3], ReversalRight::TakeBack);
        assert_eq!(refusal, Problem::TakeBackMonth { reopens_at });
        // Undo is not a take-back and has no monthly limit.
        reverse(world, reader, &praises[4], ReversalRight::Undo).unwrap();
        // A second sign-in of the same human has no separate limit.
        let other = world.person("second-sign-in");
        world.link(reader, &other);
        let theirs = praise_of(world, &world.give_praise(&other, article, 1000));
        let refusal = refused(world, &other, &theirs, ReversalRight::TakeBack);
        assert_eq!(refusal, Problem::TakeBackMonth { reopens_at });
        world.set_now(reopens_at);
        for praise in [&praises[3], &praises[5]] {
            reverse(world, reader, praise, ReversalRight::TakeBack).unwrap();
        }
        reverse(world, &other, &theirs, ReversalRight::TakeBack).unwrap();
        let refusal = refused(world, reader, &praises[6], ReversalRight::TakeBack);
        assert!(
            matches!(refusal, Problem::TakeBackMonth { reopens_at: later } if later > reopens_at)
        );
    }
}

#[test]
fn during_a_freeze_undo_is_possible_and_take_back_is_not() {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, account, article, reader } = &fixture;
    let (undone, kept, not_moved_yet) =
        (book_praise(&fixture, 1000), book_praise(&fixture, 2000), book_praise(&fixture, 3000));
    world.freeze_article(article);
    world.raw(&format!(
        "UPDATE praise SET state = 'frozen', state_at = {} WHERE id <> '{not_moved_yet}'",
        world.now().ms()
    ));
    for praise in [&kept, &not_moved_yet] {
        assert_eq!(refused(world, reader, praise, ReversalRight::TakeBack), Problem::ArticleFrozen);
    }
    reverse(world, reader, &undone, ReversalRight::Undo).unwrap();
    assert_eq!(used_room(world), [5000; 3]);
    world.set_now(deadlines(world, &kept).0);
    for praise in [&kept, &not_moved_yet] {
        assert_eq!(
            refused(world, &account.owner, praise, ReversalRight::Writer),
            Problem::ArticleFrozen
        );
        reverse(world, &world.person("operator"), praise, ReversalRight::Operator).unwrap();
    }
    world.run_jobs();
    assert_eq!(world.count("praise WHERE state = 'returned'"), 3);
}

#[test]
fn a_writer_returns_only_visible_praises() {
    for currency in Currency::ALL {
        let fixture = Fixture::new(currency);
        let Fixture { world, account, reader, .. } = &fixture;
        let owner = &account.owner;
        let (praise, later) = (book_praise(&fixture, 1000), book_praise(&fixture, 2000));
        let (undo_until, due_at) = deadlines(world, &praise);
        world.set_now(Moment::from_ms(undo_until.ms() - 1));
        assert_eq!(refused(world, owner, &praise, ReversalRight::Writer), Problem::NotFound);
        world.set_now(undo_until);
        reverse(world, owner, &praise, ReversalRight::Writer).unwrap();
        reverse(world, owner, &praise, ReversalRight::Writer).unwrap();
        assert_eq!(used_room(world), [3000; 3]);
        assert_eq!(world.count("take_back_month"), 0);
        // This includes a due praise until a payout claims it; without a card there is no payout.
        let now = world.now().ms();
        world.raw(&format!("UPDATE bank_card SET removed_at = {now}"));
        world.advance_to(due_at);
        assert_eq!(state(world, &later), "due");
        assert_eq!(world.balance("writer_due") + world.balance("writer_held"), -2000);
        reverse(world, owner, &later, ReversalRight::Writer).unwrap();
        assert_eq!(world.balance("writer_due") + world.balance("writer_held"), 0);
        world.run_jobs();
        assert_eq!(world.count("praise WHERE state = 'returned'"), 2);
        reverse(world, reader, &later, ReversalRight::TakeBack).unwrap();
    }
}

#[test]
fn another_persons_praise_is_not_found() {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, account, reader, .. } = &fixture;
    let praise = book_praise(&fixture, 1000);
    let stranger = world.person("stranger");
    world.set_now(deadlines(world, &praise).0);
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
fn an_operators_return_is_audited() {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, .. } = &fixture;
    let praise = book_praise(&fixture, 1000);
    let operator = world.person("operator");
    reverse(world, &operator, &praise, ReversalRight::Operator).unwrap();
    reverse(world, &operator, &praise, ReversalRight::Operator).unwrap();
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
    assert_eq!(used_room(world), [1000; 3]);
}

#[test]
fn disputed_and_paid_out_praises_cannot_be_returned() {
    for (state, reader_is_told) in
        [("disputed", Problem::WrongState), ("paid_out", Problem::TakeBackOver)]
    {
        let fixture = Fixture::new(Currency::Cny);
        let Fixture { world, account, reader, .. } = &fixture;
        let praise = book_praise(&fixture, 1000);
        world.set_now(deadlines(world, &praise).0);
        world.skip_self_check();
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
fn a_reversal_updates_the_wall_and_its_count() {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, article, reader, .. } = &fixture;
    let count = || {
        world.run(async |ctx| {
            let start = Cursor::parse(None).unwrap();
            let wall = wall::read(ctx.db, &article.slug, &start).await.unwrap().unwrap();
            wall.count
        })
    };
    let (first, second) = (book_praise(&fixture, 1000), book_praise(&fixture, 1000));
    let bo = world.person("bo");
    let mut quiet = world.praise_request(&bo, article, 1000);
    quiet.visibility = Visibility::Anonymous;
    world.pay(&world.start(&quiet).unwrap());
    assert_eq!(count(), 2);
    reverse(world, reader, &first, ReversalRight::Undo).unwrap();
    assert_eq!(count(), 2);
    reverse(world, reader, &second, ReversalRight::TakeBack).unwrap();
    assert_eq!(count(), 1);
    assert_eq!(world.number("SELECT persons_public FROM wall_count"), 0);
}

#[test]
fn a_reader_sees_the_possible_actions_and_their_deadlines() {
    let fixture = Fixture::new(Currency::Usd);
    let Fixture { world, article, reader, .. } = &fixture;
    let praise = book_praise(&fixture, 1000);
    let (undo_until, due_at) = deadlines(world, &praise);
    let look = |who: &Person| {
        world
            .run(async |ctx| reader_praises::find(ctx.db, &who.id, &praise, ctx.now).await.unwrap())
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
    // The reader takes back three other praises, and none is left for this one until next month.
    for left in [2, 1, 0] {
        let other = praise_of(world, &world.give_praise(reader, article, 1000));
        reverse(world, reader, &other, ReversalRight::TakeBack).unwrap();
        assert_eq!(look(reader).unwrap().take_backs_left, left);
    }
    assert_eq!(can(), []);
    world.set_now(due_at);
    assert_eq!(can(), []);
}

#[test]
fn the_visibility_can_change_while_the_praise_stands() {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, reader, .. } = &fixture;
    let praise = book_praise(&fixture, 1000);
    let change = |who: &Person, id: &str, to| {
        let right = VisibilityRight::Any;
        world.run(async |ctx| change_visibility(ctx.db, &who.id, id, to, right).await)
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
    reverse(world, reader, &praise, ReversalRight::Undo).unwrap();
    let refusal = change(reader, &praise, Visibility::Writer);
    assert_eq!(refusal, Err(Failure::Refused(Problem::WrongState)));
    world.run_jobs();
}

#[test]
fn the_holder_of_a_link_can_only_reduce_who_sees_a_praise() {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, reader, .. } = &fixture;
    let praise = book_praise(&fixture, 1000);
    let change = |to: Visibility, right| {
        world.run(async |ctx| change_visibility(ctx.db, &reader.id, &praise, to, right).await)
    };
    for &from in Visibility::ALL {
        for &to in Visibility::ALL {
            change(from, VisibilityRight::Any).unwrap();
            let changed = change(to, VisibilityRight::Narrow);
            assert_eq!(changed.is_ok(), to.is_within(from), "{from:?} to {to:?}: {changed:?}");
            let now = if to.is_within(from) { to } else { from };
            let stored = world.rows("SELECT visibility FROM praise");
            assert_eq!(stored[0]["visibility"], now.as_str(), "{from:?} to {to:?}");
        }
    }
    assert!(Visibility::Anonymous.is_within(Visibility::Writer));
    assert!(Visibility::Writer.is_within(Visibility::Public));
    assert!(!Visibility::Public.is_within(Visibility::Writer));
    assert!(!Visibility::Writer.is_within(Visibility::Anonymous));
}

/// One competing request of the race.
async fn compete(
    ctx: &Ctx<'_>,
    praise: &str,
    competitor: usize,
    slowly: u64,
    who: &[&Person; 3],
) -> Result<(), Failure> {
    let [reader, writer, operator] = who;
    match competitor {
        0 | 1 => reverse_praise(ctx, &reader.id, praise, ReversalRight::TakeBack).await,
        2 => reverse_praise(ctx, &writer.id, praise, ReversalRight::Writer).await,
        3 => reverse_praise(ctx, &operator.id, praise, ReversalRight::Operator).await,
        4 => reverse_praise(ctx, &reader.id, praise, ReversalRight::Undo).await,
        _ => {
            // The article is frozen in the meantime, sometimes after the other requests' first
            // step.
            let (article, rule) = ("snow".to_owned(), FreezeRule::Selling);
            let open = OpenFreeze { article, version: 1, rule };
            for _ in 0..slowly {
                yield_once().await;
            }
            let (freeze_id, _) = freeze::freeze(ctx, &operator.id, &open).await?;
            freeze::run(ctx, &freeze_id).await?;
            Ok(())
        }
    }
}

#[test]
fn of_concurrent_reversals_exactly_one_wins() {
    let mut outcomes = std::collections::BTreeSet::new();
    for seed in 0..60 {
        for after_undo in [false, true] {
            let fixture = Fixture::new(Currency::Cny);
            let Fixture { world, account, reader, .. } = &fixture;
            let praise = book_praise(&fixture, 1000);
            let operator = world.person("operator");
            if after_undo {
                world.set_now(deadlines(world, &praise).0);
            }
            let who = [reader, &account.owner, &operator];
            let ended = world.race(seed, 6, async |ctx, competitor| {
                compete(ctx, &praise, competitor, seed % 6, &who).await
            });
            for (competitor, answer) in ended.iter().enumerate() {
                let fine = match answer {
                    Ok(()) => true,
                    Err(Failure::Refused(Problem::ArticleFrozen)) => competitor <= 2,
                    Err(Failure::Refused(Problem::UndoOver)) => competitor == 4 && after_undo,
                    Err(Failure::Refused(Problem::NotFound)) => competitor == 2,
                    _ => false,
                };
                assert!(fine, "seed {seed}, competitor {competitor}: {answer:?}");
            }
            outcomes.insert(world.text("SELECT state_reason FROM praise"));
            world.run_jobs();
            assert_eq!(state(world, &praise), "returned", "seed {seed}");
            assert_eq!(world.count("refund"), 1);
            assert_eq!(world.sandbox.query("SELECT * FROM sandbox_refund").len(), 1);
            let undone = world.count("praise WHERE state_reason = 'undo'");
            assert_eq!(used_room(world), [1000 * (1 - undone); 3]);
        }
    }
    assert_eq!(outcomes.len(), 4, "not every competitor won at least once: {outcomes:?}");
}
