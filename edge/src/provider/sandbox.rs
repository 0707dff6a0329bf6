//! The sandbox provider, with which the whole product runs without a network and without money. It
//! has a database of its own and talks to the product as a remote provider would: through
//! [`PaymentProvider`] and through signed messages.

pub mod bills;
pub mod cards;
pub mod cashier;
pub mod disputes;
pub mod fault;
pub mod payouts;
pub mod refunds;
mod store;

use shared::calendar::{Day, Moment};
use shared::money::Currency;
use subtle::ConstantTimeEq;

use super::{
    Card, DailyBill, DisputeReport, InvalidMessage, Message, OpenOrder, OrderReport, OrderRequest,
    PaymentProvider, PayoutReport, ProviderError, RefundReport, SignedMessage,
};
use crate::database::{Database, Statement, Value};

use store::unknown;
pub use store::{Order, Sandbox};

/// The name in the database.
pub const NAME: &str = "sandbox";

/// The maximum seconds between a message's timestamp and now, in either direction.
const MESSAGE_WINDOW_S: i64 = 300;

impl<D: Database> PaymentProvider for Sandbox<D> {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn create_order(&self, body: &str, now: Moment) -> Result<OpenOrder, ProviderError> {
        let fault = fault::take(&self.db, "create_order").await.map_err(unknown)?;
        if fault.as_deref() == Some("lost") {
            return Err(ProviderError::Unknown("the request was lost".into()));
        }
        let request: OrderRequest = serde_json::from_str(body)
            .map_err(|error| ProviderError::Refused(format!("unreadable request: {error}")))?;
        if fault.as_deref() == Some("refused") || request.expires_at <= now {
            return Err(ProviderError::Refused("order_refused".into()));
        }
        let insert = Statement::new(
            "INSERT INTO sandbox_order (number, request, amount_minor, currency, payee,
                                        description, return_url, expires_at, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'open') ON CONFLICT (number) DO NOTHING",
            [
                Value::from(&request.number),
                body.into(),
                request.amount.minor.into(),
                request.amount.currency.into(),
                (&request.payee).into(),
                (&request.description).into(),
                (&request.return_path).into(),
                request.expires_at.into(),
            ],
        );
        self.db.batch(vec![insert]).await.map_err(unknown)?;
        let order = self.order(&request.number).await.map_err(unknown)?;
        match order {
            Some(order) if order.request == body && fault.as_deref() == Some("reply_lost") => {
                Err(ProviderError::Unknown("the reply was lost".into()))
            }
            Some(order) if order.request == body => {
                Ok(OpenOrder { pay_url: format!("/sandbox/cashier/{}", order.number) })
            }
            _ => Err(ProviderError::Refused("the number belongs to another request".into())),
        }
    }

    async fn query_order(&self, number: &str, _: Moment) -> Result<OrderReport, ProviderError> {
        if fault::take(&self.db, "query_order").await.map_err(unknown)?.is_some() {
            return Err(ProviderError::Unknown("the query was lost".into()));
        }
        let order = self.order(number).await.map_err(unknown)?;
        order.map(|order| order.report()).ok_or(ProviderError::NotFound)
    }

    async fn close_order(&self, number: &str, _: Moment) -> Result<(), ProviderError> {
        if fault::take(&self.db, "close_order").await.map_err(unknown)?.is_some() {
            return Err(ProviderError::Unknown("the close was lost".into()));
        }
        let close = Statement::new(
            "UPDATE sandbox_order SET state = 'closed' WHERE number = ?1 AND state = 'open'",
            [Value::from(number)],
        );
        self.db.batch(vec![close]).await.map(drop).map_err(unknown)
    }

    async fn refund(&self, body: &str, now: Moment) -> Result<RefundReport, ProviderError> {
        refunds::refund(self, body, now).await
    }

    async fn query_refund(&self, number: &str, now: Moment) -> Result<RefundReport, ProviderError> {
        refunds::query_refund(self, number, now).await
    }

    async fn retry_refund(&self, number: &str, now: Moment) -> Result<RefundReport, ProviderError> {
        refunds::retry_refund(self, number, now).await
    }

    async fn card(&self, token: &str, _: Moment) -> Result<Card, ProviderError> {
        cards::card(token)
    }

    fn payee_day_minor(&self, currency: Currency) -> i64 {
        payouts::payee_day_minor(currency)
    }

    async fn pay_out(&self, body: &str, now: Moment) -> Result<PayoutReport, ProviderError> {
        payouts::pay_out(self, body, now).await
    }

    async fn query_payout(&self, number: &str, now: Moment) -> Result<PayoutReport, ProviderError> {
        payouts::query_payout(self, number, now).await
    }

    async fn query_dispute(
        &self,
        number: &str,
        now: Moment,
    ) -> Result<DisputeReport, ProviderError> {
        disputes::query_dispute(self, number, now).await
    }

    async fn bill(
        &self,
        currency: Currency,
        day: Day,
        now: Moment,
    ) -> Result<DailyBill, ProviderError> {
        bills::bill(self, currency, day, now).await
    }

    async fn verify(
        &self,
        message: &SignedMessage,
        now: Moment,
    ) -> Result<Message, InvalidMessage> {
        let expected = self.signature(&message.timestamp, &message.body);
        let same: bool = expected.as_bytes().ct_eq(message.signature.as_bytes()).into();
        let plain = message.timestamp.bytes().all(|b| b.is_ascii_digit());
        let seconds: i64 = message.timestamp.parse().map_err(|_| InvalidMessage)?;
        let fresh = (now.ms() / 1000)
            .checked_sub(seconds)
            .is_some_and(|age| (-MESSAGE_WINDOW_S..=MESSAGE_WINDOW_S).contains(&age));
        if same && plain && fresh && !expected.is_empty() {
            self.parse(&message.body)
        } else {
            Err(InvalidMessage)
        }
    }

    fn parse(&self, body: &str) -> Result<Message, InvalidMessage> {
        serde_json::from_str(body).map_err(|_| InvalidMessage)
    }
}
