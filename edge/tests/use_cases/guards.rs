//! The schema's own guards: each is violated by hand and must refuse, and each is known to be the
//! one that refused. A guard that nobody violates here fails these tests, and so does one that is
//! taken away.

mod checks;
mod fixed;
pub mod fixture;
mod keepers;
mod keys;
mod machines;
mod triggers;
