//! Where a payment can be when something else happens to it.

use edge::payments::reversal::{ReversalRight, reverse_praise};
use edge::people::payee;
use edge::provider::sandbox::payouts::Receipt;
use shared::calendar::Moment;
use shared::money::Currency;

use super::World;
use super::people::Stage;

/// Every place of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Held for the writer.
    Held,
    /// To be paid out.
    Due,
    /// Frozen before its day.
    FrozenHeld,
    /// Frozen after its day.
    FrozenDue,
    /// On its way to the card.
    InPayout,
    /// On the card.
    PaidOut,
    /// On its way back to the reader.
    Returning,
    /// Back with the reader.
    Returned,
    /// Refused by a rule when it arrived, on its way back.
    Refused,
    /// Explained by nobody.
    Suspense,
}

impl Place {
    /// Every place.
    pub const ALL: [Place; 10] = [
        Place::Held,
        Place::Due,
        Place::FrozenHeld,
        Place::FrozenDue,
        Place::InPayout,
        Place::PaidOut,
        Place::Returning,
        Place::Returned,
        Place::Refused,
        Place::Suspense,
    ];
}

/// The amount of every payment here, in minor units.
pub const AMOUNT: i64 = 1000;

/// A payment in its place.
pub struct Placed {
    /// Everything around it.
    pub stage: Stage,
    /// Our number of the order it paid.
    pub order_id: String,
}

impl Placed {
    /// Brings a payment of ten yuan or dollars to a place.
    pub fn at(place: Place, currency: Currency) -> Placed {
        let stage = Stage::new(currency);
        let Stage { world, article, reader, .. } = &stage;
        let intent_id = world.started(reader, article, AMOUNT);
        let order_id = world.order_of(&intent_id);
        match place {
            Place::Suspense => {
                let report = world.provider_takes(&order_id, "tx-odd", AMOUNT - 1);
                world.deliver(&world.says("evt-odd", &order_id, report));
                assert_eq!(world.count("suspense_case"), 1);
                return Placed { stage, order_id };
            }
            Place::Refused => {
                world.frozen_for_good(article);
                world.pay(&intent_id);
                assert_eq!(world.text("SELECT state FROM refund"), "queued");
                return Placed { stage, order_id };
            }
            _ => world.pay(&intent_id),
        }
        let placed = Placed { stage, order_id };
        match place {
            Place::FrozenHeld => placed.freeze(),
            Place::Due => placed.mature(),
            Place::FrozenDue => {
                placed.mature();
                placed.freeze();
            }
            Place::InPayout => placed.claim(),
            Place::PaidOut => {
                placed.claim();
                placed.receipt(Receipt::Confirm);
                assert_eq!(placed.state(), "paid_out");
            }
            Place::Returning => placed.give_back(),
            Place::Returned => {
                placed.give_back();
                placed.world().advance_minutes(10);
                assert_eq!(placed.state(), "returned");
            }
            _ => {}
        }
        placed.world().check();
        placed
    }

    /// The world it is in.
    pub fn world(&self) -> &World {
        &self.stage.world
    }

    /// The state of the praise; empty where there is none.
    pub fn state(&self) -> String {
        self.world().text("SELECT state FROM praise")
    }

    /// When the praise is due.
    pub fn due_at(&self) -> Moment {
        Moment::from_ms(self.world().number("SELECT due_at FROM praise"))
    }

    /// What the payment came to: in suspense, not what was asked for.
    pub fn amount(&self) -> i64 {
        self.world().number("SELECT amount_minor FROM payment")
    }

    /// Its day comes, and the account has no card to be paid to.
    pub fn mature(&self) {
        self.remove_card();
        self.world().advance_to(self.due_at());
        assert_eq!(self.state(), "due");
    }

    /// The account has no card any more.
    fn remove_card(&self) {
        let account = &self.stage.account;
        self.world().act(async |ctx| {
            payee::remove(ctx.db, ctx.now, &account.owner.id, &account.handle).await.unwrap()
        });
    }

    /// Its article is frozen, and it with it, where it stands.
    pub fn freeze(&self) {
        let world = self.world();
        let freeze_id = world.frozen(&self.stage.article);
        world.act(async |ctx| edge::payments::freeze::run(ctx, &freeze_id).await.unwrap());
    }

    /// Its day comes, a payout claims it, and its receiver has to confirm it.
    pub fn claim(&self) {
        self.world().order_fault("pay_out", "confirm", 1);
        self.world().advance_to(self.due_at());
        assert_eq!(self.state(), "in_payout");
    }

    /// The receiver of the payout confirms it, or does not.
    pub fn receipt(&self, receipt: Receipt) {
        let world = self.world();
        let number = world.text("SELECT id FROM payout_part");
        let message = world.act(async |ctx| {
            ctx.provider.sandbox.receipt(&number, receipt, ctx.now).await.unwrap().unwrap()
        });
        world.deliver(&message);
    }

    /// An operator sends it back to its reader.
    pub fn give_back(&self) {
        let world = self.world();
        let operator = world.person("olga").id;
        let praise_id = world.text("SELECT id FROM praise");
        world.act(async |ctx| {
            reverse_praise(ctx, &operator, &praise_id, ReversalRight::Operator).await.unwrap()
        });
        assert_eq!(self.state(), "returning");
    }
}
