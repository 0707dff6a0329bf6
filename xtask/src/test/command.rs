//! Runs a test command. All its output goes to a log, and the important lines to the terminal.

use std::{fs::File, path::PathBuf, process::Command, time::Instant};

use anyhow::{Context, Result, bail};

use super::report::Counts;
use crate::{paths, process, progress};

/// Which lines of the output are shown on the terminal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Results and failures.
    Essence,
    /// Every test as well, for stages in which a single test takes seconds.
    Tests,
}

/// The log file of a stage.
pub fn log_path(stage: &str) -> PathBuf {
    paths::output("test-logs").join(format!("{}.log", stage.replace(':', "-")))
}

/// Runs commands one after another and counts their tests. All of them run, even if one fails.
pub fn run_tests(stage: &str, show: Show, commands: &mut [Command]) -> Result<Counts> {
    let path = log_path(stage);
    std::fs::create_dir_all(path.parent().context("a log without a folder")?)?;
    let mut log = File::create(&path)?;
    let mut counts = Counts::default();
    let mut failed = Vec::new();
    for command in commands {
        let started = Instant::now();
        let mut current = String::new();
        let current = std::cell::RefCell::new(&mut current);
        eprintln!("→ {}", process::shown(command));
        let mut filter = Filter::new(show);
        let status = process::run_logged(
            command,
            &mut log,
            |line| {
                counts.read(line);
                if filter.shows(line) {
                    eprintln!("  {line}");
                }
                current.borrow_mut().clone_from(&line.trim().to_owned());
            },
            || {
                let elapsed = progress::seconds(started.elapsed());
                eprintln!("  … {elapsed}: {}", current.borrow());
            },
        )?;
        if !status.success() {
            failed.push(process::shown(command));
        }
    }
    if failed.is_empty() {
        return Ok(counts);
    }
    eprintln!("--- the end of {}:\n{}\n---", path.display(), process::tail(&path, 60));
    if counts.failed > 0 {
        return Ok(counts);
    }
    bail!("{} failed; all its output is in {}", failed.join(" and "), path.display())
}

/// Decides which lines are shown.
struct Filter {
    show: Show,
    in_failures: bool,
}

impl Filter {
    fn new(show: Show) -> Filter {
        Filter { show, in_failures: false }
    }

    fn shows(&mut self, line: &str) -> bool {
        // cargo prints the details of failures between these two lines.
        match line {
            "failures:" => self.in_failures = true,
            _ if line.starts_with("test result: ") => self.in_failures = false,
            _ => {}
        }
        let start = line.trim_start();
        let essential = ["test result: ", "Running ", "Doc-tests ", "error", "warning", "✖", "ℹ "]
            .iter()
            .any(|prefix| start.starts_with(prefix))
            || line.ends_with("FAILED");
        let test = self.show == Show::Tests
            && (start.starts_with("test ") || start.starts_with('✔') || start.starts_with('▶'));
        self.in_failures || essential || test
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_essence() {
        let mut filter = Filter::new(Show::Essence);
        assert!(!filter.shows("test a ... ok"));
        assert!(!filter.shows("   Compiling shared v0.1.0"));
        assert!(filter.shows("test b ... FAILED"));
        assert!(filter.shows("failures:"));
        assert!(filter.shows("assertion `left == right` failed"));
        assert!(filter.shows("test result: FAILED. 1 passed; 1 failed"));
        assert!(!filter.shows("anything after"));
        assert!(Filter::new(Show::Tests).shows("test a ... ok"));
        assert!(Filter::new(Show::Tests).shows("✔ pays (812ms)"));
    }

    #[test]
    fn a_command_that_fails_without_a_test_is_an_error() {
        let mut commands = [process::command("false"), process::command("true")];
        assert!(run_tests("xtask-test-false", Show::Essence, &mut commands).is_err());
        let script = "echo 'test result: FAILED. 1 passed; 1 failed; 0 ignored'; exit 1";
        let mut shell = process::command("sh");
        shell.args(["-c", script]);
        let counts = run_tests("xtask-test-counts", Show::Essence, &mut [shell]).unwrap();
        assert_eq!(counts, Counts { passed: 1, failed: 1 });
    }
}
