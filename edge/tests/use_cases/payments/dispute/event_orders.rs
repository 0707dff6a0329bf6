//! A dispute, the result of a transfer and a reversal of the same praise, in every order. Whatever
//! comes first, every cent is in one place in the end: either the reader has the money back once or
//! the writer has it, and nobody owes or holds anything else for it.

mod case;

use edge::provider::sandbox::disputes::Decision;
use edge::provider::sandbox::payouts::Receipt;
use shared::money::Currency;

use crate::support::payment_states::AMOUNT;
use crate::support::people::Fixture;
use case::{Case, Event, PayoutProgress, Reversal};

/// Every order in which the dispute is decided after it is opened.
fn orders() -> Vec<[Event; 4]> {
    let all = [Event::Opens, Event::Decides, Event::Returns, Event::PaysOut];
    let mut found = Vec::new();
    for code in 0..256 {
        let order = [0, 2, 4, 6].map(|bits| all[code >> bits & 3]);
        let place = |event| order.iter().position(|one| *one == event);
        let each_once = all.iter().all(|event| place(*event).is_some());
        if each_once && place(Event::Opens) < place(Event::Decides) {
            found.push(order);
        }
    }
    assert_eq!(found.len(), 12);
    found
}

fn every_order(progress: PayoutProgress, by: &[Reversal]) {
    for (turn, order) in orders().into_iter().enumerate() {
        for reversal in by.iter().copied() {
            for decision in Decision::ALL {
                for fails in [false, true] {
                    let currency = Currency::ALL[turn % Currency::ALL.len()];
                    let mut case = Case::begin(progress, decision, fails, currency);
                    let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                        order.into_iter().for_each(|event| case.apply(event, reversal));
                        case.assert_consistent();
                    }));
                    if let Err(panic) = told {
                        case.world().skip_self_check();
                        eprintln!(
                            "{progress:?}, {order:?}, {reversal:?}, {decision:?}, fails {fails}"
                        );
                        std::panic::resume_unwind(panic);
                    }
                }
            }
        }
    }
}

const ALL_REVERSALS: &[Reversal] = &[
    Reversal::Never,
    Reversal::Mass,
    Reversal::ByWriter,
    Reversal::ByOperator,
    Reversal::TakenBack,
];

/// In no order does the reader take back a praise that is already in a payout.
const WITHOUT_TAKE_BACK: &[Reversal] =
    &[Reversal::Never, Reversal::Mass, Reversal::ByWriter, Reversal::ByOperator];

#[test]
fn a_held_praise_is_consistent_in_every_order() {
    every_order(PayoutProgress::Held, ALL_REVERSALS);
}

#[test]
fn a_praise_in_a_planned_payout_is_consistent_in_every_order() {
    every_order(PayoutProgress::Planned, WITHOUT_TAKE_BACK);
}

#[test]
fn a_praise_in_an_unknown_transfer_is_consistent_in_every_order() {
    every_order(PayoutProgress::Unknown, WITHOUT_TAKE_BACK);
}

#[test]
fn a_praise_in_an_awaited_transfer_is_consistent_in_every_order() {
    every_order(PayoutProgress::Awaited, WITHOUT_TAKE_BACK);
}

#[test]
fn a_praise_lost_during_its_transfer_is_owed_only_after_arrival() {
    for fails in [false, true] {
        let mut case = Case::begin(PayoutProgress::Awaited, Decision::Lost, fails, Currency::Cny);
        case.apply(Event::Opens, Reversal::Never);
        case.apply(Event::Decides, Reversal::Never);
        let Fixture { world, article, .. } = &case.payment.fixture;
        assert_eq!(world.balance("writer_debt"), AMOUNT);
        // Meanwhile another praise of the same writer is paid out. It is not known yet whether the
        // first transfer arrives, and so not whether anything has to be paid back.
        let other = world.person("ana");
        let second = world.give_praise(&other, article, 3 * AMOUNT);
        world.advance_to(world.now().plus_days(8));
        let state = format!("SELECT state FROM praise WHERE intent_id = '{second}'");
        assert_eq!(world.text(&state), "paid_out");
        let sent = "SELECT sum(debt_minor) FROM payout WHERE state = 'succeeded'";
        assert_eq!(world.number(sent), 0);
        let first =
            world.text("SELECT part.id FROM payout_part AS part WHERE state <> 'succeeded'");
        let message = world.run(async |ctx| {
            let receipt = if fails { Receipt::Lapse } else { Receipt::Confirm };
            ctx.provider.sandbox.receipt(&first, receipt, ctx.now).await.unwrap().unwrap()
        });
        world.deliver(&message);
        world.check();
        assert_eq!(world.balance("writer_debt"), if fails { 0 } else { AMOUNT });
        let lost = world.count("praise WHERE state = 'lost'");
        assert_eq!(
            lost,
            i64::from(fails),
            "a transfer that has not arrived is lost, one that has is owed"
        );
        assert_eq!(world.balance("writer_due"), 0);
        // The next payout nets the debt for the transfer that did arrive.
        world.give_praise(&world.person("bo"), article, 2 * AMOUNT);
        world.advance_to(world.now().plus_days(8));
        assert_eq!(world.balance("writer_debt"), 0);
        let sent = world
            .sandbox
            .query("SELECT sum(amount_minor) AS sum FROM sandbox_payout WHERE state = 'succeeded'");
        assert_eq!(sent[0]["sum"].as_i64(), Some(5 * AMOUNT));
    }
}
