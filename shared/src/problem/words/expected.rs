//! What a field has to be, as the end of the sentence "`field` must be …".

use crate::lang::Lang;

/// What a field has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A whole number of minor units.
    WholeNumber,
    /// Text.
    Text,
    /// An object.
    Object,
    /// One of these values, separated by commas.
    OneOf(&'static str),
    /// The handle of one of these official accounts, which are the writer's own.
    OneOfYourHandles(Vec<String>),
    /// What a phrase says: one of the constants of this type.
    Phrase(Phrase),
}

/// A phrase in both languages. All of them are constants of [`Expected`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    en: &'static str,
    zh: &'static str,
}

const fn phrase(en: &'static str, zh: &'static str) -> Expected {
    Expected::Phrase(Phrase { en, zh })
}

impl Expected {
    /// `version` of an article.
    pub const VERSION: Expected =
        phrase("the number of a version of this article", "这篇文章某个版本的编号");
    /// `cursor`: where a list goes on.
    pub const CURSOR: Expected =
        phrase("the `next_cursor` of the previous page", "上一页返回的 next_cursor");
    /// `effective_from`, as it is written.
    pub const TIME: Expected = phrase(
        "an RFC 3339 time, like 2026-11-22T09:30:00Z",
        "RFC 3339 格式的时间，例如 2026-11-22T09:30:00Z",
    );
    /// `effective_from`, compared with now and with other versions.
    pub const LATER_THAN_EVERY_VERSION: Expected = phrase(
        "a time that is not past, at most a year ahead, and later than that of every other version",
        "从现在起一年以内、且晚于其他所有版本的时间",
    );
    /// `not_before` of a raised cap.
    pub const WITHIN_A_YEAR: Expected = phrase("a time within a year", "一年以内的时间");
    /// A cap of a policy that one operator changes alone.
    pub const NO_RAISE: Expected = phrase(
        "at most the latest value; propose a higher one at /api/v1/operator/policy/raises",
        "不高于最新版本的数值；如需调高，请通过 /api/v1/operator/policy/raises 提议",
    );
    /// `change` of a policy.
    pub const POLICY_CHANGE: Expected = phrase(
        "an object with the rules that change, numbers as integers",
        "由要更改的规则组成的对象，数值用整数",
    );
    /// `praise_min_minor` and `praise_cap_minor` of a policy.
    pub const WITHIN_PRODUCT_BOUNDS: Expected = phrase(
        "within the product's own bounds for one praise, the smallest praise at most the largest",
        "产品自身单笔限额以内的数值，且最低金额不高于最高金额",
    );
    /// `reader_day_minor` and `article_day_minor` of a policy.
    pub const ROOM_FOR_ONE_PRAISE: Expected = phrase(
        "from the largest praise to 1000000000000",
        "单笔最高金额至 1000000000000 之间的数值",
    );
    /// `guest_day_minor` of a policy.
    pub const GUEST_DAY: Expected =
        phrase("from the largest praise to a reader's day", "单笔最高金额至读者每日限额之间的数值");
    /// `writer_day_minor` of a policy.
    pub const WRITER_DAY: Expected =
        phrase("from an article's day to 1000000000000", "文章每日限额至 1000000000000 之间的数值");
    /// `hold_days` of a policy.
    pub const HOLD_DAYS: Expected = phrase("from 1 to 365 days", "1 至 365 之间的天数");
    /// `undo_minutes` of a policy.
    pub const UNDO_MINUTES: Expected = phrase("from 1 to 1440 minutes", "1 至 1440 之间的分钟数");
    /// `account_day_publications` of a policy.
    pub const PUBLICATIONS: Expected = phrase("from 1 to 1000", "1 至 1000 之间的整数");
    /// `visibility`, where the form was sent without a choice.
    pub const CHOSEN_VISIBILITY: Expected =
        phrase("your choice of who may see it", "你选定的可见范围");
    /// `slug`, as it is written.
    pub const SLUG: Expected = phrase(
        "lower-case letters and digits, joined by single hyphens",
        "小写字母和数字，可用单个连字符连接",
    );
    /// `slug`, where none can be made from the title.
    pub const SLUG_NOT_FROM_TITLE: Expected = phrase(
        "given, because the title has no letters or digits",
        "你自己填写的内容，因为标题里没有文字或数字",
    );
    /// `account` of a person who has none.
    pub const YOUR_HANDLE: Expected =
        phrase("the handle of an official account of yours", "你自己的公众号的 handle");
    /// `handle`, as it is written.
    pub const HANDLE: Expected = phrase(
        "3 to 30 lower-case letters and digits, joined by single hyphens",
        "3 至 30 个小写字母和数字，可用单个连字符连接",
    );
    /// `presets_minor` of an account.
    pub const PRESETS: Expected = phrase(
        "three to six different amounts within the limits, smallest first",
        "三至六个互不相同、由小到大、在限额以内的金额",
    );
    /// `days` of an invitation.
    pub const INVITATION_DAYS: Expected =
        phrase("a whole number of days from 1 to 90", "1 至 90 之间的整天数");
    /// A limit of the reader's own.
    pub const OWN_LIMIT: Expected = phrase(
        "a whole number of minor units from 0 to the product's limit, or null",
        "0 至产品上限之间的整数（最小货币单位），或 null",
    );
    /// `intent_id`, to which money from suspense is to go.
    pub const UNPAID_INTENT: Expected = phrase(
        "an attempt over the same amount that ended without a payment",
        "一次金额相同、最终没有付款的赞赏",
    );
    /// `reference` of funds that were added or withdrawn.
    pub const FUNDS_REFERENCE: Expected =
        phrase("1 to 64 letters, digits, '-', '_' or '.'", "1 至 64 个字母、数字、“-”、“_”或“.”");
    /// `amount` of funds that were added or withdrawn.
    pub const NOT_ZERO: Expected = phrase("more or less than zero", "不为零的金额");
    /// `belongs_to` of the explanation of a difference.
    pub const OUR_ROW: Expected = phrase(
        "`kind` and `number` of a row of ours, with the posting belongs_to and no other",
        "本方记录的 kind 和 number，且仅在 posting 为 belongs_to 时填写",
    );
    /// `subject` of the sandbox's sign-in.
    pub const LISTED_PERSON: Expected = phrase("one of the people listed", "列出的人之一");
    /// `to` of the sandbox's clock.
    pub const CLOCK_TARGET: Expected = phrase(
        "an RFC 3339 time, or `advance_s` a whole number of seconds",
        "RFC 3339 格式的时间，或用 advance_s 给出整秒数",
    );
    /// `fault` of the sandbox's provider.
    pub const SANDBOX_FAULT: Expected =
        phrase("a fault that the sandbox knows for this operation", "沙盒在这项操作上支持的故障");

