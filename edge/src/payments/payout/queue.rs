//! Queueing a payout: one batch claims the praises, nets the writer's debt, counts the amount
//! towards the payee's daily limit and stores the call to the provider, byte for byte.

use serde::{Deserialize, Serialize};
use shared::calendar::{Day, Moment};
use shared::id::Kind;
use shared::machine::WaitingReason;
use shared::money::Money;

use super::facts::{LINES_MAX, PayeeCard, PayoutFacts, next_day};
use super::plan::{self, Line, Plan};
use super::waiting;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value, to_json};
use crate::failure::Failure;
use crate::payments::ledger::{self, Account, Posting};
use crate::provider::{PaymentProvider, PayoutRequest};
use crate::queue::jobs::{JobKind, Next};
use crate::queue::outbox::{self, Operation};

/// The transfer of a payout, as the batch's statements read it from JSON.
#[derive(Serialize)]
struct NewPart<'a> {
    id: &'a str,
    gross: i64,
    debt: i64,
    day: String,
    /// The call to the provider; `null` if nothing is left to send after netting.
    body: Option<String>,
    lines: Vec<NewLine<'a>>,
}

#[derive(Serialize)]
struct NewLine<'a> {
    praise: &'a str,
    amount: i64,
}

/// Queues one payout of the claimable praises that fit the payee's remaining daily limit. If more
/// praises are claimable, the job is due again at once.
pub(super) async fn queue<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    facts: &PayoutFacts,
    card: &PayeeCard<'_>,
    today: Day,
) -> Result<Next, Failure> {
    let tomorrow = next_day(facts, today);
    let (lines, payee_day) = claimable(ctx, facts, card, today).await?;
    if lines.is_empty() {
        return Ok(tomorrow);
    }
    let room = payee_day.limit_minor - payee_day.sent_minor;
    let Some(plan) = plan::plan(&lines, facts.debt_minor, room) else {
        if payee_day.sent_minor == 0 {
            return Err(Failure::Internal(format!(
                "a praise of {} exceeds its payee's day",
                facts.account_id
            )));
        }
        let next = waiting::store_reason(ctx, facts, WaitingReason::CardDayLimit, today).await?;
        return Ok(next);
    };
    let payout_id = match &facts.waiting_id {
        Some(waiting_id) => waiting_id.clone(),
        None => ctx.id(Kind::Payout),
    };
    let part_id = ctx.id(Kind::PayoutPart);
    let money = |minor| Money::new(minor, facts.currency);
    let posting = Posting::new(format!("payout.queued:{part_id}"))
        .leg(Account::WriterDue(&facts.account_id), money(plan.gross_minor))
        .leg(Account::WriterDebt(&facts.account_id), money(-plan.debt_minor))
        .leg(Account::PayingOut(&facts.account_id), money(-plan.net_minor()));
    let request = PayoutRequest {
        number: part_id.clone(),
        card: card.token.to_owned(),
        amount: money(plan.net_minor()),
        description: format!("{} {today}", facts.name),
    };
    let claimed = lines.get(..plan.lines).unwrap_or(&lines);
    let part = NewPart {
        id: &part_id,
        gross: plan.gross_minor,
        debt: plan.debt_minor,
        day: today.to_string(),
        body: (plan.net_minor() > 0).then(|| to_json(&request)).transpose()?,
        lines: claimed
            .iter()
            .map(|line| NewLine { praise: &line.id, amount: line.amount_minor })
            .collect(),
    };

    let mut statements = open(ctx, facts, card, &payout_id, today, &plan);
    statements.extend(guards(facts, card, &payee_day, today));
    let parts = to_json(&[part])?;
    statements.extend(claim(ctx, facts, card, &payout_id, &parts, claimed.len()));
    statements.extend(ledger::post(&[posting], ctx.now)?);
    ctx.db.batch(statements).await?;
    // A praise that became due during this run has woken the job, so `Done` does not close it.
    Ok(if lines.len() > plan.lines {
        Next::At(ctx.now)
    } else if facts.due > plan.lines as i64 {
        tomorrow
    } else {
        Next::Done
    })
}

