//! The sandbox provider, which records its calls.

use std::cell::RefCell;

use edge::provider::sandbox::Sandbox;
use edge::provider::{
    Card, DailyBill, DisputeReport, InvalidMessage, Message, OpenOrder, OrderReport,
    PaymentProvider, PayoutReport, ProviderError, RefundReport, SignedMessage,
};
use shared::calendar::{Day, Moment};
use shared::money::Currency;

use super::faulty_database::FaultyDatabase;

/// The provider in every test.
pub struct RecordingProvider<'a> {
    /// The sandbox that answers.
    pub sandbox: Sandbox<&'a FaultyDatabase>,
    /// The calls so far, by name.
    pub calls: &'a RefCell<Vec<&'static str>>,
}

impl RecordingProvider<'_> {
    fn note(&self, call: &'static str) {
        self.calls.borrow_mut().push(call);
    }
}

impl PaymentProvider for RecordingProvider<'_> {
    fn name(&self) -> &'static str {
        self.sandbox.name()
    }

    async fn create_order(&self, body: &str, now: Moment) -> Result<OpenOrder, ProviderError> {
        self.note("create_order");
        self.sandbox.create_order(body, now).await
    }

    async fn query_order(&self, number: &str, now: Moment) -> Result<OrderReport, ProviderError> {
        self.note("query_order");
        self.sandbox.query_order(number, now).await
    }

    async fn close_order(&self, number: &str, now: Moment) -> Result<(), ProviderError> {
        self.note("close_order");
        self.sandbox.close_order(number, now).await
    }

    async fn refund(&self, body: &str, now: Moment) -> Result<RefundReport, ProviderError> {
        self.note("refund");
        self.sandbox.refund(body, now).await
    }

    async fn query_refund(&self, number: &str, now: Moment) -> Result<RefundReport, ProviderError> {
        self.note("query_refund");
        self.sandbox.query_refund(number, now).await
    }

    async fn retry_refund(&self, number: &str, now: Moment) -> Result<RefundReport, ProviderError> {
        self.note("retry_refund");
        self.sandbox.retry_refund(number, now).await
    }

    async fn card(&self, token: &str, now: Moment) -> Result<Card, ProviderError> {
        self.note("card");
        self.sandbox.card(token, now).await
    }

    fn payee_day_minor(&self, currency: Currency) -> i64 {
        self.sandbox.payee_day_minor(currency)
    }

    async fn pay_out(&self, body: &str, now: Moment) -> Result<PayoutReport, ProviderError> {
        self.note("pay_out");
        self.sandbox.pay_out(body, now).await
    }

    async fn query_payout(&self, number: &str, now: Moment) -> Result<PayoutReport, ProviderError> {
        self.note("query_payout");
        self.sandbox.query_payout(number, now).await
    }

    async fn query_dispute(
        &self,
        number: &str,
        now: Moment,
    ) -> Result<DisputeReport, ProviderError> {
        self.note("query_dispute");
        self.sandbox.query_dispute(number, now).await
    }

    async fn bill(
        &self,
        currency: Currency,
        day: Day,
        now: Moment,
    ) -> Result<DailyBill, ProviderError> {
        self.note("bill");
        self.sandbox.bill(currency, day, now).await
    }

    async fn verify(
        &self,
        message: &SignedMessage,
        now: Moment,
    ) -> Result<Message, InvalidMessage> {
        self.sandbox.verify(message, now).await
    }

    fn parse(&self, body: &str) -> Result<Message, InvalidMessage> {
        self.sandbox.parse(body)
    }
}
