//! The queries of pages and lists. Nothing here changes the database.

pub mod articles;
pub mod freezes;
pub mod operators;
pub mod payouts;
pub mod reader_praises;
pub mod reconciliation;
pub mod sitemap;
pub mod studio;
pub mod timeline;
pub mod wall;
