//! Disputes: for a payment in every state, with messages in every order, in both currencies.

mod event_orders;
mod faults;
mod refunds;
mod sent_back;
mod unexpected_reports;
mod while_open;

use edge::provider::PaymentProvider;
use edge::provider::sandbox::disputes::Decision;
use shared::calendar::Moment;
use shared::money::Currency;

use crate::support::payment_states::{PaymentFixture, PaymentState};

/// The ledger accounts that a dispute may change. `provider` is the sum of the accounts that hold
/// money at the provider, whether or not a bill has confirmed it.
const ACCOUNTS: [&str; 10] = [
    "provider",
    "writer_held",
    "writer_due",
    "writer_disputed",
    "writer_debt",
    "returning",
    "paying_out",
    "dispute_clearing",
    "suspense",
    "operator_loss",
];

impl PaymentFixture {
    /// The bank opens a dispute and the message is delivered. Returns the dispute's number.
    fn dispute(&self) -> String {
        let number = self.dispute_silently();
        self.deliver_state(&number);
        number
    }

    /// The bank opens a dispute and no message is delivered.
    fn dispute_silently(&self) -> String {
        self.world().run(async |ctx| {
            ctx.provider.sandbox.open_dispute(&self.order_id, ctx.now).await.unwrap().unwrap()
        })
    }

    /// The bank decides and no message is delivered.
    fn decide_silently(&self, number: &str, decision: Decision) {
        let decided = self.world().run(async |ctx| {
            ctx.provider.sandbox.decide_dispute(number, decision, ctx.now).await.unwrap()
        });
        assert!(decided, "no dispute {number}");
    }

    /// The bank decides and the message is delivered.
    fn decide(&self, number: &str, decision: Decision) {
        self.decide_silently(number, decision);
        self.deliver_state(number);
    }

    /// Delivers a message with the current state of the dispute.
    fn deliver_state(&self, number: &str) {
        let message = self.world().run(async |ctx| {
            ctx.provider.sandbox.dispute_message(number, ctx.now).await.unwrap().unwrap()
        });
        self.world().deliver(&message);
    }

    fn balances(&self) -> [i64; ACCOUNTS.len()] {
        ACCOUNTS.map(|account| match account {
            "provider" => ["provider_unsettled", "provider_settled", "provider_fee"]
                .into_iter()
                .map(|account| self.world().balance(account))
                .sum(),
            _ => self.world().balance(account),
        })
    }

    /// Asserts that exactly these amounts have moved since the given balances.
    fn assert_moved(&self, before: [i64; ACCOUNTS.len()], legs: &[(&str, i64)]) {
        let mut expected = before;
        for (account, minor) in legs {
            let index = ACCOUNTS.iter().position(|one| one == account).unwrap();
            expected[index] += minor;
        }
        let named = |balances: [i64; ACCOUNTS.len()]| ACCOUNTS.into_iter().zip(balances);
        let now = named(self.balances()).collect::<Vec<_>>();
        assert_eq!(now, named(expected).collect::<Vec<_>>());
    }
}

/// The ledger account that holds the praise's money while it belongs to the writer.
fn writer_account(initial: PaymentState) -> Option<&'static str> {
    match initial {
        PaymentState::Held | PaymentState::FrozenHeld => Some("writer_held"),
        PaymentState::Due | PaymentState::FrozenDue => Some("writer_due"),
        _ => None,
    }
}

/// The account that bears the loss when the bank decides for the reader.
fn loss_account(initial: PaymentState) -> &'static str {
    match initial {
        PaymentState::InPayout | PaymentState::PaidOut => "writer_debt",
        PaymentState::Returning | PaymentState::Returned | PaymentState::Refused => "operator_loss",
        PaymentState::Suspense => "suspense",
        _ => writer_account(initial).unwrap(),
    }
}

/// Asserts that the praise is still in its state. A transfer or refund that was in progress may
/// have arrived.
fn assert_state_unchanged(payment: &PaymentFixture, initial: PaymentState) {
    let states: &[&str] = match initial {
        PaymentState::Held => &["held"],
        PaymentState::Due => &["due"],
        PaymentState::FrozenHeld | PaymentState::FrozenDue => &["frozen"],
        PaymentState::InPayout => &["in_payout"],
        PaymentState::PaidOut => &["paid_out"],
        PaymentState::Returning => &["returning"],
        PaymentState::Returned => &["returned"],
        PaymentState::Refused | PaymentState::Suspense => &[""],
    };
    let state = payment.state();
    assert!(states.contains(&state.as_str()), "{initial:?} is {state}");
}

/// Asserts that the dispute is closed and nothing about it is left to do.
fn assert_ended(payment: &PaymentFixture, number: &str, state: &str) {
    let world = payment.world();
    let row = |column: &str| {
        world.text(&format!("SELECT {column} FROM dispute WHERE number = '{number}'"))
    };
    assert_eq!(row("state"), state);
    assert_eq!(world.count("operator_task WHERE kind = 'dispute' AND closed_at IS NULL"), 0);
    assert_eq!(world.count("operator_task WHERE kind = 'contradicted'"), 0);
    assert_eq!(world.count("job WHERE kind = 'poll_dispute' AND done_at IS NULL"), 0);
    assert_eq!(world.count("provider_event WHERE processed_at IS NULL"), 0);
    world.check();
}

