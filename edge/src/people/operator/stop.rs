//! The global stop: no new praise can start. Payouts, refunds and appeals continue.

use serde_json::json;
use shared::limits::STOP_REASON_MAX_GRAPHEMES;
use shared::problem::Problem;
use shared::text;

use crate::context::Context;
use crate::database::{Database, Statement, Value};
use crate::failure::Failure;
use crate::people::operator;
use crate::provider::PaymentProvider;

/// Stops new praises. If they are stopped already, replaces the reason and keeps the time.
///
/// Refused: a reason that is empty or too long.
pub async fn on<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    reason: &str,
) -> Result<(), Failure> {
    let reason = text::clean(reason, STOP_REASON_MAX_GRAPHEMES)
        .map_err(|error| Problem::Text { field: "reason", error })?;
    let statements = vec![
        Statement::new(
            "INSERT INTO global_stop (id, since, reason) VALUES (1, ?1, ?2)
             ON CONFLICT (id) DO UPDATE SET reason = excluded.reason",
            [Value::from(ctx.now), (&reason).into()],
        ),
        operator::audit(operator_id, "stop.on", "stop", &json!({ "reason": reason }), ctx.now),
    ];
    Ok(ctx.db.batch(statements).await.map(drop)?)
}

/// Lets praises start again. If nothing is stopped, only the audit entry is stored.
pub async fn off<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
) -> Result<(), Failure> {
    let statements = vec![
        Statement::new("DELETE FROM global_stop", []),
        operator::audit(operator_id, "stop.off", "stop", &json!({}), ctx.now),
    ];
    Ok(ctx.db.batch(statements).await.map(drop)?)
}
