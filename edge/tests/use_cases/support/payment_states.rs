//! Fixtures of a payment in each state in which another event can meet it.

use edge::payments::reversal::{ReversalRight, reverse_praise};
use edge::people::payee;
use edge::provider::sandbox::payouts::Receipt;
use shared::calendar::Moment;
use shared::money::Currency;

use super::people::Fixture;
use super::world::World;

/// The state of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentState {
    /// Held for the writer.
    Held,
    /// Due, in no payout yet.
    Due,
    /// Frozen before its due date.
    FrozenHeld,
    /// Frozen after its due date.
    FrozenDue,
    /// In a payout.
    InPayout,
    /// Paid out to the card.
    PaidOut,
    /// Returning: its refund is on the way.
    Returning,
    /// Returned to the reader.
    Returned,
    /// Refused by a rule when it arrived; its refund is on the way.
    Refused,
    /// In suspense.
    Suspense,
}

impl PaymentState {
    /// Every state.
    pub const ALL: [PaymentState; 10] = [
        PaymentState::Held,
        PaymentState::Due,
        PaymentState::FrozenHeld,
        PaymentState::FrozenDue,
        PaymentState::InPayout,
        PaymentState::PaidOut,
        PaymentState::Returning,
        PaymentState::Returned,
        PaymentState::Refused,
        PaymentState::Suspense,
    ];
}

/// The amount of every payment here, in minor units.
pub const AMOUNT: i64 = 1000;

/// A payment in a known state.
pub struct PaymentFixture {
    /// The fixture around it.
    pub fixture: Fixture,
    /// Our number of the order that it paid.
    pub order_id: String,
}

impl PaymentFixture {
    /// Makes a payment of ten yuan or dollars and brings it into a state.
    pub fn in_state(initial: PaymentState, currency: Currency) -> PaymentFixture {
        let fixture = Fixture::new(currency);
        let Fixture { world, article, reader, .. } = &fixture;
        world.postpone_nightly_check();
        let intent_id = world.start_praise(reader, article, AMOUNT);
        let order_id = world.order_of(&intent_id);
        match initial {
            PaymentState::Suspense => {
                let report = world.provider_receives(&order_id, "tx-odd", AMOUNT - 1);
                world.deliver(&world.sign_report("evt-odd", &order_id, report));
                assert_eq!(world.count("suspense_case"), 1);
                return PaymentFixture { fixture, order_id };
            }
            PaymentState::Refused => {
                world.freeze_and_return(article);
                world.pay(&intent_id);
                assert_eq!(world.text("SELECT state FROM refund"), "queued");
                return PaymentFixture { fixture, order_id };
            }
            _ => world.pay(&intent_id),
        }
        let payment = PaymentFixture { fixture, order_id };
        match initial {
            PaymentState::FrozenHeld => payment.freeze(),
            PaymentState::Due => payment.mature(),
            PaymentState::FrozenDue => {
                payment.mature();
                payment.freeze();
            }
            PaymentState::InPayout => payment.claim(),
            PaymentState::PaidOut => {
                payment.claim();
                payment.receipt(Receipt::Confirm);
                assert_eq!(payment.state(), "paid_out");
            }
            PaymentState::Returning => payment.reverse_praise(),
            PaymentState::Returned => {
                payment.reverse_praise();
                payment.world().advance_minutes(10);
                assert_eq!(payment.state(), "returned");
            }
            _ => {}
        }
        payment.world().check();
        payment
    }

    /// The world.
    pub fn world(&self) -> &World {
        &self.fixture.world
    }

    /// The state of the praise; empty if there is none.
    pub fn state(&self) -> String {
        self.world().text("SELECT state FROM praise")
    }

    /// When the praise is due.
    pub fn due_at(&self) -> Moment {
        Moment::from_ms(self.world().number("SELECT due_at FROM praise"))
    }

    /// The amount paid: in suspense it differs from the order's.
    pub fn amount(&self) -> i64 {
        self.world().number("SELECT amount_minor FROM payment")
    }

    /// Lets the praise become due while the account has no card to be paid to.
    pub fn mature(&self) {
        self.remove_card();
        self.world().advance_to(self.due_at());
        assert_eq!(self.state(), "due");
    }

    /// Removes the account's card.
    fn remove_card(&self) {
        let account = &self.fixture.account;
        self.world().run(async |ctx| {
            payee::remove(ctx.db, ctx.now, &account.owner.id, &account.handle).await.unwrap()
        });
    }

    /// Freezes the article together with its praise.
    pub fn freeze(&self) {
        let world = self.world();
        let freeze_id = world.freeze_article(&self.fixture.article);
        world.run(async |ctx| edge::payments::freeze::run(ctx, &freeze_id).await.unwrap());
    }

    /// Lets the praise become due and a payout claim it; the transfer waits for its receiver.
    pub fn claim(&self) {
        self.world().inject_provider_fault("pay_out", "confirm", 1);
        self.world().advance_to(self.due_at());
        assert_eq!(self.state(), "in_payout");
    }

    /// The receiver confirms the transfer or lets it lapse.
    pub fn receipt(&self, receipt: Receipt) {
        let world = self.world();
        let number = world.text("SELECT id FROM payout_part");
        let message = world.run(async |ctx| {
            ctx.provider.sandbox.receipt(&number, receipt, ctx.now).await.unwrap().unwrap()
        });
        world.deliver(&message);
    }

    /// An operator returns it to the reader.
    pub fn reverse_praise(&self) {
        let world = self.world();
        let operator = world.person("olga").id;
        let praise_id = world.text("SELECT id FROM praise");
        world.run(async |ctx| {
            reverse_praise(ctx, &operator, &praise_id, ReversalRight::Operator).await.unwrap()
        });
        assert_eq!(self.state(), "returning");
    }
}
