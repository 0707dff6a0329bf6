//! A dispute, the end of a payout and a return of the same praise, in every order. Whatever came
//! first, every cent is in one place in the end: the reader has the praise back once or the writer
//! has it, and nobody owes or holds anything for it.

use edge::give_back::{Right, give_back};
use edge::jobs::{self, JobKind};
use edge::provider::sandbox::disputes::Decision;
use edge::provider::sandbox::payouts::Receipt;
use edge::{payout, settle};
use shared::money::Currency;
use shared::problem::Problem;
use shared::text::TextError;

use crate::world::World;
use crate::world::people::Stage;
use crate::world::places::{AMOUNT, Placed};

/// How far the payout has come when the rest begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begun {
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
enum Returned {
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
enum Act {
    Opens,
    Decides,
    Returns,
    PaysOut,
}

/// Every order in which the bank decides after it was asked.
fn orders() -> Vec<[Act; 4]> {
    let all = [Act::Opens, Act::Decides, Act::Returns, Act::PaysOut];
    let mut found = Vec::new();
    for code in 0..256 {
        let order = [0, 2, 4, 6].map(|bits| all[code >> bits & 3]);
        let place = |act| order.iter().position(|one| *one == act);
        let each_once = all.iter().all(|act| place(*act).is_some());
        if each_once && place(Act::Opens) < place(Act::Decides) {
            found.push(order);
        }
    }
    assert_eq!(found.len(), 12);
    found
}

struct Case {
    placed: Placed,
    begun: Begun,
    decision: Decision,
    number: Option<String>,
    fails: bool,
    /// Whether the provider was asked to give it back before the bank took it.
    refund_first: bool,
}

impl Case {
    fn begin(begun: Begun, decision: Decision, fails: bool, currency: Currency) -> Case {
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

    fn world(&self) -> &World {
        self.placed.world()
    }

    fn act(&mut self, act: Act, returned: Returned) {
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
        let by = |person: &str, right: Right| {
            let person = person.to_owned();
            // It may be too late for it, which is an answer as well.
            world.act(async |ctx| give_back(ctx, &person, &praise_id, right).await.is_ok());
        };
        match returned {
            Returned::Never => {}
            Returned::Mass => {
                let freeze_id = world.frozen(&self.placed.stage.article);
                world.end_freeze(&freeze_id, shared::machine::FreezeEnd::MassReturn);
                for _ in 0..4 {
                    world
                        .act(async |ctx| edge::freeze::carry_on(ctx, &freeze_id).await.map(drop))
                        .unwrap();
                }
            }
            Returned::ByWriter => by(&self.placed.stage.account.owner.id, Right::Writer),
            Returned::ByOperator => by(&world.person("olga").id, Right::Operator),
            Returned::TakenBack => by(&self.placed.stage.reader.id, Right::TakeBack),
        }
        let queued = world.text("SELECT coalesce(max(id), '') FROM refund WHERE state = 'queued'");
        if !queued.is_empty() {
            world.act(async |ctx| edge::refund::send(ctx, &queued).await.unwrap());
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
    fn adds_up(&self) {
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
    world.act(async |ctx| payout::part::run(ctx, &part_id).await.map(drop)).unwrap();
}

fn every_order(begun: Begun, by: &[Returned]) {
    for (turn, order) in orders().into_iter().enumerate() {
        for returned in by.iter().copied() {
            for decision in Decision::ALL {
                for fails in [false, true] {
                    let currency = Currency::ALL[turn % Currency::ALL.len()];
                    let mut case = Case::begin(begun, decision, fails, currency);
                    let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                        order.into_iter().for_each(|act| case.act(act, returned));
                        case.adds_up();
                    }));
                    if let Err(panic) = told {
                        case.world().tampered();
                        eprintln!(
                            "{begun:?}, {order:?}, {returned:?}, {decision:?}, fails {fails}"
                        );
                        std::panic::resume_unwind(panic);
                    }
                }
            }
        }
    }
}

const BY_ALL: &[Returned] = &[
    Returned::Never,
    Returned::Mass,
    Returned::ByWriter,
    Returned::ByOperator,
    Returned::TakenBack,
];

/// What is on its way to the card is not taken back by its reader in any order.
const BY_OTHERS: &[Returned] =
    &[Returned::Never, Returned::Mass, Returned::ByWriter, Returned::ByOperator];

#[test]
fn a_praise_that_is_held_adds_up_in_every_order() {
    every_order(Begun::Held, BY_ALL);
}

#[test]
fn a_praise_whose_payout_is_planned_adds_up_in_every_order() {
    every_order(Begun::Planned, BY_OTHERS);
}

#[test]
fn a_praise_whose_payout_is_unknown_adds_up_in_every_order() {
    every_order(Begun::Unknown, BY_OTHERS);
}

#[test]
fn a_praise_whose_payout_is_awaited_adds_up_in_every_order() {
    every_order(Begun::Awaited, BY_OTHERS);
}

#[test]
fn what_was_lost_on_its_way_is_owed_once_it_has_arrived_and_not_before() {
    for fails in [false, true] {
        let mut case = Case::begin(Begun::Awaited, Decision::Lost, fails, Currency::Cny);
        case.act(Act::Opens, Returned::Never);
        case.act(Act::Decides, Returned::Never);
        let Stage { world, article, .. } = &case.placed.stage;
        assert_eq!(world.balance("writer_debt"), AMOUNT);
        // Another praise of the same writer is paid out meanwhile: whether the first arrives is not
        // known, and so neither is whether anything of it has to come back.
        let other = world.person("ana");
        let second = world.praised(&other, article, 3 * AMOUNT);
        world.advance_to(world.now().plus_days(8));
        let state = format!("SELECT state FROM praise WHERE intent_id = '{second}'");
        assert_eq!(world.text(&state), "paid_out");
        let sent = "SELECT sum(debt_minor) FROM payout WHERE state = 'succeeded'";
        assert_eq!(world.number(sent), 0);
        let first =
            world.text("SELECT part.id FROM payout_part AS part WHERE state <> 'succeeded'");
        let message = world.act(async |ctx| {
            let receipt = if fails { Receipt::Lapse } else { Receipt::Confirm };
            ctx.provider.sandbox.receipt(&first, receipt, ctx.now).await.unwrap().unwrap()
        });
        world.deliver(&message);
        world.check();
        assert_eq!(world.balance("writer_debt"), if fails { 0 } else { AMOUNT });
        let lost = world.count("praise WHERE state = 'lost'");
        assert_eq!(lost, i64::from(fails), "what has not arrived is lost, what has is owed");
        assert_eq!(world.balance("writer_due"), 0);
        // The next payout makes up for what did arrive.
        world.praised(&world.person("bo"), article, 2 * AMOUNT);
        world.advance_to(world.now().plus_days(8));
        assert_eq!(world.balance("writer_debt"), 0);
        let sent = world
            .sandbox
            .query("SELECT sum(amount_minor) AS sum FROM sandbox_payout WHERE state = 'succeeded'");
        assert_eq!(sent[0]["sum"].as_i64(), Some(5 * AMOUNT));
    }
}

#[test]
fn a_refund_that_has_not_left_waits_for_the_bank_and_is_not_made_when_the_bank_gives_it_back() {
    for decision in Decision::ALL {
        let placed = Placed::at(crate::world::places::Place::Returning, Currency::Cny);
        let world = placed.world();
        let number = placed.dispute();
        world.advance_to(world.now().plus_days(3));
        assert_eq!(world.text("SELECT state FROM refund"), "queued");
        assert!(!world.calls.borrow().contains(&"refund"));
        placed.decide(&number, decision);
        world.advance_minutes(1);
        world.check();
        let lost = decision == Decision::Lost;
        assert_eq!(placed.state(), if lost { "lost" } else { "returned" });
        assert_eq!(
            world.text("SELECT state FROM refund"),
            if lost { "closed" } else { "succeeded" }
        );
        assert_eq!(world.calls.borrow().contains(&"refund"), !lost);
        for account in ["returning", "operator_loss", "dispute_clearing", "writer_debt"] {
            assert_eq!(world.balance(account), 0, "{account}");
        }
        assert_eq!(world.at_provider(), 0);
        assert_eq!(world.busy(), 0);
    }
}

#[test]
fn a_return_by_a_rule_is_not_made_when_the_bank_gives_it_back() {
    let placed = Placed::at(crate::world::places::Place::Refused, Currency::Usd);
    let world = placed.world();
    let number = placed.dispute();
    placed.decide(&number, Decision::Lost);
    world.advance_minutes(1);
    assert_eq!(world.text("SELECT state FROM refund"), "closed");
    assert!(!world.calls.borrow().contains(&"refund"));
    for account in ["returning", "operator_loss", "dispute_clearing"] {
        assert_eq!(world.balance(account), 0, "{account}");
    }
    assert_eq!(world.at_provider(), 0);
    world.check();
}

#[test]
fn a_refund_that_the_provider_closes_is_not_replaced_when_the_bank_gives_the_money_back() {
    let placed = Placed::at(crate::world::places::Place::Returning, Currency::Cny);
    let world = placed.world();
    world.order_fault("refund", "abnormal", 1);
    world.advance_minutes(1);
    assert_eq!(world.text("SELECT state FROM refund"), "abnormal");
    let number = placed.dispute();
    let refund_id = world.text("SELECT id FROM refund");
    let operator = world.person("olga").id;
    let retry =
        || world.act(async |ctx| edge::refund::retry_abnormal(ctx, &operator, &refund_id).await);
    assert!(retry().is_err(), "while the bank looks at it, nobody gives it back");
    placed.decide(&number, Decision::Lost);
    assert!(retry().is_err(), "the bank has given it back");
    assert_eq!(world.balance("operator_loss"), AMOUNT);
    world.sandbox.raw("UPDATE sandbox_refund SET state = 'closed'").unwrap();
    world.act(async |ctx| {
        let wake = jobs::wake(JobKind::PollRefund, &refund_id, ctx.now);
        edge::database::Database::batch(ctx.db, vec![wake]).await.unwrap();
    });
    world.run_jobs();
    assert_eq!(world.count("refund"), 1);
    assert_eq!(placed.state(), "lost");
    assert_eq!(world.balance("operator_loss"), 0);
    assert_eq!(world.balance("returning"), 0);
    assert_eq!(world.busy(), 0);
    world.check();
}

#[test]
fn an_operator_closes_what_the_provider_cannot_deliver_once_the_bank_has_given_it_back() {
    let placed = Placed::at(crate::world::places::Place::Returning, Currency::Cny);
    let world = placed.world();
    world.order_fault("refund", "abnormal", 1);
    world.advance_minutes(1);
    let refund_id = world.text("SELECT id FROM refund");
    let operator = world.person("olga").id;
    let close = |reason: &'static str| {
        world
            .act(async |ctx| edge::refund::close_abnormal(ctx, &operator, &refund_id, reason).await)
    };
    let refused = |reason, problem: Problem| {
        let answer = close(reason);
        assert!(
            matches!(&answer, Err(told) if told.problem() == problem),
            "{answer:?}, not {problem:?}"
        );
        assert_eq!(world.text("SELECT state FROM refund"), "abnormal");
    };
    refused("Given up.", Problem::WrongState);
    let number = placed.dispute();
    refused("The bank looks at it.", Problem::WrongState);
    placed.decide(&number, Decision::Lost);
    refused(" ", Problem::Text { field: "reason", error: TextError::Empty });
    world.order_fault("query_refund", "lost", 1);
    refused("The bank gave it back.", Problem::Unavailable);
    world.sandbox.raw("UPDATE sandbox_refund SET state = 'processing', asks_left = 0").unwrap();
    refused("The bank gave it back.", Problem::WrongState);
    world.sandbox.raw("UPDATE sandbox_refund SET state = 'abnormal'").unwrap();
    assert_eq!(world.balance("operator_loss"), AMOUNT);
    for _ in 0..2 {
        close("The bank gave it back.").unwrap();
    }
    assert!(close("Another reason.").is_err());
    assert_eq!(world.text("SELECT state FROM refund"), "closed");
    assert_eq!(placed.state(), "lost");
    for account in ["returning", "operator_loss", "dispute_clearing", "writer_debt"] {
        assert_eq!(world.balance(account), 0, "{account}");
    }
    assert_eq!(world.count("operator_audit WHERE action = 'refund.close'"), 1);
    assert_eq!(world.count("operator_task WHERE closed_at IS NULL"), 0);
    assert_eq!(world.busy(), 0);
    world.check();
}

#[test]
fn a_refund_that_arrived_after_all_is_not_closed_by_an_operator() {
    let placed = Placed::at(crate::world::places::Place::Returning, Currency::Cny);
    let world = placed.world();
    world.order_fault("refund", "abnormal", 1);
    world.advance_minutes(1);
    let refund_id = world.text("SELECT id FROM refund");
    let number = placed.dispute();
    placed.decide(&number, Decision::Lost);
    world.sandbox.raw("UPDATE sandbox_refund SET state = 'succeeded'").unwrap();
    let operator = world.person("olga").id;
    world
        .act(async |ctx| {
            edge::refund::close_abnormal(ctx, &operator, &refund_id, "Looked at.").await
        })
        .unwrap();
    assert_eq!(world.text("SELECT state FROM refund"), "succeeded");
    assert_eq!(world.count("operator_audit WHERE action = 'refund.close'"), 0);
    assert_eq!(world.balance("operator_loss"), AMOUNT, "given back twice");
}
