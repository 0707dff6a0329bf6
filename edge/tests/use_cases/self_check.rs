//! The self-check finds what somebody with direct access to the database has changed. Every check
//! has at least one violation here that it must report by name.

mod bills;
mod disputes;
mod linked_people;
mod nightly;
mod payouts;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use edge::provider::sandbox::cashier::CashierAction;
use edge::self_check;
use shared::machine::FreezeEnd;
use shared::money::{Currency, Money};

use crate::guards::fixture::assert_same;
use crate::support::people::Fixture;
use crate::support::world::World;

/// A fixture with one of everything: a praise after its undo window, a refund on its way, money in
/// suspense, an open attempt, and a stored message that was not processed.
fn full_fixture() -> Fixture {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, account, article, reader } = &fixture;
    world.give_praise(reader, article, 1000);
    let other = world.article(account, "Rain");
    let back = world.start_praise(reader, &other, 2000);
    world.freeze_and_return(&other);
    let suspect = world.article(account, "Hail");
    let freeze = world.freeze_article(&suspect);
    world.propose(&world.person("operator"), &freeze, FreezeEnd::Unfreeze);
    world.pay(&back);
    let odd = Money::new(700, Currency::Cny);
    let odd = world.provider_receives_unknown_order("ord_nobody", "tx-odd", odd);
    world.deliver(&world.sign_report("evt-odd", "ord_nobody", odd));
    let waiting = world.start_praise(reader, article, 3000);
    let left = world.start_praise(&world.person("bo"), article, 4000);
    let message = world.at_cashier(&left, CashierAction::Pay).remove(0);
    world.run(async |ctx| edge::payments::webhook::receive(ctx, &message).await.unwrap());
    assert_eq!(world.state_of(&waiting), "awaiting_payment");
    fixture
}

