//! Reconciliation of the provider's daily bills with our movements: matching rows are confirmed,
//! differences are recorded by kind, and only the payouts of the accounts concerned wait.

mod daily_bills;
mod differences;
mod explanations;
mod faults;
mod funds;
mod missing_bills;
mod recover;
mod unknown_kinds;

use edge::payments::reconcile::{self, BillDay, explanation};
use edge::provider::sandbox::bills;
use shared::api::reconciliation::{Explanation, ExplanationPosting};
use shared::calendar::{Day, Moment};
use shared::money::Currency;
use shared::problem::Problem;

use crate::support::people::Fixture;
use crate::support::world::World;

/// The day on which the fixtures begin.
fn first_day() -> Day {
    Day::parse("2026-11-22").unwrap()
}

fn at(text: &str) -> Moment {
    Moment::from_rfc3339(text).unwrap()
}

/// Runs the jobs until the bills of `day` have been processed.
fn process_bills_of(world: &World, currency: Currency, day: Day) {
    let ready = BillDay { currency, day }.ready_at();
    world.advance_to(ready.max(world.now()).plus_seconds(1));
    let done = format!(
        "job WHERE kind = 'reconcile' AND subject_id = '{currency}:{day}' AND done_at IS NOT NULL"
    );
    assert_eq!(world.count(&done), 1, "{currency} {day}");
}

/// Puts a fault into a day's bill, at the row with this number or at its first row.
fn inject_bill_fault(world: &World, currency: Currency, day: Day, fault: &str, number: &str) {
    world.run(async |_| bills::spoil(&world.sandbox, currency, day, fault, number).await.unwrap());
}

/// `kind movement_kind ours theirs account` for each difference; open ones are marked with a star.
fn differences(world: &World) -> Vec<String> {
    let rows = world.rows(
        "SELECT kind || ' ' || movement_kind || ' ' || coalesce(ours_minor, '-') || ' '
                || coalesce(theirs_minor, '-') || ' '
                || coalesce((SELECT handle FROM official_account WHERE id = account_id), '-')
                || iif(closed_at IS NULL, ' *', '') AS text
         FROM bill_difference ORDER BY kind, movement_kind, theirs_minor, number",
    );
    rows.iter().map(|row| row["text"].as_str().unwrap().to_owned()).collect()
}

/// The provider's transaction id of an intent's payment.
fn transaction_of(world: &World, intent_id: &str) -> String {
    world.text(&format!(
        "SELECT transaction_id FROM payment JOIN provider_order AS o ON o.id = order_number
         WHERE o.intent_id = '{intent_id}'"
    ))
}

/// Whether the payouts of an account wait for an explanation.
fn is_blocked(world: &World, account_id: &str) -> bool {
    world.count(&format!("bill_difference WHERE account_id = '{account_id}' AND closed_at IS NULL"))
        > 0
}

/// The id of the open difference of a movement kind.
fn difference_of(world: &World, movement_kind: &str) -> String {
    world.text(&format!(
        "SELECT id FROM bill_difference WHERE movement_kind = '{movement_kind}' AND closed_at IS NULL"
    ))
}

/// One operator proposes how to explain a difference.
fn propose(
    world: &World,
    id: &str,
    posting: ExplanationPosting,
    reason: &str,
) -> Result<Explanation, Problem> {
    let operator = world.person("op");
    world
        .run(async |ctx| explanation::propose(ctx, &operator.id, id, posting, None, reason).await)
        .map_err(|failure| failure.problem())
}

/// Another operator approves a proposal.
fn approve(world: &World, id: &str, shown_hash: &str) -> Result<(), Problem> {
    let other = world.person("other-op");
    world
        .run(async |ctx| explanation::approve(ctx, &other.id, id, shown_hash).await)
        .map_err(|failure| failure.problem())
}

/// Two operators explain a difference.
fn explain(world: &World, id: &str, posting: ExplanationPosting) {
    let proposal = propose(world, id, posting, "The provider wrote so.").unwrap();
    approve(world, &proposal.id, &proposal.shown_hash).unwrap();
}

/// Two operators explain every open difference.
fn explain_all(world: &World, posting: ExplanationPosting) {
    for row in world.rows("SELECT id FROM bill_difference WHERE closed_at IS NULL") {
        explain(world, row["id"].as_str().unwrap(), posting);
    }
}

/// What operators have written, and the balances.
fn books(world: &World) -> String {
    let tables = ["bill_explanation", "bill_difference", "funds_transfer", "ledger_balance"];
    let mut text = String::new();
    for table in tables {
        text.push_str(&format!("{:?}\n", world.rows(&format!("SELECT * FROM {table}"))));
    }
    text + &format!("{:?}", world.rows("SELECT action, subject FROM operator_audit"))
}
