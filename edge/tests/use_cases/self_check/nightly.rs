//! The nightly run of the self-check: the same checks in ranges, with tasks and waiting payouts.

use std::collections::BTreeSet;

use edge::database::{Database, DatabaseError, Rows, Statement};
use edge::people::operator::nightly_check;
use edge::queue::jobs::Next;
use shared::calendar::Moment;
use shared::money::Currency;

use crate::support::people::Fixture;
use crate::support::world::World;

const OPEN: &str = "operator_task WHERE kind = 'self_check' AND closed_at IS NULL";

/// Runs the job until the night's run is finished. Returns how often the job ran.
fn run_all(world: &World, rows: i64) -> usize {
    let mut runs = 1;
    while run_once(world, rows) == Next::At(world.now()) {
        runs += 1;
        assert!(runs < 1000, "the run does not end");
    }
    runs
}

fn run_once(world: &World, rows: i64) -> Next {
    world.run(async |ctx| nightly_check::run(ctx, rows).await.unwrap())
}

/// Asserts that the nightly run, in ranges of two rows, opens tasks for exactly the violations that
/// the whole check finds.
pub fn finds_the_same(world: &World, sql: &str) {
    let whole: BTreeSet<String> = world
        .violations()
        .into_iter()
        .map(|one| format!("{}: {}", one.check, one.account_id.unwrap_or(one.subject)))
        .collect();
    world.raw(
        "DELETE FROM self_check_run; DELETE FROM self_check_violation;
         DELETE FROM operator_task WHERE kind = 'self_check'",
    );
    run_all(world, 2);
    let tasks = world.rows("SELECT subject_id FROM operator_task WHERE kind = 'self_check'");
    let tasks: BTreeSet<String> =
        tasks.iter().map(|row| row["subject_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(tasks, whole, "{sql}");
}

/// A fixture an hour before its praise is due and four hours before the nightly run of 2026-11-28.
fn due_tomorrow() -> Fixture {
    let fixture = Fixture::new(Currency::Cny);
    fixture.world.give_praise(&fixture.reader, &fixture.article, 1000);
    fixture.world.advance_to(Moment::from_rfc3339("2026-11-28T15:00:00Z").unwrap());
    fixture
}

#[test]
fn the_first_movement_schedules_it_and_it_runs_once_a_night() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    assert_eq!(world.count("job WHERE kind = 'self_check'"), 0);
    world.give_praise(&reader, &article, 1000);
    let due = |world: &World| {
        Moment::from_ms(world.number("SELECT due_at FROM job WHERE kind = 'self_check'"))
    };
    let first = due(&world);
    assert!(first > world.now() && first <= world.now().plus_days(1));
    assert_eq!(first.ms() % 86_400_000, 19 * 3_600_000);
    world.advance_to(first);
    assert_eq!(due(&world), first.plus_days(1));
    assert_eq!(world.count("self_check_run WHERE finished_at IS NOT NULL"), 1);
    world.advance_to(first.plus_days(3));
    assert_eq!(world.count("self_check_run WHERE finished_at IS NOT NULL"), 4);
    assert_eq!(world.count("operator_task"), 0);
}

#[test]
fn a_violation_of_an_account_stops_its_payout_until_it_is_repaired() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    world.skip_self_check();
    world.raw("UPDATE ledger_balance SET balance_minor = -999 WHERE account = 'writer_held'");
    world.advance_to(Moment::from_rfc3339("2026-11-28T15:00:00Z").unwrap());
    // The violation has one task, although every night's run has found it.
    let task =
        format!("{OPEN} AND subject_id = 'each balance is the sum of its entries: {}'", account.id);
    assert_eq!(world.count(&task), 1);
    assert!(world.text(&format!("SELECT detail FROM {task}")).contains("balance -999"));

    world.raw("UPDATE ledger_balance SET balance_minor = -1000 WHERE account = 'writer_held'");
    // The praise is due at midnight in Shanghai, before the next night.
    world.advance_to(Moment::from_rfc3339("2026-11-28T18:00:00Z").unwrap());
    let reason = world.text("SELECT state_reason FROM payout WHERE state = 'waiting'");
    assert_eq!(reason, "records_inconsistent");
    world.advance_to(Moment::from_rfc3339("2026-11-28T20:00:00Z").unwrap());
    assert_eq!(world.count(OPEN), 0);
    assert_eq!(
        world.count("operator_task WHERE kind = 'self_check' AND outcome = 'repaired'"),
        world.count("operator_task WHERE kind = 'self_check'"),
    );
    assert_eq!(world.count("self_check_violation"), 0);
    assert_eq!(world.count("payout WHERE state IN ('queued', 'sent', 'succeeded')"), 1);
    world.check();
}

