//! Disputes at the sandbox: the actions of a reader's bank. Each returns signed messages for the
//! product, as those of the cashier do.

use serde::Deserialize;
use shared::calendar::Moment;
use shared::money::{Currency, Money};

use super::{Sandbox, fault, unknown};
use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::digest::sha256_start;
use crate::provider::{
    DisputeOutcome, DisputeReport, EventKind, Message, ProviderError, SignedMessage,
};

/// The decision of a bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// For us: the money comes back.
    Won,
    /// For the reader.
    Lost,
}

impl Decision {
    /// All decisions.
    pub const ALL: [Decision; 2] = [Decision::Won, Decision::Lost];

    /// The name in the database and in the control API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Decision::Won => "won",
            Decision::Lost => "lost",
        }
    }

    /// The decision of this name.
    pub fn from_name(name: &str) -> Option<Decision> {
        Decision::ALL.into_iter().find(|decision| decision.as_str() == name)
    }
}

/// Queries the state of a dispute.
pub(super) async fn query_dispute<D: Database>(
    sandbox: &Sandbox<D>,
    number: &str,
    _: Moment,
) -> Result<DisputeReport, ProviderError> {
    if fault::take(&sandbox.db, "query_dispute").await.map_err(unknown)?.is_some() {
        return Err(ProviderError::Unknown("the query was lost".into()));
    }
    let dispute = find(sandbox, number).await.map_err(unknown)?;
    dispute.map(|dispute| dispute.report()).ok_or(ProviderError::NotFound)
}

impl<D: Database> Sandbox<D> {
    /// The reader's bank disputes the payment of this order. Returns the number of the open dispute;
    /// `None` if nothing was paid, or if an earlier dispute was lost.
    pub async fn open_dispute(
        &self,
        order_number: &str,
        now: Moment,
    ) -> Result<Option<String>, DatabaseError> {
        #[derive(Deserialize)]
        struct Ground {
            transaction_id: String,
            before: i64,
            open: Option<String>,
            lost: i64,
        }
        let read = Statement::new(
            "SELECT transaction_id,
                    (SELECT count(*) FROM sandbox_dispute AS d
                     WHERE d.transaction_id = o.transaction_id) AS before,
                    (SELECT number FROM sandbox_dispute AS d
                     WHERE d.transaction_id = o.transaction_id AND d.state = 'open') AS open,
                    EXISTS (SELECT 1 FROM sandbox_dispute AS d
                     WHERE d.transaction_id = o.transaction_id AND d.state = 'lost') AS lost
             FROM sandbox_order AS o WHERE o.number = ?1 AND o.transaction_id IS NOT NULL",
            [Value::from(order_number)],
        );
        let ground: Option<Ground> =
            Results::from(self.db.batch(vec![read]).await?).take().first()?;
        let Some(ground) = ground.filter(|ground| ground.lost == 0) else { return Ok(None) };
        if ground.open.is_some() {
            return Ok(ground.open);
        }
        let number = number(&ground.transaction_id, ground.before);
        let insert = Statement::new(
            "INSERT INTO sandbox_dispute (number, order_number, transaction_id, amount_minor,
                                          currency, opened_at, state)
             SELECT ?2, number, transaction_id, paid_minor, currency, CAST(?3 AS INTEGER), 'open'
             FROM sandbox_order AS o WHERE o.number = ?1
               AND NOT EXISTS (SELECT 1 FROM sandbox_dispute AS d
                               WHERE d.transaction_id = o.transaction_id AND d.state <> 'won')
               AND NOT EXISTS (SELECT 1 FROM sandbox_dispute AS d WHERE d.number = ?2)",
            [Value::from(order_number), (&number).into(), now.into()],
        );
        self.db.batch(vec![insert]).await?;
        Ok(Some(number))
    }

    /// The bank decides a dispute. A decided one is left unchanged. Returns whether it exists.
    pub async fn decide_dispute(
        &self,
        number: &str,
        decision: Decision,
        now: Moment,
    ) -> Result<bool, DatabaseError> {
        let decide = Statement::new(
            "UPDATE sandbox_dispute SET state = ?2, ended_at = ?3
             WHERE number = ?1 AND state = 'open'",
            [Value::from(number), decision.as_str().into(), now.into()],
        );
        self.db.batch(vec![decide]).await?;
        Ok(find(self, number).await?.is_some())
    }

    /// The messages of a bank's action: one, none if a `lost` fault is set, two if a `doubled` fault is
    /// set.
    pub async fn dispute_messages(
        &self,
        number: &str,
        now: Moment,
    ) -> Result<Vec<SignedMessage>, DatabaseError> {
        let Some(message) = self.dispute_message(number, now).await? else { return Ok(Vec::new()) };
        Ok(match fault::take(&self.db, "notify").await?.as_deref() {
            Some("lost") => Vec::new(),
            Some("doubled") => vec![message.clone(), message],
            _ => vec![message],
        })
    }

    /// The message about a dispute in its current state, signed now. The event id is made of the
    /// dispute and its state, so a repetition carries the same id.
    pub async fn dispute_message(
        &self,
        number: &str,
        now: Moment,
    ) -> Result<Option<SignedMessage>, DatabaseError> {
        let Some(dispute) = find(self, number).await? else { return Ok(None) };
        let message = Message {
            event_id: format!("evt_{number}_{}", dispute.state),
            kind: EventKind::Dispute(dispute.report()),
        };
        self.sign(&message, now).map(Some)
    }
}

/// A dispute in the sandbox's own database.
#[derive(Deserialize)]
struct Dispute {
    number: String,
    transaction_id: String,
    amount_minor: i64,
    currency: Currency,
    opened_at: i64,
    state: String,
    ended_at: Option<i64>,
}

impl Dispute {
    fn report(&self) -> DisputeReport {
        let ended_at = self.ended_at.map(Moment::from_ms);
        DisputeReport {
            number: self.number.clone(),
            transaction_id: self.transaction_id.clone(),
            amount: Money::new(self.amount_minor, self.currency),
            opened_at: Moment::from_ms(self.opened_at),
            outcome: match (self.state.as_str(), ended_at) {
                ("won", Some(at)) => DisputeOutcome::Won { at },
                ("lost", Some(at)) => DisputeOutcome::Lost { at },
                _ => DisputeOutcome::Open,
            },
        }
    }
}

async fn find<D: Database>(
    sandbox: &Sandbox<D>,
    number: &str,
) -> Result<Option<Dispute>, DatabaseError> {
    let statement = Statement::new(
        "SELECT number, transaction_id, amount_minor, currency, opened_at, state, ended_at
         FROM sandbox_dispute WHERE number = ?1",
        [Value::from(number)],
    );
    Results::from(sandbox.db.batch(vec![statement]).await?).take().first()
}

/// The number of a payment's next dispute, after `before` earlier ones.
fn number(transaction_id: &str, before: i64) -> String {
    format!("sbxdsp{}", sha256_start(format!("{transaction_id}:{before}"), 20))
}
