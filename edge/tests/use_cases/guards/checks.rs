//! Every CHECK of the schemas, violated without the triggers.

use std::collections::BTreeSet;

use super::fixture::{assert_same, bare_databases, outcome_text};
use crate::support::schema_sql::checks;

/// Table, the CHECK by name or text, and assignments that violate it and no other.
pub const CHECKS: &[(&str, &str, &[&str])] = &[
    ("person", "kind IN ('member', 'guest')", &["kind = 'robot'", "kind = ''"]),
    ("person", "length(name) BETWEEN 1 AND 200", &["name = ''", "name = printf('%201s', 'x')"]),
    ("person", "lang IN ('zh-Hans', 'en')", &["lang = 'fr'", "lang = 'zh'"]),
    (
        "human_link",
        "human_link_confirmed",
        &["made_at = NULL, confirmed_by = 'ana', dissolved_at = NULL"],
    ),
    ("human_link", "human_link_made", &["made_at = found_at + 1"]),
    (
        "human_link",
        "human_link_dissolved",
        &["made_at = NULL, confirmed_by = NULL, dissolved_at = 9"],
    ),
    (
        "link_dissolution",
        "length(reason) BETWEEN 1 AND 2500",
        &["reason = ''", "reason = printf('%2501s', 'x')"],
    ),
    (
        "link_dissolution",
        "link_dissolution_approved",
        &["approved_by = 'ana', approved_at = NULL", "approved_by = NULL, approved_at = 9"],
    ),
    (
        "link_dissolution",
        "link_dissolution_one_end",
        &["approved_by = 'ana', approved_at = 9, withdrawn_at = 9"],
    ),
    ("session", "expires_at > created_at", &["expires_at = created_at"]),
    ("api_token", "expires_at > created_at", &["expires_at = created_at"]),
    ("api_token", "scope IN ('publish')", &["scope = 'everything'"]),
    (
        "api_token",
        "length(label) BETWEEN 1 AND 200",
        &["label = ''", "label = printf('%201s', 'x')"],
    ),
    (
        "official_account",
        "length(name) BETWEEN 1 AND 200",
        &["name = ''", "name = printf('%201s', 'x')"],
    ),
    ("official_account", "kind IN ('individual', 'organization')", &["kind = 'company'"]),
    ("official_account", "currency IN ('CNY', 'USD')", &["currency = 'EUR'", "currency = 'cny'"]),
    ("official_account", "status IN ('active', 'suspended')", &["status = 'closed'"]),
    ("official_account", "praise_on IN (0, 1)", &["praise_on = 2", "praise_on = -1"]),
    (
        "official_account",
        "json_valid(presets) AND json_type(presets) = 'array'",
        &["presets = '[100'", "presets = '{}'", "presets = '100'"],
    ),
    (
        "official_account",
        "length(ask) BETWEEN 1 AND 500",
        &["ask = ''", "ask = printf('%501s', 'x')"],
    ),
    (
        "official_account",
        "length(thanks) BETWEEN 1 AND 2000",
        &["thanks = ''", "thanks = printf('%2001s', 'x')"],
    ),
    (
        "article",
        "length(title) BETWEEN 1 AND 1000",
        &["title = ''", "title = printf('%1001s', 'x')"],
    ),
    (
        "article",
        "length(author) BETWEEN 1 AND 500",
        &["author = ''", "author = printf('%501s', 'x')"],
    ),
    ("article", "lang IN ('zh-Hans', 'en')", &["lang = 'fr'"]),
    ("article", "praise_on IN (0, 1)", &["praise_on = 2"]),
    ("article", "status IN ('published', 'frozen')", &["status = 'draft'"]),
    ("article", "version > 0", &["version = 0"]),
    ("article_version", "version > 0", &["version = 0"]),
    ("article_version", "length(content_hash) = 64", &["content_hash = ''"]),
    ("article_version", "length(day) = 10", &["day = ''"]),
    ("article_text", "form IN ('markdown', 'html')", &["form = 'pdf'"]),
    ("browser_report", "length(day) = 10", &["day = ''"]),
    (
        "browser_report",
        "length(directive) BETWEEN 1 AND 40",
        &["directive = ''", "directive = printf('%41s', 'x')"],
    ),
    ("browser_report", "reports > 0", &["reports = 0"]),
    ("policy", "version > 0", &["version = 0"]),
    ("policy", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    ("policy", "praise_min_minor > 0", &["praise_min_minor = 0"]),
    (
        "policy",
        "praise_cap_minor >= praise_min_minor",
        &["praise_cap_minor = praise_min_minor - 1"],
    ),
    (
        "policy",
        "reader_day_minor >= praise_cap_minor",
        &["reader_day_minor = praise_cap_minor - 1"],
    ),
    ("policy", "guest_day_minor >= praise_cap_minor", &["guest_day_minor = praise_cap_minor - 1"]),
    ("policy", "payer_day_minor >= praise_cap_minor", &["payer_day_minor = praise_cap_minor - 1"]),
    (
        "policy",
        "article_day_minor >= praise_cap_minor",
        &["article_day_minor = praise_cap_minor - 1"],
    ),
    (
        "policy",
        "writer_day_minor >= article_day_minor",
        &["writer_day_minor = article_day_minor - 1"],
    ),
    ("policy", "hold_days BETWEEN 1 AND 365", &["hold_days = 0", "hold_days = 366"]),
    (
        "policy",
        "account_day_publications BETWEEN 1 AND 1000",
        &["account_day_publications = 0", "account_day_publications = 1001"],
    ),
    ("policy", "undo_minutes BETWEEN 1 AND 1440", &["undo_minutes = 0", "undo_minutes = 1441"]),
    ("global_stop", "id = 1", &["id = 2"]),
    ("intent", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    ("intent", "visibility IN ('public', 'writer', 'anonymous')", &["visibility = 'friends'"]),
    ("intent", "length(note) BETWEEN 1 AND 4480", &["note = ''", "note = printf('%4481s', 'x')"]),
    ("intent", "expires_at > started_at", &["expires_at = started_at"]),
    (
        "intent",
        "intent_amount_bounds",
        &[
            "amount_minor = 99",
            "amount_minor = 20001",
            "amount_minor = -1000",
            "currency = 'USD', amount_minor = 99",
            "currency = 'USD', amount_minor = 3001",
        ],
    ),
    (
        "intent",
        "intent_refusal",
        &["state = 'returned', refusal = NULL", "state = 'paid', refusal = 'x'"],
    ),
    ("provider_order", "amount_minor > 0", &["amount_minor = 0"]),
    ("provider_order", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    ("provider_order", "order_open_has_url", &["state = 'open', pay_url = NULL"]),
    ("ledger_transaction", "sealed IN (0, 1)", &["sealed = 2"]),
    ("ledger_entry", "line > 0", &["line = 0", "line = -1"]),
    (
        "ledger_entry",
        "account IN ( 'provider_unsettled', 'provider_settled', 'provider_fee', 'writer_held', \
         'writer_due', 'writer_disputed', 'writer_debt', 'returning', 'paying_out', \
         'dispute_clearing', 'suspense', 'operator_funds', 'operator_loss')",
        &["account = 'elsewhere'"],
    ),
    ("ledger_entry", "length(owner) > 0", &["owner = ''"]),
    ("ledger_entry", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    (
        "ledger_entry",
        "amount_minor <> 0 AND abs(amount_minor) <= 9007199254740991",
        &[
            "amount_minor = 0",
            "amount_minor = 9007199254740992",
            "amount_minor = -9007199254740992",
        ],
    ),
    (
        "ledger_balance",
        "abs(balance_minor) <= 9007199254740991",
        &["balance_minor = 9007199254740992", "balance_minor = -9007199254740992"],
    ),
    ("payment", "amount_minor > 0", &["amount_minor = 0"]),
    ("payment", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    ("payment", "length(payer) BETWEEN 1 AND 200", &["payer = ''", "payer = printf('%201s', 'x')"]),
    ("payment", "fate IN ('praise', 'return', 'suspense')", &["fate = 'lost'"]),
    (
        "praise_reply",
        "length(text) BETWEEN 1 AND 1120 AND length(CAST(text AS BLOB)) <= 4480",
        &[
            "text = ''",
            "text = printf('%1121s', 'x')",
            "text = replace(printf('%1120s', '_'), ' ', '👍') || '👍'",
        ],
    ),
    ("praise", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    ("praise", "visibility IN ('public', 'writer', 'anonymous')", &["visibility = 'friends'"]),
    ("praise", "undo_until > booked_at", &["undo_until = booked_at"]),
    (
        "praise",
        "due_at > paid_at AND due_at >= undo_until",
        &["due_at = paid_at", "due_at = undo_until - 1"],
    ),
    (
        "praise",
        "praise_amount_bounds",
        &[
            "amount_minor = 99",
            "amount_minor = 20001",
            "currency = 'USD', amount_minor = 99",
            "currency = 'USD', amount_minor = 3001",
        ],
    ),
    ("refund", "amount_minor > 0", &["amount_minor = 0"]),
    ("refund", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    ("reader_day", "reserved_minor >= 0", &["reserved_minor = -1"]),
    ("article_day", "booked_minor >= 0", &["booked_minor = -1"]),
    ("payer_day", "booked_minor >= 0", &["booked_minor = -1"]),
    ("writer_day", "booked_minor >= 0", &["booked_minor = -1"]),
    ("wall_person", "standing >= 0", &["standing = -1, standing_public = -2, public_at = NULL"]),
    (
        "wall_person",
        "standing_public BETWEEN 0 AND standing",
        &["standing_public = standing + 1", "standing_public = -1, public_at = NULL"],
    ),
    (
        "wall_person",
        "(standing_public > 0) = (public_at IS NOT NULL)",
        &["public_at = NULL", "standing_public = 0"],
    ),
    ("wall_count", "persons >= 0", &["persons = -1"]),
    (
        "wall_count",
        "persons_public BETWEEN 0 AND persons",
        &["persons_public = persons + 1", "persons_public = -1"],
    ),
    ("outbox", "operation IN ('create_order', 'refund', 'pay_out')", &["operation = 'gift'"]),
    ("job", "length(kind) > 0", &["kind = ''"]),
    ("reader_limit", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    ("reader_limit", "scope IN ('praise', 'day', 'month')", &["scope = 'year'"]),
    ("reader_limit", "limit_minor >= 0", &["limit_minor = -1"]),
    ("reader_limit", "next_minor >= 0", &["next_minor = -1, next_at = 1"]),
    ("reader_limit", "reader_limit_next", &["next_minor = 1, next_at = NULL"]),
    ("attempt", "used > 0", &["used = 0"]),
    ("undo_day", "length(day) = 10", &["day = '1970-01'"]),
    ("undo_day", "used > 0", &["used = 0"]),
    ("take_back_month", "length(month) = 7", &["month = '1970-1'"]),
    ("take_back_month", "used > 0", &["used = 0"]),
    ("invitation", "length(note) BETWEEN 1 AND 500", &["note = ''", "note = printf('%501s', 'x')"]),
    ("invitation", "expires_at > made_at", &["expires_at = made_at"]),
    ("invitation", "invitation_used", &["used_by = NULL", "used_by = 'ana'", "used_at = 7"]),
    (
        "bank_card",
        "last4 GLOB '[0-9][0-9][0-9][0-9]'",
        &["last4 = '123'", "last4 = '12345'", "last4 = '12a4'", "last4 = ''"],
    ),
    ("bank_card", "verified IN (0, 1)", &["verified = 2", "verified = -1"]),
    ("bank_card", "usable_from >= attached_at", &["usable_from = attached_at - 1"]),
    ("policy", "receivers IN ('individual', 'any')", &["receivers = 'nobody'"]),
    ("policy_raise", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    ("policy_raise", "json_valid(change)", &["change = 'more'"]),
    (
        "policy_raise",
        "length(reason) BETWEEN 1 AND 2500",
        &["reason = ''", "reason = printf('%2501s', 'x')"],
    ),
    (
        "policy_raise",
        "policy_raise_approved",
        &[
            "approved_by = 'ana', approved_at = NULL, version = 9",
            "approved_by = NULL, approved_at = 9, version = NULL",
            "approved_by = 'ana', approved_at = 9, version = NULL",
        ],
    ),
    (
        "policy_raise",
        "policy_raise_one_end",
        &["approved_by = 'ana', approved_at = 9, version = 9, withdrawn_at = 9"],
    ),
    ("operator_audit", "length(action) > 0", &["action = ''"]),
    ("operator_audit", "json_valid(detail)", &["detail = '{'", "detail = ''"]),
    ("operator_action", "kind IN ('mass_return', 'unfreeze')", &["kind = 'shutdown'"]),
    ("operator_action", "praises >= 0", &["praises = -1"]),
    ("operator_action", "amount_minor >= 0", &["amount_minor = -1"]),
    ("operator_action", "operator_action_approved", &["approved_by = 'otto'", "approved_at = 1"]),
    (
        "operator_action",
        "operator_action_one_end",
        &["approved_by = 'otto', approved_at = 1, withdrawn_at = 1"],
    ),
    (
        "operator_task",
        "kind IN ( 'suspense', 'contradicted', 'refund_abnormal', 'dispute', 'bill_difference', \
         'bill_missing', 'payout_unknown', 'payout_contradicted', 'job_failed', 'self_check')",
        &["kind = 'lunch'"],
    ),
    ("operator_task", "deadline > opened_at", &["deadline = opened_at"]),
    ("operator_task", "operator_task_closed", &["closed_at = 1", "outcome = 'done'"]),
    (
        "freeze",
        "rule IN ( 'fundraising', 'gambling', 'selling', 'perks', 'not_original', 'unlawful')",
        &["rule = 'dull'"],
    ),
    ("freeze", "appeal_until > opened_at", &["appeal_until = opened_at"]),
    (
        "freeze",
        "length(appeal) BETWEEN 1 AND 20000",
        &[
            "appeal = '', appealed_at = 1, decide_until = 2",
            "appeal = printf('%20001s', 'x'), appealed_at = 1, decide_until = 2",
        ],
    ),
    (
        "freeze",
        "freeze_appeal",
        &[
            "appeal = 'Why?'",
            "appealed_at = 1",
            "decide_until = 1",
            "appeal = 'Why?', appealed_at = 1",
            "appeal = 'Why?', decide_until = 1",
        ],
    ),
    ("freeze", "freeze_appealed", &["state = 'appealed'"]),
    (
        "praise",
        "praise_matured",
        &["matured = 2", "matured = -1", "matured = 0", "matured = 0, state = 'paid_out'"],
    ),
    ("payout", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    ("payout", "gross_minor >= 0", &["gross_minor = -1"]),
    (
        "payout",
        "debt_minor BETWEEN 0 AND gross_minor",
        &["debt_minor = -1", "debt_minor = gross_minor + 1"],
    ),
    (
        "payout",
        "payout_waiting",
        &[
            "gross_minor = 1, state = 'waiting', card_id = NULL, state_reason = 'x'",
            "gross_minor = 0, state = 'waiting', card_id = 'card-acc', state_reason = 'x'",
            "gross_minor = 0, state = 'waiting', card_id = NULL, state_reason = NULL",
        ],
    ),
    (
        "payout",
        "payout_queued",
        &[
            "gross_minor = 0, state = 'queued', card_id = 'card-acc'",
            "gross_minor = 1, state = 'queued', card_id = NULL",
            "gross_minor = 0, state = 'sent', card_id = 'card-acc'",
            "gross_minor = 0, state = 'awaiting_confirmation', card_id = 'card-acc'",
            "gross_minor = 0, state = 'succeeded', card_id = 'card-acc'",
            "gross_minor = 0, state = 'failed', card_id = 'card-acc'",
            "gross_minor = 0, state = 'sent_back', card_id = 'card-acc'",
        ],
    ),
    ("payout", "place > 0", &["place = 0"]),
    ("payout_part", "gross_minor > 0", &["gross_minor = 0"]),
    (
        "payout_part",
        "debt_minor BETWEEN 0 AND gross_minor",
        &["debt_minor = -1", "debt_minor = gross_minor + 1"],
    ),
    ("payout_line", "amount_minor > 0", &["amount_minor = 0"]),
    ("payee_day", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    ("payee_day", "sent_minor >= 0", &["sent_minor = -1"]),
    ("payee_day", "limit_minor > 0", &["limit_minor = 0, sent_minor = 0"]),
    ("payee_day", "payee_day_limit", &["sent_minor = limit_minor + 1"]),
    ("dispute", "amount_minor > 0", &["amount_minor = 0"]),
    ("dispute", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    ("dispute", "aside IN (0, 1)", &["aside = 2", "aside = -1"]),
    ("dispute", "dispute_ended", &["ended_at = 50", "state = 'won'", "state = 'lost'"]),
    ("dispute", "dispute_aside", &["aside = 1", "praise_id = NULL"]),
    (
        "movement",
        "kind IN ( 'payment', 'refund', 'payout', 'payout_returned', 'dispute', 'dispute_won')",
        &["kind = 'gift'"],
    ),
    ("movement", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    ("movement", "amount_minor <> 0", &["amount_minor = 0"]),
    ("bill", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    ("bill", "row_count >= 0", &["row_count = -1"]),
    ("bill_row", "line > 0", &["line = 0"]),
    (
        "bill_row",
        "kind IN ( 'payment', 'refund', 'payout', 'payout_returned', 'dispute', 'dispute_won', \
         'other')",
        &["kind = 'gift'"],
    ),
    (
        "bill_row",
        "length(provider_kind) BETWEEN 1 AND 64",
        &["provider_kind = ''", "provider_kind = printf('%65s', 'x')"],
    ),
    ("bill_row", "bill_row_amount", &["amount_minor = 0, kind = 'payment'"]),
    (
        "bill_row",
        "state IN ('open', 'matched', 'difference', 'explained')",
        &["state = 'lost', explanation_id = NULL"],
    ),
    (
        "bill_row",
        "bill_row_explained",
        &[
            "state = 'explained', explanation_id = NULL",
            "state = 'open', explanation_id = 'exp-done'",
        ],
    ),
    ("movement", "movement_explained", &["matched_at = NULL, explanation_id = 'exp-done'"]),
    (
        "bill_difference",
        "bill_difference_row",
        &["day = '1970-01-01', line = NULL", "day = NULL, line = 3"],
    ),
    (
        "bill_explanation",
        "posting IN ( 'operator_loss', 'provider_fee', 'suspense', 'reversal', 'belongs_to')",
        &["posting = 'gift', belongs_kind = NULL, belongs_number = NULL"],
    ),
    (
        "bill_explanation",
        "length(reason) BETWEEN 1 AND 2500",
        &["reason = ''", "reason = printf('%2501s', 'x')"],
    ),
    (
        "bill_explanation",
        "bill_explanation_belongs",
        &[
            "posting = 'suspense', belongs_kind = 'funds', belongs_number = '1'",
            "posting = 'belongs_to', belongs_kind = 'funds', belongs_number = NULL",
        ],
    ),
    (
        "bill_explanation",
        "bill_explanation_approved",
        &["approved_by = 'ana', approved_at = NULL", "approved_by = NULL, approved_at = 9"],
    ),
    (
        "bill_explanation",
        "bill_explanation_one_end",
        &["approved_by = 'ana', approved_at = 9, withdrawn_at = 9"],
    ),
    ("funds_transfer", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    ("funds_transfer", "amount_minor <> 0", &["amount_minor = 0"]),
    (
        "funds_transfer",
        "length(reference) BETWEEN 1 AND 64",
        &["reference = ''", "reference = printf('%65s', 'x')"],
    ),
    (
        "funds_transfer",
        "length(reason) BETWEEN 1 AND 2500",
        &["reason = ''", "reason = printf('%2501s', 'x')"],
    ),
    (
        "funds_transfer",
        "funds_transfer_approved",
        &["approved_by = 'ana', approved_at = NULL", "approved_by = NULL, approved_at = 9"],
    ),
    (
        "funds_transfer",
        "funds_transfer_one_end",
        &["approved_by = 'ana', approved_at = 9, withdrawn_at = 9"],
    ),
    ("sandbox_bill_line", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    (
        "bill_difference",
        "kind IN ( 'only_ours', 'only_theirs', 'amount_differs', 'duplicate')",
        &["kind = 'odd'"],
    ),
    ("bill_difference", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    (
        "bill_difference",
        "length(explanation) BETWEEN 1 AND 2500",
        &["explanation = '', closed_at = 1", "explanation = printf('%2501s', 'x'), closed_at = 1"],
    ),
    (
        "bill_difference",
        "bill_difference_closed",
        &["closed_at = 1, explanation = NULL", "closed_at = NULL, explanation = 'Known'"],
    ),
    (
        "bill_difference",
        "bill_difference_sides",
        &[
            "theirs_minor = 1000",
            "ours_minor = NULL",
            "kind = 'only_theirs', theirs_minor = NULL, ours_minor = NULL, currency = 'CNY', day = '1970-01-01', line = 3",
            "kind = 'amount_differs', theirs_minor = NULL, ours_minor = 5, currency = 'CNY', day = '1970-01-01', line = 3",
            "kind = 'only_theirs', theirs_minor = 5, ours_minor = 5, currency = 'CNY', day = '1970-01-01', line = 3",
        ],
    ),
    ("sandbox_sign_in", "role IN ('reader', 'writer', 'operator')", &["role = 'king'"]),
    ("sandbox_sign_in", "lang IN ('zh-Hans', 'en')", &["lang = 'fr'"]),
    ("sandbox_order", "state IN ('open', 'paid', 'declined', 'closed')", &["state = 'lost'"]),
    (
        "sandbox_refund",
        "state IN ('processing', 'succeeded', 'abnormal', 'closed')",
        &["state = 'lost'"],
    ),
    ("sandbox_refund", "amount_minor > 0", &["amount_minor = 0"]),
    ("sandbox_refund", "asks_left >= 0", &["asks_left = -1"]),
    ("sandbox_bill_fault", "currency IN ('CNY', 'USD')", &["currency = 'EUR'"]),
    (
        "sandbox_bill_fault",
        "fault IN ( 'missing_row', 'extra_row', 'amount_off', 'duplicate_row', 'late_row', \
         'late_bill', 'refused_bill', 'unreadable_bill')",
        &["fault = 'none'"],
    ),
    ("sandbox_payout", "amount_minor > 0", &["amount_minor = 0"]),
    (
        "sandbox_payout",
        "state IN ( 'processing', 'awaiting_confirmation', 'succeeded', 'failed', 'sent_back')",
        &["state = 'lost'"],
    ),
    ("sandbox_dispute", "state IN ('open', 'won', 'lost')", &["state = 'gone'"]),
    (
        "sandbox_dispute",
        "(state = 'open') = (ended_at IS NULL)",
        &["ended_at = 50, state = 'open'", "ended_at = NULL, state = 'won'"],
    ),
    ("sandbox_fault", "remaining >= 0", &["remaining = -1"]),
];

#[test]
fn every_check_refuses_its_violation() {
    let mut tried = BTreeSet::new();
    let [product, sandbox] = bare_databases();
    for (table, check, assignments) in CHECKS {
        let database = if table.starts_with("sandbox_") { &sandbox } else { &product };
        tried.insert(format!("{table}: {check}"));
        for assignment in *assignments {
            let outcome =
                outcome_text(database.attempt(&format!("UPDATE {table} SET {assignment}")));
            assert_eq!(
                outcome,
                format!("CHECK constraint failed: {check}"),
                "{table}: {assignment}"
            );
        }
    }
    let mut written = BTreeSet::new();
    for database in [&product, &sandbox] {
        for table in database.tables() {
            let names = checks(&database.text_of(&table));
            written.extend(names.into_iter().map(|check| format!("{table}: {check}")));
        }
    }
    assert_same(&tried, &written);
}
