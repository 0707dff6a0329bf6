//! Reversals: a praise goes back to its reader. The reader can undo it within minutes or take it
//! back before it is due; its writer or an operator can return it. Always the whole amount, by the
//! way it came.

use serde::Deserialize;
use serde_json::json;
use shared::calendar::Moment;
use shared::machine::{PraiseState, Visibility};
use shared::money::{Currency, Money};
use shared::problem::{Expected, Problem};

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::payments::ledger::{self, Account};
use crate::payments::praise::payer_day;
use crate::payments::refund;
use crate::people::operator;
use crate::provider::PaymentProvider;
use crate::retry::{Round, retry};

/// The right by which a praise is reversed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReversalRight {
    /// The reader's, within minutes of booking. Restores the daily limits that the praise used.
    Undo,
    /// The reader's, until the praise is due. Needs no reason; three a month.
    TakeBack,
    /// The writer's, from when the writer can see the praise until it is in a payout.
    Writer,
    /// An operator's, until the praise is in a payout.
    Operator,
}

impl ReversalRight {
    const fn reason(self) -> &'static str {
        match self {
            ReversalRight::Undo => "undo",
            ReversalRight::TakeBack => "take_back",
            ReversalRight::Writer => "writer",
            ReversalRight::Operator => "operator",
        }
    }
}

/// A praise, with what its reversal depends on.
#[derive(Deserialize)]
struct PraiseFacts {
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
    provider: String,
    payer: Option<String>,
}

/// Reverses a praise on behalf of a person and queues its refund. For [`ReversalRight::Operator`]
/// the caller has checked that the person is an operator. Does nothing if the praise is already
/// returning or returned, by whatever right.
///
/// Refused: a praise that the person has no right to (as not found), a request after the right has
/// ended, an eleventh undo in a day, a fourth take-back in a month, an article under review, a praise
/// that is disputed or lost.
pub async fn reverse_praise<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    person_id: &str,
    praise_id: &str,
    right: ReversalRight,
) -> Result<(), Failure> {
    retry(format_args!("praise {praise_id}"), async || {
        let facts = find(ctx.db, praise_id).await?.ok_or(Problem::NotFound)?;
        if !facts.is_visible_to(person_id, right, ctx.now) {
            return Err(Problem::NotFound.into());
        }
        if matches!(facts.state, PraiseState::Returning | PraiseState::Returned) {
            return Ok(Round::Done(()));
        }
        facts.check(right, ctx.now)?;
        match ctx.db.batch(statements(ctx, person_id, praise_id, &facts, right)?).await {
            Err(DatabaseError::Rule(rule)) => Err(facts.refusal(rule, ctx.now)),
            other => Ok(Round::Done(other.map(drop)?)),
        }
    })
    .await
}

/// Which changes of visibility are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisibilityRight {
    /// Any: for the reader, signed in.
    Any,
    /// None that shows the name to more people: for the holder of the link.
    Narrow,
}

