//! Praises of a frozen article, as many as one batch moves, and the batches that move them. Each
//! moves its chunk whole or not at all.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;
use shared::calendar::Moment;
use shared::machine::PraiseState;
use shared::money::{Currency, Money};

use crate::context::Context;
use crate::database::{Database, DatabaseError, Statement, Value, to_json};
use crate::payments::ledger::{self, Account, Posting};
use crate::payments::refund;
use crate::payments::settle;
use crate::provider::PaymentProvider;
use crate::queue::jobs::{self, JobKind};

/// Praises that one batch moves at most: each brings a posting and perhaps a refund with it.
const CHUNK: i64 = 300;

/// A praise with everything that moving it depends on.
#[derive(Clone, Debug, Deserialize)]
pub struct FreezablePraise {
    id: String,
    state: PraiseState,
    /// 1: its money stands in `writer_due`; 0: in `writer_held`.
    matured: i64,
    amount_minor: i64,
    currency: Currency,
    account_id: String,
    due_at: i64,
    payment_id: String,
    order_number: String,
    transaction_id: String,
}

impl FreezablePraise {
    fn amount(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }

    /// Where its money stands until it is paid out or goes back.
    fn writer_account(&self) -> Account<'_> {
        match self.matured {
            1 => Account::WriterDue(&self.account_id),
            _ => Account::WriterHeld(&self.account_id),
        }
    }
}

/// Reads a chunk of what is frozen.
pub fn select_frozen(freeze_id: &str) -> Statement {
    Statement::new(
        "SELECT praise.id, praise.state, praise.matured, praise.amount_minor, praise.currency,
                praise.account_id, praise.due_at, praise.payment_id, payment.order_number,
                payment.transaction_id
         FROM praise JOIN payment ON payment.id = praise.payment_id
         WHERE praise.article_id = (SELECT article_id FROM freeze WHERE id = ?1)
           AND praise.state = 'frozen'
         ORDER BY praise.id LIMIT ?2",
        [Value::from(freeze_id), CHUNK.into()],
    )
}

/// Reads a chunk of what goes on as if nothing were frozen.
pub fn select_active(freeze_id: &str) -> Statement {
    Statement::new(
        "SELECT praise.id, praise.state, praise.matured, praise.amount_minor, praise.currency,
                praise.account_id, praise.due_at, praise.payment_id, payment.order_number,
                payment.transaction_id
         FROM praise JOIN payment ON payment.id = praise.payment_id
         WHERE praise.article_id = (SELECT article_id FROM freeze WHERE id = ?1)
           AND praise.state IN ('held', 'due')
         ORDER BY praise.id LIMIT ?2",
        [Value::from(freeze_id), CHUNK.into()],
    )
}

/// Moves praises to `frozen`. No money moves.
pub fn freeze(
    praises: &[FreezablePraise],
    rule: &str,
    now: Moment,
) -> Result<Vec<Statement>, DatabaseError> {
    step(praises, now, Some(rule), |praise| (PraiseState::Frozen, praise.matured))
}

/// Moves frozen praises to where their dates want them: what was due is due again, whose day has
/// come becomes due now, the rest is held until its day.
pub fn thaw(praises: &[FreezablePraise], now: Moment) -> Result<Vec<Statement>, DatabaseError> {
    let due = |praise: &FreezablePraise| praise.matured == 1 || praise.due_at <= now.ms();
    let mut statements = step(praises, now, None, |praise| {
        if due(praise) { (PraiseState::Due, 1) } else { (PraiseState::Held, 0) }
    })?;
    let matures = praises.iter().filter(|praise| praise.matured == 0 && due(praise));
    let postings: Vec<Posting> = matures
        .map(|praise| {
            let account = praise.account_id.as_str();
            Posting::new(format!("praise.due:{}", praise.id)).transfer(
                Account::WriterHeld(account),
                Account::WriterDue(account),
                praise.amount(),
            )
        })
        .collect();
    statements.extend(ledger::post(&postings, now)?);
    let wait: BTreeSet<_> =
        praises.iter().filter(|one| !due(one)).map(|one| (&one.account_id, one.due_at)).collect();
    for (account_id, due_at) in wait {
        let due_at = Moment::from_ms(due_at);
        let subject = settle::subject(account_id, due_at);
        statements.push(jobs::wake(JobKind::Settle, &subject, due_at));
    }
    let paid: BTreeSet<_> =
        praises.iter().filter(|one| due(one)).map(|one| &one.account_id).collect();
    statements
        .extend(paid.into_iter().map(|account_id| jobs::wake(JobKind::PayOut, account_id, now)));
    Ok(statements)
}

/// Moves praises that stand to `returning`, with their money and with the refunds that bring it
/// back, by the right named.
pub fn send_back<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    praises: &[FreezablePraise],
    right: &str,
) -> Result<Vec<Statement>, DatabaseError> {
    let mut statements =
        step(praises, ctx.now, Some(right), |one| (PraiseState::Returning, one.matured))?;
    let postings: Vec<Posting> = praises
        .iter()
        .map(|praise| {
            Posting::new(format!("praise.returning:{}", praise.id)).transfer(
                praise.writer_account(),
                Account::Returning(ctx.provider.name()),
                praise.amount(),
            )
        })
        .collect();
    statements.extend(ledger::post(&postings, ctx.now)?);
    let refunds: Vec<refund::RefundOrder<'_>> = praises
        .iter()
        .map(|praise| refund::RefundOrder {
            payment_id: &praise.payment_id,
            praise_id: Some(&praise.id),
            order_number: &praise.order_number,
            transaction_id: &praise.transaction_id,
            amount: praise.amount(),
            reason: right,
        })
        .collect();
    statements.extend(refund::queue_all(ctx, &refunds)?);
    Ok(statements)
}

/// Steps every praise of a chunk, each from where it was read. `to` says where to, and whether its
/// day has come.
fn step(
    praises: &[FreezablePraise],
    now: Moment,
    reason: Option<&str>,
    to: impl Fn(&FreezablePraise) -> (PraiseState, i64),
) -> Result<Vec<Statement>, DatabaseError> {
    let moves: Vec<_> = praises
        .iter()
        .map(|praise| {
            let (state, matured) = to(praise);
            json!({
                "id": praise.id, "from": praise.state, "was": praise.matured,
                "to": state, "matured": matured,
            })
        })
        .collect();
    let moves = to_json(&moves)?;
    Ok(vec![
        Statement::new(
            "UPDATE praise SET state = move.value ->> 'to', matured = move.value ->> 'matured',
               state_at = ?2, state_reason = ?3
             FROM json_each(?1) AS move
             WHERE praise.id = move.value ->> 'id' AND praise.state = move.value ->> 'from'
               AND praise.matured = move.value ->> 'was'",
            [Value::from(moves), now.into(), reason.into()],
        ),
        Statement::must_change(praises.len() as i64, "praise_state"),
    ])
}
