//! Payouts: settlement on the due day, payouts that wait, split, fail and are retried. The money
//! reaches the card exactly once, whatever fails.

mod concurrency;
mod debt;
mod due_dates;
mod faults;
mod transfers;
mod waiting;
mod writer_view;

use edge::payments::settle;
use edge::provider::sandbox::payouts::Receipt;
use edge::queue::jobs::{self, JobKind};
use shared::calendar::Moment;
use shared::money::Currency;

use crate::support::people::{Account, Article, Fixture, Person};
use crate::support::world::World;

/// Parses a moment in RFC 3339.
fn at(text: &str) -> Moment {
    Moment::from_rfc3339(text).unwrap()
}

impl World {
    /// The total that the provider has transferred to cards.
    fn on_cards(&self) -> i64 {
        let rows = self.sandbox.query(
            "SELECT coalesce(sum(amount_minor), 0) AS sum FROM sandbox_payout
             WHERE state = 'succeeded'",
        );
        rows[0]["sum"].as_i64().unwrap()
    }

    /// The number of the only transfer that is not final, of the only payout.
    fn open_transfer(&self) -> String {
        self.text("SELECT id FROM payout_part WHERE state NOT IN ('succeeded', 'failed')")
    }

    /// `day state reason gross/debt` for each payout, oldest first.
    fn payouts(&self) -> Vec<String> {
        let rows = self.rows(
            "SELECT day || ' ' || state || ' ' || coalesce(state_reason, '-') || ' '
                      || gross_minor || '/' || debt_minor AS line
             FROM payout ORDER BY created_at, day, id",
        );
        rows.iter().map(|row| row["line"].as_str().unwrap().to_owned()).collect()
    }

    /// The number of praises in a state.
    fn praises_in(&self, state: &str) -> i64 {
        self.count(&format!("praise WHERE state = '{state}'"))
    }

    /// The receiver confirms the only open transfer, or lets it lapse; the message is delivered.
    fn receipt(&self, receipt: Receipt) {
        let number = self.open_transfer();
        let message = self.run(async |ctx| {
            ctx.provider.sandbox.receipt(&number, receipt, ctx.now).await.unwrap().unwrap()
        });
        self.deliver(&message);
    }

    /// The state of the praise of an intent.
    fn praise_state(&self, intent_id: &str) -> String {
        self.text(&format!("SELECT state FROM praise WHERE intent_id = '{intent_id}'"))
    }

    /// The id of the praise of an intent.
    fn praise_of(&self, intent_id: &str) -> String {
        self.text(&format!("SELECT id FROM praise WHERE intent_id = '{intent_id}'"))
    }

    /// Runs an account's payout now, outside its job.
    fn wake_payout(&self, account: &Account) {
        self.run(async |ctx| {
            let wake = jobs::wake(JobKind::PayOut, &account.id, ctx.now);
            edge::database::Database::batch(ctx.db, vec![wake]).await.unwrap();
        });
        self.run_jobs();
    }
}

/// A praise of `minor` by a new reader.
fn give_praise_by_new_reader(world: &World, article: &Article, minor: i64) -> String {
    let reader: Person = world.person(&format!("reader-{}", world.count("person")));
    world.give_praise(&reader, article, minor)
}
