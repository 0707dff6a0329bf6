//! The site under test. At the end of every test the self-check must find nothing.

use std::ops::Deref;

use crate::http::Http;

/// The Worker under test. Dropping it runs the self-check, whatever the test did.
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
        // A test that has already failed reports its own error.
        if !std::thread::panicking() {
            assert_eq!(self.http.violations(), [""; 0], "the self-check found violations");
        }
    }
}
