//! The postings of an explanation, and the movements and rows that it settles.
//!
//! The movement's amount leaves `provider_unsettled`. The row's amount minus its fee enters
//! `provider_settled`. The rest, our amount minus the row's, is posted as the operators chose:
//!
//! | posting | fits | posts |
//! | --- | --- | --- |
//! | `operator_loss`, `provider_fee` | every difference | the rest on this account |
//! | `suspense` | a bill with more | a payment in suspense over the rest, with its case |
//! | `reversal` | a payout that is on no bill | it counts as sent back, and its praises are due again |
//! | `reversal` | a payout that we booked as failed, on a bill | the writer has the money, and owes it |
//! | `reversal` | another outgoing movement that is on no bill | a payment in suspense: we still have the money |
//! | `reversal` | a returned payout, or a payment of a praise that was paid out, on no bill | the writer owes it |
//! | `belongs_to` | a row over the amount of another movement, or of a transfer of funds | no rest |

use serde::Deserialize;
use serde_json::json;
use shared::api::reconciliation::{ExplanationPosting, OurRow};
use shared::calendar::Moment;
use shared::id;
use shared::money::Money;
use shared::problem::Problem;

use super::open_difference::OpenDifference;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::payments::ledger::{self, Account, Posting};
use crate::payments::payout;
use crate::people::operator::tasks;
use crate::provider::PaymentProvider;
use crate::queue::jobs;

/// The reference kind of the operator's own funds.
const FUNDS: &str = "funds";
/// Days until the operator's task about money in suspense is overdue.
const TASK_DAYS: i64 = 7;

/// A payment in suspense for money that only the bill knows.
struct SuspensePayment {
    transaction_id: String,
    order_number: String,
    amount: Money,
    paid_at: Moment,
}

/// A plan that fits the difference.
pub(super) struct Settlement<'a> {
    difference_id: &'a str,
    difference: &'a OpenDifference,
    posting: ExplanationPosting,
    /// Where the rest goes: `None` if it is zero.
    counter: Option<Account<'a>>,
    payment: Option<SuspensePayment>,
    belongs_to: Option<&'a OurRow>,
    /// The statements that reverse a payout that never left.
    payout_reversed: Vec<Statement>,
}

