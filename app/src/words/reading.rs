//! Words of an article and of the praise form: what the webview says too, so that the client carries
//! these and no others.

use shared::lang::Lang;
use shared::machine::Visibility;

/// What an article page says.
pub(crate) struct ReadingWords {
    /// Between two sentences.
    pub gap: &'static str,
    pub a_reader: &'static str,
    /// Letter of the tile of somebody without a name.
    pub a_reader_letter: &'static str,
    pub anonymous: &'static str,
    pub people_praised: fn(i64) -> String,
    pub author: fn(&str) -> String,
    /// Who sees the name: payee, the reader's name on the wall, choice.
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
    /// What the reader's limits leave, their own or the day's.
    pub own_room: fn(&str) -> String,
    pub day_room: fn(&str) -> String,
    pub own_room_none: &'static str,
    pub day_room_none: &'static str,
    pub note_label: fn(&str) -> String,
    pub note_hint: fn(&str, usize) -> String,
    pub note_too_long: fn(usize) -> String,
    pub visibility_legend: &'static str,
    pub choose: &'static str,
    pub choose_visibility: &'static str,
    /// What stands before and after the amount in "Give ¥10.00 to 林小雨".
    pub give: fn(&str) -> (String, String),
    pub pay: &'static str,
    /// In place of the confirm line, when the form was to be sent without a network.
    pub nothing_sent: &'static str,
    pub close: &'static str,
    /// Year, month (1 to 12), day.
    pub date: fn(i32, u8, u8) -> String,
}

impl ReadingWords {
    /// In a language.
    pub(crate) const fn of(lang: Lang) -> &'static ReadingWords {
        match lang {
            Lang::En => &EN,
            Lang::ZhHans => &ZH_HANS,
        }
    }
}

pub(super) static EN: ReadingWords = ReadingWords {
    gap: " ",
    a_reader: "a reader",
    a_reader_letter: "R",
    anonymous: "anonymous",
    people_praised: |n| counted(n, "person praised", "people praised"),
    author: |name| format!("by {name}"),
    visibility: |payee, name, visibility| match visibility {
        Visibility::Public => format!("Everyone: “{name}” goes on the wall"),
        Visibility::Writer => format!("Only {payee}"),
        Visibility::Anonymous => "Nobody: stay anonymous".into(),
    },
    praise: "Praise",
    praise_optional: "Praise is optional; the article is free either way.",
    wall: "Who praised",
    wall_more: "Show more",
    wall_newest: "Back to the newest",
    wall_anonymous: |n| counted(n, "person anonymously", "people anonymously"),
    others: |account| format!("More from {account}"),
    form_title: |payee| format!("Praise {payee}"),
    amount: "Amount",
    custom: "Other",
    custom_label: |sign| format!("Another amount, in {sign}"),
    amount_range: |min, max| format!("Anything from {min} to {max}."),
    own_room: |left| format!("Your own limits leave {left} for now."),
    day_room: |left| format!("Today you can still give {left}."),
    own_room_none: "Your own limits leave no room for a praise at the moment.",
    day_room_none: "You have given what can be given in a day. Tomorrow there is room again.",
    note_label: |payee| format!("A note to {payee}, if you like"),
    note_hint: |payee, max| format!("Only {payee} reads it. At most {max} characters."),
    note_too_long: |max| format!("The note may have at most {max} characters."),
    visibility_legend: "Who may see that it was you?",
    choose: "Choose an amount.",
    choose_visibility: "Choose who may see that it was you.",
    give: |payee| ("Give ".into(), format!(" to {payee}")),
    pay: "Go to payment",
    nothing_sent: "No connection: nothing was sent. What you typed stays here.",
    close: "Close",
    date: |year, month, day| {
        format!("{day} {} {year}", MONTHS[usize::from(month.clamp(1, 12)) - 1])
    },
};

pub(super) static ZH_HANS: ReadingWords = ReadingWords {
    gap: "",
    a_reader: "一位读者",
    a_reader_letter: "读",
    anonymous: "匿名",
    people_praised: |n| format!("{n} 人赞赏"),
    author: |name| format!("作者：{name}"),
    visibility: |payee, name, visibility| match visibility {
        Visibility::Public => format!("所有人：以“{name}”出现在赞赏墙上"),
        Visibility::Writer => format!("只有{payee}"),
        Visibility::Anonymous => "谁也看不到：匿名".into(),
    },
    praise: "赞赏",
    praise_optional: "赞赏全凭心意，不赞赏也照样免费读。",
    wall: "赞赏的人",
    wall_more: "查看更多",
    wall_newest: "回到最新",
    wall_anonymous: |n| format!("{n} 人匿名"),
    others: |account| format!("{account}的其他文章"),
    form_title: |payee| format!("赞赏{payee}"),
    amount: "金额",
    custom: "其他",
    custom_label: |sign| format!("其他金额（{sign}）"),
    amount_range: |min, max| format!("{min} 至 {max} 之间，随你心意。"),
    own_room: |left| format!("按你自设的限额，目前还可赞赏 {left}。"),
    day_room: |left| format!("今天还可赞赏 {left}。"),
    own_room_none: "按你自设的限额，目前不能再赞赏。",
    day_room_none: "今天的赞赏额度已用完，明天可以继续。",
    note_label: |payee| format!("给{payee}的悄悄话（可不写）"),
    note_hint: |payee, max| format!("只有{payee}能看到，最多 {max} 个字。"),
    note_too_long: |max| format!("悄悄话最多 {max} 个字。"),
    visibility_legend: "谁能看到是你？",
    choose: "请选择金额。",
    choose_visibility: "请选择谁能看到是你。",
    give: |payee| (format!("向{payee}赠送 "), String::new()),
    pay: "去付款",
    nothing_sent: "没有网络，还没有提交。填好的内容都在这里。",
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
