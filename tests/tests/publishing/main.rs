//! Publishing: Markdown through the writer's API, by whom it may be sent, and what becomes of it.

mod corpus;
mod permission;
mod refusals;
mod republish;
mod sanitised;
mod tokens_page;
