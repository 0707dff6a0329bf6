//! The operator's own money at the provider: two operators add, withdraw and correct it.

use edge::provider::sandbox::bills::Line;
use shared::api::reconciliation::{FundsTransfer, OurRow};
use shared::money::Currency::Usd;
use shared::money::Money;

use super::*;

fn propose(world: &World, minor: i64, reference: &str) -> Result<FundsTransfer, Problem> {
    let operator = world.person("op");
    world
        .run(async |ctx| {
            let amount = Money::new(minor, Usd);
            reconcile::funds::propose(ctx, &operator.id, amount, reference, "For the fees").await
        })
        .map_err(|failure| failure.problem())
}

fn approve(world: &World, name: &str, transfer: &FundsTransfer) -> Result<FundsTransfer, Problem> {
    let operator = world.person(name);
    world
        .run(async |ctx| {
            reconcile::funds::approve(ctx, &operator.id, &transfer.id, &transfer.shown_hash).await
        })
        .map_err(|failure| failure.problem())
}

#[test]
fn two_operators_add_funds_that_pay_the_fees() {
    let fixture = Fixture::new(Usd);
    let Fixture { world, article, reader, .. } = &fixture;
    world.give_praise(reader, article, 1000);
    process_bills_of(world, Usd, first_day());
    let proposal = propose(world, 5000, "bank-1").unwrap();
    assert_eq!(propose(world, 5000, "bank-1").unwrap(), proposal);
    assert_eq!(world.balance("operator_funds"), 0);
    assert_eq!(approve(world, "op", &proposal).unwrap_err(), Problem::TwoPersons);
    let booked = approve(world, "other-op", &proposal).unwrap();
    let before = books(world);
    assert_eq!(approve(world, "other-op", &proposal).unwrap(), booked);
    assert_eq!(approve(world, "third-op", &proposal).unwrap_err(), Problem::WrongState);
    assert_eq!(world.balance("provider_settled"), 1000 - 59 + 5000);
    assert_eq!(world.balance("operator_funds"), -5000);
    assert_eq!(world.count("operator_audit WHERE action = 'funds.add'"), 1);
    for (minor, reference, code) in [
        (6000, "bank-1", "taken"),
        (0, "bank-2", "field.invalid"),
        (1, "", "field.invalid"),
        (1, "a b", "field.invalid"),
        (1, &"x".repeat(65), "field.invalid"),
    ] {
        let refused = propose(world, minor, reference).unwrap_err();
        assert_eq!(refused.code(), code, "{minor} {reference}");
    }
    assert_eq!(books(world), before);
    let listed = world.run(async |ctx| {
        let all = edge::pagination::Cursor::parse(None).unwrap();
        edge::queries::reconciliation::list_funds(ctx.db, &all).await.unwrap()
    });
    assert_eq!(listed.items, [booked]);
}

#[test]
fn funds_that_were_entered_wrongly_are_corrected_below_zero() {
    let fixture = Fixture::new(Usd);
    let world = &fixture.world;
    for (minor, reference) in [(500, "bank-1"), (-50_000, "bank-1.correction")] {
        let proposal = propose(world, minor, reference).unwrap();
        approve(world, "other-op", &proposal).unwrap();
    }
    assert_eq!(world.balance("provider_settled"), -49_500);
    assert_eq!(world.balance("operator_funds"), 49_500);
    assert_eq!(world.count("operator_audit WHERE action = 'funds.withdraw'"), 1);
}

#[test]
fn a_withdrawn_proposal_books_nothing_and_frees_its_reference() {
    let fixture = Fixture::new(Usd);
    let world = &fixture.world;
    let proposal = propose(world, 500, "bank-1").unwrap();
    let other = world.person("other-op");
    for _ in 0..2 {
        world.run(async |ctx| {
            reconcile::funds::withdraw(ctx, &other.id, &proposal.id).await.unwrap();
        });
    }
    assert_eq!(approve(world, "other-op", &proposal).unwrap_err(), Problem::WrongState);
    assert_eq!(world.count("ledger_transaction"), 0);
    let again = propose(world, 700, "bank-1").unwrap();
    approve(world, "other-op", &again).unwrap();
    assert_eq!(world.balance("operator_funds"), -700);
}

#[test]
fn a_bill_row_is_explained_by_the_added_funds_that_it_belongs_to() {
    let fixture = Fixture::new(Usd);
    let Fixture { world, article, reader, .. } = &fixture;
    world.give_praise(reader, article, 1000);
    let transfer = propose(world, 5000, "bank-1").unwrap();
    approve(world, "other-op", &transfer).unwrap();
    let line = Line {
        at: first_day().starts_at(Usd).ms(),
        kind: "top-up".into(),
        number: "t-1".into(),
        reference: String::new(),
        amount_minor: 5000,
        fee_minor: Some(3),
    };
    world.run(async |_| bills::plant(&world.sandbox, Usd, first_day(), &line).await.unwrap());
    process_bills_of(world, Usd, first_day());
    let (operator, id) = (world.person("op"), difference_of(world, "other"));
    let row = OurRow { kind: "funds".into(), number: "bank-1".into() };
    let proposal = world.run(async |ctx| {
        let posting = ExplanationPosting::BelongsTo;
        explanation::propose(ctx, &operator.id, &id, posting, Some(&row), "Ours.").await.unwrap()
    });
    super::approve(world, &proposal.id, &proposal.shown_hash).unwrap();
    assert_eq!(world.balance("provider_settled"), 1000 - 59 + 5000 - 3);
    assert_eq!(world.balance("operator_funds"), -5000);
    assert_eq!(world.balance("provider_fee"), 59 + 3);
    assert!(differences(world).iter().all(|text| !text.ends_with('*')));
}
