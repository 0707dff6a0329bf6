//! The rows that booking a report about a dispute depends on.

use serde::Deserialize;
use shared::machine::{DisputeState, FreezeState, PraiseState};
use shared::money::{Currency, Money};

use crate::database::{Statement, Value};

/// A disputed payment, with its praise, article and freeze.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct DisputeFacts {
    pub(super) payment_id: String,
    pub(super) fate: String,
    pub(super) amount_minor: i64,
    pub(super) currency: Currency,
    /// This and the following fields are `None` if the payment is not a praise.
    pub(super) praise_id: Option<String>,
    pub(super) praise_state: Option<PraiseState>,
    pub(super) account_id: Option<String>,
    pub(super) matured: Option<i64>,
    pub(super) due_at: Option<i64>,
    pub(super) article_status: Option<String>,
    pub(super) freeze_id: Option<String>,
    pub(super) freeze_state: Option<FreezeState>,
}

/// A row of `dispute`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct BookedDispute {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) payment_id: String,
    pub(super) state: DisputeState,
    /// 1: the praise's money is held back in `writer_disputed`; 0: it had left before.
    pub(super) aside: i64,
}

impl DisputeFacts {
    pub(super) fn amount(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }

    /// Returns the praise if its money has not left: it is neither in a payout nor on its way back.
    pub(super) fn unsent_praise(&self) -> Option<DisputedPraise<'_>> {
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

    /// Returns the guard that fails the batch if the payment or its praise has changed since it was
    /// read.
    pub(super) fn guard_unchanged(&self) -> Statement {
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

/// A praise whose money a dispute holds back.
pub(super) struct DisputedPraise<'a> {
    pub(super) praise_id: &'a str,
    pub(super) account_id: &'a str,
    pub(super) state: PraiseState,
    /// Whether its money is in `writer_due`, not in `writer_held`.
    pub(super) matured: bool,
}
