//! The life of a freeze: who may do what, until when, and what happens to the praises at each
//! deadline.

use edge::failure::Failure;
use edge::payments::freeze;
use edge::queries::freezes;
use shared::limits::APPEAL_MAX_GRAPHEMES;
use shared::machine::{FreezeEnd, FreezeRule, FreezeState};
use shared::money::Currency;
use shared::problem::Problem;
use shared::text::TextError;

use super::{audit, balances, moment, praise_states, settle_only, state};
use crate::support::people::{Article, Fixture, Person};
use crate::support::world::World;

fn appeal(world: &World, writer: &Person, article: &Article, text: &str) -> Result<(), Failure> {
    world.run(async |ctx| freeze::appeal(ctx, &writer.id, &article.slug, text).await)
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> Problem {
    match outcome {
        Err(Failure::Refused(problem)) => problem,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn without_an_appeal_everything_is_returned_after_seven_days() {
    for currency in Currency::ALL {
        let Fixture { world, article, reader, .. } = Fixture::new(currency);
        world.give_praise(&reader, &article, 1000);
        world.give_praise(&world.person("bo"), &article, 500);
        let opened = world.now();
        let freeze_id = world.freeze_article(&article);
        assert_eq!(praise_states(&world), "held 2");
        world.run_jobs();
        assert_eq!(praise_states(&world), "frozen 2");
        assert_eq!(balances(&world), [-1500, 0, 0], "a freeze moves no money");
        let until = moment(&world, "appeal_until");
        assert_eq!(until.ms(), opened.ms() + 7 * 24 * 3_600_000);
        // The due date passes in the meantime and nothing happens.
        world.advance_to(shared::calendar::Moment::from_ms(until.ms() - 1));
        assert_eq!(
            (praise_states(&world).as_str(), state(&world, &freeze_id).as_str()),
            ("frozen 2", "open")
        );
        world.advance_to(until);
        assert_eq!(state(&world, &freeze_id), "returned");
        world.advance_minutes(2);
        assert_eq!(praise_states(&world), "returned 2");
        assert_eq!(balances(&world), [0, 0, 0]);
        assert_eq!(world.events("freeze"), [">open", "open>returning", "returning>returned"],);
        assert_eq!(
            world.count(
                "event WHERE machine = 'praise' AND to_state = 'returning'
                         AND reason = 'appeal_missed'"
            ),
            2
        );
        assert_eq!(world.text("SELECT status FROM article"), "frozen", "for good");
    }
}

#[test]
fn an_undecided_appeal_fails_after_fourteen_days() {
    for currency in Currency::ALL {
        let Fixture { world, account, article, reader } = Fixture::new(currency);
        world.give_praise(&reader, &article, 1000);
        let freeze_id = world.freeze_article(&article);
        let until = moment(&world, "appeal_until");
        // The last moment for an appeal.
        world.advance_to(shared::calendar::Moment::from_ms(until.ms() - 1));
        appeal(&world, &account.owner, &article, "It is my own work.").unwrap();
        let decide = moment(&world, "decide_until");
        assert_eq!(decide.ms(), world.now().ms() + 14 * 24 * 3_600_000);
        world.advance_to(shared::calendar::Moment::from_ms(decide.ms() - 1));
        assert_eq!(
            (praise_states(&world).as_str(), state(&world, &freeze_id).as_str()),
            ("frozen 1", "appealed")
        );
        world.advance_to(decide);
        world.advance_minutes(2);
        assert_eq!(
            (praise_states(&world).as_str(), state(&world, &freeze_id).as_str()),
            ("returned 1", "returned")
        );
        assert_eq!(balances(&world), [0, 0, 0]);
        assert_eq!(world.text("SELECT state_reason FROM refund"), "appeal_undecided");
    }
}

#[test]
fn an_appeal_is_refused_after_its_deadline() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    let freeze_id = world.freeze_article(&article);
    world.run_jobs();
    let until = moment(&world, "appeal_until");
    // The job has not run yet.
    world.set_now(until);
    let over = appeal(&world, &account.owner, &article, "Late.");
    assert_eq!(refused(over), Problem::AppealOver);
    assert_eq!(state(&world, &freeze_id), "open");
    world.advance_to(until.plus_minutes(2));
    let over = appeal(&world, &account.owner, &article, "Later still.");
    assert_eq!(refused(over), Problem::AppealOver);
}

#[test]
fn only_the_writer_appeals_and_only_once() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    let writer = &account.owner;
    assert_eq!(refused(appeal(&world, writer, &article, "What?")), Problem::NotFound);
    let freeze_id = world.freeze_article(&article);
    assert_eq!(refused(appeal(&world, &reader, &article, "Not mine")), Problem::NotFound);
    let other = world.account(&world.person("dot"), "dot-writes", Currency::Cny);
    assert_eq!(refused(appeal(&world, &other.owner, &article, "Not mine")), Problem::NotFound);
    let empty = refused(appeal(&world, writer, &article, " \n "));
    assert_eq!(empty, Problem::Text { field: "text", error: TextError::Empty });
    let long = "a".repeat(APPEAL_MAX_GRAPHEMES + 1);
    let long = refused(appeal(&world, writer, &article, &long));
    let too_long = TextError::TooLong(APPEAL_MAX_GRAPHEMES);
    assert_eq!(long, Problem::Text { field: "text", error: too_long });
    assert_eq!(state(&world, &freeze_id), "open");
    appeal(&world, writer, &article, &"好".repeat(APPEAL_MAX_GRAPHEMES)).unwrap();
    let decide = moment(&world, "decide_until");
    world.advance_minutes(5);
    appeal(&world, writer, &article, &"好".repeat(APPEAL_MAX_GRAPHEMES)).unwrap();
    assert_eq!(refused(appeal(&world, writer, &article, "Once more")), Problem::WrongState);
    assert_eq!(state(&world, &freeze_id), "appealed");
    assert_eq!(world.events("freeze"), [">open", "open>appealed"]);
    assert_eq!(moment(&world, "decide_until"), decide, "a repeated appeal gains no time");
}

#[test]
fn after_lifting_praises_continue_by_their_own_dates() {
    for currency in Currency::ALL {
        let Fixture { world, account, article, reader } = Fixture::new(currency);
        // One praise is due before the freeze, one becomes due during it, and one only after it.
        world.give_praise(&reader, &article, 100);
        world.set_now(world.now().plus_days(8));
        settle_only(&world);
        world.give_praise(&reader, &article, 200);
        world.set_now(world.now().plus_days(6));
        world.give_praise(&reader, &article, 400);
        let freeze_id = world.freeze_article(&article);
        world.run_jobs();
        assert_eq!(praise_states(&world), "frozen 3");
        assert_eq!(balances(&world), [-600, -100, 0]);
        world.advance_to(world.now().plus_days(3));
        assert_eq!(balances(&world), [-600, -100, 0], "nothing becomes due during a freeze");
        world.end_freeze(&freeze_id, FreezeEnd::Unfreeze);
        assert_eq!(world.text("SELECT status FROM article"), "published");
        world.run(async |ctx| freeze::run(ctx, &freeze_id).await.unwrap());
        assert_eq!(state(&world, &freeze_id), "lifted");
        assert_eq!(balances(&world), [-400, -300, 0]);
        let states = world.rows("SELECT amount_minor, state FROM praise ORDER BY amount_minor");
        let states: Vec<_> = states.iter().map(|row| row["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["due", "due", "held"]);
        let due_at = world.number("SELECT due_at FROM praise WHERE amount_minor = 400");
        let job = format!(
            "job WHERE kind = 'settle' AND subject_id = '{}:{due_at}' AND done_at IS NULL
               AND due_at = {due_at}",
            account.id
        );
        assert_eq!(world.count(&job), 1, "a settlement job is scheduled for its due date");
        let woken = format!("job WHERE kind = 'pay_out' AND subject_id = '{}'", account.id);
        assert_eq!(world.count(&woken), 1, "a payout job is scheduled for what is due");
        assert_eq!(world.events("freeze"), [">open", "open>lifted"]);
        world.advance_minutes(60);
        assert_eq!(praise_states(&world), "held 1, paid_out 2");
        assert_eq!(balances(&world), [-400, 0, 0]);
        // The article accepts praises again and can be frozen again.
        world.give_praise(&reader, &article, 800);
        assert_ne!(world.freeze_article(&article), freeze_id);
    }
}

#[test]
fn a_second_freeze_during_the_release_decides() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    let first = world.freeze_article(&article);
    world.run_jobs();
    world.end_freeze(&first, FreezeEnd::Unfreeze);
    let second = world.freeze_article(&article);
    world.run_jobs();
    assert_eq!(
        (state(&world, &first).as_str(), state(&world, &second).as_str()),
        ("lifted", "open")
    );
    assert_eq!(praise_states(&world), "frozen 1");
    world.end_freeze(&second, FreezeEnd::Unfreeze);
    world.run_jobs();
    assert_eq!(praise_states(&world), "held 1");
}

#[test]
fn a_freeze_is_opened_once_under_one_rule() {
    let Fixture { world, article, .. } = Fixture::new(Currency::Cny);
    let (chen, ruth) = (world.person("chen"), world.person("ruth"));
    let open = |operator: &Person, slug: &str, rule| {
        let open = world.freeze_request(slug, rule);
        world.run(async |ctx| freeze::freeze(ctx, &operator.id, &open).await)
    };
    assert_eq!(refused(open(&chen, "no-such-article", FreezeRule::Perks)), Problem::NotFound);
    let (id, new) = open(&chen, &article.slug, FreezeRule::Perks).unwrap();
    assert!(new);
    assert_eq!(open(&ruth, &article.slug, FreezeRule::Perks).unwrap(), (id.clone(), false));
    let other = open(&ruth, &article.slug, FreezeRule::Unlawful);
    assert_eq!(refused(other), Problem::WrongState);
    assert_eq!((world.count("freeze"), audit(&world).len()), (1, 1));
    assert_eq!(audit(&world), [format!("{} freeze.open {id}", chen.id)]);
}

#[test]
fn concurrent_freezes_make_one_freeze() {
    for seed in 0..20 {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        world.give_praise(&reader, &article, 1000);
        let operators: Vec<_> = (0..4).map(|n| world.person(&format!("operator-{n}"))).collect();
        let open = world.freeze_request(&article.slug, FreezeRule::Gambling);
        let outcomes =
            world.race(seed, 4, async |ctx, n| freeze::freeze(ctx, &operators[n].id, &open).await);
        let new = outcomes.iter().filter(|one| matches!(one, Ok((_, true)))).count();
        assert_eq!(new, 1, "seed {seed}: {outcomes:?}");
        assert_eq!((world.count("freeze"), audit(&world).len()), (1, 1));
    }
}

#[test]
fn a_payment_during_freezing_is_frozen_or_returned() {
    let (mut frozen, mut back) = (0, 0);
    for seed in 0..30 {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        let operator = world.person("chen");
        let intent_id = world.start_praise(&reader, &article, 1000);
        let message = world
            .at_cashier(&intent_id, edge::provider::sandbox::cashier::CashierAction::Pay)
            .remove(0);
        let open = world.freeze_request(&article.slug, FreezeRule::Selling);
        world.race(seed, 2, async |ctx, n| {
            if n == 0 {
                freeze::freeze(ctx, &operator.id, &open).await.unwrap();
            } else if let edge::payments::webhook::Received::Stored(message) =
                edge::payments::webhook::receive(ctx, &message).await.unwrap()
            {
                edge::payments::webhook::process(ctx, &message).await.unwrap();
            }
        });
        world.advance_minutes(2);
        match world.state_of(&intent_id).as_str() {
            "paid" => {
                assert_eq!(praise_states(&world), "frozen 1");
                frozen += 1;
            }
            "returned" => {
                assert_eq!(world.text("SELECT state FROM refund"), "succeeded");
                back += 1;
            }
            other => panic!("seed {seed}: {other}"),
        }
    }
    assert!(frozen > 0 && back > 0, "{frozen} frozen, {back} went back");
}

#[test]
fn operator_and_writer_see_the_state_and_the_writer_no_amounts() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Usd);
    world.give_praise(&reader, &article, 1000);
    world.give_praise(&reader, &article, 500);
    let freeze_id = world.freeze_article(&article);
    world.run_jobs();
    let seen = || {
        let read =
            world.run(async |ctx| freezes::find_for_operator(ctx.db, &freeze_id).await.unwrap());
        read.unwrap()
    };
    let freeze = seen();
    assert_eq!((freeze.counts.praises, freeze.counts.amount.minor), (2, 1500));
    assert_eq!(freeze.praises.len(), 1);
    assert_eq!(freeze.action, None);
    let action = world.propose(&world.person("chen"), &freeze_id, FreezeEnd::MassReturn);
    assert_eq!(seen().action, Some(action));
    let own = |writer: &Person| {
        world.run(async |ctx| {
            freezes::find_for_writer(ctx.db, &writer.id, &article.slug).await.unwrap()
        })
    };
    assert_eq!(own(&reader), None);
    let theirs = own(&account.owner).unwrap();
    assert_eq!(theirs.state, FreezeState::Open);
    assert_eq!(theirs, seen().freeze);
    world.approve(&world.person("ruth"), seen().action.as_ref().unwrap()).unwrap();
    world.advance_minutes(5);
    let freeze = seen();
    assert_eq!((freeze.counts.praises, freeze.counts.amount.minor), (0, 0));
    assert_eq!(freeze.praises[0].praises, 2);
    assert_eq!(freeze.freeze.state_reason.as_deref(), Some("mass_return"));
}
