//! `cargo xtask guards`: takes each guard of the schemas away, one after another, runs tests
//! without it, and prints which of them misses it.
//!
//! Each guard has a test that violates it. With `--behaviour`, a test of what the product does is
//! looked for, too. What refuses nothing while a test runs makes no difference to that test, so each
//! test runs once with every guard in place and writes down what it was refused; without a guard,
//! only those run that it had refused something, the quickest first. Keys and unique indexes also
//! decide what a statement may say (`ON CONFLICT`): they are tried with every quick test besides.
//! Triggers that keep something instead of refusing are tried with all.

mod binary;
mod table;

use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{failure::AlreadyReported, paths, progress};
use binary::Binary;

/// Flags of `guards`.
#[derive(clap::Args)]
pub struct Options {
    /// Also look for the first test of behaviour that fails without each guard
    #[arg(long)]
    behaviour: bool,
    /// Only guards with this text in their names
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

/// The tests that violate guards.
const VIOLATIONS: &str = "guards::";

/// The same schema, written anew as it is when a guard is left out: no test may mind that.
const NOTHING: &str = "nothing";

/// What a test takes at most that is tried without a key that never refused it anything.
const QUICK: Duration = Duration::from_millis(250);

/// How many tests run in one go: the quickest first, and none after the first that fails.
const AT_ONCE: usize = 40;

/// A guard, as the tests write it down.
#[derive(Deserialize)]
struct Guard {
    /// Its name.
    guard: String,
    /// What it refuses; empty for a trigger that keeps something.
    sql: String,
    /// How it refuses; of a trigger that keeps something, what the self-check says without it.
    says: String,
    /// What its violation comes to without it.
    without: String,
    /// The test that violates it.
    test: String,
}

/// Which tests fail without a guard.
#[derive(Default)]
struct Missed {
    /// The one that violates it.
    by_violation: Option<String>,
    /// The first of behaviour.
    by_behaviour: Option<String>,
}

/// A test of behaviour, with every guard in place.
struct Alone {
    name: String,
    took: Duration,
    /// What it was refused.
    refusals: Vec<String>,
}

/// Runs the command; fails when a guard could go and nobody would notice.
pub fn run(options: &Options) -> Result<()> {
    let started = Instant::now();
    let folder = paths::output("guards");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let binary = progress::step("build", "the tests of the use cases", Binary::build)?;
    progress::step("violations", "each guard refuses its violation", || {
        let failed =
            binary.first_to_fail(&[VIOLATIONS], NOTHING, &[("PRAISE_GUARDS_TO", &folder)])?;
        failed.map_or(Ok(()), |test| bail!("{test} fails with every guard in place"))
    })?;
    let mut guards = read(&folder)?;
    if let Some(text) = &options.only {
        guards.retain(|guard| guard.guard.contains(text));
    }
    let alone = match options.behaviour {
        true => progress::step("behaviour", "every other test, with every guard in place", || {
            alone(&binary, &folder)
        })?,
        false => Vec::new(),
    };
    let missed = progress::step("guards", "the tests, without one after another", || {
        at_once(&guards, |guard| {
            let own = ["--exact", guard.test.as_str()];
            let by_violation = binary.first_to_fail(&own, &guard.guard, &[])?;
            let by_behaviour = by_behaviour(&binary, guard, &alone)?;
            Ok(Missed { by_violation, by_behaviour })
        })
    })?;
    print!("{}", table::rows(&guards, &missed, options.behaviour));
    let summary = table::summary(&guards, &missed, options.behaviour);
    println!("\n{summary} ({})", progress::seconds(started.elapsed()));
    let is_missed = |missed: &Missed| missed.by_violation.is_some();
    if missed.iter().all(is_missed) { Ok(()) } else { Err(AlreadyReported.into()) }
}

/// The guards in the files that the tests wrote.
fn read(folder: &Path) -> Result<Vec<Guard>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut guards = Vec::new();
    for file in files {
        let text = std::fs::read(&file)?;
        let list: Vec<Guard> = serde_json::from_slice(&text)
            .with_context(|| format!("{} is no list of guards", file.display()))?;
        guards.extend(list);
    }
    Ok(guards)
}

