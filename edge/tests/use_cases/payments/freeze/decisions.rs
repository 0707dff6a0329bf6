//! The end of a freeze, decided by two humans who have seen the same version and counts.

use edge::database::Database;
use edge::failure::Failure;
use edge::payments::freeze::actions;
use edge::payments::ledger::{self, Account, Posting};
use edge::payments::refund;
use edge::publish;
use edge::queries::freezes;
use sha2::{Digest, Sha256};
use shared::api::PublishArticle;
use shared::lang::Lang;
use shared::machine::FreezeEnd::{MassReturn, Unfreeze};
use shared::money::{Currency, Money};
use shared::problem::Problem;

use super::{audit, balances, moment, praise_states, state};
use crate::support::people::{Fixture, Person};
use crate::support::world::World;

/// A frozen article with two praises, and two operators.
struct FrozenArticle {
    fixture: Fixture,
    freeze_id: String,
    chen: Person,
    ruth: Person,
}

fn frozen_article(currency: Currency) -> FrozenArticle {
    let fixture = Fixture::new(currency);
    let Fixture { world, article, reader, .. } = &fixture;
    world.give_praise(reader, article, 1000);
    world.give_praise(&world.person("bo"), article, 500);
    let (chen, ruth) = (world.person("chen"), world.person("ruth"));
    let freeze_id = world.freeze(&chen, article);
    world.run_jobs();
    FrozenArticle { fixture, freeze_id, chen, ruth }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> Problem {
    match outcome {
        Err(Failure::Refused(problem)) => problem,
        other => panic!("not refused: {other:?}"),
    }
}

/// One reader undoes a praise while the article is frozen.
fn return_one(world: &World, minor: i64) {
    let row = world.rows(&format!(
        "SELECT praise.id, payment_id, account_id, order_number, transaction_id, praise.currency
         FROM praise JOIN payment ON payment.id = payment_id WHERE praise.amount_minor = {minor}"
    ));
    let text = |name: &str| row[0][name].as_str().unwrap().to_owned();
    let amount = Money::new(minor, Currency::from_code(&text("currency")).unwrap());
    world.raw(&format!(
        "UPDATE praise SET state = 'returning', state_reason = 'operator', state_at = {}
         WHERE id = '{}'",
        world.now().ms(),
        text("id")
    ));
    world.run(async |ctx| {
        let account = text("account_id");
        let posting = Posting::new(format!("praise.returning:{}", text("id"))).transfer(
            Account::WriterHeld(&account),
            Account::Returning("sandbox"),
            amount,
        );
        let mut statements = ledger::post(&[posting], ctx.now).unwrap().to_vec();
        let order = refund::RefundOrder {
            payment_id: &text("payment_id"),
            praise_id: Some(&text("id")),
            order_number: &text("order_number"),
            transaction_id: &text("transaction_id"),
            amount,
            reason: "operator",
        };
        statements.extend(refund::queue(ctx, &order).unwrap());
        ctx.db.batch(statements).await.unwrap()
    });
}

#[test]
fn a_mass_return_takes_two_operators_and_returns_everything() {
    for currency in Currency::ALL {
        let FrozenArticle { fixture: Fixture { world, .. }, freeze_id, chen, ruth } =
            frozen_article(currency);
        let action = world.propose(&chen, &freeze_id, MassReturn);
        assert_eq!((action.counts.praises, action.counts.amount.minor), (2, 1500));
        assert_eq!(action.shown_hash.len(), 64);
        assert_eq!(state(&world, &freeze_id), "open", "one operator alone changes nothing");
        assert_eq!(world.approve(&ruth, &action).unwrap(), freeze_id);
        world.advance_minutes(2);
        assert_eq!(
            (praise_states(&world).as_str(), state(&world, &freeze_id).as_str()),
            ("returned 2", "returned")
        );
        assert_eq!(balances(&world), [0, 0, 0]);
        assert_eq!(world.text("SELECT DISTINCT state_reason FROM refund"), "mass_return");
        let done = [("open", &chen), ("propose", &chen), ("return", &ruth)];
        let done = done.map(|(action, by)| format!("{} freeze.{action} {freeze_id}", by.id));
        assert_eq!(audit(&world), done);
        // Idempotent: the repetition has the same answer.
        let before = world.dump();
        assert_eq!(world.approve(&ruth, &action).unwrap(), freeze_id);
        assert_eq!(world.dump(), before);
        let again =
            world.run(async |ctx| actions::propose(ctx, &chen.id, &freeze_id, Unfreeze).await);
        assert_eq!(refused(again), Problem::WrongState);
    }
}

#[test]
fn nobody_approves_their_own_proposal_under_any_sign_in() {
    for kind in [MassReturn, Unfreeze] {
        let FrozenArticle { fixture: Fixture { world, .. }, freeze_id, chen, ruth } =
            frozen_article(Currency::Cny);
        let action = world.propose(&chen, &freeze_id, kind);
        let before = world.dump();
        assert_eq!(refused(world.approve(&chen, &action)), Problem::TwoPersons);
        assert_eq!(world.dump(), before);
        // Another sign-in with the same subject is the same person.
        let second = world.person("chen");
        assert_eq!(refused(world.approve(&second, &action)), Problem::TwoPersons);
        // Another person who is linked to the same human counts as the same human.
        let other = world.person("chen-too");
        world.link(&chen, &other);
        assert_eq!(refused(world.approve(&other, &action)), Problem::TwoPersons);
        assert_eq!(state(&world, &freeze_id), "open");
        world.approve(&ruth, &action).unwrap();
    }
}

#[test]
fn a_decision_is_bound_to_the_version_that_was_judged() {
    let Fixture { world, account, article, .. } = Fixture::new(Currency::Cny);
    let (chen, ruth) = (world.person("chen"), world.person("ruth"));
    let publish = |text: &str| {
        let new = PublishArticle {
            account: Some(account.handle.clone()),
            title: "Snow".into(),
            lang: Lang::En,
            author: None,
            slug: Some(article.slug.clone()),
            markdown: text.into(),
        };
        world.run(async |ctx| {
            publish::publish(ctx.db, ctx.entropy, ctx.now, &account.owner.id, &new).await
        })
    };
    let judge = |freeze_id: &str| {
        world.run(async |ctx| freezes::find_for_operator(ctx.db, freeze_id).await.unwrap().unwrap())
    };
    let read = |freeze_id: &str, version: i64| {
        world.run(async |ctx| freezes::find_version(ctx.db, freeze_id, version).await.unwrap())
    };
    publish("Buy **my** pills.").unwrap();
    let first = world.freeze(&chen, &article);
    assert_eq!(publish("It snowed.").unwrap_err().problem(), Problem::ArticleFrozen);
    let judged = judge(&first).version;
    assert_eq!((judged.version, judged.title.as_str()), (2, "Snow"));
    let text = read(&first, 2).unwrap();
    assert_eq!((text.version, text.markdown.as_str()), (judged.clone(), "Buy **my** pills."));
    assert_eq!(text.html.trim(), "<p dir=\"auto\">Buy <strong>my</strong> pills.</p>");
    let earlier = read(&first, 1).unwrap();
    assert_ne!(earlier.version.content_hash, judged.content_hash);
    assert_eq!((read(&first, 0), read(&first, 3)), (None, None));
    // Everything else being equal, another text is another decision.
    let action = world.propose(&chen, &first, Unfreeze);
    world.approve(&ruth, &action).unwrap();
    publish("It snowed all day.").unwrap();
    assert!(read(&first, 3).is_some(), "later versions are public in any case");
    let second = world.freeze(&chen, &article);
    assert_eq!((judge(&second).version.version, judge(&first).version), (3, judged));
    let other = world.propose(&chen, &second, Unfreeze);
    assert_eq!(other.counts, action.counts);
    let hash = |freeze: &str, content: &str| {
        let shown = format!("unfreeze\n{freeze}\n0\n0\nCNY\n{content}");
        Sha256::digest(shown).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    assert_eq!(other.shown_hash, hash(&second, &judge(&second).version.content_hash));
    assert_eq!(action.shown_hash, hash(&first, &judge(&first).version.content_hash));
    world.check();
}

#[test]
fn an_approval_is_for_the_counts_that_were_shown() {
    let FrozenArticle { fixture: Fixture { world, .. }, freeze_id, chen, ruth } =
        frozen_article(Currency::Usd);
    let mut action = world.propose(&chen, &freeze_id, MassReturn);
    let hash = std::mem::replace(&mut action.shown_hash, "0".repeat(64));
    assert_eq!(refused(world.approve(&ruth, &action)), Problem::CountsChanged);
    action.shown_hash = hash;
    return_one(&world, 500);
    let before = world.dump();
    assert_eq!(refused(world.approve(&ruth, &action)), Problem::CountsChanged);
    assert_eq!(world.dump(), before, "it was refused and changed something");
    // A new proposal withdraws the outdated one, and the other operator sees the new counts.
    let new = world.propose(&ruth, &freeze_id, MassReturn);
    assert_eq!((new.counts.praises, new.counts.amount.minor), (1, 1000));
    assert_ne!(new.shown_hash, action.shown_hash);
    assert_eq!(refused(world.approve(&ruth, &action)), Problem::WrongState);
    assert_eq!(refused(world.approve(&ruth, &new)), Problem::TwoPersons);
    world.approve(&chen, &new).unwrap();
    world.advance_minutes(2);
    assert_eq!(
        (praise_states(&world).as_str(), state(&world, &freeze_id).as_str()),
        ("returned 2", "returned")
    );
}

#[test]
fn an_approval_fails_if_only_the_amount_changed() {
    let FrozenArticle { fixture: Fixture { world, .. }, freeze_id, chen, ruth } =
        frozen_article(Currency::Cny);
    let action = world.propose(&chen, &freeze_id, MassReturn);
    // No use case can do this, but the approval still checks the amount.
    world.skip_self_check();
    world.raw(
        "DROP TRIGGER praise_fixed; UPDATE praise SET amount_minor = 501 WHERE amount_minor = 500",
    );
    assert_eq!(refused(world.approve(&ruth, &action)), Problem::CountsChanged);
}

#[test]
fn one_proposal_is_pending_at_a_time_and_can_be_withdrawn() {
    let FrozenArticle { fixture: Fixture { world, .. }, freeze_id, chen, ruth } =
        frozen_article(Currency::Cny);
    let first = world.propose(&chen, &freeze_id, MassReturn);
    assert_eq!(world.propose(&chen, &freeze_id, MassReturn), first, "requested twice");
    for (operator, kind) in [(&ruth, MassReturn), (&chen, Unfreeze), (&ruth, Unfreeze)] {
        let second =
            world.run(async |ctx| actions::propose(ctx, &operator.id, &freeze_id, kind).await);
        assert_eq!(refused(second), Problem::WrongState);
    }
    let withdraw = |operator: &Person, id: &str| {
        world.run(async |ctx| actions::withdraw(ctx, &operator.id, id).await)
    };
    assert_eq!(refused(withdraw(&ruth, "opa_none")), Problem::NotFound);
    withdraw(&ruth, &first.id).unwrap();
    let before = world.dump();
    withdraw(&ruth, &first.id).unwrap();
    assert_eq!(world.dump(), before);
    assert_eq!(refused(world.approve(&ruth, &first)), Problem::WrongState);
    let second = world.propose(&ruth, &freeze_id, Unfreeze);
    world.approve(&chen, &second).unwrap();
    assert_eq!(refused(withdraw(&ruth, &second.id)), Problem::WrongState);
    let none = world.run(async |ctx| actions::approve(ctx, &ruth.id, "opa_none", "x").await);
    assert_eq!(refused(none), Problem::NotFound);
    let none = world.run(async |ctx| actions::propose(ctx, &ruth.id, "frz_none", Unfreeze).await);
    assert_eq!(refused(none), Problem::NotFound);
}

#[test]
fn concurrent_approvals_end_a_freeze_once() {
    for seed in 0..20 {
        let FrozenArticle { fixture: Fixture { world, .. }, freeze_id, chen, ruth } =
            frozen_article(Currency::Cny);
        let action = world.propose(&chen, &freeze_id, MassReturn);
        let third = world.person("third");
        let outcomes = world.race(seed, 3, async |ctx, n| match n {
            0 => actions::approve(ctx, &ruth.id, &action.id, &action.shown_hash).await.is_ok(),
            1 => actions::approve(ctx, &third.id, &action.id, &action.shown_hash).await.is_ok(),
            _ => actions::withdraw(ctx, &chen.id, &action.id).await.is_ok(),
        });
        assert_eq!(outcomes.iter().filter(|done| **done).count(), 1, "seed {seed}: {outcomes:?}");
        let ended =
            world.count("operator_audit WHERE action IN ('freeze.return', 'freeze.withdraw')");
        assert_eq!(ended, 1);
    }
}

#[test]
fn a_proposal_lapses_at_the_deadline() {
    for appealed in [false, true] {
        let FrozenArticle { fixture, freeze_id, chen, ruth } = frozen_article(Currency::Cny);
        let Fixture { world, account, article, .. } = fixture;
        if appealed {
            let (writer, slug) = (&account.owner.id, &article.slug);
            world.run(async |ctx| {
                edge::payments::freeze::appeal(ctx, writer, slug, "Mine.").await.unwrap()
            });
        }
        let action = world.propose(&chen, &freeze_id, Unfreeze);
        let until = moment(&world, if appealed { "decide_until" } else { "appeal_until" });
        // The deadline has passed and the job has not run yet.
        world.set_now(until);
        assert_eq!(refused(world.approve(&ruth, &action)), Problem::WrongState);
        let late =
            world.run(async |ctx| actions::propose(ctx, &ruth.id, &freeze_id, Unfreeze).await);
        assert_eq!(refused(late), Problem::WrongState);
        world.advance_minutes(2);
        assert_eq!(state(&world, &freeze_id), "returned");
        assert_eq!(refused(world.approve(&ruth, &action)), Problem::WrongState);
        assert_eq!(world.count("operator_action WHERE withdrawn_at IS NULL"), 0);
    }
}

#[test]
fn an_approval_a_millisecond_before_the_deadline_counts() {
    let FrozenArticle { fixture: Fixture { world, .. }, freeze_id, chen, ruth } =
        frozen_article(Currency::Cny);
    let until = moment(&world, "appeal_until");
    world.set_now(shared::calendar::Moment::from_ms(until.ms() - 1));
    let action = world.propose(&chen, &freeze_id, Unfreeze);
    world.approve(&ruth, &action).unwrap();
    world.advance_minutes(2);
    assert_eq!(state(&world, &freeze_id), "lifted");
    assert_eq!(balances(&world)[2], 0);
}
