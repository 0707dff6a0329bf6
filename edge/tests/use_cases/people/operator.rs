//! Operators: who is one, the audit of their actions, and their open tasks.

mod closing_tasks;

use edge::database::{Database, Statement};
use edge::failure::Failure;
use edge::pagination::Cursor;
use edge::people::operator::{self, Operators, accounts, stop, tasks};
use edge::queries::operators;
use edge::queue::inbox;
use serde_json::json;
use shared::limits::LIST_PAGE;
use shared::machine::{AccountKind, AccountStatus};
use shared::money::Currency;
use shared::problem::Problem;

use crate::payments::reversal::praise_of;
use crate::support::people::Fixture;
use crate::support::world::World;

fn store(world: &World, statements: Vec<Statement>) {
    world.run(async |ctx| ctx.db.batch(statements).await.map(drop)).unwrap();
}

fn is_operator(world: &World, secret: &str, person_id: &str) -> bool {
    let named = Operators::parse(secret);
    world.run(async |ctx| named.include(ctx.db, person_id).await.unwrap())
}

#[test]
fn operators_are_named_by_the_secret_and_nobody_is_without_it() {
    let world = World::new();
    let (chen, ruth) = (world.person("chen"), world.person("ruth"));
    let secret = "sandbox:chen, sandbox:nobody";
    assert!(is_operator(&world, secret, &chen.id));
    assert!(is_operator(&world, secret, &world.person("chen").id), "another sign-in");
    assert!(!is_operator(&world, secret, &ruth.id));
    for nobody in ["", "chen", "sandbox:che", "other:chen", "sandbox:chen2", "sandbox:%"] {
        assert!(!is_operator(&world, nobody, &chen.id), "{nobody}");
    }
}

#[test]
fn a_person_who_is_linked_to_an_operator_is_not_an_operator() {
    let world = World::new();
    let (chen, other) = (world.person("chen"), world.person("min"));
    world.link(&chen, &other);
    assert!(is_operator(&world, "sandbox:chen", &chen.id));
    assert!(!is_operator(&world, "sandbox:chen", &other.id));
    assert!(!is_operator(&world, "sandbox:min", &chen.id));
}

#[test]
fn the_audit_is_read_newest_first_page_by_page() {
    let world = World::new();
    let chen = world.person("chen");
    let many = LIST_PAGE * 2 + 1;
    for n in 0..many {
        let subject = format!("frz_{n}");
        let detail = json!({ "praises": n });
        let entry = operator::audit(&chen.id, "freeze.open", &subject, &detail, world.now());
        store(&world, vec![entry]);
    }
    let (mut cursor, mut seen) = (None, Vec::new());
    loop {
        let place = Cursor::parse(cursor.as_deref()).unwrap();
        let page = world.run(async |ctx| operators::list_audit(ctx.db, &place).await.unwrap());
        assert!(page.items.iter().all(|one| one.operator_name.as_deref() == Some("chen")));
        seen.extend(page.items.iter().map(|one| one.detail["praises"].as_u64().unwrap() as usize));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, (0..many).rev().collect::<Vec<_>>());
}

#[test]
fn the_audit_is_append_only() {
    let world = World::new();
    let chen = world.person("chen");
    let entry = operator::audit(&chen.id, "stop.on", "global", &json!({}), world.now());
    store(&world, vec![entry]);
    for sql in [
        "UPDATE operator_audit SET detail = '{}', at = 1",
        "DELETE FROM operator_audit",
        "INSERT OR REPLACE INTO operator_audit SELECT id, 1, person_id, action, subject, detail
         FROM operator_audit",
    ] {
        let refused = world.product.raw(sql).unwrap_err();
        assert_eq!(refused.rule(), Some("append_only"), "{sql}");
    }
    assert_eq!(world.count("operator_audit WHERE action = 'stop.on'"), 1);
}

