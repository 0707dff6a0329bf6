//! What pages and lists read. Nothing here changes anything.

pub mod articles;
pub mod freezes;
pub mod operators;
pub mod payouts;
pub mod reader_praises;
pub mod reconciliation;
pub mod studio;
pub mod timeline;
pub mod wall;
