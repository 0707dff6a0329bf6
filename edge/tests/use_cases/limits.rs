//! Limits: policies, readers' own limits, the number of attempts and of requests.

mod attempts;
mod guests;
mod policy;
mod reader_limits;
mod requests;

use edge::limits::address::{Address, AddressKey};

/// An address as rate limits store it.
fn hashed(header: &str) -> Address {
    Address::new(header, &AddressKey::derive("the key of these tests"))
}
