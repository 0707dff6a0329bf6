//! Tampering with payouts.

use shared::calendar::Moment;
use shared::money::Currency;

use super::Tampering;
use crate::support::people::Fixture;

/// A transfer on its way, a praise that is due, and one that is held.
pub fn fixture() -> Fixture {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, article, reader, .. } = &fixture;
    world.give_praise(reader, article, 1000);
    world.advance_minutes(24 * 60);
    world.give_praise(reader, article, 2000);
    world.inject_provider_fault("pay_out", "confirm", 1);
    world.advance_to(Moment::from_rfc3339("2026-11-28T17:00:00Z").unwrap());
    assert_eq!(world.text("SELECT state FROM payout"), "awaiting_confirmation");
    fixture
}

/// Each check, and the SQL changes that it must report. They are made without the triggers.
pub const TAMPERING: &[Tampering] = &[
    (
        "a payout is the sum of its parts, and a part of its lines",
        &[
            "UPDATE payout SET gross_minor = gross_minor + 1",
            "UPDATE payout SET debt_minor = 1",
            "UPDATE payout_part SET gross_minor = gross_minor - 1",
            "UPDATE payout_line SET amount_minor = amount_minor + 1",
            "DELETE FROM payout_part",
            "DELETE FROM payout_line",
        ],
    ),
    (
        "each praise in a payout is in exactly one line that counts",
        &[
            "DELETE FROM payout_line",
            "UPDATE payout_line SET released_at = 1",
            "UPDATE payout_line SET amount_minor = amount_minor + 1",
            "UPDATE praise SET state = 'due' WHERE state = 'in_payout'",
            "UPDATE praise SET state = 'paid_out' WHERE state = 'in_payout'",
            "UPDATE payout_part SET state = 'succeeded'",
            "UPDATE payout SET currency = 'USD'",
            "UPDATE payout SET account_id = 'somebody'",
        ],
    ),
    (
        "a line is released exactly when its part did not reach the writer for good",
        &["UPDATE payout_line SET released_at = 1", "UPDATE payout_part SET state = 'failed'"],
    ),
    (
        "a payout stands as its parts do",
        &[
            "UPDATE payout SET state = 'succeeded'",
            "UPDATE payout SET state = 'waiting'",
            "UPDATE payout_part SET state = 'failed'",
            "DELETE FROM payout_part",
        ],
    ),
    (
        "a payee's day is what its transfers take",
        &[
            "UPDATE payee_day SET sent_minor = sent_minor - 1",
            "DELETE FROM payee_day",
            "UPDATE payout_part SET send_day = '2026-11-30'",
        ],
    ),
    (
        "nothing is held past its day without a job that settles it",
        &["UPDATE praise SET due_at = paid_at + 1 WHERE state = 'held'; DELETE FROM job"],
    ),
    (
        "nothing is due or waits without a job that pays it out",
        &[
            "UPDATE praise SET state = 'due'; DELETE FROM job",
            "UPDATE payout SET state = 'waiting'; DELETE FROM job",
        ],
    ),
    (
        "no transfer is open without a job that moves it",
        &[
            "DELETE FROM job WHERE kind = 'move_payout'",
            "UPDATE job SET done_at = 1 WHERE kind = 'move_payout'",
        ],
    ),
    (
        "paying_out is minus the transfers that are open",
        &[
            "UPDATE payout_part SET state = 'succeeded'",
            "UPDATE payout_part SET gross_minor = gross_minor + 1",
            "UPDATE payout_part SET debt_minor = 1",
            "UPDATE ledger_balance SET owner = 'somebody' WHERE account = 'paying_out'",
        ],
    ),
    (
        "the last event of everything with a state says that state",
        &["UPDATE payout SET state = 'sent'", "UPDATE payout_part SET state = 'sent'"],
    ),
];
