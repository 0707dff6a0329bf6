//! A praise to which a dispute, the end of a payout and a return come one after the other.

use edge::payments::payout;
use edge::payments::reversal::{ReversalRight, reverse_praise};
use edge::payments::settle;
use edge::provider::sandbox::disputes::Decision;
use edge::provider::sandbox::payouts::Receipt;
use shared::money::Currency;

use crate::world::World;
use crate::world::people::Stage;
use crate::world::places::{AMOUNT, Placed};

/// How far the payout has come when the rest begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The praise is held: its payout is not planned.
    Held,
    /// Planned: claimed, and not sent.
    Planned,
    /// Sent, and nobody knows what became of it.
    Unknown,
    /// Sent, and waiting for its receiver.
    Awaited,
}

/// Who sends the praise back, or tries to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    Never,
    /// With its article, by two operators.
    Mass,
    ByWriter,
    ByOperator,
    /// Taken back by its reader.
    TakenBack,
}

/// What happens, once each, in any order in which the bank decides after it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Opens,
    Decides,
    Returns,
    PaysOut,
}

/// A praise that a dispute, a payout and a return come to.
pub struct Case {
    pub placed: Placed,
    begun: Begun,
    decision: Decision,
    number: Option<String>,
    fails: bool,
    /// Whether the provider was asked to give it back before the bank took it.
    refund_first: bool,
}

impl Case {
    pub fn begin(begun: Begun, decision: Decision, fails: bool, currency: Currency) -> Case {
        let stage = Stage::new(currency);
        let Stage { world, article, reader, account } = &stage;
        let intent_id = world.praised(reader, article, AMOUNT);
        let order_id = world.order_of(&intent_id);
        world.advance_minutes(11);
        let due_at = world.number("SELECT due_at FROM praise");
        let claim = || {
            world.set_now(shared::calendar::Moment::from_ms(due_at));
            world.act(async |ctx| {
                let subject = settle::subject(&account.id, ctx.now);
                settle::run(ctx, &subject).await.unwrap();
                payout::run(ctx, &account.id).await.unwrap();
            });
            assert_eq!(world.text("SELECT state FROM payout_part"), "queued");
        };
        match begun {
            Begun::Held => {}
            Begun::Planned => claim(),
            Begun::Unknown => {
                claim();
                world.order_fault("pay_out", if fails { "lost" } else { "reply_lost" }, 1);
                part(world);
                assert_eq!(world.text("SELECT state FROM payout_part"), "sent");
            }
            Begun::Awaited => {
                claim();
                world.order_fault("pay_out", "confirm", 1);
                part(world);
                assert_eq!(world.text("SELECT state FROM payout_part"), "awaiting_confirmation");
            }
        }
        let placed = Placed { stage, order_id };
        Case { placed, begun, decision, number: None, fails, refund_first: false }
    }

    pub fn world(&self) -> &World {
        self.placed.world()
    }

    pub fn act(&mut self, act: Act, returned: Returned) {
        match act {
            Act::Opens => self.number = Some(self.placed.dispute()),
            Act::Decides => {
                let number = self.number.clone().unwrap();
                self.placed.decide(&number, self.decision);
            }
            Act::Returns => self.returns(returned),
            Act::PaysOut => self.pays_out(),
        }
        self.world().check();
    }

    fn returns(&mut self, returned: Returned) {
        let world = self.world();
        let praise_id = world.text("SELECT id FROM praise");
        let by = |person: &str, right: ReversalRight| {
            let person = person.to_owned();
            // It may be too late for it, which is an answer as well.
            world.act(async |ctx| reverse_praise(ctx, &person, &praise_id, right).await.is_ok());
        };
        match returned {
            Returned::Never => {}
            Returned::Mass => {
                let freeze_id = world.frozen(&self.placed.stage.article);
                world.end_freeze(&freeze_id, shared::machine::FreezeEnd::MassReturn);
                for _ in 0..4 {
                    world
                        .act(async |ctx| {
                            edge::payments::freeze::run(ctx, &freeze_id).await.map(drop)
                        })
                        .unwrap();
                }
            }
            Returned::ByWriter => by(&self.placed.stage.account.owner.id, ReversalRight::Writer),
            Returned::ByOperator => by(&world.person("olga").id, ReversalRight::Operator),
            Returned::TakenBack => by(&self.placed.stage.reader.id, ReversalRight::TakeBack),
        }
        let queued = world.text("SELECT coalesce(max(id), '') FROM refund WHERE state = 'queued'");
        if !queued.is_empty() {
            world.act(async |ctx| edge::payments::refund::send(ctx, &queued).await.unwrap());
        }
        self.refund_first = self.number.is_none() && world.count("refund") > 0;
    }

    fn pays_out(&self) {
        let world = self.world();
        if self.fails && matches!(self.begun, Begun::Planned | Begun::Unknown) {
            world.order_fault("pay_out", "refused", 1);
        }
        match self.begun {
            Begun::Held => {
                if self.fails {
                    world.order_fault("pay_out", "refused", 1);
                }
                let due_at = self.placed.due_at();
                world.advance_to(due_at.max(world.now()).plus_minutes(5));
            }
            Begun::Planned => part(world),
            Begun::Unknown => part(world),
            Begun::Awaited if self.fails => self.placed.receipt(Receipt::Lapse),
            Begun::Awaited => self.placed.receipt(Receipt::Confirm),
        }
    }

    /// All has come to rest: every cent is in one place.
    pub fn adds_up(&self) {
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
        // Twice only where it had left for the reader before the bank took it.
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
        assert!(expected.contains(&self.placed.state().as_str()), "{}", self.placed.state());
        assert_eq!(self.placed.state() == "paid_out", on_card > 0);
    }
}

/// The transfer's job, at once.
fn part(world: &World) {
    let part_id = world.text("SELECT id FROM payout_part ORDER BY id DESC LIMIT 1");
    world.act(async |ctx| payout::transfer::run(ctx, &part_id).await.map(drop)).unwrap();
}
