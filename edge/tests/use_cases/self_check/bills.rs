//! Tampering with bills and what was booked from them.

use edge::payments::reconcile::{explanation, funds};
use edge::provider::sandbox::bills::spoil;
use shared::api::reconciliation::ExplanationPosting;
use shared::calendar::{Day, Moment};
use shared::money::{Currency, Money};

use super::Tampering;
use crate::support::people::Fixture;

/// Two billed days: one row is missing, one has another amount, one was explained, the rest
/// matches.
pub fn fixture() -> Fixture {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, article, .. } = &fixture;
    for name in ["bo", "cy", "di", "ed"] {
        world.give_praise(&world.person(name), article, 500);
        world.advance_minutes(1);
    }
    let day = Day::parse("2026-11-22").unwrap();
    let numbers = world.rows("SELECT number FROM movement ORDER BY at");
    for (fault, place) in [("missing_row", 0), ("amount_off", 1), ("extra_row", 2)] {
        let number = numbers[place]["number"].as_str().unwrap();
        world.run(async |_| {
            spoil(&world.sandbox, Currency::Cny, day, fault, number).await.unwrap();
        });
    }
    world.advance_to(Moment::from_rfc3339("2026-11-24T03:00:00Z").unwrap());
    let (operator, other) = (world.person("op"), world.person("other-op"));
    let explained = world.text("SELECT id FROM bill_difference WHERE kind = 'only_theirs'");
    world.run(async |ctx| {
        let (posting, reason) = (ExplanationPosting::ProviderFee, "A slip of theirs.");
        let proposal = explanation::propose(ctx, &operator.id, &explained, posting, None, reason)
            .await
            .unwrap();
        explanation::approve(ctx, &other.id, &proposal.id, &proposal.shown_hash).await.unwrap();
        let amount = Money::new(500, Currency::Cny);
        let funds = funds::propose(ctx, &operator.id, amount, "bank-1", "Fees").await.unwrap();
        funds::approve(ctx, &other.id, &funds.id, &funds.shown_hash).await.unwrap();
    });
    assert_eq!(world.count("bill_difference WHERE closed_at IS NULL"), 2);
    fixture
}

pub const TAMPERING: &[Tampering] = &[
    (
        "a movement is matched exactly when a row of a bill is",
        &[
            "UPDATE movement SET matched_at = NULL",
            "UPDATE movement SET matched_at = 1",
            "UPDATE bill_row SET state = 'open' WHERE state = 'matched'",
            "UPDATE bill_row SET state = 'matched'",
            "UPDATE bill_row SET amount_minor = amount_minor + 1 WHERE state = 'matched'",
            "UPDATE bill_row SET number = number || 'x' WHERE state = 'matched'",
            "UPDATE bill_row SET kind = 'refund' WHERE state = 'matched'",
            "DELETE FROM bill_row WHERE state = 'matched'",
        ],
    ),
    (
        "provider_settled is the settled rows and the operator's funds without the fees",
        &[
            "UPDATE bill_row SET state = 'difference', explanation_id = NULL
             WHERE state = 'explained'",
            "DELETE FROM funds_transfer",
            "UPDATE funds_transfer SET amount_minor = amount_minor + 1",
            "UPDATE bill_row SET amount_minor = amount_minor - 1 WHERE state = 'matched'",
            "UPDATE bill_row SET fee_minor = fee_minor + 1 WHERE state = 'matched'",
            "DELETE FROM bill_row",
            "UPDATE ledger_balance SET balance_minor = balance_minor + 1
             WHERE account = 'provider_settled'",
            "DELETE FROM ledger_balance WHERE account = 'provider_settled'",
        ],
    ),
    (
        "operator_funds is what two operators have added and withdrawn",
        &[
            "DELETE FROM funds_transfer",
            "UPDATE funds_transfer SET approved_at = NULL, approved_by = NULL",
            "UPDATE ledger_balance SET balance_minor = balance_minor + 1
             WHERE account = 'operator_funds'",
        ],
    ),
    (
        "an explanation has settled its row, and what it explains",
        &[
            "UPDATE bill_explanation SET approved_at = approved_at + 1",
            "UPDATE bill_explanation SET amount_minor = amount_minor - 1",
            "UPDATE bill_row SET state = 'difference', explanation_id = NULL
             WHERE state = 'explained'",
            "UPDATE bill_difference SET closed_at = closed_at + 1 WHERE closed_at IS NOT NULL",
            "UPDATE movement SET explanation_id = (SELECT id FROM bill_explanation)
             WHERE matched_at IS NOT NULL",
        ],
    ),
    (
        "provider_fee is the fees of the settled rows and what was explained as fees",
        &[
            "UPDATE bill_explanation SET amount_minor = amount_minor + 1",
            "UPDATE bill_row SET fee_minor = 0 WHERE state = 'matched'",
            "UPDATE ledger_balance SET owner = 'other' WHERE account = 'provider_fee'",
            "DELETE FROM ledger_balance WHERE account = 'provider_fee'",
        ],
    ),
    (
        "a bill has as many rows as it had when it was read",
        &[
            "UPDATE bill SET row_count = row_count + 1",
            "DELETE FROM bill_row WHERE state = 'difference'",
        ],
    ),
    (
        "no row of a bill waits longer than for the next day's",
        &["UPDATE bill_row SET state = 'open' WHERE state = 'difference'"],
    ),
    (
        "a row that differs has its difference",
        &[
            "DELETE FROM bill_difference",
            "DELETE FROM bill_difference WHERE kind = 'only_theirs'",
            "UPDATE bill_difference SET day = '2026-11-21' WHERE day IS NOT NULL",
            "UPDATE bill_row SET state = 'difference', explanation_id = NULL
             WHERE state = 'explained'",
            "UPDATE bill_row SET state = 'difference' WHERE state = 'matched'",
        ],
    ),
    (
        "a difference is open exactly as long as its task",
        &[
            "UPDATE bill_difference SET closed_at = 1, explanation = 'x' WHERE closed_at IS NULL",
            "UPDATE bill_difference SET closed_at = NULL WHERE closed_at IS NOT NULL",
            "UPDATE operator_task SET closed_at = 1, outcome = 'x' WHERE closed_at IS NULL",
            "DELETE FROM operator_task",
        ],
    ),
    (
        "no day is left out of the bills",
        &[
            "DELETE FROM job WHERE subject_id = 'CNY:2026-11-23'",
            "DELETE FROM job WHERE subject_id = 'CNY:2026-11-24'",
            "UPDATE job SET done_at = 1 WHERE subject_id = 'CNY:2026-11-24'",
            "UPDATE bill SET worked_at = NULL",
            "DELETE FROM bill",
        ],
    ),
    (
        "no movement is from before the first bill",
        &[
            "DELETE FROM job WHERE subject_id = 'CNY:2026-11-22'",
            "UPDATE movement SET at = at - 86400000",
        ],
    ),
];
