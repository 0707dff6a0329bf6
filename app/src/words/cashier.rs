//! Words of the sandbox's cashier; only a build with the sandbox has them.

use shared::lang::Lang;

/// What the cashier says.
pub(crate) struct CashierWords {
    pub title: &'static str,
    pub intro: &'static str,
    pub pay: fn(&str) -> String,
    pub pay_silently: &'static str,
    pub pay_silently_hint: &'static str,
    pub decline: &'static str,
    pub leave: &'static str,
    pub to: &'static str,
    pub description: &'static str,
    pub order: &'static str,
    pub until: fn(&str) -> String,
    pub paid: &'static str,
    pub closed: &'static str,
    pub back: &'static str,
}

impl CashierWords {
    /// In a language.
    pub fn of(lang: Lang) -> &'static CashierWords {
        match lang {
            Lang::En => &EN,
            Lang::ZhHans => &ZH_HANS,
        }
    }
}

const EN: CashierWords = CashierWords {
    title: "Sandbox cashier",
    intro: "A payment provider would take over here. Nothing on this page is real money.",
    pay: |amount| format!("Pay {amount}"),
    pay_silently: "Pay, and lose the message",
    pay_silently_hint: "The provider has the money, but the shop is not told and \
                                has to ask.",
    decline: "Let the bank decline",
    leave: "Leave without paying",
    to: "To",
    description: "For",
    order: "Order",
    until: |time| format!("Can be paid until {time}."),
    paid: "This order has been paid.",
    closed: "This order can no longer be paid.",
    back: "Back to the article’s page",
};

const ZH_HANS: CashierWords = CashierWords {
    title: "沙盒收银台",
    intro: "真实环境中，这里由支付机构接手。本页上的钱都不是真的。",
    pay: |amount| format!("支付 {amount}"),
    pay_silently: "支付，但通知丢失",
    pay_silently_hint: "支付机构已收款，却没有通知到我们，须由我们主动查询。",
    decline: "让银行拒绝",
    leave: "不付款，离开",
    to: "收款方",
    description: "事由",
    order: "订单",
    until: |time| format!("可在 {time} 前付款。"),
    paid: "这笔订单已支付。",
    closed: "这笔订单不能再支付了。",
    back: "返回",
};
