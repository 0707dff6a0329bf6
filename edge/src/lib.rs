//! The Worker: HTTP in, one use case called, an answer out.
//!
//! The modules stand on floors. A module imports only from floors below its own, never upwards and
//! never sideways, so reading from the top down meets no cycle. `cargo xtask tidy` checks this.
//!
//! | floor | module | what it holds |
//! | --- | --- | --- |
//! | 9 | `http` | requests in, answers out: the API, the pages, the scheduled and queue events |
//! | 8 | [`job_runner`] | leases due jobs and dispatches each to its use case |
//! | 7 | [`queries`] | what pages and lists read; changes nothing |
//! | 6 | [`payments`], [`publish`] | the use cases that move money; articles |
//! | 5 | [`limits`] | the policy in force, readers' own limits, how often anybody may try |
//! | 4 | [`people`] | identities, official accounts, payees, operators |
//! | 3 | [`queue`], [`context`] | rows of work (jobs, inbox, outbox); what every use case is given |
//! | 2 | [`provider`], [`self_check`], [`browser_reports`] | payment providers; the standing checks; what browsers report |
//! | 1 | [`database`], [`failure`], [`pagination`], [`entropy`], [`retry`], `digest`, [`log`] | the database interface and small tools |
//! | 0 | `app`, `shared` | pages and components; money, limits, states, API types |
//!
//! Where to start reading:
//!
//! - a request enters in `http::entry`; its address is in `http::api` or `http::pages`;
//! - money changes hands in [`payments::praise::book`] (a reader paid), [`payments::refund`] (it
//!   goes back) and [`payments::payout`] (it reaches the writer's bank card);
//! - the schema has the last word on every rule: `edge/schema.sql`.
//!
//! Use cases know the [`database`] interface and the [`provider`] interface, take the time and
//! randomness as arguments ([`context`]), and change one state per batch.

// A panic ends every request of the isolate, so input must not be able to cause one.
#![cfg_attr(
    not(test),
    deny(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unwrap_used
    )
)]

pub mod browser_reports;
pub mod context;
pub mod database;
mod digest;
pub mod entropy;
pub mod failure;
pub mod http;
pub mod job_runner;
pub mod limits;
pub mod log;
pub mod pagination;
pub mod payments;
pub mod people;
pub mod provider;
pub mod publish;
pub mod queries;
pub mod queue;
pub mod retry;
pub mod self_check;

#[cfg(feature = "openapi")]
pub use http::openapi;
