//! What booking a report about a dispute depends on.

use serde::Deserialize;
use shared::machine::{DisputeState, FreezeState, PraiseState};
use shared::money::{Currency, Money};

use crate::database::{Statement, Value};

/// The payment that a dispute is about, and everything that booking it depends on.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct DisputeFacts {
    pub(super) payment_id: String,
    pub(super) fate: String,
    pub(super) amount_minor: i64,
    pub(super) currency: Currency,
    /// All of the praise, where there is one.
    pub(super) praise_id: Option<String>,
    pub(super) praise_state: Option<PraiseState>,
    pub(super) account_id: Option<String>,
    pub(super) matured: Option<i64>,
    pub(super) due_at: Option<i64>,
    pub(super) article_status: Option<String>,
    pub(super) freeze_id: Option<String>,
    pub(super) freeze_state: Option<FreezeState>,
}

/// A dispute as booked.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct BookedDispute {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) payment_id: String,
    pub(super) state: DisputeState,
    pub(super) aside: i64,
}

impl DisputeFacts {
    pub(super) fn amount(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }

    /// The praise whose money is still with us, and whether its day had come.
    pub(super) fn praise_with_us(&self) -> Option<DisputedPraise<'_>> {
        match self.praise_state? {
            state @ (PraiseState::Held | PraiseState::Due | PraiseState::Frozen) => {
                Some(DisputedPraise {
                    praise_id: self.praise_id.as_deref()?,
                    account_id: self.account_id.as_deref()?,
                    state,
                    matured: self.matured? == 1,
                })
            }
            _ => None,
        }
    }

    /// Ends the batch unless the money still is where it was when this was read.
    pub(super) fn as_read(&self) -> Statement {
        Statement::new(
            "INSERT INTO must (got, expected, guard)
             SELECT EXISTS (
               SELECT 1 FROM payment LEFT JOIN praise ON praise.payment_id = payment.id
               WHERE payment.id = ?1 AND payment.fate = ?2 AND praise.state IS ?3), 1,
               'dispute_place'",
            [
                Value::from(&self.payment_id),
                (&self.fate).into(),
                self.praise_state.map(PraiseState::as_str).into(),
            ],
        )
    }
}

/// A praise that a dispute sets aside.
pub(super) struct DisputedPraise<'a> {
    pub(super) praise_id: &'a str,
    pub(super) account_id: &'a str,
    pub(super) state: PraiseState,
    pub(super) matured: bool,
}
