//! Publishing: Markdown through the writer's API, who may send it, and the resulting article.

mod authorization;
mod long_articles;
mod real_inputs;
mod republish;
mod sanitising;
mod tokens_page;
mod validation;
