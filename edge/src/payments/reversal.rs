//! A praise goes back to its reader: undone within its minutes, taken back before it is due, or
//! returned by its writer or an operator. Always the whole amount, by the way it came.

use serde::Deserialize;
use serde_json::json;
use shared::calendar::Moment;
use shared::machine::{PraiseState, Visibility};
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::payments::ledger::{self, Account};
use crate::payments::refund;
use crate::people::operator;
use crate::provider::PaymentProvider;
use crate::retry::{Round, retry};

/// By which right a praise goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Its reader's, within the minutes after booking: as if it had not been.
    Undo,
    /// Its reader's, until it is due: without a reason, three a month.
    TakeBack,
    /// Its writer's, once it is theirs to see, and until it is in a payout.
    Writer,
    /// An operator's, until it is in a payout.
    Operator,
}

impl Right {
    const fn reason(self) -> &'static str {
        match self {
            Right::Undo => "undo",
            Right::TakeBack => "take_back",
            Right::Writer => "writer",
            Right::Operator => "operator",
        }
    }
}

#[derive(Deserialize)]
struct Facts {
    state: PraiseState,
    state_reason: Option<String>,
    matured: i64,
    person_id: String,
    owner_id: String,
    account_id: String,
    article_id: String,
    article_status: String,
    amount_minor: i64,
    currency: Currency,
    reader_day: String,
    paid_day: String,
    undo_until: i64,
    due_at: i64,
    payment_id: String,
    order_number: String,
    transaction_id: String,
}

/// Sends a praise back in the name of this person, who has been found to be an operator where the
/// right is an operator's. Asking again, by whatever right, for one that is on its way or back
/// already changes nothing.
///
/// Refused: somebody else's praise, which is not found; too late; too often this month; an article
/// under review; a state from which nothing goes back.
pub async fn give_back<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    person_id: &str,
    praise_id: &str,
    right: Right,
) -> Result<(), Failure> {
    retry(format_args!("praise {praise_id}"), async || {
        let facts = facts(ctx.db, praise_id).await?.ok_or(Problem::NotFound)?;
        if !facts.concern(person_id, right, ctx.now) {
            return Err(Problem::NotFound.into());
        }
        if matches!(facts.state, PraiseState::Returning | PraiseState::Returned) {
            return Ok(Round::Done(()));
        }
        facts.allow(right, ctx.now)?;
        match ctx.db.batch(statements(ctx, person_id, praise_id, &facts, right)?).await {
            Err(DatabaseError::Rule(rule)) => Err(facts.refusal(rule, ctx.now)),
            other => Ok(Round::Done(other.map(drop)?)),
        }
    })
    .await
}

