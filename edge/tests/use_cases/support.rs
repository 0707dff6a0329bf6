//! What the tests share: a complete product in memory with injected faults, people and payments in
//! known states, and access to the schema.

pub mod bulk_praises;
pub mod executor;
pub mod faulty_database;
mod freezes;
pub mod guard_removal;
pub mod payment_states;
pub mod people;
mod queries;
pub mod recording_provider;
pub mod rng;
pub mod schema_sql;
pub mod world;
