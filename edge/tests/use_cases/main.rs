//! Tests of the use cases on SQLite: the same statements that the Worker sends to D1, with the same
//! migrations, against a provider and a database that fail, crash, repeat messages and send wrong
//! ones.

mod database;
mod guards;
mod job_runner;
mod limits;
mod payments;
mod people;
mod publish;
mod queries;
mod self_check;
mod support;
