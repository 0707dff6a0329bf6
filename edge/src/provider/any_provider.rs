//! The providers that are compiled in, behind one type.

use std::convert::Infallible;
use std::marker::PhantomData;

use shared::calendar::{Day, Moment};
use shared::money::Currency;

#[cfg(feature = "sandbox")]
use super::sandbox::Sandbox;
use super::{
    Card, DailyBill, DisputeReport, InvalidMessage, Message, OpenOrder, OrderReport,
    PaymentProvider, PayoutReport, ProviderError, RefundReport, SignedMessage,
};
use crate::database::Database;

/// One of the providers that are compiled in. In a build without any, this type has no values.
pub enum AnyProvider<D: Database> {
    /// The embedded sandbox.
    #[cfg(feature = "sandbox")]
    Sandbox(Sandbox<D>),
    /// Never constructed: it uses the type parameter in a build without providers.
    None(Infallible, PhantomData<D>),
}

/// Forwards a call to the provider.
macro_rules! pass {
    ($any:expr, $provider:ident => $call:expr) => {
        match $any {
            #[cfg(feature = "sandbox")]
            AnyProvider::Sandbox($provider) => $call,
            AnyProvider::None(never, _) => match *never {},
        }
    };
}

#[cfg_attr(not(feature = "sandbox"), allow(unused_variables, reason = "no provider to pass on to"))]
impl<D: Database> PaymentProvider for AnyProvider<D> {
    fn name(&self) -> &'static str {
        pass!(self, provider => provider.name())
    }

    async fn create_order(&self, body: &str, now: Moment) -> Result<OpenOrder, ProviderError> {
        pass!(self, provider => provider.create_order(body, now).await)
    }

    async fn query_order(&self, number: &str, now: Moment) -> Result<OrderReport, ProviderError> {
        pass!(self, provider => provider.query_order(number, now).await)
    }

    async fn close_order(&self, number: &str, now: Moment) -> Result<(), ProviderError> {
        pass!(self, provider => provider.close_order(number, now).await)
    }

    async fn refund(&self, body: &str, now: Moment) -> Result<RefundReport, ProviderError> {
        pass!(self, provider => provider.refund(body, now).await)
    }

    async fn query_refund(&self, number: &str, now: Moment) -> Result<RefundReport, ProviderError> {
        pass!(self, provider => provider.query_refund(number, now).await)
    }

    async fn retry_refund(&self, number: &str, now: Moment) -> Result<RefundReport, ProviderError> {
        pass!(self, provider => provider.retry_refund(number, now).await)
    }

    async fn card(&self, token: &str, now: Moment) -> Result<Card, ProviderError> {
        pass!(self, provider => provider.card(token, now).await)
    }

    fn payee_day_minor(&self, currency: Currency) -> i64 {
        pass!(self, provider => provider.payee_day_minor(currency))
    }

    async fn pay_out(&self, body: &str, now: Moment) -> Result<PayoutReport, ProviderError> {
        pass!(self, provider => provider.pay_out(body, now).await)
    }

    async fn query_payout(&self, number: &str, now: Moment) -> Result<PayoutReport, ProviderError> {
        pass!(self, provider => provider.query_payout(number, now).await)
    }

    async fn query_dispute(
        &self,
        number: &str,
        now: Moment,
    ) -> Result<DisputeReport, ProviderError> {
        pass!(self, provider => provider.query_dispute(number, now).await)
    }

    async fn bill(
        &self,
        currency: Currency,
        day: Day,
        now: Moment,
    ) -> Result<DailyBill, ProviderError> {
        pass!(self, provider => provider.bill(currency, day, now).await)
    }

    async fn verify(
        &self,
        message: &SignedMessage,
        now: Moment,
    ) -> Result<Message, InvalidMessage> {
        pass!(self, provider => provider.verify(message, now).await)
    }

    fn parse(&self, body: &str) -> Result<Message, InvalidMessage> {
        pass!(self, provider => provider.parse(body))
    }
}
