//! A praise with a dispute, the result of a transfer and a reversal, one after the other.

use edge::payments::payout;
use edge::payments::reversal::{ReversalRight, reverse_praise};
use edge::payments::settle;
use edge::provider::sandbox::disputes::Decision;
use edge::provider::sandbox::payouts::Receipt;
use shared::money::Currency;

use crate::support::payment_states::{AMOUNT, PaymentFixture};
use crate::support::people::Fixture;
use crate::support::world::World;

/// The progress of the payout when the other events begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoutProgress {
    /// The praise is held and in no payout.
    Held,
    /// A payout has claimed it; the transfer is not sent.
    Planned,
    /// The transfer is sent and its result is unknown.
    Unknown,
    /// The transfer is sent and waits for its receiver to confirm it.
    Awaited,
}

/// The reversal that is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reversal {
    Never,
    /// A mass return of the article, by two operators.
    Mass,
    ByWriter,
    ByOperator,
    /// Taken back by the reader.
    TakenBack,
}

/// The events, each of which happens once; the decision always comes after the opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Opens,
    Decides,
    Returns,
    PaysOut,
}

/// A praise with all the events to come.
pub struct Case {
    pub payment: PaymentFixture,
    progress: PayoutProgress,
    decision: Decision,
    number: Option<String>,
    fails: bool,
    /// Whether the refund was requested before the dispute was opened.
    refund_first: bool,
}

impl Case {
    pub fn begin(
        progress: PayoutProgress,
        decision: Decision,
        fails: bool,
        currency: Currency,
    ) -> Case {
        let fixture = Fixture::new(currency);
        let Fixture { world, article, reader, account } = &fixture;
        world.postpone_nightly_check();
        let intent_id = world.give_praise(reader, article, AMOUNT);
        let order_id = world.order_of(&intent_id);
        world.advance_minutes(11);
        let due_at = world.number("SELECT due_at FROM praise");
        let claim = || {
            world.set_now(shared::calendar::Moment::from_ms(due_at));
            world.run(async |ctx| {
                let subject = settle::subject(&account.id, ctx.now);
                settle::run(ctx, &subject).await.unwrap();
                payout::run(ctx, &account.id).await.unwrap();
            });
            assert_eq!(world.text("SELECT state FROM payout_part"), "queued");
        };
        match progress {
            PayoutProgress::Held => {}
            PayoutProgress::Planned => claim(),
            PayoutProgress::Unknown => {
                claim();
                world.inject_provider_fault(
                    "pay_out",
                    if fails { "lost" } else { "reply_lost" },
                    1,
                );
                run_transfer(world);
                assert_eq!(world.text("SELECT state FROM payout_part"), "sent");
            }
            PayoutProgress::Awaited => {
                claim();
                world.inject_provider_fault("pay_out", "confirm", 1);
                run_transfer(world);
                assert_eq!(world.text("SELECT state FROM payout_part"), "awaiting_confirmation");
            }
        }
        let payment = PaymentFixture { fixture, order_id };
        Case { payment, progress, decision, number: None, fails, refund_first: false }
    }

    pub fn world(&self) -> &World {
        self.payment.world()
    }

    pub fn apply(&mut self, event: Event, reversal: Reversal) {
        match event {
            Event::Opens => self.number = Some(self.payment.dispute()),
            Event::Decides => {
                let number = self.number.clone().unwrap();
                self.payment.decide(&number, self.decision);
            }
            Event::Returns => self.reverse(reversal),
            Event::PaysOut => self.finish_transfer(),
        }
        self.world().check();
    }

