//! Disputes: for a payment in every state, with messages in every order, in both currencies.

mod between;
mod faults;
mod orders;
mod refunds;
mod strange;

use edge::provider::PaymentProvider;
use edge::provider::sandbox::disputes::Decision;
use shared::calendar::Moment;
use shared::money::Currency;

use crate::world::places::{Place, Placed};

/// The ledger accounts that a dispute may change. `at_provider` is the money at the provider,
/// whether or not a bill has confirmed it.
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

impl Placed {
    /// The bank opens a dispute and the message is delivered. Returns the dispute's number.
    fn dispute(&self) -> String {
        let number = self.dispute_silently();
        self.told(&number);
        number
    }

    /// The bank opens a dispute and no message is delivered.
    fn dispute_silently(&self) -> String {
        self.world().act(async |ctx| {
            ctx.provider.sandbox.open_dispute(&self.order_id, ctx.now).await.unwrap().unwrap()
        })
    }

    /// The bank decides and no message is delivered.
    fn decide_silently(&self, number: &str, decision: Decision) {
        let decided = self.world().act(async |ctx| {
            ctx.provider.sandbox.decide_dispute(number, decision, ctx.now).await.unwrap()
        });
        assert!(decided, "no dispute {number}");
    }

    /// The bank decides and the message is delivered.
    fn decide(&self, number: &str, decision: Decision) {
        self.decide_silently(number, decision);
        self.told(number);
    }

