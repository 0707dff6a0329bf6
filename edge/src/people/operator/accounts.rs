//! Operators' decisions about an official account: whether it may receive, and its kind.

use serde::Deserialize;
use serde_json::json;
use shared::api::operator::AccountStanding;
use shared::machine::{AccountKind, AccountStatus};
use shared::problem::Problem;

use crate::context::Context;
use crate::database::{Database, Results, Statement, Value};
use crate::failure::Failure;
use crate::people::operator;
use crate::provider::PaymentProvider;
use crate::queue::jobs::{self, JobKind};

/// Sets the status of an account, its kind, or both, and returns the result. For a suspended account
/// no new praise starts, arriving money is sent back, and payouts wait.
///
/// Refused: an account that does not exist.
pub async fn change<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    handle: &str,
    status: Option<AccountStatus>,
    kind: Option<AccountKind>,
) -> Result<AccountStanding, Failure> {
    #[derive(Deserialize)]
    struct Found {
        id: String,
        status: AccountStatus,
        kind: AccountKind,
    }
    let find = Statement::new(
        "SELECT id, status, kind FROM official_account WHERE handle = ?1",
        [Value::from(handle)],
    );
    let found: Option<Found> = Results::from(ctx.db.batch(vec![find]).await?).take().first()?;
    let found = found.ok_or(Problem::NotFound)?;
    let status = status.unwrap_or(found.status);
    let kind = kind.unwrap_or(found.kind);
    let standing = AccountStanding { handle: handle.to_owned(), status, kind };
    if (status, kind) == (found.status, found.kind) {
        return Ok(standing);
    }
    let detail = json!({
        "from": { "status": found.status, "kind": found.kind },
        "to": { "status": status, "kind": kind },
    });
    let statements = vec![
        Statement::new(
            "UPDATE official_account SET status = ?2, kind = ?3
             WHERE id = ?1 AND status = ?4 AND kind = ?5",
            [
                Value::from(&found.id),
                status.as_str().into(),
                kind.as_str().into(),
                found.status.as_str().into(),
                found.kind.as_str().into(),
            ],
        ),
        Statement::must_change(1, "account_standing"),
        operator::audit(operator_id, "account.change", &found.id, &detail, ctx.now),
        // A payout that waited because of the kind or the status may go now.
        jobs::wake(JobKind::PayOut, &found.id, ctx.now),
    ];
    match ctx.db.batch(statements).await {
        Ok(_) => Ok(standing),
        // Another operator changed it at the same moment.
        Err(error) if error.guard().is_some() => Err(Problem::WrongState.into()),
        Err(error) => Err(error.into()),
    }
}
