//! Texts of an article and of the praise form. The client bundle contains these texts and no
//! others, because it builds the next article in the webview.

use shared::lang::Lang;
use shared::machine::Visibility;
use shared::text::isolated;

/// The texts of an article's page.
pub(crate) struct ArticleWords {
    /// The space between two sentences.
    pub gap: &'static str,
    pub a_reader: &'static str,
    /// Letter on the tile of a person without a name.
    pub a_reader_letter: &'static str,
    pub anonymous: &'static str,
    pub people_praised: fn(i64) -> String,
    pub author: fn(&str) -> String,
    /// A choice of who can see the name. Arguments: payee, the reader's name on the wall, choice.
    pub visibility: fn(&str, &str, Visibility) -> String,
    pub praise: &'static str,
    pub praise_optional: &'static str,
    pub wall: &'static str,
    pub wall_more: &'static str,
    pub wall_newest: &'static str,
    pub wall_anonymous: fn(i64) -> String,
    pub others: fn(&str) -> String,
    pub form_title: fn(&str) -> String,
    pub amount: &'static str,
    pub custom: &'static str,
    pub custom_label: fn(&str) -> String,
    pub amount_range: fn(&str, &str) -> String,
    /// What the reader's own limits leave.
    pub own_room: fn(&str) -> String,
    /// What the limit of the day leaves.
    pub day_room: fn(&str) -> String,
    pub own_room_none: &'static str,
    pub day_room_none: &'static str,
    pub note_label: fn(&str) -> String,
    pub note_hint: fn(&str, usize) -> String,
    pub note_too_long: fn(usize) -> String,
    pub visibility_legend: &'static str,
    pub choose: &'static str,
    pub choose_visibility: &'static str,
    /// The text before and after the amount in "Give ¥10.00 to 林小雨".
    pub give: fn(&str) -> (String, String),
    pub pay: &'static str,
    /// Shown instead of the confirm line when the form was submitted without a network.
    pub nothing_sent: &'static str,
    pub close: &'static str,
    /// Arguments: year, month (1 to 12), day.
    pub date: fn(i32, u8, u8) -> String,
}

impl ArticleWords {
    /// Returns the texts of a language.
    pub(crate) const fn of(lang: Lang) -> &'static ArticleWords {
        match lang {
            Lang::En => &EN,
            Lang::ZhHans => &ZH_HANS,
        }
    }
}

pub(super) static EN: ArticleWords = ArticleWords {
    gap: " ",
    a_reader: "a reader",
    a_reader_letter: "R",
    anonymous: "anonymous",
    people_praised: |n| counted(n, "person praised", "people praised"),
    author: |name| format!("by {name}", name = isolated(name)),
    visibility: |payee, name, visibility| match visibility {
        Visibility::Public => {
            format!("Everyone: shown on the wall as “{name}”", name = isolated(name))
        }
        Visibility::Writer => format!("Only {payee}", payee = isolated(payee)),
        Visibility::Anonymous => "No one: stay anonymous".into(),
    },
    praise: "Praise",
    praise_optional: "Praise is optional; the article is free either way.",
    wall: "People who praised",
    wall_more: "Show more",
    wall_newest: "Back to the latest",
    wall_anonymous: |n| counted(n, "anonymous reader", "anonymous readers"),
    others: |account| format!("More from {account}", account = isolated(account)),
    form_title: |payee| format!("Praise {payee}", payee = isolated(payee)),
    amount: "Amount",
    custom: "Other",
    custom_label: |sign| format!("Other amount, in {sign}"),
    amount_range: |min, max| format!("From {min} to {max}."),
    own_room: |left| format!("Within your own limits, you can give {left} more."),
    day_room: |left| format!("You can give {left} more today."),
    own_room_none: "Your own limits don’t allow another praise for now.",
    day_room_none: "You have reached the limit for today. You can praise again tomorrow.",
    note_label: |payee| format!("Note to {payee} (optional)", payee = isolated(payee)),
    note_hint: |payee, max| {
        format!("Only {payee} can read it. Up to {max} characters.", payee = isolated(payee))
    },
    note_too_long: |max| format!("Your note is too long. Use at most {max} characters."),
    visibility_legend: "Who can see your name?",
    choose: "Choose an amount.",
    choose_visibility: "Choose who can see your name.",
    give: |payee| ("Give ".into(), format!(" to {payee}", payee = isolated(payee))),
    pay: "Continue to payment",
    nothing_sent: "No connection. Nothing was sent, and what you typed is still here.",
    close: "Close",
    date: |year, month, day| {
        format!("{day} {} {year}", MONTHS[usize::from(month.clamp(1, 12)) - 1])
    },
};

pub(super) static ZH_HANS: ArticleWords = ArticleWords {
    gap: "",
    a_reader: "一位读者",
    a_reader_letter: "读",
    anonymous: "匿名",
    people_praised: |n| format!("{n} 人赞赏"),
    author: |name| format!("作者：{name}", name = isolated(name)),
    visibility: |payee, name, visibility| match visibility {
        Visibility::Public => format!("公开：在赞赏墙上显示为“{name}”", name = isolated(name)),
        Visibility::Writer => format!("仅{payee}可见", payee = isolated(payee)),
        Visibility::Anonymous => "匿名：谁都看不到".into(),
    },
    praise: "赞赏",
    praise_optional: "赞赏全凭心意，文章始终免费。",
    wall: "赞赏的读者",
    wall_more: "查看更多",
    wall_newest: "回到最新",
    wall_anonymous: |n| format!("{n} 位匿名读者"),
    others: |account| format!("{account}的其他文章", account = isolated(account)),
    form_title: |payee| format!("赞赏{payee}", payee = isolated(payee)),
    amount: "金额",
    custom: "其他",
    custom_label: |sign| format!("其他金额（{sign}）"),
    amount_range: |min, max| format!("{min} 至 {max}，金额随意。"),
    own_room: |left| format!("按你自设的限额，还可赞赏 {left}。"),
    day_room: |left| format!("今天还可赞赏 {left}。"),
    own_room_none: "已达到你自设的限额，暂时不能再赞赏。",
    day_room_none: "今天的赞赏额度已用完，明天可以继续。",
    note_label: |payee| format!("给{payee}的悄悄话（选填）", payee = isolated(payee)),
    note_hint: |payee, max| format!("只有{payee}能看到，最多 {max} 字。", payee = isolated(payee)),
    note_too_long: |max| format!("悄悄话太长了，最多 {max} 字。"),
    visibility_legend: "公开你的名字吗？",
    choose: "请选择金额。",
    choose_visibility: "请选择是否公开你的名字。",
    give: |payee| (format!("赞赏{payee} ", payee = isolated(payee)), String::new()),
    pay: "去支付",
    nothing_sent: "网络不可用，尚未提交，填写的内容还在。",
    close: "关闭",
    date: |year, month, day| format!("{year}年{month}月{day}日"),
};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// "1 person", "2 people".
fn counted(n: i64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
