//! The kinds of jobs.

use serde::{Deserialize, Serialize};

use crate::database::Value;

shared::names! {
    /// What a job does. Its subject says for whom.
    JobKind {
        /// Has the provider make an order; the subject is the order's number.
        CreateOrder = "create_order",
        /// Asks the provider about an order; the subject is the order's number.
        PollOrder = "poll_order",
        /// Sends a refund; the subject is the refund's number.
        SendRefund = "send_refund",
        /// Asks the provider about a refund; the subject is the refund's number.
        PollRefund = "poll_refund",
        /// Asks the provider about a dispute; the subject is the dispute's id.
        PollDispute = "poll_dispute",
        /// Takes up a message that was written down; the subject is the provider's and the
        /// message's.
        ProcessEvent = "process_event",
        /// Lets praises become due; the subject is an account's and a moment's.
        Settle = "settle",
        /// Pays an account out; the subject is the account's id.
        PayOut = "pay_out",
        /// Moves one transfer of a payout; the subject is the part's id.
        MovePayout = "move_payout",
        /// Matches a day with the provider's bill; the subject is a currency's and the day's.
        Reconcile = "reconcile",
        /// Raises a reader's own limit; the subject is the limit's.
        RaiseLimit = "raise_limit",
        /// Moves a freeze on; the subject is the freeze's id.
        Freeze = "freeze",
    }
}

impl From<JobKind> for Value {
    fn from(kind: JobKind) -> Value {
        kind.as_str().into()
    }
}
