//! Deadlines: nothing waits past its time, or without a job that will take it up.

use super::Check;

pub(super) const CHECKS: &[Check] = &[
    (
        "no attempt waits past its time",
        "SELECT id AS subject, 'expired at ' || expires_at AS detail FROM intent
         WHERE state = 'awaiting_payment' AND expires_at < CAST(?1 AS INTEGER)",
    ),
    (
        "no order is open without a job that asks about it",
        "SELECT o.id AS subject, 'state ' || o.state AS detail FROM provider_order AS o
         WHERE ?1 IS NOT NULL AND o.state IN ('created', 'open') AND NOT EXISTS (
           SELECT 1 FROM job WHERE kind = 'poll_order' AND subject_id = o.id AND done_at IS NULL)",
    ),
    (
        "no refund is open without a job that moves it",
        "SELECT refund.id AS subject, 'state ' || refund.state AS detail FROM refund
         WHERE ?1 IS NOT NULL AND refund.state IN ('queued', 'sent', 'abnormal') AND NOT EXISTS (
           SELECT 1 FROM job WHERE kind IN ('send_refund', 'poll_refund')
             AND subject_id = refund.id AND done_at IS NULL)",
    ),
    (
        "no call waits in the outbox without a job that sends it",
        "SELECT number AS subject, operation || ' of ' || created_at AS detail FROM outbox
         WHERE ?1 IS NOT NULL AND done_at IS NULL AND NOT EXISTS (
           SELECT 1 FROM job WHERE subject_id = outbox.number AND done_at IS NULL)",
    ),
    (
        "no message is stored without being processed or waiting for a job",
        "SELECT event_id AS subject, 'received at ' || received_at AS detail FROM provider_event
         WHERE ?1 IS NOT NULL AND processed_at IS NULL AND NOT EXISTS (
           SELECT 1 FROM job WHERE kind = 'process_event' AND done_at IS NULL
             AND subject_id = provider_event.provider || ':' || provider_event.event_id)",
    ),
];
