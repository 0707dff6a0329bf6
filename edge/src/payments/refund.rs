//! Refunds: money goes back, the whole amount, the way it came. A refund's id is the number that
//! the provider gets. While the outcome is unknown, the same number is sent and asked about.

mod by_hand;
mod outcome;
mod queue;
mod row;

pub use by_hand::{close_abnormal, retry_abnormal};
pub use outcome::{poll, send, state};
pub use queue::{RefundOrder, queue, queue_all, wake};
