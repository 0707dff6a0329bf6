//! The use cases that move money. Each reads, decides, and then writes one batch that changes one
//! state.

pub mod dispute;
pub mod freeze;
pub mod ledger;
pub mod payout;
pub mod praise;
pub mod reconcile;
pub mod refund;
pub mod reply;
pub mod reversal;
pub mod settle;
pub mod suspense;
pub mod webhook;
