//! The self-check recomputes every balance, counter and invariant from the rows that it depends on,
//! and returns every violation. A healthy database has none.

mod bills;
mod counters;
mod deadlines;
mod disputes;
mod freezes;
mod history;
mod ledger;
mod payments;
mod payouts;
mod receiving;
mod wall;

use serde::{Deserialize, Serialize};
use shared::calendar::Moment;

use crate::database::{Database, DatabaseError, Results, Statement, Value};

/// Minutes after its end at which an attempt counts as stuck.
const GRACE_MINUTES: i64 = 15;

/// A violation of an invariant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The name of the check that found it.
    pub check: String,
    /// The id of the row that is wrong.
    pub subject: String,
    /// What was found and what was expected.
    pub detail: String,
}

/// A check: its name, and a statement that selects `subject` and `detail` of each violation. `?1`
/// is the moment before which deadlines count as missed.
type Check = (&'static str, &'static str);

/// Every check, in the order they run.
fn checks() -> impl Iterator<Item = &'static Check> {
    [
        ledger::CHECKS,
        payments::CHECKS,
        payouts::CHECKS,
        disputes::CHECKS,
        counters::CHECKS,
        receiving::CHECKS,
        wall::CHECKS,
        history::CHECKS,
        deadlines::CHECKS,
        bills::CHECKS,
        freezes::CHECKS,
    ]
    .into_iter()
    .flatten()
}

/// The names of all checks, in the order they run.
pub fn names() -> impl Iterator<Item = &'static str> {
    checks().map(|(name, _)| *name)
}

/// Runs every check.
pub async fn self_check<D: Database>(db: &D, now: Moment) -> Result<Vec<Violation>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        subject: String,
        detail: String,
    }
    let late = now.plus_minutes(-GRACE_MINUTES);
    let statements = checks().map(|(_, sql)| Statement::new(sql, [Value::from(late)]));
    let mut results = Results::from(db.batch(statements.collect()).await?);
    let mut violations = Vec::new();
    for (check, _) in checks() {
        for row in results.take().decode::<Row>()? {
            violations.push(Violation {
                check: (*check).to_owned(),
                subject: row.subject,
                detail: row.detail,
            });
        }
    }
    Ok(violations)
}
