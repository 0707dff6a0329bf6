//! Runs seeds in parallel, prints the progress, and reports failures.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::generate;
use super::model::Violation;
use super::rng::Rng;
use super::sabotage::{self, Sabotage};
use super::shrink;
use super::simulation::Simulation;
use super::step::Step;

/// Steps of a seed's history.
const STEPS: u32 = 3000;
/// Seeds that a plain `cargo test` plays.
const DEFAULT_SEEDS: u64 = 2;
/// Seeds within which an injected bug must be detected.
const SABOTAGED_SEEDS: u64 = 40;
/// Seeds that failed in the past, one a line, each followed by what it found.
const PAST_FAILURES: &str = include_str!("seeds.txt");

/// The options of a run.
pub struct Options {
    seeds: Option<u64>,
    from: u64,
    only: Option<u64>,
    praises: Option<u64>,
    threads: usize,
    steps: u32,
    sabotages: Vec<&'static Sabotage>,
}

impl Options {
    /// Parses the flags. Returns `None` if a filter selects other tests, or if only the names are
    /// asked for.
    pub fn read(arguments: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        let mut options = Options {
            seeds: None,
            from: 1,
            only: None,
            praises: None,
            threads,
            steps: STEPS,
            sabotages: Vec::new(),
        };
        let mut arguments = arguments.peekable();
        while let Some(argument) = arguments.next() {
            let mut number = || -> Result<u64, String> {
                let value = arguments.next().unwrap_or_default().replace('_', "");
                value.parse().map_err(|_| format!("{argument} takes a number, not {value:?}"))
            };
            match argument.as_str() {
                "--sabotage" => {
                    let name = arguments.next_if(|next| !next.starts_with('-'));
                    options.sabotages = sabotages(name.as_deref())?;
                }
                "--seeds" => options.seeds = Some(number()?),
                "--from" => options.from = number()?,
                "--seed" => options.only = Some(number()?),
                "--praises" => options.praises = Some(number()?),
                "--threads" => options.threads = number()?.max(1) as usize,
                "--steps" => options.steps = number()? as u32,
                "--list" => return Ok(None),
                // Flags of cargo's own test harness are ignored.
                flag if flag.starts_with('-') => {}
                filter if "simulation".contains(filter) => {}
                _ => return Ok(None),
            }
        }
        Ok(Some(options))
    }

    fn wanted(&self) -> u64 {
        match (self.only, self.seeds, self.praises) {
            (Some(_), ..) => 1,
            (None, Some(seeds), _) => seeds,
            (None, None, Some(_)) => u64::MAX,
            (None, None, None) => DEFAULT_SEEDS,
        }
    }
}

/// A seed that failed.
struct Failure {
    seed: u64,
    violation: Violation,
    steps: Vec<Step>,
}

/// The totals of all seeds so far.
#[derive(Default)]
struct Totals {
    next: AtomicU64,
    seeds: AtomicU64,
    steps: AtomicU64,
    praises: AtomicU64,
    stop: AtomicBool,
    seen: Mutex<BTreeMap<(String, String, String), u64>>,
    failures: Mutex<Vec<Failure>>,
}

/// Runs what the options ask for.
pub fn run(options: &Options) -> ExitCode {
    if !options.sabotages.is_empty() {
        return sabotaged(options);
    }
    let started = Instant::now();
    let totals = Totals::default();
    let kept: Vec<u64> = match options.only {
        Some(_) => Vec::new(),
        None => PAST_FAILURES
            .lines()
            .filter_map(|line| line.split_whitespace().next()?.parse().ok())
            .collect(),
    };
    let first = options.only.unwrap_or(options.from);
    let wanted = options.wanted().saturating_add(kept.len() as u64);
    // A failing seed is reported with its history instead.
    std::panic::set_hook(Box::new(|_| {}));
    std::thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| {
                while !totals.stop.load(Ordering::Relaxed) {
                    let turn = totals.next.fetch_add(1, Ordering::Relaxed);
                    let enough = options
                        .praises
                        .is_some_and(|praises| totals.praises.load(Ordering::Relaxed) >= praises);
                    if turn >= wanted || (enough && turn >= kept.len() as u64) {
                        break;
                    }
                    let seed = kept
                        .get(turn as usize)
                        .copied()
                        .unwrap_or(first + turn.saturating_sub(kept.len() as u64));
                    one(seed, options.steps, &totals);
                }
            });
        }
        scope.spawn(|| {
            let mut shown = Instant::now();
            while !totals.stop.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(50));
                if shown.elapsed() > Duration::from_secs(5) {
                    shown = Instant::now();
                    eprintln!("  {}", totals.line(started));
                }
                if totals.done(wanted, options) {
                    break;
                }
            }
        });
    });
    report(options, &totals, started)
}

impl Totals {
    fn done(&self, wanted: u64, options: &Options) -> bool {
        let praises = self.praises.load(Ordering::Relaxed);
        self.seeds.load(Ordering::Relaxed) >= wanted
            || options.praises.is_some_and(|enough| praises >= enough)
    }

    fn line(&self, started: Instant) -> String {
        let seconds = started.elapsed().as_millis().max(1) as u64;
        let praises = self.praises.load(Ordering::Relaxed);
        format!(
            "{} seeds, {} steps, {praises} praises in {}.{} s: {} praises a second",
            self.seeds.load(Ordering::Relaxed),
            self.steps.load(Ordering::Relaxed),
            seconds / 1000,
            seconds % 1000 / 100,
            praises * 1000 / seconds,
        )
    }
}

