//! The sandbox provider behind an unreliable network: calls and replies are lost, and calls arrive
//! long after the caller has given up.

use std::cell::RefCell;

use edge::provider::sandbox::Sandbox;
use edge::provider::{
    Card, DailyBill, DisputeReport, InvalidMessage, Message, OpenOrder, OrderReport,
    PaymentProvider, PayoutReport, ProviderError, RefundReport, SignedMessage,
};
use shared::calendar::{Day, Moment};
use shared::money::Currency;

use super::fault_plan::{CallOutcome, FaultPlan};
use super::observed_database::RequestDatabase;
use super::sabotage::Sabotage;

/// The provider as one request reaches it.
pub struct UnreliableProvider<'a> {
    /// The sandbox that answers.
    pub sandbox: Sandbox<&'a RequestDatabase<'a>>,
    /// The request's faults.
    pub plan: &'a FaultPlan,
    /// The calls that will arrive later.
    pub delayed: &'a DelayedCalls,
    /// The bug that is injected, if any.
    pub sabotage: Option<&'static Sabotage>,
}

/// A call that is still on its way, with its body.
#[derive(Clone, Debug)]
pub enum DelayedCall {
    /// A transfer to a writer.
    PayOut(String),
    /// A refund.
    Refund(String),
}

/// Calls that are still on their way, oldest first.
pub type DelayedCalls = RefCell<Vec<DelayedCall>>;

impl UnreliableProvider<'_> {
    /// Lets all delayed calls arrive. Their answers are lost.
    pub async fn deliver_delayed(&self, now: Moment) {
        let calls = std::mem::take(&mut *self.delayed.borrow_mut());
        for call in calls {
            match call {
                DelayedCall::PayOut(body) => drop(self.sandbox.pay_out(&body, now).await),
                DelayedCall::Refund(body) => drop(self.sandbox.refund(&body, now).await),
            }
        }
    }
}

/// Makes a call, unless the call or its answer is lost.
macro_rules! call {
    ($self:ident, $name:literal, $call:expr) => {
        call!($self, $self.plan.call($name), $call, ())
    };
    // For a call that moves money. `$later` stores the call if it is delayed.
    ($self:ident, $outcome:expr, $call:expr, $later:expr) => {
        match $outcome {
            CallOutcome::Answered => $call.await,
            CallOutcome::Lost => Err(ProviderError::Unknown("the request was lost".into())),
            CallOutcome::Delayed => {
                $later;
                Err(ProviderError::Unknown("the request has not been answered".into()))
            }
            CallOutcome::ReplyLost => {
                let _ = $call.await;
                Err(ProviderError::Unknown("the reply was lost".into()))
            }
        }
    };
}

impl PaymentProvider for UnreliableProvider<'_> {
    fn name(&self) -> &'static str {
        self.sandbox.name()
    }

    async fn create_order(&self, body: &str, now: Moment) -> Result<OpenOrder, ProviderError> {
        call!(self, "create_order", self.sandbox.create_order(body, now))
    }

    async fn query_order(&self, number: &str, now: Moment) -> Result<OrderReport, ProviderError> {
        call!(self, "query_order", self.sandbox.query_order(number, now))
    }

    async fn close_order(&self, number: &str, now: Moment) -> Result<(), ProviderError> {
        call!(self, "close_order", self.sandbox.close_order(number, now))
    }

    async fn refund(&self, body: &str, now: Moment) -> Result<RefundReport, ProviderError> {
        let fresh = format!("\"number\":\"ref_{}_", now.ms());
        let body = match self.sabotage.is_some_and(Sabotage::renumbers_refunds) {
            true => &body.replacen("\"number\":\"", &fresh, 1),
            false => body,
        };
        let later = || self.delayed.borrow_mut().push(DelayedCall::Refund(body.to_owned()));
        let outcome = self.plan.call_that_moves_money("refund");
        call!(self, outcome, self.sandbox.refund(body, now), later())
    }

    async fn query_refund(&self, number: &str, now: Moment) -> Result<RefundReport, ProviderError> {
        call!(self, "query_refund", self.sandbox.query_refund(number, now))
    }

    async fn retry_refund(&self, number: &str, now: Moment) -> Result<RefundReport, ProviderError> {
        call!(self, "retry_refund", self.sandbox.retry_refund(number, now))
    }

    async fn card(&self, token: &str, now: Moment) -> Result<Card, ProviderError> {
        call!(self, "card", self.sandbox.card(token, now))
    }

    fn payee_day_minor(&self, currency: Currency) -> i64 {
        self.sandbox.payee_day_minor(currency)
    }

    async fn pay_out(&self, body: &str, now: Moment) -> Result<PayoutReport, ProviderError> {
        let later = || self.delayed.borrow_mut().push(DelayedCall::PayOut(body.to_owned()));
        let outcome = self.plan.call_that_moves_money("pay_out");
        let report = call!(self, outcome, self.sandbox.pay_out(body, now), later());
        match report {
            Err(ProviderError::Unknown(reason))
                if self.sabotage.is_some_and(Sabotage::treats_lost_as_failed) =>
            {
                Ok(PayoutReport::Failed { reason })
            }
            report => report,
        }
    }

    async fn query_payout(&self, number: &str, now: Moment) -> Result<PayoutReport, ProviderError> {
        let report = call!(self, "query_payout", self.sandbox.query_payout(number, now));
        match (report, self.sabotage) {
            (Err(ProviderError::NotFound), Some(sabotage))
                if sabotage.treats_not_found_as_failed() =>
            {
                Ok(PayoutReport::Failed { reason: "not_found".into() })
            }
            (Ok(PayoutReport::SentBack { .. }), Some(sabotage)) if sabotage.hides_returns() => {
                Ok(PayoutReport::Succeeded)
            }
            (report, _) => report,
        }
    }

    async fn query_dispute(
        &self,
        number: &str,
        now: Moment,
    ) -> Result<DisputeReport, ProviderError> {
        call!(self, "query_dispute", self.sandbox.query_dispute(number, now))
    }

    async fn bill(
        &self,
        currency: Currency,
        day: Day,
        now: Moment,
    ) -> Result<DailyBill, ProviderError> {
        let bill = call!(self, "bill", self.sandbox.bill(currency, day, now));
        match (bill, self.sabotage) {
            (Ok(DailyBill::NoTransactions), Some(sabotage)) if sabotage.waits_for_quiet_days() => {
                Err(ProviderError::NotFound)
            }
            (bill, _) => bill,
        }
    }

    async fn verify(
        &self,
        message: &SignedMessage,
        now: Moment,
    ) -> Result<Message, InvalidMessage> {
        match self.sandbox.verify(message, now).await {
            Err(InvalidMessage) if self.sabotage.is_some_and(Sabotage::accepts_any_signature) => {
                self.sandbox.parse(&message.body)
            }
            other => other,
        }
    }

    fn parse(&self, body: &str) -> Result<Message, InvalidMessage> {
        self.sandbox.parse(body)
    }
}
