//! Queueing a payout: one batch claims the praises, nets the writer's debt, counts the amounts
//! towards the payee's daily limits and stores every call to the provider, byte for byte.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::calendar::{Day, Moment};
use shared::id::Kind;
use shared::money::Money;

use super::facts::{LINES_MAX, PayeeCard, PayoutFacts, has_payout_of, next_day};
use super::plan::{self, Line, PayeeDay};
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value, to_json};
use crate::failure::Failure;
use crate::payments::ledger::{self, Account, Posting};
use crate::provider::{PaymentProvider, PayoutRequest};
use crate::queue::jobs::{JobKind, Next};
use crate::queue::outbox::{self, Operation};

/// A payout part, as the batch's statements read it from JSON.
#[derive(Serialize)]
struct NewPart<'a> {
    id: &'a str,
    place: usize,
    gross: i64,
    debt: i64,
    day: String,
    /// When it is sent, in Unix milliseconds.
    at: i64,
    /// The call to the provider; `null` if nothing is left to send after netting.
    body: Option<String>,
    lines: Vec<NewLine<'a>>,
}

#[derive(Serialize)]
struct NewLine<'a> {
    praise: &'a str,
    amount: i64,
}

/// Queues a payout of the due praises that can be claimed, unless the account has had one today.
pub(super) async fn queue<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    facts: &PayoutFacts,
    card: &PayeeCard<'_>,
    today: Day,
) -> Result<Next, Failure> {
    let tomorrow = next_day(facts, today);
    if facts.waiting_id.is_none() && has_payout_of(ctx, &facts.account_id, today).await? {
        return Ok(tomorrow);
    }
    let (lines, payee_days) = claimable(ctx, facts, card, today).await?;
    if lines.is_empty() {
        return Ok(tomorrow);
    }
    let limit = ctx.provider.payee_day_minor(facts.currency);
    let gross: i64 = lines.iter().map(|line| line.amount_minor).sum();
    let debt = facts.debt_minor.clamp(0, gross);
    let planned = plan::split(&lines, debt, today, &payee_days, limit).ok_or_else(|| {
        Failure::Internal(format!("a praise of {} exceeds its payee's day", facts.account_id))
    })?;
    let payout_id = match &facts.waiting_id {
        Some(waiting_id) => waiting_id.clone(),
        None => ctx.id(Kind::Payout),
    };

    let ids: Vec<String> = planned.iter().map(|_| ctx.id(Kind::PayoutPart)).collect();
    let mut parts = Vec::with_capacity(planned.len());
    let mut postings = Vec::with_capacity(planned.len());
    for (place, (id, plan)) in ids.iter().zip(&planned).enumerate() {
        let money = |minor| Money::new(minor, facts.currency);
        postings.push(
            Posting::new(format!("payout.queued:{id}"))
                .leg(Account::WriterDue(&facts.account_id), money(plan.gross_minor))
                .leg(Account::WriterDebt(&facts.account_id), money(-plan.debt_minor))
                .leg(Account::PayingOut(&facts.account_id), money(-plan.net_minor())),
        );
        let request = PayoutRequest {
            number: id.clone(),
            card: card.token.to_owned(),
            amount: money(plan.net_minor()),
            description: format!("{} {}", facts.name, plan.day),
        };
        let body = (plan.net_minor() > 0).then(|| to_json(&request)).transpose()?;
        parts.push(NewPart {
            id,
            place: place + 1,
            gross: plan.gross_minor,
            debt: plan.debt_minor,
            day: plan.day.to_string(),
            at: ctx.now.max(plan.day.starts_at(facts.currency)).ms(),
            body,
            lines: lines[plan.lines.clone()]
                .iter()
                .map(|line| NewLine { praise: &line.id, amount: line.amount_minor })
                .collect(),
        });
    }

    let mut statements =
        open(ctx, facts, card, &payout_id, today, Money::new(gross, facts.currency), debt);
    statements.extend(guards(facts, card, &payee_days, &parts)?);
    statements.extend(claim(ctx, facts, card, &payout_id, &to_json(&parts)?, lines.len()));
    statements.extend(ledger::post(&postings, ctx.now)?);
    ctx.db.batch(statements).await?;
    // If due praises were left out, the job runs again tomorrow. A praise that became due during
    // this run has woken the job, so `Done` does not close it.
    Ok(if facts.due > lines.len() as i64 { tomorrow } else { Next::Done })
}

