//! Words of a praise after it was given: the receipt, the timeline, the reader's own limits.

use shared::lang::Lang;
use shared::machine::FreezeRule;

/// What the pages under `/me` say beside the words of every page.
pub(crate) struct ReceiptWords {
    // `/me/praises/{id}`
    pub title: &'static str,
    /// What stands before and after the amount in "You gave ¥10.00 to 林小雨".
    pub gave: fn(&str) -> (String, String),
    pub number: &'static str,
    pub paid_on: &'static str,
    pub seen_by: &'static str,
    pub open: fn(&str) -> String,
    pub timeline: &'static str,
    pub next: &'static str,
    pub until: fn(&str) -> String,
    pub by: fn(&str) -> String,
    pub send_day: fn(&str) -> String,
    pub freeze_rule: fn(FreezeRule) -> &'static str,
    /// By whose right a praise goes back, by its name in the record.
    pub right: fn(&str) -> Option<&'static str>,
    pub waits: &'static str,
    pub reply: fn(&str) -> String,

    // What can be done about it.
    pub undo: &'static str,
    pub undo_hint: fn(&str) -> String,
    pub take_back: &'static str,
    pub take_back_hint: fn(&str, &str, i64) -> String,
    pub take_back_sure: fn(&str) -> String,
    pub no_take_backs: &'static str,
    pub change_visibility: &'static str,
    pub change: &'static str,
    pub changed: &'static str,
    pub all: &'static str,

    // `/i/{id}`, once it is paid
    pub keep: &'static str,
    pub keep_hint: &'static str,

    // `/sign-in`
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
    pub limits_currency: fn(&str) -> String,
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
    /// In a language.
    pub(crate) const fn of(lang: Lang) -> &'static ReceiptWords {
        match lang {
            Lang::En => &EN,
            Lang::ZhHans => &ZH_HANS,
        }
    }
}

static EN: ReceiptWords = ReceiptWords {
    title: "Receipt",
    gave: |payee| ("You gave ".into(), format!(" to {payee}")),
    number: "Number",
    paid_on: "Paid on",
    seen_by: "Who may see that it was you",
    open: |title| format!("Receipt for “{title}”"),
    timeline: "What happened",
    next: "Next",
    until: |time| format!("until {time}"),
    by: |time| format!("by {time}"),
    send_day: |day| format!("to be sent on {day}"),
    freeze_rule: |rule| match rule {
        FreezeRule::Fundraising => "suspected of collecting money for somebody or something",
        FreezeRule::Gambling => "suspected of betting or a draw",
        FreezeRule::Selling => "suspected of selling something",
        FreezeRule::Perks => "suspected of giving something in return",
        FreezeRule::NotOriginal => "suspected of not being the writer’s own",
        FreezeRule::Unlawful => "suspected of breaking a law",
    },
    right: |right| match right {
        "undo" => Some("undone by the reader"),
        "take_back" => Some("taken back by the reader"),
        "writer" => Some("returned by the writer"),
        "operator" => Some("returned by an operator"),
        "mass_return" => Some("returned after the review"),
        "appeal_missed" => Some("the writer did not appeal"),
        "appeal_undecided" => Some("the appeal was not decided in time"),
        _ => None,
    },
    waits: "Something has to be put right on the writer’s side first. Nothing is lost.",
    reply: |payee| format!("{payee} replies"),

    undo: "Undo this praise",
    undo_hint: |time| format!("Until {time}: as if it had not been. All of it comes back to you."),
    take_back: "Take it back",
    take_back_hint: |amount, time, left| {
        let more = match left {
            1 => "one more praise".to_owned(),
            left => format!("{left} more praises"),
        };
        format!(
            "All of {amount} comes back the way you paid, without a question. Possible until \
             {time}; you can take back {more} this month."
        )
    },
    take_back_sure: |amount| format!("Yes, take {amount} back"),
    no_take_backs: "You have taken back three praises this month. The writer can still return it.",
    change_visibility: "Change who may see it",
    change: "Change it",
    changed: "Changed. The wall shows it so from now on.",
    all: "All my praises",

    keep: "Your receipt",
    keep_hint: "You praised without an account: keep this link. It shows what happens to your \
                praise, and with it you can take it back.",

    guest: "Go on without an account",
    guest_hint: "You give no name. A link to your receipt is yours to keep.",
    guest_here: "You are here without an account. Only this browser knows what you gave: once it has forgotten you, the links to your receipts are the one way back.",
    forget: "Forget me in this browser",

    this_month: "This month",
    month_total: |sum, writers| match writers {
        1 => format!("{sum} to one writer"),
        writers => format!("{sum} to {writers} writers"),
    },

    limits: "My limits",
    limits_intro: "However much you like an article: these are your own brakes. A lower limit \
                   counts at once, a higher one after 24 hours.",
    limits_currency: |code| format!("In {code}"),
    limit_praise: "For one praise",
    limit_day: "For a day",
    limit_month: "For a month",
    limit_most: |most| format!("At most {most}. Left empty, that is your limit."),
    limit_used: |used| format!("{used} used."),
    limit_raise: |limit, time| format!("From {time} on: {limit}."),
    limit_raise_none: |time| format!("From {time} on: no limit of your own."),
    limit_wrong: |most| format!("An amount from 0 to {most}, or nothing."),
    limits_empty: "There is nothing to limit at the moment.",
    limits_saved: "Saved.",
    limits_link: "Set my own limits",
};

