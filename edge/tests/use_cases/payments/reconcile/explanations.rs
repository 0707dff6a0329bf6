//! Two operators explain a difference by choosing where its money goes. The self-check at the end of
//! each test recomputes the balances.

use edge::provider::sandbox::bills::{Line, fee_minor};
use shared::api::reconciliation::OurRow;
use shared::money::Currency::Cny;

use super::*;

const FEE: i64 = 6;

/// A day with a payment of 10.00, about which the bill is wrong, and one of 5.00.
fn wrong_bill(fault: &str) -> Fixture {
    let fixture = Fixture::new(Cny);
    let Fixture { world, article, reader, .. } = &fixture;
    world.give_praise(reader, article, 1000);
    // Without this payment, a missing row would leave the bill empty.
    world.give_praise(&world.person("bo"), article, 500);
    inject_bill_fault(world, Cny, first_day(), fault, &first_transaction(world));
    process_bills_of(world, Cny, first_day().plus(1));
    fixture
}

fn first_transaction(world: &World) -> String {
    world.text("SELECT transaction_id FROM payment WHERE amount_minor = 1000")
}

/// The fee of the payment of 5.00, and this fee of the payment of 10.00.
fn fees(of_first: i64) -> i64 {
    fee_minor("payment", 500, Cny) + of_first
}

/// Plants a row that only the bill knows.
fn plant(world: &World, kind: &str, number: &str, amount_minor: i64) {
    let line = Line {
        at: first_day().starts_at(Cny).plus_minutes(60).ms(),
        kind: kind.to_owned(),
        number: number.to_owned(),
        reference: String::new(),
        amount_minor,
        fee_minor: Some(0),
    };
    world.run(async |_| bills::plant(&world.sandbox, Cny, first_day(), &line).await.unwrap());
}

#[test]
fn a_movement_on_no_bill_is_the_operators_loss() {
    let fixture = wrong_bill("missing_row");
    let Fixture { world, account, .. } = &fixture;
    assert_eq!(world.balance("provider_unsettled"), 1000);
    assert!(is_blocked(world, &account.id));
    world.raw("DELETE FROM job WHERE kind = 'pay_out'");
    explain(world, &difference_of(world, "payment"), ExplanationPosting::OperatorLoss);
    assert_eq!(world.balance("provider_unsettled"), 0);
    assert_eq!(world.balance("operator_loss"), 1000);
    assert_eq!(world.balance("provider_settled"), 500 - fees(0));
    assert!(!is_blocked(world, &account.id));
    assert_eq!(world.count("operator_task WHERE outcome = 'explained'"), 1);
    assert_eq!(world.count("operator_audit WHERE action = 'difference.explain'"), 1);
    let woken = format!("job WHERE kind = 'pay_out' AND subject_id = '{}'", account.id);
    assert_eq!(world.count(&woken), 1);
    // The difference is not recorded again.
    process_bills_of(world, Cny, first_day().plus(4));
    assert_eq!(differences(world), ["only_ours payment 1000 - wen-writes"]);
}

#[test]
fn another_amount_is_settled_as_billed_and_the_rest_is_a_fee() {
    let fixture = wrong_bill("amount_off");
    let world = &fixture.world;
    explain(world, &difference_of(world, "payment"), ExplanationPosting::ProviderFee);
    assert_eq!(world.balance("provider_unsettled"), 0);
    assert_eq!(world.balance("provider_settled"), 1501 - fees(FEE));
    assert_eq!(world.balance("provider_fee"), fees(FEE) - 1);
    assert_eq!(world.count("bill_row WHERE state = 'explained'"), 1);
    assert_eq!(world.count("movement WHERE explanation_id IS NOT NULL"), 1);
}

