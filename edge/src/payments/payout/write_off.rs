//! Writes off what a writer owes. An operator may do so after half a year without income, when the
//! writer is unlikely to earn it any more.

use serde::Deserialize;
use serde_json::json;
use shared::calendar::Moment;
use shared::limits::WRITE_OFF_DAYS;
use shared::money::{Currency, Money};
use shared::problem::Problem;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::payments::ledger::{self, Account};
use crate::people::operator;
use crate::provider::PaymentProvider;

/// Writes off everything that an account owes and returns the amount.
///
/// Refused: an account that does not exist, that owes nothing, or that has had income (a praise
/// booked or a payout created) within the last [`WRITE_OFF_DAYS`] days. For an account without
/// income the days count from its creation.
pub async fn write_off<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_person_id: &str,
    account_id: &str,
) -> Result<Money, Failure> {
    #[derive(Deserialize)]
    struct Debt {
        currency: Currency,
        debt_minor: i64,
        last_income: i64,
    }
    let read = Statement::new(
        "SELECT account.currency,
                coalesce((SELECT owed_minor FROM writer_owes
                          WHERE account_id = account.id
                            AND currency = account.currency), 0) AS debt_minor,
                max(account.created_at,
                    coalesce((SELECT max(booked_at) FROM praise
                              WHERE account_id = account.id), 0),
                    coalesce((SELECT max(created_at) FROM payout
                              WHERE account_id = account.id), 0)) AS last_income
         FROM official_account AS account WHERE account.id = ?1",
        [Value::from(account_id)],
    );
    let owed: Option<Debt> = Results::from(ctx.db.batch(vec![read]).await?).take().first()?;
    let owed = owed.ok_or(Problem::NotFound)?;
    if owed.debt_minor == 0 {
        return Err(Problem::WrongState.into());
    }
    let opens_at = Moment::from_ms(owed.last_income).plus_days(WRITE_OFF_DAYS);
    if ctx.now < opens_at {
        return Err(Problem::WriteOffEarly { opens_at }.into());
    }
    let debt = Money::new(owed.debt_minor, owed.currency);
    let mut statements = vec![
        Statement::new(
            "INSERT INTO must (got, expected, guard)
             SELECT count(*), 1, 'writer_debt' FROM writer_owes
             WHERE account_id = ?1 AND currency = ?2 AND owed_minor = ?3",
            [Value::from(account_id), debt.currency.into(), debt.minor.into()],
        ),
        Statement::new(
            "INSERT INTO must (got, expected, guard)
             SELECT (SELECT count(*) FROM praise WHERE account_id = ?1 AND booked_at > ?2)
                  + (SELECT count(*) FROM payout WHERE account_id = ?1 AND created_at > ?2),
                    0, 'no_income'",
            [Value::from(account_id), owed.last_income.into()],
        ),
        operator::audit(
            operator_person_id,
            "debt.write_off",
            account_id,
            &json!({ "amount": debt }),
            ctx.now,
        ),
    ];
    statements.extend(ledger::transfer(
        &format!("debt.written_off:{account_id}:{}", ctx.now.ms()),
        ctx.now,
        Account::OperatorLoss,
        Account::WriterDebt(account_id),
        debt,
    )?);
    match ctx.db.batch(statements).await {
        // Another operator has just written it off, or there is new income.
        Err(DatabaseError::Guard(_) | DatabaseError::Rule(_)) => Err(Problem::WrongState.into()),
        other => Ok(other.map(|_| debt)?),
    }
}
