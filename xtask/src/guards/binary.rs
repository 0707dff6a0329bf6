//! The tests of the use cases as one program, which runs with a guard removed.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::mpsc::RecvTimeoutError,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    paths,
    process::{self, Group},
};

/// Tests that run longer without a guard count as failed.
const TIMEOUT: Duration = Duration::from_secs(180);

/// The test program.
pub struct TestBinary(PathBuf);

impl TestBinary {
    /// Builds the program.
    pub fn build() -> Result<TestBinary> {
        let arguments =
            "test -p edge --features sandbox --test use_cases --no-run --message-format=json";
        let text = process::output(process::command("cargo").args(arguments.split(' ')))?;
        let executable = |line: &str| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            let is_ours = message["target"]["name"] == "use_cases";
            is_ours.then(|| message["executable"].as_str().map(PathBuf::from))?
        };
        let path = text.lines().find_map(executable);
        path.map(TestBinary).context("cargo built no executable for the test target use_cases")
    }

    /// Lists the names of all tests.
    pub fn names(&self) -> Result<Vec<String>> {
        let mut command = process::command(&self.0);
        let text = process::output(command.args(["--list", "--format", "terse"]))?;
        let name = |line: &str| line.strip_suffix(": test").map(str::to_owned);
        Ok(text.lines().filter_map(name).collect())
    }

    /// Runs tests one after another without a guard until one fails, and returns its name.
    ///
    /// `arguments` select the tests; `variables` are set in the environment of the program.
    pub fn first_failure(
        &self,
        arguments: &[&str],
        guard: &str,
        variables: &[(&str, &Path)],
    ) -> Result<Option<String>> {
        let mut command = process::command(&self.0);
        command.args(arguments).arg("--test-threads=1").current_dir(paths::path("edge"));
        command.env("PRAISE_WITHOUT", guard).env("RUST_BACKTRACE", "0");
        command.envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut group = Group::spawn(&mut command)?;
        let lines = group.lines();
        let deadline = Instant::now() + TIMEOUT;
        let mut last = String::new();
        let mut is_whole = false;
        loop {
            let line = match lines.recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) => {
                    return Ok(Some(format!("a test after {last} runs for too long")));
                }
                Err(RecvTimeoutError::Disconnected) => break,
            };
            if let Some(test) = failed(&line) {
                return Ok(Some(test.to_owned()));
            }
            if let Some(test) = line.strip_prefix("test ") {
                last = test.trim_end_matches(" ... ok").to_owned();
            }
            is_whole |= line.starts_with("test result: ok. ") && !line.contains(" ok. 0 passed");
        }
        if !group.wait()?.success() || !is_whole {
            bail!(
                "`{}` with PRAISE_WITHOUT={guard:?} ended without a test result",
                process::shown(&command)
            );
        }
        Ok(None)
    }
}

/// Returns the name of the test that this line reports as failed.
fn failed(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_which_test_failed() {
        assert_eq!(failed("test a::b ... FAILED"), Some("a::b"));
        assert_eq!(failed("test a::b ... ok"), None);
        assert_eq!(failed("test result: FAILED. 1 passed; 1 failed"), None);
    }
}