#[test]
fn money_that_only_the_bill_knows_goes_to_suspense_and_back() {
    let fixture = Fixture::new(Cny);
    let Fixture { world, article, reader, .. } = &fixture;
    world.give_praise(reader, article, 500);
    plant(world, "payment", "tx-odd", 700);
    process_bills_of(world, Cny, first_day().plus(1));
    assert_eq!(differences(world), ["only_theirs payment - 700 - *"]);
    explain(world, &difference_of(world, "payment"), ExplanationPosting::Suspense);
    assert_eq!(world.balance("suspense"), -700);
    assert_eq!(world.balance("provider_unsettled"), 0);
    assert_eq!(world.count("payment WHERE transaction_id = 'tx-odd' AND fate = 'suspense'"), 1);
    assert_eq!(world.count("operator_task WHERE kind = 'suspense' AND closed_at IS NULL"), 1);
    // An operator decides about it as about any other payment in suspense.
    let case = world.text("SELECT id FROM suspense_case");
    let operator = world.person("op");
    world.run(async |ctx| {
        use edge::payments::suspense::{Resolution, resolve};
        resolve(ctx, &operator.id, &case, &Resolution::Return).await.unwrap();
    });
    assert_eq!(world.balance("suspense"), 0);
    assert_eq!(world.balance("returning"), -700);
}

#[test]
fn a_surplus_of_a_row_goes_to_suspense() {
    let fixture = wrong_bill("amount_off");
    let world = &fixture.world;
    explain(world, &difference_of(world, "payment"), ExplanationPosting::Suspense);
    assert_eq!(world.balance("suspense"), -1);
    assert_eq!(world.balance("provider_unsettled"), 0);
    assert_eq!(world.balance("provider_settled"), 1501 - fees(FEE));
    assert_eq!(world.count("movement WHERE explanation_id IS NOT NULL"), 2);
}

#[test]
fn a_duplicate_row_goes_to_suspense_although_its_number_is_booked() {
    let fixture = wrong_bill("duplicate_row");
    let world = &fixture.world;
    explain(world, &difference_of(world, "payment"), ExplanationPosting::Suspense);
    assert_eq!(world.balance("suspense"), -1000);
    assert_eq!(world.balance("provider_settled"), 2500 - fees(2 * FEE));
}

#[test]
fn a_payout_that_never_left_is_reversed_and_its_praise_is_paid_out_again() {
    let fixture = Fixture::new(Cny);
    let Fixture { world, article, reader, account, .. } = &fixture;
    world.give_praise(reader, article, 1000);
    let paid_on = first_day().plus(7);
    inject_bill_fault(world, Cny, paid_on, "missing_row", "");
    world.advance_to(paid_on.starts_at(Cny).plus_minutes(60));
    world.give_praise(&world.person("bo"), article, 500);
    assert_eq!(world.text("SELECT state FROM payout_part"), "succeeded");
    process_bills_of(world, Cny, paid_on.plus(1));
    assert_eq!(differences(world), ["only_ours payout -1000 - wen-writes *"]);
    assert!(is_blocked(world, &account.id));
    explain(world, &difference_of(world, "payout"), ExplanationPosting::Reversal);
    assert_eq!(
        world.text("SELECT state || ' ' || state_reason FROM payout"),
        "sent_back never_left"
    );
    assert_eq!(world.text("SELECT state FROM praise WHERE amount_minor = 1000"), "due");
    assert_eq!(world.balance("writer_due"), -1000);
    assert_eq!(world.balance("provider_unsettled"), 0);
    assert_eq!(world.balance("suspense"), 0);
    assert_eq!(world.balance("operator_loss"), 0);
    // The card is not at fault, so nobody has to confirm it.
    world.advance_to(world.now().plus_days(1));
    assert_eq!(world.text("SELECT state FROM praise WHERE amount_minor = 1000"), "paid_out");
}

