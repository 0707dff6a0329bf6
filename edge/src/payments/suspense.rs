//! Suspense: payments that match nothing we know. An operator resolves each case: the money goes
//! back to its sender, or it becomes the praise of an attempt that has ended without a payment.

use serde::Deserialize;
use serde_json::json;
use shared::api::SuspenseCase;
use shared::calendar::Moment;
use shared::machine::{IntentState, OrderState};
use shared::money::{Currency, Money};
use shared::problem::{Expected, Problem};

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value, from_json};
use crate::failure::Failure;
use crate::limits::policy::Policy;
use crate::limits::reader_limits;
use crate::payments::ledger::{self, Account};
use crate::payments::praise::book::is_refusal;
use crate::payments::praise::booking_facts::{BookingFacts, IncomingPayment, select_by_intent};
use crate::payments::refund;
use crate::people::operator::{self, tasks};
use crate::provider::PaymentProvider;
use crate::retry::{Round, retry};

/// The maximum number of cases in one list.
const LIST_MAX: i64 = 100;

/// An operator's decision about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The money goes back the way it came.
    Return,
    /// The money is the payment of an attempt.
    ToPraise {
        /// The attempt's intent, `int_…`.
        intent_id: String,
    },
}

/// A case with its payment.
#[derive(Deserialize)]
struct Case {
    closed_at: Option<i64>,
    payment_id: String,
    fate: String,
    intent_id: Option<String>,
    order_number: String,
    transaction_id: String,
    amount_minor: i64,
    currency: Currency,
    paid_at: i64,
    payer: Option<String>,
    /// Whether the payment has a dispute that is open or lost (0 or 1).
    disputed: i64,
}

impl Case {
    fn amount(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }

    fn paid_at(&self) -> Moment {
        Moment::from_ms(self.paid_at)
    }

    /// Returns whether the payment has the fate that this resolution gives it.
    fn is_resolved_as(&self, resolution: &Resolution) -> bool {
        match resolution {
            Resolution::Return => self.fate == "return",
            Resolution::ToPraise { intent_id } => {
                self.fate == "praise" && self.intent_id.as_ref() == Some(intent_id)
            }
        }
    }
}

/// Resolves a case on behalf of an operator, in one batch. Idempotent for the same resolution.
///
/// Refused:
///
/// - a case that does not exist, is resolved differently, or whose payment a bank disputes or has
///   taken back;
/// - an attempt with another amount, with a payment of its own, that its reader cancelled, or whose
///   order can still be paid;
/// - a praise that a rule would refuse if the payment arrived now.
pub async fn resolve<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    case_id: &str,
    resolution: &Resolution,
) -> Result<(), Failure> {
    retry(format_args!("case {case_id}"), async || {
        let case = find_case(ctx.db, case_id).await?.ok_or(Problem::NotFound)?;
        if case.closed_at.is_some() {
            let same = case.is_resolved_as(resolution);
            return if same { Ok(Round::Done(())) } else { Err(Problem::WrongState.into()) };
        }
        // The bank has taken the money, so there is nothing to resolve.
        if case.disputed == 1 {
            return Err(Problem::WrongState.into());
        }
        let (mut statements, facts) = match resolution {
            Resolution::Return => (return_money(ctx, case_id, &case)?, None),
            Resolution::ToPraise { intent_id } => match book_as_praise(ctx, &case, intent_id).await
            {
                // The attempt may be paid because another operator has just resolved this case.
                Err(Failure::Refused(_)) if is_closed(ctx.db, case_id).await? => {
                    return Ok(Round::Again);
                }
                other => other?,
            },
        };
        statements.extend(close(ctx, operator_id, case_id, &case, resolution));
        match ctx.db.batch(statements).await {
            Err(DatabaseError::Rule(rule)) => {
                let Some(facts) = facts.filter(|_| is_refusal(&rule)) else {
                    return Err(DatabaseError::Rule(rule).into());
                };
                match refusal(ctx.db, rule, &facts, &case).await? {
                    Some(problem) => Err(problem.into()),
                    None => Ok(Round::Again),
                }
            }
            other => Ok(Round::Done(other.map(drop)?)),
        }
    })
    .await
}

/// Returns the statements that send the money back.
fn return_money<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    case_id: &str,
    case: &Case,
) -> Result<Vec<Statement>, DatabaseError> {
    let provider = ctx.provider.name();
    let mut statements = update_fate(case, "return", case.intent_id.as_deref());
    statements.extend(ledger::transfer(
        &format!("suspense.returned:{case_id}"),
        ctx.now,
        Account::Suspense(provider),
        Account::Returning(provider),
        case.amount(),
    )?);
    let order = refund::RefundOrder {
        payment_id: &case.payment_id,
        praise_id: None,
        order_number: &case.order_number,
        transaction_id: &case.transaction_id,
        amount: case.amount(),
        reason: "suspense",
    };
    statements.extend(refund::queue(ctx, &order)?);
    Ok(statements)
}

