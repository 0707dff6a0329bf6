//! One fate per payment, and a praise for what it was paid for.

use super::Check;

pub(super) const CHECKS: &[Check] = &[
    (
        "every payment has exactly its one fate",
        "SELECT payment.id AS subject, 'fate ' || fate AS detail
         FROM payment
         LEFT JOIN praise ON praise.payment_id = payment.id
         LEFT JOIN suspense_case AS c ON c.payment_id = payment.id AND c.closed_at IS NULL
         WHERE ?1 IS NOT NULL AND (
           (praise.id IS NOT NULL) <> (fate = 'praise')
           OR (c.id IS NOT NULL) <> (fate = 'suspense')
           OR (fate = 'return' AND NOT EXISTS (
             SELECT 1 FROM refund WHERE refund.payment_id = payment.id AND state <> 'closed')))",
    ),
    (
        "a praise is its payment and its intent",
        "SELECT praise.id AS subject, 'intent ' || intent.state AS detail
         FROM praise JOIN intent ON intent.id = praise.intent_id
         JOIN payment ON payment.id = praise.payment_id
         WHERE ?1 IS NOT NULL AND (intent.state <> 'paid'
           OR payment.intent_id IS NOT intent.id
           OR payment.amount_minor <> praise.amount_minor
           OR payment.currency <> praise.currency
           OR intent.amount_minor <> praise.amount_minor
           OR intent.currency <> praise.currency
           OR intent.person_id <> praise.person_id
           OR intent.article_id <> praise.article_id)",
    ),
    (
        "a paid intent has a praise",
        "SELECT intent.id AS subject, 'no praise' AS detail FROM intent
         LEFT JOIN praise ON praise.intent_id = intent.id
         WHERE ?1 IS NOT NULL AND intent.state = 'paid' AND praise.id IS NULL",
    ),
    (
        "a returned intent has a payment that goes back",
        "SELECT intent.id AS subject, 'no return' AS detail FROM intent
         WHERE ?1 IS NOT NULL AND intent.state = 'returned' AND NOT EXISTS (
           SELECT 1 FROM payment WHERE payment.intent_id = intent.id AND fate = 'return')",
    ),
    (
        "nobody has praised an article of their own",
        "SELECT praise.id AS subject, account.handle AS detail
         FROM praise JOIN official_account AS account ON account.id = praise.account_id
         JOIN person AS reader ON reader.id = praise.person_id
         JOIN person AS owner ON owner.id = account.owner_id
         WHERE ?1 IS NOT NULL
           AND coalesce(reader.human_id, reader.id) = coalesce(owner.human_id, owner.id)
           -- Until a card showed it, they were two people.
           AND praise.booked_at >= max(coalesce(reader.linked_at, 0), coalesce(owner.linked_at, 0))",
    ),
];
