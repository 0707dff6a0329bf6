//! Runs futures without a runtime: one to its end, or several interleaved in an order that a seed
//! decides.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use super::rng::Rng;

/// Runs a future to its end. Returns `None` if it is pending, which means that the request died.
pub fn run_to_end<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut cx = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut cx) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// Runs several futures concurrently. Each time one of them waits, `seed` decides which one
/// continues. Returns their results in the given order.
pub fn race<T, F: Future<Output = T>>(futures: Vec<F>, seed: u64) -> Vec<T> {
    let mut rng = Rng::new(seed);
    let mut cx = Context::from_waker(Waker::noop());
    let mut running: Vec<(usize, Pin<Box<F>>)> =
        futures.into_iter().map(Box::pin).enumerate().collect();
    let mut ended = Vec::new();
    while !running.is_empty() {
        let turn = rng.below(running.len());
        if let Poll::Ready(value) = running[turn].1.as_mut().poll(&mut cx) {
            ended.push((running.swap_remove(turn).0, value));
        }
    }
    ended.sort_by_key(|(place, _)| *place);
    ended.into_iter().map(|(_, value)| value).collect()
}

/// Lets other futures run first, once.
pub async fn yield_once() {
    let mut waited = false;
    std::future::poll_fn(|_| {
        if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}