#[test]
fn tasks_are_opened_once_closed_once_and_listed_by_their_deadline() {
    let world = World::new();
    let day = |n| world.now().plus_days(n);
    let batch = vec![
        tasks::open("dispute", "dsp_2", "the second", world.now(), day(2)),
        tasks::open("suspense", "sus_1", "the first", world.now(), day(1)),
        tasks::open("suspense", "sus_3", "also the second", world.now(), day(2)),
        tasks::open("suspense", "sus_1", "again", world.now(), day(9)),
    ];
    store(&world, batch);
    let open = || {
        let beginning = operators::parse_ascending_cursor(None).unwrap();
        let page = world.run(async |ctx| operators::list_tasks(ctx.db, &beginning).await.unwrap());
        page.items.into_iter().map(|task| task.detail).collect::<Vec<_>>()
    };
    assert_eq!(open(), ["the first", "the second", "also the second"]);
    let close = || vec![tasks::close("suspense", "sus_1", "returned", world.now())];
    store(&world, close());
    store(&world, close());
    let never = vec![tasks::close("suspense", "sus_9", "returned", world.now())];
    store(&world, never);
    assert_eq!(open(), ["the second", "also the second"]);
}

#[test]
fn a_closed_task_is_opened_again_by_the_next_report() {
    let world = World::new();
    let report = |detail: &str, after_s: i64| {
        let now = world.now().plus_seconds(after_s);
        store(&world, vec![tasks::open("suspense", "sus_1", detail, now, now.plus_days(1))]);
    };
    let task = || {
        let task = "SELECT detail, opened_at, deadline, closed_at, outcome FROM operator_task";
        let rows = world.rows(task);
        assert_eq!(rows.len(), 1);
        rows[0].clone()
    };
    report("the first", 0);
    let first = task();
    // While it is open, it stays as it is.
    report("the second", 1);
    assert_eq!(task(), first);
    let close = tasks::close("suspense", "sus_1", "returned", world.now().plus_seconds(10));
    store(&world, vec![close]);
    // A report from before it was closed comes too late.
    let closed = task();
    report("the third", 9);
    assert_eq!(task(), closed);
    report("the fourth", 11);
    let (opened_at, deadline) =
        (world.now().plus_seconds(11), world.now().plus_seconds(11).plus_days(1));
    let expected = json!({
        "detail": "the fourth", "opened_at": opened_at.ms(), "deadline": deadline.ms(),
        "closed_at": null, "outcome": null,
    });
    assert_eq!(task(), expected);
}

#[test]
fn a_repeated_event_opens_no_closed_task_again() {
    let world = World::new();
    let start = world.now();
    let store_event = |event_id: &str| {
        let now = world.now();
        store(&world, Vec::from(inbox::store("sandbox", event_id, "{}", now)));
    };
    let report = |event_id: Option<&str>| {
        let (now, deadline) = (world.now(), world.now().plus_days(7));
        let event = event_id.map(|event_id| ("sandbox", event_id));
        let task = tasks::open_for_event("dispute", "bank-7", "unknown", now, deadline, event);
        store(&world, vec![task]);
    };
    let is_open = || world.count("operator_task WHERE closed_at IS NULL") == 1;
    store_event("evt-1");
    report(Some("evt-1"));
    assert!(is_open());
    world.set_now(start.plus_seconds(10));
    store(&world, vec![tasks::close("dispute", "bank-7", "looked_at", world.now())]);
    world.set_now(start.plus_seconds(20));
    // The same message is processed again, and our own query repeats it.
    report(Some("evt-1"));
    report(None);
    assert!(!is_open());
    // Another message reports it.
    store_event("evt-2");
    report(Some("evt-2"));
    assert!(is_open());
    world.skip_self_check();
}

#[test]
fn tasks_are_paginated_even_with_equal_deadlines() {
    let world = World::new();
    let many = LIST_PAGE * 2 + 3;
    let (now, deadline) = (world.now(), world.now().plus_days(1));
    let batch = (0..many).map(|n| tasks::open("suspense", &format!("sus_{n}"), "x", now, deadline));
    let batch = batch.collect();
    store(&world, batch);
    let (mut cursor, mut seen) = (None, Vec::new());
    loop {
        let place = operators::parse_ascending_cursor(cursor.as_deref()).unwrap();
        let page = world.run(async |ctx| operators::list_tasks(ctx.db, &place).await.unwrap());
        seen.extend(page.items.into_iter().map(|task| task.subject_id));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), many);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), many);
}

