//! `cargo xtask guards`: removes each guard of the schema in turn, runs tests without it, and
//! prints which of them fail.
//!
//! Each guard has a test that violates it. With `--behaviour`, the command also looks for a test of
//! what the product does. A guard that refuses nothing during a test makes no difference to that
//! test. So each test runs once with all guards and records what was refused. Without a guard, only
//! the tests run in which it had refused something, the fastest first. There are two exceptions:
//! keys and unique indexes also decide what `ON CONFLICT` does, so every fast test runs without
//! them; triggers that write something instead of refusing are tried with all tests.

mod binary;
mod guard;
mod table;

use std::{
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{failure::AlreadyReported, paths, progress};
use binary::TestBinary;
use guard::{Failing, Guard};

/// Flags of `guards`.
#[derive(clap::Args)]
pub struct Options {
    /// Also look for the first test of the product's behaviour that fails without each guard
    #[arg(long)]
    behaviour: bool,
    /// Only guards whose names contain this text
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

/// The module of the tests that violate guards.
const VIOLATIONS: &str = "guards::";

/// Stands for "no guard": the schema is then written anew in the same way, and no test may fail.
const NO_GUARD: &str = "nothing";

/// Tests up to this duration also run without keys and unique indexes that refused nothing in them.
const FAST: Duration = Duration::from_millis(250);

/// How many tests one process runs, the fastest first; it stops at the first failure.
const TESTS_PER_RUN: usize = 40;

/// A test of behaviour, as it ran with all guards.
struct Baseline {
    name: String,
    duration: Duration,
    /// The messages of the guards that refused something.
    refusals: Vec<String>,
}

/// Runs the command. Fails if there is a guard without which all tests pass.
pub fn run(options: &Options) -> Result<()> {
    let started = Instant::now();
    let folder = paths::output("guards");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let binary = progress::step("build", "the tests of the use cases", TestBinary::build)?;
    progress::step("violations", "each guard refuses its violation", || {
        let failed =
            binary.first_failure(&[VIOLATIONS], NO_GUARD, &[("PRAISE_GUARDS_TO", &folder)])?;
        failed.map_or(Ok(()), |test| bail!(fails_with_all_guards(&test)))
    })?;
    let guards = selected(guard::read_all(&folder)?, options.only.as_deref())?;
    let baselines = match options.behaviour {
        true => progress::step("behaviour", "every other test, with all guards", || {
            baselines(&binary, &folder)
        })?,
        false => Vec::new(),
    };
    let failing = progress::step("guards", "the tests, without one guard after another", || {
        in_parallel(&guards, |guard| {
            let own = ["--exact", guard.test.as_str()];
            let violation = binary.first_failure(&own, &guard.name, &[])?;
            let behaviour = behaviour_failure(&binary, guard, &baselines)?;
            Ok(Failing { violation, behaviour })
        })
    })?;
    print!("{}", table::rows(&guards, &failing, options.behaviour));
    let summary = table::summary(&guards, &failing, options.behaviour);
    println!("\n{summary} ({})", progress::seconds(started.elapsed()));
    match failing.iter().all(|failing| failing.violation.is_some()) {
        true => Ok(()),
        false => Err(AlreadyReported.into()),
    }
}

fn fails_with_all_guards(test: &str) -> String {
    format!(
        "the test {test} fails with all guards in place, so it shows nothing about one of them: \
         fix it first (cargo test -p edge --features sandbox --test use_cases {test})"
    )
}

fn selected(mut guards: Vec<Guard>, text: Option<&str>) -> Result<Vec<Guard>> {
    if let Some(text) = text {
        guards.retain(|guard| guard.name.contains(text));
        if guards.is_empty() {
            bail!("no guard has `{text}` in its name; without --only, the table shows all names");
        }
    }
    Ok(guards)
}

/// Runs every test of behaviour by itself with all guards; the fastest comes first.
fn baselines(binary: &TestBinary, folder: &Path) -> Result<Vec<Baseline>> {
    let mut names = binary.names()?;
    names.retain(|name| !name.starts_with(VIOLATIONS));
    let numbered: Vec<(usize, String)> = names.into_iter().enumerate().collect();
    let mut found = in_parallel(&numbered, |(number, name)| {
        let file = folder.join(format!("{number}.refusals"));
        let started = Instant::now();
        let arguments = ["--exact", name.as_str()];
        let failed =
            binary.first_failure(&arguments, NO_GUARD, &[("PRAISE_REFUSALS_TO", &file)])?;
        if failed.is_some() {
            bail!(fails_with_all_guards(name));
        }
        let duration = started.elapsed();
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let refusals = text.lines().map(str::to_owned).collect();
        Ok(Baseline { name: name.clone(), duration, refusals })
    })?;
    found.sort_by_key(|test| test.duration);
    Ok(found)
}

/// Finds the first test of behaviour that fails without a guard.
fn behaviour_failure(
    binary: &TestBinary,
    guard: &Guard,
    baselines: &[Baseline],
) -> Result<Option<String>> {
    for tests in relevant(guard, baselines).chunks(TESTS_PER_RUN) {
        let arguments: Vec<&str> =
            std::iter::once("--exact").chain(tests.iter().copied()).collect();
        let failed = binary.first_failure(&arguments, &guard.name, &[])?;
        if failed.is_some() {
            return Ok(failed);
        }
    }
    Ok(None)
}

/// Selects the tests to which a guard can make a difference, the fastest first.
fn relevant<'a>(guard: &Guard, baselines: &'a [Baseline]) -> Vec<&'a str> {
    let is_refused = |test: &Baseline| test.refusals.iter().any(|refusal| is_from(refusal, guard));
    let may_fail = |test: &&Baseline| match guard.kind() {
        "keeper" => true,
        "key" | "unique" | "index" => is_refused(test) || test.duration < FAST,
        _ => is_refused(test),
    };
    baselines.iter().filter(may_fail).map(|test| test.name.as_str()).collect()
}

