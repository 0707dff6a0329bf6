//! Tampering with disputes.

use edge::provider::sandbox::disputes::Decision;
use shared::money::Currency;

use super::Tampering;
use crate::support::people::Fixture;

/// One open dispute with its praise set aside, one that was won, and one that was lost.
pub fn fixture() -> Fixture {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, article, .. } = &fixture;
    for (name, decision) in
        [("bo", None), ("cy", Some(Decision::Won)), ("di", Some(Decision::Lost))]
    {
        let order_id = world.order_of(&world.give_praise(&world.person(name), article, 500));
        let tell = |number: &str| {
            let messages = world.run(async |ctx| {
                ctx.provider.sandbox.dispute_messages(number, ctx.now).await.unwrap()
            });
            world.deliver(&messages[0]);
        };
        let number = world.run(async |ctx| {
            ctx.provider.sandbox.open_dispute(&order_id, ctx.now).await.unwrap().unwrap()
        });
        tell(&number);
        if let Some(decision) = decision {
            world.run(async |ctx| {
                ctx.provider.sandbox.decide_dispute(&number, decision, ctx.now).await.unwrap()
            });
            tell(&number);
        }
    }
    fixture
}

pub const TAMPERING: &[Tampering] = &[
    (
        "a praise stands aside exactly while a dispute says so",
        &[
            "UPDATE praise SET state = 'held' WHERE state = 'disputed'",
            "UPDATE praise SET state = 'disputed' WHERE state = 'held'",
            "UPDATE dispute SET aside = 0 WHERE state = 'open'",
            "UPDATE dispute SET state = 'won', ended_at = 1 WHERE state = 'open'",
            "UPDATE dispute SET praise_id = (SELECT id FROM praise WHERE state = 'held')
             WHERE state = 'open'",
        ],
    ),
    (
        "a dispute is booked when it is opened, and when it ends as it ended",
        &[
            "UPDATE dispute SET state = 'lost' WHERE state = 'won'",
            "UPDATE dispute SET state = 'won' WHERE state = 'lost'",
            "UPDATE dispute SET state = 'open', ended_at = NULL WHERE state = 'won'",
            "DELETE FROM ledger_transaction WHERE id LIKE 'dispute.opened:%'",
            "DELETE FROM ledger_transaction WHERE id LIKE 'dispute.lost:%'",
        ],
    ),
    (
        "what a bank has given back stands for nobody, and does not go back again",
        &[
            "UPDATE praise SET state = 'held' WHERE state = 'lost'",
            "UPDATE praise SET state = 'frozen' WHERE state = 'lost'",
            "INSERT INTO refund
             SELECT 'ref_again', payment_id, praise_id, NULL, amount_minor, currency, state_at + 1,
                    'queued', state_at + 1, NULL FROM dispute WHERE state = 'lost'",
        ],
    ),
    (
        "what was lost on its way to a writer is booked as a debt until it has arrived",
        &["UPDATE praise SET state = 'in_payout', matured = 1 WHERE state = 'lost';
           INSERT INTO ledger_balance (account, owner, currency, balance_minor)
           SELECT 'writer_debt', account_id, currency, 1 FROM praise WHERE state = 'in_payout'"],
    ),
    (
        "an open dispute has its task and a job that asks about it",
        &[
            "DELETE FROM job WHERE kind = 'poll_dispute'",
            "UPDATE job SET done_at = NULL WHERE kind = 'poll_dispute'",
            "DELETE FROM operator_task",
            "UPDATE operator_task SET closed_at = NULL, outcome = NULL",
        ],
    ),
];
