//! Counters: each equals what it counts and stays within its cap.

use super::check::{Check, step, within};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "a reader's room is what the reader's attempts hold",
        steps: &[
            step!(of "reader_day", "person_id"),
            step!(of "intent INDEXED BY intent_by_person", "person_id"),
        ],
        sql: concat!(
            "SELECT person_id || ':' || currency || ':' || day AS subject,
                    'counter ' || sum(kept) || ', attempts ' || sum(held) AS detail
             FROM (SELECT person_id, currency, day, reserved_minor AS kept, 0 AS held
                   FROM reader_day WHERE ",
            within!("person_id"),
            "      UNION ALL
                   SELECT person_id, currency, reader_day, 0, amount_minor
                   FROM intent INDEXED BY intent_by_person
                   WHERE ",
            within!("person_id"),
            " AND (state = 'awaiting_payment'
                     OR (state = 'paid' AND NOT EXISTS (
                       SELECT 1 FROM praise JOIN event ON event.subject_id = praise.id
                       WHERE praise.intent_id = intent.id AND event.machine = 'praise'
                         AND event.to_state = 'returning' AND event.reason = 'undo'))
                     OR (state = 'returned' AND EXISTS (
                       SELECT 1 FROM event WHERE subject_id = intent.id AND machine = 'intent'
                         AND from_state = 'awaiting_payment' AND to_state = 'returned'))))
             GROUP BY person_id, currency, day HAVING sum(kept) <> sum(held)"
        ),
    },
    Check {
        name: "an article's day is what was booked for it",
        steps: &[
            step!(of "article_day", "article_id"),
            step!(of "praise INDEXED BY praise_by_article_and_reader", "article_id"),
        ],
        // Only a praise that goes back, went back or was lost can have been undone.
        sql: concat!(
            "SELECT article_id || ':' || currency || ':' || day AS subject,
                    'counter ' || sum(kept) || ', booked ' || sum(booked) AS detail
             FROM (SELECT article_id, currency, day, booked_minor AS kept, 0 AS booked
                   FROM article_day WHERE ",
            within!("article_id"),
            "      UNION ALL
                   SELECT article_id, currency, paid_day, 0, amount_minor
                   FROM praise INDEXED BY praise_by_article_and_reader
                   WHERE ",
            within!("article_id"),
            " AND (state IN ('held', 'due', 'frozen', 'in_payout', 'paid_out')
                     OR NOT EXISTS (
                       SELECT 1 FROM event WHERE subject_id = praise.id AND machine = 'praise'
                         AND to_state = 'returning' AND reason = 'undo')))
             GROUP BY article_id, currency, day HAVING sum(kept) <> sum(booked)"
        ),
    },
    // The check above has compared the daily totals of the articles with the praises.
    Check {
        name: "a writer's day is what was booked for all accounts",
        steps: &[
            step!(of "writer_day", "person_id"),
            step!(of "official_account INDEXED BY official_account_by_owner", "owner_id",
                  rows " / 20"),
        ],
        sql: concat!(
            "SELECT person_id || ':' || currency || ':' || day AS subject,
                    'counter ' || sum(kept) || ', booked ' || sum(booked) AS detail
             FROM (SELECT person_id, currency, day, booked_minor AS kept, 0 AS booked
                   FROM writer_day WHERE ",
            within!("person_id"),
            "      UNION ALL
                   SELECT account.owner_id, article_day.currency, article_day.day, 0,
                          article_day.booked_minor
                   FROM official_account AS account INDEXED BY official_account_by_owner
                   CROSS JOIN article INDEXED BY article_by_account
                     ON article.account_id = account.id
                   CROSS JOIN article_day ON article_day.article_id = article.id
                   WHERE ",
            within!("account.owner_id"),
            ")
             GROUP BY person_id, currency, day HAVING sum(kept) <> sum(booked)"
        ),
    },
    Check {
        name: "a payer's day is what was booked of it",
        steps: &[
            step!(of "payer_day", ("provider", "payer")),
            step!(of "payment INDEXED BY payment_by_payer", ("provider", "payer"),
                  if "payer IS NOT NULL"),
        ],
        sql: concat!(
            "SELECT provider || ':' || payer || ':' || currency || ':' || day AS subject,
                    'counter ' || sum(kept) || ', booked ' || sum(booked) AS detail
             FROM (SELECT provider, payer, currency, day, booked_minor AS kept, 0 AS booked
                   FROM payer_day WHERE ",
            within!("provider", "payer"),
            "      UNION ALL
                   SELECT payment.provider, payment.payer, praise.currency, praise.paid_day, 0,
                          praise.amount_minor
                   FROM payment INDEXED BY payment_by_payer
                   JOIN praise ON praise.payment_id = payment.id
                   WHERE payment.payer IS NOT NULL AND ",
            within!("payment.provider", "payment.payer"),
            " AND (praise.state IN ('held', 'due', 'frozen', 'in_payout', 'paid_out')
                     OR NOT EXISTS (
                       SELECT 1 FROM event WHERE subject_id = praise.id AND machine = 'praise'
                         AND to_state = 'returning' AND reason = 'undo')))
             GROUP BY provider, payer, currency, day HAVING sum(kept) <> sum(booked)"
        ),
    },
    Check {
        name: "no person has more open attempts than allowed",
        steps: &[],
        sql: "SELECT person_id AS subject, count(*) || ' open' AS detail
              FROM intent INDEXED BY intent_open WHERE state = 'awaiting_payment'
              GROUP BY person_id HAVING count(*) > 5",
    },
    Check {
        name: "no payer's cap is exceeded",
        steps: &[step!(of "payer_day", ("provider", "payer"))],
        sql: concat!(
            "SELECT 'payer ' || payer || ' ' || day AS subject, 'booked ' || booked_minor AS detail
             FROM payer_day JOIN policy ON policy.version = payer_day.policy_version
               AND policy.currency = payer_day.currency
             WHERE ",
            within!("provider", "payer"),
            " AND booked_minor > payer_day_minor"
        ),
    },
    Check {
        name: "no cap is exceeded",
        steps: &[
            step!(of "reader_day", "person_id"),
            step!(of "article_day", "article_id"),
            step!(of "writer_day", "person_id"),
        ],
        sql: concat!(
            "SELECT 'reader ' || person_id || ' ' || day AS subject,
                    'reserved ' || reserved_minor AS detail
             FROM reader_day JOIN policy ON policy.version = reader_day.policy_version
               AND policy.currency = reader_day.currency
             JOIN person ON person.id = reader_day.person_id
             WHERE ",
            within!("reader_day.person_id"),
            " AND reserved_minor >
               iif(person.kind = 'guest', policy.guest_day_minor, policy.reader_day_minor)
             UNION ALL
             SELECT 'article ' || article_id || ' ' || day, 'booked ' || booked_minor
             FROM article_day JOIN policy ON policy.version = article_day.policy_version
               AND policy.currency = article_day.currency
             WHERE ",
            within!("article_id"),
            " AND booked_minor > article_day_minor
             UNION ALL
             SELECT 'writer ' || person_id || ' ' || day, 'booked ' || booked_minor
             FROM writer_day JOIN policy ON policy.version = writer_day.policy_version
               AND policy.currency = writer_day.currency
             WHERE ",
            within!("person_id"),
            " AND booked_minor > writer_day_minor"
        ),
    },
];
