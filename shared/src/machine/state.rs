//! The states, kinds and reasons that have names in the database and in JSON.

use serde::{Deserialize, Serialize};

use crate::lang::Lang;
use crate::names;

names! {
    /// Where a reader's attempt stands.
    IntentState {
        /// Started; the reader's limits are reserved.
        AwaitingPayment = "awaiting_payment",
        /// The payment is booked as a praise.
        Paid = "paid",
        /// The payment arrived and a rule refused it; the money goes back by itself.
        Returned = "returned",
        /// The provider declined; nothing was taken.
        Declined = "declined",
        /// The reader left; nothing was taken.
        Cancelled = "cancelled",
        /// Time ran out; nothing was taken.
        Expired = "expired",
    }
}

names! {
    /// Where a provider order stands, as far as we know.
    OrderState {
        /// Written down; the provider may or may not know it yet.
        Created = "created",
        /// The provider has it and waits for the reader.
        Open = "open",
        /// The provider has the money.
        Paid = "paid",
        /// Final without money.
        Closed = "closed",
    }
}

names! {
    /// Where a praise stands.
    PraiseState {
        /// Booked, and held until it is due.
        Held = "held",
        /// To be paid out with the next payout.
        Due = "due",
        /// The article is frozen; nothing moves.
        Frozen = "frozen",
        /// In a payout on its way.
        InPayout = "in_payout",
        /// On the writer's bank card.
        PaidOut = "paid_out",
        /// On its way back to the reader.
        Returning = "returning",
        /// Back with the reader.
        Returned = "returned",
        /// The reader's bank disputes it.
        Disputed = "disputed",
        /// The dispute is lost.
        Lost = "lost",
    }
}

impl PraiseState {
    /// Whether a praise in this state counts on the wall.
    pub const fn stands(self) -> bool {
        !matches!(
            self,
            PraiseState::Returning
                | PraiseState::Returned
                | PraiseState::Disputed
                | PraiseState::Lost
        )
    }
}

names! {
    /// Where a refund stands.
    RefundState {
        /// Decided; not yet told to the provider.
        Queued = "queued",
        /// Told; the outcome is open, and asked about under the same number.
        Sent = "sent",
        /// The reader has the money.
        Succeeded = "succeeded",
        /// The provider cannot deliver it; its own way, or an operator, goes on.
        Abnormal = "abnormal",
        /// Definitely ended without money; a new refund replaces it.
        Closed = "closed",
    }
}

names! {
    /// Where a payout stands.
    PayoutState {
        /// Something blocks it; the reason says what.
        Waiting = "waiting",
        /// Decided, and not sent to the provider yet.
        Queued = "queued",
        /// Sent to the provider; the outcome is open.
        Sent = "sent",
        /// The writer has to confirm it at the provider.
        AwaitingConfirmation = "awaiting_confirmation",
        /// On the bank card.
        Succeeded = "succeeded",
        /// Failed for certain; its praises are due again.
        Failed = "failed",
        /// Not sent: the card, the account or an article no longer allows it, and its praises are due
        /// again; or nothing is left to pay.
        Dropped = "dropped",
        /// Sent back by the writer's bank after it had arrived; its praises are due again.
        SentBack = "sent_back",
    }
}

names! {
    /// What has to be put right before a payout that waits can go.
    WaitingReason {
        /// There is no bank card.
        NoCard = "no_card",
        /// The bank card is new and cannot be paid to before its waiting period ends.
        CardChanged = "card_changed",
        /// The writer's bank has sent a payout back. The card has to be attached again.
        CardUnconfirmed = "card_unconfirmed",
        /// The provider's bill and our records differ about this account's money.
        BillUnexplained = "bill_unexplained",
        /// A transfer that had failed may have arrived. An operator looks into it.
        TransferUnclear = "transfer_unclear",
        /// The nightly check has found our records of the account's money inconsistent.
        RecordsInconsistent = "records_inconsistent",
        /// Accounts of this kind do not receive.
        KindNotAllowed = "kind_not_allowed",
        /// The account is suspended.
        AccountSuspended = "account_suspended",
        /// The provider sends no more to this card today.
        CardDayLimit = "card_day_limit",
    }
}

