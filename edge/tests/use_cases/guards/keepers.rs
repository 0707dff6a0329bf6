//! Keepers: triggers that maintain other rows, such as events, movements, balances and the wall.
//! Each one is removed, and the self-check must then report what is no longer maintained.

use shared::money::Currency;

use crate::support::people::{Account, Fixture};

/// An action in the fixture's world.
pub type Action = fn(&Fixture);

/// Each keeper with an action, and the violation that the self-check reports when the keeper is
/// missing.
pub const KEEPERS: &[(&str, Action, &str)] = &[
    ("intent_born", praise, CHAIN),
    ("intent_stepped", praise, LAST_EVENT),
    ("provider_order_born", praise, CHAIN),
    ("provider_order_stepped", praise, LAST_EVENT),
    ("praise_born", praise, LAST_EVENT),
    ("praise_stepped", freeze, LAST_EVENT),
    ("refund_born", give_back_whole, CHAIN),
    ("refund_stepped", give_back_whole, LAST_EVENT),
    ("payout_born", pay_out, CHAIN),
    ("payout_stepped", pay_out, LAST_EVENT),
    ("payout_part_born", pay_out, CHAIN),
    ("payout_part_stepped", pay_out, LAST_EVENT),
    ("dispute_born", dispute, CHAIN),
    ("dispute_stepped", dispute, LAST_EVENT),
    ("freeze_born", decide, CHAIN),
    ("freeze_stepped", decide, LAST_EVENT),
    ("praise_reschedules_freeze", come_back, "no freeze waits without a job that moves it"),
    ("payment_moves", praise, MOVEMENTS),
    ("payment_money_back", give_back_whole, MONEY_BACK),
    ("payment_money_back_decided", find_attempt, MONEY_BACK),
    ("refund_moves", give_back_whole, MOVEMENTS),
    ("payout_part_moves", pay_out, MOVEMENTS),
    ("payout_part_moves_back", send_back, MOVEMENTS),
    ("dispute_moves", dispute, MOVEMENTS),
    ("dispute_won_moves", dispute, MOVEMENTS),
    ("movement_reconciled", praise, "no movement is from before the first bill"),
    ("movement_self_checked", praise, "the self-check runs every night"),
    ("ledger_entry_balance", praise, "each balance is the sum of its entries"),
    ("wall_praise_born", praise, "the wall's rows are what stands"),
    ("wall_praise_changed", hide, "the wall's rows are what stands"),
    ("wall_person_new", praise, "the wall's counts are its rows"),
    ("wall_person_changed", hide, "the wall's counts are its rows"),
];

const CHAIN: &str = "each event goes on where the one before ended";
const LAST_EVENT: &str = "the last event of everything with a state says that state";

const MONEY_BACK: &str = "an attempt knows its newest payment that did not become a praise";

const MOVEMENTS: &str =
    "every payment, refund, transfer and dispute that moved money is a movement";

fn praise(fixture: &Fixture) {
    fixture.world.give_praise(&fixture.reader, &fixture.article, 1000);
}

/// Inserts a payment in suspense, and then decides that it belongs to the attempt and goes back.
fn find_attempt(fixture: &Fixture) {
    praise(fixture);
    fixture.world.skip_self_check();
    fixture.world.raw(
        "INSERT INTO payment (id, provider, transaction_id, order_number, amount_minor, currency,
                              paid_at, booked_at, fate)
         SELECT 'pay', provider, 'late', order_number, amount_minor, currency, paid_at, booked_at,
                'suspense' FROM payment;
         UPDATE payment SET fate = 'return', intent_id = (SELECT id FROM intent) WHERE id = 'pay'",
    );
}

fn freeze(fixture: &Fixture) {
    praise(fixture);
    fixture.world.skip_self_check();
    fixture.world.raw("UPDATE article SET status = 'frozen'; UPDATE praise SET state = 'frozen'");
}

