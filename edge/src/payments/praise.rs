//! From a reader's tap to a booked praise.
//!
//! An **intent** is a reader's attempt to give ([`start`]). It has an order at the provider
//! ([`order`]). A **payment** is money that arrived, and a **praise** is money booked for a writer
//! ([`book`]). Each step is one batch, and each batch is idempotent.

pub mod book;
pub(crate) mod booking_facts;
pub mod end;
pub mod intent;
pub mod money_back;
pub mod order;
pub(crate) mod payer_day;
mod reader_day;
pub mod start;
