//! Load: one article and very many readers.
//!
//! `PRAISE_STORM` is the number of readers; the default is small enough for every test run. The
//! scenario is a day with 110,000 readers:
//!
//! ```sh
//! PRAISE_STORM=110000 cargo test --profile simulation -p edge --features sandbox \
//!     --test use_cases payments::load:: -- --nocapture
//! ```

use std::collections::VecDeque;
use std::time::Instant;

use edge::database::{Database, Statement, Value};
use edge::limits::policy::raise;
use edge::limits::policy::version::PolicyChange;
use edge::payments::freeze::{self, actions};
use edge::payments::praise::start::{self, NewPraise, Starter};
use edge::payments::webhook::{self, Received};
use edge::people::identity;
use edge::provider::sandbox::cashier::CashierAction;
use serde_json::json;
use shared::api::PaymentAction;
use shared::calendar::Moment;
use shared::key::IdempotencyKey;
use shared::machine::{FreezeEnd, FreezeRule, Visibility};
use shared::money::{Currency, Money};

use crate::support::faulty_database::Fault;
use crate::support::people::{Article, Fixture};
use crate::support::rng::Rng;
use crate::support::world::{World, run_due};

/// The number of readers who try to give.
fn reader_count() -> usize {
    std::env::var("PRAISE_STORM").map_or(1_500, |text| text.parse().expect("a number of readers"))
}

/// Signs readers in. Returns the tokens of their sessions.
fn readers(world: &World, count: usize) -> Vec<String> {
    let tokens: Vec<String> = (0..count).map(|n| format!("token-of-reader-{n}")).collect();
    for (chunk, tokens) in tokens.chunks(5_000).enumerate() {
        let rows: Vec<_> = tokens
            .iter()
            .enumerate()
            .map(|(n, token)| json!({"id": format!("per-{chunk}-{n}"), "hash": identity::hash(token)}))
            .collect();
        let rows = serde_json::to_string(&rows).unwrap();
        world.run(async |ctx| {
            let values = || [Value::from(&rows), ctx.now.into(), ctx.now.plus_days(30).into()];
            let people = "INSERT INTO person (id, kind, created_at)
                          SELECT value ->> 'id', 'member', ?2 FROM json_each(?1) WHERE ?3 > 0";
            let sessions = "INSERT INTO session (token_hash, person_id, created_at, expires_at)
                            SELECT value ->> 'hash', value ->> 'id', ?2, ?3 FROM json_each(?1)";
            let statements =
                vec![Statement::new(people, values()), Statement::new(sessions, values())];
            ctx.db.batch(statements).await.unwrap();
        });
    }
    tokens
}

/// The outcomes of all attempts.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcomes {
    /// Paid and booked.
    praised: usize,
    /// Paid after the room was used up; the payment is returned.
    returned: usize,
    /// Refused before anything was paid.
    refused: usize,
}

/// Each reader tries once, a tenth of a second after the previous one: 110,000 readers take three
/// hours. One in four leaves before paying, for ten minutes at most, so that no order expires.
/// Amounts are ¥1 to ¥47, ¥24 on average.
fn let_all_readers_try(world: &World, article: &Article, tokens: &[String]) -> Outcomes {
    let mut rng = Rng::new(20_161_130);
    let mut outcomes = Outcomes::default();
    let mut thinking: VecDeque<(Moment, String)> = VecDeque::new();
    for (number, token) in tokens.iter().enumerate() {
        world.set_now(Moment::from_ms(world.now().ms() + 100));
        let minor = 100 + 100 * rng.below(47) as i64;
        match attempt(world, article, token, number, minor) {
            Some(order_id) if rng.below(4) == 0 => thinking.push_back((world.now(), order_id)),
            Some(order_id) => pay(world, &order_id),
            None => outcomes.refused += 1,
        }
        if thinking.len() > 200
            && let Some((_, order_id)) = thinking.remove(rng.below(200))
        {
            pay(world, &order_id);
        }
        let long_ago = world.now().plus_minutes(-10);
        while let Some((_, order_id)) = thinking.pop_front_if(|(since, _)| *since < long_ago) {
            pay(world, &order_id);
        }
    }
    for (_, order_id) in &thinking {
        pay(world, order_id);
    }
    let fate = |fate: &str| world.count(&format!("payment WHERE fate = '{fate}'")) as usize;
    Outcomes { praised: fate("praise"), returned: fate("return"), ..outcomes }
}

/// Starts a praise. Returns its order, or `None` if it was refused.
fn attempt(
    world: &World,
    article: &Article,
    token: &str,
    number: usize,
    minor: i64,
) -> Option<String> {
    let key = IdempotencyKey::parse(&format!("key-of-reader-{number:08}")).unwrap();
    let amount = Money::new(minor, article.currency);
    let praise = NewPraise::new(amount, Visibility::Public, None).unwrap();
    let view = world.run(async |ctx| {
        let starter = Starter::from_token(token);
        start::start(ctx, starter, &article.slug, &key, None, &praise).await.unwrap().result
    });
    match view {
        Ok(view) => {
            assert_eq!(view.payment().action, PaymentAction::Redirect);
            Some(view.order_id)
        }
        Err(failure) => {
            assert_eq!(failure.problem().code(), "rule.article_day_cap");
            None
        }
    }
}

