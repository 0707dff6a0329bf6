//! From a reader's tap to a booked praise.
//!
//! An **intent** is an attempt ([`start`]), its order lives at the provider ([`order`]), a
//! **payment** is money that arrived, and a **praise** is money booked for a writer ([`book`]).
//! Every step is one batch, and every batch can be repeated.

pub mod book;
pub(crate) mod booking_facts;
pub mod end;
pub mod intent;
pub mod money_back;
pub mod order;
mod room;
pub mod start;
