//! The database interface and the schema.

mod batches;
mod query_plans;
mod schema_matches_code;
