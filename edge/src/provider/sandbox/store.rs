//! The sandbox provider's own database: its settings, its orders, and the key it signs with.

use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use shared::calendar::Moment;
use shared::id;
use shared::money::{Currency, Money};

use crate::database::{Database, DatabaseError, Results, Statement, Value, to_json};
use crate::digest::hex;
use crate::entropy::Entropy;
use crate::provider::{Message, OrderReport, PaidReport, ProviderError, SignedMessage};

/// The sandbox provider over its own database.
pub struct Sandbox<D: Database> {
    pub(super) db: D,
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

    pub(super) fn signature(&self, timestamp: &str, body: &str) -> String {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.signing_key.as_bytes()) else {
            return String::new();
        };
        mac.update(timestamp.as_bytes());
        mac.update(b"\n");
        mac.update(body.as_bytes());
        hex(&mac.finalize().into_bytes())
    }

    pub(super) async fn order(&self, number: &str) -> Result<Option<Order>, DatabaseError> {
        let statement = Statement::new(
            "SELECT number, request, amount_minor, currency, payee, description, return_url,
                    expires_at, state, transaction_id, paid_at, paid_minor, payer
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
    pub(super) request: String,
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
    payer: Option<String>,
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

    pub(super) fn report(&self) -> OrderReport {
        match (self.state.as_str(), &self.transaction_id, self.paid_at, self.paid_minor) {
            ("paid", Some(transaction_id), Some(paid_at), Some(minor)) => {
                OrderReport::Paid(PaidReport {
                    transaction_id: transaction_id.clone(),
                    amount: Money::new(minor, self.currency),
                    paid_at: Moment::from_ms(paid_at),
                    payer: self.payer.clone(),
                })
            }
            ("declined", ..) => OrderReport::Declined,
            ("closed", ..) => OrderReport::Closed,
            _ => OrderReport::Waiting,
        }
    }
}

/// Turns an error of the sandbox's database into an answer that nobody received.
pub(super) fn unknown(error: DatabaseError) -> ProviderError {
    ProviderError::Unknown(error.to_string())
}
