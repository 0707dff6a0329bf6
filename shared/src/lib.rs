//! The domain that all parts share: money, limits and rules, states, API types.
//!
//! Architecture invariant: this crate does no I/O, reads no clock and draws no randomness, and
//! depends on neither `leptos` nor `worker`. It contains only values and pure functions, so that
//! the sheet in the webview, the Worker and the tests apply the same rules.

pub mod amount;
pub mod api;
pub mod calendar;
pub mod front_matter;
pub mod id;
pub mod key;
pub mod lang;
pub mod limits;
pub mod machine;
pub mod money;
mod names;
pub mod problem;
pub mod slug;
pub mod text;
