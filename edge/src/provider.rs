//! The interface of a payment provider, independent of any one of them.

pub mod any_provider;
#[cfg(feature = "sandbox")]
pub mod sandbox;

use serde::{Deserialize, Serialize};
use shared::calendar::{Day, Moment};
use shared::money::{Currency, Money};

/// A payment provider. Every call carries the id of one of our rows as its number, so that repeating
/// a call is harmless. If the outcome is unknown, the same number is queried.
#[allow(async_fn_in_trait, reason = "one thread: neither a Worker nor a test sends futures on")]
pub trait PaymentProvider {
    /// The name in the database, such as `sandbox`.
    fn name(&self) -> &'static str;

    /// Creates the order that `body` (an [`OrderRequest`] as JSON) describes, and returns where to pay.
    /// The same number with the same bytes is the same order.
    async fn create_order(&self, body: &str, now: Moment) -> Result<OpenOrder, ProviderError>;

    /// Queries the state of an order.
    async fn query_order(&self, number: &str, now: Moment) -> Result<OrderReport, ProviderError>;

    /// Closes an unpaid order. How it ended is only known from a query afterwards.
    async fn close_order(&self, number: &str, now: Moment) -> Result<(), ProviderError>;

    /// Sends a payment back as `body` (a [`RefundRequest`] as JSON) describes. The same number with
    /// the same bytes is the same refund.
    async fn refund(&self, body: &str, now: Moment) -> Result<RefundReport, ProviderError>;

    /// Queries the state of a refund.
    async fn query_refund(&self, number: &str, now: Moment) -> Result<RefundReport, ProviderError>;

    /// Asks the provider to retry a refund that it could not deliver.
    async fn retry_refund(&self, number: &str, now: Moment) -> Result<RefundReport, ProviderError>;

    /// Looks up the card of a token, which the provider's own page has issued.
    async fn card(&self, token: &str, now: Moment) -> Result<Card, ProviderError>;

    /// The most that one payee can be sent in a day, in minor units.
    fn payee_day_minor(&self, currency: Currency) -> i64;

    /// Sends money to a bank card as `body` (a [`PayoutRequest`] as JSON) describes. The same number
    /// with the same bytes is the same transfer.
    async fn pay_out(&self, body: &str, now: Moment) -> Result<PayoutReport, ProviderError>;

    /// Queries the state of a transfer.
    async fn query_payout(&self, number: &str, now: Moment) -> Result<PayoutReport, ProviderError>;

    /// Queries the state of a dispute.
    async fn query_dispute(
        &self,
        number: &str,
        now: Moment,
    ) -> Result<DisputeReport, ProviderError>;

    /// Downloads the bill of a day in one currency. [`ProviderError::NotFound`] if it is not ready.
    async fn bill(
        &self,
        currency: Currency,
        day: Day,
        now: Moment,
    ) -> Result<DailyBill, ProviderError>;

    /// Verifies a message over its raw bytes and parses it. Fails unless the provider signed it
    /// within the last minutes.
    async fn verify(&self, message: &SignedMessage, now: Moment)
    -> Result<Message, InvalidMessage>;

    /// Parses the body of a stored message that [`PaymentProvider::verify`] accepted before.
    fn parse(&self, body: &str) -> Result<Message, InvalidMessage>;
}

/// The request for an order. It is serialised once, and the same bytes are sent every time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRequest {
    /// Our number of the order.
    pub number: String,
    /// The amount to collect.
    pub amount: Money,
    /// The receiver's name, for the provider's page.
    pub payee: String,
    /// The purpose, for the provider's page.
    pub description: String,
    /// The end of the time in which it can be paid.
    pub expires_at: Moment,
    /// Path of our page to which the reader returns.
    pub return_path: String,
}

/// The request for a refund of a whole payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundRequest {
    /// Our number of the refund.
    pub number: String,
    /// Our number of the order that was paid.
    pub order_number: String,
    /// The provider's number of the payment, because an order can be paid twice.
    pub transaction_id: String,
    /// The amount to send back.
    pub amount: Money,
}

/// An order that the provider has created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenOrder {
    /// The address at which the reader pays.
    pub pay_url: String,
}

