//! Reading: the public pages and JSON, and what must never be in them.

mod addresses;
mod assets;
mod demo;
mod pages;
mod problems;
mod public_api;
mod response_headers;
mod wall;
mod writer_notice;
