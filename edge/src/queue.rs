//! Stored work: jobs with a due time, messages received from a provider (the inbox) and calls to be
//! made to a provider (the outbox). What each of them does is in the use cases.

pub mod inbox;
pub mod jobs;
pub mod outbox;