/// The state of an order at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum OrderReport {
    /// Not paid yet.
    Waiting,
    /// Paid.
    Paid(PaidReport),
    /// Declined by the reader's bank. Final, without money.
    Declined,
    /// Closed. Final, without money.
    Closed,
}

/// A payment that the provider reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidReport {
    /// The provider's number of the payment.
    pub transaction_id: String,
    /// The amount that was paid.
    pub amount: Money,
    /// When it succeeded, by the provider's clock.
    pub paid_at: Moment,
    /// The fingerprint of the card, wallet or openid that paid: the same for all its payments, and
    /// for payouts to the same card. `None` if the provider does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<String>,
}

/// The state of a refund at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundReport {
    /// On its way.
    Processing,
    /// Delivered to the reader.
    Succeeded,
    /// It cannot be delivered the way the money came. A retry may find another way.
    Abnormal,
    /// Ended without money, for certain.
    Closed,
}

/// A bank card as the provider identifies it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Identifies the card: the same for everybody who attaches it.
    pub fingerprint: String,
    /// The last four digits.
    pub last4: String,
    /// Whether the provider has verified the holder's identity or ownership of the card.
    pub verified: bool,
}

/// The request for a transfer to a bank card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutRequest {
    /// Our number of the transfer.
    pub number: String,
    /// The provider's token of the card.
    pub card: String,
    /// The amount to send.
    pub amount: Money,
    /// The purpose, for the receiver's bank statement.
    pub description: String,
}

/// The state of a transfer at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PayoutReport {
    /// On its way.
    Processing,
    /// Waiting for the receiver to confirm it.
    AwaitingConfirmation,
    /// Arrived on the card.
    Succeeded,
    /// Definitely ended without money.
    Failed {
        /// The reason, as the provider words it.
        reason: String,
    },
    /// Sent back by the receiver's bank after it had arrived.
    SentBack {
        /// The reason, as the provider words it.
        reason: String,
    },
}

/// The state of a dispute at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeReport {
    /// The provider's number of the dispute.
    pub number: String,
    /// The provider's number of the payment.
    pub transaction_id: String,
    /// The amount that the bank has taken back: the whole payment.
    pub amount: Money,
    /// When the bank opened it.
    pub opened_at: Moment,
    /// Whether it is decided, and how.
    pub outcome: DisputeOutcome,
}

/// The outcome of a dispute so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DisputeOutcome {
    /// The bank has not decided.
    Open,
    /// Decided for us: the money came back.
    Won {
        /// Since when.
        at: Moment,
    },
    /// Decided for the reader, who keeps the money.
    Lost {
        /// Since when.
        at: Moment,
    },
}

/// The provider's answer about the bill of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DailyBill {
    /// The bill.
    File(BillFile),
    /// There were no transactions on this day, so there is no bill.
    NoTransactions,
}

/// A day's bill as the provider delivers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillFile {
    /// The file, unchanged.
    pub text: String,
    /// The SHA-256 that the provider states for it, in hexadecimal digits.
    pub sha256: String,
}

/// A verified message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The provider's id of the event. Repetitions of a message carry the same id.
    pub event_id: String,
    /// What it is about.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// The subject of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum EventKind {
    /// An order.
    Order {
        /// Our number of it.
        number: String,
        /// The state of the order.
        report: OrderReport,
    },
    /// A refund.
    Refund {
        /// Our number of it.
        number: String,
    },
    /// A transfer to a bank card.
    Payout {
        /// Our number of it.
        number: String,
    },
    /// A dispute.
    Dispute(DisputeReport),
}

/// A message as it arrived: the raw body, and the header fields with its signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedMessage {
    /// Unix seconds, as in the header.
    pub timestamp: String,
    /// The signature, as in the header.
    pub signature: String,
    /// The body, unchanged.
    pub body: String,
}

/// The error of a message whose signature or timestamp is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidMessage;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderError {
    /// The outcome is unknown. Query the same number; never use a new one.
    Unknown(String),
    /// The provider does not have this number.
    NotFound,
    /// The provider refused, for certain. The text is for the log.
    Refused(String),
}
