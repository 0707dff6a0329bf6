//! Reading: the public pages and JSON, and what must never be in them.

mod answers;
mod api;
mod assets;
mod demo;
mod for_the_writer;
mod pages;
mod wall;
