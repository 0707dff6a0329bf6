//! `cargo xtask mutants`: mutation testing. Makes one small change to the code at a time, runs the
//! tests, and reports each change that no test notices. It uses `cargo-mutants`, and installs it
//! below `target/tools` if it is missing.
//!
//! It tries every change in `shared`. In `edge/src/payments`, where testing one change takes minutes,
//! it tries a sample that a seed chooses.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail, ensure};

use crate::{failure::AlreadyReported, paths, process};

/// The version to install if `cargo-mutants` is missing.
const VERSION: &str = "27.1.0";

/// Flags of `mutants`.
#[derive(clap::Args)]
pub struct Options {
    /// Change only this part of the code; without it, both
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// About how many changes in `edge/src/payments` are tried
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    sample: u64,
    /// Chooses the sample: another seed tries other changes
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    /// How many changes are tested in parallel
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    jobs: u64,
}

/// A part of the code that is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The crate `shared`, with its own tests
    Shared,
    /// The use cases in `edge/src/payments`, with their tests in `edge/tests/use_cases`
    Money,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::Shared => "shared",
            Part::Money => "money",
        }
    }

    /// The arguments that select the code to change.
    fn code(self) -> &'static [&'static str] {
        match self {
            Part::Shared => &["--package", "shared"],
            Part::Money => &["--package", "edge", "--file", "edge/src/payments/**/*.rs"],
        }
    }

    /// The arguments of `cargo test`.
    fn tests(self) -> &'static [&'static str] {
        match self {
            Part::Shared => &["--lib"],
            Part::Money => &["--test", "use_cases", "--", "payments::", "self_check::", "guards::"],
        }
    }

    /// The feature without which a part of the code, and its tests, is not compiled.
    fn feature(self) -> &'static str {
        match self {
            Part::Shared => "openapi",
            Part::Money => "sandbox",
        }
    }

    /// Changes that no test can notice, each as a regular expression with the reason.
    fn exceptions(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Part::Shared => SHARED_EXCEPTIONS,
            Part::Money => &[],
        }
    }
}

/// Changes in `shared` that no test can notice.
const SHARED_EXCEPTIONS: &[(&str, &str)] = &[];

/// Runs the command. Fails if a change goes unnoticed.
pub fn run(options: &Options) -> Result<()> {
    let tool = tool()?;
    let parts = match options.only {
        Some(part) => vec![part],
        None => vec![Part::Shared, Part::Money],
    };
    let mut unnoticed = 0;
    for part in parts {
        unnoticed += try_part(&tool, part, options)?;
    }
    if unnoticed > 0 {
        return Err(AlreadyReported.into());
    }
    Ok(())
}

/// Tests the changes of one part. Returns how many go unnoticed.
fn try_part(tool: &PathBuf, part: Part, options: &Options) -> Result<usize> {
    let folder = paths::output("mutants").join(part.name());
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let mut mutants = mutants(tool, part);
    mutants.args(["--no-shuffle", "--colors", "never", "--jobs", &options.jobs.to_string()]);
    mutants.arg("--output").arg(&folder);
    if part == Part::Money {
        let all = count(tool, part)?;
        let shards = all.div_ceil(options.sample).max(1);
        let shard = options.seed % shards;
        mutants.args(["--shard", &format!("{shard}/{shards}")]);
        eprintln!("{all} changes of edge/src/payments are possible; 1 in {shards} is tried");
    }
    mutants.arg("--").args(part.tests());
    eprintln!("→ {}", process::shown(&mutants));
    let outcome = process::run(&mut mutants);
    let results = folder.join("mutants.out");
    let lines = |name: &str| fs::read_to_string(results.join(name)).unwrap_or_default();
    let caught = lines("caught.txt").lines().count();
    let missed: Vec<String> =
        [lines("missed.txt"), lines("timeout.txt")].concat().lines().map(str::to_owned).collect();
    if missed.is_empty() {
        // Nothing was missed, so any other failure is one of the tool.
        outcome.with_context(|| format!("the results are in {}", results.display()))?;
        ensure!(caught > 0, "no change was tried");
    }
    for line in &missed {
        println!("unnoticed: {line}");
    }
    println!("{}: {caught} changes noticed, {} unnoticed", part.name(), missed.len());
    Ok(missed.len())
}

/// Returns how many changes of a part are possible.
fn count(tool: &PathBuf, part: Part) -> Result<u64> {
    let list = process::output(mutants(tool, part).arg("--list"))?;
    Ok(list.lines().count() as u64)
}

/// Returns the command that changes this part of the code, without the changes that no test can
/// notice.
fn mutants(tool: &PathBuf, part: Part) -> Command {
    let mut command = process::command(tool);
    command.arg("mutants").args(part.code());
    command.args(["--features", part.feature()]);
    for (pattern, _) in part.exceptions() {
        command.args(["--exclude-re", pattern]);
    }
    command
}

/// Finds the tool, or installs it.
fn tool() -> Result<PathBuf> {
    let installed = paths::output("tools").join("bin/cargo-mutants");
    for program in [PathBuf::from("cargo-mutants"), installed.clone()] {
        if process::output(process::command(&program).args(["mutants", "--version"])).is_ok() {
            return Ok(program);
        }
    }
    eprintln!("cargo-mutants {VERSION} is missing and is installed below target/tools");
    let mut cargo = process::command("cargo");
    cargo.args(["install", "cargo-mutants", "--version", VERSION, "--locked", "--debug"]);
    cargo.arg("--root").arg(paths::output("tools"));
    if process::run(&mut cargo).is_err() {
        bail!("cargo-mutants cannot be installed; `cargo install cargo-mutants` says why");
    }
    Ok(installed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_exception_has_a_reason() {
        for part in [Part::Shared, Part::Money] {
            for (pattern, reason) in part.exceptions() {
                assert!(reason.len() > 20, "{pattern}: {reason}");
            }
        }
    }

    #[test]
    fn the_tool_gets_the_exceptions_and_the_features() {
        let shown = |part| process::shown(&mutants(&PathBuf::from("cargo-mutants"), part));
        for (part, feature) in [(Part::Money, "sandbox"), (Part::Shared, "openapi")] {
            assert!(shown(part).contains(&format!("--features {feature}")), "{}", shown(part));
        }
        let excluded = shown(Part::Shared).matches("--exclude-re").count();
        assert_eq!(excluded, SHARED_EXCEPTIONS.len());
    }
}
