//! Simplified Chinese.

use shared::api::NotReady;
use shared::machine::{IntentState, PraiseState, Visibility};
use shared::text::isolated;

use super::article;
use super::page_texts::{Words, Zone};

pub(super) static WORDS: Words = Words {
    article: &article::ZH_HANS,

    site: "赞赏",
    tagline: "所有文章免费阅读，赞赏全部归作者。",
    skip: "跳到正文",
    nav: "主导航",
    nav_me: "我的赞赏",
    nav_studio: "创作台",
    nav_sign_in: "登录",
    language: "语言",
    sandbox: "演示环境，不涉及真实资金",
    older_articles: "更早的文章",
    older_praises: "更早的赞赏",
    stale_article: "网络不可用，当前显示的是你上次读到的版本。",
    offline: "网络不可用，请联网后再打开这篇文章。",

    praise_state: |state| match state {
        PraiseState::Held => "待结算",
        PraiseState::Due => "可结算",
        PraiseState::Frozen => "审核中",
        PraiseState::InPayout => "打款中",
        PraiseState::PaidOut => "已打款",
        PraiseState::Returning => "退款中",
        PraiseState::Returned => "已退款",
        PraiseState::Disputed => "争议中",
        PraiseState::Lost => "银行已退款",
    },
    intent_state: |state| match state {
        IntentState::AwaitingPayment => "待支付",
        IntentState::Paid => "已支付",
        IntentState::Returned => "未成功",
        IntentState::Declined => "支付被拒",
        IntentState::Cancelled => "已取消",
        IntentState::Expired => "已超时",
    },
    held_until: |date| format!("{date}起可结算"),

    home_title: "文章",
    home_intro: "因热爱而写，免费给你读。",
    home_empty: "还没有文章。",

    account_empty: "还没有发布文章。",

    form_for: |title| format!("文章《{title}》", title = isolated(title)),
    note: "悄悄话",
    visibility_label: "公开范围",
    review: "下一步",
    review_title: "确认赞赏",
    all_of_it: |payee| format!("赞赏全部归{payee}。", payee = isolated(payee)),
    edit: "返回修改",
    back_to_article: "返回文章",
    check_fields: |fields| format!("请检查：{}。", fields.join("、")),
    open_title: |count| format!("有 {count} 笔支付尚未完成"),
    open_until: |time| format!("请在 {time} 前支付。"),
    resume: "继续支付",
    cancel: "取消支付",

    awaiting_title: "等待支付",
    awaiting_text: |time| {
        format!("还没有收到款项。如果刚刚付过，本页会自动更新；否则请在 {time} 前支付。")
    },
    unknown_title: "正在向支付机构确认",
    unknown_text: "支付机构尚未答复。本页会自动更新，不会重复扣款。",
    refresh: "刷新",
    paid_title: "谢谢你",
    paid_text: |payee| format!("赞赏成功，全部归{payee}。", payee = isolated(payee)),
    paid_due: |payee, date| format!("款项自{date}起可结算给{payee}。", payee = isolated(payee)),
    thanks_from: |payee| format!("{payee}的答谢", payee = isolated(payee)),
    declined_title: "支付被拒绝",
    declined_text: "没有扣款，金额和悄悄话都还在。",
    cancelled_title: "支付已取消",
    cancelled_text: "没有扣款。如果之后仍有款项到账，将全额退回。",
    expired_title: "支付已超时",
    expired_text: "没有扣款，金额和悄悄话都还在。",
    returned_title: "赞赏未成功",
    returned_text: "款项全额原路退回，你无需操作。",
    returned_why: "原因",
    money_arrived: |amount, date, late| match late {
        true => format!("{date}收到你的 {amount}，当时支付已超时。"),
        false => format!("{date}收到你的 {amount}，未能计为赞赏。"),
    },
    money_in_review: "我们正在核对，款项是安全的，请不要重复支付。",
    money_returning: |date, number| {
        format!("已于{date}发起原路退款，退款单号 {number}，款项正在途中。")
    },
    money_returned: |date, number, back| {
        format!("已于{date}发起原路退款，退款单号 {number}，{back}已到账。")
    },
    money_back_by_bank: "你的银行已将这笔款项退还给你。",
    money_back_title: "未成功的付款",
    money_under_review: "核对中",
    money_refunding: "退款中",
    money_refunded: "已退款",
    the_limit: |limit| format!("上限为 {limit}。"),
    try_again: "再试一次",
    reopens: |time| format!("{time} 起可以继续。"),
    to_me: "我的全部赞赏",

    me_title: "我的赞赏",
    me_praises: "赞赏记录",
    me_empty: "还没有赞赏过文章。",
    me_about: "个人资料",
    name_label: "赞赏墙上的名字",
    name_hint: |max| format!("最多 {max} 字，留空则显示为“一位读者”。"),
    name_too_long: |max| format!("名字太长了，最多 {max} 字。"),
    lang_label: "语言",
    lang_follow: "跟随浏览器",
    save: "保存",
    saved: "已保存。",
    sign_out: "退出登录",
    sign_out_everywhere: "在所有设备上退出登录",
    seen_by: |payee, visibility| match visibility {
        Visibility::Public => "公开在赞赏墙上".into(),
        Visibility::Writer => format!("仅{payee}可见", payee = isolated(payee)),
        Visibility::Anonymous => "匿名".into(),
    },
    off_the_wall: "已从赞赏墙移除",

    sign_in_title: "登录",
    sign_in_intro: "这里是演示环境：选择一个身份即可登录，无需密码，不涉及真实资金。",
    role_reader: "读者",
    role_writer: "作者",
    role_operator: "运营",
    same_as: |other| format!("与{other}是同一个人", other = isolated(other)),
    nobody: "还没有可选的身份。",

    studio_title: "创作台",
    not_ready_title: "读者暂时无法赞赏",
    not_ready_hint: "只有你能看到这条提示。",
    not_ready: |why| match why {
        NotReady::NoInvitation => "收取赞赏需要邀请码，你还没有使用过邀请码。",
        NotReady::NoCard => "还没有绑定银行卡。",
        NotReady::KindNotAllowed => "目前仅个人可以收取赞赏。",
        NotReady::Suspended => "这个公众号已被停用。",
        NotReady::Off => "这个公众号关闭了赞赏。",
    },
    not_ready_article_off: "这篇文章关闭了赞赏。",
    not_ready_frozen: "这篇文章正在审核。",
    not_ready_stopped: "赞赏功能暂停中，已收到的赞赏不受影响。",
    studio_empty: "你还没有公众号。",
    studio_confirming: "确认中",
    studio_confirming_hint: |minutes| {
        format!("读者可在 {minutes} 分钟内撤销，在此之前这里只显示笔数。")
    },
    studio_held: "待结算",
    studio_due: "可结算",
    studio_articles: "文章",
    studio_praises: "赞赏",
    studio_no_praises: "还没有收到赞赏。",
    studio_praise: "赞赏详情",
    studio_details: "详情",
    studio_anonymous: "匿名读者",
    studio_from: |reader| format!("来自{reader}", reader = isolated(reader)),
    reply_done: "你的回复",
    reply_label: "说声谢谢",
    reply_hint: |max| {
        format!("只能回复一次，最多 {max} 字。读者会在赞赏凭证上看到；匿名读者仍然匿名。")
    },
    reply_too_long: |max| format!("回复太长了，最多 {max} 字。"),
    reply_empty: "请写几句话。",
    reply_send: "发送回复",
    reply_open: |reader| format!("{reader}的赞赏详情", reader = isolated(reader)),
    fact_article: "文章",
    fact_state: "状态",

    tokens_title: "API 令牌",
    tokens_intro: "持有令牌的程序可以代你发布文章，除此之外什么都不能做。",
    tokens_empty: "还没有令牌。",
    tokens_list: "你的令牌",
    token_label: "用途",
    token_hint: "例如：我的笔记本电脑。",
    token_create: "新建令牌",
    token_created: "新的令牌",
    token_once: "请立即复制：令牌只显示这一次，我们只保存它的指纹。",
    token_scope: |scope| match scope {
        "publish" => "可发布文章".into(),
        other => format!("可 {other}"),
    },
    token_made: |date| format!("{date}新建"),
    token_expires: |date| format!("{date}到期"),
    token_revoke: |label| format!("撤销{label}", label = isolated(label)),
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
