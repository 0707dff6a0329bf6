//! One transfer of a payout on its way. Our number of it is the part's id; it is sent with the same
//! bytes every time, and asked about while the outcome is unknown.

use serde::Deserialize;
use shared::calendar::Moment;
use shared::machine::PartState;
use shared::money::Currency;

use super::results;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::jobs::Next;
use crate::provider::{PaymentProvider, PayoutReport, ProviderError};

/// Rounds in which a transfer may turn out to have moved while it was looked at; it moves a few times
/// in its whole life.
const ROUNDS: usize = 4;
/// Seconds until a transfer on its way is asked about again.
const POLL_S: i64 = 60;
/// The same while its receiver has to confirm it.
const CONFIRM_POLL_S: i64 = 600;

/// How a transfer stands, with what moving it takes.
#[derive(Debug, Deserialize)]
pub(super) struct Standing {
    pub part_id: String,
    pub payout_id: String,
    pub account_id: String,
    pub currency: Currency,
    pub state: PartState,
    pub send_day: String,
    pub gross_minor: i64,
    pub debt_minor: i64,
    pub fingerprint: String,
    /// `None` where nothing was left to send after netting.
    pub body: Option<String>,
    /// How many praises it holds.
    pub lines: i64,
}

/// Moves a transfer on, from its day on: sends it, asks about it, writes down how it ended. Running
/// it twice, or two at once, changes nothing more, and the provider is never given a second number.
pub async fn run<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part_id: &str,
) -> Result<Next, Failure> {
    for _ in 0..ROUNDS {
        match move_on(ctx, part_id).await {
            // Two messages at once, or one and the job: what it has become meanwhile decides.
            Err(Failure::Database(DatabaseError::Guard(_))) => {}
            other => return other,
        }
    }
    Err(DatabaseError::Unknown(format!("transfer {part_id} keeps changing")).into())
}

async fn move_on<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part_id: &str,
) -> Result<Next, Failure> {
    let Some(mut part) = standing(ctx, part_id).await? else { return Ok(Next::Done) };
    if matches!(part.state, PartState::Succeeded | PartState::Failed) {
        return Ok(Next::Done);
    }
    let today = ctx.now.day(part.currency);
    if today.to_string() < part.send_day {
        return Ok(Next::At(today.plus(1).starts_at(part.currency)));
    }
    let Some(body) = part.body.take() else {
        results::succeeded(ctx, &part).await?;
        return Ok(Next::Done);
    };
    let report = if part.state == PartState::Queued {
        // Written down before the provider hears of it: whatever is still queued, it does not know.
        results::step(ctx, &part, PartState::Sent).await?;
        part.state = PartState::Sent;
        send(ctx, &part, &body).await
    } else {
        match ctx.provider.query_payout(part_id, ctx.now).await {
            Err(ProviderError::NotFound) => send(ctx, &part, &body).await,
            other => other,
        }
    };
    match report {
        Ok(PayoutReport::Succeeded) => results::succeeded(ctx, &part).await?,
        Ok(PayoutReport::Failed { reason }) => results::failed(ctx, &part, &reason).await?,
        Ok(PayoutReport::AwaitingConfirmation) => {
            if part.state == PartState::Sent {
                results::step(ctx, &part, PartState::AwaitingConfirmation).await?;
            }
            return Ok(Next::At(ctx.now.plus_seconds(CONFIRM_POLL_S)));
        }
        Ok(PayoutReport::Processing) => return Ok(soon(ctx.now)),
        Err(error) => {
            crate::log::warn(&format!("payout.open part={part_id} cause={error:?}"));
            return Ok(soon(ctx.now));
        }
    }
    Ok(Next::Done)
}

const fn soon(now: Moment) -> Next {
    Next::At(now.plus_seconds(POLL_S))
}

/// Sends the bytes. A provider that says no and, asked, does not have the number will never send
/// it: that is a definite end. Whatever else it says about the number is what counts.
async fn send<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part: &Standing,
    body: &str,
) -> Result<PayoutReport, ProviderError> {
    match ctx.provider.pay_out(body, ctx.now).await {
        Err(ProviderError::Refused(cause)) => {
            crate::log::error(&format!("payout.refused part={} cause={cause}", part.part_id));
            match ctx.provider.query_payout(&part.part_id, ctx.now).await {
                Err(ProviderError::NotFound) => {
                    Ok(PayoutReport::Failed { reason: "refused".to_owned() })
                }
                other => other,
            }
        }
        other => other,
    }
}

async fn standing<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    part_id: &str,
) -> Result<Option<Standing>, DatabaseError> {
    let statement = Statement::new(
        "SELECT part.id AS part_id, part.payout_id, payout.account_id, payout.currency, part.state,
                part.send_day, part.gross_minor, part.debt_minor, card.fingerprint, outbox.body,
                (SELECT count(*) FROM payout_line
                 WHERE part_id = part.id AND released_at IS NULL) AS lines
         FROM payout_part AS part
         JOIN payout ON payout.id = part.payout_id
         JOIN bank_card AS card ON card.id = payout.card_id
         LEFT JOIN outbox ON outbox.operation = 'pay_out' AND outbox.number = part.id
         WHERE part.id = ?1 AND payout.provider = ?2",
        [Value::from(part_id), ctx.provider.name().into()],
    );
    Results::from(ctx.db.batch(vec![statement]).await?).take().first()
}
