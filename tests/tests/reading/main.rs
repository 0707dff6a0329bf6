//! Reading: what anybody can see, in JSON and as pages, and what must never be in it.

mod answers;
mod api;
mod assets;
mod demo;
mod for_the_writer;
mod pages;
mod problems;
mod wall;
