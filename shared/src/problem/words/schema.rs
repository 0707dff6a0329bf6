//! What the schema's own rules say. A trigger raises `rule:<code>`, and a named CHECK fails under
//! its name. Rules that a caller can break by intent have a [`Problem`](super::Problem) of the same
//! name and its words; the rules here are broken only by a fault of ours or by doing the same twice.
//! `docs/rules.md` lists all of them.

use crate::lang::Lang;

/// A rule of the schema without a problem of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemaRule {
    /// What follows `rule:` in the trigger, or the name of the CHECK.
    pub code: &'static str,
    en: &'static str,
    zh: &'static str,
}

impl SchemaRule {
    /// What the rule demands.
    pub const fn sentence(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::ZhHans => self.zh,
        }
    }
}

const fn rule(code: &'static str, en: &'static str, zh: &'static str) -> SchemaRule {
    SchemaRule { code, en, zh }
}

/// Rules that triggers raise, by code.
pub const SCHEMA_RULES: &[SchemaRule] = &[
    rule(
        "account_fixed",
        "An official account keeps its owner and its currency, because ledger rows depend on them.",
        "公众号的所有者和币种不可更改，账本记录以它们为准。",
    ),
    rule(
        "action_open",
        "A freeze, a link or a difference has at most one proposal that waits for approval.",
        "每次冻结、每项关联或每项差异最多有一项待批准的提议。",
    ),
    rule(
        "append_only",
        "What was written down is never changed, deleted or replaced.",
        "已写入的记录不能修改、删除或替换。",
    ),
    rule(
        "article_fixed",
        "An article stays with the account that published it.",
        "文章始终属于发布它的公众号。",
    ),
    rule(
        "article_not_frozen",
        "A praise is frozen only while its article is frozen.",
        "文章冻结期间，赞赏才能被冻结。",
    ),
    rule(
        "article_version",
        "Every change of an article is its next version, stored as it was published. A freeze is \
         about the newest version.",
        "文章的每次修改都是下一个版本，按发布时的内容保存。冻结针对最新版本。",
    ),
    rule(
        "bill_mismatch",
        "A bill row confirms one movement with the same number and amount, and no movement is \
         confirmed twice.",
        "账单的一行只对应一笔编号和金额相同的资金变动，每笔变动只对应一次。",
    ),
    rule(
        "card_fixed",
        "A bank card is never edited; another card is a new row.",
        "银行卡信息不能修改，换卡须新增一条记录。",
    ),
    rule(
        "card_not_usable",
        "A payout goes only to the account's current bank card, after its waiting time.",
        "打款只发往公众号当前绑定、且已过等待期的银行卡。",
    ),
    rule(
        "card_of_another",
        "Two people who are paid to the same verified card are linked first.",
        "两个人收款到同一张已验证的卡时，须先关联。",
    ),
    rule(
        "dispute_amount",
        "A dispute has the provider, amount, currency and praise of its payment.",
        "争议的支付机构、金额、币种和赞赏须与付款一致。",
    ),
    rule(
        "dispute_fixed",
        "A dispute keeps its payment, amount and dates, and never lets go of money it holds.",
        "争议的付款、金额和日期不可更改，已扣住的款项不会放开。",
    ),
    rule(
        "dispute_lost",
        "Money that the reader's bank has taken back for good goes back no second time.",
        "银行已退还给读者的款项，不会再退一次。",
    ),
    rule(
        "dispute_open",
        "While a dispute is open, nobody decides what becomes of its payment.",
        "争议未结束时，付款的去向不能更改。",
    ),
    rule(
        "dispute_state",
        "A praise is disputed, comes back or is lost only as its dispute says.",
        "赞赏转入争议、恢复或失去，须与争议的状态一致。",
    ),
    rule(
        "event_known",
        "A message of a payment provider is stored once.",
        "支付机构的每条通知只保存一次。",
    ),
    rule("exists", "A row with this id or number exists already.", "相同编号的记录已经存在。"),
    rule(
        "freeze_open",
        "An article has at most one freeze that has not been lifted.",
        "每篇文章最多有一次未解除的冻结。",
    ),
    rule(
        "handle_taken",
        "A handle belongs to one official account.",
        "每个 handle 只属于一个公众号。",
    ),
    rule(
        "intent_fixed",
        "An attempt keeps its reader, article, amount, note and visibility.",
        "赞赏一经发起，读者、文章、金额、悄悄话和可见范围不可更改。",
    ),
    rule(
        "key_used",
        "A person uses an idempotency key for one attempt.",
        "同一个人的每个幂等键只用于一次赞赏。",
    ),
    rule(
        "ledger_empty",
        "A ledger transaction has at least two entries.",
        "每笔账至少有两条分录。",
    ),
    rule(
        "ledger_sealed",
        "A ledger transaction begins open, is sealed once, and takes no entry afterwards.",
        "每笔账先开立、后封存，只封存一次，封存后不能再加分录。",
    ),
    rule(
        "ledger_side",
        "No balance of the ledger is ever on the wrong side of zero.",
        "任何账户的余额都不会落在错误的一方。",
    ),
    rule(
        "ledger_unbalanced",
        "The entries of a ledger transaction sum to zero in each currency.",
        "每笔账的分录按币种合计为零。",
    ),
    rule(
        "not_due",
        "A praise does not become due before its due date.",
        "赞赏不会早于结算日到期。",
    ),
    rule(
        "order_amount",
        "An order has the amount and currency of its attempt.",
        "订单的金额和币种须与发起的赞赏一致。",
    ),
    rule(
        "order_fixed",
        "An order keeps its attempt, provider, amount and currency.",
        "订单所属的赞赏、支付机构、金额和币种不可更改。",
    ),
    rule(
        "order_open",
        "An attempt has at most one open order.",
        "每次赞赏最多有一个未结束的订单。",
    ),
    rule("payment_booked", "A payment is booked once.", "每笔付款只入账一次。"),
    rule(
        "payment_fixed",
        "A payment does not change, except that one in suspense gets its decision.",
        "付款记录不可更改，只有挂账的付款可以确定去向。",
    ),
    rule(
        "payment_mismatch",
        "A praise has the reader, article, amount and time of its attempt and payment.",
        "赞赏的读者、文章、金额和时间须与发起时及付款一致。",
    ),
    rule(
        "payout_dropped",
        "A payout is sent only while its bank card is attached, its account is not suspended and \
         none of its articles is frozen.",
        "银行卡已移除、公众号已停用或所含文章被冻结时，打款不再发出。",
    ),
    rule(
        "payout_fixed",
        "A payout keeps its amount, bank card, parts and praises once it is queued.",
        "打款排定后，金额、银行卡、分笔和所含赞赏不可更改。",
    ),
    rule(
        "payout_line",
        "A praise joins a queued part of its own account's payout, and leaves it only when that \
         part has failed.",
        "赞赏只能加入本公众号已排定的一笔打款，打款失败后才能退出。",
    ),
    rule(
        "payout_state",
        "A part joins a queued payout, and its praises end as the part has ended.",
        "分笔只能加入已排定的打款，赞赏的结果须与所在分笔一致。",
    ),
    rule(
        "person_link",
        "A person joins or leaves a human only together with a link that is made or dissolved.",
        "只有在关联建立或解除时，一个人的归属才会改变。",
    ),
    rule("posted", "A ledger transaction is posted once.", "每笔账只记一次。"),
    rule(
        "praise_booked",
        "An attempt or a payment becomes at most one praise.",
        "每次发起、每笔付款最多成为一笔赞赏。",
    ),
    rule(
        "praise_claimed",
        "A praise is in at most one payout that can still succeed or has.",
        "每笔赞赏最多在一笔可能成功或已成功的打款里。",
    ),
    rule(
        "praise_fixed",
        "A praise keeps its reader, article, amount, note and dates, and becomes due once.",
        "赞赏的读者、文章、金额、悄悄话和日期不可更改，且只到期一次。",
    ),
    rule("refund_amount", "A refund is always the whole payment.", "退款总是全额。"),
    rule(
        "refund_fixed",
        "A refund keeps its payment, praise, amount and currency.",
        "退款所属的付款、赞赏、金额和币种不可更改。",
    ),
    rule(
        "refund_open",
        "A payment has at most one refund that can still succeed or has, and its praise ends as \
         that refund does.",
        "每笔付款最多有一笔可能成功或已成功的退款，赞赏的结果与它一致。",
    ),
    rule(
        "refund_praise",
        "A payment that became a praise is refunded only through that praise, while it goes back.",
        "已成为赞赏的付款，只能随这笔赞赏的退回而退款。",
    ),
    rule(
        "refund_replaces",
        "A refund replaces only a closed refund of the same payment.",
        "新的退款只能接替同一笔付款已关闭的退款。",
    ),
    rule(
        "reply_closed",
        "A writer replies after the time to undo, and not to a praise that has gone back.",
        "撤销时间过后作者才能回复，已退回的赞赏不能回复。",
    ),
    rule(
        "right",
        "A praise goes back only by a named right: the reader's, the writer's or an operator's.",
        "赞赏只能依据读者、作者或运营人员的某项权利退回。",
    ),
    rule("slug_taken", "A slug belongs to one article.", "每个 slug 只属于一篇文章。"),
    rule(
        "transition",
        "A state changes only by a step that the table of transitions allows.",
        "状态只能按转换表允许的步骤变化。",
    ),
];

