//! Every key, reference and NOT NULL column, violated without the triggers.

use std::collections::BTreeSet;

use super::fixture::{assert_same, bare_databases, outcome_text};
use super::schema_guards::{references, uniques};
use crate::support::schema_sql::{collapse_white_space, definitions};

/// Every key and unique index: table, columns, and `partly` for a partial index.
const UNIQUE: &[&str] = &[
    "api_token(id)",
    "api_token(token_hash)",
    "article(id)",
    "article(slug)",
    "article_day(article_id, currency, day)",
    "article_text(article_id, version, form)",
    "article_version(article_id, version)",
    "attempt(bucket)",
    "bank_card(account_id) partly",
    "bank_card(id)",
    "bill(provider, currency, day)",
    "bill_difference(id)",
    "bill_difference(provider, currency, day, line) partly",
    "bill_difference(provider, movement_kind, number) partly",
    "bill_explanation(difference_id) partly",
    "bill_explanation(id)",
    "bill_row(provider, currency, day, line)",
    "bill_row(provider, kind, number) partly",
    "browser_report(day, directive)",
    "dispute(id)",
    "dispute(payment_id) partly",
    "dispute(provider, number)",
    "freeze(article_id) partly",
    "freeze(id)",
    "human_link(id)",
    "human_link(provider, fingerprint, first_id, second_id)",
    "idempotency(person_id, key)",
    "identity(provider, subject)",
    "intent(id)",
    "invitation(code_hash)",
    "invitation(id)",
    "job(kind, subject_id)",
    "ledger_balance(account, owner, currency)",
    "ledger_entry(transaction_id, line)",
    "ledger_transaction(id)",
    "link_dissolution(id)",
    "link_dissolution(link_id) partly",
    "funds_transfer(id)",
    "funds_transfer(provider, reference) partly",
    "movement(provider, kind, number)",
    "official_account(handle)",
    "official_account(id)",
    "operator_action(id)",
    "operator_action(subject_id) partly",
    "operator_task(kind, subject_id)",
    "outbox(operation, number)",
    "payee_day(payee, currency, day)",
    "payment(id)",
    "payment(provider, transaction_id)",
    "payout(account_id) partly",
    "payout(account_id, day, place)",
    "payout(id)",
    "payout_line(part_id, praise_id)",
    "payout_line(praise_id) partly",
    "payout_part(id)",
    "payout_part(payout_id)",
    "person(id)",
    "policy(currency, effective_from)",
    "policy(version, currency)",
    "policy_raise(id)",
    "praise(id)",
    "praise(intent_id)",
    "praise(payment_id)",
    "praise_reply(praise_id)",
    "provider_event(provider, event_id)",
    "provider_order(id)",
    "provider_order(intent_id) partly",
    "reader_day(person_id, currency, day)",
    "reader_limit(person_id, currency, scope)",
    "refund(id)",
    "refund(payment_id) partly",
    "sandbox_bill_fault(currency, day, fault, number)",
    "sandbox_bill_line(currency, day, number)",
    "sandbox_dispute(number)",
    "sandbox_dispute(transaction_id) partly",
    "sandbox_fault(operation, fault)",
    "sandbox_order(number)",
    "sandbox_order(transaction_id)",
    "sandbox_payout(number)",
    "sandbox_refund(number)",
    "sandbox_refund(transaction_id) partly",
    "sandbox_setting(name)",
    "sandbox_sign_in(login)",
    "self_check_run(day)",
    "self_check_violation(check_name, subject_id)",
    "session(token_hash)",
    "suspense_case(id)",
    "suspense_case(payment_id)",
    "take_back_month(person_id, month)",
    "undo_day(person_id, day)",
    "payer_day(provider, payer, currency, day)",
    "transition(machine, from_state, to_state)",
    "wall_count(article_id)",
    "wall_person(article_id, person_id)",
    "writer_day(person_id, currency, day)",
];

