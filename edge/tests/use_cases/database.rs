//! The database interface and the schema.

mod batches;
mod large_database;
mod query_plans;
mod schema_matches_code;