#[test]
fn a_failed_payout_that_the_provider_has_delivered_is_owed_by_its_writer() {
    let fixture = Fixture::new(Cny);
    let Fixture { world, article, reader, account } = &fixture;
    world.give_praise(reader, article, 1000);
    world.inject_provider_fault("pay_out", "refused", 1);
    let paid_on = first_day().plus(7);
    world.advance_to(paid_on.starts_at(Cny).plus_minutes(60));
    let number = world.text("SELECT id FROM payout_part WHERE state = 'failed'");
    let line = Line {
        at: world.now().ms(),
        kind: "payout".to_owned(),
        number,
        reference: String::new(),
        amount_minor: -1000,
        fee_minor: Some(0),
    };
    world.run(async |_| bills::plant(&world.sandbox, Cny, paid_on, &line).await.unwrap());
    process_bills_of(world, Cny, paid_on.plus(1));
    assert_eq!(differences(world), ["only_theirs payout - -1000 wen-writes *"]);
    assert!(is_blocked(world, &account.id));
    explain(world, &difference_of(world, "payout"), ExplanationPosting::Reversal);
    // The next payout has left meanwhile, so the writer has the money twice.
    assert_eq!((world.balance("writer_debt"), world.balance("writer_due")), (1000, 0));
}

#[test]
fn a_paid_out_praise_whose_payment_never_happened_is_owed_by_its_writer() {
    let fixture = wrong_bill("missing_row");
    let Fixture { world, account, .. } = &fixture;
    let id = difference_of(world, "payment");
    // Refused, because the praise can still be returned to its reader.
    let refused = propose(world, &id, ExplanationPosting::Reversal, "It never came.").unwrap_err();
    assert_eq!(refused, Problem::WrongState);
    world.skip_self_check();
    world.raw("DROP TRIGGER bill_difference_fixed");
    world.raw("UPDATE bill_difference SET account_id = NULL");
    world.advance_to(first_day().plus(8).starts_at(Cny));
    world.raw(&format!("UPDATE bill_difference SET account_id = '{}'", account.id));
    assert_eq!(world.count("praise WHERE state = 'paid_out'"), 2);
    explain(world, &id, ExplanationPosting::Reversal);
    assert_eq!(world.balance("writer_debt"), 1000);
}

#[test]
fn a_row_under_another_number_belongs_to_our_movement() {
    let fixture = wrong_bill("missing_row");
    let Fixture { world, account, .. } = &fixture;
    let ours = difference_of(world, "payment");
    plant(world, "merged settlement", "m-1", 1000);
    // The planted row arrives on the bill of a later day.
    world.sandbox.raw("UPDATE sandbox_bill_line SET day = '2026-11-24'").unwrap();
    process_bills_of(world, Cny, first_day().plus(2));
    let theirs = difference_of(world, "other");
    let operator = world.person("op");
    let number = first_transaction(world);
    let row = |kind: &str, number: &str| OurRow { kind: kind.into(), number: number.into() };
    let propose = |row: Option<&OurRow>| {
        world.run(async |ctx| {
            let posting = ExplanationPosting::BelongsTo;
            explanation::propose(ctx, &operator.id, &theirs, posting, row, "One of them.").await
        })
    };
    for (wrong, code) in [
        (None, "field.invalid"),
        (Some(row("payment", "tx-nobody")), "state"),
        (Some(row("refund", &number)), "state"),
        (Some(row("funds", "bank-1")), "state"),
    ] {
        let refused = propose(wrong.as_ref()).unwrap_err().problem();
        assert!(refused.code().contains(code), "{wrong:?}: {}", refused.code());
    }
    let proposal = propose(Some(&row("payment", &number))).unwrap();
    world.raw("DELETE FROM job WHERE kind = 'pay_out'");
    approve(world, &proposal.id, &proposal.shown_hash).unwrap();
    assert_eq!(world.balance("provider_unsettled"), 0);
    assert_eq!(world.balance("operator_loss"), 0);
    assert_eq!(world.balance("provider_settled"), 1500 - fees(0));
    // The difference of our movement is closed as well, with its task, and the payouts go on.
    assert_eq!(world.count("bill_difference WHERE closed_at IS NULL"), 0);
    assert_eq!(
        world
            .count(&format!("operator_task WHERE subject_id = '{ours}' AND outcome = 'explained'")),
        1
    );
    let woken = format!("job WHERE kind = 'pay_out' AND subject_id = '{}'", account.id);
    assert_eq!(world.count(&woken), 1);
}

