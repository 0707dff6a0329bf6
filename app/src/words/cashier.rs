//! Texts of the sandbox's cashier. Only builds with the sandbox contain them.

use shared::lang::Lang;

/// The texts of the cashier page.
pub(crate) struct CashierWords {
    pub title: &'static str,
    pub intro: &'static str,
    pub payer: &'static str,
    pub payer_hint: &'static str,
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
    /// Returns the texts of a language.
    pub fn of(lang: Lang) -> &'static CashierWords {
        match lang {
            Lang::En => &EN,
            Lang::ZhHans => &ZH_HANS,
        }
    }
}

const EN: CashierWords = CashierWords {
    title: "Sandbox checkout",
    intro: "This page stands in for the payment provider’s own. No real money is involved.",
    payer: "Pay with",
    payer_hint: "A card number or the name of a wallet. Empty for your own wallet, “none” for a payer \
                 that the provider does not report.",
    pay: |amount| format!("Pay {amount}"),
    pay_silently: "Pay without notification",
    pay_silently_hint: "The provider takes the money but does not notify Praise. Praise has to check.",
    decline: "Decline the payment",
    leave: "Leave without paying",
    to: "To",
    description: "For",
    order: "Order",
    until: |time| format!("Pay by {time}."),
    paid: "This order has been paid.",
    closed: "This order can no longer be paid.",
    back: "Back to Praise",
};

const ZH_HANS: CashierWords = CashierWords {
    title: "演示收银台",
    intro: "这里模拟支付机构的收银台，不涉及真实资金。",
    payer: "付款方式",
    payer_hint: "填卡号或钱包名称。留空为你自己的钱包，填 none 表示支付机构不告知付款人。",
    pay: |amount| format!("支付 {amount}"),
    pay_silently: "支付，但不发通知",
    pay_silently_hint: "支付机构已收款却没有通知我们，由我们主动查询。",
    decline: "拒绝支付",
    leave: "不支付，返回",
    to: "收款方",
    description: "文章",
    order: "订单",
    until: |time| format!("请在 {time} 前支付。"),
    paid: "这笔订单已支付。",
    closed: "这笔订单已关闭，不能再支付。",
    back: "返回赞赏网站",
};
