//! Refunds: the whole amount goes back to the reader by the way it came. A refund's id is its
//! number at the provider. While the outcome is unknown, the same number is sent again and queried.

mod abnormal;
mod outcome;
mod queue;
mod row;

pub use abnormal::{close_abnormal, retry_abnormal};
pub use outcome::{poll, send, state};
pub use queue::{RefundOrder, queue, queue_all, wake};
