//! Humans: their cards, and the limits that they set for themselves.

use super::Check;

pub(super) const CHECKS: &[Check] = &[
    (
        "accounts paid to one card belong to one human",
        "SELECT 'card ' || min(bank_card.id) AS subject,
                count(DISTINCT human.human_id) || ' humans' AS detail
         FROM bank_card JOIN official_account AS account ON account.id = bank_card.account_id
         JOIN human ON human.person_id = account.owner_id
         WHERE ?1 IS NOT NULL
         GROUP BY fingerprint HAVING count(DISTINCT human.human_id) > 1",
    ),
    (
        "who stands for a human is nobody else's part",
        "SELECT person.id AS subject, 'part of ' || person.human_id AS detail
         FROM person JOIN person AS root ON root.id = person.human_id
         WHERE ?1 IS NOT NULL AND (root.human_id IS NOT NULL OR person.linked_at IS NULL)",
    ),
    (
        "an account has one card at most",
        "SELECT account_id AS subject, count(*) || ' cards' AS detail FROM bank_card
         WHERE ?1 IS NOT NULL AND removed_at IS NULL GROUP BY account_id HAVING count(*) > 1",
    ),
    // On the day on which they were linked, and before, each person had limits of their own.
    (
        "no human exceeds a cap under several sign-ins",
        "SELECT 'reader ' || human.human_id || ' ' || day AS subject,
                'reserved ' || sum(reserved_minor) AS detail
         FROM reader_day
         JOIN person ON person.id = reader_day.person_id
         JOIN human ON human.person_id = person.id
         JOIN policy ON policy.version = reader_day.policy_version
           AND policy.currency = reader_day.currency
         WHERE ?1 IS NOT NULL AND day > (
           SELECT date((max(linked_at) + iif(reader_day.currency = 'CNY', 28800000, 0)) / 1000,
                       'unixepoch')
           FROM person AS part WHERE part.human_id = human.human_id)
         GROUP BY human.human_id, reader_day.currency, day
         HAVING sum(reserved_minor) > max(
           iif(person.kind = 'guest', policy.guest_day_minor, policy.reader_day_minor))
         UNION ALL
         SELECT 'writer ' || human.human_id || ' ' || day, 'booked ' || sum(booked_minor)
         FROM writer_day
         JOIN human ON human.person_id = writer_day.person_id
         JOIN policy ON policy.version = writer_day.policy_version
           AND policy.currency = writer_day.currency
         WHERE day > (
           SELECT date((max(linked_at) + iif(writer_day.currency = 'CNY', 28800000, 0)) / 1000,
                       'unixepoch')
           FROM person AS part WHERE part.human_id = human.human_id)
         GROUP BY human.human_id, writer_day.currency, day
         HAVING sum(booked_minor) > max(policy.writer_day_minor)",
    ),
    (
        "a raise that waits has its job, and has not waited past its time",
        "SELECT person_id || ':' || currency || ':' || scope AS subject,
                'counts from ' || next_at AS detail
         FROM reader_limit
         WHERE next_at IS NOT NULL AND (next_at < CAST(?1 AS INTEGER) OR NOT EXISTS (
           SELECT 1 FROM job WHERE kind = 'raise_limit' AND done_at IS NULL
             AND subject_id = person_id || ':' || currency || ':' || scope))",
    ),
    // The widest policy version counts, because a limit may be older than the version in force.
    (
        "no limit of a reader's own is above the product's",
        "SELECT person_id || ':' || reader_limit.currency || ':' || scope AS subject,
                'limit ' || coalesce(limit_minor, '-') || ', next ' || coalesce(next_minor, '-')
                  AS detail
         FROM reader_limit JOIN person ON person.id = person_id
         JOIN (SELECT currency, max(praise_cap_minor) AS praise, max(reader_day_minor) AS member,
                      max(guest_day_minor) AS guest FROM policy GROUP BY currency) AS most
           ON most.currency = reader_limit.currency
         WHERE ?1 IS NOT NULL AND max(coalesce(limit_minor, 0), coalesce(next_minor, 0)) >
           CASE scope WHEN 'praise' THEN most.praise ELSE
             iif(person.kind = 'guest', most.guest, most.member) * iif(scope = 'day', 1, 31) END",
    ),
];
