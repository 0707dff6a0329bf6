//! The use cases on SQLite: the statements that the Worker sends to D1, with the same migrations,
//! against a provider and a database that fail, die, repeat and lie.

mod flow;
mod keys;
mod refusals;
mod world;
