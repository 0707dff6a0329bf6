//! A writer says thank you, once, and it reaches whoever praised.

use edge::database::DatabaseError;
use edge::failure::Failure;
use edge::pagination::Cursor;
use edge::payments::reply;
use edge::payments::reversal::{ReversalRight, reverse_praise};
use edge::queries::{gifts, studio};
use shared::api::Reply;
use shared::calendar::Moment;
use shared::machine::Visibility;
use shared::money::Currency;
use shared::problem::Problem;
use shared::text::TextError;

use crate::give_back::{given, praise_of};
use crate::world::people::{Person, Stage};
use crate::world::{Wish, World};

fn say(world: &World, who: &Person, praise: &str, text: &str) -> Result<(), Failure> {
    world.act(async |ctx| reply::reply(ctx.db, ctx.now, &who.id, praise, text).await)
}

fn refused(world: &World, who: &Person, praise: &str, text: &str) -> Problem {
    let before = world.everything();
    let answer = say(world, who, praise, text);
    assert_eq!(world.everything(), before, "what was refused has changed something");
    match answer {
        Err(Failure::Refused(problem)) => problem,
        other => panic!("it was not refused: {other:?}"),
    }
}

/// What the reader and the writer read.
fn read(stage: &Stage, praise: &str) -> (Option<Reply>, Option<Reply>) {
    let (reader, writer) = (&stage.reader.id, &stage.account.owner.id);
    let newest = Cursor::parse(None).unwrap();
    stage.world.act(async |ctx| {
        let one = gifts::one(ctx.db, reader, praise, ctx.now).await.unwrap().unwrap();
        let list = gifts::list(ctx.db, reader, &newest).await.unwrap();
        assert_eq!(list.items[0].reply, one.praise.reply);
        let handle = &stage.account.handle;
        let theirs = studio::praises(ctx.db, writer, handle, &newest, ctx.now).await.unwrap();
        let theirs = theirs.unwrap().items.first().and_then(|praise| praise.reply.clone());
        let same = studio::praise(ctx.db, writer, praise, ctx.now).await.unwrap();
        assert_eq!(same.and_then(|same| same.praise.reply), theirs);
        (one.praise.reply, theirs)
    })
}

#[test]
fn a_reply_is_said_once_and_reaches_an_anonymous_reader() {
    let stage = Stage::new(Currency::Cny);
    let Stage { world, account, article, reader, .. } = &stage;
    let wish = world.wish(reader, article, 1000);
    let intent = world.start(&Wish { visibility: Visibility::Anonymous, ..wish }).unwrap();
    world.pay(&intent);
    let praise = praise_of(world, &intent);
    let writer = &account.owner;
    assert_eq!(read(&stage, &praise), (None, None));
    // Before the reader's minutes are over there is nothing to reply to.
    assert_eq!(refused(world, writer, &praise, "谢谢"), Problem::NotFound);
    world.set_now(world.now().plus_minutes(10));
    for stranger in [reader, &world.person("zoe")] {
        assert_eq!(refused(world, stranger, &praise, "谢谢"), Problem::NotFound);
    }
    for (text, error) in [
        ("", TextError::Empty),
        (" \u{200B}\n", TextError::Empty),
        (&"谢".repeat(141), TextError::TooLong(140)),
    ] {
        assert_eq!(refused(world, writer, &praise, text), Problem::Text { field: "text", error });
    }
    say(world, writer, &praise, "  谢谢你！\n").unwrap();
    let said = Some(Reply { text: "谢谢你！".to_owned(), replied_at: world.now() });
    assert_eq!(read(&stage, &praise), (said.clone(), said.clone()));
    // Sent twice it is one reply; another is refused, and the first stays.
    world.set_now(world.now().plus_minutes(1));
    say(world, writer, &praise, "谢谢你！").unwrap();
    assert_eq!(refused(world, writer, &praise, "再谢谢你！"), Problem::WrongState);
    assert_eq!(read(&stage, &praise).0, said);
}

#[test]
fn there_is_no_reply_to_what_went_back_and_what_was_said_stays_said() {
    let stage = Stage::new(Currency::Usd);
    let Stage { world, account, reader, .. } = &stage;
    let writer = &account.owner;
    let back = |praise: &str, right| {
        world.act(async |ctx| reverse_praise(ctx, &reader.id, praise, right).await).unwrap();
    };
    let undone = given(&stage, 300);
    back(&undone, ReversalRight::Undo);
    let (thanked, taken) = (given(&stage, 400), given(&stage, 500));
    world.set_now(world.now().plus_minutes(10));
    assert_eq!(refused(world, writer, &undone, "thank you"), Problem::NotFound);
    back(&taken, ReversalRight::TakeBack);
    assert_eq!(refused(world, writer, &taken, "thank you"), Problem::WrongState);
    say(world, writer, &thanked, "thank you").unwrap();
    back(&thanked, ReversalRight::TakeBack);
    let one = world.act(async |ctx| gifts::one(ctx.db, &reader.id, &thanked, ctx.now).await);
    let reply = one.unwrap().unwrap().praise.reply.unwrap();
    assert_eq!(reply, Reply { text: "thank you".to_owned(), replied_at: world.now() });
    assert!(reply.replied_at > Moment::from_ms(0));
}

#[test]
fn the_record_refuses_what_the_use_case_would() {
    let stage = Stage::new(Currency::Cny);
    let world = &stage.world;
    let praise = given(&stage, 1000);
    let insert = |at: Moment| {
        format!("INSERT INTO praise_reply VALUES ('{praise}', 'thank you', {})", at.ms())
    };
    let rule = |sql: &str| world.product.raw(sql).unwrap_err();
    let named = |name: &str| DatabaseError::Rule(name.to_owned());
    assert_eq!(rule(&insert(world.now())), named("reply_closed"));
    let later = world.now().plus_minutes(10);
    world.product.raw(&insert(later)).unwrap();
    assert_eq!(rule(&insert(later)), named("exists"));
    assert_eq!(rule("UPDATE praise_reply SET text = 'x'"), named("append_only"));
    assert_eq!(rule("DELETE FROM praise_reply"), named("append_only"));
}
