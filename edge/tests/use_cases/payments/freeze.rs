//! The freeze of an article, from the report to the last praise that is released or returned.

mod crash_recovery;
mod deadlines;
mod decisions;

use shared::calendar::Moment;

use crate::support::world::World;

/// The states of all praises with their counts: `frozen 3, held 1`.
fn praise_states(world: &World) -> String {
    let rows = world.rows("SELECT state, count(*) AS n FROM praise GROUP BY state ORDER BY state");
    let text = rows.iter().map(|row| format!("{} {}", row["state"].as_str().unwrap(), row["n"]));
    text.collect::<Vec<_>>().join(", ")
}

fn state(world: &World, freeze_id: &str) -> String {
    world.text(&format!("SELECT state FROM freeze WHERE id = '{freeze_id}'"))
}

fn moment(world: &World, column: &str) -> Moment {
    Moment::from_ms(world.number(&format!("SELECT {column} FROM freeze")))
}

/// Balances of held, due and returning money.
fn balances(world: &World) -> [i64; 3] {
    ["writer_held", "writer_due", "returning"].map(|account| world.balance(account))
}

/// Runs the settlements that are due, but no payouts.
fn settle_only(world: &World) {
    let due = format!(
        "SELECT subject_id FROM job WHERE kind = 'settle' AND done_at IS NULL AND due_at <= {}",
        world.now().ms()
    );
    for row in world.rows(&due) {
        let subject = row["subject_id"].as_str().unwrap();
        world.run(async |ctx| edge::payments::settle::run(ctx, subject).await.unwrap());
    }
}

/// The operator audit of freezes, oldest first.
fn audit(world: &World) -> Vec<String> {
    let rows = world.rows(
        "SELECT person_id || ' ' || action || ' ' || subject AS deed FROM operator_audit
         WHERE action LIKE 'freeze.%' ORDER BY id",
    );
    rows.iter().map(|row| row["deed"].as_str().unwrap().to_owned()).collect()
}