/// A check, and the SQL changes that it must report. They are made without the triggers.
type Tampering = (&'static str, &'static [&'static str]);

/// A consistent fixture, and everything that is tampered with in it.
type TamperedFixture = (fn() -> Fixture, &'static [Tampering]);

const FIXTURES: &[TamperedFixture] = &[
    (full_fixture, TAMPERING),
    (payouts::fixture, payouts::TAMPERING),
    (disputes::fixture, disputes::TAMPERING),
    (bills::fixture, bills::TAMPERING),
    (linked_people::fixture, linked_people::TAMPERING),
];

/// Tampering with praises, refunds and messages.
const TAMPERING: &[Tampering] = &[
    (
        "every transaction is sealed and sums to zero per currency",
        &[
            "UPDATE ledger_transaction SET sealed = 0",
            "UPDATE ledger_entry SET amount_minor = amount_minor + 1 WHERE line = 1",
            "UPDATE ledger_entry SET currency = 'USD' WHERE line = 1",
            "DELETE FROM ledger_entry WHERE line = 2",
            "DELETE FROM ledger_entry",
        ],
    ),
    (
        "each balance is the sum of its entries",
        &[
            "UPDATE ledger_balance SET balance_minor = balance_minor + 1",
            "DELETE FROM ledger_balance",
            "UPDATE ledger_entry SET owner = 'somebody' WHERE account = 'writer_held'",
            "INSERT INTO ledger_balance VALUES ('operator_loss', 'us', 'CNY', 5)",
        ],
    ),
    (
        "writer_held, writer_due and writer_disputed are minus the praises in those states",
        &[
            "UPDATE praise SET matured = 1",
            "UPDATE praise SET state = 'disputed'",
            "UPDATE praise SET state = 'returned'",
            "UPDATE praise SET amount_minor = amount_minor + 1",
            "UPDATE ledger_balance SET owner = 'somebody' WHERE account = 'writer_held'",
        ],
    ),
    (
        "returning is minus the open refunds",
        &[
            "UPDATE refund SET state = 'succeeded'",
            "UPDATE refund SET state = 'closed'",
            "DELETE FROM refund",
            "UPDATE refund SET amount_minor = amount_minor - 1",
        ],
    ),
    (
        "suspense is minus the open cases",
        &["UPDATE suspense_case SET closed_at = 1", "DELETE FROM suspense_case"],
    ),
    (
        "dispute_clearing is the open disputes",
        &["INSERT INTO dispute SELECT 'dsp', provider, 'bank', id, NULL, amount_minor, currency, 1,
             0, NULL, 'open', 1, NULL FROM payment WHERE fate = 'praise'"],
    ),
    (
        "provider_unsettled is the movements that no bill has confirmed",
        &[
            "UPDATE movement SET matched_at = 1",
            "UPDATE movement SET amount_minor = amount_minor + 1",
            "UPDATE movement SET currency = 'USD'",
            "DELETE FROM movement",
        ],
    ),
    (
        "every payment, refund, transfer and dispute that moved money is a movement",
        &[
            "UPDATE payment SET amount_minor = amount_minor + 1",
            "UPDATE payment SET currency = 'USD'",
            "UPDATE refund SET state = 'succeeded'",
            "UPDATE movement SET kind = 'dispute_won'",
            "DELETE FROM movement",
        ],
    ),
    (
        "every movement is of a payment, refund, transfer or dispute",
        &[
            "UPDATE movement SET number = number || 'x'",
            "UPDATE movement SET kind = 'refund'",
            "UPDATE movement SET kind = 'payout'",
            "UPDATE movement SET kind = 'payout_returned'",
            "UPDATE movement SET kind = 'dispute'",
            "UPDATE movement SET kind = 'dispute_won'",
        ],
    ),
    (
        "every payment has exactly its one fate",
        &[
            "UPDATE payment SET fate = 'return' WHERE fate = 'praise'",
            "UPDATE payment SET fate = 'suspense' WHERE fate = 'return'",
            "UPDATE payment SET fate = 'praise' WHERE fate = 'suspense'",
            "UPDATE refund SET state = 'closed'",
            "DELETE FROM praise",
        ],
    ),
    (
        "a praise is its payment and its intent",
        &[
            "UPDATE praise SET amount_minor = amount_minor + 1",
            "UPDATE praise SET currency = 'USD'",
            "UPDATE praise SET person_id = (SELECT owner_id FROM official_account)",
            "UPDATE praise SET article_id = (SELECT id FROM article WHERE status = 'frozen')",
            "UPDATE intent SET state = 'expired' WHERE state = 'paid'",
            "UPDATE payment SET intent_id = NULL WHERE fate = 'praise'",
        ],
    ),
    ("a paid intent has a praise", &["DELETE FROM praise"]),
    (
        "a returned intent has a payment that goes back",
        &["UPDATE payment SET fate = 'suspense' WHERE fate = 'return'"],
    ),
    (
        "an attempt knows its newest payment that did not become a praise",
        &["UPDATE intent SET money_back_at = 1", "UPDATE payment SET booked_at = 2"],
    ),
    (
        "a praise goes back exactly while its refund does",
        &[
            "UPDATE praise SET state = 'returning'",
            "UPDATE praise SET state = 'returned'",
            "UPDATE refund SET praise_id = (SELECT id FROM praise LIMIT 1)",
        ],
    ),
    (
        "a closed refund is replaced by another, once",
        &[
            "UPDATE refund SET state = 'closed'",
            "INSERT INTO refund (id, payment_id, replaces_id, amount_minor, currency, created_at,
                                 state, state_at)
             SELECT 'ref_more', payment_id, id, amount_minor, currency, 0, 'closed', 0 FROM refund",
        ],
    ),
    (
        "what nobody can explain or deliver is an operator's open task until it is over",
        &[
            "DELETE FROM operator_task",
            "UPDATE operator_task SET closed_at = 1, outcome = 'forgotten'",
            "UPDATE suspense_case SET closed_at = 1",
            "UPDATE refund SET state = 'abnormal'",
            "UPDATE refund SET state = 'succeeded';
             INSERT INTO operator_task SELECT 'refund_abnormal', id, 'late', 0, 1, NULL, NULL
             FROM refund",
        ],
    ),
    (
        "a reader's room is what the reader's attempts hold",
        &[
            "UPDATE reader_day SET reserved_minor = reserved_minor + 1",
            "DELETE FROM reader_day",
            "UPDATE reader_day SET day = '2026-11-21'",
            "UPDATE intent SET state = 'cancelled' WHERE state = 'awaiting_payment'",
        ],
    ),
    (
        "an article's day is what was booked for it",
        &[
            "UPDATE article_day SET booked_minor = booked_minor - 1",
            "DELETE FROM article_day",
            "UPDATE praise SET paid_day = '2026-11-21'",
        ],
    ),
    (
        "a writer's day is what was booked for all accounts",
        &["UPDATE writer_day SET booked_minor = booked_minor - 1", "DELETE FROM writer_day"],
    ),
    (
        "a payer's day is what was booked of it",
        &[
            "INSERT INTO payer_day VALUES ('sandbox', 'payer', 'CNY', '2026-11-22', 1, 5)",
            "UPDATE payment SET payer = 'payer'",
        ],
    ),
    (
        "no person has more open attempts than allowed",
        &["INSERT INTO intent
           SELECT 'int_' || value, person_id, article_id, account_id, amount_minor, currency,
             visibility, note, policy_version, reader_day, started_at, expires_at, NULL, NULL,
             'awaiting_payment', state_at, NULL, NULL
           FROM (SELECT * FROM intent LIMIT 1), json_each('[1, 2, 3, 4, 5, 6]')"],
    ),
    (
        "no payer's cap is exceeded",
        &["INSERT INTO payer_day VALUES ('sandbox', 'payer', 'CNY', '2026-11-22', 1, 100001)"],
    ),
    (
        "no cap is exceeded",
        &[
            "UPDATE reader_day SET reserved_minor = 100001",
            "UPDATE person SET kind = 'guest'; UPDATE reader_day SET reserved_minor = 20001",
            "UPDATE article_day SET booked_minor = 2000001",
            "UPDATE writer_day SET booked_minor = 5000001",
        ],
    ),
    (
        "nobody has praised an article of their own",
        &["UPDATE praise SET person_id = (SELECT owner_id FROM official_account)"],
    ),
    (
        "the wall's rows are what stands",
        &[
            "UPDATE wall_person SET standing = standing + 1",
            "UPDATE wall_person SET standing_public = 0, public_at = NULL",
            "UPDATE wall_person SET public_at = public_at + 1",
            "DELETE FROM wall_person",
            "UPDATE praise SET visibility = 'anonymous'",
            "INSERT INTO wall_person
             SELECT id, (SELECT owner_id FROM official_account), 1, 0, NULL FROM article LIMIT 1",
        ],
    ),
    (
        "the wall's counts are its rows",
        &[
            "UPDATE wall_count SET persons = persons + 1",
            "UPDATE wall_count SET persons_public = 0",
            "DELETE FROM wall_count",
        ],
    ),
    (
        "the last event of everything with a state says that state",
        &[
            "UPDATE intent SET state = 'expired' WHERE state = 'awaiting_payment'",
            "UPDATE provider_order SET state = 'closed' WHERE state = 'open'",
            "UPDATE praise SET state = 'frozen'",
            "UPDATE refund SET state = 'sent'",
            "DELETE FROM event",
            "DELETE FROM event WHERE machine = 'praise'",
        ],
    ),
    (
        "each event goes on where the one before ended",
        &[
            "DELETE FROM event WHERE from_state = ''",
            "UPDATE event SET from_state = 'declined' WHERE to_state = 'paid'",
        ],
    ),
    (
        "no attempt waits past its time",
        &["UPDATE intent SET expires_at = started_at + 1 WHERE state = 'awaiting_payment'"],
    ),
    (
        "no order is open without a job that asks about it",
        &[
            "DELETE FROM job WHERE kind = 'poll_order'",
            "UPDATE job SET done_at = 1 WHERE kind = 'poll_order'",
        ],
    ),
    (
        "no refund is open without a job that moves it",
        &["DELETE FROM job WHERE kind = 'send_refund'"],
    ),
    (
        "an article is frozen exactly while a freeze says so",
        &[
            "UPDATE article SET status = 'frozen' WHERE status = 'published'",
            "UPDATE article SET status = 'published' WHERE status = 'frozen'",
            "UPDATE freeze SET state = 'lifted'",
            "DELETE FROM operator_action; DELETE FROM freeze",
        ],
    ),
    (
        "every article is stored as its newest version, with its text",
        &[
            "UPDATE article SET version = version + 1",
            "UPDATE article SET title = 'Sun'",
            "UPDATE article_version SET summary = 'Sun'",
            "DELETE FROM article_text WHERE form = 'html'",
        ],
    ),
    (
        "no freeze waits without a job that moves it",
        &[
            "DELETE FROM job WHERE kind = 'freeze'",
            "UPDATE job SET done_at = 1 WHERE kind = 'freeze'",
            "UPDATE freeze SET state = 'returning'",
            "UPDATE praise SET article_id = (SELECT article_id FROM freeze WHERE state = 'returned')",
        ],
    ),
    ("no freeze waits past its time", &["UPDATE freeze SET appeal_until = opened_at + 1"]),
    (
        "no praise is frozen without a freeze, or one that is lifted and still at work",
        &["UPDATE praise SET state = 'frozen'"],
    ),
    (
        "nobody has approved what they have proposed",
        &["UPDATE operator_action SET approved_by = proposed_by, approved_at = 1"],
    ),
    ("no call waits in the outbox without a job that sends it", &["DELETE FROM job"]),
    ("the self-check runs every night", &["DELETE FROM job WHERE kind = 'self_check'"]),
    (
        "no message is stored without being processed or waiting for a job",
        &["DELETE FROM job WHERE kind = 'process_event'"],
    ),
];

#[test]
fn every_tampering_is_reported_by_name() {
    let all: Vec<_> = FIXTURES
        .iter()
        .flat_map(|(fixture, tamperings)| {
            tamperings.iter().map(move |(check, tamperings)| (fixture, check, tamperings))
        })
        .collect();
    // There are hundreds of tamperings, so they run in parallel.
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((fixture, check, tamperings)) =
                    all.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    for sql in **tamperings {
                        is_reported(**fixture, check, sql, *sql == tamperings[0]);
                    }
                }
            });
        }
    });
}

