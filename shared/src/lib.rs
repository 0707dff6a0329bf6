//! The domain that all parts share: money, limits and rules, states, API types.
//!
//! Architecture invariant: this crate does no I/O, reads no clock and draws no randomness, and
//! depends on neither `leptos` nor `worker`. It contains only values and pure functions, so that
//! the sheet in the webview, the Worker and the tests apply the same rules.

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

pub mod amount;
pub mod api;
pub mod calendar;
#[cfg(feature = "front-matter")]
pub mod front_matter;
pub mod id;
pub mod key;
pub mod lang;
pub mod limits;
pub mod machine;
pub mod money;
pub mod names;
pub mod object;
pub mod problem;
pub mod slug;
pub mod text;
