//! Test counts and the summary.

use std::{fmt::Write as _, time::Duration};

use anyhow::Result;

use crate::progress::seconds;

/// How many tests ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many passed.
    pub passed: u64,
    /// How many failed.
    pub failed: u64,
}

impl Counts {
    /// Adds the numbers in a line of cargo's or Node's test summary. Ignores other lines.
    pub fn read(&mut self, line: &str) {
        // test result: ok. 3 passed; 0 failed; 0 ignored; …
        if let Some((_, counts)) = line.split_once("test result: ") {
            self.passed += number_before(counts, " passed");
            self.failed += number_before(counts, " failed");
        }
        // ℹ pass 3 · ℹ fail 0 · ℹ cancelled 0
        let mut words = line.split_whitespace();
        if words.next() == Some("ℹ")
            && let (Some(word), Some(Ok(number))) =
                (words.next(), words.next().map(str::parse::<u64>))
        {
            match word {
                "pass" => self.passed += number,
                "fail" | "cancelled" => self.failed += number,
                _ => {}
            }
        }
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

fn number_before(text: &str, word: &str) -> u64 {
    let before = text.split(word).next().unwrap_or_default();
    before.rsplit([' ', '.']).next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The result of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All tests passed.
    Passed,
    /// A test or a command failed.
    Failed,
    /// Not run, because this stage that it needs has failed.
    NotRun(String),
}

/// A line of the summary.
#[derive(Clone)]
pub struct Row {
    /// The stage.
    pub name: String,
    /// Its result.
    pub outcome: Outcome,
    counts: Counts,
    took: Duration,
}

impl Row {
    /// A stage that ran. If it failed without a failing test, for example because it did not
    /// compile, it counts as one failure, so that the last line does not say `0 failed`.
    pub fn of(name: String, result: Result<Counts>, took: Duration) -> Row {
        let mut counts = *result.as_ref().unwrap_or(&Counts::default());
        let failed = result.is_err() || counts.failed > 0;
        if result.is_err() {
            counts.failed = counts.failed.max(1);
        }
        let outcome = if failed { Outcome::Failed } else { Outcome::Passed };
        Row { name, outcome, counts, took }
    }

    /// A stage that did not run, because a stage that it needs has failed.
    pub fn not_run(name: String, need: &str) -> Row {
        let outcome = Outcome::NotRun(need.to_owned());
        Row { name, outcome, counts: Counts::default(), took: Duration::ZERO }
    }

    /// The result in one line.
    pub fn headline(&self) -> String {
        format!("=== {}: {} in {}", self.name, self.result(), seconds(self.took))
    }

    fn result(&self) -> String {
        match &self.outcome {
            Outcome::Passed => "ok".to_owned(),
            Outcome::Failed => "FAILED".to_owned(),
            Outcome::NotRun(need) => format!("not run ({need} failed)"),
        }
    }
}

/// The table, with the totals in its last line.
pub fn summary(rows: &[Row]) -> String {
    let width = |text: fn(&Row) -> String| {
        rows.iter().map(|row| text(row).chars().count()).max().unwrap_or(0)
    };
    let (names, results) = (width(|row| row.name.clone()).max(5), width(Row::result).max(6));
    let mut text = format!(
        "{:names$}  {:results$}  {:>6}  {:>6}  {:>11}\n",
        "stage", "result", "passed", "failed", "time"
    );
    let mut sum = Counts::default();
    for row in rows {
        let Counts { passed, failed } = row.counts;
        let _ = writeln!(
            text,
            "{:names$}  {:results$}  {passed:>6}  {failed:>6}  {:>11}",
            row.name,
            row.result(),
            seconds(row.took)
        );
        sum = Counts { passed: sum.passed + passed, failed: sum.failed + failed };
    }
    let _ = writeln!(text, "\n{} passed, {} failed", sum.passed, sum.failed);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[&str]) -> (u64, u64) {
        let mut counts = Counts::default();
        lines.iter().for_each(|line| counts.read(line));
        (counts.passed, counts.failed)
    }

    #[test]
    fn counts_the_tests_of_cargo() {
        let ok = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        let bad = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured";
        assert_eq!(counted(&[ok, "test a ... ok", bad]), (15, 2));
    }

    #[test]
    fn counts_the_tests_of_node() {
        let lines = ["ℹ tests 6", "ℹ pass 4", "ℹ fail 1", "ℹ cancelled 1", "ℹ duration_ms 3.5"];
        assert_eq!(counted(&lines), (4, 2));
    }

    #[test]
    fn never_says_zero_failed_when_something_failed() {
        let rows = [
            Row::of("a".into(), Ok(Counts { passed: 5, failed: 0 }), Duration::from_secs(1)),
            Row::of("b".into(), Err(anyhow::anyhow!("no")), Duration::from_secs(1)),
            Row::not_run("c".into(), "b"),
        ];
        let text = summary(&rows);
        assert_eq!(text.lines().last(), Some("5 passed, 1 failed"));
        assert!(text.contains("not run (b failed)"), "{text}");
    }

    #[test]
    fn a_failing_test_fails_its_stage() {
        let row = Row::of("a".into(), Ok(Counts { passed: 5, failed: 1 }), Duration::ZERO);
        assert_eq!(row.outcome, Outcome::Failed);
    }
}
