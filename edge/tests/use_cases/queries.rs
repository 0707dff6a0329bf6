//! What pages and lists read.

mod timeline;
