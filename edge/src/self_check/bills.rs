//! Bills: the ledger agrees with what they confirmed, and no row is left unprocessed.

use super::check::{Check, step, within};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "a movement is matched exactly when a row of a bill is",
        steps: &[
            step!(of "movement", ("provider", "kind", "number")),
            step!(of "bill_row", ("provider", "kind", "number"), if "state = 'matched'"),
        ],
        sql: concat!(
            "SELECT provider || ':' || kind || ':' || number || ':' || currency || ':'
                      || amount_minor AS subject,
                    'movements ' || sum(moved) || ', rows ' || sum(billed) AS detail
             FROM (SELECT provider, kind, number, currency, amount_minor, 1 AS moved, 0 AS billed
                   FROM movement WHERE matched_at IS NOT NULL AND explanation_id IS NULL
                     AND ",
            within!("provider", "kind", "number"),
            "      UNION ALL
                   SELECT provider, kind, number, currency, amount_minor, 0, 1
                   FROM bill_row WHERE state = 'matched' AND ",
            within!("provider", "kind", "number"),
            ")
             GROUP BY provider, kind, number, currency, amount_minor
             HAVING sum(moved) <> sum(billed)"
        ),
    },
    Check {
        name: "provider_settled is the settled rows and the operator's funds without the fees",
        steps: &[],
        // Funds that a row has confirmed are counted with their row.
        sql: "SELECT subject, 'ledger ' || sum(ledger) || ', rows ' || sum(billed) AS detail
              FROM (SELECT owner || ':' || currency AS subject, balance_minor AS ledger, 0 AS billed
                    FROM ledger_balance WHERE account = 'provider_settled'
                    UNION ALL
                    SELECT provider || ':' || currency, 0, sum(amount_minor - fee_minor)
                    FROM bill_row INDEXED BY bill_row_settled
                    WHERE state IN ('matched', 'explained')
                    GROUP BY provider, currency
                    UNION ALL
                    SELECT provider || ':' || currency, 0, amount_minor FROM funds_transfer
                    WHERE approved_at IS NOT NULL AND explanation_id IS NULL)
              GROUP BY subject HAVING sum(ledger) <> sum(billed)",
    },
    Check {
        name: "operator_funds is what two operators have added and withdrawn",
        steps: &[],
        sql: "SELECT currency AS subject,
                     'ledger ' || sum(ledger) || ', funds ' || sum(funds) AS detail
              FROM (SELECT currency, -balance_minor AS ledger, 0 AS funds
                    FROM ledger_balance WHERE account = 'operator_funds'
                    UNION ALL
                    SELECT currency, 0, amount_minor FROM funds_transfer
                    WHERE approved_at IS NOT NULL)
              GROUP BY currency HAVING sum(ledger) <> sum(funds)",
    },
    Check {
        name: "provider_fee is the fees of the settled rows and what was explained as fees",
        steps: &[],
        sql: "SELECT subject, 'ledger ' || sum(ledger) || ', rows ' || sum(billed) AS detail
              FROM (SELECT owner || ':' || currency AS subject, balance_minor AS ledger, 0 AS billed
                    FROM ledger_balance WHERE account = 'provider_fee'
                    UNION ALL
                    SELECT provider || ':' || currency, 0, sum(fee_minor)
                    FROM bill_row INDEXED BY bill_row_settled
                    WHERE state IN ('matched', 'explained')
                    GROUP BY provider, currency
                    UNION ALL
                    SELECT d.provider || ':' || d.currency, 0, e.amount_minor
                    FROM bill_explanation AS e JOIN bill_difference AS d ON d.id = e.difference_id
                    WHERE e.approved_at IS NOT NULL AND e.posting = 'provider_fee')
              GROUP BY subject HAVING sum(ledger) <> sum(billed)",
    },
    Check {
        name: "an explanation has settled its row, and what it explains",
        steps: &[],
        // The settled movements must equal the row plus the rest that was posted elsewhere.
        sql: "SELECT e.id AS subject, e.posting || ' of ' || d.kind AS detail
              FROM bill_explanation AS e JOIN bill_difference AS d ON d.id = e.difference_id
              LEFT JOIN bill_row AS r ON r.explanation_id = e.id AND r.provider = d.provider
                AND r.currency = d.currency AND r.day = d.day AND r.line = d.line
              WHERE e.approved_at IS NOT NULL AND (
                d.closed_at IS NOT e.approved_at
                OR (d.day IS NULL) <> (r.line IS NULL)
                OR iif(e.posting IN ('suspense', 'belongs_to') OR (e.posting = 'reversal'
                     AND e.amount_minor < 0), 0, e.amount_minor) + coalesce(r.amount_minor, 0) <> (
                  SELECT coalesce(sum(amount_minor), 0) FROM (
                    SELECT amount_minor FROM movement WHERE explanation_id = e.id
                    UNION ALL
                    SELECT amount_minor FROM funds_transfer WHERE explanation_id = e.id)))",
    },
    Check {
        name: "a bill has as many rows as it had when it was read",
        steps: &[
            step!(of "bill", ("provider", "currency", "day")),
            step!(of "bill_row", ("provider", "currency", "day"), rows " * 10"),
        ],
        sql: concat!(
            "SELECT bill.provider || ':' || bill.currency || ':' || bill.day AS subject,
                    'said ' || bill.row_count || ', has ' || count(bill_row.line) AS detail
             FROM bill LEFT JOIN bill_row ON bill_row.provider = bill.provider
               AND bill_row.currency = bill.currency AND bill_row.day = bill.day
             WHERE ",
            within!("bill.provider", "bill.currency", "bill.day"),
            " GROUP BY bill.provider, bill.currency, bill.day
             HAVING bill.row_count <> count(bill_row.line)"
        ),
    },
    Check {
        name: "no row of a bill waits longer than for the next day's",
        steps: &[],
        sql: "SELECT r.provider || ':' || r.currency || ':' || r.day || ':' || r.line AS subject,
                     r.kind || ' ' || r.number AS detail
              FROM bill_row AS r INDEXED BY bill_row_unmatched
              JOIN bill AS next ON next.provider = r.provider
                AND next.currency = r.currency AND next.day = date(r.day, '+1 day')
              WHERE r.state IN ('open', 'difference') AND r.state = 'open'
                AND next.worked_at IS NOT NULL",
    },
    Check {
        name: "a row that differs has its difference",
        steps: &[],
        // Almost all rows are matched, so only the indexes of the others are read.
        sql: "SELECT r.provider || ':' || r.currency || ':' || r.day || ':' || r.line AS subject,
                     r.kind || ' ' || r.number AS detail
              FROM bill_row AS r INDEXED BY bill_row_unmatched
              LEFT JOIN bill_difference AS d ON d.provider = r.provider AND d.currency = r.currency
                AND d.day = r.day AND d.line = r.line
              WHERE r.state IN ('open', 'difference')
                AND (r.state = 'difference') <> (d.id IS NOT NULL AND d.closed_at IS NULL)
              UNION ALL
              SELECT r.provider || ':' || r.currency || ':' || r.day || ':' || r.line,
                     r.kind || ' ' || r.number
              FROM bill_difference AS d INDEXED BY bill_difference_blocks
              JOIN bill_row AS r ON r.provider = d.provider AND r.currency = d.currency
                AND r.day = d.day AND r.line = d.line
              WHERE d.closed_at IS NULL AND r.state IN ('matched', 'explained')
              UNION ALL
              SELECT r.provider || ':' || r.currency || ':' || r.day || ':' || r.line,
                     r.kind || ' ' || r.number
              FROM bill_row AS r INDEXED BY bill_row_by_explanation
              WHERE r.explanation_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM bill_difference AS d
                WHERE d.provider = r.provider AND d.currency = r.currency AND d.day = r.day
                  AND d.line = r.line AND d.closed_at IS NOT NULL)",
    },
    Check {
        name: "a difference is open exactly as long as its task",
        steps: &[],
        sql: "SELECT subject,
                     'differences ' || sum(differences) || ', tasks ' || sum(tasks) AS detail
              FROM (SELECT id AS subject, 1 AS differences, 0 AS tasks
                    FROM bill_difference INDEXED BY bill_difference_blocks WHERE closed_at IS NULL
                    UNION ALL
                    SELECT subject_id, 0, 1 FROM operator_task INDEXED BY operator_task_open
                    WHERE kind = 'bill_difference' AND closed_at IS NULL)
              GROUP BY subject HAVING sum(differences) <> sum(tasks)",
    },
    Check {
        name: "no day is left out of the bills",
        steps: &[],
        sql: "SELECT subject_id AS subject, 'no job for the next day' AS detail FROM job
              WHERE kind = 'reconcile' AND done_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM job AS next WHERE next.kind = 'reconcile' AND next.subject_id =
                  substr(job.subject_id, 1, 4) || date(substr(job.subject_id, 5), '+1 day'))
              UNION ALL
              SELECT subject_id, 'done without its bill' FROM job
              WHERE kind = 'reconcile' AND done_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM bill
                WHERE currency || ':' || day = job.subject_id AND worked_at IS NOT NULL)",
    },
    Check {
        name: "no movement is from before the first bill",
        steps: &[step!(of "movement", ("provider", "kind", "number"))],
        sql: concat!(
            "SELECT provider || ':' || kind || ':' || number AS subject, 'at ' || at AS detail
             FROM movement
             WHERE ",
            within!("provider", "kind", "number"),
            " AND NOT EXISTS (
               SELECT 1 FROM job
               WHERE kind = 'reconcile' AND subject_id BETWEEN movement.currency || ':' AND
                 movement.currency || ':' || date(
                   movement.at / 1000 + iif(movement.currency = 'CNY', 28800, 0), 'unixepoch'))"
        ),
    },
];
