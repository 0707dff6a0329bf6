//! What pages and lists read.

mod sitemap;
mod timeline;