/// Every reference: table, columns, and the table they refer to.
const REFERENCES: &[&str] = &[
    "api_token(person_id) person",
    "article(account_id) official_account",
    "article_day(article_id) article",
    "article_day(policy_version, currency) policy",
    "article_text(article_id, version) article_version",
    "article_version(account_id) official_account",
    "article_version(article_id) article",
    "article_version(policy_version, currency) policy",
    "bank_card(account_id) official_account",
    "bill_difference(account_id) official_account",
    "bill_difference(provider, currency, day, line) bill_row",
    "bill_explanation(approved_by) person",
    "bill_explanation(difference_id) bill_difference",
    "bill_explanation(proposed_by) person",
    "bill_row(explanation_id) bill_explanation",
    "bill_row(provider, currency, day) bill",
    "dispute(payment_id) payment",
    "dispute(praise_id) praise",
    "freeze(article_id, version) article_version",
    "freeze(opened_by) person",
    "human_link(confirmed_by) person",
    "human_link(first_id) person",
    "human_link(second_id) person",
    "idempotency(person_id) person",
    "identity(person_id) person",
    "intent(account_id) official_account",
    "intent(article_id) article",
    "intent(person_id) person",
    "intent(policy_version, currency) policy",
    "invitation(made_by) person",
    "invitation(used_by) person",
    "ledger_entry(transaction_id) ledger_transaction",
    "link_dissolution(approved_by) person",
    "link_dissolution(link_id) human_link",
    "link_dissolution(proposed_by) person",
    "funds_transfer(approved_by) person",
    "funds_transfer(explanation_id) bill_explanation",
    "funds_transfer(proposed_by) person",
    "movement(account_id) official_account",
    "movement(explanation_id) bill_explanation",
    "official_account(owner_id) person",
    "operator_action(approved_by) person",
    "operator_action(proposed_by) person",
    "operator_action(subject_id) freeze",
    "operator_audit(person_id) person",
    "payment(intent_id) intent",
    "payout(account_id) official_account",
    "payout(card_id) bank_card",
    "payout_line(part_id) payout_part",
    "payout_line(praise_id) praise",
    "payout_part(payout_id) payout",
    "policy_raise(approved_by) person",
    "policy_raise(proposed_by) person",
    "person(human_id) person",
    "praise(account_id) official_account",
    "praise(article_id) article",
    "praise(intent_id) intent",
    "praise(payment_id) payment",
    "praise(person_id) person",
    "praise(policy_version, currency) policy",
    "praise_reply(praise_id) praise",
    "provider_order(intent_id) intent",
    "reader_day(person_id) person",
    "reader_day(policy_version, currency) policy",
    "reader_limit(person_id) person",
    "refund(payment_id) payment",
    "refund(praise_id) praise",
    "refund(replaces_id) refund",
    "sandbox_dispute(order_number) sandbox_order",
    "sandbox_refund(order_number) sandbox_order",
    "session(person_id) person",
    "suspense_case(payment_id) payment",
    "take_back_month(person_id) person",
    "undo_day(person_id) person",
    "payer_day(policy_version, currency) policy",
    "wall_count(article_id) article",
    "wall_person(article_id) article",
    "wall_person(person_id) person",
    "writer_day(person_id) person",
    "writer_day(policy_version, currency) policy",
];

