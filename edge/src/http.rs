//! HTTP: reads requests, calls one use case, writes answers. Every answer carries the security
//! headers; every unsafe request is checked for where it comes from; every error is a problem
//! document or an error page, with the request's id.

mod answer;
mod api;
mod body;
pub mod entry;
mod fields;
mod form;
#[cfg(feature = "openapi")]
pub mod openapi;
mod origin;
mod pages;
mod request_context;
mod routes;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod services;
mod session_cookie;
