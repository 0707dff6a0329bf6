//! Deadlines: nothing waits past its time, or without a job that will take it up.

use super::check::{Check, step, within};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "no attempt waits past its time",
        steps: &[],
        sql: "SELECT id AS subject, 'expired at ' || expires_at AS detail
              FROM intent INDEXED BY intent_open
              WHERE state = 'awaiting_payment' AND expires_at < CAST(?1 AS INTEGER)",
    },
    Check {
        name: "no order is open without a job that asks about it",
        steps: &[],
        sql: "SELECT o.id AS subject, 'state ' || o.state AS detail
              FROM provider_order AS o INDEXED BY provider_order_one_open
              WHERE o.state IN ('created', 'open') AND NOT EXISTS (
                SELECT 1 FROM job
                WHERE kind = 'poll_order' AND subject_id = o.id AND done_at IS NULL)",
    },
    Check {
        name: "no refund is open without a job that moves it",
        steps: &[],
        sql: "SELECT refund.id AS subject, 'state ' || refund.state AS detail
              FROM refund INDEXED BY refund_open
              WHERE refund.state IN ('queued', 'sent', 'abnormal') AND NOT EXISTS (
                SELECT 1 FROM job WHERE kind IN ('send_refund', 'poll_refund')
                  AND subject_id = refund.id AND done_at IS NULL)",
    },
    Check {
        name: "no call waits in the outbox without a job that sends it",
        steps: &[step!(of "outbox", ("operation", "number"))],
        sql: concat!(
            "SELECT number AS subject, operation || ' of ' || created_at AS detail FROM outbox
             WHERE ",
            within!("operation", "number"),
            " AND done_at IS NULL AND NOT EXISTS (
               SELECT 1 FROM job
               WHERE kind IN ('create_order', 'poll_order', 'send_refund', 'poll_refund',
                              'move_payout')
                 AND subject_id = outbox.number AND done_at IS NULL)"
        ),
    },
    Check {
        name: "the self-check runs every night",
        steps: &[],
        sql: "SELECT 'nightly' AS subject, 'no job' AS detail
              FROM (SELECT 1 FROM movement LIMIT 1)
              WHERE NOT EXISTS (
                SELECT 1 FROM job
                WHERE kind = 'self_check' AND subject_id = 'nightly' AND done_at IS NULL)",
    },
    Check {
        name: "no message is stored without being processed or waiting for a job",
        steps: &[step!(of "provider_event", ("provider", "event_id"))],
        sql: concat!(
            "SELECT event_id AS subject, 'received at ' || received_at AS detail
             FROM provider_event
             WHERE ",
            within!("provider", "event_id"),
            " AND processed_at IS NULL AND NOT EXISTS (
               SELECT 1 FROM job WHERE kind = 'process_event' AND done_at IS NULL
                 AND subject_id = provider_event.provider || ':' || provider_event.event_id)"
        ),
    },
];
