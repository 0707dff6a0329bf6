//! The Worker: HTTP, the use cases that move money, D1, payment providers, sign-in, jobs.
//!
//! A request enters in `http`, which reads it and calls one use case. Use cases know the
//! [`database`] seam and the [`provider`] interface, take `now` and randomness as arguments, and
//! change one state per batch.

pub mod account;
pub mod attempts;
pub mod card;
pub mod context;
pub mod database;
mod digest;
pub mod dispute;
pub mod failure;
pub mod freeze;
pub mod give_back;
mod http;
#[cfg(feature = "openapi")]
pub use http::openapi;
pub mod identity;
pub mod invitation;
pub mod jobs;
pub mod ledger;
pub mod log;
pub mod notify;
pub mod operator;
pub mod payout;
pub mod policy;
pub mod praise;
pub mod provider;
pub mod publish;
pub mod reader_limits;
pub mod reading;
pub mod receipt_link;
pub mod reconcile;
pub mod refund;
pub mod reply;
pub mod self_check;
pub mod settle;
pub mod suspense;
