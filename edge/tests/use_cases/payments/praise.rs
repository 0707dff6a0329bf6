//! A praise from its start to the booking of its payment.

mod changes_before_payment;
mod end_to_end;
pub mod faults;
mod idempotency_keys;
mod late_payment_limits;
pub mod late_payments;
mod money_back;
mod open_intents;
mod payers;
mod polls;
mod provider_failures;
mod refused_orders;
mod start_refusals;