/// Every column that may be NULL.
const NULLABLE: &[&str] = &[
    "api_token.revoked_at",
    "article.author",
    "article_version.author",
    "bank_card.removed_at",
    "bill.worked_at",
    "bill_difference.account_id",
    "bill_difference.closed_at",
    "bill_difference.day",
    "bill_difference.explanation",
    "bill_difference.line",
    "bill_difference.ours_minor",
    "bill_difference.theirs_minor",
    "bill_explanation.approved_at",
    "bill_explanation.approved_by",
    "bill_explanation.belongs_kind",
    "bill_explanation.belongs_number",
    "bill_explanation.withdrawn_at",
    "bill_row.explanation_id",
    "bill_row.queried_at",
    "funds_transfer.approved_at",
    "funds_transfer.approved_by",
    "funds_transfer.explanation_id",
    "funds_transfer.withdrawn_at",
    "policy_raise.approved_at",
    "policy_raise.approved_by",
    "policy_raise.version",
    "policy_raise.withdrawn_at",
    "dispute.ended_at",
    "dispute.praise_id",
    "dispute.state_reason",
    "event.reason",
    "freeze.appeal",
    "freeze.appealed_at",
    "freeze.decide_until",
    "freeze.state_reason",
    "human_link.confirmed_by",
    "human_link.dissolved_at",
    "human_link.made_at",
    "intent.cancel_asked_at",
    "intent.money_back_at",
    "intent.note",
    "intent.refusal",
    "intent.state_reason",
    "invitation.note",
    "invitation.revoked_at",
    "invitation.used_at",
    "invitation.used_by",
    "job.done_at",
    "link_dissolution.approved_at",
    "link_dissolution.approved_by",
    "link_dissolution.withdrawn_at",
    "movement.account_id",
    "movement.explanation_id",
    "movement.matched_at",
    "must.expected",
    "must.got",
    "official_account.ask",
    "official_account.thanks",
    "operator_action.approved_at",
    "operator_action.approved_by",
    "operator_action.withdrawn_at",
    "operator_task.closed_at",
    "operator_task.outcome",
    "outbox.done_at",
    "payment.intent_id",
    "payment.payer",
    "payout.card_id",
    "payout.state_reason",
    "payout_line.released_at",
    "payout_part.state_reason",
    "person.human_id",
    "person.lang",
    "person.linked_at",
    "person.name",
    "praise.note",
    "praise.state_reason",
    "praise.thanks",
    "provider_event.outcome",
    "provider_event.processed_at",
    "provider_order.pay_url",
    "provider_order.queried_at",
    "provider_order.state_reason",
    "reader_limit.limit_minor",
    "reader_limit.next_at",
    "reader_limit.next_minor",
    "refund.praise_id",
    "refund.replaces_id",
    "refund.state_reason",
    "self_check_run.finished_at",
    "self_check_violation.account_id",
    "sandbox_dispute.ended_at",
    "sandbox_order.paid_at",
    "sandbox_order.paid_minor",
    "sandbox_order.payer",
    "sandbox_order.transaction_id",
    "sandbox_payout.ended_at",
    "sandbox_payout.reason",
    "sandbox_payout.sent_back_at",
    "sandbox_refund.request",
    "suspense_case.closed_at",
    "wall_person.public_at",
];

/// The list as the set that the tests compare with.
fn listed(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn every_key_and_unique_index_refuses_a_second_row() {
    let mut found = BTreeSet::new();
    for database in bare_databases() {
        for unique in uniques(&database) {
            let partly = if unique.partly { " partly" } else { "" };
            found.insert(format!("{}({}){partly}", unique.table, unique.columns.join(", ")));
            let sql = unique.second_row();
            assert_eq!(outcome_text(database.attempt(&sql)), unique.refusal_message(), "{sql}");
        }
    }
    assert_same(&listed(UNIQUE), &found);
}

#[test]
fn every_reference_refuses_a_missing_row() {
    let mut found = BTreeSet::new();
    for database in bare_databases() {
        for reference in references(&database) {
            let sql = reference.dangling_update();
            let outcome = outcome_text(database.attempt(&sql));
            assert_eq!(outcome, "FOREIGN KEY constraint failed", "{sql}");
            found.insert(reference.guard.trim_start_matches("reference ").to_owned());
        }
    }
    assert_same(&listed(REFERENCES), &found);
}

#[test]
fn every_column_is_typed_and_not_null_unless_listed() {
    let mut nullable = Vec::new();
    for database in bare_databases() {
        let loose = database.texts(
            "SELECT name FROM pragma_table_list
             WHERE type = 'table' AND schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
        );
        assert_eq!(loose, [""; 0], "tables that are not STRICT");
        for table in database.tables() {
            let text = collapse_white_space(&database.text_of(&table));
            let (_, definitions, _) = definitions(&text);
            for (column, _) in database.columns(&table) {
                let name = format!("{table}.{column}");
                // A rowid is never NULL: assigning NULL generates the next one.
                let rowid = |definition: &String| {
                    let mut words = definition.split(' ');
                    words.next() == Some(&column)
                        && words.next() == Some("INTEGER")
                        && definition.contains("PRIMARY KEY")
                };
                if definitions.iter().any(rowid) {
                    continue;
                }
                match outcome_text(database.attempt(&format!("UPDATE {table} SET {column} = NULL")))
                    .as_str()
                {
                    refused if refused == format!("NOT NULL constraint failed: {name}") => {}
                    _ => nullable.push(name),
                }
            }
        }
    }
    assert_same(&listed(NULLABLE), &nullable.into_iter().collect());
}