/// The amount that was sent to a payee or queued for it on a day, and the payee's daily limit.
#[derive(Clone, Copy, Deserialize)]
struct PayeeDay {
    sent_minor: i64,
    limit_minor: i64,
}

/// Reads the oldest praises that can be claimed now, one more than a payout can hold, and what the
/// card was sent today. Praises of frozen articles cannot be claimed, except those that were lost to
/// the bank; praises whose transfer failed or was dropped today can be claimed tomorrow.
async fn claimable<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    facts: &PayoutFacts,
    card: &PayeeCard<'_>,
    today: Day,
) -> Result<(Vec<Line>, PayeeDay), DatabaseError> {
    let day_began: Moment = today.starts_at(facts.currency);
    let statements = vec![
        Statement::new(
            "SELECT praise.id, praise.amount_minor
             FROM praise JOIN article ON article.id = praise.article_id
             WHERE praise.account_id = ?1 AND praise.state = 'due'
               AND (article.status <> 'frozen'
                 OR EXISTS (SELECT 1 FROM lost_praise WHERE praise_id = praise.id))
               AND NOT EXISTS (SELECT 1 FROM payout_line
                               WHERE praise_id = praise.id AND released_at >= ?2)
             ORDER BY praise.due_at, praise.id LIMIT ?3",
            [Value::from(&facts.account_id), day_began.into(), (LINES_MAX as i64 + 1).into()],
        ),
        Statement::new(
            "SELECT sent_minor, limit_minor FROM payee_day
             WHERE payee = ?1 AND currency = ?2 AND day = ?3",
            [Value::from(card.fingerprint), facts.currency.into(), today.into()],
        ),
    ];
    let mut results = Results::from(ctx.db.batch(statements).await?);
    let lines = results.take().decode()?;
    let unused =
        PayeeDay { sent_minor: 0, limit_minor: ctx.provider.payee_day_minor(facts.currency) };
    Ok((lines, results.take().first()?.unwrap_or(unused)))
}

/// Returns the statements that queue the waiting payout, or insert a new one of today.
fn open<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    facts: &PayoutFacts,
    card: &PayeeCard<'_>,
    payout_id: &str,
    today: Day,
    plan: &Plan,
) -> Vec<Statement> {
    if facts.waiting_id.is_some() {
        return vec![
            Statement::new(
                "UPDATE payout SET state = 'queued', state_at = ?2, state_reason = NULL,
                                   gross_minor = ?3, debt_minor = ?4, card_id = ?5
                 WHERE id = ?1 AND state = 'waiting'",
                [
                    Value::from(payout_id),
                    ctx.now.into(),
                    plan.gross_minor.into(),
                    plan.debt_minor.into(),
                    card.id.into(),
                ],
            ),
            Statement::must_change(1, "payout_state"),
        ];
    }
    vec![Statement::new(
        "INSERT INTO payout (id, account_id, provider, currency, day, gross_minor, debt_minor,
                             card_id, created_at, state, state_at, place)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'queued', ?9,
                 (SELECT coalesce(max(place), 0) + 1 FROM payout
                  WHERE account_id = ?2 AND day = ?5))",
        [
            Value::from(payout_id),
            (&facts.account_id).into(),
            ctx.provider.name().into(),
            facts.currency.into(),
            today.into(),
            plan.gross_minor.into(),
            plan.debt_minor.into(),
            card.id.into(),
            ctx.now.into(),
        ],
    )]
}

