//! Payments: praises, payouts, refunds, disputes, freezes, reconciliation and suspense.

mod dispute;
mod freeze;
mod load;
mod payout;
pub mod praise;
mod reconcile;
mod refund;
mod reply;
pub mod reversal;
mod suspense;
mod undo_limit;
mod webhook;
