//! Postings: whole, balanced transactions that are sealed in the batch that needs them. A single
//! entry cannot be posted, and a posting cannot be repeated: its id says what it is for.

use shared::calendar::Moment;
use shared::money::{Currency, Money};

use crate::database::{Statement, Value};

/// An account of the ledger, with whom it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account<'a> {
    /// Money at a provider that no bill has confirmed yet. Named by the provider.
    ProviderUnsettled(&'a str),
    /// Held for a writer. Named by the official account.
    WriterHeld(&'a str),
    /// On its way back to a reader. Named by the provider.
    Returning(&'a str),
    /// Payments nobody can explain. Named by the provider.
    Suspense(&'a str),
}

impl Account<'_> {
    fn name_and_owner(&self) -> (&'static str, &str) {
        match self {
            Account::ProviderUnsettled(provider) => ("provider_unsettled", provider),
            Account::WriterHeld(account) => ("writer_held", account),
            Account::Returning(provider) => ("returning", provider),
            Account::Suspense(provider) => ("suspense", provider),
        }
    }
}

/// The statements that post `amount` from one account to another (`from` −A, `to` +A) and seal it.
/// `id` is what it is for, `praise.booked:prs_…`; a second posting of the same id is refused as
/// rule `posted`.
pub fn transfer(
    id: &str,
    at: Moment,
    to: Account<'_>,
    from: Account<'_>,
    amount: Money,
) -> [Statement; 3] {
    let (to, to_owner) = to.name_and_owner();
    let (from, from_owner) = from.name_and_owner();
    [
        Statement::new(
            "INSERT INTO ledger_transaction (id, at) VALUES (?1, ?2)",
            [Value::from(id), at.into()],
        ),
        Statement::new(
            "INSERT INTO ledger_entry (transaction_id, line, account, owner, currency, amount_minor)
             VALUES (?1, 1, ?2, ?3, ?4, CAST(?5 AS INTEGER)),
                    (?1, 2, ?6, ?7, ?4, -CAST(?5 AS INTEGER))",
            [
                Value::from(id),
                to.into(),
                to_owner.into(),
                amount.currency.into(),
                amount.minor.into(),
                from.into(),
                from_owner.into(),
            ],
        ),
        Statement::new("UPDATE ledger_transaction SET sealed = 1 WHERE id = ?1", [Value::from(id)]),
    ]
}

/// Reads the balance of one account in one currency as `balance_minor`; no row means zero.
pub fn balance(account: Account<'_>, currency: Currency) -> Statement {
    let (name, owner) = account.name_and_owner();
    Statement::new(
        "SELECT balance_minor FROM ledger_balance WHERE account = ?1 AND owner = ?2 AND currency = ?3",
        [Value::from(name), owner.into(), currency.into()],
    )
}
