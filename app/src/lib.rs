//! Pages and islands of Praise: rendered at the edge (feature `ssr`), brought to life in the
//! webview (feature `hydrate`).
//!
//! Architecture invariant: a page is a function of the plain data in [`page`]. Nothing here knows
//! the Worker, the database or a clock.

#[cfg(feature = "ssr")]
pub mod address;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod parts;
pub mod sheet;
#[cfg(feature = "ssr")]
mod when;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use pages::render;
