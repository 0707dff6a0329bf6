//! Rows of work, and nothing about what they do: jobs that are due at a moment, messages received
//! from a provider (the inbox), and calls to be made to a provider (the outbox).

pub mod inbox;
pub mod jobs;
pub mod outbox;
