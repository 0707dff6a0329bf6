//! The sandbox provider with a list of what it was asked.

use std::cell::RefCell;

use edge::provider::sandbox::Sandbox;
use edge::provider::{
    Forged, Message, OpenOrder, OrderReport, PaymentProvider, ProviderError, RefundReport,
    SignedMessage,
};
use shared::calendar::Moment;

use super::faulty::Faulty;

/// The provider that every test talks to.
pub struct Recorded<'a> {
    /// Who answers.
    pub sandbox: Sandbox<'a, Faulty>,
    /// The calls so far, by name.
    pub calls: &'a RefCell<Vec<&'static str>>,
}

impl Recorded<'_> {
    fn note(&self, call: &'static str) {
        self.calls.borrow_mut().push(call);
    }
}

impl PaymentProvider for Recorded<'_> {
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

    async fn verify(&self, message: &SignedMessage, now: Moment) -> Result<Message, Forged> {
        self.sandbox.verify(message, now).await
    }

    fn parse(&self, body: &str) -> Result<Message, Forged> {
        self.sandbox.parse(body)
    }
}
