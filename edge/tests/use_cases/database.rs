//! The database interface and the schema.

mod batches;
mod long_history;
mod query_plans;
mod schema_matches_code;
