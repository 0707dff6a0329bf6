//! Payments: each became exactly one praise, return or suspense case, of the attempt it was for.

use super::check::{Check, step, within};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "every payment has exactly its one fate",
        steps: &[step!(of "payment", "id")],
        sql: concat!(
            "SELECT payment.id AS subject, 'fate ' || fate AS detail, praise.account_id
             FROM payment
             LEFT JOIN praise ON praise.payment_id = payment.id
             LEFT JOIN suspense_case AS c ON c.payment_id = payment.id
               -- What nobody could explain stays so when its bank takes it back for good.
               AND (c.closed_at IS NULL OR EXISTS (
                 SELECT 1 FROM dispute WHERE dispute.payment_id = payment.id AND state = 'lost'))
             WHERE ",
            within!("payment.id"),
            " AND (
               (praise.id IS NOT NULL) <> (fate = 'praise')
               OR (c.id IS NOT NULL) <> (fate = 'suspense')
               OR (fate = 'return'
                   AND NOT EXISTS (SELECT 1 FROM refund
                                   WHERE refund.payment_id = payment.id AND state <> 'closed')
                   AND NOT EXISTS (SELECT 1 FROM dispute
                                   WHERE dispute.payment_id = payment.id AND state = 'lost')))"
        ),
    },
    Check {
        name: "a praise is its payment and its intent",
        steps: &[step!(of "praise", "id")],
        sql: concat!(
            "SELECT praise.id AS subject, 'intent ' || intent.state AS detail, praise.account_id
             FROM praise JOIN intent ON intent.id = praise.intent_id
             JOIN payment ON payment.id = praise.payment_id
             WHERE ",
            within!("praise.id"),
            " AND (intent.state <> 'paid'
               OR payment.intent_id IS NOT intent.id
               OR payment.amount_minor <> praise.amount_minor
               OR payment.currency <> praise.currency
               OR intent.amount_minor <> praise.amount_minor
               OR intent.currency <> praise.currency
               OR intent.person_id <> praise.person_id
               OR intent.article_id <> praise.article_id)"
        ),
    },
    Check {
        name: "a paid intent has a praise",
        steps: &[step!(of "intent", "id")],
        sql: concat!(
            "SELECT intent.id AS subject, 'no praise' AS detail, intent.account_id FROM intent
             LEFT JOIN praise ON praise.intent_id = intent.id
             WHERE ",
            within!("intent.id"),
            " AND intent.state = 'paid' AND praise.id IS NULL"
        ),
    },
    Check {
        name: "a returned intent has a payment that goes back",
        steps: &[step!(of "intent", "id")],
        sql: concat!(
            "SELECT intent.id AS subject, 'no return' AS detail FROM intent
             WHERE ",
            within!("intent.id"),
            " AND intent.state = 'returned' AND NOT EXISTS (
               SELECT 1 FROM payment WHERE payment.intent_id = intent.id AND fate = 'return')"
        ),
    },
    Check {
        name: "an attempt knows its newest payment that did not become a praise",
        steps: &[step!(of "intent", "id")],
        sql: concat!(
            "SELECT intent.id AS subject, 'kept ' || coalesce(money_back_at, 'none') AS detail
             FROM intent
             WHERE ",
            within!("intent.id"),
            " AND money_back_at IS NOT (
               SELECT max(booked_at) FROM payment WHERE intent_id = intent.id AND fate <> 'praise')"
        ),
    },
    Check {
        name: "nobody has praised an article of their own",
        steps: &[step!(of "praise", "id")],
        sql: concat!(
            "SELECT praise.id AS subject, account.handle AS detail, praise.account_id
             FROM praise JOIN official_account AS account ON account.id = praise.account_id
             JOIN person AS reader ON reader.id = praise.person_id
             JOIN person AS owner ON owner.id = account.owner_id
             WHERE ",
            within!("praise.id"),
            " AND coalesce(reader.human_id, reader.id) = coalesce(owner.human_id, owner.id)
               -- Until a card showed it, they were two people.
               AND praise.booked_at
                 > max(coalesce(reader.linked_at, 0), coalesce(owner.linked_at, 0))"
        ),
    },
    Check {
        name: "a praise goes back exactly while its refund does",
        steps: &[step!(of "praise", "id")],
        sql: concat!(
            "SELECT praise.id AS subject, 'state ' || praise.state AS detail, praise.account_id
             FROM praise
             WHERE ",
            within!("praise.id"),
            " AND CASE praise.state
               WHEN 'returning' THEN NOT EXISTS (
                 SELECT 1 FROM refund
                 WHERE praise_id = praise.id AND state IN ('queued', 'sent', 'abnormal'))
               WHEN 'returned' THEN NOT EXISTS (
                 SELECT 1 FROM refund WHERE praise_id = praise.id AND state = 'succeeded')
               WHEN 'lost' THEN EXISTS (
                 SELECT 1 FROM refund WHERE praise_id = praise.id AND state <> 'closed')
               ELSE EXISTS (SELECT 1 FROM refund WHERE praise_id = praise.id) END"
        ),
    },
    Check {
        name: "a closed refund is replaced by another, once",
        steps: &[step!(of "refund", "id")],
        sql: concat!(
            "SELECT refund.id AS subject, 'replaced ' || count(next.id) || ' times' AS detail
             FROM refund LEFT JOIN refund AS next ON next.replaces_id = refund.id
             WHERE ",
            within!("refund.id"),
            " GROUP BY refund.id
             HAVING count(next.id) <> (refund.state = 'closed')
               AND (count(next.id) > 0 OR NOT EXISTS (
                 SELECT 1 FROM dispute
                 WHERE dispute.payment_id = refund.payment_id AND state = 'lost'))"
        ),
    },
    Check {
        name: "what nobody can explain or deliver is an operator's open task until it is over",
        steps: &[step!(of "suspense_case", "id"), step!(of "refund", "id")],
        sql: concat!(
            "SELECT 'suspense:' || c.id AS subject, 'no task' AS detail FROM suspense_case AS c
             LEFT JOIN operator_task AS task ON task.kind = 'suspense' AND task.subject_id = c.id
             WHERE ",
            within!("c.id"),
            " AND (c.closed_at IS NULL)
                <> (task.opened_at IS NOT NULL AND task.closed_at IS NULL)
             UNION ALL
             SELECT 'refund:' || refund.id, 'state ' || refund.state FROM refund
             LEFT JOIN operator_task AS task
               ON task.kind = 'refund_abnormal' AND task.subject_id = refund.id
             WHERE ",
            within!("refund.id"),
            " AND iif(task.opened_at IS NOT NULL AND task.closed_at IS NULL,
               refund.state IN ('succeeded', 'closed'), refund.state = 'abnormal')"
        ),
    },
];
