//! Columns that must not change, one by one.

use super::fixture::{FilledDatabase, refused};

/// Trigger, rule, its table, the row to update, and the columns that may change.
pub const IMMUTABLE: &[(&str, &str, &str, &str, &[&str])] = &[
    (
        "official_account_fixed",
        "account_fixed",
        "official_account",
        "id = 'acc'",
        &[
            "handle",
            "name",
            "bio",
            "kind",
            "status",
            "praise_on",
            "presets",
            "ask",
            "thanks",
            "created_at",
        ],
    ),
    (
        "article_fixed",
        "article_fixed",
        "article",
        "id = 'art'",
        &[
            "slug",
            "title",
            "author",
            "lang",
            "summary",
            "praise_on",
            "status",
            "published_at",
            "updated_at",
            "version",
        ],
    ),
    (
        "intent_fixed",
        "intent_fixed",
        "intent",
        "id = 'int-paid'",
        &[
            "expires_at",
            "cancel_asked_at",
            "refusal",
            "state",
            "state_at",
            "state_reason",
            "money_back_at",
        ],
    ),
    (
        "provider_order_fixed",
        "order_fixed",
        "provider_order",
        "id = 'ord-open'",
        &["pay_url", "expires_at", "state", "state_at", "state_reason", "queried_at"],
    ),
    ("payment_fixed", "payment_fixed", "payment", "id = 'pay-snow'", &[]),
    ("payment_fixed", "payment_fixed", "payment", "id = 'pay-odd'", &["intent_id", "fate"]),
    (
        "praise_fixed",
        "praise_fixed",
        "praise",
        "id = 'prs-snow'",
        &["visibility", "state", "state_at", "state_reason", "matured"],
    ),
    (
        "refund_fixed",
        "refund_fixed",
        "refund",
        "id = 'ref-1'",
        &["state", "state_at", "state_reason"],
    ),
    ("suspense_case_fixed", "append_only", "suspense_case", "id = 'sus-1'", &["closed_at"]),
    (
        "provider_event_fixed",
        "append_only",
        "provider_event",
        "event_id = 'evt-2'",
        &["processed_at", "outcome"],
    ),
    ("outbox_fixed", "append_only", "outbox", "number = 'ord-open'", &["created_at", "done_at"]),
    (
        "person_fixed",
        "append_only",
        "person",
        "id = 'ana'",
        &["kind", "name", "lang", "human_id", "linked_at"],
    ),
    ("invitation_fixed", "append_only", "invitation", "id = 'inv-used'", &["revoked_at"]),
    (
        "invitation_fixed",
        "append_only",
        "invitation",
        "id = 'inv-open'",
        &["used_by", "used_at", "revoked_at"],
    ),
    ("bank_card_fixed", "card_fixed", "bank_card", "id = 'card-acc'", &["removed_at"]),
    (
        "human_link_fixed",
        "append_only",
        "human_link",
        "id = 'lnk-waits'",
        &["made_at", "confirmed_by", "dissolved_at"],
    ),
    ("human_link_fixed", "append_only", "human_link", "id = 'lnk-wen'", &["dissolved_at"]),
    (
        "link_dissolution_fixed",
        "append_only",
        "link_dissolution",
        "id = 'dsl-open'",
        &["approved_by", "approved_at", "withdrawn_at"],
    ),
    (
        "operator_action_fixed",
        "append_only",
        "operator_action",
        "id = 'act-hail'",
        &["approved_by", "approved_at", "withdrawn_at"],
    ),
    (
        "operator_task_fixed",
        "append_only",
        "operator_task",
        "subject_id = 'sus-1'",
        &["closed_at", "outcome"],
    ),
    (
        "freeze_fixed",
        "append_only",
        "freeze",
        "id = 'fre-hail'",
        &["appeal", "appealed_at", "decide_until", "state", "state_at", "state_reason"],
    ),
    (
        "payout_fixed",
        "payout_fixed",
        "payout",
        "id = 'pot-acc'",
        &["state", "state_at", "state_reason"],
    ),
    (
        "payout_fixed",
        "payout_fixed",
        "payout",
        "id = 'pot-usd'",
        &["gross_minor", "debt_minor", "card_id", "state", "state_at", "state_reason"],
    ),
    (
        "payout_part_fixed",
        "payout_fixed",
        "payout_part",
        "id = 'prt-1'",
        &["state", "state_at", "state_reason"],
    ),
    ("payout_line_fixed", "payout_fixed", "payout_line", "praise_id = 'prs-out'", &["released_at"]),
    (
        "dispute_fixed",
        "dispute_fixed",
        "dispute",
        "id = 'dsp-back'",
        &["aside", "ended_at", "state", "state_at", "state_reason"],
    ),
    ("movement_fixed", "append_only", "movement", "number = 'tx-1'", &[]),
    (
        "movement_fixed",
        "append_only",
        "movement",
        "number = 'tx-3'",
        &["explanation_id", "matched_at"],
    ),
    (
        "movement_fixed",
        "append_only",
        "movement",
        "number = 'tx-5'",
        &["account_id", "explanation_id", "matched_at"],
    ),
    ("bill_fixed", "append_only", "bill", "currency = 'CNY'", &["worked_at"]),
    ("bill_fixed", "append_only", "bill", "currency = 'USD'", &[]),
    ("bill_row_fixed", "append_only", "bill_row", "line = 1", &[]),
    (
        "bill_row_fixed",
        "append_only",
        "bill_row",
        "line = 3",
        &["state", "queried_at", "explanation_id"],
    ),
    ("bill_row_fixed", "append_only", "bill_row", "line = 4", &[]),
    (
        "bill_explanation_fixed",
        "append_only",
        "bill_explanation",
        "id = 'exp-open'",
        &["approved_by", "approved_at", "withdrawn_at"],
    ),
    (
        "funds_transfer_fixed",
        "append_only",
        "funds_transfer",
        "id = 'fnd-open'",
        &["approved_by", "approved_at", "withdrawn_at", "explanation_id"],
    ),
    ("funds_transfer_fixed", "append_only", "funds_transfer", "id = 'fnd-1'", &[]),
    (
        "policy_raise_fixed",
        "append_only",
        "policy_raise",
        "id = 'rse-open'",
        &["approved_by", "approved_at", "withdrawn_at", "version"],
    ),
    ("policy_raise_fixed", "append_only", "policy_raise", "id = 'rse-done'", &[]),
    (
        "bill_difference_fixed",
        "append_only",
        "bill_difference",
        "id = 'dif-1'",
        &["closed_at", "explanation"],
    ),
];

/// A different value for a column.
pub fn other_value(column: &str, kind: &str) -> String {
    match kind {
        "INTEGER" => format!("coalesce({column}, 0) + 1"),
        _ => format!("coalesce({column}, '') || 'x'"),
    }
}

#[test]
fn immutable_columns_cannot_be_changed() {
    let database = FilledDatabase::product();
    for (trigger, rule, table, row, free) in IMMUTABLE {
        for (column, kind) in database.columns(table) {
            let other = other_value(&column, &kind);
            for conflict in ["", "OR REPLACE", "OR IGNORE"] {
                let sql = format!("UPDATE {conflict} {table} SET {column} = {other} WHERE {row}");
                let outcome = database.attempt(&sql);
                let free = free.contains(&column.as_str());
                assert_eq!(refused(outcome.clone(), rule), !free, "{sql}: {outcome:?}");
                let outcome = database.attempt(&format!("DROP TRIGGER {trigger}; {sql}"));
                assert!(!refused(outcome, rule), "{trigger} is not what refused {sql}");
            }
        }
    }
}
