//! The words of every problem in English and Chinese. A problem has a title, a sentence about what
//! happened, and a sentence about what to do next; error pages and problem documents show the same.
//!
//! The two languages stand side by side, so that nobody changes one and forgets the other.

use super::Problem;
use crate::lang::Lang;
use crate::limits::{
    APPEAL_DAYS, OPEN_INTENTS_MAX, RAISE_WAIT_HOURS, UNDOS_PER_DAY, WRITE_OFF_DAYS,
};
use crate::text::TextError;

pub use expected::{Expected, Phrase};
pub use schema::{SCHEMA_CHECKS, SCHEMA_RULES, SchemaRule};
use time::{duration, midnight, window};

/// What a problem says in one language.
struct Words {
    title: &'static str,
    /// What happened, and what that means for money and data.
    meaning: String,
    /// What to do next.
    way_out: String,
}

/// Chooses the [`Words`] of a language: title, meaning and way out, each in English and Chinese.
macro_rules! words {
    ($lang:ident: $title_en:literal, $title_zh:literal;
     $meaning_en:literal, $meaning_zh:literal;
     $way_out_en:literal, $way_out_zh:literal $(;)?) => {
        match $lang {
            Lang::En => Words {
                title: $title_en,
                meaning: format!($meaning_en),
                way_out: format!($way_out_en),
            },
            Lang::ZhHans => Words {
                title: $title_zh,
                meaning: format!($meaning_zh),
                way_out: format!($way_out_zh),
            },
        }
    };
}

// Behind the macro, because they use it.
mod amount;
mod expected;
mod schema;
mod time;

