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
            Problem::Amount(error) => match error {
                AmountError::Missing => "Choose an amount or type one.".into(),
                AmountError::NotANumber => "Type the amount in plain digits, like 8.88.".into(),
                AmountError::TooPrecise => "An amount has at most two decimal places, like 8.88.".into(),
                AmountError::BelowMinimum(min) => format!("The smallest praise is {min}."),
                AmountError::AboveCap(cap) => format!("The largest praise is {cap}."),
                AmountError::WrongCurrency(currency) => format!("This account receives {currency}."),
            },
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
            Problem::IntentCancelled => "The payment arrived after you had cancelled. All of it goes back to you.".into(),
            Problem::PaidTwice => "This praise was already paid. The second payment goes back to you.".into(),
            Problem::PaymentInReview => "Money arrived that is not the amount asked for. Somebody decides about it, and it is not lost. Please do not pay again.".into(),
            Problem::ArticleFrozen => "The article is under review and receives nothing. A payment on its way goes back to you.".into(),
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
            Problem::Amount(error) => match error {
                AmountError::Missing => "请选择或输入金额。".into(),
                AmountError::NotANumber => "请用数字输入金额，例如 8.88。".into(),
                AmountError::TooPrecise => "金额最多两位小数，例如 8.88。".into(),
                AmountError::BelowMinimum(min) => format!("最低金额为 {min}。"),
                AmountError::AboveCap(cap) => format!("最高金额为 {cap}。"),
                AmountError::WrongCurrency(currency) => format!("这个公众号收取 {currency}。"),
            },
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
            Problem::IntentCancelled => "付款在你取消之后才到账，将全额退回给你。".into(),
            Problem::PaidTwice => "这笔赞赏已经付过，第二笔付款将退回给你。".into(),
            Problem::PaymentInReview => {
                "到账金额与应付金额不符，我们正在核对，款项不会丢失。请不要再次付款。".into()
            }
            Problem::ArticleFrozen => "文章正在审核，暂不收款。在途的付款会退回给你。".into(),
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
