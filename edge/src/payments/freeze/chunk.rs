//! Chunks of a frozen article's praises and the batches that move them. A batch moves its chunk
//! completely or not at all.

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

/// The maximum number of praises in one batch; each adds a posting and perhaps a refund.
const CHUNK: i64 = 300;

/// A praise, with what moving it depends on.
#[derive(Clone, Debug, Deserialize)]
pub struct FreezablePraise {
    id: String,
    state: PraiseState,
    /// 1: its money is in `writer_due`; 0: in `writer_held`.
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

    /// Returns the ledger account that holds its money until it is paid out or returned.
    fn writer_account(&self) -> Account<'_> {
        match self.matured {
            1 => Account::WriterDue(&self.account_id),
            _ => Account::WriterHeld(&self.account_id),
        }
    }
}

/// Selects a chunk of the frozen praises.
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

/// Selects a chunk of the praises that are held or due although the article is frozen. A praise that
/// was lost to the bank cannot go back to its reader again, so it stays due.
pub fn select_active(freeze_id: &str) -> Statement {
    Statement::new(
        "SELECT praise.id, praise.state, praise.matured, praise.amount_minor, praise.currency,
                praise.account_id, praise.due_at, praise.payment_id, payment.order_number,
                payment.transaction_id
         FROM praise JOIN payment ON payment.id = praise.payment_id
         WHERE praise.article_id = (SELECT article_id FROM freeze WHERE id = ?1)
           AND praise.state IN ('held', 'due')
           AND NOT EXISTS (SELECT 1 FROM lost_praise WHERE praise_id = praise.id)
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

/// Moves frozen praises to the state that their dates give them: a praise that was due is due
/// again, one whose due date has passed becomes due now, the others are held until their due date.
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
    let held: BTreeSet<_> =
        praises.iter().filter(|one| !due(one)).map(|one| (&one.account_id, one.due_at)).collect();
    // One statement: each praise may have a due date of its own.
    let settlements: Vec<_> = held
        .into_iter()
        .map(|(account_id, due_at)| {
            let subject = settle::subject(account_id, Moment::from_ms(due_at));
            json!({ "subject": subject, "due_at": due_at })
        })
        .collect();
    statements.push(Statement::new(
        jobs::wake_each!(
            "SELECT ?2, value ->> 'subject', value ->> 'due_at' FROM json_each(?1) WHERE true"
        ),
        [Value::from(to_json(&settlements)?), JobKind::Settle.into()],
    ));
    let payable: BTreeSet<_> =
        praises.iter().filter(|one| due(one)).map(|one| &one.account_id).collect();
    statements
        .extend(payable.into_iter().map(|account_id| jobs::wake(JobKind::PayOut, account_id, now)));
    Ok(statements)
}

/// Moves praises to `returning` with their money, and queues their refunds. `reason` is stored with
/// both.
pub fn return_praises<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    praises: &[FreezablePraise],
    reason: &str,
) -> Result<Vec<Statement>, DatabaseError> {
    let mut statements =
        step(praises, ctx.now, Some(reason), |one| (PraiseState::Returning, one.matured))?;
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
            reason,
        })
        .collect();
    statements.extend(refund::queue_all(ctx, &refunds)?);
    Ok(statements)
}

/// Returns the statements that move every praise of a chunk from the state it was read in. `to`
/// returns its new state and its new `matured`.
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
