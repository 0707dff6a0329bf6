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

use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use shared::calendar::{Day, Moment};
use shared::id;
use shared::money::{Currency, Money};
use subtle::ConstantTimeEq;

use super::{
    BillFile, Card, DisputeReport, Forged, Message, OpenOrder, OrderReport, OrderRequest,
    PaidReport, PaymentProvider, PayoutReport, ProviderError, RefundReport, SignedMessage,
};
use crate::database::{Database, DatabaseError, Results, Statement, Value, to_json};
use crate::digest::hex;
use crate::entropy::Entropy;

/// The name in the database.
pub const NAME: &str = "sandbox";

/// Most seconds between a message's timestamp and now, in either direction.
const MESSAGE_WINDOW_S: i64 = 300;

/// The sandbox provider over its own database.
pub struct Sandbox<D: Database> {
    db: D,
    signing_key: String,
    /// Milliseconds that the sandbox's time is ahead of real time.
    offset_ms: i64,
}

impl<D: Database> Sandbox<D> {
    /// Opens the sandbox. Its signing key is created the first time and never leaves its database.
    pub async fn open(db: D, entropy: &dyn Entropy) -> Result<Sandbox<D>, DatabaseError> {
        #[derive(Deserialize)]
        struct Setting {
            name: String,
            value: String,
        }
        let read = Statement::new("SELECT name, value FROM sandbox_setting", []);
        let mut settings: Vec<Setting> =
            Results::from(db.batch(vec![read.clone()]).await?).take().decode()?;
        if !settings.iter().any(|setting| setting.name == "signing_key") {
            let key = format!("{}{}", id::base32(entropy.bytes()), id::base32(entropy.bytes()));
            let make = Statement::new(
                "INSERT INTO sandbox_setting (name, value) VALUES ('signing_key', ?1)
                 ON CONFLICT (name) DO NOTHING",
                [Value::from(key)],
            );
            let mut results = Results::from(db.batch(vec![make, read]).await?);
            results.take();
            settings = results.take().decode()?;
        }
        let value = |name: &str| settings.iter().find(|s| s.name == name).map(|s| s.value.clone());
        Ok(Sandbox {
            db,
            signing_key: value("signing_key").unwrap_or_default(),
            offset_ms: value("clock_offset_ms").and_then(|v| v.parse().ok()).unwrap_or(0),
        })
    }

    /// Sets how far the sandbox's time is ahead of real time, in milliseconds. Takes effect for
    /// the next time the sandbox is opened.
    pub async fn set_offset(&self, offset_ms: i64) -> Result<(), DatabaseError> {
        let set = Statement::new(
            "INSERT INTO sandbox_setting (name, value) VALUES ('clock_offset_ms', ?1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [Value::from(offset_ms.to_string())],
        );
        self.db.batch(vec![set]).await.map(drop)
    }

    /// Converts a real moment to the sandbox's time.
    pub fn now(&self, real: Moment) -> Moment {
        Moment::from_ms(real.ms() + self.offset_ms)
    }

    /// Signs a message as this provider does: HMAC-SHA256 over `timestamp`, a line feed, `body`.
    pub fn sign(&self, message: &Message, now: Moment) -> Result<SignedMessage, DatabaseError> {
        let body = to_json(message)?;
        let timestamp = (now.ms() / 1000).to_string();
        let signature = self.signature(&timestamp, &body);
        Ok(SignedMessage { timestamp, signature, body })
    }

    fn signature(&self, timestamp: &str, body: &str) -> String {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.signing_key.as_bytes()) else {
            return String::new();
        };
        mac.update(timestamp.as_bytes());
        mac.update(b"\n");
        mac.update(body.as_bytes());
        hex(&mac.finalize().into_bytes())
    }

    async fn order(&self, number: &str) -> Result<Option<Order>, DatabaseError> {
        let statement = Statement::new(
            "SELECT number, request, amount_minor, currency, payee, description, return_url,
                    expires_at, state, transaction_id, paid_at, paid_minor
             FROM sandbox_order WHERE number = ?1",
            [Value::from(number)],
        );
        Results::from(self.db.batch(vec![statement]).await?).take().first()
    }
}

/// An order in the sandbox's own database.
#[derive(Clone, Debug, Deserialize)]
pub struct Order {
    /// The merchant's number: ours.
    pub number: String,
    request: String,
    amount_minor: i64,
    currency: Currency,
    /// Who receives.
    pub payee: String,
    /// What it is for.
    pub description: String,
    /// Path of the page to come back to.
    pub return_url: String,
    expires_at: i64,
    /// `open`, `paid`, `declined` or `closed`.
    pub state: String,
    transaction_id: Option<String>,
    paid_at: Option<i64>,
    paid_minor: Option<i64>,
}

impl Order {
    /// The amount to pay.
    pub fn amount(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }

    /// The end of the time in which it can be paid.
    pub fn expires_at(&self) -> Moment {
        Moment::from_ms(self.expires_at)
    }

    fn report(&self) -> OrderReport {
        match (self.state.as_str(), &self.transaction_id, self.paid_at, self.paid_minor) {
            ("paid", Some(transaction_id), Some(paid_at), Some(minor)) => {
                OrderReport::Paid(PaidReport {
                    transaction_id: transaction_id.clone(),
                    amount: Money::new(minor, self.currency),
                    paid_at: Moment::from_ms(paid_at),
                })
            }
            ("declined", ..) => OrderReport::Declined,
            ("closed", ..) => OrderReport::Closed,
            _ => OrderReport::Waiting,
        }
    }
}

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
    ) -> Result<BillFile, ProviderError> {
        bills::bill(self, currency, day, now).await
    }

    async fn verify(&self, message: &SignedMessage, now: Moment) -> Result<Message, Forged> {
        let expected = self.signature(&message.timestamp, &message.body);
        let same: bool = expected.as_bytes().ct_eq(message.signature.as_bytes()).into();
        let plain = message.timestamp.bytes().all(|b| b.is_ascii_digit());
        let seconds: i64 = message.timestamp.parse().map_err(|_| Forged)?;
        let fresh = (now.ms() / 1000)
            .checked_sub(seconds)
            .is_some_and(|age| (-MESSAGE_WINDOW_S..=MESSAGE_WINDOW_S).contains(&age));
        if same && plain && fresh && !expected.is_empty() {
            self.parse(&message.body)
        } else {
            Err(Forged)
        }
    }

    fn parse(&self, body: &str) -> Result<Message, Forged> {
        serde_json::from_str(body).map_err(|_| Forged)
    }
}

pub(super) fn unknown(error: DatabaseError) -> ProviderError {
    ProviderError::Unknown(error.to_string())
}