/// Changes who sees a praise, for as long as it stands. The wall follows in the same write. Somebody
/// else's praise is not found.
pub async fn change_visibility<D: Database>(
    db: &D,
    person_id: &str,
    praise_id: &str,
    visibility: Visibility,
) -> Result<(), Failure> {
    let statements = vec![
        Statement::new(
            "UPDATE praise SET visibility = ?3
             WHERE id = ?1 AND person_id = ?2
               AND state NOT IN ('returning', 'returned', 'disputed', 'lost')
             RETURNING id",
            [Value::from(praise_id), person_id.into(), visibility.as_str().into()],
        ),
        Statement::new(
            "SELECT id FROM praise WHERE id = ?1 AND person_id = ?2",
            [Value::from(praise_id), person_id.into()],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    match (results.take().any(), results.take().any()) {
        (true, _) => Ok(()),
        (false, true) => Err(Problem::WrongState.into()),
        (false, false) => Err(Problem::NotFound.into()),
    }
}

/// Where a praise stands, for whoever has just sent it back.
pub async fn state<D: Database>(db: &D, praise_id: &str) -> Result<PraiseState, Failure> {
    let facts = facts(db, praise_id).await?.ok_or(Problem::NotFound)?;
    Ok(facts.state)
}

impl Facts {
    /// Whether the praise is there for this person at all.
    fn concern(&self, person_id: &str, right: Right, now: Moment) -> bool {
        match right {
            Right::Undo | Right::TakeBack => self.person_id == person_id,
            // Before its reader can no longer undo it, and for good once it was undone, the writer
            // has never seen it.
            Right::Writer => {
                self.owner_id == person_id
                    && self.undo_until <= now.ms()
                    && self.state_reason.as_deref() != Some(Right::Undo.reason())
            }
            Right::Operator => true,
        }
    }

    /// Whether it may go back now, as far as can be read. The schema decides the same in the write.
    fn allow(&self, right: Right, now: Moment) -> Result<(), Problem> {
        let under_review =
            self.state == PraiseState::Frozen || self.article_status.as_str() == "frozen";
        match (right, self.state) {
            (_, PraiseState::Disputed | PraiseState::Lost) => Err(Problem::WrongState),
            (Right::Undo, PraiseState::Held | PraiseState::Frozen)
                if now.ms() < self.undo_until =>
            {
                Ok(())
            }
            (Right::Undo, _) => Err(Problem::UndoOver),
            (Right::TakeBack, PraiseState::Held | PraiseState::Frozen)
                if now.ms() < self.due_at =>
            {
                if under_review {
                    Err(Problem::ArticleFrozen)
                } else {
                    Ok(())
                }
            }
            (Right::TakeBack, _) => Err(Problem::TakeBackOver),
            (Right::Writer, PraiseState::Held | PraiseState::Due | PraiseState::Frozen) => {
                if under_review {
                    Err(Problem::ArticleFrozen)
                } else {
                    Ok(())
                }
            }
            (Right::Operator, PraiseState::Held | PraiseState::Due | PraiseState::Frozen) => Ok(()),
            (Right::Writer | Right::Operator, _) => Err(Problem::WrongState),
        }
    }

    /// What a rule of the schema says to whoever asked.
    fn refusal(&self, rule: String, now: Moment) -> Failure {
        let problem = match rule.as_str() {
            "undo_over" => Problem::UndoOver,
            "take_back_over" => Problem::TakeBackOver,
            "article_frozen" => Problem::ArticleFrozen,
            // The reader has it back from the bank.
            "dispute_lost" => Problem::WrongState,
            "take_back_month" => {
                let next = now.day(self.currency).next_month();
                Problem::TakeBackMonth { reopens_at: next.starts_at(self.currency) }
            }
            _ => return DatabaseError::Rule(rule).into(),
        };
        problem.into()
    }
}

fn statements<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    person_id: &str,
    praise_id: &str,
    facts: &Facts,
    right: Right,
) -> Result<Vec<Statement>, DatabaseError> {
    let amount = Money::new(facts.amount_minor, facts.currency);
    let mut statements = vec![
        Statement::new(
            "UPDATE praise SET state = 'returning', state_at = ?4, state_reason = ?5
             WHERE id = ?1 AND state = ?2 AND matured = ?3",
            [
                Value::from(praise_id),
                facts.state.as_str().into(),
                facts.matured.into(),
                ctx.now.into(),
                right.reason().into(),
            ],
        ),
        Statement::must_change(1, "praise_state"),
    ];
    match right {
        Right::Undo => statements.extend(release_room(facts)),
        Right::TakeBack => statements.push(count_take_back(facts, ctx.now)),
        Right::Writer => {}
        Right::Operator => {
            let detail = json!({ "from": facts.state, "amount": amount });
            let audit = operator::audit(person_id, "praise.return", praise_id, &detail, ctx.now);
            statements.push(audit);
        }
    }
    let kept = match facts.matured {
        0 => Account::WriterHeld(&facts.account_id),
        _ => Account::WriterDue(&facts.account_id),
    };
    statements.extend(ledger::transfer(
        &format!("praise.returning:{praise_id}"),
        ctx.now,
        kept,
        Account::Returning(ctx.provider.name()),
        amount,
    )?);
    let order = refund::RefundOrder {
        payment_id: &facts.payment_id,
        praise_id: Some(praise_id),
        order_number: &facts.order_number,
        transaction_id: &facts.transaction_id,
        amount,
        reason: right.reason(),
    };
    statements.extend(refund::queue(ctx, &order)?);
    Ok(statements)
}

/// Undone within its minutes, a praise gives its room back to reader, article and writer.
fn release_room(facts: &Facts) -> [Statement; 6] {
    let values = |id: &str, day: &str| {
        [Value::from(id), facts.currency.into(), day.into(), facts.amount_minor.into()]
    };
    [
        Statement::new(
            "UPDATE reader_day SET reserved_minor = reserved_minor - CAST(?4 AS INTEGER)
             WHERE person_id = ?1 AND currency = ?2 AND day = ?3",
            values(&facts.person_id, &facts.reader_day),
        ),
        Statement::must_change(1, "reader_room"),
        Statement::new(
            "UPDATE article_day SET booked_minor = booked_minor - CAST(?4 AS INTEGER)
             WHERE article_id = ?1 AND currency = ?2 AND day = ?3",
            values(&facts.article_id, &facts.paid_day),
        ),
        Statement::must_change(1, "article_room"),
        Statement::new(
            "UPDATE writer_day SET booked_minor = booked_minor - CAST(?4 AS INTEGER)
             WHERE person_id = ?1 AND currency = ?2 AND day = ?3",
            values(&facts.owner_id, &facts.paid_day),
        ),
        Statement::must_change(1, "writer_room"),
    ]
}

/// Counts a taking back in the month it happens, where the currency is at home; the schema refuses
/// the fourth.
fn count_take_back(facts: &Facts, now: Moment) -> Statement {
    Statement::new(
        "INSERT INTO take_back_month (person_id, month, used) VALUES (?1, ?2, 1)
         ON CONFLICT (person_id, month) DO UPDATE SET used = used + 1",
        [Value::from(&facts.person_id), now.day(facts.currency).month().into()],
    )
}

async fn facts<D: Database>(db: &D, praise_id: &str) -> Result<Option<Facts>, DatabaseError> {
    let statement = Statement::new(
        "SELECT praise.state, praise.state_reason, praise.matured, praise.person_id,
                account.owner_id, praise.account_id, praise.article_id,
                article.status AS article_status, praise.amount_minor, praise.currency,
                intent.reader_day, praise.paid_day, praise.undo_until, praise.due_at,
                payment.id AS payment_id, payment.order_number, payment.transaction_id
         FROM praise
         JOIN intent ON intent.id = praise.intent_id
         JOIN payment ON payment.id = praise.payment_id
         JOIN article ON article.id = praise.article_id
         JOIN official_account AS account ON account.id = praise.account_id
         WHERE praise.id = ?1",
        [Value::from(praise_id)],
    );
    Results::from(db.batch(vec![statement]).await?).take().first()
}
