//! The ledger: balances agree with the entries, and entries with the rows that caused them.
//!
//! The first check compares each balance with its entries. The others compare the balances with the
//! rows that caused them.

use super::check::{Check, step, within};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "every transaction is sealed and sums to zero per currency",
        steps: &[step!(of "ledger_transaction", "id")],
        sql: concat!(
            "SELECT t.id AS subject,
                    'sealed ' || t.sealed || ', entries ' || count(e.line)
                      || ', sum ' || coalesce(sum(e.amount_minor), 0) AS detail
             FROM ledger_transaction AS t LEFT JOIN ledger_entry AS e ON e.transaction_id = t.id
             WHERE ",
            within!("t.id"),
            " GROUP BY t.id, e.currency
             HAVING t.sealed <> 1 OR count(e.line) < 2 OR sum(e.amount_minor) <> 0"
        ),
    },
    Check {
        name: "each balance is the sum of its entries",
        steps: &[
            step!(of "ledger_balance", ("account", "owner")),
            step!(of "ledger_entry INDEXED BY ledger_entry_by_account", ("account", "owner"),
                  rows " * 40"),
        ],
        sql: concat!(
            "SELECT account || ':' || owner || ':' || currency AS subject,
                    'balance ' || sum(kept) || ', entries ' || sum(summed) AS detail,
                    iif(account LIKE 'writer_%' OR account = 'paying_out', owner, NULL)
                      AS account_id
             FROM (SELECT account, owner, currency, balance_minor AS kept, 0 AS summed
                   FROM ledger_balance WHERE ",
            within!("account", "owner"),
            "      UNION ALL
                   SELECT account, owner, currency, 0, sum(amount_minor)
                   FROM ledger_entry INDEXED BY ledger_entry_by_account WHERE ",
            within!("account", "owner"),
            "      GROUP BY account, owner, currency)
             GROUP BY account, owner, currency HAVING sum(kept) <> sum(summed)"
        ),
    },
    Check {
        name: "writer_held, writer_due and writer_disputed are minus the praises in those states",
        steps: &[
            step!(of "official_account", "id"),
            step!(of "praise INDEXED BY praise_owed", "account_id",
                  if "state IN ('held', 'due', 'frozen', 'disputed')", rows " * 40"),
        ],
        sql: concat!(
            "SELECT account || ':' || owner || ':' || currency AS subject,
                    'ledger ' || sum(ledger) || ', praises ' || sum(praises) AS detail,
                    owner AS account_id
             FROM (SELECT account, owner, currency, -balance_minor AS ledger, 0 AS praises
                   FROM ledger_balance
                   WHERE account IN ('writer_held', 'writer_due', 'writer_disputed') AND ",
            within!("owner"),
            "      UNION ALL
                   SELECT CASE WHEN state = 'disputed' THEN 'writer_disputed'
                               WHEN matured = 1 THEN 'writer_due'
                               ELSE 'writer_held' END,
                          account_id, currency, 0, amount_minor
                   FROM praise INDEXED BY praise_owed
                   WHERE state IN ('held', 'due', 'frozen', 'disputed') AND ",
            within!("account_id"),
            ")
             GROUP BY account, owner, currency HAVING sum(ledger) <> sum(praises)"
        ),
    },
    Check {
        name: "returning is minus the open refunds",
        steps: &[],
        sql: "SELECT currency AS subject,
                     'ledger ' || sum(ledger) || ', refunds ' || sum(refunds) AS detail
              FROM (SELECT currency, -balance_minor AS ledger, 0 AS refunds
                    FROM ledger_balance WHERE account = 'returning'
                    UNION ALL
                    SELECT currency, 0, amount_minor FROM refund INDEXED BY refund_open
                    WHERE state IN ('queued', 'sent', 'abnormal'))
              GROUP BY currency HAVING sum(ledger) <> sum(refunds)",
    },
    Check {
        name: "suspense is minus the open cases",
        steps: &[],
        sql: "SELECT currency AS subject,
                     'ledger ' || sum(ledger) || ', cases ' || sum(cases) AS detail
              FROM (SELECT currency, -balance_minor AS ledger, 0 AS cases
                    FROM ledger_balance WHERE account = 'suspense'
                    UNION ALL
                    SELECT payment.currency, 0, payment.amount_minor
                    FROM suspense_case INDEXED BY suspense_case_open
                    JOIN payment ON payment.id = suspense_case.payment_id
                    WHERE suspense_case.closed_at IS NULL)
              GROUP BY currency HAVING sum(ledger) <> sum(cases)",
    },
    Check {
        name: "paying_out is minus the transfers that are open",
        steps: &[],
        sql: "SELECT owner || ':' || currency AS subject,
                     'ledger ' || sum(ledger) || ', transfers ' || sum(parts) AS detail,
                     owner AS account_id
              FROM (SELECT owner, currency, -balance_minor AS ledger, 0 AS parts
                    FROM ledger_balance WHERE account = 'paying_out'
                    UNION ALL
                    SELECT payout.account_id, payout.currency, 0,
                           part.gross_minor - part.debt_minor
                    FROM payout_part AS part INDEXED BY payout_part_open
                    JOIN payout ON payout.id = part.payout_id
                    WHERE part.state IN ('queued', 'sent', 'awaiting_confirmation'))
              GROUP BY owner, currency HAVING sum(ledger) <> sum(parts)",
    },
    Check {
        name: "dispute_clearing is the open disputes",
        steps: &[],
        sql: "SELECT currency AS subject,
                     'ledger ' || sum(ledger) || ', disputes ' || sum(disputes) AS detail
              FROM (SELECT currency, balance_minor AS ledger, 0 AS disputes
                    FROM ledger_balance WHERE account = 'dispute_clearing'
                    UNION ALL
                    SELECT currency, 0, amount_minor FROM dispute INDEXED BY dispute_one_open
                    WHERE state = 'open')
              GROUP BY currency HAVING sum(ledger) <> sum(disputes)",
    },
    Check {
        name: "provider_unsettled is the movements that no bill has confirmed",
        steps: &[],
        sql: "SELECT subject, 'ledger ' || sum(ledger) || ', movements ' || sum(moved) AS detail
              FROM (SELECT owner || ':' || currency AS subject, balance_minor AS ledger, 0 AS moved
                    FROM ledger_balance WHERE account = 'provider_unsettled'
                    UNION ALL
                    SELECT provider || ':' || currency, 0, sum(amount_minor)
                    FROM movement INDEXED BY movement_open WHERE matched_at IS NULL
                    GROUP BY provider, currency)
              GROUP BY subject HAVING sum(ledger) <> sum(moved)",
    },
    Check {
        name: "every payment, refund, transfer and dispute that moved money is a movement",
        steps: &[
            step!(of "payment", "id"),
            step!(of "refund", "id"),
            step!(of "payout_part", "id"),
            step!(of "dispute", "id"),
        ],
        sql: concat!(
            "SELECT subject, kind || ' of ' || amount_minor || ' ' || currency AS detail
             FROM (SELECT id AS subject, provider, 'payment' AS kind, transaction_id AS number,
                          currency, amount_minor
                   FROM payment WHERE ",
            within!("id"),
            "      UNION ALL
                   SELECT refund.id, payment.provider, 'refund', refund.id, refund.currency,
                          -refund.amount_minor
                   FROM refund JOIN payment ON payment.id = refund.payment_id
                   WHERE refund.state = 'succeeded' AND ",
            within!("refund.id"),
            "      UNION ALL
                   SELECT part.id, payout.provider, iif(back.yes, 'payout_returned', 'payout'),
                          part.id, payout.currency,
                          iif(back.yes, 1, -1) * (part.gross_minor - part.debt_minor)
                   FROM payout_part AS part JOIN payout ON payout.id = part.payout_id
                   JOIN (SELECT 0 AS yes UNION ALL SELECT 1) AS back
                     ON part.state = 'sent_back' OR (part.state = 'succeeded' AND back.yes = 0)
                   WHERE part.gross_minor > part.debt_minor AND ",
            within!("part.id"),
            "      UNION ALL
                   SELECT id, provider, 'dispute' || won.suffix, number, currency,
                          iif(won.suffix = '', -1, 1) * amount_minor
                   FROM dispute JOIN (SELECT '' AS suffix UNION ALL SELECT '_won') AS won
                     ON won.suffix = '' OR dispute.state = 'won'
                   WHERE ",
            within!("dispute.id"),
            ") AS moved
             WHERE NOT EXISTS (
               SELECT 1 FROM movement
               WHERE movement.provider = moved.provider AND movement.kind = moved.kind
                 AND movement.number = moved.number AND movement.currency = moved.currency
                 AND movement.amount_minor = moved.amount_minor)"
        ),
    },
    Check {
        name: "every movement is of a payment, refund, transfer or dispute",
        steps: &[step!(of "movement", ("provider", "kind", "number"))],
        sql: concat!(
            "SELECT provider || ':' || kind || ':' || number AS subject,
                    amount_minor || ' ' || currency AS detail, account_id
             FROM movement WHERE ",
            within!("provider", "kind", "number"),
            " AND NOT CASE kind
               WHEN 'payment' THEN EXISTS (
                 SELECT 1 FROM payment WHERE payment.provider = movement.provider
                   AND payment.transaction_id = movement.number)
               WHEN 'refund' THEN EXISTS (
                 SELECT 1 FROM refund WHERE refund.id = movement.number AND state = 'succeeded')
               WHEN 'payout' THEN EXISTS (
                 SELECT 1 FROM payout_part AS part
                 WHERE part.id = movement.number AND part.state IN ('succeeded', 'sent_back'))
               WHEN 'payout_returned' THEN EXISTS (
                 SELECT 1 FROM payout_part AS part
                 WHERE part.id = movement.number AND part.state = 'sent_back')
               WHEN 'dispute' THEN EXISTS (
                 SELECT 1 FROM dispute WHERE dispute.provider = movement.provider
                   AND dispute.number = movement.number)
               ELSE EXISTS (
                 SELECT 1 FROM dispute WHERE dispute.provider = movement.provider
                   AND dispute.number = movement.number AND state = 'won') END"
        ),
    },
];
