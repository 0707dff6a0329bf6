//! The words of an amount that is refused.

use super::Words;
use crate::amount::AmountError;
use crate::lang::Lang;

impl AmountError {
    /// What is wrong with the amount. It stands apart from the other problems because the webview
    /// says it too, and carries these words only.
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
                    format!("This account receives {currency} only.")
                }
            },
            Lang::ZhHans => match self {
                AmountError::Missing => "请选择或输入金额。".into(),
                AmountError::NotANumber => "请用数字输入金额，例如 8.88。".into(),
                AmountError::TooPrecise => "金额最多两位小数，例如 8.88。".into(),
                AmountError::BelowMinimum(min) => format!("最低金额为 {min}。"),
                AmountError::AboveCap(cap) => format!("最高金额为 {cap}。"),
                AmountError::WrongCurrency(currency) => format!("这个公众号只收取 {currency}。"),
            },
        }
    }

    pub(super) fn words(self, lang: Lang) -> Words {
        let meaning = self.detail(lang);
        match self {
            AmountError::Missing => words!(lang:
                "No amount", "没有金额";
                "{meaning}", "{meaning}";
                "The amounts offered are suggestions; you can type any other.",
                "所列金额只是建议，你可以输入其他金额。"),
            AmountError::NotANumber => words!(lang:
                "Not an amount", "金额无法识别";
                "{meaning}", "{meaning}";
                "Leave out signs, exponents and anything else that is not part of the number.",
                "请不要输入正负号、指数等其他字符。"),
            AmountError::TooPrecise => words!(lang:
                "Too many decimal places", "小数位数过多";
                "{meaning}", "{meaning}";
                "Round the amount.",
                "请取两位小数。"),
            AmountError::BelowMinimum(_) => words!(lang:
                "Below the smallest praise", "低于最低金额";
                "{meaning}", "{meaning}";
                "Choose a larger amount.",
                "请提高金额。"),
            AmountError::AboveCap(_) => words!(lang:
                "Above the largest praise", "超过最高金额";
                "{meaning}", "{meaning}";
                "Choose a smaller amount.",
                "请降低金额。"),
            AmountError::WrongCurrency(currency) => words!(lang:
                "Wrong currency", "币种不符";
                "{meaning}", "{meaning}";
                "Give an amount in {currency}.",
                "请改用 {currency}。"),
        }
    }
}
