//! Queueing a payout: one batch claims the praises, nets what the writer owes, takes room in the
//! payee's days and writes down every call to the provider, byte for byte.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::calendar::{Day, Moment};
use shared::id::Kind;
use shared::money::Money;

use super::facts::{LINES_MAX, PayeeCard, PayoutFacts, had_its_payout, tomorrow};
use super::plan::{self, Line, Room};
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value, to_json};
use crate::failure::Failure;
use crate::payments::ledger::{self, Account, Posting};
use crate::provider::{PaymentProvider, PayoutRequest};
use crate::queue::jobs::{JobKind, Next};
use crate::queue::outbox::{self, Operation};

/// A part as the batch writes it.
#[derive(Serialize)]
struct NewPart<'a> {
    id: &'a str,
    place: usize,
    gross: i64,
    debt: i64,
    day: String,
    /// When it is sent, in unix milliseconds.
    at: i64,
    /// What the provider gets; `null` where nothing is left to send.
    body: Option<String>,
    lines: Vec<NewLine<'a>>,
}

#[derive(Serialize)]
struct NewLine<'a> {
    praise: &'a str,
    amount: i64,
}

/// Queues a payout over what is due and can be claimed, if the day has not had one.
pub(super) async fn queue<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    facts: &PayoutFacts,
    card: &PayeeCard<'_>,
    today: Day,
) -> Result<Next, Failure> {
    let next_day = tomorrow(facts, today);
    if facts.waiting_id.is_none() && had_its_payout(ctx, &facts.account_id, today).await? {
        return Ok(next_day);
    }
    let (lines, rooms) = ground(ctx, facts, card, today).await?;
    if lines.is_empty() {
        return Ok(next_day);
    }
    let limit = ctx.provider.payee_day_minor(facts.currency);
    let gross: i64 = lines.iter().map(|line| line.amount_minor).sum();
    let debt = facts.debt_minor.clamp(0, gross);
    let planned = plan::split(&lines, debt, today, &rooms, limit).ok_or_else(|| {
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
    statements.extend(guards(facts, card, &rooms, &parts)?);
    statements.extend(claim(ctx, facts, card, &payout_id, &to_json(&parts)?, lines.len()));
    statements.extend(ledger::post(&postings, ctx.now)?);
    ctx.db.batch(statements).await?;
    // What was left out, and what came due meanwhile and woke this job.
    Ok(if facts.due > lines.len() as i64 { next_day } else { Next::Done })
}

/// The oldest praises that can be claimed now, and what the card's days hold already. Frozen
/// articles' praises cannot, nor those whose transfer failed today: they join the next day's.
async fn ground<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    facts: &PayoutFacts,
    card: &PayeeCard<'_>,
    today: Day,
) -> Result<(Vec<Line>, BTreeMap<String, Room>), DatabaseError> {
    #[derive(Deserialize)]
    struct Taken {
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
    let taken: Vec<Taken> = results.take().decode()?;
    let room = |taken: Taken| {
        let Taken { day, sent_minor, limit_minor } = taken;
        (day, Room { sent_minor, limit_minor })
    };
    Ok((lines, taken.into_iter().map(room).collect()))
}

/// The payout itself: the one that waited, or a new one of today.
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

/// What was read and must still be so when the batch is carried out.
fn guards(
    facts: &PayoutFacts,
    card: &PayeeCard<'_>,
    rooms: &BTreeMap<String, Room>,
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
            let sent = rooms.get(&part.day).map_or(0, |room| room.sent_minor);
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

/// The parts, their praises, their room, their calls and their jobs, from one list of parts.
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
