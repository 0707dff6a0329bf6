//! The schema's own guards: triggers, CHECKs, keys, unique indexes and references. Each is violated
//! on purpose and must refuse. Each is also removed, to prove that it was the one that refused. A
//! guard without a violation here fails these tests, and so does a guard that is removed from the
//! schema. `cargo xtask guards` prints all of them.

mod checks;
pub mod fixture;
mod immutable_columns;
mod keepers;
mod keys;
mod registry;
mod removal;
mod schema_guards;
mod state_machines;
mod triggers;