/// Asserts that a check reports a tampering; with `nightly`, that the nightly run does so too.
fn is_reported(fixture: fn() -> Fixture, check: &str, sql: &str, nightly: bool) {
    let Fixture { world, .. } = fixture();
    world.check();
    world.skip_self_check();
    if check.contains("past its time") {
        // The fifteen minutes of grace have passed.
        world.set_now(world.now().plus_minutes(16));
    }
    tamper(&world, sql);
    let found = world.violations();
    assert!(found.iter().any(|violation| violation.check == check), "{sql}: {found:#?}");
    if nightly {
        nightly::finds_the_same(&world, sql);
    }
}

/// Changes the database as somebody with direct access would.
fn tamper(world: &World, sql: &str) {
    for row in world.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'") {
        world.raw(&format!("DROP TRIGGER {}", row["name"].as_str().unwrap()));
    }
    let before = world.dump();
    world.raw("PRAGMA foreign_keys = OFF");
    world.raw("PRAGMA ignore_check_constraints = ON");
    world.raw(sql);
    assert_ne!(world.dump(), before, "{sql} changed nothing");
}

#[test]
fn every_check_has_a_tampering() {
    let known: BTreeSet<_> = self_check::names().collect();
    let tried = FIXTURES.iter().flat_map(|(_, tamperings)| *tamperings);
    let tried: BTreeSet<_> = tried.map(|(check, _)| *check).collect();
    assert_same(&tried, &known);
}

#[test]
fn an_overdue_attempt_is_reported_after_its_grace() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    let started = world.now();
    let intent_id = world.start_praise(&reader, &article, 1000);
    world.set_now(started.plus_minutes(45));
    world.check();
    world.set_now(started.plus_minutes(45).plus_seconds(1));
    let found = world.violations();
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].subject, intent_id);
    world.advance_minutes(1);
}

#[test]
fn a_violation_names_its_subject_and_the_values() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    world.skip_self_check();
    world.raw("UPDATE writer_day SET booked_minor = 999");
    let found = world.violations();
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].subject.starts_with(&account.owner.id));
    assert_eq!(found[0].detail, "counter 999, booked 1000");
}
