//! Policies: dated versions of the rules. An attempt keeps the version under which it started.

use edge::limits::policy::raise::{self, PolicyRaise};
use edge::limits::policy::version::{self, PolicyChange, PolicyVersion};
use shared::calendar::Moment;
use shared::money::Currency;
use shared::problem::Problem;

use crate::support::people::{Fixture, Person};
use crate::support::world::World;

/// The audit rows of added versions.
const ADDED: &str = "operator_audit WHERE action = 'policy.add'";

fn add(
    world: &World,
    currency: Currency,
    from: Moment,
    change: PolicyChange,
) -> Result<PolicyVersion, String> {
    let operator = world.person("operator");
    world
        .run(async |ctx| version::add(ctx.db, ctx.now, &operator.id, currency, from, &change).await)
        .map_err(|failure| {
            let problem = failure.problem();
            format!("{} {}", problem.code(), problem.field().unwrap_or_default())
        })
}

#[test]
fn a_version_is_in_force_from_its_start_for_its_currency() {
    for (currency, other) in [(Currency::Cny, Currency::Usd), (Currency::Usd, Currency::Cny)] {
        let Fixture { world, article, reader, .. } = Fixture::new(currency);
        let from = world.now().plus_minutes(60);
        let change = PolicyChange { praise_cap_minor: Some(500), ..PolicyChange::default() };
        let added = add(&world, currency, from, change).unwrap();
        assert_eq!((added.version, added.praise_cap_minor, added.hold_days), (2, 500, 7));

        let before = world.start(&world.praise_request(&reader, &article, 600));
        assert!(before.is_ok(), "{before:?}");
        world.advance_to(from);
        let refused = world.start(&world.praise_request(&reader, &article, 600)).unwrap_err();
        assert_eq!(refused.problem().code(), "rule.praise_cap");
        world.start(&world.praise_request(&reader, &article, 500)).unwrap();

        let held: Vec<_> = world
            .run(async |ctx| version::list(ctx.db).await.unwrap())
            .into_iter()
            .map(|one| (one.version, one.currency))
            .collect();
        let mut both = [(1, currency), (1, other)];
        both.sort_by_key(|(_, currency)| currency.code());
        assert_eq!(held, [[(2, currency)].as_slice(), &both].concat());
        assert_eq!(world.count(ADDED), 1);
    }
}

#[test]
fn invalid_versions_are_refused_by_field_and_store_nothing() {
    let Fixture { world, .. } = Fixture::new(Currency::Cny);
    let soon = world.now().plus_minutes(1);
    let none = PolicyChange::default();
    let before = world.count("policy");
    let late = add(&world, Currency::Cny, world.now().plus_seconds(-1), none.clone());
    assert_eq!(late.unwrap_err(), "field.invalid effective_from");
    // After a version with a distant date, nobody could change a rule any more.
    let distant = add(&world, Currency::Cny, world.now().plus_days(366), none.clone());
    assert_eq!(distant.unwrap_err(), "field.invalid effective_from");
    for (field, change) in [
        ("praise_min_minor", PolicyChange { praise_min_minor: Some(99), ..none.clone() }),
        ("praise_min_minor", PolicyChange { praise_min_minor: Some(20_001), ..none.clone() }),
        ("praise_cap_minor", PolicyChange { praise_cap_minor: Some(20_001), ..none.clone() }),
        ("reader_day_minor", PolicyChange { reader_day_minor: Some(19_999), ..none.clone() }),
        ("guest_day_minor", PolicyChange { guest_day_minor: Some(100_001), ..none.clone() }),
        ("article_day_minor", PolicyChange { article_day_minor: Some(-1), ..none.clone() }),
        ("writer_day_minor", PolicyChange { writer_day_minor: Some(1_999_999), ..none.clone() }),
        ("hold_days", PolicyChange { hold_days: Some(0), ..none.clone() }),
        ("undo_minutes", PolicyChange { undo_minutes: Some(1441), ..none.clone() }),
        ("receivers", PolicyChange { receivers: Some("nobody".into()), ..none.clone() }),
    ] {
        let refused = add(&world, Currency::Cny, soon, change).unwrap_err();
        assert_eq!(refused, format!("field.invalid {field}"));
    }
    assert_eq!((world.count("policy"), world.count(ADDED)), (before, 0));

    // Versions are added in chronological order: none can be inserted before one that exists.
    add(&world, Currency::Cny, soon.plus_minutes(5), none.clone()).unwrap();
    let between = add(&world, Currency::Cny, soon, none.clone());
    assert_eq!(between.unwrap_err(), "field.invalid effective_from");
    add(&world, Currency::Usd, soon, none).unwrap();
}

#[test]
fn of_two_concurrent_versions_one_is_told_to_retry() {
    let Fixture { world, .. } = Fixture::new(Currency::Usd);
    let operator = world.person("operator");
    let from = world.now().plus_minutes(1);
    for seed in 0..20 {
        let from = from.plus_minutes(seed as i64);
        let change = PolicyChange::default();
        let ended = world.race(seed, 2, async |ctx, _| {
            version::add(ctx.db, ctx.now, &operator.id, Currency::Usd, from, &change).await
        });
        assert_eq!(ended.iter().filter(|one| one.is_ok()).count(), 1, "{ended:?}");
    }
    assert_eq!(world.count("policy WHERE currency = 'USD'"), 21);
}