#[test]
fn under_the_global_stop_nothing_starts_and_open_payments_continue() {
    for currency in Currency::ALL {
        let Fixture { world, article, reader, .. } = Fixture::new(currency);
        let chen = world.person("chen");
        let stop = |reason: &str| world.run(async |ctx| stop::on(ctx, &chen.id, reason).await);
        // One to be paid out, one to be returned, one whose payment is still to come.
        world.give_praise(&reader, &article, 1000);
        let back = praise_of(&world, &world.give_praise(&reader, &article, 500));
        let open = world.start_praise(&reader, &article, 700);
        assert!(matches!(stop("  "), Err(Failure::Refused(Problem::Text { .. }))));
        stop("A drill").unwrap();
        let since = world.now();
        world.advance_minutes(1);
        stop("A real one").unwrap();
        let said = world.rows("SELECT since, reason FROM global_stop");
        assert_eq!(said, [json!({ "since": since.ms(), "reason": "A real one" })]);
        let refused = world.start(&world.praise_request(&reader, &article, 100));
        assert_eq!(refused, Err(Failure::Refused(Problem::GlobalStop)));
        world.pay(&open);
        assert_eq!(world.state_of(&open), "paid");
        world.run(async |ctx| {
            let right = edge::payments::reversal::ReversalRight::Undo;
            edge::payments::reversal::reverse_praise(ctx, &reader.id, &back, right).await.unwrap();
        });
        world.advance_to(world.now().plus_days(8));
        let states = world.rows("SELECT state FROM praise ORDER BY amount_minor");
        let states: Vec<_> = states.iter().map(|row| row["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["returned", "paid_out", "paid_out"]);
        world.run(async |ctx| stop::off(ctx, &chen.id).await.unwrap());
        world.run(async |ctx| stop::off(ctx, &chen.id).await.unwrap());
        world.give_praise(&reader, &article, 100);
        let asked =
            world.rows("SELECT action FROM operator_audit WHERE action LIKE 'stop.%' ORDER BY id");
        let asked: Vec<_> = asked.iter().map(|row| row["action"].as_str().unwrap()).collect();
        assert_eq!(asked, ["stop.on", "stop.on", "stop.off", "stop.off"]);
    }
}

#[test]
fn a_suspended_account_gets_no_new_praises_and_its_payouts_wait() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    let chen = world.person("chen");
    let change = |handle: &str, status, kind| {
        world.run(async |ctx| accounts::change(ctx, &chen.id, handle, status, kind).await)
    };
    world.give_praise(&reader, &article, 1000);
    let open = world.start_praise(&reader, &article, 500);
    let suspended = change(&account.handle, Some(AccountStatus::Suspended), None).unwrap();
    assert_eq!(suspended.status, AccountStatus::Suspended);
    assert_eq!(suspended.kind, AccountKind::Individual);
    let refused = world.start(&world.praise_request(&reader, &article, 100));
    assert_eq!(refused, Err(Failure::Refused(Problem::NotAccepting)));
    world.pay(&open);
    assert_eq!(world.view(&reader, &open).refusal, Some(Problem::AccountSuspended));
    world.advance_to(world.now().plus_days(8));
    assert_eq!(world.text("SELECT state FROM praise"), "due");
    let waiting = "SELECT state_reason FROM payout WHERE state = 'waiting'";
    assert_eq!(world.text(waiting), "account_suspended");
    assert_eq!(world.text("SELECT state FROM refund"), "succeeded");
    // Idempotent: the second request is not audited again.
    change(&account.handle, Some(AccountStatus::Suspended), None).unwrap();
    change(&account.handle, Some(AccountStatus::Active), None).unwrap();
    world.run_jobs();
    assert_eq!(world.text("SELECT state FROM praise"), "paid_out");
    let audit = "operator_audit WHERE action = 'account.change'";
    assert_eq!(world.count(audit), 2);
    world.give_praise(&reader, &article, 100);
    let organization = change(&account.handle, None, Some(AccountKind::Organization)).unwrap();
    assert_eq!(organization.kind, AccountKind::Organization);
    assert_eq!(world.count(audit), 3);
    let refused = world.start(&world.praise_request(&reader, &article, 100));
    assert_eq!(refused, Err(Failure::Refused(Problem::NotAccepting)));
    let nobody = change("nobody", Some(AccountStatus::Active), None);
    assert_eq!(nobody, Err(Failure::Refused(Problem::NotFound)));
}