/// CHECKs that have a name, by name.
pub const SCHEMA_CHECKS: &[SchemaRule] = &[
    rule(
        "bill_difference_closed",
        "A difference is closed with an explanation, and explained only when it is closed.",
        "差异关闭时须有说明，有说明即为关闭。",
    ),
    rule(
        "bill_difference_row",
        "A difference names the row of the bill, unless no bill has one.",
        "差异须指明账单上的那一行，账单上没有这一笔时除外。",
    ),
    rule(
        "bill_difference_sides",
        "A difference has no amount exactly on the side that does not know the movement.",
        "差异中不知道这笔变动的一方没有金额，另一方须有金额。",
    ),
    rule(
        "bill_explanation_approved",
        "The approval of an explanation has both an operator and a time.",
        "批准差异说明须同时有批准人和时间。",
    ),
    rule(
        "bill_explanation_belongs",
        "An explanation names a row of ours exactly when the bill's row belongs to one.",
        "只有账单行归属于本方某笔记录时，差异说明才指明该记录，且必须指明。",
    ),
    rule(
        "bill_explanation_one_end",
        "The proposal of an explanation is approved or withdrawn, never both.",
        "差异说明的提议要么获批，要么撤回，不会两者皆有。",
    ),
    rule(
        "bill_row_amount",
        "Only a row of an unknown kind has an amount of zero.",
        "只有类型未知的账单行金额可以为零。",
    ),
    rule(
        "bill_row_explained",
        "A row is explained exactly when it names its explanation.",
        "账单行已说明时须指明所依据的说明，未说明时不得指明。",
    ),
    rule(
        "dispute_aside",
        "A dispute holds a writer's money only where the payment became a praise.",
        "付款已成为赞赏，争议才能扣住作者的款项。",
    ),
    rule(
        "dispute_ended",
        "A dispute has an end exactly when it is no longer open.",
        "争议结束时须有结束时间，未结束时没有。",
    ),
    rule(
        "freeze_appeal",
        "An appeal has a text, a time and a date by which it is decided.",
        "申诉须同时有内容、时间和裁定期限。",
    ),
    rule(
        "freeze_appealed",
        "A freeze is appealed only with the text of an appeal.",
        "有申诉内容，冻结才能转为申诉中。",
    ),
    rule(
        "funds_transfer_approved",
        "The approval of a transfer of funds has both an operator and a time.",
        "批准运营资金划转须同时有批准人和时间。",
    ),
    rule(
        "funds_transfer_one_end",
        "The proposal of a transfer of funds is approved or withdrawn, never both.",
        "运营资金划转的提议要么获批，要么撤回，不会两者皆有。",
    ),
    rule(
        "human_link_confirmed",
        "A link that an operator has confirmed counts.",
        "运营人员确认过的关联即为生效。",
    ),
    rule(
        "human_link_dissolved",
        "Only a link that counted is dissolved.",
        "只有生效过的关联才能解除。",
    ),
    rule(
        "human_link_made",
        "A link counts at once or after an operator has confirmed it.",
        "关联要么立即生效，要么经运营人员确认后生效。",
    ),
    rule(
        "intent_amount_bounds",
        "An attempt stays within the product's own smallest and largest praise, whatever the \
         policy says.",
        "赞赏金额始终在产品的最低与最高金额之间，与规则版本无关。",
    ),
    rule(
        "intent_refusal",
        "An attempt names the rule that refused it exactly when its money was returned.",
        "款项被退回时须写明所依据的规则，未退回时没有。",
    ),
    rule(
        "invitation_used",
        "A used invitation has both a user and a time.",
        "已使用的邀请码须同时有使用人和时间。",
    ),
    rule(
        "link_dissolution_approved",
        "The approval of a dissolution has both an operator and a time.",
        "批准解除关联须同时有批准人和时间。",
    ),
    rule(
        "link_dissolution_one_end",
        "The proposal of a dissolution is approved or withdrawn, never both.",
        "解除关联的提议要么获批，要么撤回，不会两者皆有。",
    ),
    rule(
        "movement_explained",
        "A movement that is explained is settled.",
        "已说明的资金变动即为已核对。",
    ),
    rule(
        "operator_action_approved",
        "An approval has both an operator and a time.",
        "批准须同时有批准人和时间。",
    ),
    rule(
        "operator_action_one_end",
        "A proposal is approved or withdrawn, never both.",
        "提议要么获批，要么撤回，不会两者皆有。",
    ),
    rule(
        "operator_task_closed",
        "A task is closed with an outcome, and has one only when it is closed.",
        "任务关闭时须有结果，有结果即为关闭。",
    ),
    rule(
        "order_open_has_url",
        "An open order has an address to pay at.",
        "未结束的订单须有付款地址。",
    ),
    rule(
        "payee_day_limit",
        "A payee is sent no more in a day than the payment provider allows.",
        "收款人每天收到的款项不超过支付机构的上限。",
    ),
    rule(
        "payout_queued",
        "A payout on its way has an amount and a bank card.",
        "打款排定后须有金额和银行卡。",
    ),
    rule(
        "payout_waiting",
        "A payout that waits has a reason, and no amount or bank card yet.",
        "等待中的打款须有原因，尚无金额和银行卡。",
    ),
    rule(
        "policy_raise_approved",
        "The approval of a raised cap has an operator, a time and a version.",
        "批准调高限额须同时有批准人、时间和版本。",
    ),
    rule(
        "policy_raise_one_end",
        "The proposal to raise a cap is approved or withdrawn, never both.",
        "调高限额的提议要么获批，要么撤回，不会两者皆有。",
    ),
    rule(
        "praise_amount_bounds",
        "A praise stays within the product's own smallest and largest praise.",
        "每笔赞赏的金额在产品的最低与最高金额之间。",
    ),
    rule(
        "praise_matured",
        "A praise that is due, in a payout or paid out has reached its due date.",
        "待结算、结算中和已结算的赞赏须已到结算日。",
    ),
    rule(
        "reader_limit_next",
        "A raise that waits has a time from which it counts.",
        "等待生效的限额须有生效时间。",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_a_sentence_in_both_languages() {
        let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
        for rule in SCHEMA_RULES.iter().chain(SCHEMA_CHECKS) {
            let (en, zh) = (rule.sentence(Lang::En), rule.sentence(Lang::ZhHans));
            assert!(en.ends_with('.') && !en.contains(is_han), "{}: {en}", rule.code);
            assert!(zh.ends_with('。') && zh.contains(is_han), "{}: {zh}", rule.code);
            assert!(!en.contains("  "), "{}: {en}", rule.code);
        }
    }

    #[test]
    fn a_rule_says_what_it_demands() {
        let rule = SCHEMA_RULES.iter().find(|rule| rule.code == "append_only").unwrap();
        let english = "What was written down is never changed, deleted or replaced.";
        assert_eq!(rule.sentence(Lang::En), english);
        assert_eq!(rule.sentence(Lang::ZhHans), "已写入的记录不能修改、删除或替换。");
    }
}
