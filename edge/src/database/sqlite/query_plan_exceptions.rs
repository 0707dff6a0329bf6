//! The tables, indexes and statements that the query plan check allows, each with the reason.

/// Tables that do not grow with use, and why.
pub(super) const SMALL_TABLES: &[(&str, &str)] = &[
    ("policy", "a few versions for each currency, added by hand"),
    ("transition", "the legal steps, which only migrations change"),
    ("global_stop", "at most one row"),
    ("must", "its trigger stores no row"),
    ("self_check_run", "one row"),
    ("self_check_violation", "what is wrong with the books: nothing, or little for a short time"),
    ("bill_explanation", "two operators make each by hand"),
    ("funds_transfer", "two operators make each by hand"),
    ("policy_raise", "two operators make each by hand"),
    ("json_each", "the items of one parameter"),
];

/// Partial indexes that hold few rows in all, so that they may be scanned.
pub(super) const SMALL_INDEXES: &[(&str, &str)] = &[
    ("suspense_case_open", "operators close the cases"),
    ("operator_task_open", "operators close the tasks"),
];

/// Indexes that find few rows for each value, so that these rows may be sorted.
pub(super) const FEW_ROWS_EACH: &[(&str, &str)] = &[
    ("bank_card_by_account", "a writer changes the card a few times"),
    ("official_account_by_owner", "a person opens a few accounts"),
    ("intent_money_back", "the list takes the newest twenty before it sorts"),
    ("provider_order_by_intent", "an attempt has one order, and rarely another"),
    ("payment_by_intent", "an attempt is paid once, and rarely twice"),
    ("refund_by_payment", "a refund is replaced only when it has definitely ended"),
    ("dispute_by_payment", "a bank disputes a payment once or twice"),
    ("dispute_by_praise", "a bank disputes a payment once or twice"),
    ("payout_line_by_praise", "a praise is in another payout only after one has failed"),
    ("freeze_by_article", "an article is frozen a few times"),
    ("person_by_human", "a human signs in in a few ways"),
    ("identity_by_person", "a person has a few identities"),
    ("api_token_by_person", "a writer makes a few tokens"),
];

/// A statement in whose plan one kind of line is allowed.
pub(super) struct Exception {
    /// How the line of the plan begins.
    pub plan: &'static str,
    /// A part of the statement.
    pub sql: &'static str,
    /// Why there are few rows, or why all of them have to be read.
    pub reason: &'static str,
}

/// Every exception.
pub(super) const EXCEPTIONS: &[Exception] = &[
    Exception {
        plan: "SCAN d",
        sql: "FROM job WHERE kind = 'reconcile'",
        reason: "it is the page of days that was taken",
    },
    Exception {
        plan: "USE TEMP B-TREE",
        sql: "FROM job WHERE kind = 'reconcile'",
        reason: "there is one row a day, and a page of days is taken before their bill rows are read",
    },
    Exception {
        plan: "USE TEMP B-TREE",
        sql: "WHERE article_id = (SELECT article_id FROM freeze WHERE id = ?1)",
        reason: "an operator decides about one article and sees exact counts of all its praises",
    },
    Exception {
        plan: "USE TEMP B-TREE",
        sql: "WHERE part.payout_id = ?1 ORDER BY praise.due_at, praise.id",
        reason: "a payout has at most a thousand praises",
    },
    Exception {
        plan: "USE TEMP B-TREE FOR DISTINCT",
        sql: "SELECT DISTINCT 'pay_out', account_id",
        reason: "it wakes the accounts of open differences and violations, which operators end",
    },
    Exception {
        plan: "USE TEMP B-TREE FOR count(DISTINCT)",
        sql: "count(DISTINCT account_id) AS writers",
        reason: "the cap of a reader bounds the praises of one month",
    },
];

/// Every table, index and statement that is excused, with the reason.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let listed = [SMALL_TABLES, SMALL_INDEXES, FEW_ROWS_EACH].into_iter().flatten().copied();
    listed.chain(EXCEPTIONS.iter().map(|one| (one.sql, one.reason)))
}