static ZH_HANS: ReceiptWords = ReceiptWords {
    title: "赞赏凭证",
    gave: |payee| (format!("你向{payee}赠送了 "), String::new()),
    number: "编号",
    paid_on: "支付时间",
    seen_by: "谁能看到是你",
    open: |title| format!("《{title}》的赞赏凭证"),
    timeline: "经过",
    next: "接下来",
    until: |time| format!("至 {time}"),
    by: |time| format!("最迟 {time}"),
    send_day: |day| format!("预计 {day} 发出"),
    freeze_rule: |rule| match rule {
        FreezeRule::Fundraising => "涉嫌募集款项",
        FreezeRule::Gambling => "涉嫌赌博或抽奖",
        FreezeRule::Selling => "涉嫌销售",
        FreezeRule::Perks => "涉嫌以回报换取赞赏",
        FreezeRule::NotOriginal => "涉嫌非原创",
        FreezeRule::Unlawful => "涉嫌违法",
    },
    right: |right| match right {
        "undo" => Some("读者已撤销"),
        "take_back" => Some("读者已收回"),
        "writer" => Some("作者退回"),
        "operator" => Some("运营方退回"),
        "mass_return" => Some("审核后退回"),
        "appeal_missed" => Some("作者未在期限内申诉"),
        "appeal_undecided" => Some("申诉未在期限内裁定"),
        _ => None,
    },
    waits: "作者一方有事项待处理，款项不会丢失。",
    reply: |payee| format!("{payee} 的回复"),

    undo: "撤销这次赞赏",
    undo_hint: |time| format!("{time} 前可撤销，视同未曾赞赏，款项全额退回。"),
    take_back: "收回赞赏",
    take_back_hint: |amount, time, left| {
        format!(
            "{amount} 将按原支付方式全额退回，无需理由。{time} 前可收回，本月还可收回 {left} 笔。"
        )
    },
    take_back_sure: |amount| format!("确认收回 {amount}"),
    no_take_backs: "本月已收回三笔赞赏。作者仍可退回这一笔。",
    change_visibility: "更改谁能看到",
    change: "更改",
    changed: "已更改，赞赏墙随即更新。",
    all: "我的全部赞赏",

    keep: "你的赞赏凭证",
    keep_hint: "你没有登录，请保存此链接：凭它可以查看赞赏的去向，也可以收回。",

    guest: "不登录，直接赞赏",
    guest_hint: "无需留下姓名。你会得到一个赞赏凭证的链接，请自行保存。",
    guest_here: "你没有登录，只有这个浏览器记得你的赞赏。一旦让它忘记，就只能通过赞赏凭证的链接找回。",
    forget: "让这个浏览器忘记我",

    this_month: "本月",
    month_total: |sum, writers| format!("{sum}，给 {writers} 位作者"),

    limits: "我的限额",
    limits_intro: "再喜欢一篇文章，也可以给自己设个上限。调低立即生效，调高 24 小时后生效。",
    limits_currency: |code| format!("{code} 限额"),
    limit_praise: "单次",
    limit_day: "每日",
    limit_month: "每月",
    limit_most: |most| format!("最多 {most}；留空即以此为限。"),
    limit_used: |used| format!("已用 {used}。"),
    limit_raise: |limit, time| format!("{time} 起改为 {limit}。"),
    limit_raise_none: |time| format!("{time} 起不再自设限额。"),
    limit_wrong: |most| format!("请填写 0 到 {most} 之间的金额，或留空。"),
    limits_empty: "目前没有可设的限额。",
    limits_saved: "已保存。",
    limits_link: "设置我的限额",
};
