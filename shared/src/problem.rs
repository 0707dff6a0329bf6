//! Every way the product says no: a stable code, an HTTP status, and words in both languages that
//! name the rule and the way out. Pages and problem documents (RFC 9457) say the same.

use serde::Serialize;

use crate::amount::AmountError;
use crate::calendar::Moment;
use crate::lang::Lang;
use crate::money::Money;
use crate::text::TextError;

/// Why a request is refused, with what its words need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing of ours has this address, or it is somebody else's.
    NotFound,
    /// The address exists, the method does not.
    MethodNotAllowed,
    /// No session, an unknown one, or one that has ended.
    SignInNeeded,
    /// A bearer token that is unknown, revoked, or made for something else.
    TokenRefused,
    /// An unsafe request that another site made the browser send.
    CrossSite,
    /// The body is larger than this many bytes.
    TooLarge(usize),
    /// The body has another content type than the one named.
    WrongContentType(&'static str),
    /// The body is not JSON (or not a form); nothing was read.
    BrokenBody,
    /// A field is missing or has another type than the one described.
    Field {
        /// Name of the field, dotted where it is nested: `amount.minor`.
        field: &'static str,
        /// What it has to be, in English and Chinese.
        expected: Expected,
    },
    /// The amount is not one that can be given.
    Amount(AmountError),
    /// A text is empty or too long.
    Text {
        /// Name of the field.
        field: &'static str,
        /// What is wrong with it.
        error: TextError,
    },
    /// No `Idempotency-Key` on a route that moves money.
    KeyMissing,
    /// An `Idempotency-Key` of another form than described.
    KeyMalformed,
    /// The key was used for another request.
    KeyReused,
    /// The article does not receive praise now.
    NotAccepting,
    /// The reader is the writer.
    OwnArticle,
    /// The reader's limit for a day.
    ReaderDayCap {
        /// The limit.
        limit: Money,
        /// When there is room again.
        reopens_at: Moment,
    },
    /// The article's limit for a day.
    ArticleDayCap {
        /// The limit.
        limit: Money,
        /// When there is room again.
        reopens_at: Moment,
    },
    /// The writer's limit for a day, over all official accounts.
    WriterDayCap {
        /// The limit.
        limit: Money,
        /// When there is room again.
        reopens_at: Moment,
    },
    /// Money that arrived after the reader had cancelled.
    IntentCancelled,
    /// A second payment for one intent.
    PaidTwice,
    /// Money arrived that does not fit what was asked for; an operator decides about it.
    PaymentInReview,
    /// The article is frozen.
    ArticleFrozen,
    /// The official account is suspended.
    AccountSuspended,
    /// No new praises anywhere for now.
    GlobalStop,
    /// The step is not possible in the state it is in.
    WrongState,
    /// The handle, slug or name is already somebody's.
    Taken(&'static str),
    /// The database or the provider did not answer; nothing is lost.
    Unavailable,
    /// This deployment cannot run as it is configured, for the reason named.
    NotConfigured(&'static str),
    /// A fault of ours; the log has it under the request id.
    Internal,
}

/// What a field has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A whole number of minor units.
    WholeNumber,
    /// A text.
    Text,
    /// An object.
    Object,
    /// One of these values.
    OneOf(&'static str),
    /// Whatever the words say, in English and in Chinese.
    Words(&'static str, &'static str),
}

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
    /// The stable code. It never changes once published.
    pub const fn code(&self) -> &'static str {
        match self {
            Problem::NotFound => "not_found",
            Problem::MethodNotAllowed => "method_not_allowed",
            Problem::SignInNeeded => "sign_in_needed",
            Problem::TokenRefused => "token_refused",
            Problem::CrossSite => "cross_site",
            Problem::TooLarge(_) => "body.too_large",
            Problem::WrongContentType(_) => "body.wrong_content_type",
            Problem::BrokenBody => "body.broken",
            Problem::Field { .. } => "field.invalid",
            Problem::Amount(error) => error.code(),
            Problem::Text { error: TextError::Empty, .. } => "text.empty",
            Problem::Text { error: TextError::TooLong(_), .. } => "text.too_long",
            Problem::KeyMissing => "key.missing",
            Problem::KeyMalformed => "key.malformed",
            Problem::KeyReused => "key.reused",
            Problem::NotAccepting => "rule.not_accepting",
            Problem::OwnArticle => "rule.own_article",
            Problem::ReaderDayCap { .. } => "rule.reader_day_cap",
            Problem::ArticleDayCap { .. } => "rule.article_day_cap",
            Problem::WriterDayCap { .. } => "rule.writer_day_cap",
            Problem::IntentCancelled => "rule.intent_cancelled",
            Problem::PaidTwice => "rule.paid_twice",
            Problem::PaymentInReview => "payment.in_review",
            Problem::ArticleFrozen => "rule.article_frozen",
            Problem::AccountSuspended => "rule.account_suspended",
            Problem::GlobalStop => "rule.global_stop",
            Problem::WrongState => "state.not_possible",
            Problem::Taken(_) => "taken",
            Problem::Unavailable => "unavailable",
            Problem::NotConfigured(_) => "not_configured",
            Problem::Internal => "internal",
        }
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Problem::NotFound => 404,
            Problem::MethodNotAllowed => 405,
            Problem::SignInNeeded | Problem::TokenRefused => 401,
            Problem::CrossSite => 403,
            Problem::TooLarge(_) => 413,
            Problem::WrongContentType(_) => 415,
            Problem::BrokenBody | Problem::KeyMissing | Problem::KeyMalformed => 400,
            Problem::Field { .. } | Problem::Amount(_) | Problem::Text { .. } => 422,
            Problem::KeyReused => 422,
            Problem::WrongState | Problem::Taken(_) => 409,
            Problem::NotAccepting
            | Problem::OwnArticle
            | Problem::ReaderDayCap { .. }
            | Problem::ArticleDayCap { .. }
            | Problem::WriterDayCap { .. }
            | Problem::IntentCancelled
            | Problem::PaidTwice
            | Problem::PaymentInReview
            | Problem::ArticleFrozen
            | Problem::AccountSuspended => 403,
            Problem::GlobalStop | Problem::Unavailable | Problem::NotConfigured(_) => 503,
            Problem::Internal => 500,
        }
    }

    /// The field of the request it is about, where there is one.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Problem::Field { field, .. } | Problem::Text { field, .. } | Problem::Taken(field) => {
                Some(field)
            }
            Problem::Amount(_) => Some("amount"),
            _ => None,
        }
    }

    /// The number of the rule, where there is one.
    pub const fn limit(&self) -> Option<Money> {
        match self {
            Problem::Amount(AmountError::BelowMinimum(limit) | AmountError::AboveCap(limit)) => {
                Some(*limit)
            }
            Problem::ReaderDayCap { limit, .. }
            | Problem::ArticleDayCap { limit, .. }
            | Problem::WriterDayCap { limit, .. } => Some(*limit),
            _ => None,
        }
    }

    /// When the rule gives room again, where it is a matter of time.
    pub const fn reopens_at(&self) -> Option<Moment> {
        match self {
            Problem::ReaderDayCap { reopens_at, .. }
            | Problem::ArticleDayCap { reopens_at, .. }
            | Problem::WriterDayCap { reopens_at, .. } => Some(*reopens_at),
            _ => None,
        }
    }

    /// Seconds for `Retry-After`, where trying again helps.
    pub const fn retry_after_s(&self) -> Option<i64> {
        match self {
            Problem::Unavailable => Some(5),
            Problem::GlobalStop => Some(600),
            _ => None,
        }
    }

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

    /// The document sent as `application/problem+json`.
    pub fn document(&self, lang: Lang, request_id: &str) -> ProblemDocument {
        ProblemDocument {
            kind: format!("/problems/{}", self.code()),
            title: self.title(lang).to_owned(),
            status: self.status(),
            detail: self.detail(lang),
            code: self.code().to_owned(),
            request_id: request_id.to_owned(),
            field: self.field().map(str::to_owned),
            limit: self.limit(),
            reopens_at: self.reopens_at(),
        }
    }
}