#[test]
fn a_task_opens_again_when_the_violation_comes_back() {
    let Fixture { world, .. } = due_tomorrow();
    world.skip_self_check();
    let night = Moment::from_rfc3339("2026-11-28T19:00:00Z").unwrap();
    for (day, change, open) in [(0, "+ 1", 1), (1, "- 1", 0), (2, "+ 1", 1), (3, "- 1", 0)] {
        world.raw(&format!("UPDATE wall_count SET persons = persons {change}"));
        world.advance_to(night.plus_days(day));
        assert_eq!(world.count(OPEN), open, "night {day}");
    }
    assert_eq!(world.count("operator_task WHERE kind = 'self_check'"), 1);
}

/// A database that loses its connection at one batch, before or after the batch is stored.
struct Dying<'a, D> {
    inner: &'a D,
    left: std::cell::Cell<usize>,
    stores: bool,
}

impl<D: Database> Database for Dying<'_, D> {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
        let lost = || Err(DatabaseError::Unknown("the Worker died".to_owned()));
        match self.left.get() {
            0 => lost(),
            1 => {
                self.left.set(0);
                if self.stores {
                    self.inner.batch(statements).await?;
                }
                lost()
            }
            left => {
                self.left.set(left - 1);
                self.inner.batch(statements).await
            }
        }
    }

    fn statements_sent(&self) -> u64 {
        self.inner.statements_sent()
    }
}

#[test]
fn a_run_that_dies_anywhere_goes_on_where_it_was() {
    let Fixture { world, .. } = due_tomorrow();
    world.skip_self_check();
    world.raw("UPDATE wall_count SET persons = persons + 1");
    let expected: Vec<_> = world.violations().into_iter().map(|one| one.check).collect();
    let place = |world: &World| {
        world.text("SELECT check_name || after_key FROM self_check_run WHERE finished_at IS NULL")
    };
    world.raw("DELETE FROM self_check_run");
    let mut places = BTreeSet::new();
    for dies in 1_usize.. {
        let before = place(&world);
        let outcome = world.run(async |ctx| {
            let db = Dying { inner: ctx.db, left: (dies % 31 + 3).into(), stores: dies % 2 == 0 };
            let dying = edge::context::Context {
                db: &db,
                provider: ctx.provider,
                now: ctx.now,
                entropy: ctx.entropy,
            };
            nightly_check::run(&dying, 4).await
        });
        let after = place(&world);
        if outcome.is_ok() || (after.is_empty() && !before.is_empty()) {
            break;
        }
        places.insert(after);
    }
    assert!(places.len() > 4, "{places:?}");
    assert_eq!(world.count("self_check_run WHERE finished_at IS NOT NULL"), 1);
    assert_eq!(world.count(OPEN), expected.len() as i64);
}

#[test]
fn rows_written_during_a_run_are_no_violations() {
    let Fixture { world, article, reader, account } = due_tomorrow();
    // Gives praises between the runs of the job, so wherever a range can end.
    let mut readers = (0..).map(|number| world.person(&format!("reader-{number}")));
    let rain = world.article(&account, "Rain");
    for (number, minor) in (1000..).step_by(100).enumerate().take(40) {
        let next = run_once(&world, 1);
        let who = readers.next().unwrap();
        let article = if number % 2 == 0 { &article } else { &rain };
        world.give_praise(&who, article, minor);
        if number % 5 == 0 {
            world.start_praise(&reader, article, 300);
        }
        if next != Next::At(world.now()) {
            break;
        }
    }
    run_all(&world, 3);
    let finished = "self_check_run WHERE day = '2026-11-28' AND finished_at IS NOT NULL";
    assert_eq!(world.count(finished), 1);
    assert_eq!(world.count("operator_task WHERE kind = 'self_check'"), 0);
}

/// A database in which each statement counts as ten, so that a run of jobs uses up its statements.
struct Costly<'a, D>(&'a D);

impl<D: Database> Database for Costly<'_, D> {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
        self.0.batch(statements).await
    }

    fn statements_sent(&self) -> u64 {
        self.0.statements_sent() * 10
    }
}

#[test]
fn a_run_that_uses_up_its_statements_goes_on_in_the_next_minute() {
    let Fixture { world, .. } = due_tomorrow();
    let night = Moment::from_rfc3339("2026-11-28T19:00:00Z").unwrap();
    world.advance_to(night.plus_seconds(-1));
    world.set_now(night);
    let mut minutes = 0;
    while world.count("self_check_run WHERE day = '2026-11-28' AND finished_at IS NOT NULL") == 0 {
        world.run(async |ctx| {
            edge::job_runner::run_due(&Costly(ctx.db), ctx.provider, ctx.entropy, &|| ctx.now)
                .await
                .unwrap();
        });
        minutes += 1;
        assert!(minutes < 20, "it does not go on");
        world.set_now(world.now().plus_minutes(1));
    }
    assert!(minutes > 1, "one run was enough");
}
