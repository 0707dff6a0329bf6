//! Writers' debt: it is netted first, and an operator writes off debt that no income will cover.

use edge::failure::Failure;
use edge::payments::ledger;
use edge::payments::payout::write_off;
use shared::money::Money;
use shared::problem::Problem;

use super::*;

const DUE: &str = "2026-11-28T16:00:00Z";

/// Gives the writer a debt without the lost dispute that usually causes it. The counterpart is the
/// operator's funds, which nobody has added, so the self-check reports that and nothing else.
fn give_debt(world: &World, account: &Account, minor: i64) {
    world.skip_self_check();
    world.run(async |ctx| {
        let legs = ledger::transfer(
            &format!("test.debt:{}:{}", account.id, world.count("ledger_transaction")),
            ctx.now,
            ledger::Account::WriterDebt(&account.id),
            ledger::Account::OperatorFunds,
            Money::new(minor, account.currency),
        );
        edge::database::Database::batch(ctx.db, legs.unwrap().to_vec()).await.unwrap();
    });
}

/// Asserts that the self-check reports only what [`owes`] has caused.
fn assert_only_debt_reported(world: &World) {
    let mut violations = world.violations();
    violations.retain(|violation| !violation.check.starts_with("operator_funds is"));
    assert!(violations.is_empty(), "{violations:#?}");
}

#[test]
fn debt_is_netted_first_and_the_rest_is_sent() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    world.give_praise(&reader, &article, 2000);
    give_debt(&world, &account, 1200);
    world.advance_to(at(DUE));
    assert_eq!(world.payouts(), ["2026-11-29 succeeded - 3000/1200"]);
    assert_eq!(world.on_cards(), 1800);
    assert_eq!(world.balance("writer_debt"), 0);
    assert_eq!(world.balance("writer_due"), 0);
    assert_eq!(world.balance("paying_out"), 0);
    assert_eq!(world.number("SELECT sum(sent_minor) FROM payee_day"), 1800);
    assert_eq!(world.praises_in("paid_out"), 2);
    assert_only_debt_reported(&world);
}

#[test]
fn a_debt_that_covers_the_payout_sends_nothing() {
    for (debt, left) in [(1000, 0), (2500, 1500)] {
        let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
        world.give_praise(&reader, &article, 1000);
        give_debt(&world, &account, debt);
        world.advance_to(at(DUE));
        assert_eq!(world.payouts(), ["2026-11-29 succeeded - 1000/1000"]);
        assert!(!world.provider_calls.borrow().contains(&"pay_out"));
        assert_eq!(world.count("outbox WHERE operation = 'pay_out'"), 0);
        assert_eq!(world.count("movement WHERE kind = 'payout'"), 0);
        assert_eq!(world.balance("writer_debt"), left);
        assert_eq!(world.praises_in("paid_out"), 1);
        world.advance_to(at("2026-11-29T00:00:00Z"));
        world.give_praise(&world.person("ana"), &article, 2000);
        world.advance_to(at("2026-12-07T00:00:00Z"));
        assert_eq!(world.on_cards(), 2000 - left);
        assert_eq!(world.balance("writer_debt"), 0);
        assert_only_debt_reported(&world);
    }
}

#[test]
fn a_failed_transfer_restores_the_debt_and_nets_it_again() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 3000);
    give_debt(&world, &account, 1200);
    world.inject_provider_fault("pay_out", "refused", 1);
    world.advance_to(at(DUE).plus_minutes(5));
    assert_eq!(world.payouts(), ["2026-11-29 failed card_refused 3000/1200"]);
    assert_eq!(world.balance("writer_debt"), 1200);
    assert_eq!(world.balance("writer_due"), -3000);
    assert_eq!(world.number("SELECT sum(sent_minor) FROM payee_day"), 0);
    give_debt(&world, &account, 300);
    world.advance_to(at("2026-11-29T16:00:00Z"));
    assert_eq!(world.payouts()[1..], ["2026-11-30 succeeded - 3000/1500"]);
    assert_eq!(world.on_cards(), 1500);
    assert_eq!(world.balance("writer_debt"), 0);
    assert_only_debt_reported(&world);
}

