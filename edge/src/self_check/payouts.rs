//! Payouts: each agrees with its transfers and lines, and has a job that takes it further.

use super::Check;

pub(super) const CHECKS: &[Check] = &[
    (
        "a payout is the sum of its parts, and a part of its lines",
        "SELECT payout.id AS subject,
                'payout ' || payout.gross_minor || '/' || payout.debt_minor
                  || ', parts ' || coalesce(sum(part.gross_minor), 0)
                  || '/' || coalesce(sum(part.debt_minor), 0) AS detail
         FROM payout LEFT JOIN payout_part AS part ON part.payout_id = payout.id
         WHERE ?1 IS NOT NULL
         GROUP BY payout.id
         HAVING payout.gross_minor <> coalesce(sum(part.gross_minor), 0)
             OR payout.debt_minor <> coalesce(sum(part.debt_minor), 0)
         UNION ALL
         SELECT part.id, 'part ' || part.gross_minor || ', lines '
                  || coalesce(sum(line.amount_minor), 0)
         FROM payout_part AS part LEFT JOIN payout_line AS line ON line.part_id = part.id
         GROUP BY part.id HAVING part.gross_minor <> coalesce(sum(line.amount_minor), 0)",
    ),
    (
        "each praise in a payout is in exactly one line that counts",
        "SELECT subject, 'state ' || coalesce(state, 'none') || ', lines ' || live AS detail
         FROM (SELECT praise.id AS subject, praise.state,
                      praise.state IN ('in_payout', 'paid_out') AS claimed,
                      count(line.part_id) AS live,
                      count(line.part_id) FILTER (
                        WHERE part.state = iif(praise.state = 'paid_out', 'succeeded', part.state)
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
               GROUP BY praise.id)
         WHERE ?1 IS NOT NULL AND (live <> claimed OR fitting <> claimed)",
    ),
    (
        "a line is released exactly when its part did not reach the writer for good",
        "SELECT line.part_id AS subject, 'praise ' || line.praise_id || ', part ' || part.state AS detail
         FROM payout_line AS line JOIN payout_part AS part ON part.id = line.part_id
         WHERE ?1 IS NOT NULL AND (line.released_at IS NOT NULL)
             <> (part.state IN ('failed', 'dropped', 'sent_back'))",
    ),
    (
        "a payout stands as its parts do",
        "SELECT payout.id AS subject, 'payout ' || payout.state || ', part '
                  || coalesce(part.state, 'none') AS detail
         FROM payout LEFT JOIN payout_part AS part ON part.payout_id = payout.id
         WHERE ?1 IS NOT NULL AND payout.state IS NOT coalesce(
           part.state, iif(payout.state = 'failed', 'failed', 'waiting'))",
    ),
    (
        "a payee's day is what its transfers take",
        "SELECT subject, 'counter ' || sum(kept) || ', transfers ' || sum(taken) AS detail
         FROM (SELECT payee || ':' || currency || ':' || day AS subject,
                      sent_minor AS kept, 0 AS taken
               FROM payee_day
               UNION ALL
               SELECT card.fingerprint || ':' || payout.currency || ':' || part.send_day, 0,
                      part.gross_minor - part.debt_minor
               FROM payout_part AS part JOIN payout ON payout.id = part.payout_id
               JOIN bank_card AS card ON card.id = payout.card_id
               WHERE part.state NOT IN ('failed', 'dropped'))
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING sum(kept) <> sum(taken)",
    ),
    (
        "nothing is held past its day without a job that settles it",
        "SELECT praise.id AS subject, 'due at ' || praise.due_at AS detail FROM praise
         WHERE praise.state = 'held' AND praise.due_at < CAST(?1 AS INTEGER) AND NOT EXISTS (
           SELECT 1 FROM job WHERE kind = 'settle' AND done_at IS NULL
             AND subject_id = praise.account_id || ':' || praise.due_at)",
    ),
    (
        "nothing is due or waits without a job that pays it out",
        "SELECT subject, detail
         FROM (SELECT account_id, id AS subject, 'due' AS detail FROM praise WHERE state = 'due'
               UNION ALL
               SELECT account_id, id, coalesce(state_reason, 'waiting') FROM payout
               WHERE state = 'waiting')
         WHERE ?1 IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM job
           WHERE kind = 'pay_out' AND subject_id = account_id AND done_at IS NULL)",
    ),
    (
        "no transfer is open without a job that moves it",
        "SELECT part.id AS subject, 'state ' || part.state AS detail FROM payout_part AS part
         WHERE ?1 IS NOT NULL AND part.state IN ('queued', 'sent', 'awaiting_confirmation')
           AND NOT EXISTS (SELECT 1 FROM job WHERE kind = 'move_payout' AND subject_id = part.id
                             AND done_at IS NULL)",
    ),
];
