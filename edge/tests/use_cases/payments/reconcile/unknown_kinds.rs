//! Rows of kinds that the product does not know are stored and shown, and stop no payout.

use edge::provider::sandbox::bills::Line;
use shared::money::Currency::Cny;

use super::*;

/// Plants a row on the first day's bill.
fn plant(world: &World, kind: &str, number: &str, amount_minor: i64, fee_minor: i64) {
    let line = Line {
        at: first_day().starts_at(Cny).ms(),
        kind: kind.into(),
        number: number.into(),
        reference: String::new(),
        amount_minor,
        fee_minor: Some(fee_minor),
    };
    world.run(async |_| bills::plant(&world.sandbox, Cny, first_day(), &line).await.unwrap());
}

#[test]
fn an_unknown_kind_is_stored_and_blocks_nobody() {
    let fixture = Fixture::new(Cny);
    let Fixture { world, article, reader, account, .. } = &fixture;
    world.give_praise(reader, article, 1000);
    plant(world, "调账", "a-1", -30, 0);
    plant(world, "service fee", "a-2", 0, 2);
    process_bills_of(world, Cny, first_day());
    // The rest of the day is confirmed.
    assert_eq!(world.count("bill_row WHERE state = 'matched'"), 1);
    assert_eq!(world.balance("provider_unsettled"), 0);
    assert_eq!(differences(world), ["only_theirs other - -30 - *", "only_theirs other - 0 - *"]);
    assert!(!is_blocked(world, &account.id));
    assert_eq!(world.count("movement"), 1);
    let shown = world.run(async |ctx| {
        let all = edge::pagination::Cursor::parse(None).unwrap();
        edge::queries::reconciliation::list_differences(ctx.db, &all).await.unwrap().items
    });
    let words: std::collections::BTreeSet<_> =
        shown.iter().filter_map(|one| one.provider_kind.as_deref()).collect();
    assert_eq!(words, ["service fee", "调账"].into());
    explain_all(world, ExplanationPosting::OperatorLoss);
    assert_eq!(world.balance("operator_loss"), 30);
    assert_eq!(world.balance("provider_fee"), 6 + 2);
    assert_eq!(world.balance("provider_settled"), 1000 - 6 - 30 - 2);
    process_bills_of(world, Cny, first_day().plus(3));
    assert_eq!(differences(world).len(), 2);
}

#[test]
fn a_fee_that_is_given_back_is_negative() {
    let fixture = Fixture::new(Cny);
    let Fixture { world, article, reader, .. } = &fixture;
    world.give_praise(reader, article, 1000);
    plant(world, "fee refund", "a-1", 0, -20);
    process_bills_of(world, Cny, first_day());
    explain_all(world, ExplanationPosting::ProviderFee);
    assert_eq!(world.balance("provider_fee"), 6 - 20);
    assert_eq!(world.balance("provider_settled"), 1000 - 6 + 20);
}

#[test]
fn unknown_money_can_go_to_suspense() {
    let fixture = Fixture::new(Cny);
    let Fixture { world, article, reader, .. } = &fixture;
    world.give_praise(reader, article, 1000);
    plant(world, "compensation", "a-1", 300, 0);
    process_bills_of(world, Cny, first_day());
    let id = difference_of(world, "other");
    // Refused, because the operator has no loss that this money could make up for.
    let proposal = propose(world, &id, ExplanationPosting::OperatorLoss, "Theirs.").unwrap();
    let refused = approve(world, &proposal.id, &proposal.shown_hash).unwrap_err();
    assert_eq!(refused, Problem::WrongState);
    let operator = world.person("op");
    world.run(async |ctx| {
        explanation::withdraw(ctx, &operator.id, &proposal.id).await.unwrap();
    });
    explain(world, &id, ExplanationPosting::Suspense);
    assert_eq!(world.balance("suspense"), -300);
    assert_eq!(world.balance("provider_unsettled"), 0);
}
