//! Texts of a praise after it was given: the receipt, guests, the reader's own limits.

use shared::lang::Lang;
use shared::machine::FreezeRule;
use shared::money::Currency;
use shared::text::isolated;

/// The texts of the pages under `/me` besides those of every page.
pub(crate) struct ReceiptWords {
    // `/me/praises/{id}`
    pub title: &'static str,
    /// The text before and after the amount in "You gave ¥10.00 to 林小雨".
    pub gave: fn(&str) -> (String, String),
    pub number: &'static str,
    pub paid_on: &'static str,
    pub open: fn(&str) -> String,
    pub reply: fn(&str) -> String,

    // Its timeline, which the writer sees too.
    pub timeline: &'static str,
    pub next: &'static str,
    pub until: fn(&str) -> String,
    pub by: fn(&str) -> String,
    pub send_day: fn(&str) -> String,
    pub freeze_rule: fn(FreezeRule) -> &'static str,
    pub payout_waits: &'static str,

    // What can be done about it.
    pub undo: &'static str,
    pub undo_hint: fn(&str) -> String,
    pub no_undos: fn(&str) -> String,
    pub take_back: &'static str,
    /// Arguments: amount, end of the time, take-backs left this month.
    pub take_back_hint: fn(&str, &str, i64) -> String,
    pub take_back_sure: fn(&str) -> String,
    pub no_take_backs: &'static str,
    pub change_visibility: &'static str,
    pub changed: &'static str,
    pub all: &'static str,

    // `/i/{id}`, once it is paid
    pub receipt_link: &'static str,
    pub save_link: &'static str,

    // `/sign-in` and `/me` for guests
    pub guest: &'static str,
    pub guest_hint: &'static str,
    pub guest_here: &'static str,
    pub forget: &'static str,

    // `/me`
    pub this_month: &'static str,
    pub month_total: fn(&str, i64) -> String,

    // `/me/limits`
    pub limits: &'static str,
    pub limits_intro: &'static str,
    pub limits_currency: fn(Currency) -> &'static str,
    pub limit_praise: &'static str,
    pub limit_day: &'static str,
    pub limit_month: &'static str,
    pub limit_most: fn(&str) -> String,
    pub limit_used: fn(&str) -> String,
    pub limit_raise: fn(&str, &str) -> String,
    pub limit_raise_none: fn(&str) -> String,
    pub limit_wrong: fn(&str) -> String,
    pub limits_empty: &'static str,
    pub limits_saved: &'static str,
    pub limits_link: &'static str,
}

impl ReceiptWords {
    /// Returns the texts of a language.
    pub(crate) const fn of(lang: Lang) -> &'static ReceiptWords {
        match lang {
            Lang::En => &EN,
            Lang::ZhHans => &ZH_HANS,
        }
    }
}

static EN: ReceiptWords = ReceiptWords {
    title: "Receipt",
    gave: |payee| ("You gave ".into(), format!(" to {payee}", payee = isolated(payee))),
    number: "Receipt number",
    paid_on: "Paid on",
    open: |title| format!("Receipt for “{title}”", title = isolated(title)),
    reply: |payee| format!("Reply from {payee}", payee = isolated(payee)),

    timeline: "Timeline",
    next: "Next",
    until: |time| format!("until {time}"),
    by: |time| format!("by {time}"),
    send_day: |day| format!("scheduled for {day}"),
    freeze_rule: |rule| match rule {
        FreezeRule::Fundraising => "possible fundraising",
        FreezeRule::Gambling => "possible gambling or prize draw",
        FreezeRule::Selling => "possible sale of goods or services",
        FreezeRule::Perks => "possible rewards in return for praise",
        FreezeRule::NotOriginal => "possibly not the writer’s own work",
        FreezeRule::Unlawful => "possibly unlawful content",
    },
    payout_waits: "The payout is on hold for now. The money is safe.",

    undo: "Undo this praise",
    undo_hint: |time| format!("You can undo it until {time} and get the full amount back."),
    no_undos: |time| {
        format!("You have used all your undos for today. You can undo again from {time}.")
    },
    take_back: "Take it back",
    take_back_hint: |amount, time, left| {
        let take_backs = match left {
            1 => "1 take-back".to_owned(),
            left => format!("{left} take-backs"),
        };
        format!(
            "The full {amount} goes back to your original payment method, no reason needed. You can \
             do this until {time}, and you have {take_backs} left this month."
        )
    },
    take_back_sure: |amount| format!("Yes, take {amount} back"),
    no_take_backs: "You have used your three take-backs this month. The writer can still return \
                    this praise.",
    change_visibility: "Change who can see your name",
    changed: "Saved. The wall is up to date.",
    all: "All my praises",

    receipt_link: "View receipt",
    save_link: "You praised as a guest, so please save this link. It shows what happens to your \
                praise and lets you take it back.",

    guest: "Continue as a guest",
    guest_hint: "No name needed. You get a link to your receipt.",
    guest_here: "You are using Praise as a guest, so your praises are saved in this browser only. \
                 If it forgets you, you can still open them with your receipt links.",
    forget: "Forget me in this browser",

    this_month: "This month",
    month_total: |sum, writers| match writers {
        1 => format!("{sum} to one writer"),
        writers => format!("{sum} to {writers} writers"),
    },

    limits: "My limits",
    limits_intro: "Set the most you want to give. A lower limit applies at once, a higher \
                   one after 24 hours.",
    limits_currency: |currency| match currency {
        Currency::Cny => "Chinese yuan (CNY)",
        Currency::Usd => "US dollars (USD)",
    },
    limit_praise: "Per praise",
    limit_day: "Per day",
    limit_month: "Per month",
    limit_most: |most| format!("Up to {most}. Leave empty for the maximum."),
    limit_used: |used| format!("{used} used."),
    limit_raise: |limit, time| format!("Changes to {limit} on {time}."),
    limit_raise_none: |time| format!("Your own limit ends on {time}."),
    limit_wrong: |most| format!("Enter an amount from 0 to {most}, or leave it empty."),
    limits_empty: "There are no limits to set right now.",
    limits_saved: "Saved.",
    limits_link: "Set my own limits",
};

