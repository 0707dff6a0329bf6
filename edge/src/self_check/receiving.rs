//! Humans: their cards, and the limits that they set for themselves.

use super::check::{Check, step, within};

pub(super) const CHECKS: &[Check] = &[
    // The link may wait for an operator or be dissolved.
    Check {
        name: "two people who are paid to one verified card have a link",
        steps: &[step!(of "bank_card", "id")],
        sql: concat!(
            "SELECT 'card ' || card.id AS subject, 'also of ' || theirs.owner_id AS detail
             FROM bank_card AS card
             JOIN official_account AS own ON own.id = card.account_id
             JOIN bank_card AS other ON other.fingerprint = card.fingerprint
               AND other.provider = card.provider AND other.verified = 1
             JOIN official_account AS theirs ON theirs.id = other.account_id
             WHERE ",
            within!("card.id"),
            " AND card.verified = 1 AND own.owner_id < theirs.owner_id
               AND NOT EXISTS (
                 SELECT 1 FROM human_link
                 WHERE provider = card.provider AND fingerprint = card.fingerprint
                   AND first_id = own.owner_id AND second_id = theirs.owner_id)"
        ),
    },
    Check {
        name: "who stands for a human is nobody else's part",
        steps: &[],
        sql: "SELECT person.id AS subject, 'part of ' || person.human_id AS detail
              FROM person INDEXED BY person_by_human
              JOIN person AS root ON root.id = person.human_id
              WHERE person.human_id IS NOT NULL
                AND (root.human_id IS NOT NULL OR person.linked_at IS NULL)",
    },
    Check {
        name: "people whom a link joins are one human",
        steps: &[step!(of "human_link", "id")],
        sql: concat!(
            "SELECT link.id AS subject, first.human_id || ' and ' || second.human_id AS detail
             FROM human_link AS link
             JOIN human AS first ON first.person_id = link.first_id
             JOIN human AS second ON second.person_id = link.second_id
             WHERE ",
            within!("link.id"),
            " AND link.made_at IS NOT NULL AND link.dissolved_at IS NULL
               AND first.human_id <> second.human_id"
        ),
    },
    Check {
        name: "links join everybody who is one human",
        steps: &[],
        sql: "WITH RECURSIVE joined (human_id, person_id) AS (
                SELECT DISTINCT human_id, human_id FROM person INDEXED BY person_by_human
                WHERE human_id IS NOT NULL
                UNION
                SELECT joined.human_id,
                       iif(link.first_id = joined.person_id, link.second_id, link.first_id)
                FROM joined
                JOIN human_link AS link
                  ON link.first_id = joined.person_id OR link.second_id = joined.person_id
                WHERE link.made_at IS NOT NULL AND link.dissolved_at IS NULL)
              SELECT id AS subject, 'not joined with ' || human_id AS detail
              FROM person INDEXED BY person_by_human
              WHERE human_id IS NOT NULL
                AND (human_id, id) NOT IN (SELECT human_id, person_id FROM joined)",
    },
    Check {
        name: "an account has one card at most",
        steps: &[step!(of "bank_card INDEXED BY bank_card_by_account", "account_id")],
        sql: concat!(
            "SELECT account_id AS subject, count(*) || ' cards' AS detail, account_id
             FROM bank_card INDEXED BY bank_card_by_account
             WHERE ",
            within!("account_id"),
            " AND removed_at IS NULL GROUP BY account_id HAVING count(*) > 1"
        ),
    },
    // On the day on which they were linked, and before, each person had limits of their own.
    Check {
        name: "no human exceeds a cap under several sign-ins",
        steps: &[step!(of "person INDEXED BY person_by_human", "human_id",
                       if "human_id IS NOT NULL", rows " / 20")],
        sql: concat!(
            "WITH linked (human_id, linked_at) AS (
               SELECT human_id, max(linked_at) FROM person INDEXED BY person_by_human
               WHERE human_id IS NOT NULL AND ",
            within!("human_id"),
            "  GROUP BY human_id),
             member (human_id, linked_at, person_id) AS (
               SELECT human_id, linked_at, human_id FROM linked
               UNION ALL
               SELECT linked.human_id, linked.linked_at, person.id
               FROM linked JOIN person ON person.human_id = linked.human_id)
             SELECT 'reader ' || member.human_id || ' ' || day AS subject,
                    'reserved ' || sum(reserved_minor) AS detail
             FROM member
             CROSS JOIN reader_day ON reader_day.person_id = member.person_id
             JOIN person ON person.id = member.person_id
             JOIN policy ON policy.version = reader_day.policy_version
               AND policy.currency = reader_day.currency
             WHERE day > date((member.linked_at
                 + iif(reader_day.currency = 'CNY', 28800000, 0)) / 1000, 'unixepoch')
             GROUP BY member.human_id, reader_day.currency, day
             HAVING sum(reserved_minor) > max(
               iif(person.kind = 'guest', policy.guest_day_minor, policy.reader_day_minor))
             UNION ALL
             SELECT 'writer ' || member.human_id || ' ' || day, 'booked ' || sum(booked_minor)
             FROM member
             CROSS JOIN writer_day ON writer_day.person_id = member.person_id
             JOIN policy ON policy.version = writer_day.policy_version
               AND policy.currency = writer_day.currency
             WHERE day > date((member.linked_at
                 + iif(writer_day.currency = 'CNY', 28800000, 0)) / 1000, 'unixepoch')
             GROUP BY member.human_id, writer_day.currency, day
             HAVING sum(booked_minor) > max(policy.writer_day_minor)"
        ),
    },
    Check {
        name: "a raise that waits has its job, and has not waited past its time",
        steps: &[step!(of "reader_limit", "person_id")],
        sql: concat!(
            "SELECT person_id || ':' || currency || ':' || scope AS subject,
                    'counts from ' || next_at AS detail
             FROM reader_limit
             WHERE ",
            within!("person_id"),
            " AND next_at IS NOT NULL AND (next_at < CAST(?1 AS INTEGER) OR NOT EXISTS (
               SELECT 1 FROM job WHERE kind = 'raise_limit' AND done_at IS NULL
                 AND subject_id = person_id || ':' || currency || ':' || scope))"
        ),
    },
    // The widest policy version counts, because a limit may be older than the version in force.
    Check {
        name: "no limit of a reader's own is above the product's",
        steps: &[step!(of "reader_limit", "person_id")],
        sql: concat!(
            "SELECT person_id || ':' || reader_limit.currency || ':' || scope AS subject,
                    'limit ' || coalesce(limit_minor, '-') || ', next '
                      || coalesce(next_minor, '-') AS detail
             FROM reader_limit JOIN person ON person.id = person_id
             JOIN (SELECT currency, max(praise_cap_minor) AS praise,
                          max(reader_day_minor) AS member, max(guest_day_minor) AS guest
                   FROM policy GROUP BY currency) AS most
               ON most.currency = reader_limit.currency
             WHERE ",
            within!("person_id"),
            " AND max(coalesce(limit_minor, 0), coalesce(next_minor, 0)) >
               CASE scope WHEN 'praise' THEN most.praise ELSE
                 iif(person.kind = 'guest', most.guest, most.member)
                   * iif(scope = 'day', 1, 31) END"
        ),
    },
];