    /// The end of the sentence, without its full stop.
    pub(super) fn words(&self, lang: Lang) -> String {
        match (self, lang) {
            (Expected::WholeNumber, Lang::En) => {
                "a whole number of minor units (1000 means 10.00)".into()
            }
            (Expected::WholeNumber, Lang::ZhHans) => {
                "以最小货币单位计的整数（1000 表示 10.00）".into()
            }
            (Expected::Text, Lang::En) => "text".into(),
            (Expected::Text, Lang::ZhHans) => "一段文字".into(),
            (Expected::Object, Lang::En) => "an object".into(),
            (Expected::Object, Lang::ZhHans) => "一个对象".into(),
            (Expected::OneOf(values), Lang::En) => format!("one of {values}"),
            (Expected::OneOf(values), Lang::ZhHans) => format!("以下值之一：{values}"),
            (Expected::OneOfYourHandles(handles), Lang::En) => {
                format!("the handle of one of your official accounts: {}", handles.join(", "))
            }
            (Expected::OneOfYourHandles(handles), Lang::ZhHans) => {
                format!("你其中一个公众号的 handle：{}", handles.join("、"))
            }
            (Expected::Phrase(phrase), Lang::En) => phrase.en.into(),
            (Expected::Phrase(phrase), Lang::ZhHans) => phrase.zh.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Problem;

    #[test]
    fn a_wrong_field_is_told_what_it_has_to_be() {
        let handles = Expected::OneOfYourHandles(vec!["lu-xun".to_owned(), "yao".to_owned()]);
        for (expected, en, zh) in [
            (
                Expected::WholeNumber,
                "a whole number of minor units (1000 means 10.00)",
                "以最小货币单位计的整数（1000 表示 10.00）",
            ),
            (Expected::Text, "text", "一段文字"),
            (Expected::Object, "an object", "一个对象"),
            (Expected::OneOf("zh-Hans, en"), "one of zh-Hans, en", "以下值之一：zh-Hans, en"),
            (
                handles,
                "the handle of one of your official accounts: lu-xun, yao",
                "你其中一个公众号的 handle：lu-xun、yao",
            ),
            (Expected::HOLD_DAYS, "from 1 to 365 days", "1 至 365 之间的天数"),
        ] {
            let problem = Problem::Field { field: "it", expected };
            assert_eq!(problem.meaning(Lang::En), format!("`it` must be {en}."));
            assert_eq!(problem.meaning(Lang::ZhHans), format!("“it”须为{zh}。"));
        }
    }
}
