//! Replies: a writer thanks a reader once, and the reader sees it.

use edge::database::DatabaseError;
use edge::failure::Failure;
use edge::pagination::Cursor;
use edge::payments::reply;
use edge::payments::reversal::{ReversalRight, reverse_praise};
use edge::queries::{reader_praises, studio};
use shared::api::Reply;
use shared::calendar::Moment;
use shared::machine::Visibility;
use shared::money::Currency;
use shared::problem::Problem;
use shared::text::TextError;

use crate::payments::reversal::{book_praise, praise_of};
use crate::support::people::{Fixture, Person};
use crate::support::world::{PraiseRequest, World};

fn reply(world: &World, who: &Person, praise: &str, text: &str) -> Result<(), Failure> {
    world.run(async |ctx| reply::reply(ctx.db, ctx.now, &who.id, praise, text).await)
}

fn refused(world: &World, who: &Person, praise: &str, text: &str) -> Problem {
    let before = world.dump();
    let answer = reply(world, who, praise, text);
    assert_eq!(world.dump(), before, "a refused reply changed something");
    match answer {
        Err(Failure::Refused(problem)) => problem,
        other => panic!("it was not refused: {other:?}"),
    }
}

/// The reply as the reader and as the writer see it.
fn shown_replies(fixture: &Fixture, praise: &str) -> (Option<Reply>, Option<Reply>) {
    let (reader, writer) = (&fixture.reader.id, &fixture.account.owner.id);
    let newest = Cursor::parse(None).unwrap();
    fixture.world.run(async |ctx| {
        let one = reader_praises::find(ctx.db, reader, praise, ctx.now).await.unwrap().unwrap();
        let list = reader_praises::list(ctx.db, reader, &newest).await.unwrap();
        assert_eq!(list.items[0].reply, one.praise.reply);
        let handle = &fixture.account.handle;
        let theirs = studio::list_praises(ctx.db, writer, handle, &newest, ctx.now).await.unwrap();
        let theirs = theirs.unwrap().items.first().and_then(|praise| praise.reply.clone());
        let same = studio::find_praise(ctx.db, writer, praise, ctx.now).await.unwrap();
        assert_eq!(same.and_then(|same| same.praise.reply), theirs);
        (one.praise.reply, theirs)
    })
}

#[test]
fn a_reply_is_sent_once_and_reaches_an_anonymous_reader() {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, account, article, reader, .. } = &fixture;
    let request = world.praise_request(reader, article, 1000);
    let intent =
        world.start(&PraiseRequest { visibility: Visibility::Anonymous, ..request }).unwrap();
    world.pay(&intent);
    let praise = praise_of(world, &intent);
    let writer = &account.owner;
    assert_eq!(shown_replies(&fixture, &praise), (None, None));
    // Before the undo window is over there is nothing to reply to.
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
    reply(world, writer, &praise, "  谢谢你！\n").unwrap();
    let said = Some(Reply { text: "谢谢你！".to_owned(), replied_at: world.now() });
    assert_eq!(shown_replies(&fixture, &praise), (said.clone(), said.clone()));
    // Sending the same reply twice is idempotent. A different one is refused, and the first stays.
    world.set_now(world.now().plus_minutes(1));
    reply(world, writer, &praise, "谢谢你！").unwrap();
    assert_eq!(refused(world, writer, &praise, "再谢谢你！"), Problem::WrongState);
    assert_eq!(shown_replies(&fixture, &praise).0, said);
}

#[test]
fn a_returned_praise_gets_no_reply_and_keeps_an_earlier_one() {
    let fixture = Fixture::new(Currency::Usd);
    let Fixture { world, account, reader, .. } = &fixture;
    let writer = &account.owner;
    let back = |praise: &str, right| {
        world.run(async |ctx| reverse_praise(ctx, &reader.id, praise, right).await).unwrap();
    };
    let undone = book_praise(&fixture, 300);
    back(&undone, ReversalRight::Undo);
    let (thanked, taken) = (book_praise(&fixture, 400), book_praise(&fixture, 500));
    world.set_now(world.now().plus_minutes(10));
    assert_eq!(refused(world, writer, &undone, "thank you"), Problem::NotFound);
    back(&taken, ReversalRight::TakeBack);
    assert_eq!(refused(world, writer, &taken, "thank you"), Problem::WrongState);
    reply(world, writer, &thanked, "thank you").unwrap();
    back(&thanked, ReversalRight::TakeBack);
    let one =
        world.run(async |ctx| reader_praises::find(ctx.db, &reader.id, &thanked, ctx.now).await);
    let reply = one.unwrap().unwrap().praise.reply.unwrap();
    assert_eq!(reply, Reply { text: "thank you".to_owned(), replied_at: world.now() });
    assert!(reply.replied_at > Moment::from_ms(0));
}

#[test]
fn the_schema_refuses_what_the_use_case_refuses() {
    let fixture = Fixture::new(Currency::Cny);
    let world = &fixture.world;
    let praise = book_praise(&fixture, 1000);
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
