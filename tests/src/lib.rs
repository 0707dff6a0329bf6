//! What the tests from outside share: a client that sends exactly what a test says, people and
//! accounts made through the sandbox's control API, and a reader of pages.
//!
//! The tests in `tests/tests` need a running sandbox Worker and find it in `PRAISE_BASE_URL`;
//! `cargo xtask test` starts one per target, with fresh databases and the demo.

pub mod books;
pub mod control;
pub mod html;
pub mod http;
pub mod material;
pub mod person;
pub mod unique;
pub mod writer;

pub use books::Site;
pub use http::{Answer, Call, Http, encode};
pub use person::Person;
pub use writer::Writer;
