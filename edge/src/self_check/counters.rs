//! Counters: each equals what it counts and stays within its cap.

use super::Check;

pub(super) const CHECKS: &[Check] = &[
    (
        "a reader's room is what the reader's attempts hold",
        "SELECT subject, 'counter ' || sum(kept) || ', attempts ' || sum(held) AS detail
         FROM (SELECT person_id || ':' || currency || ':' || day AS subject,
                      reserved_minor AS kept, 0 AS held
               FROM reader_day
               UNION ALL
               SELECT person_id || ':' || currency || ':' || reader_day, 0, amount_minor
               FROM intent
               WHERE state = 'awaiting_payment'
                 OR (state = 'paid' AND NOT EXISTS (
                   SELECT 1 FROM praise JOIN event ON event.subject_id = praise.id
                   WHERE praise.intent_id = intent.id AND event.machine = 'praise'
                     AND event.to_state = 'returning' AND event.reason = 'undo'))
                 OR (state = 'returned' AND EXISTS (
                 SELECT 1 FROM event WHERE subject_id = intent.id AND machine = 'intent'
                   AND from_state = 'awaiting_payment' AND to_state = 'returned')))
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING sum(kept) <> sum(held)",
    ),
    (
        "an article's day is what was booked for it",
        "SELECT subject, 'counter ' || sum(kept) || ', booked ' || sum(booked) AS detail
         FROM (SELECT article_id || ':' || currency || ':' || day AS subject,
                      booked_minor AS kept, 0 AS booked
               FROM article_day
               UNION ALL
               SELECT article_id || ':' || currency || ':' || paid_day, 0, amount_minor
               FROM praise WHERE id NOT IN (SELECT subject_id FROM event
                 WHERE machine = 'praise' AND to_state = 'returning' AND reason = 'undo'))
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING sum(kept) <> sum(booked)",
    ),
    (
        "a writer's day is what was booked for all accounts",
        "SELECT subject, 'counter ' || sum(kept) || ', booked ' || sum(booked) AS detail
         FROM (SELECT person_id || ':' || currency || ':' || day AS subject,
                      booked_minor AS kept, 0 AS booked
               FROM writer_day
               UNION ALL
               SELECT account.owner_id || ':' || praise.currency || ':' || praise.paid_day,
                      0, praise.amount_minor
               FROM praise JOIN official_account AS account ON account.id = praise.account_id
               WHERE praise.id NOT IN (SELECT subject_id FROM event
                 WHERE machine = 'praise' AND to_state = 'returning' AND reason = 'undo'))
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING sum(kept) <> sum(booked)",
    ),
    (
        "a payer's day is what was booked of it",
        "SELECT subject, 'counter ' || sum(kept) || ', booked ' || sum(booked) AS detail
         FROM (SELECT provider || ':' || payer || ':' || currency || ':' || day AS subject,
                      booked_minor AS kept, 0 AS booked
               FROM payer_day
               UNION ALL
               SELECT payment.provider || ':' || payment.payer || ':' || praise.currency || ':'
                        || praise.paid_day,
                      0, praise.amount_minor
               FROM praise JOIN payment ON payment.id = praise.payment_id
               WHERE payment.payer IS NOT NULL
                 AND praise.id NOT IN (SELECT subject_id FROM event
                   WHERE machine = 'praise' AND to_state = 'returning' AND reason = 'undo'))
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING sum(kept) <> sum(booked)",
    ),
    (
        "no person has more open attempts than allowed",
        "SELECT person_id AS subject, count(*) || ' open' AS detail FROM intent
         WHERE ?1 IS NOT NULL AND state = 'awaiting_payment'
         GROUP BY person_id HAVING count(*) > 5",
    ),
    (
        "no cap is exceeded",
        "SELECT 'reader ' || person_id || ' ' || day AS subject, 'reserved ' || reserved_minor AS detail
         FROM reader_day JOIN policy ON policy.version = reader_day.policy_version
           AND policy.currency = reader_day.currency
         JOIN person ON person.id = reader_day.person_id
         WHERE ?1 IS NOT NULL AND reserved_minor >
           iif(person.kind = 'guest', policy.guest_day_minor, policy.reader_day_minor)
         UNION ALL
         SELECT 'article ' || article_id || ' ' || day, 'booked ' || booked_minor
         FROM article_day JOIN policy ON policy.version = article_day.policy_version
           AND policy.currency = article_day.currency
         WHERE booked_minor > article_day_minor
         UNION ALL
         SELECT 'writer ' || person_id || ' ' || day, 'booked ' || booked_minor
         FROM writer_day JOIN policy ON policy.version = writer_day.policy_version
           AND policy.currency = writer_day.currency
         WHERE booked_minor > writer_day_minor
         UNION ALL
         SELECT 'payer ' || payer || ' ' || day, 'booked ' || booked_minor
         FROM payer_day JOIN policy ON policy.version = payer_day.policy_version
           AND policy.currency = payer_day.currency
         WHERE booked_minor > payer_day_minor",
    ),
];
