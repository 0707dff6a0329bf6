//! Ten undos a day per human, because the operator pays the provider for each payment and its refund.

use edge::failure::Failure;
use edge::payments::reversal::{ReversalRight, reverse_praise};
use edge::queries::reader_praises;
use shared::api::PraiseAction;
use shared::limits::UNDOS_PER_DAY;
use shared::money::Currency;
use shared::problem::Problem;

use crate::payments::reversal::praise_of;
use crate::support::people::{Article, Fixture, Person};
use crate::support::world::World;

/// Gives the smallest praise and returns its id.
fn give(world: &World, reader: &Person, article: &Article) -> String {
    praise_of(world, &world.give_praise(reader, article, 100))
}

fn undo(world: &World, reader: &Person, praise_id: &str) -> Result<(), Problem> {
    let undone = world
        .run(async |ctx| reverse_praise(ctx, &reader.id, praise_id, ReversalRight::Undo).await);
    match undone {
        Ok(()) => Ok(()),
        Err(Failure::Refused(problem)) => Err(problem),
        Err(failure) => panic!("{failure:?}"),
    }
}

#[test]
fn the_eleventh_undo_of_a_day_waits_for_the_next_day_of_the_currency() {
    for (currency, until_next_day) in [(Currency::Cny, 5), (Currency::Usd, 5)] {
        // Five minutes before the day of the currency ends.
        let moment = match currency {
            Currency::Cny => "2026-11-22T15:55:00Z",
            Currency::Usd => "2026-11-22T23:55:00Z",
        };
        let Fixture { world, article, reader, .. } = Fixture::at(moment, currency);
        for n in 0..UNDOS_PER_DAY {
            assert_eq!(undo(&world, &reader, &give(&world, &reader, &article)), Ok(()), "{n}");
        }
        let praise_id = give(&world, &reader, &article);
        let before = world.dump();
        let next_day = world.now().plus_minutes(until_next_day);
        let refused = undo(&world, &reader, &praise_id).unwrap_err();
        assert_eq!(refused, Problem::UndoDay { reopens_at: next_day });
        assert_eq!(world.dump(), before);
        let seen = || {
            let find = world.run(async |ctx| {
                reader_praises::find(ctx.db, &reader.id, &praise_id, ctx.now).await.unwrap()
            });
            find.unwrap()
        };
        let can_undo = || seen().can.iter().any(|option| option.action == PraiseAction::Undo);
        assert_eq!((can_undo(), seen().undos_left), (false, 0));
        assert_eq!(seen().undo_reopens_at, Some(next_day));
        // The praise is still within its ten minutes.
        world.set_now(next_day);
        assert_eq!((can_undo(), seen().undo_reopens_at), (true, None));
        assert_eq!(seen().undos_left, UNDOS_PER_DAY);
        assert_eq!(undo(&world, &reader, &praise_id), Ok(()));
        assert_eq!(seen().undos_left, UNDOS_PER_DAY - 1);
    }
}

#[test]
fn all_sign_ins_of_a_human_share_the_undos() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let other = world.person("bo");
    world.link(&reader, &other);
    for n in 0..UNDOS_PER_DAY {
        let who = if n % 2 == 0 { &reader } else { &other };
        assert_eq!(undo(&world, who, &give(&world, who, &article)), Ok(()));
    }
    for who in [&reader, &other] {
        let refused = undo(&world, who, &give(&world, who, &article)).unwrap_err();
        assert_eq!(refused.code(), "rule.undo_day");
    }
    // Other people are not affected, and a repetition does not count.
    let stranger = world.person("cai");
    let praise_id = give(&world, &stranger, &article);
    for _ in 0..UNDOS_PER_DAY + 1 {
        assert_eq!(undo(&world, &stranger, &praise_id), Ok(()));
    }
}

#[test]
fn of_concurrent_undos_exactly_ten_are_accepted() {
    for seed in 0..10 {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let praises: Vec<_> = (0..13).map(|_| give(&world, &reader, &article)).collect();
        let ended = world.race(seed, 13, async |ctx, n| {
            reverse_praise(ctx, &reader.id, &praises[n], ReversalRight::Undo).await
        });
        let accepted = ended.iter().filter(|one| one.is_ok()).count() as i64;
        assert_eq!(accepted, UNDOS_PER_DAY, "seed {seed}");
        assert_eq!(world.number("SELECT sum(used) FROM undo_day"), UNDOS_PER_DAY);
    }
}
