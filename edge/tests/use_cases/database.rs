//! The database interface and the schema.

mod batches;
mod schema_matches_code;