impl Problem {
    /// What happened, in a few words.
    pub fn title(&self, lang: Lang) -> &'static str {
        self.words(lang).title
    }

    /// What happened, in a sentence or two.
    pub fn meaning(&self, lang: Lang) -> String {
        self.words(lang).meaning
    }

    /// What to do next, in a sentence or two.
    pub fn way_out(&self, lang: Lang) -> String {
        self.words(lang).way_out
    }

    /// Meaning and way out together: the `detail` of the problem document. An amount that is wrong
    /// is told beside its field, where the sheet says the same, so its meaning is enough.
    pub fn detail(&self, lang: Lang) -> String {
        let Words { meaning, way_out, .. } = self.words(lang);
        match (self, lang) {
            (Problem::Amount(_), _) => meaning,
            (_, Lang::En) => format!("{meaning} {way_out}"),
            (_, Lang::ZhHans) => meaning + &way_out,
        }
    }

    fn words(&self, lang: Lang) -> Words {
        match self {
            Problem::NotFound => words!(lang:
                "Not found", "没有找到";
                "The address may be mistyped, or what was here has been removed.",
                "地址可能有误，或内容已被移除。";
                "All articles are on the front page.",
                "所有文章都在首页。"),
            Problem::MethodNotAllowed => words!(lang:
                "Method not allowed", "不支持这种请求方法";
                "This address does not accept this HTTP method.",
                "这个地址不接受这种 HTTP 方法。";
                "The `Allow` header lists the methods it accepts.",
                "它接受的方法列在 `Allow` 响应头中。"),
            Problem::SignInNeeded => words!(lang:
                "Please sign in", "请先登录";
                "You are not signed in, or your session has ended. Nothing was changed.",
                "你还没有登录，或登录已失效。没有任何改动。";
                "Sign in and try again.",
                "请登录后重试。"),
            Problem::TokenRefused => words!(lang:
                "This token is not valid", "令牌无效";
                "The token is unknown, expired, revoked, or not allowed to do this.",
                "令牌不存在、已过期、已撤销，或没有这项权限。";
                "Make a new one in the studio.",
                "请在创作台新建一个。"),
            Problem::CrossSite => words!(lang:
                "Request from another site", "请求来自其他网站";
                "This request was sent by another site, so we did not carry it out.",
                "这个请求由其他网站发出，我们没有执行。";
                "Open the page on this site and try again.",
                "请在本站打开页面后重试。"),
            Problem::TooLarge(bytes) => {
                let kb = bytes / 1024;
                words!(lang:
                "Too large", "内容过大";
                "The body can have at most {kb} KB. Nothing was saved.",
                "内容最多 {kb} KB。没有保存任何内容。";
                "Shorten it and send it again.",
                "请缩减后重新发送。")
            }
            Problem::WrongContentType(wanted) => words!(lang:
                "Wrong content type", "内容类型不符";
                "The body has another content type than the one expected here. Nothing was saved.",
                "内容类型与要求不符。没有保存任何内容。";
                "Send the body as {wanted}.",
                "请以 {wanted} 格式发送。"),
            Problem::EncodedBody => words!(lang:
                "The body is compressed", "请求内容经过压缩";
                "Requests with a Content-Encoding are not accepted. Nothing was saved.",
                "不接受带有 Content-Encoding 的请求内容。没有保存任何内容。";
                "Send it without compression.",
                "请取消压缩后重新发送。"),
            Problem::BrokenBody => words!(lang:
                "The request cannot be read", "无法读取请求";
                "The body is not well-formed. Nothing was saved.",
                "请求内容的格式有误。没有保存任何内容。";
                "Correct it and send it again.",
                "请更正后重新发送。"),
            Problem::DuplicateMember(name) => words!(lang:
                "Duplicate member", "字段重复";
                "The body contains “{name}” twice in one object, so it is not clear which one counts. Nothing was saved.",
                "请求内容的同一对象中有两个“{name}”字段，无法确定以哪个为准。没有保存任何内容。";
                "Keep one of them and send it again.",
                "请只保留一个，然后重新发送。"),
            Problem::BodyTimeout(seconds) => words!(lang:
                "Request timed out", "请求超时";
                "The body did not arrive within {seconds} seconds. Nothing was saved.",
                "请求内容没有在 {seconds} 秒内传完。没有保存任何内容。";
                "Check your connection and send it again.",
                "请检查网络后重新发送。"),
            Problem::Field { field, expected } => {
                let expected = expected.words(lang);
                words!(lang:
                    "A field is not valid", "有一项填写有误";
                    "`{field}` must be {expected}.",
                    "“{field}”须为{expected}。";
                    "Correct it and try again.",
                    "请更正后重试。")
            }
            Problem::Amount(error) => error.words(lang),
            Problem::Text { field, error: TextError::Empty } => words!(lang:
                "The text is empty", "内容为空";
                "`{field}` must not be empty.",
                "“{field}”不能为空。";
                "Write something and try again.",
                "请填写后重试。"),
            Problem::Text { field, error: TextError::TooLong(max) } => words!(lang:
                "The text is too long", "内容过长";
                "`{field}` can have at most {max} characters.",
                "“{field}”最多 {max} 个字。";
                "Shorten it and try again.",
                "请删减后重试。"),
            Problem::Text { field, error: TextError::TooManyMarks(max) } => words!(lang:
                "Too many marks on a letter", "字母上的附加符号过多";
                "A letter in `{field}` can carry at most {max} accents or other marks, \
                 of which no more than 4 may be stacked.",
                "“{field}”中的一个字母最多带 {max} 个附加符号，叠加的最多 4 个。";
                "Remove some and try again.",
                "请删去一些后重试。"),
            Problem::KeyMissing => words!(lang:
                "Idempotency-Key is missing", "缺少 Idempotency-Key";
                "A praise needs a key, so that sending it twice does not charge twice.",
                "每笔赞赏都需要一个键，重复发送才不会重复扣款。";
                "Send an Idempotency-Key header: a new UUID for each praise, the same one for \
                 each retry.",
                "请附上 Idempotency-Key 请求头：每笔新的赞赏用新的 UUID，重试时用同一个。"),
            Problem::KeyMalformed => words!(lang:
                "Idempotency-Key is not valid", "Idempotency-Key 格式有误";
                "Idempotency-Key takes 16 to 128 letters, digits or - _ . : characters.",
                "Idempotency-Key 须为 16 至 128 个字母、数字或 - _ . : 字符。";
                "A UUID is a good choice.",
                "建议使用 UUID。"),
            Problem::KeyReused => words!(lang:
                "Idempotency-Key was already used", "Idempotency-Key 已被使用";
                "This key belongs to a praise with another amount, note, visibility or article.",
                "这个键已用于另一笔赞赏，其金额、悄悄话、可见范围或文章不同。";
                "Use a new key for a new praise.",
                "新的赞赏请用新的键。"),
            Problem::NotAccepting => words!(lang:
                "No praise for this article right now", "这篇文章暂不接受赞赏";
                "This article cannot receive praise at the moment. Nothing was charged.",
                "这篇文章目前不能接受赞赏。没有扣款。";
                "It stays free to read.",
                "你可以照常免费阅读。"),
            Problem::OwnArticle => words!(lang:
                "This is your own article", "这是你自己的文章";
                "A praise is a gift to somebody else, so you cannot praise your own article.",
                "赞赏是送给别人的心意，不能送给自己。";
                "Choose an article by another writer.",
                "不妨看看其他作者的文章。"),
            Problem::ReaderDayCap { limit, .. } => {
                let midnight = midnight(limit.currency, lang);
                words!(lang:
                    "Over your daily limit", "超出你的每日限额";
                    "You can give up to {limit} a day. Nothing was charged.",
                    "每天最多赞赏 {limit}。没有扣款。";
                    "You can give again after {midnight}.",
                    "{midnight}后可以继续。")
            }
            Problem::PayerDayCap { limit, .. } => {
                let midnight = midnight(limit.currency, lang);
                words!(lang:
                    "Over the daily limit of this card", "超出付款账户的每日限额";
                    "A card or wallet can pay up to {limit} a day.",
                    "同一张卡或同一个钱包每天最多付 {limit}。";
                    "It can pay again after {midnight}. If you have just paid, your money goes \
                     back to you.",
                    "{midnight}后可以继续。如果你刚刚付款，款项会全额退回。")
            }
            Problem::ArticleDayCap { limit, .. } => {
                let midnight = midnight(limit.currency, lang);
                words!(lang:
                    "Over this article's daily limit", "超出这篇文章的每日限额";
                    "An article can receive up to {limit} a day. Nothing was charged.",
                    "每篇文章每天最多收到 {limit}。没有扣款。";
                    "You can praise it after {midnight}.",
                    "{midnight}后可以赞赏。")
            }
            Problem::WriterDayCap { limit, .. } => {
                let midnight = midnight(limit.currency, lang);
                words!(lang:
                    "Over this writer's daily limit", "超出作者的每日限额";
                    "A writer can receive up to {limit} a day. Nothing was charged.",
                    "每位作者每天最多收到 {limit}。没有扣款。";
                    "You can praise this writer after {midnight}.",
                    "{midnight}后可以赞赏。")
            }
            Problem::ReaderOwnPraise { limit } => words!(lang:
                "Over your own limit for one praise", "超出你自设的单次限额";
                "You have set {limit} as your limit for one praise. Nothing was charged.",
                "你把单次限额设为 {limit}。没有扣款。";
                "Give less, or change it under My limits; a raise takes effect after \
                 {RAISE_WAIT_HOURS} hours.",
                "请减少金额，或在“我的限额”中更改；调高在 {RAISE_WAIT_HOURS} 小时后生效。"),
            Problem::ReaderOwnDay { limit, .. } => {
                let midnight = midnight(limit.currency, lang);
                words!(lang:
                    "Over your own daily limit", "超出你自设的每日限额";
                    "You have set {limit} as your limit for a day. Nothing was charged.",
                    "你把每日限额设为 {limit}。没有扣款。";
                    "You can give again after {midnight}.",
                    "{midnight}后可以继续。")
            }
            Problem::ReaderOwnMonth { limit, .. } => words!(lang:
                "Over your own monthly limit", "超出你自设的每月限额";
                "You have set {limit} as your limit for a month. Nothing was charged.",
                "你把每月限额设为 {limit}。没有扣款。";
                "You can give again when the next month begins.",
                "下个月开始后可以继续。"),
            Problem::OpenIntents { .. } => words!(lang:
                "Too many praises wait for payment", "待付款的赞赏太多";
                "At most {OPEN_INTENTS_MAX} of your praises can wait for payment at a time. \
                 Nothing was charged.",
                "同时待付款的赞赏最多 {OPEN_INTENTS_MAX} 笔。没有扣款。";
                "Pay or cancel the oldest one, or wait until it expires.",
                "请先完成或取消最早的一笔，或等它过期。"),
            Problem::TooManyGuests { limit, wait_s, .. } => {
                let wait = duration(*wait_s, lang);
                words!(lang:
                    "Too many guests from your network", "你所在网络的访客过多";
                    "At most {limit} people an hour can continue as guests from one network.",
                    "同一网络每小时最多 {limit} 人以访客身份继续。";
                    "Sign in instead, or try again in {wait}.",
                    "请改为登录，或在 {wait}后重试。")
            }
            Problem::TooManyAttempts { limit, window_s, wait_s, .. } => {
                let (window, wait) = (window(*window_s, lang), duration(*wait_s, lang));
                words!(lang:
                    "Too many attempts", "尝试次数过多";
                    "At most {limit} attempts {window} are allowed. Nothing was charged.",
                    "{window}最多尝试 {limit} 次。没有扣款。";
                    "Try again in {wait}.",
                    "请在 {wait}后重试。")
            }
            Problem::TooManyRequests { limit, wait_s, .. } => {
                let wait = duration(*wait_s, lang);
                words!(lang:
                    "Too many requests", "请求过于频繁";
                    "At most {limit} changes a minute are possible. This one was not made.",
                    "每分钟最多可做 {limit} 次更改。这一次没有生效。";
                    "Try again in {wait}.",
                    "请在 {wait}后重试。")
            }
            Problem::PublishQuota { limit, .. } => words!(lang:
                "Daily limit of publications reached", "今日发布次数已用完";
                "An official account can publish {limit} times a day, edits included. Nothing was \
                 changed.",
                "一个公众号每天最多发布 {limit} 次，修改也计算在内。内容没有变化。";
                "Publish again tomorrow.",
                "请明天再发布。"),
            Problem::TooMuchMarkup(most) => words!(lang:
                "Too much markup", "格式标记过多";
                "An article can have at most {most} lines and marks such as * or |.",
                "一篇文章的行数与格式标记（如 *、|）数合计不能超过 {most}。";
                "Publish it in several parts.",
                "请分成几篇发布。"),
            Problem::PageTooLarge => words!(lang:
                "The page becomes too large", "文章排版后过大";
                "With its links and tables, the article is too large as a page.",
                "文章加上链接和表格的格式后，超过了一页的上限。";
                "Use fewer of them, or publish it in several parts.",
                "请减少链接或表格，或分成几篇发布。"),
            Problem::TooManyTokens(limit) => words!(lang:
                "Too many tokens", "令牌过多";
                "You already have {limit} valid tokens, which is the most that is allowed.",
                "你已有 {limit} 个有效令牌，已达上限。";
                "Revoke one that you no longer use.",
                "请撤销一个不再使用的令牌。"),
            Problem::UndoOver => words!(lang:
                "Too late to undo", "已过撤销时间";
                "A praise can be undone only in the first minutes after it has arrived.",
                "赞赏只能在到账后的最初几分钟内撤销。";
                "You can still take it back until it is due.",
                "结算日之前，你仍可以收回。"),
            Problem::UndoDay { .. } => words!(lang:
                "Daily undo limit reached", "今日撤销次数已用完";
                "You can undo {UNDOS_PER_DAY} praises a day.",
                "每天最多撤销 {UNDOS_PER_DAY} 笔赞赏。";
                "You can still take this one back until it is due.",
                "结算日之前，你仍可以收回这一笔。"),
            Problem::TakeBackOver => words!(lang:
                "Too late to take back", "已过收回时间";
                "A praise can be taken back only until it is due.",
                "赞赏只能在结算日之前收回。";
                "The writer can still return it.",
                "作者仍可以退回给你。"),
            Problem::TakeBackMonth { .. } => words!(lang:
                "Monthly take-back limit reached", "本月收回次数已用完";
                "You can take back three praises a month.",
                "每月最多收回三笔赞赏。";
                "You can take back again when the next month begins. The writer can return one at \
                 any time.",
                "下个月开始后可以继续收回。作者随时可以退回。"),
            Problem::InvitationOver => words!(lang:
                "This invitation is not valid", "邀请码无效";
                "The code is unknown, already used, revoked or expired.",
                "邀请码不存在、已使用、已撤销或已过期。";
                "Ask the person who invited you for a new one.",
                "请向邀请你的人再要一个。"),
            Problem::CardRefused => words!(lang:
                "This bank card cannot be used", "这张银行卡不能使用";
                "The payment provider has no record of this card.",
                "支付机构没有这张卡的记录。";
                "Attach it again on the provider's page.",
                "请在支付机构的页面重新绑定。"),
            Problem::TwoPersons => words!(lang:
                "A second operator is needed", "需要另一位运营人员";
                "You cannot approve what you have proposed yourself.",
                "提出的人不能自己批准。";
                "Ask another operator to approve it.",
                "请另一位运营人员批准。"),
            Problem::TooFewOperators => words!(lang:
                "Two operators must remain", "至少要有两位运营人员";
                "With this link, all operators would be one person, and nobody could approve what \
                 another proposes.",
                "确认这个关联后，所有运营人员将视为同一个人，提出的操作就没有别人可以批准。";
                "Add another operator to this deployment first.",
                "请先为此部署添加另一位运营人员。"),
            Problem::CountsChanged => words!(lang:
                "The numbers have changed", "数目已变化";
                "The number or the amount of the praises has changed since you saw it. Nothing was \
                 carried out.",
                "赞赏的笔数或金额已与你看到的不同。没有执行任何操作。";
                "Check the new numbers and propose it again.",
                "请核对新的数目后重新提出。"),
            Problem::AppealOver => words!(lang:
                "Too late to appeal", "已过申诉期限";
                "An appeal is possible for {APPEAL_DAYS} days after the freeze.",
                "申诉须在冻结后 {APPEAL_DAYS} 天内提出。";
                "We will now decide without an appeal.",
                "现由运营人员直接处理。"),
            Problem::WriteOffEarly { .. } => words!(lang:
                "Too early to write off", "尚不能核销";
                "A writer's debt can be written off after {WRITE_OFF_DAYS} days without income.",
                "作者连续 {WRITE_OFF_DAYS} 天没有收入后，欠款才能核销。";
                "Wait until then, or until new income covers it.",
                "请等到那时，或等新的收入抵扣。"),
            Problem::IntentCancelled => words!(lang:
                "You cancelled this praise", "你已取消这笔赞赏";
                "Your payment arrived after you had cancelled.",
                "你取消之后，付款才到账。";
                "All of it goes back to you. You don’t need to do anything.",
                "款项会全额退回，你不需要做任何事。"),
            Problem::PaidTwice => words!(lang:
                "Paid twice", "重复付款";
                "This praise was already paid.",
                "这笔赞赏已经付过。";
                "The second payment goes back to you. You don’t need to do anything.",
                "第二笔付款会全额退回，你不需要做任何事。"),
            Problem::PaymentInReview => words!(lang:
                "We are reviewing your payment", "正在核对你的付款";
                "The amount that arrived is not the amount of the praise. Your money is safe.",
                "到账金额与赞赏金额不符。你的钱是安全的。";
                "We will settle it. Please do not pay again.",
                "我们会处理好，请不要再次付款。"),
            Problem::ArticleFrozen => words!(lang:
                "This article is under review", "这篇文章正在审核";
                "Until the review ends, it cannot receive praise or be edited. Earlier praises are \
                 on hold.",
                "审核期间不接受赞赏，也不能修改；已收到的赞赏等待审核结果。";
                "If you have just paid, your money goes back to you.",
                "如果你刚刚付款，款项会全额退回。"),
            Problem::AccountSuspended => words!(lang:
                "This account is suspended", "这个公众号已被停用";
                "It cannot receive praise or publish right now.",
                "它目前不能收取赞赏，也不能发布文章。";
                "If you have just paid, your money goes back to you.",
                "如果你刚刚付款，款项会全额退回。"),
            Problem::GlobalStop => words!(lang:
                "Praise is paused", "赞赏暂停";
                "No new praise can start right now. What has been given is not affected.",
                "目前不能发起新的赞赏，已经送出的不受影响。";
                "Please try again later.",
                "请稍后再试。"),
            Problem::WrongState => words!(lang:
                "No longer possible", "现在不能这样做";
                "This has changed in the meantime.",
                "状态已经变化。";
                "Reload to see the current status.",
                "请刷新查看最新状态。"),
            Problem::Taken(field) => words!(lang:
                "Already taken", "已被占用";
                "This `{field}` is already taken.",
                "这个“{field}”已被占用。";
                "Choose another.",
                "请换一个。"),
            Problem::Unavailable => words!(lang:
                "Temporarily unavailable", "暂时无法使用";
                "We could not finish this just now. Nothing is lost, and nothing is charged twice.",
                "刚才没能完成。不会丢失内容，也不会重复扣款。";
                "Please try again in a moment.",
                "请稍后再试。"),
            Problem::NotConfigured(cause) => words!(lang:
                "Not configured", "尚未配置";
                "This deployment cannot run: {cause}.",
                "此部署无法运行：{cause}。";
                "Ask the person who runs this site to complete its configuration.",
                "请由部署者补全配置。"),
            Problem::Internal => words!(lang:
                "Something went wrong on our side", "我们这边出了问题";
                "Nothing is lost, and nothing is charged twice.",
                "不会丢失内容，也不会重复扣款。";
                "Please try again. If it keeps happening, send us the request ID.",
                "请重试；如果一直这样，请把请求编号告诉我们。"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every sentence of every problem in both languages, with the code of its problem.
    fn sentences() -> Vec<(&'static str, Lang, String)> {
        let each = |lang: Lang| {
            Problem::samples(lang).into_iter().flat_map(move |problem| {
                let (title, meaning) = (problem.title(lang).to_owned(), problem.meaning(lang));
                [title, meaning, problem.way_out(lang)].map(|text| (problem.code(), lang, text))
            })
        };
        Lang::ALL.into_iter().flat_map(each).collect()
    }

    #[test]
    fn a_problem_says_what_happened_and_what_to_do() {
        let taken = Problem::Taken("slug");
        let says = |lang| [taken.title(lang).into(), taken.meaning(lang), taken.way_out(lang)];
        let english = ["Already taken", "This `slug` is already taken.", "Choose another."];
        assert_eq!(says(Lang::En), english);
        assert_eq!(says(Lang::ZhHans), ["已被占用", "这个“slug”已被占用。", "请换一个。"]);
    }

    #[test]
    fn every_sentence_is_whole_and_in_its_language() {
        let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
        let mut seen = 0;
        for (code, lang, text) in sentences() {
            assert!(!text.is_empty() && text.trim() == text, "{code}: {text:?}");
            assert!(!text.contains("  ") && !text.contains(['{', '}']), "{code}: {text:?}");
            let in_lang = text.contains(is_han) == (lang == Lang::ZhHans);
            // A title may be a name that is the same in both languages, but then with Chinese words.
            assert!(in_lang, "{code}: {text:?} is not in {lang:?}");
            seen += 1;
        }
        assert!(seen > 250, "only {seen} sentences were read");
    }

    #[test]
    fn sentences_end_like_sentences_and_titles_do_not() {
        for lang in Lang::ALL {
            let end = if lang == Lang::En { '.' } else { '。' };
            for problem in Problem::samples(lang) {
                let Words { title, meaning, way_out } = problem.words(lang);
                let code = problem.code();
                assert!(!title.ends_with(end), "{code}: {title}");
                assert!(title.chars().count() <= 40, "{code}: {title} is too long for a heading");
                assert!(meaning.ends_with(end), "{code}: {meaning}");
                assert!(way_out.ends_with(end), "{code}: {way_out}");
            }
        }
    }
}
