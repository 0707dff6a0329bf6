//! The rate limits that this isolate knows to be exceeded, until they reopen.

use std::cell::RefCell;
use std::collections::HashMap;

use shared::calendar::Moment;

use crate::limits::requests::{Bucket, Full};

/// The most buckets to remember. Beyond that, requests are counted in the database.
const BUCKETS_MAX: usize = 10_000;

thread_local! {
    static FULL: RefCell<HashMap<Bucket, Full>> = RefCell::default();
}

/// Returns the first of the buckets that is known to be full.
pub fn find(buckets: &[Bucket], now: Moment) -> Option<Full> {
    FULL.with_borrow(|full| {
        let mut known = buckets.iter().filter_map(|bucket| full.get(bucket));
        known.find(|full| full.reopens_at > now).cloned()
    })
}

/// Remembers a full bucket until it reopens.
pub fn remember(bucket: &Full, now: Moment) {
    FULL.with_borrow_mut(|full| {
        if full.len() >= BUCKETS_MAX {
            full.retain(|_, full| full.reopens_at > now);
        }
        if full.len() < BUCKETS_MAX {
            full.insert(bucket.bucket.clone(), bucket.clone());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_bucket_is_known_until_it_reopens() {
        let bucket =
            |id: &str| Bucket { kind: "request-address-minute:", id: id.to_owned(), limit: 3 };
        let full = Full { bucket: bucket("a"), reopens_at: Moment::from_ms(60_000) };
        remember(&full, Moment::from_ms(1));
        assert_eq!(find(&[bucket("b"), bucket("a")], Moment::from_ms(59_999)), Some(full));
        assert_eq!(find(&[bucket("b")], Moment::from_ms(59_999)), None);
        assert_eq!(find(&[bucket("a")], Moment::from_ms(60_000)), None);
    }
}