    fn reverse(&mut self, reversal: Reversal) {
        let world = self.world();
        let praise_id = world.text("SELECT id FROM praise");
        let by = |person: &str, right: ReversalRight| {
            let person = person.to_owned();
            // It may be too late for the reversal; a refusal is a valid answer.
            world.run(async |ctx| reverse_praise(ctx, &person, &praise_id, right).await.is_ok());
        };
        match reversal {
            Reversal::Never => {}
            Reversal::Mass => {
                let freeze_id = world.freeze_article(&self.payment.fixture.article);
                world.end_freeze(&freeze_id, shared::machine::FreezeEnd::MassReturn);
                for _ in 0..4 {
                    world
                        .run(async |ctx| {
                            edge::payments::freeze::run(ctx, &freeze_id).await.map(drop)
                        })
                        .unwrap();
                }
            }
            Reversal::ByWriter => by(&self.payment.fixture.account.owner.id, ReversalRight::Writer),
            Reversal::ByOperator => by(&world.person("olga").id, ReversalRight::Operator),
            Reversal::TakenBack => by(&self.payment.fixture.reader.id, ReversalRight::TakeBack),
        }
        let queued = world.text("SELECT coalesce(max(id), '') FROM refund WHERE state = 'queued'");
        if !queued.is_empty() {
            world.run(async |ctx| edge::payments::refund::send(ctx, &queued).await.unwrap());
        }
        self.refund_first = self.number.is_none() && world.count("refund") > 0;
    }

    fn finish_transfer(&self) {
        let world = self.world();
        if self.fails && matches!(self.progress, PayoutProgress::Planned | PayoutProgress::Unknown)
        {
            world.inject_provider_fault("pay_out", "refused", 1);
        }
        match self.progress {
            PayoutProgress::Held => {
                if self.fails {
                    world.inject_provider_fault("pay_out", "refused", 1);
                }
                let due_at = self.payment.due_at();
                world.advance_to(due_at.max(world.now()).plus_minutes(5));
            }
            PayoutProgress::Planned => run_transfer(world),
            PayoutProgress::Unknown => run_transfer(world),
            PayoutProgress::Awaited if self.fails => self.payment.receipt(Receipt::Lapse),
            PayoutProgress::Awaited => self.payment.receipt(Receipt::Confirm),
        }
    }

    /// Asserts that nothing is pending and every cent is in one place.
    pub fn assert_consistent(&self) {
        let world = self.world();
        world.advance_to(world.now().plus_days(12));
        world.check();
        let sum = |sql: &str| world.sandbox.query(sql)[0]["sum"].as_i64().unwrap();
        let refunded = sum("SELECT coalesce(sum(amount_minor), 0) AS sum FROM sandbox_refund
                            WHERE state = 'succeeded'");
        let taken = sum("SELECT coalesce(sum(amount_minor), 0) AS sum FROM sandbox_dispute
                         WHERE state = 'lost'");
        let on_card = sum("SELECT coalesce(sum(amount_minor), 0) AS sum FROM sandbox_payout
                           WHERE state = 'succeeded'");
        for account in [
            "writer_held",
            "writer_due",
            "writer_disputed",
            "returning",
            "paying_out",
            "dispute_clearing",
            "suspense",
        ] {
            assert_eq!(world.balance(account), 0, "{account}");
        }
        let (debt, loss) = (world.balance("writer_debt"), world.balance("operator_loss"));
        assert_eq!(AMOUNT - refunded - taken - on_card + debt + loss, 0, "every cent");
        // The reader has it twice only if the refund was sent before the dispute was opened.
        let twice = self.refund_first && self.decision == Decision::Lost;
        assert_eq!(loss, if twice { AMOUNT } else { 0 });
        assert_eq!(refunded + taken - loss, if refunded + taken == 0 { 0 } else { AMOUNT });
        let writer = on_card - debt;
        assert_eq!(writer, if refunded + taken == 0 { AMOUNT } else { 0 }, "the writer's net");
        let expected: &[&str] = match (refunded, taken) {
            (0, 0) => &["paid_out"],
            (0, _) => &["lost", "paid_out"],
            _ => &["returned"],
        };
        assert!(expected.contains(&self.payment.state().as_str()), "{}", self.payment.state());
        assert_eq!(self.payment.state() == "paid_out", on_card > 0);
    }
}

/// Runs the transfer's job now.
fn run_transfer(world: &World) {
    let part_id = world.text("SELECT id FROM payout_part ORDER BY id DESC LIMIT 1");
    world.run(async |ctx| payout::transfer::run(ctx, &part_id).await.map(drop)).unwrap();
}
