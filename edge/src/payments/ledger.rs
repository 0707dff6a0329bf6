//! The double-entry ledger. A posting is a balanced transaction, inserted and sealed in the same
//! batch as the change that caused it. A single entry cannot be posted. A posting cannot be
//! repeated, because its id names its cause.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

use serde::Serialize;
use shared::calendar::Moment;
use shared::money::{Currency, Money};

use crate::database::{DatabaseError, Statement, Value, to_json};

/// An account of the ledger and its owner: a provider, an official account or the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account<'a> {
    /// Money at a provider that no bill has confirmed yet. Owner: the provider's name.
    ProviderUnsettled(&'a str),
    /// Money at a provider that a bill has confirmed. Owner: the provider's name.
    ProviderSettled(&'a str),
    /// Fees that a provider has taken. Owner: the provider's name.
    ProviderFee(&'a str),
    /// Held for a writer. Owner: the official account's id, also of the next four.
    WriterHeld(&'a str),
    /// Due to a writer, to be paid out.
    WriterDue(&'a str),
    /// Held back until a dispute is decided.
    WriterDisputed(&'a str),
    /// What a writer owes the operator.
    WriterDebt(&'a str),
    /// On its way to a writer's bank card.
    PayingOut(&'a str),
    /// On its way back to a reader. Owner: the provider's name, also of the next two.
    Returning(&'a str),
    /// Taken by a bank until a dispute is decided.
    DisputeClearing(&'a str),
    /// Payments that match nothing we know, until an operator has decided about them.
    Suspense(&'a str),
    /// What the operator has paid in.
    OperatorFunds,
    /// What the operator has lost.
    OperatorLoss,
}

impl<'a> Account<'a> {
    fn name_and_owner(self) -> (&'static str, &'a str) {
        match self {
            Account::ProviderUnsettled(provider) => ("provider_unsettled", provider),
            Account::ProviderSettled(provider) => ("provider_settled", provider),
            Account::ProviderFee(provider) => ("provider_fee", provider),
            Account::WriterHeld(account) => ("writer_held", account),
            Account::WriterDue(account) => ("writer_due", account),
            Account::WriterDisputed(account) => ("writer_disputed", account),
            Account::WriterDebt(account) => ("writer_debt", account),
            Account::PayingOut(account) => ("paying_out", account),
            Account::Returning(provider) => ("returning", provider),
            Account::DisputeClearing(provider) => ("dispute_clearing", provider),
            Account::Suspense(provider) => ("suspense", provider),
            Account::OperatorFunds => ("operator_funds", "operator"),
            Account::OperatorLoss => ("operator_loss", "operator"),
        }
    }
}

/// One side of a posting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Leg {
    account: &'static str,
    owner: String,
    currency: Currency,
    amount: i64,
}

/// A posting: an id that names its cause, and its legs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Posting {
    id: String,
    legs: Vec<Leg>,
}

impl Posting {
    /// Creates a posting without legs. `id` names its cause, as in `praise.booked:prs_…`; the
    /// schema refuses a second posting of the same id with the rule `posted`.
    pub fn new(id: impl Into<String>) -> Posting {
        Posting { id: id.into(), legs: Vec::new() }
    }

    /// Adds `amount`, which may be negative, to an account. A zero adds no leg.
    pub fn leg(mut self, account: Account<'_>, amount: Money) -> Posting {
        let (name, owner) = account.name_and_owner();
        if amount.minor != 0 {
            let Money { minor, currency } = amount;
            self.legs.push(Leg { account: name, owner: owner.to_owned(), currency, amount: minor });
        }
        self
    }

    /// Returns whether it has no legs.
    pub fn is_empty(&self) -> bool {
        self.legs.is_empty()
    }

    /// Debits one account and credits another: `debit` +A, `credit` −A.
    pub fn transfer(self, debit: Account<'_>, credit: Account<'_>, amount: Money) -> Posting {
        self.leg(debit, amount)
            .leg(credit, Money::new(amount.minor.saturating_neg(), amount.currency))
    }
}

/// Returns the statements that insert postings and seal them. The schema refuses legs that do not
/// sum to zero per currency with the rule `ledger_unbalanced`.
pub fn post(postings: &[Posting], at: Moment) -> Result<[Statement; 3], DatabaseError> {
    let json = to_json(postings)?;
    Ok([
        Statement::new(
            "INSERT INTO ledger_transaction (id, at)
             SELECT value ->> 'id', ?2 FROM json_each(?1)",
            [Value::from(&json), at.into()],
        ),
        Statement::new(
            "INSERT INTO ledger_entry (transaction_id, line, account, owner, currency, amount_minor)
             SELECT posting.value ->> 'id', leg.key + 1, leg.value ->> 'account',
                    leg.value ->> 'owner', leg.value ->> 'currency', leg.value ->> 'amount'
             FROM json_each(?1) AS posting, json_each(posting.value, '$.legs') AS leg",
            [Value::from(&json)],
        ),
        Statement::new(
            "UPDATE ledger_transaction SET sealed = 1
             WHERE id IN (SELECT value ->> 'id' FROM json_each(?1))",
            [Value::from(&json)],
        ),
    ])
}

/// Returns the statements that debit one account and credit another, in one sealed posting.
pub fn transfer(
    id: &str,
    at: Moment,
    debit: Account<'_>,
    credit: Account<'_>,
    amount: Money,
) -> Result<[Statement; 3], DatabaseError> {
    post(&[Posting::new(id).transfer(debit, credit, amount)], at)
}

/// Selects the balance of one account in one currency as `balance_minor`; no row means zero.
pub fn balance(account: Account<'_>, currency: Currency) -> Statement {
    let (name, owner) = account.name_and_owner();
    Statement::new(
        "SELECT balance_minor FROM ledger_balance WHERE account = ?1 AND owner = ?2 AND currency = ?3",
        [Value::from(name), owner.into(), currency.into()],
    )
}
