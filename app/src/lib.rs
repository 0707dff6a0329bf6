//! Pages and islands of Praise. The edge renders them (feature `ssr`); the webview hydrates the
//! islands (feature `hydrate`) and builds the next article in place.
//!
//! Architecture invariant: a page is a function of the plain data in [`page`]. Nothing here knows
//! the Worker, the database or a clock.

// The view of an article is one deeply nested type, and the client compiles it whole.
#![recursion_limit = "256"]

pub mod address;
mod article;
#[cfg_attr(not(feature = "ssr"), allow(dead_code, reason = "the webview shows articles only"))]
mod datetime;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod html;
#[cfg(feature = "hydrate")]
pub mod navigation;
pub mod page;
#[cfg(feature = "ssr")]
mod pages;
#[cfg_attr(not(feature = "ssr"), allow(dead_code, reason = "the webview shows articles only"))]
mod parts;
#[cfg(feature = "ssr")]
mod preview;
pub mod sheet;
#[cfg_attr(not(feature = "ssr"), allow(dead_code, reason = "the webview shows articles only"))]
mod words;

#[cfg(feature = "ssr")]
pub use pages::render;
