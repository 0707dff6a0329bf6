//! HTTP: a handler reads a request, calls one use case and writes an answer. Every answer carries
//! the security headers. The origin of every unsafe request is checked. Every error is a problem
//! document or an error page, with the request's id.

mod answer;
mod api;
mod body;
mod canonical;
pub mod entry;
mod form;
mod full_buckets;
mod handler;
pub mod json;
mod json_bodies;
#[cfg(feature = "openapi")]
pub mod openapi;
mod origin;
mod pages;
mod request_context;
mod routes;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod security_headers;
mod services;
mod session_cookie;