fn for_every_state(table: impl Fn(PaymentState, &PaymentFixture)) {
    for currency in Currency::ALL {
        for initial in PaymentState::ALL {
            let payment = PaymentFixture::in_state(initial, currency);
            table(initial, &payment);
        }
    }
}

#[test]
fn an_open_dispute_sets_the_praise_aside_or_waits() {
    for_every_state(|initial, payment| {
        let (before, amount) = (payment.balances(), payment.amount());
        let number = payment.dispute();
        let open = [("provider", -amount), ("dispute_clearing", amount)];
        let legs: Vec<_> = match writer_account(initial) {
            Some(from) => [&open[..], &[(from, amount), ("writer_disputed", -amount)]].concat(),
            None => open.to_vec(),
        };
        payment.assert_moved(before, &legs);
        match writer_account(initial) {
            Some(_) => assert_eq!(payment.state(), "disputed"),
            None => assert_state_unchanged(payment, initial),
        }
        let world = payment.world();
        assert_eq!(
            world.number("SELECT aside FROM dispute"),
            i64::from(writer_account(initial).is_some())
        );
        assert_eq!(world.count("operator_task WHERE kind = 'dispute' AND closed_at IS NULL"), 1);
        assert_eq!(world.count("job WHERE kind = 'poll_dispute' AND done_at IS NULL"), 1);
        if !matches!(initial, PaymentState::Refused | PaymentState::Suspense) {
            let stands = matches!(initial, PaymentState::InPayout | PaymentState::PaidOut);
            assert_eq!(
                world.number("SELECT persons FROM wall_count"),
                i64::from(stands),
                "{initial:?}"
            );
        }
        world.check();
        // The same report again changes nothing: as a repetition, in another message, or by polling.
        let record = world.count("event");
        payment.deliver_state(&number);
        let again = world.run(async |ctx| {
            let report = ctx.provider.sandbox.dispute_message(&number, ctx.now).await.unwrap();
            let mut message = ctx.provider.sandbox.parse(&report.unwrap().body).unwrap();
            message.event_id = "evt-again".into();
            ctx.provider.sandbox.sign(&message, ctx.now).unwrap()
        });
        world.deliver(&again);
        world.advance_to(world.now().plus_minutes(1));
        assert_eq!(world.count("dispute"), 1);
        assert_eq!(world.count("event WHERE machine = 'dispute'"), 1);
        assert!(world.count("event") >= record);
        assert_eq!(
            world.text("SELECT outcome FROM provider_event WHERE event_id = 'evt-again'"),
            "noted"
        );
    });
}

#[test]
fn a_won_dispute_restores_everything() {
    for_every_state(|initial, payment| {
        let before = payment.balances();
        let number = payment.dispute();
        payment.decide(&number, Decision::Won);
        payment.assert_moved(before, &[]);
        assert_state_unchanged(payment, initial);
        assert_ended(payment, &number, "won");
        if !matches!(
            initial,
            PaymentState::Returning
                | PaymentState::Returned
                | PaymentState::Refused
                | PaymentState::Suspense
        ) {
            assert_eq!(payment.world().number("SELECT persons FROM wall_count"), 1, "{initial:?}");
        }
        // The bank may open another dispute for it.
        let second = payment.dispute();
        assert_ne!(second, number);
        payment.decide(&second, Decision::Won);
        payment.assert_moved(before, &[]);
        assert_ended(payment, &second, "won");
    });
}

#[test]
fn a_lost_dispute_is_borne_by_whoever_had_the_money() {
    for_every_state(|initial, payment| {
        let (before, amount) = (payment.balances(), payment.amount());
        let number = payment.dispute();
        payment.decide(&number, Decision::Lost);
        payment.assert_moved(before, &[("provider", -amount), (loss_account(initial), amount)]);
        match writer_account(initial) {
            Some(_) => assert_eq!(payment.state(), "lost"),
            None => assert_state_unchanged(payment, initial),
        }
        assert_ended(payment, &number, "lost");
        let world = payment.world();
        assert_eq!(world.count("suspense_case WHERE closed_at IS NULL"), 0);
        let none = world
            .run(async |ctx| ctx.provider.sandbox.open_dispute(&payment.order_id, ctx.now).await);
        assert_eq!(
            none.unwrap(),
            None,
            "the bank opens no dispute for money it has taken for good"
        );
    });
}

