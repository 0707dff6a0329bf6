//! What happened to a praise, and what happens next. Reader and writer see the same, except that
//! only the writer sees the card. No person is named.

use serde::{Deserialize, Serialize};

use crate::calendar::Moment;
use crate::lang::Lang;

/// Defines an enumeration of timeline entries with their names in JSON and their texts.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$entry_doc:meta])* $entry:ident = $text:tt, $en:literal, $zh:literal;)+
    }) => {
        crate::names! {
            $(#[$doc])*
            $name { $($(#[$entry_doc])* $entry = $text,)+ }
        }

        impl $name {
            /// The text shown to people.
            pub const fn words(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $(($name::$entry, Lang::En) => $en, ($name::$entry, Lang::ZhHans) => $zh,)+
                }
            }
        }
    };
}

named! {
    /// What happened.
    Happened {
        /// The provider has the money.
        Paid = "paid", "Paid", "已支付";
        /// Held for the writer; `until` its day.
        Held = "held", "Held for the writer", "为作者保管中";
        /// Its day has come.
        Due = "due", "Due to the writer", "可向作者打款";
        /// Its article is under review; `reason` is the rule, `until` the end of the appeal.
        Frozen = "frozen", "Article under review", "文章审核中";
        /// The review is over.
        Unfrozen = "unfrozen", "Review over", "审核结束";
        /// On its way back; `reason` says by whose right.
        Returning = "returning", "On its way back to the reader", "正在退回读者";
        /// Back with the reader.
        Returned = "returned", "Back with the reader", "已退回读者";
        /// Part of a payout; `day` is when it is sent.
        PayoutQueued = "payout_queued", "Payout prepared", "打款已安排";
        /// The payout has left; to the writer, `last4` names the card.
        PayoutSent = "payout_sent", "Payout sent", "打款已发出";
        /// The writer has to confirm the payout.
        PayoutAwaitingConfirmation = "payout_awaiting_confirmation",
            "Payout waits for confirmation", "打款待收款人确认";
        /// On the writer's card.
        PaidOut = "paid_out", "Paid to the writer's bank card", "已打到作者的银行卡";
        /// The payout has definitely failed; `reason` is the provider's word.
        PayoutFailed = "payout_failed", "Payout failed", "打款失败";
        /// The payout was stopped before it was sent; the praise is due again.
        PayoutDropped = "payout_dropped", "Payout stopped", "打款已取消";
        /// The writer's bank has sent the payout back; the praise is due again.
        PayoutSentBack = "payout_sent_back", "Payout sent back by the bank", "打款被银行退回";
        /// The reader's bank looks at the payment.
        Disputed = "disputed", "Under dispute with the reader's bank", "读者的银行正在核查";
        /// The bank has decided for the praise.
        DisputeWon = "dispute_won", "Dispute ended: the praise stands", "争议结束：赞赏有效";
        /// The bank has decided for the reader.
        DisputeLost = "dispute_lost", "Dispute ended: the bank gave it back", "争议结束：银行已退款";
    }
}

named! {
    /// What happens next.
    Coming {
        /// It is due.
        Due = "due", "Due to the writer", "可向作者打款";
        /// It joins the next payout.
        Payout = "payout", "Next payout", "下一次打款";
        /// It joins a payout once something is put right; `reason` says what.
        PayoutWaits = "payout_waits", "The payout waits", "打款等待中";
        /// The payout is sent.
        PayoutSent = "payout_sent", "The payout is sent", "发出打款";
        /// The payout arrives; the provider is asked until it has.
        PayoutArrives = "payout_arrives", "The payout arrives", "打款到账";
        /// The writer confirms the payout.
        Confirmation = "confirmation", "The writer confirms the payout", "收款人确认打款";
        /// Until then the writer may appeal.
        Appeal = "appeal", "The writer may appeal", "作者可申诉";
        /// Until then the appeal is decided.
        Decision = "decision", "The appeal is decided", "申诉裁定";
        /// The review has ended and the praise goes on.
        GoesOn = "goes_on", "It goes on", "恢复处理";
        /// It goes back to the reader.
        Return = "return", "It goes back to the reader", "退回读者";
        /// It is back with the reader, usually by then.
        Arrives = "arrives", "It is back with the reader", "退款到账";
        /// The bank decides.
        BankDecides = "bank_decides", "The bank decides", "银行裁定";
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelineEntry {
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Moment,
    /// What.
    pub what: Happened,
    /// Why, as a stable word: a rule of a freeze, the right by which it goes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How long it stays so, where that is known.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// The day a payout is sent: `2026-11-29`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// The last digits of the card it is sent to; only its writer is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last4: Option<String>,
}

/// What happens next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NextStep {
    /// What.
    pub what: Coming,
    /// When, or by when at the latest; left out where nobody knows.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
    /// What it waits for, as a stable word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The life of a praise so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Timeline {
    /// What happened, oldest first.
    pub entries: Vec<TimelineEntry>,
    /// What happens next; `null` where nothing is left to happen.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next: Option<NextStep>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_its_own_name_and_text() {
        for lang in [Lang::En, Lang::ZhHans] {
            let happened: Vec<_> = Happened::ALL.iter().map(|one| one.words(lang)).collect();
            let coming: Vec<_> = Coming::ALL.iter().map(|one| one.words(lang)).collect();
            for words in [happened, coming] {
                for (place, one) in words.iter().enumerate() {
                    assert!(!one.is_empty() && !words[..place].contains(one), "{one}");
                }
            }
        }
        for one in Happened::ALL {
            let json = serde_json::to_string(one).unwrap();
            assert_eq!(json, format!("\"{}\"", one.as_str()));
        }
        for one in Coming::ALL {
            let json = serde_json::to_string(one).unwrap();
            assert_eq!(json, format!("\"{}\"", one.as_str()));
        }
    }
}
