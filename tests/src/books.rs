//! The site as a test sees it: at the end of every test the books must balance.

use std::ops::Deref;

use crate::http::Http;

/// The Worker under test. When a test is over, whatever it did, the self-check must find nothing.
pub struct Site {
    http: Http,
}

impl Site {
    /// The Worker at `PRAISE_BASE_URL`.
    pub fn open() -> Site {
        Site { http: Http::from_environment() }
    }
}

impl Deref for Site {
    type Target = Http;

    fn deref(&self) -> &Http {
        &self.http
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // A test that has failed already says so itself.
        if !std::thread::panicking() {
            assert_eq!(self.http.violations(), [""; 0], "the self-check found violations");
        }
    }
}
