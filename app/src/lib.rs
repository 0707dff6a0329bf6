//! Pages and islands of Praise: rendered at the edge (feature `ssr`), brought to life in the
//! webview (feature `hydrate`), where the next article is built in place.
//!
//! Architecture invariant: a page is a function of the plain data in [`page`]. Nothing here knows
//! the Worker, the database or a clock.

// An article's view is one type, which the client builds without a word about anything else.
#![recursion_limit = "256"]

pub mod address;
mod article;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "hydrate")]
pub mod navigation;
pub mod page;
#[cfg(feature = "ssr")]
mod pages;
#[cfg_attr(not(feature = "ssr"), allow(dead_code, reason = "the webview shows articles only"))]
mod parts;
pub mod sheet;
#[cfg_attr(not(feature = "ssr"), allow(dead_code, reason = "the webview shows articles only"))]
mod when;
#[cfg_attr(not(feature = "ssr"), allow(dead_code, reason = "the webview shows articles only"))]
mod words;

#[cfg(feature = "ssr")]
pub use pages::render;