#[test]
fn the_decision_may_arrive_before_the_opening() {
    for_every_state(|initial, payment| {
        for decision in Decision::ALL {
            let (before, amount) = (payment.balances(), payment.amount());
            let number = payment.dispute_silently();
            let late = payment.world().run(async |ctx| {
                ctx.provider.sandbox.dispute_message(&number, ctx.now).await.unwrap().unwrap()
            });
            payment.decide(&number, decision);
            let steps = payment.world().events("dispute");
            assert_eq!(
                steps[steps.len() - 2..],
                [">open".to_owned(), format!("open>{}", decision.as_str())]
            );
            payment.world().deliver(&late);
            match decision {
                Decision::Won => payment.assert_moved(before, &[]),
                Decision::Lost => payment.assert_moved(
                    before,
                    &[("provider", -amount), (loss_account(initial), amount)],
                ),
            }
            assert_ended(payment, &number, decision.as_str());
        }
    });
}

#[test]
fn won_after_the_due_date_the_praise_is_due() {
    for currency in Currency::ALL {
        for (initial, moved) in [
            (PaymentState::Held, [("writer_held", 1000), ("writer_due", -1000)]),
            (PaymentState::Due, [("writer_held", 0), ("writer_due", 0)]),
        ] {
            let payment = PaymentFixture::in_state(initial, currency);
            let before = payment.balances();
            let number = payment.dispute();
            payment.world().advance_to(payment.due_at().plus_seconds(1));
            assert_eq!(payment.state(), "disputed", "nothing becomes due while it is disputed");
            payment.decide(&number, Decision::Won);
            assert_eq!(payment.state(), "due");
            payment.assert_moved(before, &moved);
            let wakes = "job WHERE kind = 'pay_out' AND done_at IS NULL";
            assert_eq!(payment.world().count(wakes), 1);
            assert_ended(&payment, &number, "won");
        }
        // One millisecond before its due time it is still held.
        let payment = PaymentFixture::in_state(PaymentState::Held, currency);
        let number = payment.dispute();
        let due_at = payment.due_at();
        payment.world().advance_to(Moment::from_ms(due_at.ms() - 1));
        payment.decide(&number, Decision::Won);
        assert_eq!(payment.state(), "held");
        let account = &payment.fixture.account.id;
        assert_eq!(
            payment.world().number(&format!(
                "SELECT due_at FROM job
                 WHERE kind = 'settle' AND subject_id = '{account}:{}' AND done_at IS NULL",
                due_at.ms(),
            )),
            due_at.ms(),
        );
    }
}

#[test]
fn won_while_the_article_is_frozen_the_praise_is_frozen() {
    for currency in Currency::ALL {
        for (initial, matured) in [
            (PaymentState::Held, 0),
            (PaymentState::Due, 1),
            (PaymentState::FrozenHeld, 0),
            (PaymentState::FrozenDue, 1),
        ] {
            for passed in [false, true] {
                let payment = PaymentFixture::in_state(initial, currency);
                let (world, before) = (payment.world(), payment.balances());
                let number = payment.dispute();
                if matches!(initial, PaymentState::Held | PaymentState::Due) {
                    payment.freeze();
                }
                assert_eq!(payment.state(), "disputed");
                if passed && matured == 0 {
                    world.advance_to(payment.due_at().plus_seconds(1));
                }
                payment.decide(&number, Decision::Won);
                assert_eq!(payment.state(), "frozen");
                assert_eq!(world.number("SELECT matured FROM praise"), matured);
                payment.assert_moved(before, &[]);
                assert_eq!(world.number("SELECT persons FROM wall_count"), 1);
                assert_eq!(world.count("job WHERE kind = 'freeze' AND done_at IS NULL"), 1);
                assert_ended(&payment, &number, "won");
            }
        }
    }
}

#[test]
fn after_a_lost_message_the_decision_is_found_within_a_day() {
    for_every_state(|_, payment| {
        for decision in Decision::ALL {
            let number = payment.dispute();
            payment.decide_silently(&number, decision);
            let world = payment.world();
            world.inject_provider_fault("query_dispute", "lost", 3);
            world.advance_to(world.now().plus_days(1).plus_minutes(10));
            assert_ended(payment, &number, decision.as_str());
        }
    });
}

#[test]
fn an_unreported_dispute_is_found_on_the_bill() {
    for currency in Currency::ALL {
        for decision in [None, Some(Decision::Won), Some(Decision::Lost)] {
            let payment = PaymentFixture::in_state(PaymentState::Held, currency);
            let (world, before) = (payment.world(), payment.balances());
            let number = payment.dispute_silently();
            if let Some(decision) = decision {
                payment.decide_silently(&number, decision);
            }
            world.advance_to(world.now().plus_days(2));
            assert_eq!(world.count("bill_difference"), 0);
            let amount = payment.amount();
            match decision {
                None => assert_eq!(payment.state(), "disputed"),
                Some(Decision::Won) => payment.assert_moved(before, &[]),
                Some(Decision::Lost) => {
                    payment.assert_moved(before, &[("provider", -amount), ("writer_held", amount)]);
                }
            }
            if let Some(decision) = decision {
                assert_ended(&payment, &number, decision.as_str());
            }
        }
    }
}
