//! The use cases on SQLite: the statements that the Worker sends to D1, with the same migrations,
//! against a provider and a database that fail, die, repeat and lie.

mod attempts;
mod between;
mod cards;
mod crash;
mod disputes;
mod doubt;
mod flow;
mod forged;
mod freezes;
mod give_back;
mod guards;
mod humans;
mod invitations;
mod keys;
mod last_look;
mod late;
mod messages;
mod one_source;
mod operators;
mod payouts;
mod people;
mod policies;
mod publishing;
mod reader_limits;
mod reconciliation;
mod refunds;
mod refusals;
mod replies;
mod seam;
mod storm;
mod suspense;
mod tampering;
mod timeline;
mod trouble;
mod world;