    /// Delivers a message with the current state of the dispute.
    fn told(&self, number: &str) {
        let message = self.world().act(async |ctx| {
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
    fn moved(&self, before: [i64; ACCOUNTS.len()], legs: &[(&str, i64)]) {
        let mut expected = before;
        for (account, minor) in legs {
            let place = ACCOUNTS.iter().position(|one| one == account).unwrap();
            expected[place] += minor;
        }
        let named = |balances: [i64; ACCOUNTS.len()]| ACCOUNTS.into_iter().zip(balances);
        let now = named(self.balances()).collect::<Vec<_>>();
        assert_eq!(now, named(expected).collect::<Vec<_>>());
    }
}

/// The ledger account that holds the praise's money while it belongs to the writer.
fn writers(place: Place) -> Option<&'static str> {
    match place {
        Place::Held | Place::FrozenHeld => Some("writer_held"),
        Place::Due | Place::FrozenDue => Some("writer_due"),
        _ => None,
    }
}

/// The account that bears the loss when the bank decides for the reader.
fn who_pays(place: Place) -> &'static str {
    match place {
        Place::InPayout | Place::PaidOut => "writer_debt",
        Place::Returning | Place::Returned | Place::Refused => "operator_loss",
        Place::Suspense => "suspense",
        _ => writers(place).unwrap(),
    }
}

/// Asserts that the praise is still in its state. A transfer or refund that was in progress may
/// have arrived.
fn is_where_it_was(placed: &Placed, place: Place) {
    let states: &[&str] = match place {
        Place::Held => &["held"],
        Place::Due => &["due"],
        Place::FrozenHeld | Place::FrozenDue => &["frozen"],
        Place::InPayout => &["in_payout"],
        Place::PaidOut => &["paid_out"],
        Place::Returning => &["returning"],
        Place::Returned => &["returned"],
        Place::Refused | Place::Suspense => &[""],
    };
    let state = placed.state();
    assert!(states.contains(&state.as_str()), "{place:?} is {state}");
}

/// Asserts that the dispute is closed and nothing about it is left to do.
fn ended(placed: &Placed, number: &str, state: &str) {
    let world = placed.world();
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

fn everywhere(table: impl Fn(Place, &Placed)) {
    for currency in Currency::ALL {
        for place in Place::ALL {
            let placed = Placed::at(place, currency);
            table(place, &placed);
        }
    }
}

#[test]
fn an_open_dispute_sets_the_praise_aside_or_waits() {
    everywhere(|place, placed| {
        let (before, amount) = (placed.balances(), placed.amount());
        let number = placed.dispute();
        let open = [("provider", -amount), ("dispute_clearing", amount)];
        let legs: Vec<_> = match writers(place) {
            Some(from) => [&open[..], &[(from, amount), ("writer_disputed", -amount)]].concat(),
            None => open.to_vec(),
        };
        placed.moved(before, &legs);
        match writers(place) {
            Some(_) => assert_eq!(placed.state(), "disputed"),
            None => is_where_it_was(placed, place),
        }
        let world = placed.world();
        assert_eq!(world.number("SELECT aside FROM dispute"), i64::from(writers(place).is_some()));
        assert_eq!(world.count("operator_task WHERE kind = 'dispute' AND closed_at IS NULL"), 1);
        assert_eq!(world.count("job WHERE kind = 'poll_dispute' AND done_at IS NULL"), 1);
        if !matches!(place, Place::Refused | Place::Suspense) {
            let stands = matches!(place, Place::InPayout | Place::PaidOut);
            assert_eq!(
                world.number("SELECT persons FROM wall_count"),
                i64::from(stands),
                "{place:?}"
            );
        }
        world.check();
        // The same news again changes nothing: as a repetition, in another message, or by polling.
        let record = world.count("event");
        placed.told(&number);
        let again = world.act(async |ctx| {
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
    everywhere(|place, placed| {
        let before = placed.balances();
        let number = placed.dispute();
        placed.decide(&number, Decision::Won);
        placed.moved(before, &[]);
        is_where_it_was(placed, place);
        ended(placed, &number, "won");
        if !matches!(place, Place::Returning | Place::Returned | Place::Refused | Place::Suspense) {
            assert_eq!(placed.world().number("SELECT persons FROM wall_count"), 1, "{place:?}");
        }
        // The bank may open another dispute for it.
        let second = placed.dispute();
        assert_ne!(second, number);
        placed.decide(&second, Decision::Won);
        placed.moved(before, &[]);
        ended(placed, &second, "won");
    });
}

#[test]
fn a_lost_dispute_is_borne_by_whoever_had_the_money() {
    everywhere(|place, placed| {
        let (before, amount) = (placed.balances(), placed.amount());
        let number = placed.dispute();
        placed.decide(&number, Decision::Lost);
        placed.moved(before, &[("provider", -amount), (who_pays(place), amount)]);
        match writers(place) {
            Some(_) => assert_eq!(placed.state(), "lost"),
            None => is_where_it_was(placed, place),
        }
        ended(placed, &number, "lost");
        let world = placed.world();
        assert_eq!(world.count("suspense_case WHERE closed_at IS NULL"), 0);
        let none = world
            .act(async |ctx| ctx.provider.sandbox.open_dispute(&placed.order_id, ctx.now).await);
        assert_eq!(
            none.unwrap(),
            None,
            "the bank opens no dispute for money it has taken for good"
        );
    });
}

#[test]
fn the_decision_may_arrive_before_the_opening() {
    everywhere(|place, placed| {
        for decision in Decision::ALL {
            let (before, amount) = (placed.balances(), placed.amount());
            let number = placed.dispute_silently();
            let late = placed.world().act(async |ctx| {
                ctx.provider.sandbox.dispute_message(&number, ctx.now).await.unwrap().unwrap()
            });
            placed.decide(&number, decision);
            let steps = placed.world().events("dispute");
            assert_eq!(
                steps[steps.len() - 2..],
                [">open".to_owned(), format!("open>{}", decision.as_str())]
            );
            placed.world().deliver(&late);
            match decision {
                Decision::Won => placed.moved(before, &[]),
                Decision::Lost => {
                    placed.moved(before, &[("provider", -amount), (who_pays(place), amount)])
                }
            }
            ended(placed, &number, decision.as_str());
        }
    });
}

#[test]
fn won_after_the_due_date_the_praise_is_due() {
    for currency in Currency::ALL {
        for (place, moved) in [
            (Place::Held, [("writer_held", 1000), ("writer_due", -1000)]),
            (Place::Due, [("writer_held", 0), ("writer_due", 0)]),
        ] {
            let placed = Placed::at(place, currency);
            let before = placed.balances();
            let number = placed.dispute();
            placed.world().advance_to(placed.due_at().plus_seconds(1));
            assert_eq!(placed.state(), "disputed", "nothing becomes due while it is disputed");
            placed.decide(&number, Decision::Won);
            assert_eq!(placed.state(), "due");
            placed.moved(before, &moved);
            let wakes = "job WHERE kind = 'pay_out' AND done_at IS NULL";
            assert_eq!(placed.world().count(wakes), 1);
            ended(&placed, &number, "won");
        }
        // One millisecond before its due time it is still held.
        let placed = Placed::at(Place::Held, currency);
        let number = placed.dispute();
        let due_at = placed.due_at();
        placed.world().advance_to(Moment::from_ms(due_at.ms() - 1));
        placed.decide(&number, Decision::Won);
        assert_eq!(placed.state(), "held");
        let account = &placed.stage.account.id;
        assert_eq!(
            placed.world().number(&format!(
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
        for (place, matured) in
            [(Place::Held, 0), (Place::Due, 1), (Place::FrozenHeld, 0), (Place::FrozenDue, 1)]
        {
            for passed in [false, true] {
                let placed = Placed::at(place, currency);
                let (world, before) = (placed.world(), placed.balances());
                let number = placed.dispute();
                if matches!(place, Place::Held | Place::Due) {
                    placed.freeze();
                }
                assert_eq!(placed.state(), "disputed");
                if passed && matured == 0 {
                    world.advance_to(placed.due_at().plus_seconds(1));
                }
                placed.decide(&number, Decision::Won);
                assert_eq!(placed.state(), "frozen");
                assert_eq!(world.number("SELECT matured FROM praise"), matured);
                placed.moved(before, &[]);
                assert_eq!(world.number("SELECT persons FROM wall_count"), 1);
                assert_eq!(world.count("job WHERE kind = 'freeze' AND done_at IS NULL"), 1);
                ended(&placed, &number, "won");
            }
        }
    }
}

#[test]
fn after_a_lost_message_the_decision_is_found_within_a_day() {
    everywhere(|_, placed| {
        for decision in Decision::ALL {
            let number = placed.dispute();
            placed.decide_silently(&number, decision);
            let world = placed.world();
            world.order_fault("query_dispute", "lost", 3);
            world.advance_to(world.now().plus_days(1).plus_minutes(10));
            ended(placed, &number, decision.as_str());
        }
    });
}

#[test]
fn an_unreported_dispute_is_found_on_the_bill() {
    for currency in Currency::ALL {
        for decision in [None, Some(Decision::Won), Some(Decision::Lost)] {
            let placed = Placed::at(Place::Held, currency);
            let (world, before) = (placed.world(), placed.balances());
            let number = placed.dispute_silently();
            if let Some(decision) = decision {
                placed.decide_silently(&number, decision);
            }
            world.advance_to(world.now().plus_days(2));
            assert_eq!(world.count("bill_difference"), 0);
            let amount = placed.amount();
            match decision {
                None => assert_eq!(placed.state(), "disputed"),
                Some(Decision::Won) => placed.moved(before, &[]),
                Some(Decision::Lost) => {
                    placed.moved(before, &[("provider", -amount), ("writer_held", amount)]);
                }
            }
            if let Some(decision) = decision {
                ended(&placed, &number, decision.as_str());
            }
        }
    }
}