impl WaitingReason {
    /// Tells the writer what to do about it, or that nothing has to be done.
    pub const fn to_do(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            WaitingReason::NoCard => (
                "Attach a bank card. Everything due is paid out as soon as it can be used.",
                "请绑定银行卡。银行卡可用后，到期的款项一并打出。",
            ),
            WaitingReason::CardChanged => (
                "The bank card was changed. It is paid to from the time given; if it was not you, \
                 remove it.",
                "银行卡更换过，自所示时间起才打款；如非本人操作，请移除这张卡。",
            ),
            WaitingReason::CardUnconfirmed => (
                "Your bank sent a payout back. Check the bank card and attach it again.",
                "上一笔打款被你的银行退回。请核对银行卡信息，并重新绑定。",
            ),
            WaitingReason::BillUnexplained => (
                "The payment provider's bill does not agree with our record of this account's \
                 money. We are clearing that up; there is nothing for you to do.",
                "支付机构的账单与本号的记录不一致，我们正在核对，你无需操作。",
            ),
            WaitingReason::TransferUnclear => (
                "A payout that had failed may have reached your card after all. We are looking \
                 into it; there is nothing for you to do.",
                "一笔原已失败的打款可能已到账，我们正在核实，你无需操作。",
            ),
            WaitingReason::RecordsInconsistent => (
                "A routine check found that our records of this account's money do not add up. \
                 We are clearing that up; there is nothing for you to do.",
                "例行核查发现本号的账目有出入，我们正在核实，你无需操作。",
            ),
            WaitingReason::KindNotAllowed => (
                "Accounts of this kind do not receive praise for now. What is due stays yours and \
                 is paid out when they do.",
                "这类账号目前不能收款。到期的款项仍是你的，开放后打出。",
            ),
            WaitingReason::AccountSuspended => (
                "This account is suspended. What is due is paid out when the suspension ends.",
                "本号已被停用。到期的款项在恢复后打出。",
            ),
            WaitingReason::CardDayLimit => (
                "The payment provider sends no more to this card today. The rest follows \
                 tomorrow.",
                "支付机构今天对这张卡的打款已达上限，余款明天继续打出。",
            ),
        };
        match lang {
            Lang::En => en,
            Lang::ZhHans => zh,
        }
    }
}

names! {
    /// Where one transfer of a payout stands.
    PartState {
        /// Decided, and not sent to the provider yet.
        Queued = "queued",
        /// Sent to the provider; the outcome is open, and queried under the same number.
        Sent = "sent",
        /// The writer has to confirm it at the provider.
        AwaitingConfirmation = "awaiting_confirmation",
        /// On the bank card.
        Succeeded = "succeeded",
        /// Failed for certain; its praises are due again.
        Failed = "failed",
        /// Not sent, because the card, the account or an article no longer allows it; its praises
        /// are due again.
        Dropped = "dropped",
        /// Sent back by the writer's bank after it had arrived; its praises are due again.
        SentBack = "sent_back",
    }
}

names! {
    /// Where the freeze of an article stands.
    FreezeState {
        /// The writer may appeal.
        Open = "open",
        /// The writer has appealed; operators decide.
        Appealed = "appealed",
        /// Unfounded: its praises go on by their dates.
        Lifted = "lifted",
        /// Its praises are on their way back to their readers.
        Returning = "returning",
        /// None of its praises is left to return.
        Returned = "returned",
    }
}

names! {
    /// Whether an official account receives.
    AccountStatus {
        /// It does, as far as this goes.
        Active = "active",
        /// Nothing new starts for it, and what arrives goes back.
        Suspended = "suspended",
    }
}

names! {
    /// Of what kind an official account is; the policy says which kinds receive.
    AccountKind {
        /// A person's own.
        Individual = "individual",
        /// Of several, or of a legal person.
        Organization = "organization",
    }
}

names! {
    /// Why an article is frozen: the rule that it is suspected to break.
    FreezeRule {
        /// Money is collected for somebody or something.
        Fundraising = "fundraising",
        /// Betting, or a draw.
        Gambling = "gambling",
        /// Something is sold.
        Selling = "selling",
        /// Whoever praises gets something for it.
        Perks = "perks",
        /// It is not the writer's own.
        NotOriginal = "not_original",
        /// A law forbids it.
        Unlawful = "unlawful",
    }
}

names! {
    /// How two operators end a freeze.
    FreezeEnd {
        /// Every praise that stands goes back to its reader.
        MassReturn = "mass_return",
        /// Every praise goes on by its dates.
        Unfreeze = "unfreeze",
    }
}

names! {
    /// Where a dispute stands.
    DisputeState {
        /// The bank has taken the money and looks at it.
        Open = "open",
        /// The money is back with us.
        Won = "won",
        /// The reader keeps it.
        Lost = "lost",
    }
}

names! {
    /// Who sees what of a praise.
    Visibility {
        /// Name on the wall.
        Public = "public",
        /// The writer sees the name; the wall only counts.
        Writer = "writer",
        /// Nobody sees the name.
        Anonymous = "anonymous",
    }
}

impl Visibility {
    /// Whether everybody who sees the name with this visibility also sees it with `other`.
    pub fn is_within(self, other: Visibility) -> bool {
        let audience = |visibility| match visibility {
            Visibility::Public => 2,
            Visibility::Writer => 1,
            Visibility::Anonymous => 0,
        };
        audience(self) <= audience(other)
    }
}