/// Inserts the rows of a payout without praises.
fn pay_out(fixture: &Fixture) {
    fixture.world.skip_self_check();
    let Account { id, .. } = &fixture.account;
    fixture.world.raw(&format!(
        "INSERT INTO payout SELECT 'pot', '{id}', 'sandbox', 'CNY', '2026-11-22', 1000, 0, id,
           attached_at, 'queued', attached_at, NULL, 1 FROM bank_card WHERE account_id = '{id}';
         INSERT INTO payout_part VALUES ('prt', 'pot', 1000, 0, '2026-11-22', 'queued', 1, NULL);
         UPDATE payout_part SET state = 'succeeded'; UPDATE payout SET state = 'succeeded'"
    ));
}

/// Inserts the same payout and lets the writer's bank send it back.
fn send_back(fixture: &Fixture) {
    pay_out(fixture);
    fixture
        .world
        .raw("UPDATE payout_part SET state = 'sent_back'; UPDATE payout SET state = 'sent_back'");
}

/// Inserts the rows of a dispute that the writer wins.
fn dispute(fixture: &Fixture) {
    praise(fixture);
    fixture.world.skip_self_check();
    fixture.world.raw(
        "INSERT INTO dispute SELECT 'dsp', provider, 'bank', payment.id, praise.id,
           payment.amount_minor, payment.currency, 1, 0, NULL, 'open', 1, NULL
         FROM payment JOIN praise ON praise.payment_id = payment.id;
         UPDATE dispute SET state = 'won', ended_at = 2",
    );
}

/// A dispute is won for a praise whose article was returned in the meantime.
fn come_back(fixture: &Fixture) {
    praise(fixture);
    fixture.world.skip_self_check();
    fixture.world.raw(
        "INSERT INTO dispute SELECT 'dsp', provider, 'bank', payment.id, praise.id,
           payment.amount_minor, payment.currency, 1, 1, NULL, 'open', 1, NULL
         FROM payment JOIN praise ON praise.payment_id = payment.id;
         UPDATE praise SET state = 'disputed'",
    );
    fixture.world.freeze_and_return(&fixture.article);
    fixture.world.raw(
        "UPDATE dispute SET state = 'won', ended_at = 2;
         UPDATE praise SET state = 'held' WHERE state = 'disputed';
         UPDATE praise SET state = 'frozen' WHERE state = 'held'",
    );
}

/// Inserts the rows of a freeze of the article and its end.
fn decide(fixture: &Fixture) {
    fixture.world.skip_self_check();
    fixture.world.raw(&format!(
        "INSERT INTO freeze VALUES ('fre', '{}', 1, 'selling', '{}', 1, 9, NULL, NULL, NULL, 'open', 1,
           NULL);
         UPDATE freeze SET state = 'lifted'",
        fixture.article.id, fixture.reader.id,
    ));
}

fn hide(fixture: &Fixture) {
    praise(fixture);
    fixture.world.raw("UPDATE praise SET visibility = 'anonymous'");
}

fn give_back_whole(fixture: &Fixture) {
    let intent_id = fixture.world.start_praise(&fixture.reader, &fixture.article, 1000);
    fixture.world.freeze_and_return(&fixture.article);
    fixture.world.pay(&intent_id);
    fixture.world.run_jobs();
}

#[test]
fn without_a_keeper_the_self_check_reports_a_violation() {
    for (trigger, action, check) in KEEPERS {
        let fixture = Fixture::new(Currency::Cny);
        action(&fixture);
        let whole = fixture.world.violations();
        assert!(whole.iter().all(|violation| violation.check != *check), "{whole:#?}");

        let fixture = Fixture::new(Currency::Cny);
        fixture.world.skip_self_check();
        fixture.world.raw(&format!("DROP TRIGGER {trigger}"));
        action(&fixture);
        let broken = fixture.world.violations();
        assert!(
            broken.iter().any(|violation| violation.check == *check),
            "without {trigger}: {broken:#?}",
        );
    }
}
