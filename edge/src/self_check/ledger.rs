//! The ledger: balances agree with the entries, and entries with the rows that caused them.

use super::Check;

pub(super) const CHECKS: &[Check] = &[
    (
        "every transaction is sealed and sums to zero per currency",
        "SELECT t.id AS subject,
                'sealed ' || t.sealed || ', entries ' || count(e.line)
                  || ', sum ' || coalesce(sum(e.amount_minor), 0) AS detail
         FROM ledger_transaction AS t LEFT JOIN ledger_entry AS e ON e.transaction_id = t.id
         WHERE ?1 IS NOT NULL
         GROUP BY t.id, e.currency
         HAVING t.sealed <> 1 OR count(e.line) < 2 OR sum(e.amount_minor) <> 0",
    ),
    (
        "each balance is the sum of its entries",
        "SELECT account || ':' || owner || ':' || currency AS subject,
                'balance ' || sum(kept) || ', entries ' || sum(summed) AS detail
         FROM (SELECT account, owner, currency, balance_minor AS kept, 0 AS summed
               FROM ledger_balance
               UNION ALL
               SELECT account, owner, currency, 0, amount_minor FROM ledger_entry)
         WHERE ?1 IS NOT NULL
         GROUP BY account, owner, currency HAVING sum(kept) <> sum(summed)",
    ),
    (
        "writer_held, writer_due and writer_disputed are minus the praises in those states",
        "SELECT subject, 'ledger ' || sum(ledger) || ', praises ' || sum(praises) AS detail
         FROM (SELECT account || ':' || owner || ':' || currency AS subject,
                      -amount_minor AS ledger, 0 AS praises
               FROM ledger_entry
               WHERE account IN ('writer_held', 'writer_due', 'writer_disputed')
               UNION ALL
               SELECT CASE WHEN state = 'disputed' THEN 'writer_disputed:'
                           WHEN matured = 1 THEN 'writer_due:'
                           ELSE 'writer_held:' END || account_id || ':' || currency,
                      0, amount_minor
               FROM praise WHERE state IN ('held', 'due', 'frozen', 'disputed'))
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING sum(ledger) <> sum(praises)",
    ),
    (
        "returning is minus the open refunds",
        "SELECT currency AS subject, 'ledger ' || sum(ledger) || ', refunds ' || sum(refunds) AS detail
         FROM (SELECT currency, -amount_minor AS ledger, 0 AS refunds
               FROM ledger_entry WHERE account = 'returning'
               UNION ALL
               SELECT currency, 0, amount_minor FROM refund
               WHERE state IN ('queued', 'sent', 'abnormal'))
         WHERE ?1 IS NOT NULL
         GROUP BY currency HAVING sum(ledger) <> sum(refunds)",
    ),
    (
        "suspense is minus the open cases",
        "SELECT currency AS subject, 'ledger ' || sum(ledger) || ', cases ' || sum(cases) AS detail
         FROM (SELECT currency, -amount_minor AS ledger, 0 AS cases
               FROM ledger_entry WHERE account = 'suspense'
               UNION ALL
               SELECT payment.currency, 0, payment.amount_minor
               FROM suspense_case JOIN payment ON payment.id = suspense_case.payment_id
               WHERE suspense_case.closed_at IS NULL)
         WHERE ?1 IS NOT NULL
         GROUP BY currency HAVING sum(ledger) <> sum(cases)",
    ),
    (
        "paying_out is minus the transfers that are open",
        "SELECT subject, 'ledger ' || sum(ledger) || ', transfers ' || sum(parts) AS detail
         FROM (SELECT owner || ':' || currency AS subject, -amount_minor AS ledger, 0 AS parts
               FROM ledger_entry WHERE account = 'paying_out'
               UNION ALL
               SELECT payout.account_id || ':' || payout.currency, 0,
                      part.gross_minor - part.debt_minor
               FROM payout_part AS part JOIN payout ON payout.id = part.payout_id
               WHERE part.state IN ('queued', 'sent', 'awaiting_confirmation'))
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING sum(ledger) <> sum(parts)",
    ),
    (
        "dispute_clearing is the open disputes",
        "SELECT currency AS subject, 'ledger ' || sum(ledger) || ', disputes ' || sum(disputes) AS detail
         FROM (SELECT currency, amount_minor AS ledger, 0 AS disputes
               FROM ledger_entry WHERE account = 'dispute_clearing'
               UNION ALL
               SELECT currency, 0, amount_minor FROM dispute WHERE state = 'open')
         WHERE ?1 IS NOT NULL
         GROUP BY currency HAVING sum(ledger) <> sum(disputes)",
    ),
    (
        "provider_unsettled is the movements that no bill has confirmed",
        "SELECT subject, 'ledger ' || sum(ledger) || ', movements ' || sum(moved) AS detail
         FROM (SELECT owner || ':' || currency AS subject, amount_minor AS ledger, 0 AS moved
               FROM ledger_entry WHERE account = 'provider_unsettled'
               UNION ALL
               SELECT provider || ':' || currency, 0, amount_minor
               FROM movement WHERE matched_at IS NULL)
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING sum(ledger) <> sum(moved)",
    ),
    (
        "every payment, refund, transfer and dispute that moved money is a movement",
        "SELECT subject, 'moved ' || sum(moved) || ', written down ' || sum(written) AS detail
         FROM (SELECT provider || ':' || kind || ':' || currency AS subject,
                      0 AS moved, amount_minor AS written
               FROM movement
               UNION ALL
               SELECT provider || ':payment:' || currency, amount_minor, 0 FROM payment
               UNION ALL
               SELECT payment.provider || ':refund:' || refund.currency, -refund.amount_minor, 0
               FROM refund JOIN payment ON payment.id = refund.payment_id
               WHERE refund.state = 'succeeded'
               UNION ALL
               SELECT payout.provider || iif(back.yes, ':payout_returned:', ':payout:')
                        || payout.currency,
                      iif(back.yes, 1, -1) * (part.gross_minor - part.debt_minor), 0
               FROM payout_part AS part JOIN payout ON payout.id = part.payout_id
               JOIN (SELECT 0 AS yes UNION ALL SELECT 1) AS back
                 ON part.state = 'sent_back' OR (part.state = 'succeeded' AND back.yes = 0)
               UNION ALL
               SELECT provider || ':dispute' || won.suffix || ':' || currency,
                      iif(won.suffix = '', -1, 1) * amount_minor, 0
               FROM dispute JOIN (SELECT '' AS suffix UNION ALL SELECT '_won') AS won
                 ON won.suffix = '' OR dispute.state = 'won')
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING sum(moved) <> sum(written)",
    ),
];
