//! Simplified Chinese.

use shared::machine::{IntentState, PraiseState, Visibility};

use super::{Words, Zone, reading};

pub(super) static WORDS: Words = Words {
    reading: &reading::ZH_HANS,

    site: "赞赏",
    tagline: "文章都免费读。赞赏是一份心意，全部归作者。",
    skip: "跳到正文",
    nav: "主导航",
    nav_me: "我的赞赏",
    nav_studio: "创作台",
    nav_sign_in: "登录",
    language: "语言",
    sandbox: "沙盒：钱都不是真的",
    older: "更早的",
    kept: "没有网络：这是你上次读到的文章。",
    offline: "没有网络，这篇文章还没有在这里读过。",

    praise_state: |state| match state {
        PraiseState::Held => "保留中",
        PraiseState::Due => "待结算",
        PraiseState::Frozen => "审核中",
        PraiseState::InPayout => "结算中",
        PraiseState::PaidOut => "已结算",
        PraiseState::Returning => "退回中",
        PraiseState::Returned => "已退回",
        PraiseState::Disputed => "争议中",
        PraiseState::Lost => "争议失败",
    },
    intent_state: |state| match state {
        IntentState::AwaitingPayment => "等待付款",
        IntentState::Paid => "已付款",
        IntentState::Returned => "已退回",
        IntentState::Declined => "付款被拒",
        IntentState::Cancelled => "已取消",
        IntentState::Expired => "已过期",
    },
    held_until: |date| format!("保留至 {date}"),

    home_title: "文章",
    home_intro: "都是免费读的，写的人出于热爱。",
    home_empty: "还没有文章。",

    account_empty: "还没有发布文章。",

    form_for: |title| format!("为《{title}》"),
    review: "下一步",
    review_title: "请确认",
    review_note: "悄悄话",
    review_visibility: "谁可以看到是你",
    all_of_it: |payee| format!("全部归{payee}所有。"),
    edit: "返回修改",
    back_to_article: "返回文章",
    check_fields: "请再看一下标出的地方。",
    open_title: "有一笔付款还没完成",
    open_until: |time| format!("可在 {time} 前付款。"),
    resume: "继续",
    cancel: "取消",

    awaiting_title: "等待付款",
    awaiting_text: |time| {
        format!("还没有收到付款。如果你已付款，请稍候，本页会自动更新；否则可在 {time} 前付款。")
    },
    waiting_title: "正在向支付方确认",
    waiting_text: "对方还没有答复。本页会自动更新，不会重复扣款。",
    look_again: "再看一下",
    paid_title: "谢谢你",
    paid_text: |payee| format!("你的赞赏已到账，全部归{payee}所有。"),
    paid_due: |payee, date| format!("款项保留至 {date}，之后结算给{payee}。"),
    thanks_from: |payee| format!("{payee}说"),
    declined_title: "付款被拒绝",
    declined_text: "没有扣款。金额和悄悄话都替你留着。",
    cancelled_title: "你已取消",
    cancelled_text: "没有扣款。若之后仍有付款到账，将全额退回给你。",
    expired_title: "付款时间已过",
    expired_text: "没有扣款。金额和悄悄话都替你留着。",
    returned_title: "付款将退回给你",
    returned_text: "全额原路退回，你不需要做任何事。",
    returned_why: "原因",
    money_arrived: |amount, date, late| match late {
        true => format!("{date} 收到你支付的 {amount}，当时付款时限已过。"),
        false => format!("{date} 收到你支付的 {amount}，未能成为这笔赞赏。"),
    },
    money_in_review: "我们正在核对，款项不会丢失。请不要再次付款。",
    money_returning: |date, number| {
        format!("已于 {date} 原路退回，退款单号 {number}，正在退回途中。")
    },
    money_returned: |date, number, back| {
        format!("已于 {date} 原路退回，退款单号 {number}，{back} 已到账。")
    },
    money_back_by_bank: "你的银行已将这笔款项退还给你。",
    money_back_title: "退回的付款",
    the_limit: |limit| format!("上限为 {limit}。"),
    try_again: "再试一次",
    reopens: |time| format!("{time} 起可以继续。"),
    to_me: "我的全部赞赏",
    your_amount: "金额",
    your_note: "悄悄话",
    read_on: |account| format!("接着读{account}"),

    me_title: "我的赞赏",
    me_praises: "已赠送",
    me_empty: "你还没有赞赏过文章。不必着急。",
    me_about: "关于我",
    name_label: "赞赏墙上的名字",
    name_hint: |max| format!("最多 {max} 个字。不填则显示为“一位读者”。"),
    name_too_long: |max| format!("名字最多 {max} 个字。"),
    lang_label: "语言",
    lang_follow: "跟随浏览器",
    save: "保存",
    saved: "已保存。",
    sign_out: "退出登录",
    praised_on: |date| format!("{date} 赠送"),
    seen_by: |payee, visibility| match visibility {
        Visibility::Public => "在赞赏墙上".into(),
        Visibility::Writer => format!("只有{payee}能看到"),
        Visibility::Anonymous => "匿名".into(),
    },

    sign_in_title: "你是谁？",
    sign_in_intro: "在沙盒里，选一个人即可登录。不用密码，钱也都不是真的。",
    role_reader: "读者",
    role_writer: "作者",
    role_operator: "运营",
    same_as: |other| format!("与{other}是同一个人"),
    nobody: "没有可选的人。",

    studio_title: "创作台",
    studio_empty: "你还没有公众号。",
    studio_confirming: "确认中",
    studio_confirming_hint: |minutes| {
        format!("赞赏到账 {minutes} 分钟后确认，在此之前这里只显示笔数。")
    },
    studio_held: "保留中",
    studio_due: "待结算",
    studio_articles: "文章",
    studio_praises: "赞赏",
    studio_no_praises: "还没有赞赏。",
    studio_praise: "一笔赞赏",
    studio_received: "详情",
    studio_from: |reader| format!("来自 {reader}"),
    reply_done: "你的回复",
    reply_label: "说声谢谢",
    reply_hint: |max| {
        format!("只能回复一次，最多 {max} 个字。读者会在赞赏凭证上看到；匿名的读者仍然匿名。")
    },
    reply_too_long: |max| format!("回复最多 {max} 个字。"),
    reply_empty: "请写一两句。",
    reply_send: "发送回复",
    reply_open: |reader| format!("{reader} 的赞赏与回复"),
    fact_article: "文章",
    fact_state: "状态",

    tokens_title: "令牌",
    tokens_intro: "持有令牌的程序可以用你的名义发布文章，此外什么也做不了。",
    tokens_empty: "你没有令牌。",
    tokens_list: "你的令牌",
    token_label: "用在哪里？",
    token_hint: "例如：我的笔记本电脑。",
    token_create: "新建令牌",
    token_created: "新的令牌",
    token_once: "请现在复制：令牌只显示这一次，我们只保存它的指纹。",
    token_scope: |scope| match scope {
        "publish" => "可发布文章".into(),
        other => format!("可 {other}"),
    },
    token_made: |date| format!("{date} 新建"),
    token_revoke: |label| format!("撤销{label}"),
    revoke: "撤销",

    request_id: "请求编号",
    to_home: "全部文章",
    to_sign_in: "登录",
    error: |title| format!("出错了：{title}"),

    time: |time, zone| match zone {
        Zone::Beijing => time.to_owned(),
        Zone::Utc => format!("{time}（UTC）"),
    },
};