/// Returns the statements that book the payment as the praise of an attempt, by the rules of a
/// payment that arrives now.
async fn book_as_praise<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    case: &Case,
    intent_id: &str,
) -> Result<(Vec<Statement>, Option<BookingFacts>), Failure> {
    let provider = ctx.provider.name();
    let statements = vec![
        select_by_intent(provider, intent_id, case.paid_at()),
        Statement::new(
            "SELECT id FROM payment WHERE intent_id = ?1 AND id <> ?2 LIMIT 1",
            [Value::from(intent_id), (&case.payment_id).into()],
        ),
    ];
    let mut results = Results::from(ctx.db.batch(statements).await?);
    let facts: Option<BookingFacts> = results.take().first()?;
    let has_payment = results.take().any();
    let Some(facts) = facts else { return Err(intent_refused()) };
    if Money::new(facts.amount_minor, facts.currency) != case.amount() {
        return Err(intent_refused());
    }
    let ended = match facts.intent_state {
        IntentState::Declined | IntentState::Expired | IntentState::AwaitingPayment => {
            // If the order can still be paid, the reader might pay twice.
            matches!(facts.order_state, OrderState::Paid | OrderState::Closed)
        }
        IntentState::Paid | IntentState::Returned | IntentState::Cancelled => false,
    };
    if has_payment || !ended {
        return Err(Problem::WrongState.into());
    }
    let incoming = IncomingPayment {
        payment_id: &case.payment_id,
        amount: case.amount(),
        paid_at: case.paid_at(),
        payer: case.payer.as_deref(),
        debit: Account::Suspense(provider),
    };
    let mut payment = update_fate(case, "praise", Some(intent_id));
    // From now on a bill difference of this payment concerns the writer's account.
    payment.push(Statement::new(
        "UPDATE movement SET account_id = ?3
         WHERE provider = ?1 AND kind = 'payment' AND number = ?2 AND account_id IS NULL",
        [Value::from(provider), (&case.transaction_id).into(), (&facts.account_id).into()],
    ));
    Ok((facts.praise_statements(ctx, &incoming, payment)?, Some(facts)))
}

/// Returns the statements that change the payment's fate from `suspense`.
fn update_fate(case: &Case, fate: &str, intent_id: Option<&str>) -> Vec<Statement> {
    vec![
        Statement::new(
            "UPDATE payment SET fate = ?2, intent_id = ?3
             WHERE id = ?1 AND fate = 'suspense' AND NOT EXISTS (
               SELECT 1 FROM dispute WHERE payment_id = ?1 AND state IN ('open', 'lost'))",
            [Value::from(&case.payment_id), fate.into(), intent_id.into()],
        ),
        Statement::must_change(1, "payment_fate"),
    ]
}

/// Returns the statements that close the case and its task and write the audit entry.
fn close<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    case_id: &str,
    case: &Case,
    resolution: &Resolution,
) -> Vec<Statement> {
    let (outcome, intent_id) = match resolution {
        Resolution::Return => ("returned", None),
        Resolution::ToPraise { intent_id } => ("praise", Some(intent_id)),
    };
    let detail = json!({ "to": outcome, "intent": intent_id, "amount": case.amount() });
    vec![
        Statement::new(
            "UPDATE suspense_case SET closed_at = ?2 WHERE id = ?1 AND closed_at IS NULL",
            [Value::from(case_id), ctx.now.into()],
        ),
        Statement::must_change(1, "suspense_open"),
        tasks::close("suspense", case_id, outcome, ctx.now),
        operator::audit(operator_id, "suspense.resolve", case_id, &detail, ctx.now),
    ]
}

/// Converts a rule of the schema to the problem that the operator sees; `None` if the rule is a
/// reader's own limit that has just been removed.
async fn refusal<D: Database>(
    db: &D,
    rule: String,
    facts: &BookingFacts,
    case: &Case,
) -> Result<Option<Problem>, DatabaseError> {
    let policy: Policy = from_json(&facts.policy)?;
    let rule = reader_limits::rule_with_limit(db, &facts.person_id, facts.currency, rule).await?;
    let day = case.paid_at().day(case.currency);
    Ok(rule.map(|rule| policy.refusal(&rule, false, day)))
}

fn intent_refused() -> Failure {
    let expected = Expected::UNPAID_INTENT;
    Problem::Field { field: "intent_id", expected }.into()
}

/// Lists the open cases, oldest first, at most 100.
pub async fn open_cases<D: Database>(db: &D) -> Result<Vec<SuspenseCase>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        reason: String,
        amount_minor: i64,
        currency: Currency,
        order_number: String,
        transaction_id: String,
        paid_at: i64,
        opened_at: i64,
    }
    let statement = Statement::new(
        "SELECT c.id, c.reason, payment.amount_minor, payment.currency, payment.order_number,
                payment.transaction_id, payment.paid_at, c.opened_at
         FROM suspense_case AS c JOIN payment ON payment.id = c.payment_id
         WHERE c.closed_at IS NULL ORDER BY c.opened_at, c.id LIMIT ?1",
        [Value::from(LIST_MAX)],
    );
    let rows: Vec<Row> = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let case = |row: Row| SuspenseCase {
        id: row.id,
        reason: row.reason,
        amount: Money::new(row.amount_minor, row.currency),
        order_number: row.order_number,
        transaction_id: row.transaction_id,
        paid_at: Moment::from_ms(row.paid_at),
        opened_at: Moment::from_ms(row.opened_at),
    };
    Ok(rows.into_iter().map(case).collect())
}

async fn is_closed<D: Database>(db: &D, case_id: &str) -> Result<bool, DatabaseError> {
    Ok(find_case(db, case_id).await?.is_some_and(|case| case.closed_at.is_some()))
}

async fn find_case<D: Database>(db: &D, case_id: &str) -> Result<Option<Case>, DatabaseError> {
    let statement = Statement::new(
        "SELECT c.closed_at, payment.id AS payment_id, payment.fate, payment.intent_id,
                payment.order_number, payment.transaction_id, payment.amount_minor,
                payment.currency, payment.paid_at, payment.payer,
                EXISTS (SELECT 1 FROM dispute
                        WHERE dispute.payment_id = payment.id
                          AND dispute.state IN ('open', 'lost')) AS disputed
         FROM suspense_case AS c JOIN payment ON payment.id = c.payment_id
         WHERE c.id = ?1",
        [Value::from(case_id)],
    );
    Results::from(db.batch(vec![statement]).await?).take().first()
}
