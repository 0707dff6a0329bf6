//! Payouts: each agrees with its transfers and lines, and has a job that takes it further.

use super::check::{Check, step, within};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "a payout is the sum of its parts, and a part of its lines",
        steps: &[
            step!(of "payout", "id"),
            step!(of "payout_part", "id"),
            step!(of "payout_line", "part_id", rows " * 4"),
        ],
        sql: concat!(
            "SELECT payout.id AS subject,
                    'payout ' || payout.gross_minor || '/' || payout.debt_minor
                      || ', parts ' || coalesce(sum(part.gross_minor), 0)
                      || '/' || coalesce(sum(part.debt_minor), 0) AS detail,
                    payout.account_id
             FROM payout LEFT JOIN payout_part AS part ON part.payout_id = payout.id
             WHERE ",
            within!("payout.id"),
            " GROUP BY payout.id
             HAVING payout.gross_minor <> coalesce(sum(part.gross_minor), 0)
                 OR payout.debt_minor <> coalesce(sum(part.debt_minor), 0)
             UNION ALL
             SELECT part.id, 'part ' || part.gross_minor || ', lines '
                      || coalesce(sum(line.amount_minor), 0),
                    (SELECT account_id FROM payout WHERE payout.id = part.payout_id)
             FROM payout_part AS part LEFT JOIN payout_line AS line ON line.part_id = part.id
             WHERE ",
            within!("part.id"),
            " GROUP BY part.id HAVING part.gross_minor <> coalesce(sum(line.amount_minor), 0)"
        ),
    },
    Check {
        name: "each praise in a payout is in exactly one line that counts",
        steps: &[step!(of "praise", "id")],
        sql: concat!(
            "SELECT subject, 'state ' || coalesce(state, 'none') || ', lines ' || live AS detail,
                    account_id
             FROM (SELECT praise.id AS subject, praise.state, praise.account_id,
                          praise.state IN ('in_payout', 'paid_out') AS claimed,
                          count(line.part_id) AS live,
                          count(line.part_id) FILTER (
                            WHERE part.state
                                = iif(praise.state = 'paid_out', 'succeeded', part.state)
                              AND part.state NOT IN ('failed', 'dropped', 'sent_back')
                              AND (praise.state = 'paid_out' OR part.state <> 'succeeded')
                              AND line.amount_minor = praise.amount_minor
                              AND payout.account_id = praise.account_id
                              AND payout.currency = praise.currency) AS fitting
                   FROM praise
                   LEFT JOIN payout_line AS line
                     ON line.praise_id = praise.id AND line.released_at IS NULL
                   LEFT JOIN payout_part AS part ON part.id = line.part_id
                   LEFT JOIN payout ON payout.id = part.payout_id
                   WHERE ",
            within!("praise.id"),
            "      GROUP BY praise.id)
             WHERE live <> claimed OR fitting <> claimed"
        ),
    },
    Check {
        name: "a line is released exactly when its part did not reach the writer for good",
        steps: &[step!(of "payout_line", "part_id")],
        sql: concat!(
            "SELECT line.part_id AS subject,
                    'praise ' || line.praise_id || ', part ' || part.state AS detail,
                    (SELECT account_id FROM payout WHERE payout.id = part.payout_id) AS account_id
             FROM payout_line AS line JOIN payout_part AS part ON part.id = line.part_id
             WHERE ",
            within!("line.part_id"),
            " AND (line.released_at IS NOT NULL)
               <> (part.state IN ('failed', 'dropped', 'sent_back'))"
        ),
    },
    Check {
        name: "a payout stands as its parts do",
        steps: &[step!(of "payout", "id")],
        sql: concat!(
            "SELECT payout.id AS subject, 'payout ' || payout.state || ', part '
                      || coalesce(part.state, 'none') AS detail, payout.account_id
             FROM payout LEFT JOIN payout_part AS part ON part.payout_id = payout.id
             WHERE ",
            within!("payout.id"),
            " AND payout.state IS NOT coalesce(
               part.state, iif(payout.state = 'dropped', 'dropped', 'waiting'))"
        ),
    },
    Check {
        name: "a payee's day is what its transfers take",
        steps: &[
            step!(of "payee_day", "payee"),
            step!(of "bank_card INDEXED BY bank_card_by_fingerprint", "fingerprint",
                  rows " / 20"),
        ],
        sql: concat!(
            "SELECT payee || ':' || currency || ':' || day AS subject,
                    'counter ' || sum(kept) || ', transfers ' || sum(taken) AS detail
             FROM (SELECT payee, currency, day, sent_minor AS kept, 0 AS taken
                   FROM payee_day WHERE ",
            within!("payee"),
            "      UNION ALL
                   SELECT card.fingerprint, payout.currency, part.send_day, 0,
                          part.gross_minor - part.debt_minor
                   FROM bank_card AS card INDEXED BY bank_card_by_fingerprint
                   CROSS JOIN payout INDEXED BY payout_by_account
                     ON payout.account_id = card.account_id AND payout.card_id = card.id
                   CROSS JOIN payout_part AS part ON part.payout_id = payout.id
                   WHERE part.state NOT IN ('failed', 'dropped') AND ",
            within!("card.fingerprint"),
            ")
             GROUP BY payee, currency, day HAVING sum(kept) <> sum(taken)"
        ),
    },
    Check {
        name: "nothing is held past its day without a job that settles it",
        steps: &[step!(of "praise", "id")],
        sql: concat!(
            "SELECT praise.id AS subject, 'due at ' || praise.due_at AS detail, praise.account_id
             FROM praise
             WHERE ",
            within!("praise.id"),
            " AND praise.state = 'held' AND praise.due_at < CAST(?1 AS INTEGER) AND NOT EXISTS (
               SELECT 1 FROM job WHERE kind = 'settle' AND done_at IS NULL
                 AND subject_id = praise.account_id || ':' || praise.due_at)"
        ),
    },
    Check {
        name: "nothing is due or waits without a job that pays it out",
        steps: &[step!(of "praise", "id"), step!(of "payout", "id")],
        sql: concat!(
            "SELECT subject, detail, account_id
             FROM (SELECT account_id, id AS subject, 'due' AS detail FROM praise
                   WHERE state = 'due' AND ",
            within!("id"),
            "      UNION ALL
                   SELECT account_id, id, coalesce(state_reason, 'waiting') FROM payout
                   WHERE state = 'waiting' AND ",
            within!("id"),
            ")
             WHERE NOT EXISTS (
               SELECT 1 FROM job
               WHERE kind = 'pay_out' AND subject_id = account_id AND done_at IS NULL)"
        ),
    },
    Check {
        name: "no transfer is open without a job that moves it",
        steps: &[],
        sql: "SELECT part.id AS subject, 'state ' || part.state AS detail
              FROM payout_part AS part INDEXED BY payout_part_open
              WHERE part.state IN ('queued', 'sent', 'awaiting_confirmation') AND NOT EXISTS (
                SELECT 1 FROM job WHERE kind = 'move_payout' AND subject_id = part.id
                  AND done_at IS NULL)",
    },
];