#[test]
fn an_explanation_takes_two_operators_who_saw_the_same() {
    let fixture = wrong_bill("missing_row");
    let world = &fixture.world;
    let id = difference_of(world, "payment");
    let before = books(world);
    let loss = ExplanationPosting::OperatorLoss;
    assert_eq!(propose(world, "dif_nobody", loss, "why").unwrap_err(), Problem::NotFound);
    assert_eq!(propose(world, &id, loss, " ").unwrap_err().code(), "text.empty");
    assert_eq!(propose(world, &id, loss, &"x".repeat(251)).unwrap_err().code(), "text.too_long");
    let suspense = ExplanationPosting::Suspense;
    assert_eq!(propose(world, &id, suspense, "why").unwrap_err(), Problem::WrongState);
    assert_eq!(books(world), before);
    let proposal = propose(world, &id, loss, "A slip.").unwrap();
    assert_eq!(proposal.amount.minor, 1000);
    let proposed = books(world);
    // Idempotent.
    assert_eq!(propose(world, &id, loss, "A slip.").unwrap(), proposal);
    assert_eq!(propose(world, &id, loss, "Another.").unwrap_err(), Problem::WrongState);
    assert!(is_blocked(world, &fixture.account.id));
    let operator = world.person("op");
    let alone = world.run(async |ctx| {
        explanation::approve(ctx, &operator.id, &proposal.id, &proposal.shown_hash).await
    });
    assert_eq!(alone.unwrap_err().problem(), Problem::TwoPersons);
    assert_eq!(approve(world, &proposal.id, "another hash").unwrap_err(), Problem::WrongState);
    assert_eq!(books(world), proposed);
    approve(world, &proposal.id, &proposal.shown_hash).unwrap();
    let after = books(world);
    approve(world, &proposal.id, &proposal.shown_hash).unwrap();
    assert_eq!(books(world), after);
    let withdrawn =
        world.run(async |ctx| explanation::withdraw(ctx, &operator.id, &proposal.id).await);
    assert_eq!(withdrawn.unwrap_err().problem(), Problem::WrongState);
}

#[test]
fn a_proposal_ends_when_a_later_bill_matches_or_an_operator_withdraws_it() {
    let fixture = wrong_bill("missing_row");
    let world = &fixture.world;
    let id = difference_of(world, "payment");
    let loss = ExplanationPosting::OperatorLoss;
    let first = propose(world, &id, loss, "A slip.").unwrap();
    let other = world.person("other-op");
    for _ in 0..2 {
        world.run(async |ctx| explanation::withdraw(ctx, &other.id, &first.id).await.unwrap());
    }
    assert_eq!(approve(world, &first.id, &first.shown_hash).unwrap_err(), Problem::WrongState);
    let second = propose(world, &id, loss, "A slip.").unwrap();
    // The provider bills it three days late.
    let number = first_transaction(world);
    world
        .sandbox
        .raw(&format!(
            "UPDATE sandbox_order SET paid_at = paid_at + 3 * 86400000
             WHERE transaction_id = '{number}'"
        ))
        .unwrap();
    process_bills_of(world, Cny, first_day().plus(3));
    assert_eq!(world.balance("provider_unsettled"), 0);
    assert_eq!(approve(world, &second.id, &second.shown_hash).unwrap_err(), Problem::WrongState);
    assert_eq!(world.balance("operator_loss"), 0);
}

#[test]
fn concurrent_approvals_post_once() {
    for seed in 0..20 {
        let fixture = wrong_bill("amount_off");
        let world = &fixture.world;
        let proposal = propose(
            world,
            &difference_of(world, "payment"),
            ExplanationPosting::ProviderFee,
            "A slip.",
        )
        .unwrap();
        let others = ["other-op", "third-op"].map(|name| world.person(name).id);
        let ended = world.race(seed, 2, async |ctx, number| {
            explanation::approve(ctx, &others[number], &proposal.id, &proposal.shown_hash).await
        });
        assert_eq!(ended.iter().filter(|end| end.is_ok()).count(), 1, "{ended:?}");
        assert_eq!(world.count("ledger_transaction WHERE id LIKE 'bill.explained:%'"), 1);
    }
}