fn pay(world: &World, order_id: &str) {
    world.run(async |ctx| {
        let messages =
            ctx.provider.sandbox.act(order_id, CashierAction::Pay, ctx.now).await.unwrap();
        for message in messages {
            match webhook::receive(ctx, &message).await.unwrap() {
                Received::Stored(arrival) => webhook::process(ctx, &arrival).await.unwrap(),
                other => panic!("{other:?}"),
            }
        }
    });
}

#[test]
fn the_caps_hold_exactly_under_load() {
    let Fixture { world, article, .. } = Fixture::at("2026-11-30T02:00:00Z", Currency::Cny);
    let tokens = readers(&world, reader_count());
    let began = Instant::now();
    let outcomes = let_all_readers_try(&world, &article, &tokens);
    eprintln!("{} attempts in {:.1?}: {outcomes:?}", tokens.len(), began.elapsed());
    assert_eq!(outcomes.praised + outcomes.returned + outcomes.refused, tokens.len());
    // Every attempt that could start found room for the largest praise. The day never exceeds its
    // cap and is not closed while there is room for one more.
    let booked = world.number("SELECT booked_minor FROM article_day");
    assert!(booked <= 2_000_000, "{booked}");
    assert!(outcomes.refused == 0 || booked > 2_000_000 - 20_000, "{booked}");
    assert_eq!(world.balance("writer_held"), -booked);
    // The refunds have arrived.
    world.advance_minutes(5);
    assert_eq!(world.balance("returning"), 0);
    assert_eq!(world.count("refund WHERE state = 'succeeded'") as usize, outcomes.returned);
}

/// Runs the due jobs in a Worker that dies after `batches` batches.
fn run_jobs_and_die(world: &World, batches: usize) {
    world.product.fail_once(batches, Fault::DieAfter);
    let ended = world.try_request(async |ctx| run_due(ctx).await);
    assert!(ended.is_none(), "it survived");
}

#[test]
fn a_mass_return_completes_after_being_killed_twice() {
    let Fixture { world, article, .. } = Fixture::at("2026-11-30T02:00:00Z", Currency::Cny);
    let [chen, ruth] = ["chen", "ruth"].map(|name| world.person(name));
    let change = PolicyChange {
        article_day_minor: Some(1_000_000_000),
        writer_day_minor: Some(1_000_000_000),
        ..PolicyChange::default()
    };
    let raised = world.run(async |ctx| {
        let (now, why) = (ctx.now, "A famous article.");
        let proposal = raise::propose(ctx, &chen.id, article.currency, now, &change, why).await;
        let proposal = proposal.unwrap();
        raise::approve(ctx, &ruth.id, &proposal.id, &proposal.shown_hash).await.unwrap()
    });
    world.advance_to(raised.effective_from);

    let tokens = readers(&world, reader_count());
    let began = Instant::now();
    let outcomes = let_all_readers_try(&world, &article, &tokens);
    assert_eq!(outcomes, Outcomes { praised: tokens.len(), ..Outcomes::default() });
    let held = -world.balance("writer_held");
    eprintln!("{} praises of ¥{} in {:.1?}", tokens.len(), held / 100, began.elapsed());

    let began = Instant::now();
    let open = world.freeze_request(&article.slug, FreezeRule::Fundraising);
    let freeze_id = world.run(async |ctx| freeze::freeze(ctx, &chen.id, &open).await.unwrap().0);
    world.advance_seconds(1);
    while world.count("praise WHERE state <> 'frozen'") > 0 {
        world.run_jobs();
    }
    eprintln!("frozen in {:.1?}", began.elapsed());

    let began = Instant::now();
    let action = world.run(async |ctx| {
        actions::propose(ctx, &chen.id, &freeze_id, FreezeEnd::MassReturn).await.unwrap()
    });
    assert_eq!(action.counts.praises as usize, tokens.len());
    assert_eq!(action.counts.amount.minor, held);
    world.run(async |ctx| {
        actions::approve(ctx, &ruth.id, &action.id, &action.shown_hash).await.unwrap()
    });
    run_jobs_and_die(&world, 4);
    world.set_now(world.now().plus_seconds(60));
    run_jobs_and_die(&world, 9);
    world.set_now(world.now().plus_seconds(60));
    let mut runs = 0;
    while world.count("praise WHERE state <> 'returned'") > 0 {
        world.run_jobs();
        world.set_now(world.now().plus_seconds(60));
        runs += 1;
        assert!(runs < 5_000, "it never finishes");
    }
    world.run_jobs();
    eprintln!("returned in {:.1?}, in {runs} runs of the jobs", began.elapsed());

    assert_eq!((world.balance("writer_held"), world.balance("returning")), (0, 0));
    assert_eq!(world.text("SELECT state FROM freeze"), "returned");
    let back = world.sandbox.query(
        "SELECT count(*) AS refunds, count(DISTINCT order_number) AS orders,
                sum(amount_minor) AS minor FROM sandbox_refund",
    );
    let all = tokens.len();
    assert_eq!(back, [json!({ "refunds": all, "orders": all, "minor": held })]);
}
