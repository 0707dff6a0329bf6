//! The tables and columns that are reported, in order.

/// An observed table: table, verb, columns.
type ObservedTable = (&'static str, &'static str, &'static str);

/// The product's tables.
pub const PRODUCT: &[ObservedTable] = &[
    ("event", "INSERT", "machine subject_id from_state to_state at reason"),
    ("ledger_entry", "INSERT", "transaction_id account owner currency amount_minor"),
    (
        "intent",
        "INSERT",
        "id person_id article_id account_id amount_minor currency reader_day started_at expires_at",
    ),
    ("idempotency", "INSERT", "person_id key intent_id"),
    ("provider_order", "INSERT", "id intent_id amount_minor currency"),
    (
        "payment",
        "INSERT",
        "id transaction_id order_number intent_id amount_minor currency paid_at fate",
    ),
    (
        "praise",
        "INSERT",
        "id intent_id payment_id person_id article_id account_id amount_minor currency paid_day \
         paid_at booked_at undo_until due_at",
    ),
    ("refund", "INSERT", "id payment_id praise_id replaces_id amount_minor currency"),
    ("payout", "INSERT", "id account_id currency day card_id"),
    ("payout", "UPDATE", "id account_id currency day card_id"),
    ("payout_part", "INSERT", "id payout_id gross_minor debt_minor send_day"),
    ("payout_line", "INSERT", "part_id praise_id amount_minor"),
    ("payment", "UPDATE", "id fate intent_id"),
    ("freeze", "INSERT", "id article_id opened_at"),
    ("article", "UPDATE", "id status"),
    ("operator_action", "INSERT", "id kind subject_id proposed_by approved_by"),
    ("operator_action", "UPDATE", "id kind subject_id proposed_by approved_by"),
    ("person", "UPDATE", "id human_id"),
    ("bank_card", "INSERT", "account_id removed_at id"),
    ("bank_card", "UPDATE", "account_id removed_at id"),
    ("dispute", "INSERT", "id number payment_id amount_minor currency"),
    ("bill_row", "UPDATE", "kind number currency amount_minor fee_minor state"),
    ("payee_day", "INSERT", "payee currency day sent_minor limit_minor"),
    ("payee_day", "UPDATE", "payee currency day sent_minor limit_minor"),
    (
        "policy",
        "INSERT",
        "version currency effective_from praise_min_minor praise_cap_minor reader_day_minor \
         guest_day_minor article_day_minor writer_day_minor hold_days undo_minutes",
    ),
    ("reader_limit", "INSERT", "person_id currency scope limit_minor next_minor next_at"),
    ("reader_limit", "UPDATE", "person_id currency scope limit_minor next_minor next_at"),
    ("invitation", "INSERT", "id expires_at used_by revoked_at"),
    ("invitation", "UPDATE", "id expires_at used_by revoked_at"),
    ("official_account", "UPDATE", "id status praise_on"),
    ("global_stop", "INSERT", "since reason"),
    ("global_stop", "DELETE", "since"),
    ("operator_audit", "INSERT", "action subject"),
    ("reader_day", "INSERT", "person_id currency day reserved_minor"),
    ("reader_day", "UPDATE", "person_id currency day reserved_minor"),
    ("article_day", "INSERT", "article_id currency day booked_minor"),
    ("article_day", "UPDATE", "article_id currency day booked_minor"),
    ("writer_day", "INSERT", "person_id currency day booked_minor"),
    ("writer_day", "UPDATE", "person_id currency day booked_minor"),
];

/// The provider's tables.
pub const PROVIDER: &[ObservedTable] = &[
    ("sandbox_order", "INSERT", "number state transaction_id paid_minor currency paid_at"),
    ("sandbox_order", "UPDATE", "number state transaction_id paid_minor currency paid_at"),
    ("sandbox_refund", "INSERT", "number order_number transaction_id amount_minor state"),
    ("sandbox_refund", "UPDATE", "number order_number transaction_id amount_minor state"),
    ("sandbox_dispute", "INSERT", "number transaction_id amount_minor currency state"),
    ("sandbox_dispute", "UPDATE", "number transaction_id amount_minor currency state"),
    ("sandbox_payout", "INSERT", "number card amount_minor currency state"),
    ("sandbox_payout", "UPDATE", "number card amount_minor currency state"),
];