/// Runs every test of behaviour on its own; the quickest is first.
fn alone(binary: &Binary, folder: &Path) -> Result<Vec<Alone>> {
    let mut names = binary.names()?;
    names.retain(|name| !name.starts_with(VIOLATIONS));
    let places: Vec<(usize, String)> = names.into_iter().enumerate().collect();
    let mut found = at_once(&places, |(place, name)| {
        let file = folder.join(format!("{place}.refusals"));
        let started = Instant::now();
        let arguments = ["--exact", name.as_str()];
        let failed = binary.first_to_fail(&arguments, NOTHING, &[("PRAISE_REFUSALS_TO", &file)])?;
        if failed.is_some() {
            bail!("{name} fails with every guard in place");
        }
        let took = started.elapsed();
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let refusals = text.lines().map(str::to_owned).collect();
        Ok(Alone { name: name.clone(), took, refusals })
    })?;
    found.sort_by_key(|test| test.took);
    Ok(found)
}

/// The first test of behaviour that fails without a guard.
fn by_behaviour(binary: &Binary, guard: &Guard, alone: &[Alone]) -> Result<Option<String>> {
    let tests = concerned(guard, alone);
    for tests in tests.chunks(AT_ONCE) {
        let arguments: Vec<&str> =
            std::iter::once("--exact").chain(tests.iter().copied()).collect();
        let failed = binary.first_to_fail(&arguments, &guard.guard, &[])?;
        if failed.is_some() {
            return Ok(failed);
        }
    }
    Ok(None)
}

/// The tests to which a guard may make a difference, the quickest first.
fn concerned<'a>(guard: &Guard, alone: &'a [Alone]) -> Vec<&'a str> {
    let kind = guard.guard.split(' ').next().unwrap_or_default();
    let is_refused = |test: &Alone| test.refusals.iter().any(|refusal| is_of(refusal, guard));
    let may_fail = |test: &&Alone| match kind {
        "keeper" => true,
        "key" | "unique" | "index" => is_refused(test) || test.took < QUICK,
        _ => is_refused(test),
    };
    alone.iter().filter(may_fail).map(|test| test.name.as_str()).collect()
}

/// Whether a guard said this, perhaps followed by the statement.
fn is_of(refusal: &str, guard: &Guard) -> bool {
    refusal
        .strip_prefix(&guard.says)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(" in "))
}

/// The same for each, on all but one of the processors.
fn at_once<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> Result<R> + Sync) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<Option<Result<R>>>> = Mutex::new(all.iter().map(|_| None).collect());
    let workers = thread::available_parallelism().map_or(1, |count| count.get() - 1).max(1);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let place = next.fetch_add(1, Ordering::SeqCst)
                    && let Some(one) = all.get(place)
                {
                    if place > 0 && place.is_multiple_of(50) {
                        eprintln!("  … {place} of {}", all.len());
                    }
                    let result = work(one);
                    found.lock().unwrap_or_else(PoisonError::into_inner)[place] = Some(result);
                }
            });
        }
    });
    let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.into_iter().map(|one| one.context("a worker ended early")?).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(name: &str, says: &str) -> Guard {
        let [guard, says] = [name, says].map(str::to_owned);
        Guard { guard, says, sql: String::new(), without: String::new(), test: String::new() }
    }

    fn test(name: &str, ms: u64, refusal: &str) -> Alone {
        let refusals = vec![refusal.to_owned()];
        Alone { name: name.to_owned(), took: Duration::from_millis(ms), refusals }
    }

    #[test]
    fn finds_the_tests_to_which_a_guard_may_make_a_difference() {
        let alone = [
            test("quick", 10, "rule own"),
            test("other", 20, "rule own_article"),
            test("slow", 9_000, "CHECK constraint failed: kind IN ('a') in UPDATE x SET kind = 1"),
        ];
        let check = guard("check x kind IN ('a')", "CHECK constraint failed: kind IN ('a')");
        assert_eq!(concerned(&check, &alone), ["slow"]);
        assert_eq!(concerned(&guard("rule x own", "rule own"), &alone), ["quick"]);
        assert_eq!(concerned(&guard("key x(id)", "never said"), &alone), ["quick", "other"]);
        assert_eq!(concerned(&guard("keeper x", "never said"), &alone).len(), 3);
    }

    #[test]
    fn keeps_the_order_of_what_is_done_at_once() {
        let all: Vec<usize> = (0..100).collect();
        assert_eq!(at_once(&all, |one| Ok(one * 2)).unwrap()[99], 198);
        assert!(at_once(&all, |one| if *one == 7 { bail!("seven") } else { Ok(()) }).is_err());
    }
}
