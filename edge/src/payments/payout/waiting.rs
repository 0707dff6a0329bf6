//! Payouts that have to wait, with the reason that the writer sees.

use shared::calendar::{Day, Moment};
use shared::id::Kind;
use shared::machine::WaitingReason;

use super::facts::{PayoutFacts, next_day};
use crate::context::Context;
use crate::database::{Database, DatabaseError, Statement, Value};
use crate::provider::PaymentProvider;
use crate::queue::jobs::Next;

/// Stores why the payout of an account has to wait. Removing the cause wakes the account's job. The
/// job also runs every day, and at the moment from which a changed card can be used.
pub(super) async fn store_reason<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    facts: &PayoutFacts,
    reason: WaitingReason,
    today: Day,
) -> Result<Next, DatabaseError> {
    let next_run = match (next_day(facts, today), facts.usable_from) {
        (Next::At(tomorrow), Some(usable_from)) if reason == WaitingReason::CardChanged => {
            Next::At(tomorrow.min(Moment::from_ms(usable_from)))
        }
        (tomorrow, _) => tomorrow,
    };
    let statements = match &facts.waiting_id {
        Some(_) if facts.waiting_reason.as_deref() == Some(reason.as_str()) => return Ok(next_run),
        Some(waiting_id) => vec![
            Statement::new(
                "UPDATE payout SET state_reason = ?2 WHERE id = ?1 AND state = 'waiting'",
                [Value::from(waiting_id), reason.as_str().into()],
            ),
            Statement::must_change(1, "payout_state"),
        ],
        None => vec![Statement::new(
            "INSERT INTO payout (id, account_id, provider, currency, day, gross_minor, debt_minor,
                                 created_at, state, state_at, state_reason, place)
             VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, ?6, 'waiting', ?6, ?7,
                     (SELECT coalesce(max(place), 0) + 1 FROM payout
                      WHERE account_id = ?2 AND day = ?5))",
            [
                Value::from(ctx.id(Kind::Payout)),
                (&facts.account_id).into(),
                ctx.provider.name().into(),
                facts.currency.into(),
                today.into(),
                ctx.now.into(),
                reason.as_str().into(),
            ],
        )],
    };
    ctx.db.batch(statements).await?;
    Ok(next_run)
}

/// Ends a waiting payout without a transfer, because nothing is due any more.
pub(super) async fn end_waiting<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    facts: &PayoutFacts,
) -> Result<Next, DatabaseError> {
    let Some(waiting_id) = &facts.waiting_id else { return Ok(Next::Done) };
    let statements = vec![
        Statement::new(
            "UPDATE payout SET state = 'dropped', state_at = ?2, state_reason = 'nothing_left'
             WHERE id = ?1 AND state = 'waiting' AND NOT EXISTS (
               SELECT 1 FROM praise WHERE account_id = payout.account_id AND state = 'due')",
            [Value::from(waiting_id), ctx.now.into()],
        ),
        Statement::must_change(1, "payout_state"),
    ];
    ctx.db.batch(statements).await?;
    Ok(Next::Done)
}