/// Reads the oldest praises that can be claimed now, and the days on which the card already has
/// transfers. Praises of frozen articles cannot be claimed; praises whose transfer failed today can
/// be claimed tomorrow.
async fn claimable<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    facts: &PayoutFacts,
    card: &PayeeCard<'_>,
    today: Day,
) -> Result<(Vec<Line>, BTreeMap<String, PayeeDay>), DatabaseError> {
    #[derive(Deserialize)]
    struct PayeeDayRow {
        day: String,
        sent_minor: i64,
        limit_minor: i64,
    }
    let day_began: Moment = today.starts_at(facts.currency);
    let statements = vec![
        Statement::new(
            "SELECT praise.id, praise.amount_minor
             FROM praise JOIN article ON article.id = praise.article_id
             WHERE praise.account_id = ?1 AND praise.state = 'due' AND article.status <> 'frozen'
               AND NOT EXISTS (SELECT 1 FROM payout_line
                               WHERE praise_id = praise.id AND released_at >= ?2)
             ORDER BY praise.due_at, praise.id LIMIT ?3",
            [Value::from(&facts.account_id), day_began.into(), (LINES_MAX as i64).into()],
        ),
        Statement::new(
            "SELECT day, sent_minor, limit_minor FROM payee_day
             WHERE payee = ?1 AND currency = ?2 AND day >= ?3",
            [Value::from(card.fingerprint), facts.currency.into(), today.into()],
        ),
    ];
    let mut results = Results::from(ctx.db.batch(statements).await?);
    let lines = results.take().decode()?;
    let rows: Vec<PayeeDayRow> = results.take().decode()?;
    let payee_day = |row: PayeeDayRow| {
        let PayeeDayRow { day, sent_minor, limit_minor } = row;
        (day, PayeeDay { sent_minor, limit_minor })
    };
    Ok((lines, rows.into_iter().map(payee_day).collect()))
}

/// Returns the statements that queue the waiting payout, or insert a new one of today.
fn open<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    facts: &PayoutFacts,
    card: &PayeeCard<'_>,
    payout_id: &str,
    today: Day,
    gross: Money,
    debt: i64,
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
                    gross.minor.into(),
                    debt.into(),
                    card.id.into(),
                ],
            ),
            Statement::must_change(1, "payout_state"),
        ];
    }
    vec![Statement::new(
        "INSERT INTO payout (id, account_id, provider, currency, day, gross_minor, debt_minor,
                             card_id, created_at, state, state_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'queued', ?9)",
        [
            Value::from(payout_id),
            (&facts.account_id).into(),
            ctx.provider.name().into(),
            gross.currency.into(),
            today.into(),
            gross.minor.into(),
            debt.into(),
            card.id.into(),
            ctx.now.into(),
        ],
    )]
}

/// Returns the guards that fail the batch if the debt, the open bill differences or the payee's
/// days have changed since they were read.
fn guards(
    facts: &PayoutFacts,
    card: &PayeeCard<'_>,
    payee_days: &BTreeMap<String, PayeeDay>,
    parts: &[NewPart<'_>],
) -> Result<[Statement; 3], DatabaseError> {
    #[derive(Serialize)]
    struct Expected<'a> {
        day: &'a str,
        sent: i64,
    }
    let expected: Vec<Expected<'_>> = parts
        .iter()
        .map(|part| {
            let sent = payee_days.get(&part.day).map_or(0, |used| used.sent_minor);
            Expected { day: &part.day, sent }
        })
        .collect();
    Ok([
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
             SELECT coalesce((SELECT sent_minor FROM payee_day
                              WHERE payee = ?2 AND currency = ?3 AND day = value ->> 'day'), 0),
                    value ->> 'sent', 'payee_room'
             FROM json_each(?1)",
            [to_json(&expected)?.into(), Value::from(card.fingerprint), facts.currency.into()],
        ),
    ])
}

/// Returns the statements that insert the parts, claim their praises, count them towards the
/// payee's days, and store their calls and jobs. `parts` is a JSON list of [`NewPart`].
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
            "INSERT INTO payout_part (id, payout_id, place, gross_minor, debt_minor, send_day,
                                      state, state_at)
             SELECT value ->> 'id', ?2, value ->> 'place', value ->> 'gross', value ->> 'debt',
                    value ->> 'day', 'queued', ?3
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
             SELECT ?2, value ->> 'id', value ->> 'at' FROM json_each(?1)",
            [Value::from(parts), JobKind::MovePayout.into()],
        ),
    ]
}