/// An RFC 9457 problem document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProblemDocument {
    /// URI reference of this kind of problem; relative to the API's origin.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in the language asked for.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// What it means and the way out, in the language asked for.
    pub detail: String,
    /// Stable code for programs.
    pub code: String,
    /// What to tell us; the log knows it.
    pub request_id: String,
    /// The field it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The number of the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Money>,
    /// When the rule gives room again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub reopens_at: Option<Moment>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::money::Currency;

    #[test]
    fn a_refusal_names_rule_number_and_time() {
        let problem = Problem::ReaderDayCap {
            limit: Money::new(Limits::of(Currency::Cny).reader_day_minor, Currency::Cny),
            reopens_at: Moment::from_ms(0),
        };
        let json = serde_json::to_value(problem.document(Lang::En, "req_1")).unwrap();
        assert_eq!(json["code"], "rule.reader_day_cap");
        assert_eq!(json["limit"]["minor"], 100_000);
        assert_eq!(json["reopens_at"], "1970-01-01T00:00:00Z");
        assert!(json["detail"].as_str().unwrap().contains("¥1000.00"));
    }

    #[test]
    fn speaks_both_languages() {
        let problem =
            Problem::Amount(AmountError::AboveCap(Limits::of(Currency::Usd).praise_cap()));
        assert_eq!(problem.detail(Lang::En), "The largest praise is $30.00.");
        assert_eq!(problem.detail(Lang::ZhHans), "最高金额为 $30.00。");
    }
}
