//! Money that the operator pays in at the provider, from which the provider takes its fees.

use serde::Deserialize;
use serde_json::json;
use shared::money::{Currency, MINOR_MAX, Money};
use shared::problem::{Expected, Problem};

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::failure::Failure;
use crate::payments::ledger::{self, Account};
use crate::people::operator::audit;
use crate::provider::PaymentProvider;

/// The maximum length of a reference, in characters.
pub const REFERENCE_MAX: usize = 64;

/// Books money that the operator has paid in at the provider. `reference` is the bank's or
/// provider's id of that transfer; the call is idempotent per reference.
///
/// Refused: a malformed reference, an amount that is not positive, another amount under the same
/// reference.
pub async fn add_funds<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    amount: Money,
    reference: &str,
) -> Result<(), Failure> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if !(1..=REFERENCE_MAX).contains(&reference.len()) || !reference.bytes().all(plain) {
        let expected = Expected::FUNDS_REFERENCE;
        return Err(Problem::Field { field: "reference", expected }.into());
    }
    if !(1..=MINOR_MAX).contains(&amount.minor) {
        let expected = Expected::MORE_THAN_ZERO;
        return Err(Problem::Field { field: "amount", expected }.into());
    }
    let id = format!("funds.added:{reference}");
    let provider = ctx.provider.name();
    let mut statements = Vec::from(ledger::transfer(
        &id,
        ctx.now,
        Account::ProviderSettled(provider),
        Account::OperatorFunds,
        amount,
    )?);
    let detail = json!({ "amount": amount });
    statements.push(audit(operator_id, "funds.add", reference, &detail, ctx.now));
    match ctx.db.batch(statements).await {
        Err(DatabaseError::Rule(rule)) if rule == "posted" => {
            if booked_amount(ctx, &id).await? == Some(amount) {
                Ok(())
            } else {
                Err(Problem::Taken("reference").into())
            }
        }
        other => Ok(other.map(drop)?),
    }
}

/// Returns the amount that was booked under a posting's id.
async fn booked_amount<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    id: &str,
) -> Result<Option<Money>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        amount_minor: i64,
        currency: Currency,
    }
    let statement = Statement::new(
        "SELECT amount_minor, currency FROM ledger_entry
         WHERE transaction_id = ?1 AND account = 'provider_settled'",
        [Value::from(id)],
    );
    let row: Option<Row> = Results::from(ctx.db.batch(vec![statement]).await?).take().first()?;
    Ok(row.map(|row| Money::new(row.amount_minor, row.currency)))
}
