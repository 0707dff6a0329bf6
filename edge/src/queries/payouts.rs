//! A writer's payouts: what reached the card, what is on its way, and what a payout waits for.

use serde::Deserialize;
use shared::api::{Page, Payout, PayoutDetail, PayoutEvent, PayoutLine, PayoutPart};
use shared::calendar::Moment;
use shared::lang::Lang;
use shared::limits::LIST_PAGE;
use shared::machine::{PartState, PayoutState, WaitingReason};
use shared::money::{Currency, Money};

use crate::database::{Database, DatabaseError, Results, Statement, Value, from_json};
use crate::pagination::{Cursor, page};

#[derive(Deserialize)]
struct Row {
    id: String,
    day: String,
    currency: Currency,
    state: PayoutState,
    state_reason: Option<String>,
    created_at: i64,
    gross_minor: i64,
    /// While the payout waits, the writer's whole debt in minor units, which may exceed
    /// `gross_minor`.
    debt_minor: i64,
    praises: i64,
    card_last4: Option<String>,
    usable_from: Option<i64>,
    parts: String,
}

#[derive(Deserialize)]
struct PartRow {
    id: String,
    day: String,
    state: PartState,
    reason: Option<String>,
    gross: i64,
    debt: i64,
}

/// Selects payouts of an owner's accounts as [`Row`]s. While a payout waits, its amounts are
/// what is due and owed now.
macro_rules! select {
    ($which:literal) => {
        concat!(
            "SELECT payout.id, payout.day, payout.currency, payout.state, payout.state_reason,
                    payout.created_at, card.last4 AS card_last4, current.usable_from,
                    iif(payout.state = 'waiting', (
                          SELECT coalesce(sum(amount_minor), 0) FROM praise
                          WHERE account_id = account.id AND praise.state = 'due'),
                        payout.gross_minor) AS gross_minor,
                    iif(payout.state = 'waiting', coalesce((
                          SELECT owed_minor FROM writer_owes
                          WHERE writer_owes.account_id = payout.account_id
                            AND writer_owes.currency = payout.currency), 0),
                        payout.debt_minor) AS debt_minor,
                    iif(payout.state = 'waiting', (
                          SELECT count(*) FROM praise
                          WHERE account_id = account.id AND praise.state = 'due'),
                        (SELECT count(*) FROM payout_part AS part
                         JOIN payout_line AS line ON line.part_id = part.id
                         WHERE part.payout_id = payout.id)) AS praises,
                    (SELECT json_group_array(json_object(
                       'id', id, 'day', send_day, 'state', state, 'reason', state_reason,
                       'gross', gross_minor, 'debt', debt_minor))
                     FROM payout_part WHERE payout_id = payout.id) AS parts
             FROM official_account AS account
             JOIN payout ON payout.account_id = account.id
             LEFT JOIN bank_card AS card ON card.id = payout.card_id
             LEFT JOIN bank_card AS current ON current.account_id = account.id
               AND current.removed_at IS NULL
             WHERE account.owner_id = ?1 AND ",
            $which
        )
    };
}