static ZH_HANS: ReceiptWords = ReceiptWords {
    title: "赞赏凭证",
    gave: |payee| (format!("你赞赏了{payee} ", payee = isolated(payee)), String::new()),
    number: "凭证编号",
    paid_on: "支付时间",
    open: |title| format!("《{title}》的赞赏凭证", title = isolated(title)),
    reply: |payee| format!("{payee}的回复", payee = isolated(payee)),

    timeline: "进度",
    next: "接下来",
    until: |time| format!("至 {time}"),
    by: |time| format!("最迟 {time}"),
    send_day: |day| format!("预计 {day}打款"),
    freeze_rule: |rule| match rule {
        FreezeRule::Fundraising => "涉嫌募捐",
        FreezeRule::Gambling => "涉嫌赌博或抽奖",
        FreezeRule::Selling => "涉嫌售卖商品或服务",
        FreezeRule::Perks => "涉嫌以回报换取赞赏",
        FreezeRule::NotOriginal => "涉嫌非原创",
        FreezeRule::Unlawful => "涉嫌违法",
    },
    payout_waits: "打款暂缓，款项是安全的。",

    undo: "撤销赞赏",
    undo_hint: |time| format!("{time} 前可以撤销，款项全额退回。"),
    no_undos: |time| format!("今天的撤销次数已用完，{time} 起可以再撤销。"),
    take_back: "收回赞赏",
    take_back_hint: |amount, time, left| {
        format!("无需理由，{amount} 全额原路退回。{time} 前可以收回，本月还可收回 {left} 笔。")
    },
    take_back_sure: |amount| format!("确认收回 {amount}"),
    no_take_backs: "本月的三次收回已用完，作者仍可退回这笔赞赏。",
    change_visibility: "更改公开范围",
    changed: "已保存，赞赏墙已更新。",
    all: "我的全部赞赏",

    receipt_link: "查看赞赏凭证",
    save_link: "你没有登录，请保存此链接，以后可以查看进度，也可以收回赞赏。",

    guest: "不登录，以访客身份继续",
    guest_hint: "无需填写姓名，你会得到赞赏凭证的链接。",
    guest_here: "你正以访客身份浏览，赞赏记录只有这个浏览器知道。清除之后，只能通过赞赏凭证的链接找回。",
    forget: "清除这个浏览器里的记录",

    this_month: "本月",
    month_total: |sum, writers| format!("{sum}，赞赏了 {writers} 位作者"),

    limits: "我的限额",
    limits_intro: "给自己的赞赏设个上限。调低立即生效，调高 24 小时后生效。",
    limits_currency: |currency| match currency {
        Currency::Cny => "人民币限额",
        Currency::Usd => "美元限额",
    },
    limit_praise: "单次",
    limit_day: "每日",
    limit_month: "每月",
    limit_most: |most| format!("最高 {most}，留空则按最高限额。"),
    limit_used: |used| format!("已用 {used}。"),
    limit_raise: |limit, time| format!("{time} 起改为 {limit}。"),
    limit_raise_none: |time| format!("{time} 起取消自设限额。"),
    limit_wrong: |most| format!("请填写 0 至 {most} 之间的金额，或留空。"),
    limits_empty: "目前没有可以设置的限额。",
    limits_saved: "已保存。",
    limits_link: "设置我的限额",
};
