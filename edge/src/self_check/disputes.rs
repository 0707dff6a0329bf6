//! Disputes: each agrees with the praise it holds back, its postings, and its job or task.

use super::check::{Check, step, within};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "a praise stands aside exactly while a dispute says so",
        steps: &[step!(of "praise", "id"), step!(of "dispute", "id")],
        sql: concat!(
            "SELECT praise.id AS subject,
                    'state ' || praise.state || ', aside for ' || count(dispute.id) AS detail,
                    praise.account_id
             FROM praise LEFT JOIN dispute ON dispute.payment_id = praise.payment_id
               AND dispute.praise_id = praise.id AND dispute.state = 'open' AND dispute.aside = 1
             WHERE ",
            within!("praise.id"),
            " GROUP BY praise.id
             HAVING count(dispute.id) <> (praise.state = 'disputed')
             UNION ALL
             SELECT praise.id, 'state ' || praise.state || ' under dispute ' || dispute.id,
                    praise.account_id
             FROM dispute JOIN praise ON praise.id = dispute.praise_id
             WHERE ",
            within!("dispute.id"),
            " AND dispute.state = 'open' AND praise.state IN ('held', 'due', 'frozen')"
        ),
    },
    Check {
        name: "a dispute is booked when it is opened, and when it ends as it ended",
        steps: &[step!(of "dispute", "id")],
        sql: concat!(
            "SELECT dispute.id AS subject, 'state ' || dispute.state || ', booked '
                    || coalesce(group_concat(t.id, ' '), 'nothing') AS detail,
                    (SELECT account_id FROM praise WHERE praise.id = dispute.praise_id)
                      AS account_id
             FROM dispute LEFT JOIN ledger_transaction AS t ON t.id IN (
               'dispute.opened:' || dispute.id, 'dispute.won:' || dispute.id,
               'dispute.lost:' || dispute.id)
             WHERE ",
            within!("dispute.id"),
            " GROUP BY dispute.id
             HAVING coalesce(sum(t.id = 'dispute.opened:' || dispute.id), 0) <> 1
                 OR coalesce(sum(t.id = 'dispute.won:' || dispute.id), 0) <> (dispute.state = 'won')
                 OR coalesce(sum(t.id = 'dispute.lost:' || dispute.id), 0)
                   <> (dispute.state = 'lost')"
        ),
    },
    Check {
        name: "what a bank has given back stands for nobody, and does not go back again",
        steps: &[step!(of "dispute", "id")],
        sql: concat!(
            "SELECT dispute.id AS subject, 'praise ' || praise.state AS detail, praise.account_id
             FROM dispute JOIN praise ON praise.id = dispute.praise_id
             WHERE ",
            within!("dispute.id"),
            " AND dispute.state = 'lost'
               AND praise.state IN ('held', 'due', 'frozen', 'disputed')
               -- After a payout was sent back, the loss is a debt that the next payouts net.
               AND NOT (praise.state = 'due' AND EXISTS (
                 SELECT 1 FROM payout_line AS line JOIN payout_part AS part ON part.id = line.part_id
                 WHERE line.praise_id = praise.id AND part.state = 'sent_back'))
             UNION ALL
             SELECT dispute.id, 'refund ' || refund.id, NULL FROM dispute
             JOIN refund ON refund.payment_id = dispute.payment_id
             WHERE ",
            within!("dispute.id"),
            " AND dispute.state = 'lost' AND refund.created_at > dispute.state_at"
        ),
    },
    Check {
        name: "what was lost on its way to a writer is booked as a debt until it has arrived",
        steps: &[],
        sql: "SELECT account_id || ':' || currency AS subject, 'owes ' || owed_minor AS detail,
                     account_id
              FROM writer_owes WHERE owed_minor < 0",
    },
    Check {
        name: "an open dispute has its task and a job that asks about it",
        steps: &[step!(of "dispute", "id")],
        sql: concat!(
            "SELECT dispute.id AS subject, 'state ' || dispute.state AS detail FROM dispute
             WHERE ",
            within!("dispute.id"),
            " AND (
               (state = 'open') <> EXISTS (
                 SELECT 1 FROM operator_task WHERE kind = 'dispute' AND subject_id = dispute.id
                   AND closed_at IS NULL)
               OR (state = 'open') <> EXISTS (
                 SELECT 1 FROM job WHERE kind = 'poll_dispute' AND subject_id = dispute.id
                   AND done_at IS NULL))"
        ),
    },
];