/// Returns the guards that fail the batch if, since the facts were read, the debt, the open bill
/// differences or the payee's day have changed, or the card has to be confirmed.
fn guards(
    facts: &PayoutFacts,
    card: &PayeeCard<'_>,
    payee_day: &PayeeDay,
    today: Day,
) -> [Statement; 5] {
    [
        Statement::new(
            "INSERT INTO must (got, expected, guard)
             SELECT coalesce((SELECT owed_minor FROM writer_owes
                              WHERE account_id = ?1 AND currency = ?2), 0),
                    ?3, 'writer_debt'",
            [Value::from(&facts.account_id), facts.currency.into(), facts.debt_minor.into()],
        ),
        Statement::new(
            "INSERT INTO must (got, expected, guard)
             SELECT count(*), 0, 'bill_unexplained' FROM bill_difference
             WHERE account_id = ?1 AND closed_at IS NULL",
            [Value::from(&facts.account_id)],
        ),
        Statement::new(
            "INSERT INTO must (got, expected, guard)
             SELECT count(*), 0, 'records_inconsistent' FROM self_check_violation
             WHERE account_id = ?1",
            [Value::from(&facts.account_id)],
        ),
        Statement::new(
            "INSERT INTO must (got, expected, guard)
             SELECT count(*), 0, 'card_unconfirmed' FROM card_unconfirmed WHERE card_id = ?1",
            [Value::from(card.id)],
        ),
        Statement::new(
            "INSERT INTO must (got, expected, guard)
             SELECT coalesce((SELECT sent_minor FROM payee_day
                              WHERE payee = ?1 AND currency = ?2 AND day = ?3), 0),
                    ?4, 'payee_room'",
            [
                Value::from(card.fingerprint),
                facts.currency.into(),
                today.into(),
                payee_day.sent_minor.into(),
            ],
        ),
    ]
}

/// Returns the statements that insert the transfer, claim its praises, count it towards the payee's
/// day, and store its call and job. `parts` is a JSON list of one [`NewPart`].
fn claim<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    facts: &PayoutFacts,
    card: &PayeeCard<'_>,
    payout_id: &str,
    parts: &str,
    praises: usize,
) -> Vec<Statement> {
    vec![
        Statement::new(
            "INSERT INTO payout_part (id, payout_id, gross_minor, debt_minor, send_day, state,
                                      state_at)
             SELECT value ->> 'id', ?2, value ->> 'gross', value ->> 'debt', value ->> 'day',
                    'queued', ?3
             FROM json_each(?1)",
            [Value::from(parts), payout_id.into(), ctx.now.into()],
        ),
        Statement::new(
            "UPDATE praise SET state = 'in_payout', state_at = ?2, state_reason = NULL
             WHERE state = 'due' AND id IN (
               SELECT line.value ->> 'praise'
               FROM json_each(?1) AS part, json_each(part.value, '$.lines') AS line)",
            [Value::from(parts), ctx.now.into()],
        ),
        Statement::must_change(praises as i64, "praise_state"),
        Statement::new(
            "INSERT INTO payout_line (part_id, praise_id, amount_minor)
             SELECT part.value ->> 'id', line.value ->> 'praise', line.value ->> 'amount'
             FROM json_each(?1) AS part, json_each(part.value, '$.lines') AS line",
            [Value::from(parts)],
        ),
        Statement::new(
            "INSERT INTO payee_day (payee, currency, day, sent_minor, limit_minor)
             SELECT ?2, ?3, value ->> 'day', value ->> 'gross' - value ->> 'debt', ?4
             FROM json_each(?1) WHERE value ->> 'gross' > value ->> 'debt'
             ON CONFLICT (payee, currency, day) DO UPDATE SET
               sent_minor = sent_minor + excluded.sent_minor",
            [
                Value::from(parts),
                card.fingerprint.into(),
                facts.currency.into(),
                ctx.provider.payee_day_minor(facts.currency).into(),
            ],
        ),
        outbox::store_all(Operation::PayOut, parts, ctx.provider.name(), ctx.now),
        Statement::new(
            "INSERT INTO job (kind, subject_id, due_at)
             SELECT ?2, value ->> 'id', ?3 FROM json_each(?1)",
            [Value::from(parts), JobKind::MovePayout.into(), ctx.now.into()],
        ),
    ]
}
