//! The schema's own guards: triggers, CHECKs, keys, unique indexes and references. Each is violated
//! by hand and must refuse; and each is taken away, to know that it was the one that refused. A
//! guard that nobody violates here fails these tests, and so does one that is taken away.
//! `cargo xtask guards` prints them all.

mod checks;
mod fixed;
pub mod fixture;
mod found;
mod keepers;
mod keys;
mod machines;
mod registry;
mod taken_away;
mod triggers;
