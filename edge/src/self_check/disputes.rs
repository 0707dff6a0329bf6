//! Disputes: each agrees with the praise it holds back, its postings, and its job or task.

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
        "what a bank has given back stands for nobody, and does not go back again",
        "SELECT dispute.id AS subject, 'praise ' || praise.state AS detail
         FROM dispute JOIN praise ON praise.id = dispute.praise_id
         WHERE ?1 IS NOT NULL AND dispute.state = 'lost'
           AND praise.state IN ('held', 'due', 'frozen', 'disputed')
         UNION ALL
         SELECT dispute.id, 'refund ' || refund.id FROM dispute
         JOIN refund ON refund.payment_id = dispute.payment_id
         WHERE dispute.state = 'lost' AND refund.created_at > dispute.state_at",
    ),
    (
        "what was lost on its way to a writer is booked as a debt until it has arrived",
        "SELECT account_id || ':' || currency AS subject, 'owes ' || owed_minor AS detail
         FROM writer_owes WHERE ?1 IS NOT NULL AND owed_minor < 0",
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
