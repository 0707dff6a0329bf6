//! Disputes, against the praises that stand aside for them, what was booked, and whoever looks.

use super::Check;

pub(super) const CHECKS: &[Check] = &[
    (
        "a praise stands aside exactly while a dispute says so",
        "SELECT praise.id AS subject,
                'state ' || praise.state || ', aside for ' || count(dispute.id) AS detail
         FROM praise LEFT JOIN dispute ON dispute.praise_id = praise.id
           AND dispute.state = 'open' AND dispute.aside = 1
         WHERE ?1 IS NOT NULL
         GROUP BY praise.id
         HAVING count(dispute.id) <> (praise.state = 'disputed')
         UNION ALL
         SELECT praise.id, 'state ' || praise.state || ' under dispute ' || dispute.id
         FROM dispute JOIN praise ON praise.id = dispute.praise_id
         WHERE dispute.state = 'open' AND praise.state IN ('held', 'due', 'frozen')",
    ),
    (
        "a dispute is booked when it is opened, and when it ends as it ended",
        "SELECT dispute.id AS subject, 'state ' || dispute.state || ', booked '
                || coalesce(group_concat(t.id, ' '), 'nothing') AS detail
         FROM dispute LEFT JOIN ledger_transaction AS t ON t.id IN (
           'dispute.opened:' || dispute.id, 'dispute.won:' || dispute.id,
           'dispute.lost:' || dispute.id)
         WHERE ?1 IS NOT NULL
         GROUP BY dispute.id
         HAVING coalesce(sum(t.id = 'dispute.opened:' || dispute.id), 0) <> 1
             OR coalesce(sum(t.id = 'dispute.won:' || dispute.id), 0) <> (dispute.state = 'won')
             OR coalesce(sum(t.id = 'dispute.lost:' || dispute.id), 0) <> (dispute.state = 'lost')",
    ),
    (
        "an open dispute has its task and a job that asks about it",
        "SELECT dispute.id AS subject, 'state ' || dispute.state AS detail FROM dispute
         WHERE ?1 IS NOT NULL AND (
           (state = 'open') <> EXISTS (
             SELECT 1 FROM operator_task WHERE kind = 'dispute' AND subject_id = dispute.id
               AND closed_at IS NULL)
           OR (state = 'open') <> EXISTS (
             SELECT 1 FROM job WHERE kind = 'poll_dispute' AND subject_id = dispute.id
               AND done_at IS NULL))",
    ),
];