/// Lists the payouts of one of the writer's accounts, newest first. `None` if the account is not
/// this writer's. `lang` is the language of the field `to_do`.
pub async fn list<D: Database>(
    db: &D,
    person_id: &str,
    handle: &str,
    cursor: &Cursor,
    lang: Lang,
) -> Result<Option<Page<Payout>>, DatabaseError> {
    let statements = vec![
        Statement::new(
            "SELECT id FROM official_account WHERE handle = ?1 AND owner_id = ?2",
            [Value::from(handle), person_id.into()],
        ),
        Statement::new(
            select!(
                "account.handle = ?2
                 AND (payout.created_at, payout.id) < (CAST(?3 AS INTEGER), ?4)
                 ORDER BY payout.created_at DESC, payout.id DESC LIMIT ?5"
            ),
            [
                Value::from(person_id),
                handle.into(),
                cursor.at().into(),
                cursor.id().into(),
                (LIST_PAGE as i64 + 1).into(),
            ],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    if !results.take().any() {
        return Ok(None);
    }
    let rows = results.take().decode()?;
    let (rows, next_cursor) = page(rows, LIST_PAGE, |row: &Row| (row.created_at, &row.id));
    let items = rows.into_iter().map(|row| payout(row, lang)).collect::<Result<_, _>>()?;
    Ok(Some(Page { items, next_cursor }))
}

/// Finds a payout of one of the writer's accounts by its id, with its lines and events. `None` if
/// there is none or it is somebody else's.
pub async fn find<D: Database>(
    db: &D,
    person_id: &str,
    payout_id: &str,
    lang: Lang,
) -> Result<Option<PayoutDetail>, DatabaseError> {
    #[derive(Deserialize)]
    struct LineRow {
        praise_id: String,
        part_id: String,
        amount_minor: i64,
        currency: Currency,
        released_at: Option<i64>,
    }
    #[derive(Deserialize)]
    struct EventRow {
        subject_id: String,
        from_state: String,
        to_state: String,
        reason: Option<String>,
        at: i64,
    }
    let statements = vec![
        Statement::new(select!("payout.id = ?2"), [Value::from(person_id), payout_id.into()]),
        Statement::new(
            "SELECT line.praise_id, line.part_id, line.amount_minor, praise.currency,
                    line.released_at
             FROM payout_part AS part
             JOIN payout_line AS line ON line.part_id = part.id
             JOIN praise ON praise.id = line.praise_id
             WHERE part.payout_id = ?1 ORDER BY praise.due_at, praise.id",
            [Value::from(payout_id)],
        ),
        Statement::new(
            "SELECT subject_id, from_state, to_state, reason, at FROM event
             WHERE (machine = 'payout' AND subject_id = ?1)
                OR (machine = 'payout_part'
                    AND subject_id IN (SELECT id FROM payout_part WHERE payout_id = ?1))
             ORDER BY id",
            [Value::from(payout_id)],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    let Some(row) = results.take().first::<Row>()? else { return Ok(None) };
    let line = |row: LineRow| PayoutLine {
        praise_id: row.praise_id,
        part_id: row.part_id,
        amount: Money::new(row.amount_minor, row.currency),
        released_at: row.released_at.map(Moment::from_ms),
    };
    let event = |row: EventRow| PayoutEvent {
        subject_id: row.subject_id,
        from: row.from_state,
        to: row.to_state,
        reason: row.reason,
        at: Moment::from_ms(row.at),
    };
    Ok(Some(PayoutDetail {
        payout: payout(row, lang)?,
        lines: results.take().decode()?.into_iter().map(line).collect(),
        events: results.take().decode()?.into_iter().map(event).collect(),
    }))
}

fn payout(row: Row, lang: Lang) -> Result<Payout, DatabaseError> {
    let money = |minor| Money::new(minor, row.currency);
    let debt = row.debt_minor.min(row.gross_minor);
    let parts: Vec<PartRow> = from_json(&row.parts)?;
    let part = |part: PartRow| PayoutPart {
        id: part.id,
        day: part.day,
        state: part.state,
        reason: part.reason,
        gross: money(part.gross),
        debt: money(part.debt),
        net: money(part.gross - part.debt),
    };
    let waits_for = match row.state {
        PayoutState::Waiting => row.state_reason.as_deref().and_then(WaitingReason::from_name),
        _ => None,
    };
    let until = match waits_for {
        Some(WaitingReason::CardChanged) => row.usable_from.map(Moment::from_ms),
        _ => None,
    };
    let to_do = match (row.state, waits_for) {
        (_, Some(reason)) => Some(reason.to_do(lang)),
        (PayoutState::AwaitingConfirmation, None) => Some(confirm_instruction(lang)),
        _ => None,
    };
    Ok(Payout {
        parts: parts.into_iter().map(part).collect(),
        gross: money(row.gross_minor),
        debt: money(debt),
        net: money(row.gross_minor - debt),
        id: row.id,
        day: row.day,
        state: row.state,
        reason: row.state_reason,
        to_do: to_do.map(str::to_owned),
        until,
        card_last4: row.card_last4,
        praises: row.praises,
    })
}

/// What the writer does about a transfer that awaits confirmation.
const fn confirm_instruction(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Confirm the transfer in the payment provider's app.",
        Lang::ZhHans => "请在支付机构的应用里确认收款。",
    }
}
