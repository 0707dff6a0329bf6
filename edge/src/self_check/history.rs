//! Events: the last event of each row agrees with its state.

use super::Check;

pub(super) const CHECKS: &[Check] = &[
    (
        "the last event of everything with a state says that state",
        "SELECT subject_id AS subject,
                machine || ' event ' || coalesce(to_state, 'none') || ', row ' || state AS detail
         FROM (SELECT 'intent' AS machine, id AS subject_id, state FROM intent
               UNION ALL SELECT 'provider_order', id, state FROM provider_order
               UNION ALL SELECT 'praise', id, state FROM praise
               UNION ALL SELECT 'refund', id, state FROM refund
               UNION ALL SELECT * FROM (
                 SELECT 'payout', id, state FROM payout
                 UNION ALL SELECT 'payout_part', id, state FROM payout_part
                 UNION ALL SELECT 'dispute', id, state FROM dispute
                 UNION ALL SELECT 'freeze', id, state FROM freeze)) AS thing
         LEFT JOIN (SELECT machine AS m, subject_id AS s, to_state, max(id) FROM event
                    GROUP BY machine, subject_id) ON m = machine AND s = subject_id
         WHERE ?1 IS NOT NULL AND to_state IS NOT state",
    ),
    (
        "each event goes on where the one before ended",
        "SELECT subject_id AS subject,
                machine || ' event ' || id || ' from ' || from_state || ' after ' || before AS detail
         FROM (SELECT *, lag(to_state, 1, '') OVER (PARTITION BY machine, subject_id ORDER BY id)
                      AS before FROM event)
         WHERE ?1 IS NOT NULL AND from_state <> before",
    ),
];
