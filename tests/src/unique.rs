//! Unique names: tests run in parallel on one server.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

static NEXT: AtomicU64 = AtomicU64::new(1);

/// Differs between two runs on a server that was kept.
static RUN: LazyLock<u128> = LazyLock::new(|| {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    since.as_millis() % 0xffff_ffff
});

/// `{start}-…`: lower-case letters, digits and hyphens, short enough for a handle if `start` is.
pub fn name(start: &str) -> String {
    format!("{start}-{:x}-{}", *RUN, NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Whether a name was made here, in this run.
pub fn is_ours(name: &str) -> bool {
    name.contains(&format!("-{:x}-", *RUN))
}

/// A new `Idempotency-Key`.
pub fn key() -> String {
    name("key-of-a-test")
}

/// The sandbox's token of a bank card that nobody else has.
pub fn card() -> String {
    format!("sbxcard_{:010}{:06}", *RUN, NEXT.fetch_add(1, Ordering::Relaxed))
}
