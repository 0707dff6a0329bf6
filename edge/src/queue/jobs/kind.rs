//! The kinds of jobs.

use serde::{Deserialize, Serialize};

use crate::database::Value;

shared::names! {
    /// What a job does. The job's subject names the row that it works on.
    JobKind {
        /// Creates an order at the provider; the subject is the order's id.
        CreateOrder = "create_order",
        /// Queries an order at the provider; the subject is the order's id.
        PollOrder = "poll_order",
        /// Sends a refund; the subject is the refund's id.
        SendRefund = "send_refund",
        /// Queries a refund at the provider; the subject is the refund's id.
        PollRefund = "poll_refund",
        /// Queries a dispute at the provider; the subject is the dispute's id.
        PollDispute = "poll_dispute",
        /// Processes a stored provider message; the subject is `provider:event_id`.
        ProcessEvent = "process_event",
        /// Makes an account's held praises due; the subject is `account_id:unix_ms`.
        Settle = "settle",
        /// Pays an account out; the subject is the account's id.
        PayOut = "pay_out",
        /// Sends and tracks one transfer of a payout; the subject is the payout part's id.
        MovePayout = "move_payout",
        /// Reconciles a day with the provider's bill; the subject is `currency:day`.
        Reconcile = "reconcile",
        /// Raises a reader's own limit; the subject is `person_id:currency:scope`.
        RaiseLimit = "raise_limit",
        /// Advances the freeze of an article; the subject is the freeze's id.
        Freeze = "freeze",
        /// Checks the books, range by range; the subject is `nightly`.
        SelfCheck = "self_check",
    }
}

impl From<JobKind> for Value {
    fn from(kind: JobKind) -> Value {
        kind.as_str().into()
    }
}
