//! Texts of a praise's timeline. Reader and writer see the same events, each from their own side.

use shared::api::timeline::{Coming, Happened};
use shared::lang::Lang;

/// Who reads the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The reader who praised.
    Reader,
    /// The writer who was praised.
    Writer,
}

impl Side {
    fn pick(self, reader: &'static str, writer: &'static str) -> &'static str {
        match self {
            Side::Reader => reader,
            Side::Writer => writer,
        }
    }
}

/// Names an event.
pub(crate) fn happened(what: Happened, side: Side, lang: Lang) -> &'static str {
    match lang {
        Lang::En => happened_en(what, side),
        Lang::ZhHans => happened_zh(what, side),
    }
}

/// Names the next step.
pub(crate) fn coming(what: Coming, side: Side, lang: Lang) -> &'static str {
    match lang {
        Lang::En => coming_en(what, side),
        Lang::ZhHans => coming_zh(what, side),
    }
}

/// Says why a praise is refunded, given the reason as it is stored in the database. `None` for a
/// reason that is not shown.
pub(crate) fn refund_reason(reason: &str, side: Side, lang: Lang) -> Option<&'static str> {
    let (en, zh) = match reason {
        "undo" => {
            (side.pick("You undid it", "Undone by the reader"), side.pick("你已撤销", "读者已撤销"))
        }
        "take_back" => (
            side.pick("You took it back", "Taken back by the reader"),
            side.pick("你已收回", "读者已收回"),
        ),
        "writer" => (
            side.pick("Returned by the writer", "You returned it"),
            side.pick("作者退回", "你已退回"),
        ),
        "operator" => ("Returned by our team", "运营人员退回"),
        "mass_return" => ("Returned after the review", "审核后退回"),
        "appeal_missed" => (
            side.pick("The writer did not appeal", "You did not appeal in time"),
            side.pick("作者未在期限内申诉", "你未在期限内申诉"),
        ),
        "appeal_undecided" => ("The appeal was not decided in time", "申诉未在期限内裁定"),
        _ => return None,
    };
    Some(match lang {
        Lang::En => en,
        Lang::ZhHans => zh,
    })
}

fn happened_en(what: Happened, side: Side) -> &'static str {
    match what {
        Happened::Paid => "Paid",
        Happened::Held => side.pick("Held for the writer", "Held for you"),
        Happened::Due => "Ready to pay out",
        Happened::Frozen => "Article under review",
        Happened::Unfrozen => "Review finished",
        Happened::Returning => side.pick("On its way back to you", "On its way back to the reader"),
        Happened::Returned => side.pick("Refunded to you", "Refunded to the reader"),
        Happened::PayoutQueued => "Payout scheduled",
        Happened::PayoutSent => "Payout sent",
        Happened::PayoutAwaitingConfirmation => {
            side.pick("Waiting for the writer to confirm the payout", "Please confirm the payout")
        }
        Happened::PaidOut => side.pick("Paid to the writer’s bank card", "Paid to your bank card"),
        Happened::PayoutFailed => "Payout failed",
        Happened::PayoutDropped => "Payout stopped before it was sent",
        Happened::PayoutSentBack => {
            side.pick("Payout sent back by the writer’s bank", "Payout sent back by your bank")
        }
        Happened::Disputed => {
            side.pick("Disputed with your bank", "Disputed with the reader’s bank")
        }
        Happened::DisputeWon => "Dispute closed: the praise stands",
        Happened::DisputeLost => "Dispute closed: refunded by the bank",
    }
}

fn happened_zh(what: Happened, side: Side) -> &'static str {
    match what {
        Happened::Paid => "已支付",
        Happened::Held => "待结算",
        Happened::Due => "可结算",
        Happened::Frozen => "文章审核中",
        Happened::Unfrozen => "审核结束",
        Happened::Returning => side.pick("正在退款给你", "正在退款给读者"),
        Happened::Returned => side.pick("已退款给你", "已退款给读者"),
        Happened::PayoutQueued => "已安排打款",
        Happened::PayoutSent => "打款已发出",
        Happened::PayoutAwaitingConfirmation => side.pick("等待作者确认收款", "请确认收款"),
        Happened::PaidOut => side.pick("已打款到作者的银行卡", "已打款到你的银行卡"),
        Happened::PayoutFailed => "打款失败",
        Happened::PayoutDropped => "打款在发出前已取消",
        Happened::PayoutSentBack => side.pick("打款被作者的银行退回", "打款被你的银行退回"),
        Happened::Disputed => side.pick("你的银行正在核查", "读者的银行正在核查"),
        Happened::DisputeWon => "争议结束，赞赏有效",
        Happened::DisputeLost => "争议结束，银行已退款",
    }
}

fn coming_en(what: Coming, side: Side) -> &'static str {
    match what {
        Coming::Due => "Ready to pay out",
        Coming::Payout => "Next payout",
        Coming::PayoutWaits => "Payout on hold",
        Coming::PayoutSent => "Payout is sent",
        Coming::PayoutArrives => "Payout arrives",
        Coming::Confirmation => side.pick("The writer confirms the payout", "Confirm the payout"),
        Coming::Appeal => side.pick("The writer can appeal", "You can appeal"),
        Coming::Decision => "Decision on the appeal",
        Coming::GoesOn => "Back to its normal schedule",
        Coming::Return => side.pick("Refund to you", "Refund to the reader"),
        Coming::Arrives => side.pick("Refund reaches you", "Refund reaches the reader"),
        Coming::BankDecides => "The bank decides",
    }
}

fn coming_zh(what: Coming, side: Side) -> &'static str {
    match what {
        Coming::Due => "可结算",
        Coming::Payout => "下一次打款",
        Coming::PayoutWaits => "打款暂缓",
        Coming::PayoutSent => "发出打款",
        Coming::PayoutArrives => "打款到账",
        Coming::Confirmation => side.pick("作者确认收款", "确认收款"),
        Coming::Appeal => side.pick("作者可以申诉", "你可以申诉"),
        Coming::Decision => "申诉裁定",
        Coming::GoesOn => "恢复正常结算",
        Coming::Return => side.pick("退款给你", "退款给读者"),
        Coming::Arrives => side.pick("退款到账", "退款到读者账户"),
        Coming::BankDecides => "银行裁定",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_a_text_of_its_own() {
        for lang in [Lang::En, Lang::ZhHans] {
            for side in [Side::Reader, Side::Writer] {
                let events = Happened::ALL.iter().map(|what| happened(*what, side, lang));
                let steps = Coming::ALL.iter().map(|what| coming(*what, side, lang));
                for texts in [events.collect::<Vec<_>>(), steps.collect()] {
                    for (place, text) in texts.iter().enumerate() {
                        assert!(!text.is_empty() && !texts[..place].contains(text), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_refund_names_its_reason_from_each_side() {
        let reason = |side| refund_reason("take_back", side, Lang::En);
        assert_eq!(reason(Side::Reader), Some("You took it back"));
        assert_eq!(reason(Side::Writer), Some("Taken back by the reader"));
        assert_eq!(refund_reason("something_else", Side::Reader, Lang::En), None);
    }
}