/// Changes who can see a praise. The article's wall changes in the same write.
///
/// Refused: a praise of another person (as not found), one that is returned, disputed or lost, and
/// a change that `right` does not allow.
pub async fn change_visibility<D: Database>(
    db: &D,
    person_id: &str,
    praise_id: &str,
    visibility: Visibility,
    right: VisibilityRight,
) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct Seen {
        visibility: Visibility,
    }
    let any = i64::from(right == VisibilityRight::Any);
    let statements = vec![
        Statement::new(
            "UPDATE praise SET visibility = ?3
             WHERE id = ?1 AND person_id = ?2
               AND state NOT IN ('returning', 'returned', 'disputed', 'lost')
               AND (?4 = 1 OR visibility = ?3 OR visibility = 'public'
                    OR (visibility = 'writer' AND ?3 = 'anonymous'))
             RETURNING id",
            [Value::from(praise_id), person_id.into(), visibility.as_str().into(), any.into()],
        ),
        Statement::new(
            "SELECT visibility FROM praise WHERE id = ?1 AND person_id = ?2",
            [Value::from(praise_id), person_id.into()],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    if results.take().any() {
        return Ok(());
    }
    let seen: Seen = results.take().first()?.ok_or(Problem::NotFound)?;
    if right == VisibilityRight::Narrow && !visibility.is_within(seen.visibility) {
        let expected = Expected::OneOf(match seen.visibility {
            Visibility::Public => "public, writer, anonymous",
            Visibility::Writer => "writer, anonymous",
            Visibility::Anonymous => "anonymous",
        });
        return Err(Problem::Field { field: "visibility", expected }.into());
    }
    Err(Problem::WrongState.into())
}

/// Returns the state of a praise. Refused: a praise that does not exist.
pub async fn state<D: Database>(db: &D, praise_id: &str) -> Result<PraiseState, Failure> {
    let facts = find(db, praise_id).await?.ok_or(Problem::NotFound)?;
    Ok(facts.state)
}

impl PraiseFacts {
    /// Returns whether the praise exists for this person under this right.
    fn is_visible_to(&self, person_id: &str, right: ReversalRight, now: Moment) -> bool {
        match right {
            ReversalRight::Undo | ReversalRight::TakeBack => self.person_id == person_id,
            // The writer does not see a praise while its reader can undo it, nor after an undo.
            ReversalRight::Writer => {
                self.owner_id == person_id
                    && self.undo_until <= now.ms()
                    && self.state_reason.as_deref() != Some(ReversalRight::Undo.reason())
            }
            ReversalRight::Operator => true,
        }
    }

    /// Checks whether the praise may be reversed now. The schema checks the same rules on writing.
    fn check(&self, right: ReversalRight, now: Moment) -> Result<(), Problem> {
        let under_review =
            self.state == PraiseState::Frozen || self.article_status.as_str() == "frozen";
        match (right, self.state) {
            (_, PraiseState::Disputed | PraiseState::Lost) => Err(Problem::WrongState),
            (ReversalRight::Undo, PraiseState::Held | PraiseState::Frozen)
                if now.ms() < self.undo_until =>
            {
                Ok(())
            }
            (ReversalRight::Undo, _) => Err(Problem::UndoOver),
            (ReversalRight::TakeBack, PraiseState::Held | PraiseState::Frozen)
                if now.ms() < self.due_at =>
            {
                if under_review {
                    Err(Problem::ArticleFrozen)
                } else {
                    Ok(())
                }
            }
            (ReversalRight::TakeBack, _) => Err(Problem::TakeBackOver),
            (ReversalRight::Writer, PraiseState::Held | PraiseState::Due | PraiseState::Frozen) => {
                if under_review {
                    Err(Problem::ArticleFrozen)
                } else {
                    Ok(())
                }
            }
            (
                ReversalRight::Operator,
                PraiseState::Held | PraiseState::Due | PraiseState::Frozen,
            ) => Ok(()),
            (ReversalRight::Writer | ReversalRight::Operator, _) => Err(Problem::WrongState),
        }
    }

    /// Converts a rule of the schema to the problem that the caller sees.
    fn refusal(&self, rule: String, now: Moment) -> Failure {
        let problem = match rule.as_str() {
            "undo_over" => Problem::UndoOver,
            "undo_day" => {
                let next = now.day(self.currency).plus(1);
                Problem::UndoDay { reopens_at: next.starts_at(self.currency) }
            }
            "take_back_over" => Problem::TakeBackOver,
            "article_frozen" => Problem::ArticleFrozen,
            // The bank has given the reader the money back.
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
    facts: &PraiseFacts,
    right: ReversalRight,
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
        ReversalRight::Undo => {
            statements.push(count_undo(facts, ctx.now));
            statements.extend(release_daily_limits(facts));
        }
        ReversalRight::TakeBack => statements.push(count_take_back(facts, ctx.now)),
        ReversalRight::Writer => {}
        ReversalRight::Operator => {
            let detail = json!({ "from": facts.state, "amount": amount });
            let audit = operator::audit(person_id, "praise.return", praise_id, &detail, ctx.now);
            statements.push(audit);
        }
    }
    let held_in = match facts.matured {
        0 => Account::WriterHeld(&facts.account_id),
        _ => Account::WriterDue(&facts.account_id),
    };
    statements.extend(ledger::transfer(
        &format!("praise.returning:{praise_id}"),
        ctx.now,
        held_in,
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

/// Returns the statements that release the amount from the daily limits of reader, article, writer
/// and payer.
fn release_daily_limits(facts: &PraiseFacts) -> Vec<Statement> {
    let values = |id: &str, day: &str| {
        [Value::from(id), facts.currency.into(), day.into(), facts.amount_minor.into()]
    };
    let mut statements = vec![
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
    ];
    if let Some(payer) = &facts.payer {
        let amount = Money::new(facts.amount_minor, facts.currency);
        statements.push(payer_day::release(&facts.provider, payer, amount, &facts.paid_day));
        statements.push(Statement::must_change(1, "payer_room"));
    }
    statements
}

/// Counts an undo on the current day of the currency's time zone. The schema refuses the eleventh.
fn count_undo(facts: &PraiseFacts, now: Moment) -> Statement {
    Statement::new(
        "INSERT INTO undo_day (person_id, day, used) VALUES (?1, ?2, 1)
         ON CONFLICT (person_id, day) DO UPDATE SET used = used + 1",
        [Value::from(&facts.person_id), now.day(facts.currency).into()],
    )
}

/// Counts a take-back in the current month of the currency's time zone. The schema refuses the
/// fourth.
fn count_take_back(facts: &PraiseFacts, now: Moment) -> Statement {
    Statement::new(
        "INSERT INTO take_back_month (person_id, month, used) VALUES (?1, ?2, 1)
         ON CONFLICT (person_id, month) DO UPDATE SET used = used + 1",
        [Value::from(&facts.person_id), now.day(facts.currency).month().into()],
    )
}

async fn find<D: Database>(db: &D, praise_id: &str) -> Result<Option<PraiseFacts>, DatabaseError> {
    let statement = Statement::new(
        "SELECT praise.state, praise.state_reason, praise.matured, praise.person_id,
                account.owner_id, praise.account_id, praise.article_id,
                article.status AS article_status, praise.amount_minor, praise.currency,
                intent.reader_day, praise.paid_day, praise.undo_until, praise.due_at,
                payment.id AS payment_id, payment.order_number, payment.transaction_id,
                payment.provider, payment.payer
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
