//! The words of every refusal, in both languages: what happened, and the way out.

use super::{Expected, Problem};
use crate::amount::AmountError;
use crate::lang::Lang;
use crate::text::TextError;

impl Expected {
    fn words(self, lang: Lang) -> String {
        match (self, lang) {
            (Expected::WholeNumber, Lang::En) => {
                "a whole number of minor units (1000 for 10.00)".into()
            }
            (Expected::WholeNumber, Lang::ZhHans) => "以最小单位计的整数（10.00 写作 1000）".into(),
            (Expected::Text, Lang::En) => "a text".into(),
            (Expected::Text, Lang::ZhHans) => "一段文字".into(),
            (Expected::Object, Lang::En) => "an object".into(),
            (Expected::Object, Lang::ZhHans) => "一个对象".into(),
            (Expected::OneOf(values), Lang::En) => format!("one of {values}"),
            (Expected::OneOf(values), Lang::ZhHans) => format!("{values} 之一"),
            (Expected::Words(en, _), Lang::En) => en.into(),
            (Expected::Words(_, zh), Lang::ZhHans) => zh.into(),
        }
    }
}

impl Problem {
    /// What happened, in a few words.
    pub fn title(&self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Problem::NotFound => ("There is nothing here", "这里什么也没有"),
            Problem::MethodNotAllowed => ("Not possible here", "这里不能这样做"),
            Problem::SignInNeeded => ("Please sign in", "请先登录"),
            Problem::TokenRefused => ("This token does not open this", "这个令牌无权做这件事"),
            Problem::CrossSite => ("This came from another site", "请求来自别的网站"),
            Problem::TooLarge(_) => ("Too large", "内容过大"),
            Problem::WrongContentType(_) => ("Wrong content type", "内容类型不对"),
            Problem::BrokenBody => ("This could not be read", "内容无法读取"),
            Problem::Field { .. } => ("A field is not right", "有一项填写不对"),
            Problem::Amount(_) => ("This amount cannot be given", "不能赠送这个金额"),
            Problem::Text { .. } => ("This text does not fit", "这段文字不合要求"),
            Problem::KeyMissing => ("Idempotency-Key is missing", "缺少 Idempotency-Key"),
            Problem::KeyMalformed => ("Idempotency-Key is malformed", "Idempotency-Key 格式不对"),
            Problem::KeyReused => {
                ("Idempotency-Key was used before", "Idempotency-Key 已用于别的请求")
            }
            Problem::NotAccepting => ("No praise here for now", "这篇文章暂不接受赞赏"),
            Problem::OwnArticle => ("This is your own article", "这是你自己的文章"),
            Problem::ReaderDayCap { .. } => ("Your limit for today", "已到你今天的上限"),
            Problem::ArticleDayCap { .. } => {
                ("This article's limit for today", "这篇文章已到今天的上限")
            }
            Problem::WriterDayCap { .. } => ("This writer's limit for today", "作者已到今天的上限"),
            Problem::ReaderOwnPraise { .. } => ("Above your own limit", "超过你自己设的上限"),
            Problem::ReaderOwnDay { .. } => ("Your own limit for today", "已到你自己设的今日上限"),
            Problem::ReaderOwnMonth { .. } => {
                ("Your own limit for this month", "已到你自己设的本月上限")
            }
            Problem::TooManyAttempts { .. } => ("Too many attempts", "尝试次数过多"),
            Problem::UndoOver => ("Too late to undo", "撤销时间已过"),
            Problem::TakeBackOver => ("Too late to take back", "已不能收回"),
            Problem::TakeBackMonth { .. } => ("Three this month", "本月已收回三次"),
            Problem::InvitationOver => ("This invitation does not open", "这个邀请码不能用"),
            Problem::CardRefused => ("This bank card cannot be used", "这张银行卡不能用"),
            Problem::TwoPersons => ("This takes another operator", "需要另一位运营人员"),
            Problem::CountsChanged => ("The numbers have changed", "数目已变化"),
            Problem::AppealOver => ("Too late to appeal", "申诉时间已过"),
            Problem::WriteOffEarly { .. } => ("Too early to write off", "尚不能核销"),
            Problem::IntentCancelled => ("You had cancelled", "你已取消"),
            Problem::PaidTwice => ("Paid twice", "重复付款"),
            Problem::PaymentInReview => ("Your payment is being looked at", "正在核对你的付款"),
            Problem::ArticleFrozen => ("This article is under review", "这篇文章正在审核"),
            Problem::AccountSuspended => ("This account is suspended", "这个公众号已暂停"),
            Problem::GlobalStop => ("Praise is paused everywhere", "赞赏功能暂停"),
            Problem::WrongState => ("Not possible any more", "现在不能这样做了"),
            Problem::Taken(_) => ("Already taken", "已被占用"),
            Problem::Unavailable => ("Not reachable right now", "暂时无法连接"),
            Problem::NotConfigured(_) => ("Not configured", "尚未配置"),
            Problem::Internal => ("Something broke on our side", "我们这边出错了"),
        };
        match lang {
            Lang::En => en,
            Lang::ZhHans => zh,
        }
    }

    /// What it means and the way out, in a sentence or two.
    pub fn detail(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.detail_en(),
            Lang::ZhHans => self.detail_zh(),
        }
    }

    fn detail_en(&self) -> String {
        match self {
            Problem::NotFound => "The address may be mistyped, or what was here is gone. The front page lists every article.".into(),
            Problem::MethodNotAllowed => "This address exists but does not take this method.".into(),
            Problem::SignInNeeded => "Your session is missing or has ended. Sign in and try again; nothing was changed.".into(),
            Problem::TokenRefused => "The bearer token is unknown, revoked, or made for something else. Make a new one in the studio.".into(),
            Problem::CrossSite => "The request was sent from another site and was not carried out. Open this page directly and try again.".into(),
            Problem::TooLarge(bytes) => format!("The body may have at most {bytes} bytes. Nothing was stored."),
            Problem::WrongContentType(wanted) => format!("Send the body as {wanted}. Nothing was stored."),
            Problem::BrokenBody => "The body is not well-formed. Nothing was stored.".into(),
            Problem::Field { field, expected } => format!("`{field}` has to be {}.", expected.words(Lang::En)),
            Problem::Amount(error) => error.detail(Lang::En),
            Problem::Text { field, error: TextError::Empty } => format!("`{field}` must not be empty."),
            Problem::Text { field, error: TextError::TooLong(max) } => format!("`{field}` may have at most {max} characters."),
            Problem::KeyMissing => "Send an Idempotency-Key header with a new UUID for each new praise, and the same one when you repeat it.".into(),
            Problem::KeyMalformed => "Idempotency-Key takes 16 to 128 letters, digits or - _ . : (a UUID fits).".into(),
            Problem::KeyReused => "This key was used with another amount, note, visibility or article. Use a new key for a new praise.".into(),
            Problem::NotAccepting => "The article stays free to read. It does not receive praise at the moment.".into(),
            Problem::OwnArticle => "Praise is a gift to somebody else. You cannot praise what you wrote yourself.".into(),
            Problem::ReaderDayCap { limit, .. } => format!("You can give {limit} a day. There is room again at the time given; nothing was charged."),
            Problem::ArticleDayCap { limit, .. } => format!("An article can receive {limit} a day. There is room again at the time given; nothing was charged."),
            Problem::WriterDayCap { limit, .. } => format!("A writer can receive {limit} a day. There is room again at the time given; nothing was charged."),
            Problem::ReaderOwnPraise { limit } => format!("You have set {limit} as the most you give at once. You can change it under your limits; a raise counts after 24 hours."),
            Problem::ReaderOwnDay { limit, .. } => format!("You have set {limit} as the most you give in a day. There is room again at the time given; nothing was charged."),
            Problem::ReaderOwnMonth { limit, .. } => format!("You have set {limit} as the most you give in a month. There is room again at the time given; nothing was charged."),
            Problem::TooManyAttempts { wait_s, .. } => format!("Please wait {wait_s} seconds and try again. Nothing was charged."),
            Problem::UndoOver => "A praise is undone within ten minutes. Until it is due it can still be taken back.".into(),
            Problem::TakeBackOver => "A praise is taken back until it is due, and not while its article is under review. The writer can still return it.".into(),
            Problem::TakeBackMonth { .. } => "You can take back three praises a month. The next month begins at the time given; the writer can return one at any time.".into(),
            Problem::InvitationOver => "The code is unknown, was used, has been revoked or is over. Ask whoever invited you for another.".into(),
            Problem::CardRefused => "The payment provider does not know this card. Attach it again on the provider's page.".into(),
            Problem::TwoPersons => "Whoever proposed this cannot approve it. Another operator has to.".into(),
            Problem::CountsChanged => "What would be moved is no longer what was shown. Look at the new numbers and propose it again.".into(),
            Problem::AppealOver => "An appeal is made within seven days of the freeze.".into(),
            Problem::WriteOffEarly { .. } => "What a writer owes is written off after 180 days without income. That is from the time given on.".into(),
            Problem::IntentCancelled => "The payment arrived after you had cancelled. All of it goes back to you.".into(),
            Problem::PaidTwice => "This praise was already paid. The second payment goes back to you.".into(),
            Problem::PaymentInReview => "Money arrived that is not the amount asked for. Somebody decides about it, and it is not lost. Please do not pay again.".into(),
            Problem::ArticleFrozen => "The article is under review: it receives nothing, and what it was given waits for the outcome. A payment on its way goes back to you.".into(),
            Problem::AccountSuspended => "The official account is suspended and receives nothing. A payment on its way goes back to you.".into(),
            Problem::GlobalStop => "New praises are paused. What was given before is not affected.".into(),
            Problem::WrongState => "It has moved on in the meantime. Reload to see where it stands.".into(),
            Problem::Taken(field) => format!("This `{field}` is already taken. Choose another."),
            Problem::Unavailable => "Please try again in a moment. Nothing is lost, and nothing is charged twice.".into(),
            Problem::NotConfigured(cause) => format!("This deployment does not run: {cause}."),
            Problem::Internal => "Nothing was charged twice and nothing is lost. If it stays, tell us the request id.".into(),
        }
    }

    fn detail_zh(&self) -> String {
        match self {
            Problem::NotFound => "地址可能有误，或内容已不在。首页列出了所有文章。".into(),
            Problem::MethodNotAllowed => "这个地址存在，但不支持这种请求方法。".into(),
            Problem::SignInNeeded => "登录已失效或尚未登录。请登录后重试；什么都没有改变。".into(),
            Problem::TokenRefused => {
                "令牌不存在、已撤销，或不是为此而设。请在创作台新建一个。".into()
            }
            Problem::CrossSite => "请求由别的网站发出，未被执行。请直接打开本页再试。".into(),
            Problem::TooLarge(bytes) => format!("内容最多 {bytes} 字节。没有保存任何内容。"),
            Problem::WrongContentType(wanted) => format!("请以 {wanted} 发送。没有保存任何内容。"),
            Problem::BrokenBody => "内容格式有误。没有保存任何内容。".into(),
            Problem::Field { field, expected } => {
                format!("“{field}”须为{}。", expected.words(Lang::ZhHans))
            }
            Problem::Amount(error) => error.detail(Lang::ZhHans),
            Problem::Text { field, error: TextError::Empty } => format!("“{field}”不能为空。"),
            Problem::Text { field, error: TextError::TooLong(max) } => {
                format!("“{field}”最多 {max} 个字。")
            }
            Problem::KeyMissing => {
                "请附上 Idempotency-Key：每次新的赞赏用一个新的 UUID，重试时用同一个。".into()
            }
            Problem::KeyMalformed => {
                "Idempotency-Key 为 16 至 128 位字母、数字或 - _ . :（UUID 即可）。".into()
            }
            Problem::KeyReused => {
                "这个键已用于别的金额、留言、可见范围或文章。新的赞赏请用新的键。".into()
            }
            Problem::NotAccepting => "文章可以照常免费阅读，只是目前不接受赞赏。".into(),
            Problem::OwnArticle => "赞赏是送给别人的心意，不能赞赏自己写的文章。".into(),
            Problem::ReaderDayCap { limit, .. } => {
                format!("每天最多赠送 {limit}。到所示时间即可继续；没有扣款。")
            }
            Problem::ArticleDayCap { limit, .. } => {
                format!("每篇文章每天最多收到 {limit}。到所示时间即可继续；没有扣款。")
            }
            Problem::WriterDayCap { limit, .. } => {
                format!("每位作者每天最多收到 {limit}。到所示时间即可继续；没有扣款。")
            }
            Problem::ReaderOwnPraise { limit } => {
                format!(
                    "你把每次赠送的上限设为 {limit}。可在“我的限额”里修改；调高在 24 小时后生效。"
                )
            }
            Problem::ReaderOwnDay { limit, .. } => {
                format!("你把每天赠送的上限设为 {limit}。到所示时间即可继续；没有扣款。")
            }
            Problem::ReaderOwnMonth { limit, .. } => {
                format!("你把每月赠送的上限设为 {limit}。到所示时间即可继续；没有扣款。")
            }
            Problem::TooManyAttempts { wait_s, .. } => {
                format!("请等待 {wait_s} 秒后再试。没有扣款。")
            }
            Problem::UndoOver => "赞赏在十分钟内可以撤销。到结算日之前仍可收回。".into(),
            Problem::TakeBackOver => {
                "赞赏在结算日之前可以收回，文章审核期间除外。作者仍可退回。".into()
            }
            Problem::TakeBackMonth { .. } => {
                "每月最多收回三笔赞赏，下个月从所示时间开始。作者随时可以退回。".into()
            }
            Problem::InvitationOver => {
                "邀请码不存在、已用过、已撤销或已过期。请向邀请你的人另要一个。".into()
            }
            Problem::CardRefused => "支付机构不认识这张卡。请在支付机构的页面重新绑定。".into(),
            Problem::TwoPersons => "提出的人不能自己批准，须由另一位运营人员批准。".into(),
            Problem::CountsChanged => "将要处理的数目与所示不符。请查看新的数目后重新提出。".into(),
            Problem::AppealOver => "申诉须在冻结后七天内提出。".into(),
            Problem::WriteOffEarly { .. } => "连续 180 天没有收入后才能核销，自所示时间起。".into(),
            Problem::IntentCancelled => "付款在你取消之后才到账，将全额退回给你。".into(),
            Problem::PaidTwice => "这笔赞赏已经付过，第二笔付款将退回给你。".into(),
            Problem::PaymentInReview => {
                "到账金额与应付金额不符，我们正在核对，款项不会丢失。请不要再次付款。".into()
            }
            Problem::ArticleFrozen => {
                "文章正在审核，暂不收款，已有的赞赏等待审核结果。在途的付款会退回给你。".into()
            }
            Problem::AccountSuspended => "公众号已暂停，暂不收款。在途的付款会退回给你。".into(),
            Problem::GlobalStop => "暂停新的赞赏，已经赠送的不受影响。".into(),
            Problem::WrongState => "状态已经变化，请刷新查看。".into(),
            Problem::Taken(field) => format!("“{field}”已被占用，请换一个。"),
            Problem::Unavailable => "请稍后再试。不会丢失，也不会重复扣款。".into(),
            Problem::NotConfigured(cause) => format!("此部署无法运行：{cause}。"),
            Problem::Internal => {
                "不会重复扣款，也不会丢失。若一直如此，请把请求编号告诉我们。".into()
            }
        }
    }
}

impl AmountError {
    /// What it means, apart from the other problems: the webview says these and no others.
    pub fn detail(self, lang: Lang) -> String {
        match lang {
            Lang::En => match self {
                AmountError::Missing => "Choose an amount or type one.".into(),
                AmountError::NotANumber => "Type the amount in plain digits, like 8.88.".into(),
                AmountError::TooPrecise => {
                    "An amount has at most two decimal places, like 8.88.".into()
                }
                AmountError::BelowMinimum(min) => format!("The smallest praise is {min}."),
                AmountError::AboveCap(cap) => format!("The largest praise is {cap}."),
                AmountError::WrongCurrency(currency) => {
                    format!("This account receives {currency}.")
                }
            },
            Lang::ZhHans => match self {
                AmountError::Missing => "请选择或输入金额。".into(),
                AmountError::NotANumber => "请用数字输入金额，例如 8.88。".into(),
                AmountError::TooPrecise => "金额最多两位小数，例如 8.88。".into(),
                AmountError::BelowMinimum(min) => format!("最低金额为 {min}。"),
                AmountError::AboveCap(cap) => format!("最高金额为 {cap}。"),
                AmountError::WrongCurrency(currency) => format!("这个公众号收取 {currency}。"),
            },
        }
    }
}
