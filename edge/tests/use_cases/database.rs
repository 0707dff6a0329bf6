//! The database interface and the schema.

mod batches;
mod history_generator;
mod query_plans;
mod schema_matches_code;