#[test]
fn a_debt_that_changes_while_it_is_netted_is_read_again() {
    for seed in 0..8 {
        let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
        world.give_praise(&reader, &article, 3000);
        world.set_now(at(DUE));
        world.run(async |ctx| {
            settle::run(ctx, &settle::subject(&account.id, ctx.now)).await.unwrap();
        });
        world.skip_self_check();
        world.race(seed, 2, async |ctx, i| {
            if i == 0 {
                edge::payments::payout::run(ctx, &account.id).await.unwrap();
                return;
            }
            let legs = ledger::transfer(
                "test.debt",
                ctx.now,
                ledger::Account::WriterDebt(&account.id),
                ledger::Account::OperatorFunds,
                Money::new(700, Currency::Cny),
            );
            edge::database::Database::batch(ctx.db, legs.unwrap().to_vec()).await.unwrap();
        });
        world.run_jobs();
        let netted = world.number("SELECT debt_minor FROM payout");
        assert!(netted == 0 || netted == 700, "{netted}");
        assert_eq!(world.balance("writer_debt"), 700 - netted);
        assert_eq!(world.on_cards(), 3000 - netted);
        assert_only_debt_reported(&world);
    }
}

#[test]
fn debt_is_written_off_after_half_a_year_without_income() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    let operator = world.person("olga");
    let write_off = |account: &str| {
        world.run(async |ctx| write_off::write_off(ctx, &operator.id, account).await)
    };
    assert_eq!(write_off(&account.id), Err(Failure::Refused(Problem::WrongState)), "owes nothing");
    assert_eq!(write_off("acc_nobody"), Err(Failure::Refused(Problem::NotFound)));
    world.give_praise(&reader, &article, 1000);
    world.advance_to(at(DUE));
    let paid = world.number("SELECT created_at FROM payout");
    give_debt(&world, &account, 1200);
    let opens_at = Moment::from_ms(paid).plus_days(180);
    world.advance_to(opens_at.plus_seconds(-1));
    let early = Problem::WriteOffEarly { opens_at };
    assert_eq!(early.reopens_at(), Some(opens_at));
    assert_eq!(write_off(&account.id), Err(Failure::Refused(early)));
    world.advance_to(opens_at);
    assert_eq!(write_off(&account.id), Ok(Money::new(1200, Currency::Cny)));
    assert_eq!(world.balance("writer_debt"), 0);
    assert_eq!(world.balance("operator_loss"), 1200);
    let audit = world.rows(
        "SELECT person_id, subject, detail FROM operator_audit WHERE action = 'debt.write_off'",
    );
    assert_eq!(audit.len(), 1);
    assert_eq!(audit[0]["person_id"], operator.id.as_str());
    assert_eq!(audit[0]["subject"], account.id.as_str());
    assert_eq!(write_off(&account.id), Err(Failure::Refused(Problem::WrongState)), "only once");
    assert_only_debt_reported(&world);
}

#[test]
fn income_restarts_the_half_year_and_two_operators_write_off_once() {
    for seed in 0..6 {
        let Fixture { world, account, article, .. } = Fixture::new(Currency::Cny);
        let operator = world.person("olga");
        give_debt(&world, &account, 1200);
        world.set_now(world.now().plus_days(170));
        give_praise_by_new_reader(&world, &article, 100);
        let income = world.now();
        world.set_now(income.plus_days(20));
        world.run_jobs();
        world.run(async |ctx| {
            let early = write_off::write_off(ctx, &operator.id, &account.id).await;
            assert!(matches!(early, Err(Failure::Refused(Problem::WriteOffEarly { .. }))));
        });
        world.advance_to(world.now().plus_days(180));
        let ended = world.race(seed, 2, async |ctx, _| {
            write_off::write_off(ctx, &operator.id, &account.id).await
        });
        assert_eq!(ended.iter().filter(|ended| ended.is_ok()).count(), 1, "{ended:?}");
        assert_eq!(world.balance("operator_loss"), 1100);
        assert_eq!(world.count("operator_audit WHERE action = 'debt.write_off'"), 1);
        assert_only_debt_reported(&world);
    }
}
