//! Publishing: Markdown through the writer's API, who may send it, and the resulting article.

mod corpus;
mod permission;
mod refusals;
mod republish;
mod sanitised;
mod tokens_page;