impl<'a> Settlement<'a> {
    /// Plans what an explanation settles. Refused with [`Problem::WrongState`]: a posting that does
    /// not fit.
    pub(super) async fn plan<D: Database, P: PaymentProvider>(
        ctx: &Context<'_, D, P>,
        difference_id: &'a str,
        difference: &'a OpenDifference,
        posting: ExplanationPosting,
        belongs_to: Option<&'a OurRow>,
    ) -> Result<Settlement<'a>, Failure> {
        let rest = difference.lacking_minor();
        let mut plan = Settlement {
            difference_id,
            difference,
            posting,
            counter: None,
            payment: None,
            belongs_to: None,
            payout_reversed: Vec::new(),
        };
        match posting {
            ExplanationPosting::OperatorLoss => plan.counter = Some(Account::OperatorLoss),
            ExplanationPosting::ProviderFee => {
                plan.counter = Some(Account::ProviderFee(&difference.provider));
            }
            ExplanationPosting::Suspense if difference.row_minor.is_some() && rest < 0 => {
                plan.payment = Some(plan.suspense_payment(ctx.now));
            }
            ExplanationPosting::Reversal if difference.row_minor.is_none() => match rest {
                0 => return Err(Problem::WrongState.into()),
                ..0 if difference.movement_kind == "payout" => {
                    match payout::reverse(ctx, &difference.number).await? {
                        Some(reversed) => plan.payout_reversed = reversed,
                        // The bank has sent it back meanwhile, and its praises are due again.
                        None => plan.payment = Some(plan.suspense_payment(ctx.now)),
                    }
                }
                ..0 => plan.payment = Some(plan.suspense_payment(ctx.now)),
                _ => plan.counter = Some(writer_debt(ctx, difference).await?),
            },
            ExplanationPosting::Reversal if has_failed(ctx, difference).await? => {
                let account_id = difference.account_id.as_deref().ok_or(Problem::WrongState)?;
                plan.counter = Some(Account::WriterDebt(account_id));
            }
            ExplanationPosting::BelongsTo => {
                let row = belongs_to.ok_or(Problem::WrongState)?;
                let amount = find_our_row(ctx, difference, row).await?;
                if amount.is_none() || amount != difference.row_minor || rest == 0 {
                    return Err(Problem::WrongState.into());
                }
                if difference.movement_minor.is_some() {
                    return Err(Problem::WrongState.into());
                }
                plan.belongs_to = Some(row);
            }
            ExplanationPosting::Suspense | ExplanationPosting::Reversal => {
                return Err(Problem::WrongState.into());
            }
        }
        Ok(plan)
    }

    /// A payment of the surplus on the bill, or of an outgoing movement that never happened. It has
    /// the provider's number if the bill row is a payment that we have not booked.
    fn suspense_payment(&self, now: Moment) -> SuspensePayment {
        let difference = self.difference;
        let is_payment = difference.kind == "only_theirs"
            && difference.movement_kind == "payment"
            && difference.movement_minor.is_none();
        let transaction_id = if is_payment { &difference.number } else { self.difference_id };
        SuspensePayment {
            transaction_id: transaction_id.to_owned(),
            order_number: difference.reference.clone().unwrap_or_default(),
            amount: difference.money(-difference.lacking_minor()),
            paid_at: difference.row_at.map_or(now, Moment::from_ms),
        }
    }

    /// Returns the statements that post the money and settle the movement and the row. They run after
    /// the approval, in the same batch.
    pub(super) fn statements<D: Database, P: PaymentProvider>(
        &self,
        ctx: &Context<'_, D, P>,
        explanation_id: &str,
    ) -> Result<Vec<Statement>, DatabaseError> {
        let difference = self.difference;
        let provider = difference.provider.as_str();
        let mut statements = self.payout_reversed.clone();
        let mut settled = Vec::new();
        if !self.payout_reversed.is_empty() {
            settled.push(("payout_returned", difference.number.as_str()));
        }
        if difference.movement_minor.is_some() {
            settled.push((difference.movement_kind.as_str(), difference.number.as_str()));
        }
        if let Some(payment) = &self.payment {
            statements.extend(book_suspense(ctx, provider, payment)?);
            settled.push(("payment", &payment.transaction_id));
        }
        match self.belongs_to {
            Some(row) if row.kind == FUNDS => {
                statements.extend(settle_funds(provider, &row.number, explanation_id));
            }
            Some(row) => settled.push((&row.kind, &row.number)),
            None => {}
        }
        statements.extend(settle_movements(provider, &settled, explanation_id, ctx.now));
        if let Some(row) = self.belongs_to.filter(|row| row.kind != FUNDS) {
            statements.extend(close_only_ours(provider, row, ctx.now));
        }
        statements.extend(self.settle_row(explanation_id));
        let posting = self.posting();
        if !posting.is_empty() {
            statements.extend(ledger::post(&[posting], ctx.now)?);
        }
        if let (ExplanationPosting::Reversal, Some(_)) = (self.posting, &self.counter) {
            statements.push(still_owed(difference));
        }
        Ok(statements)
    }

    fn settle_row(&self, explanation_id: &str) -> Vec<Statement> {
        let difference = self.difference;
        let (Some(day), Some(line)) = (&difference.day, difference.line) else { return Vec::new() };
        vec![
            Statement::new(
                "UPDATE bill_row SET state = 'explained', explanation_id = ?5
                 WHERE provider = ?1 AND currency = ?2 AND day = ?3 AND line = ?4
                   AND state = 'difference'",
                [
                    Value::from(&difference.provider),
                    difference.currency.into(),
                    day.into(),
                    line.into(),
                    explanation_id.into(),
                ],
            ),
            Statement::must_change(1, "bill_row_unmatched"),
        ]
    }

    fn posting(&self) -> Posting {
        let difference = self.difference;
        let provider = difference.provider.as_str();
        let money = |minor| difference.money(minor);
        let fee = difference.fee_minor.unwrap_or(0);
        let row = match self.belongs_to {
            // The transfer of funds is already in provider_settled.
            Some(row) if row.kind == FUNDS => 0,
            _ => difference.row_minor.unwrap_or(0),
        };
        let rest = match self.counter {
            Some(_) => difference.lacking_minor(),
            None => 0,
        };
        // The movement and a payment in suspense leave provider_unsettled: together the row and the
        // rest.
        let posting = Posting::new(format!("bill.explained:{}", self.difference_id))
            .leg(Account::ProviderUnsettled(provider), money(-(row + rest)))
            .leg(Account::ProviderSettled(provider), money(row - fee))
            .leg(Account::ProviderFee(provider), money(fee));
        match self.counter {
            Some(counter) => posting.leg(counter, money(rest)),
            None => posting,
        }
    }
}

