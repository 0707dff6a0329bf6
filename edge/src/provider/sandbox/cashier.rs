//! The reader's actions at the sandbox's cashier. An action returns signed messages for the product.
//! The caller delivers them, because a Worker cannot fetch itself.

use shared::calendar::Moment;

use super::{Order, Sandbox, fault};
use crate::database::{Database, DatabaseError, Statement, Value};
use crate::digest::sha256_start;
use crate::provider::{EventKind, Message, SignedMessage};

/// An action of the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CashierAction {
    /// Pays.
    Pay,
    /// Is declined by the bank.
    Decline,
}

impl<D: Database> Sandbox<D> {
    /// Finds an order by its number, for the cashier's page.
    pub async fn cashier_order(&self, number: &str) -> Result<Option<Order>, DatabaseError> {
        self.order(number).await
    }

    /// Sets the payer of an order by its [`fingerprint`]. With `None`, the provider does not report a
    /// payer. Changes nothing once the order is paid.
    ///
    /// [`fingerprint`]: super::cards::fingerprint
    pub async fn set_payer(&self, number: &str, payer: Option<&str>) -> Result<(), DatabaseError> {
        let set = Statement::new(
            "UPDATE sandbox_order SET payer = ?2 WHERE number = ?1 AND state = 'open'",
            [Value::from(number), payer.into()],
        );
        self.db.batch(vec![set]).await.map(drop)
    }

    /// Carries out an action and returns its messages: one, none if a `lost` fault is set, two if a
    /// `doubled` fault is set. An order that is not open is left unchanged, and its message is sent
    /// again.
    pub async fn act(
        &self,
        number: &str,
        action: CashierAction,
        now: Moment,
    ) -> Result<Vec<SignedMessage>, DatabaseError> {
        let statement = match action {
            CashierAction::Pay => Statement::new(
                "UPDATE sandbox_order
                 SET state = 'paid', transaction_id = ?2, paid_at = ?3, paid_minor = amount_minor
                 WHERE number = ?1 AND state = 'open' AND expires_at > ?3",
                [Value::from(number), transaction_id(number).into(), now.into()],
            ),
            CashierAction::Decline => Statement::new(
                "UPDATE sandbox_order SET state = 'declined' WHERE number = ?1 AND state = 'open'",
                [Value::from(number)],
            ),
        };
        self.db.batch(vec![statement]).await?;
        let Some(message) = self.message(number, now).await? else { return Ok(Vec::new()) };
        Ok(match fault::take(&self.db, "notify").await?.as_deref() {
            Some("lost") => Vec::new(),
            Some("doubled") => vec![message.clone(), message],
            _ => vec![message],
        })
    }

    /// The message about an order in its current state, signed now; `None` while it is open. The event
    /// id is made of the order and its state, so a repetition carries the same id.
    pub async fn message(
        &self,
        number: &str,
        now: Moment,
    ) -> Result<Option<SignedMessage>, DatabaseError> {
        let Some(order) = self.order(number).await? else { return Ok(None) };
        if order.state == "open" {
            return Ok(None);
        }
        let message = Message {
            event_id: format!("evt_{}_{}", order.number, order.state),
            kind: EventKind::Order { number: order.number.clone(), report: order.report() },
        };
        self.sign(&message, now).map(Some)
    }
}

/// The sandbox's number of the payment of an order.
fn transaction_id(number: &str) -> String {
    format!("sbx{}", sha256_start(number, 24))
}