/// Plays one seed. If it fails, all others stop and its history is shrunk.
fn one(seed: u64, steps: u32, totals: &Totals) {
    let mut history = Vec::new();
    match play(seed, steps, None, &mut history) {
        Ok(play) => {
            let model = &play.world.model;
            totals.praises.fetch_add(model.praises.len() as u64, Ordering::Relaxed);
            totals.steps.fetch_add(u64::from(steps), Ordering::Relaxed);
            totals.seeds.fetch_add(1, Ordering::Relaxed);
            let mut seen = totals.seen.lock().expect("no thread panics");
            for (step, times) in &model.seen {
                *seen.entry(step.clone()).or_default() += times;
            }
        }
        Err(violation) => {
            if totals.stop.swap(true, Ordering::Relaxed) {
                return;
            }
            eprintln!("  seed {seed} fails: {}: {}", violation.check, violation.detail);
            eprintln!("  making its history short …");
            let steps = shrink::shrink(seed, history, &violation);
            let violation = guarded(|| shrink::play(seed, &steps)).err().unwrap_or(violation);
            totals.failures.lock().expect("no thread panics").push(Failure {
                seed,
                violation,
                steps,
            });
        }
    }
}

/// The bug of this name, or all of them.
fn sabotages(name: Option<&str>) -> Result<Vec<&'static Sabotage>, String> {
    let found: Vec<_> =
        sabotage::ALL.iter().filter(|one| name.is_none_or(|name| one.name == name)).collect();
    if found.is_empty() {
        let known: Vec<_> = sabotage::ALL.iter().map(|one| one.name).collect();
        return Err(format!("--sabotage takes one of: {}", known.join(", ")));
    }
    Ok(found)
}

/// Injects one bug after another and plays seeds until one detects it.
fn sabotaged(options: &Options) -> ExitCode {
    let sabotages = &options.sabotages;
    std::panic::set_hook(Box::new(|_| {}));
    let seeds = options.seeds.unwrap_or(SABOTAGED_SEEDS);
    let found = AtomicU64::new(0);
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| {
                while let Some(sabotage) =
                    sabotages.get(next.fetch_add(1, Ordering::Relaxed) as usize)
                {
                    let noticed = (0..seeds).find_map(|turn| {
                        let seed = options.from + turn;
                        let mut history = Vec::new();
                        let violation =
                            play(seed, options.steps, Some(sabotage), &mut history).err()?;
                        Some((turn + 1, history.len(), violation))
                    });
                    let Sabotage { name, what, .. } = sabotage;
                    match noticed {
                        Some((seeds, steps, violation)) => {
                            found.fetch_add(1, Ordering::Relaxed);
                            println!(
                                "{name} ({what}): noticed by seed {seeds}, step {steps}: {}",
                                violation.check
                            );
                        }
                        None => println!("{name} ({what}): NOT NOTICED by {seeds} seeds"),
                    }
                }
            });
        }
    });
    let (found, all) = (found.load(Ordering::Relaxed), sabotages.len() as u64);
    let word = if found == all { "ok" } else { "FAILED" };
    println!("test result: {word}. {found} passed; {} failed; 0 ignored", all - found);
    if found == all { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Generates and plays a history.
fn play(
    seed: u64,
    steps: u32,
    sabotage: Option<&'static Sabotage>,
    history: &mut Vec<Step>,
) -> Result<Simulation, Violation> {
    guarded(|| {
        let mut play = Simulation::new(seed, sabotage);
        let mut rng = Rng::new(seed.rotate_left(17) ^ 0xd1ce);
        for number in 1..=steps {
            let step = generate::step(&play.world, number, &mut rng);
            history.push(step.clone());
            play.step(&step)?;
        }
        play.end()?;
        Ok(play)
    })
}

/// Turns a panic into a violation.
pub fn guarded<T>(action: impl FnOnce() -> Result<T, Violation>) -> Result<T, Violation> {
    catch_unwind(AssertUnwindSafe(action)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(Violation {
            check: "the code does not panic".to_owned(),
            detail: text.unwrap_or_default(),
        })
    })
}

fn report(options: &Options, totals: &Totals, started: Instant) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let failures = totals.failures.lock().expect("no thread panics");
    for Failure { seed, violation, steps } in failures.iter() {
        let _ = writeln!(out, "\nseed {seed} fails: {}\n  {}\n", violation.check, violation.detail);
        let _ = writeln!(out, "the shortest history that still fails, of {} steps:", steps.len());
        for step in steps {
            let _ = writeln!(out, "  {step}");
        }
        let _ = writeln!(
            out,
            "\nagain: cargo xtask sim --seed {seed} --steps {}\nkeep it: add `{seed}` and a word \
             why to edge/tests/simulation/seeds.txt",
            options.steps
        );
    }
    if options.only.is_some() || options.seeds.is_some() || options.praises.is_some() {
        for ((machine, from, to), times) in totals.seen.lock().expect("no thread panics").iter() {
            let from = if from.is_empty() { "–" } else { from };
            let _ = writeln!(out, "{times:>9}  {machine}: {from} → {to}");
        }
    }
    let _ = writeln!(out, "{}", totals.line(started));
    let (passed, failed) = (totals.seeds.load(Ordering::Relaxed), failures.len());
    let word = if failed == 0 { "ok" } else { "FAILED" };
    let _ = writeln!(out, "test result: {word}. {passed} passed; {failed} failed; 0 ignored");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