/// Proposes to double the reader's day.
fn propose(world: &World, operator: &Person, not_before: Moment) -> PolicyRaise {
    let change = PolicyChange { reader_day_minor: Some(200_000), ..PolicyChange::default() };
    world.run(async |ctx| {
        let why = "Readers ask for it.";
        raise::propose(ctx, &operator.id, Currency::Cny, not_before, &change, why).await.unwrap()
    })
}

fn approve(
    world: &World,
    operator: &Person,
    proposal: &PolicyRaise,
) -> Result<PolicyVersion, Problem> {
    world
        .run(async |ctx| {
            raise::approve(ctx, &operator.id, &proposal.id, &proposal.shown_hash).await
        })
        .map_err(|failure| failure.problem())
}

#[test]
fn one_operator_lowers_a_cap_and_does_not_raise_it() {
    let world = World::new();
    let from = world.now().plus_days(2);
    let none = PolicyChange::default();
    for (field, change) in [
        ("reader_day_minor", PolicyChange { reader_day_minor: Some(100_001), ..none.clone() }),
        ("payer_day_minor", PolicyChange { payer_day_minor: Some(100_001), ..none.clone() }),
        ("article_day_minor", PolicyChange { article_day_minor: Some(2_000_001), ..none.clone() }),
        ("writer_day_minor", PolicyChange { writer_day_minor: Some(5_000_001), ..none.clone() }),
    ] {
        let refused = add(&world, Currency::Cny, from, change).unwrap_err();
        assert_eq!(refused, format!("field.invalid {field}"));
    }
    let change = PolicyChange { reader_day_minor: Some(50_000), ..none.clone() };
    add(&world, Currency::Cny, from, change).unwrap();
    // Back to the former value is a raise, too.
    let change = PolicyChange { reader_day_minor: Some(100_000), ..none };
    let refused = add(&world, Currency::Cny, from.plus_days(1), change).unwrap_err();
    assert_eq!(refused, "field.invalid reader_day_minor");
}

#[test]
fn two_operators_raise_a_cap_a_day_later() {
    let world = World::new();
    let [olga, otto] = ["olga", "otto"].map(|name| world.person(name));
    let proposal = propose(&world, &olga, world.now());
    assert_eq!(propose(&world, &olga, world.now()), proposal, "idempotent");
    assert_eq!(world.count("policy_raise"), 1);
    assert_eq!(approve(&world, &olga, &proposal), Err(Problem::TwoPersons));
    let other = PolicyRaise { shown_hash: "another".to_owned(), ..proposal.clone() };
    assert_eq!(approve(&world, &otto, &other), Err(Problem::WrongState));
    world.advance_minutes(90);
    let added = approve(&world, &otto, &proposal).unwrap();
    assert_eq!(added.effective_from, world.now().plus_days(1));
    assert_eq!(added.reader_day_minor, 200_000);
    assert_eq!(approve(&world, &otto, &proposal), Ok(added.clone()), "idempotent");
    assert_eq!(approve(&world, &world.person("third"), &proposal), Err(Problem::WrongState));
    let actions = world.rows("SELECT action FROM operator_audit ORDER BY at, id");
    assert_eq!(actions.len(), 2, "{actions:?}");
    let listed = world.run(async |ctx| raise::list(ctx.db).await.unwrap());
    assert_eq!(listed[0].version, Some(added.version));
    let withdrawn = world.run(async |ctx| raise::withdraw(ctx, &olga.id, &proposal.id).await);
    assert_eq!(withdrawn.map_err(|failure| failure.problem()), Err(Problem::WrongState));
}

#[test]
fn a_raise_waits_for_the_later_of_its_date_and_a_day() {
    let world = World::new();
    let [olga, otto] = ["olga", "otto"].map(|name| world.person(name));
    let later = world.now().plus_days(30);
    let proposal = propose(&world, &olga, later);
    assert_eq!(approve(&world, &otto, &proposal).unwrap().effective_from, later);
}

#[test]
fn a_proposal_ends_when_it_is_withdrawn_or_another_version_comes_first() {
    let world = World::new();
    let [olga, otto] = ["olga", "otto"].map(|name| world.person(name));
    let withdrawn = propose(&world, &olga, world.now());
    for _ in 0..2 {
        world.run(async |ctx| raise::withdraw(ctx, &otto.id, &withdrawn.id).await.unwrap());
    }
    assert_eq!(approve(&world, &otto, &withdrawn), Err(Problem::WrongState));
    let overtaken = propose(&world, &olga, world.now());
    let change = PolicyChange { hold_days: Some(9), ..PolicyChange::default() };
    add(&world, Currency::Cny, world.now().plus_minutes(1), change).unwrap();
    assert_eq!(approve(&world, &otto, &overtaken), Err(Problem::WrongState));
    assert_eq!(world.count("policy WHERE reader_day_minor = 200000"), 0);
}