/// Returns the account of a writer who has money that never came: of a payout that was not returned,
/// or of a payment whose praise was paid out. An earlier praise can still go back to its reader, and
/// what nobody can be charged for is the operator's loss.
async fn writer_debt<'a, D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    difference: &'a OpenDifference,
) -> Result<Account<'a>, Failure> {
    let account_id = difference.account_id.as_deref().ok_or(Problem::WrongState)?;
    let charged = match difference.movement_kind.as_str() {
        "payout_returned" => true,
        "payment" => Results::from(ctx.db.batch(vec![paid_out(difference)]).await?).take().any(),
        _ => false,
    };
    if charged { Ok(Account::WriterDebt(account_id)) } else { Err(Problem::WrongState.into()) }
}

/// Whether the row is a payout that we booked as failed and the provider has delivered.
async fn has_failed<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    difference: &OpenDifference,
) -> Result<bool, DatabaseError> {
    if difference.movement_kind != "payout" || difference.movement_minor.is_some() {
        return Ok(false);
    }
    // A transfer that has failed stays so.
    let select = Statement::new(
        "SELECT 1 AS one FROM payout_part WHERE id = ?1 AND state = 'failed'",
        [Value::from(&difference.number)],
    );
    Ok(Results::from(ctx.db.batch(vec![select]).await?).take().any())
}

fn paid_out(difference: &OpenDifference) -> Statement {
    Statement::new(
        "SELECT praise.id FROM payment JOIN praise ON praise.payment_id = payment.id
         WHERE payment.provider = ?1 AND payment.transaction_id = ?2 AND praise.state = 'paid_out'",
        [Value::from(&difference.provider), (&difference.number).into()],
    )
}

/// A guard: a praise whose payment never happened is still paid out.
fn still_owed(difference: &OpenDifference) -> Statement {
    Statement::new(
        "INSERT INTO must (got, expected, guard)
         SELECT ?3 <> 'payment' OR EXISTS (
           SELECT 1 FROM payment JOIN praise ON praise.payment_id = payment.id
           WHERE payment.provider = ?1 AND payment.transaction_id = ?2
             AND praise.state = 'paid_out'), 1, 'praise_state'",
        [
            Value::from(&difference.provider),
            (&difference.number).into(),
            (&difference.movement_kind).into(),
        ],
    )
}

/// Returns the amount of an unsettled movement or transfer of funds.
async fn find_our_row<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    difference: &OpenDifference,
    row: &OurRow,
) -> Result<Option<i64>, DatabaseError> {
    #[derive(Deserialize)]
    struct Found {
        amount_minor: i64,
    }
    let (provider, currency) = (Value::from(&difference.provider), difference.currency.into());
    let select = if row.kind == FUNDS {
        Statement::new(
            "SELECT amount_minor FROM funds_transfer
             WHERE provider = ?1 AND currency = ?2 AND reference = ?3
               AND approved_at IS NOT NULL AND withdrawn_at IS NULL AND explanation_id IS NULL",
            [provider, currency, (&row.number).into()],
        )
    } else {
        Statement::new(
            "SELECT amount_minor FROM movement
             WHERE provider = ?1 AND currency = ?2 AND kind = ?3 AND number = ?4
               AND matched_at IS NULL",
            [provider, currency, (&row.kind).into(), (&row.number).into()],
        )
    };
    let found: Option<Found> = Results::from(ctx.db.batch(vec![select]).await?).take().first()?;
    Ok(found.map(|found| found.amount_minor))
}

