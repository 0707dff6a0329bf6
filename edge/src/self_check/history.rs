//! Events: the last event of each row agrees with its state.

use super::check::{Check, step, within};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "the last event of everything with a state says that state",
        steps: &[
            step!(of "intent", "id"),
            step!(of "provider_order", "id"),
            step!(of "praise", "id"),
            step!(of "refund", "id"),
            step!(of "payout", "id"),
            step!(of "payout_part", "id"),
            step!(of "dispute", "id"),
            step!(of "freeze", "id"),
        ],
        sql: concat!(
            "SELECT subject_id AS subject,
                    machine || ' event ' || coalesce(said, 'none') || ', row ' || state AS detail
             FROM (SELECT *, (SELECT to_state FROM event
                              WHERE event.subject_id = thing.subject_id
                                AND event.machine = thing.machine
                              ORDER BY event.id DESC LIMIT 1) AS said
                   FROM (SELECT 'intent' AS machine, id AS subject_id, state FROM intent WHERE ",
            within!("id"),
            "            UNION ALL SELECT 'provider_order', id, state FROM provider_order WHERE ",
            within!("id"),
            "            UNION ALL SELECT 'praise', id, state FROM praise WHERE ",
            within!("id"),
            "            UNION ALL SELECT 'refund', id, state FROM refund WHERE ",
            within!("id"),
            "            UNION ALL SELECT * FROM (
                           SELECT 'payout', id, state FROM payout WHERE ",
            within!("id"),
            "              UNION ALL SELECT 'payout_part', id, state FROM payout_part WHERE ",
            within!("id"),
            "              UNION ALL SELECT 'dispute', id, state FROM dispute WHERE ",
            within!("id"),
            "              UNION ALL SELECT 'freeze', id, state FROM freeze WHERE ",
            within!("id"),
            ")) AS thing)
             WHERE said IS NOT state"
        ),
    },
    Check {
        name: "each event goes on where the one before ended",
        steps: &[step!(of "event INDEXED BY event_by_subject", "subject_id", rows " * 4")],
        sql: concat!(
            "SELECT subject_id AS subject,
                    machine || ' event ' || id || ' from ' || from_state || ' after ' || before
                      AS detail
             FROM (SELECT *, lag(to_state, 1, '') OVER (
                               PARTITION BY machine, subject_id ORDER BY id) AS before
                   FROM event INDEXED BY event_by_subject
                   WHERE ",
            within!("subject_id"),
            ")
             WHERE from_state <> before"
        ),
    },
];
