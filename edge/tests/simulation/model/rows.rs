//! One batch as the model reads it.

use std::collections::BTreeMap;

use crate::observed_database::{Field, WrittenRow};

/// A ledger account: name, owner, currency.
pub type LedgerAccount = (String, String, String);

/// Sums per ledger account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legs(pub BTreeMap<LedgerAccount, i64>);

impl Legs {
    /// Adds an amount to an account and removes the account if the sum is zero.
    pub fn add(&mut self, account: &str, owner: &str, currency: &str, amount: i64) {
        let key = (account.to_owned(), owner.to_owned(), currency.to_owned());
        let sum = self.0.entry(key.clone()).or_default();
        *sum += amount;
        if *sum == 0 {
            self.0.remove(&key);
        }
    }
}

/// A written row with its columns by position.
#[derive(Clone, Copy)]
pub struct Row<'a>(pub &'a WrittenRow);

impl<'a> Row<'a> {
    /// The name of the observed table.
    pub fn table(self) -> &'a str {
        self.text(0)
    }

    /// A text; empty for anything else.
    pub fn text(self, place: usize) -> &'a str {
        match self.0.get(place) {
            Some(Field::Text(text)) => text,
            _ => "",
        }
    }

    /// A text as an owned string.
    pub fn string(self, place: usize) -> String {
        self.text(place).to_owned()
    }

    /// An integer, or `None`.
    pub fn maybe(self, place: usize) -> Option<i64> {
        match self.0.get(place) {
            Some(Field::Integer(integer)) => Some(*integer),
            _ => None,
        }
    }

    /// An integer; 0 for anything else.
    pub fn int(self, place: usize) -> i64 {
        match self.0.get(place) {
            Some(Field::Integer(integer)) => *integer,
            _ => 0,
        }
    }
}
