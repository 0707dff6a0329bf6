//! What the product needs of a payment provider, and nothing about any one of them.

pub mod chosen;
#[cfg(feature = "sandbox")]
pub mod sandbox;

use serde::{Deserialize, Serialize};
use shared::calendar::{Day, Moment};
use shared::money::{Currency, Money};

/// A provider of payments. Every call carries a number derived from our own row, so that repeating
/// a call is harmless; where the outcome is unknown, the same number is asked about.
#[allow(async_fn_in_trait, reason = "one thread: neither a Worker nor a test sends futures on")]
pub trait PaymentProvider {
    /// The name in the record: `sandbox`.
    fn name(&self) -> &'static str;

    /// Creates the order that `body` (an [`OrderRequest`] as JSON) describes and says where to pay.
    /// The same number with the same bytes is the same order.
    async fn create_order(&self, body: &str, now: Moment) -> Result<OpenOrder, ProviderError>;

    /// What became of an order.
    async fn query_order(&self, number: &str, now: Moment) -> Result<OrderReport, ProviderError>;

    /// Closes an unpaid order. Afterwards only a query says how it ended.
    async fn close_order(&self, number: &str, now: Moment) -> Result<(), ProviderError>;

    /// Sends a payment back as `body` (a [`RefundRequest`] as JSON) describes. The same number with
    /// the same bytes is the same refund.
    async fn refund(&self, body: &str, now: Moment) -> Result<RefundReport, ProviderError>;

    /// What became of a refund.
    async fn query_refund(&self, number: &str, now: Moment) -> Result<RefundReport, ProviderError>;

    /// Has the provider try its own way for a refund that it could not deliver.
    async fn retry_refund(&self, number: &str, now: Moment) -> Result<RefundReport, ProviderError>;

    /// The card behind a token that the provider's own page has made.
    async fn card(&self, token: &str, now: Moment) -> Result<Card, ProviderError>;

    /// What one payee can be sent in a day, in minor units.
    fn payee_day_minor(&self, currency: Currency) -> i64;

    /// Sends money to a bank card as `body` (a [`PayoutRequest`] as JSON) describes. The same number
    /// with the same bytes is the same transfer.
    async fn pay_out(&self, body: &str, now: Moment) -> Result<PayoutReport, ProviderError>;

    /// What became of a transfer.
    async fn query_payout(&self, number: &str, now: Moment) -> Result<PayoutReport, ProviderError>;

    /// What became of a dispute.
    async fn query_dispute(
        &self,
        number: &str,
        now: Moment,
    ) -> Result<DisputeReport, ProviderError>;

    /// The bill of a day in one currency, as the provider's file; [`ProviderError::NotFound`] while
    /// there is none yet.
    async fn bill(
        &self,
        currency: Currency,
        day: Day,
        now: Moment,
    ) -> Result<BillFile, ProviderError>;

    /// Verifies a message over its raw bytes and reads it. Anything not signed by the provider
    /// within the last minutes is refused.
    async fn verify(&self, message: &SignedMessage, now: Moment) -> Result<Message, Forged>;

    /// Reads the body of a message that [`PaymentProvider::verify`] accepted and the inbox kept.
    fn parse(&self, body: &str) -> Result<Message, Forged>;
}

/// What is asked of a provider for an intent. Serialised once; those bytes are sent every time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRequest {
    /// Our number of the order.
    pub number: String,
    /// What to take.
    pub amount: Money,
    /// Who receives, for the provider's page.
    pub payee: String,
    /// What it is for, for the provider's page.
    pub description: String,
    /// Until when it can be paid.
    pub expires_at: Moment,
    /// Path of our page that shows what happened.
    pub return_path: String,
}

/// What is asked of a provider to give a payment back, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundRequest {
    /// Our number of the refund.
    pub number: String,
    /// Our number of the order that was paid.
    pub order_number: String,
    /// The provider's number of the payment: an order may have been paid twice.
    pub transaction_id: String,
    /// What to give back.
    pub amount: Money,
}

/// An order that a provider has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenOrder {
    /// Where the reader pays.
    pub pay_url: String,
}

/// What a provider says about an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum OrderReport {
    /// Not paid yet.
    Waiting,
    /// Paid.
    Paid(PaidReport),
    /// The reader's bank said no; final without money.
    Declined,
    /// Closed; final without money.
    Closed,
}

/// Money that a provider says arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidReport {
    /// The provider's number of the payment.
    pub transaction_id: String,
    /// How much arrived.
    pub amount: Money,
    /// The provider's success time.
    pub paid_at: Moment,
}

/// What a provider says about a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundReport {
    /// On its way.
    Processing,
    /// The reader has it.
    Succeeded,
    /// It cannot be delivered the way it came; the provider has another way, or an operator.
    Abnormal,
    /// Definitely ended without money.
    Closed,
}

/// A bank card as a provider knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The same for the same card, whoever attaches it.
    pub fingerprint: String,
    /// The last four digits.
    pub last4: String,
}

/// What is asked of a provider to send money to a bank card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutRequest {
    /// Our number of the transfer.
    pub number: String,
    /// The provider's token of the card.
    pub card: String,
    /// What to send.
    pub amount: Money,
    /// What it is for, for the receiver's statement.
    pub description: String,
}

/// What a provider says about a transfer to a bank card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PayoutReport {
    /// On its way.
    Processing,
    /// The receiver has to confirm it.
    AwaitingConfirmation,
    /// On the card.
    Succeeded,
    /// Definitely ended without money.
    Failed {
        /// Why, in the provider's word.
        reason: String,
    },
}

/// What a provider says about a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeReport {
    /// The provider's number of the dispute.
    pub number: String,
    /// The provider's number of the payment.
    pub transaction_id: String,
    /// What the bank has taken: the whole payment.
    pub amount: Money,
    /// When.
    pub opened_at: Moment,
    /// How it stands.
    pub outcome: DisputeOutcome,
}

/// How a dispute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DisputeOutcome {
    /// The bank looks at it.
    Open,
    /// The money is back with us.
    Won {
        /// Since when.
        at: Moment,
    },
    /// The reader keeps it.
    Lost {
        /// Since when.
        at: Moment,
    },
}

/// A day's bill as a provider hands it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillFile {
    /// The file, untouched.
    pub text: String,
    /// SHA-256 that the provider gives for it, in hexadecimal digits.
    pub sha256: String,
}

/// A verified message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The provider's id of the event: a repetition carries the same.
    pub event_id: String,
    /// What it is about.
    #[serde(flatten)]
    pub news: News,
}

/// What a provider has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum News {
    /// An order.
    Order {
        /// Our number of it.
        number: String,
        /// What became of it.
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

/// A message as it arrived: raw bytes, and the header fields that sign them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedMessage {
    /// Unix seconds, as in the header.
    pub timestamp: String,
    /// The signature, as in the header.
    pub signature: String,
    /// The body, untouched.
    pub body: String,
}

/// A message that is not the provider's, or not from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forged;

/// Why a call did not give an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderError {
    /// The outcome is unknown: ask about the same number, never use a new one.
    Unknown(String),
    /// The provider does not have this number.
    NotFound,
    /// A definite no; the text is for the log.
    Refused(String),
}