/// Returns whether a message is this guard's. The statement may follow it.
fn is_from(refusal: &str, guard: &Guard) -> bool {
    refusal
        .strip_prefix(&guard.message)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(" in "))
}

/// Does the work for each item on all processors but one, and keeps the order.
fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<Result<R>>>> = Mutex::new(items.iter().map(|_| None).collect());
    let workers = thread::available_parallelism().map_or(1, |count| count.get() - 1).max(1);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let index = next.fetch_add(1, Ordering::SeqCst)
                    && let Some(item) = items.get(index)
                {
                    if index > 0 && index.is_multiple_of(50) {
                        eprintln!("  … {index} of {}", items.len());
                    }
                    let result = work(item);
                    results.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(result);
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.into_iter().map(|result| result.context("a thread ended early")?).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(name: &str, message: &str) -> Guard {
        let [name, message] = [name, message].map(str::to_owned);
        Guard { name, message, sql: String::new(), without: String::new(), test: String::new() }
    }

    fn test(name: &str, ms: u64, refusal: &str) -> Baseline {
        let refusals = vec![refusal.to_owned()];
        Baseline { name: name.to_owned(), duration: Duration::from_millis(ms), refusals }
    }

    #[test]
    fn finds_the_tests_to_which_a_guard_can_make_a_difference() {
        let baselines = [
            test("fast", 10, "rule own"),
            test("other", 20, "rule own_article"),
            test("slow", 9_000, "CHECK constraint failed: kind IN ('a') in UPDATE x SET kind = 1"),
        ];
        let check = guard("check x kind IN ('a')", "CHECK constraint failed: kind IN ('a')");
        assert_eq!(relevant(&check, &baselines), ["slow"]);
        assert_eq!(relevant(&guard("rule x own", "rule own"), &baselines), ["fast"]);
        assert_eq!(relevant(&guard("key x(id)", "never said"), &baselines), ["fast", "other"]);
        assert_eq!(relevant(&guard("keeper x", "never said"), &baselines).len(), 3);
    }

    #[test]
    fn a_text_that_no_guard_contains_is_an_error() {
        let guards = || vec![guard("rule payout frozen", ""), guard("check refund a > 0", "")];
        assert_eq!(selected(guards(), Some("refund")).unwrap().len(), 1);
        assert_eq!(selected(guards(), None).unwrap().len(), 2);
        let error = selected(guards(), Some("x")).err().unwrap().to_string();
        assert!(error.starts_with("no guard has `x` in its name"), "{error}");
    }

    #[test]
    fn parallel_work_keeps_its_order() {
        let items: Vec<usize> = (0..100).collect();
        assert_eq!(in_parallel(&items, |item| Ok(item * 2)).unwrap()[99], 198);
        let fails = |item: &usize| if *item == 7 { bail!("seven") } else { Ok(()) };
        assert!(in_parallel(&items, fails).is_err());
    }
}