/// Books money that only the bill knows as a payment in suspense, with its case and its task.
fn book_suspense<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    provider: &str,
    payment: &SuspensePayment,
) -> Result<Vec<Statement>, DatabaseError> {
    const REASON: &str = "only_on_bill";
    let (payment_id, case_id) = (ctx.id(id::Kind::Payment), ctx.id(id::Kind::SuspenseCase));
    let mut statements = vec![
        Statement::new(
            "INSERT INTO payment (id, provider, transaction_id, order_number, intent_id,
                                  amount_minor, currency, paid_at, booked_at, fate)
             VALUES (?1, ?2, ?3, ?4, NULL, ?5, ?6, ?7, ?8, 'suspense')",
            [
                Value::from(&payment_id),
                provider.into(),
                (&payment.transaction_id).into(),
                (&payment.order_number).into(),
                payment.amount.minor.into(),
                payment.amount.currency.into(),
                payment.paid_at.into(),
                ctx.now.into(),
            ],
        ),
        Statement::new(
            "INSERT INTO suspense_case (id, payment_id, reason, opened_at) VALUES (?1, ?2, ?3, ?4)",
            [Value::from(&case_id), (&payment_id).into(), REASON.into(), ctx.now.into()],
        ),
        tasks::open("suspense", &case_id, REASON, ctx.now, ctx.now.plus_days(TASK_DAYS)),
    ];
    statements.extend(ledger::transfer(
        &format!("payment.suspense:{payment_id}"),
        ctx.now,
        Account::ProviderUnsettled(provider),
        Account::Suspense(provider),
        payment.amount,
    )?);
    Ok(statements)
}

fn settle_movements(
    provider: &str,
    settled: &[(&str, &str)],
    explanation_id: &str,
    now: Moment,
) -> [Statement; 2] {
    let keys = json!(settled).to_string();
    [
        Statement::new(
            "UPDATE movement SET matched_at = ?2, explanation_id = ?3
             WHERE provider = ?1 AND matched_at IS NULL AND (kind, number) IN (
               SELECT value ->> 0, value ->> 1 FROM json_each(?4))",
            [Value::from(provider), now.into(), explanation_id.into(), keys.into()],
        ),
        Statement::must_change(settled.len() as i64, "movement_unmatched"),
    ]
}

fn settle_funds(provider: &str, reference: &str, explanation_id: &str) -> [Statement; 2] {
    [
        Statement::new(
            "UPDATE funds_transfer SET explanation_id = ?3
             WHERE provider = ?1 AND reference = ?2 AND approved_at IS NOT NULL
               AND withdrawn_at IS NULL AND explanation_id IS NULL",
            [Value::from(provider), reference.into(), explanation_id.into()],
        ),
        Statement::must_change(1, "funds_unmatched"),
    ]
}

/// Closes the `only_ours` difference of a movement that is now settled, closes its task, and wakes
/// the payouts that waited for it. The movement is settled earlier in the same batch.
fn close_only_ours(provider: &str, row: &OurRow, now: Moment) -> [Statement; 3] {
    let values = || [Value::from(provider), now.into(), (&row.kind).into(), (&row.number).into()];
    [
        Statement::new(
            jobs::wake_each!(
                "SELECT 'pay_out', account_id, CAST(?2 AS INTEGER) FROM bill_difference
                 WHERE provider = ?1 AND movement_kind = ?3 AND number = ?4
                   AND kind = 'only_ours' AND closed_at IS NULL AND account_id IS NOT NULL"
            ),
            values(),
        ),
        Statement::new(
            "UPDATE operator_task SET closed_at = ?2, outcome = 'explained'
             WHERE kind = 'bill_difference' AND closed_at IS NULL AND subject_id IN (
               SELECT id FROM bill_difference
               WHERE provider = ?1 AND movement_kind = ?3 AND number = ?4
                 AND kind = 'only_ours' AND closed_at IS NULL)",
            values(),
        ),
        Statement::new(
            "UPDATE bill_difference SET closed_at = ?2, explanation = 'on the bill as another row'
             WHERE provider = ?1 AND movement_kind = ?3 AND number = ?4
               AND kind = 'only_ours' AND closed_at IS NULL",
            values(),
        ),
    ]
}
