//! Support for the integration tests: an HTTP client that sends exactly what a test sets, people
//! and accounts made through the sandbox's control API, and a parser for pages.
//!
//! The tests in `tests/tests` need a running sandbox Worker at `PRAISE_BASE_URL`; `cargo xtask
//! test` starts one per target, with new databases and the demo data.

pub mod control;
pub mod external_data;
pub mod html;
pub mod http;
pub mod person;
pub mod site;
pub mod unique;
pub mod writer;

pub use http::{Answer, Call, Http, encode};
pub use person::Person;
pub use site::Site;
pub use writer::Writer;
