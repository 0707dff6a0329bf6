//! Postings: whole, balanced transactions that are sealed in the batch that needs them. A single
//! entry cannot be posted, and a posting cannot be repeated: its id says what it is for.

use serde::Serialize;
use shared::calendar::Moment;
use shared::money::{Currency, Money};

use crate::database::{DatabaseError, Statement, Value, to_json};

/// An account of the ledger, with whom it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account<'a> {
    /// Money at a provider that no bill has confirmed yet. Named by the provider.
    ProviderUnsettled(&'a str),
    /// Money at a provider that a bill has confirmed. Named by the provider.
    ProviderSettled(&'a str),
    /// What a provider took for its work. Named by the provider.
    ProviderFee(&'a str),
    /// Held for a writer. Named by the official account, as are the next four.
    WriterHeld(&'a str),
    /// To be paid to a writer.
    WriterDue(&'a str),
    /// Aside until a dispute is decided.
    WriterDisputed(&'a str),
    /// What a writer owes us.
    WriterDebt(&'a str),
    /// On its way to a writer's bank card.
    PayingOut(&'a str),
    /// On its way back to a reader. Named by the provider, as are the next two.
    Returning(&'a str),
    /// Taken by a bank until a dispute is decided.
    DisputeClearing(&'a str),
    /// Payments nobody can explain.
    Suspense(&'a str),
    /// What the operator has put in.
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

/// A posting to be made: an id that says what it is for, and its legs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Posting {
    id: String,
    legs: Vec<Leg>,
}

impl Posting {
    /// A posting without legs so far. `id` is what it is for, `praise.booked:prs_…`; a second
    /// posting of the same id is refused as rule `posted`.
    pub fn new(id: impl Into<String>) -> Posting {
        Posting { id: id.into(), legs: Vec::new() }
    }

    /// Adds `amount` to an account: negative amounts take. A zero adds nothing.
    pub fn leg(mut self, account: Account<'_>, amount: Money) -> Posting {
        let (name, owner) = account.name_and_owner();
        if amount.minor != 0 {
            let Money { minor, currency } = amount;
            self.legs.push(Leg { account: name, owner: owner.to_owned(), currency, amount: minor });
        }
        self
    }

    /// Moves `amount` from one account to another: `to` +A, `from` −A.
    pub fn transfer(self, to: Account<'_>, from: Account<'_>, amount: Money) -> Posting {
        self.leg(to, amount).leg(from, Money::new(-amount.minor, amount.currency))
    }
}

/// The statements that make postings and seal them, however many there are. Legs that do not sum to
/// zero per currency are refused as rule `ledger_unbalanced`.
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

/// The statements that post `amount` from one account to another and seal it.
pub fn transfer(
    id: &str,
    at: Moment,
    to: Account<'_>,
    from: Account<'_>,
    amount: Money,
) -> Result<[Statement; 3], DatabaseError> {
    post(&[Posting::new(id).transfer(to, from, amount)], at)
}

/// Reads the balance of one account in one currency as `balance_minor`; no row means zero.
pub fn balance(account: Account<'_>, currency: Currency) -> Statement {
    let (name, owner) = account.name_and_owner();
    Statement::new(
        "SELECT balance_minor FROM ledger_balance WHERE account = ?1 AND owner = ?2 AND currency = ?3",
        [Value::from(name), owner.into(), currency.into()],
    )
}
